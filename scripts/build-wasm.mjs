/**
 * Compiles backends/wasm-simd/assembly to one WebAssembly module per variant. Called by build.mjs; by itself it writes to the
 * folder given as its argument, which is what one wants while a kernel is being tuned.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

/** One source for all: what differs is chosen at compile time by the features that are on (assembly/simd.ts). */
export const VARIANTS = { simd: [], relaxed: ['relaxed-simd'] };

/** Whether all variants were compiled into `folder`; the compiler's messages go to standard error. */
export async function buildWasm(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [variant, features] of Object.entries(VARIANTS)) {
    const { error, stderr } = await asc.main([
      'backends/wasm-simd/assembly/index.ts', '--baseDir', root, '--outFile', join(folder, `${variant}.wasm`),
      '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=',
      // Static data lies below 64 KiB, where the heap hands out nothing; 65536 pages are the most that a heap can have.
      '--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--memoryBase', '1024',
      ...['simd', 'threads', 'bulk-memory', ...features].flatMap((feature) => ['--enable', feature]),
    ]);
    if (error) {
      console.error(`build: ${variant}.wasm: ${error.message}\n${stderr.toString()}`);
      return false;
    }
  }
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await buildWasm(process.argv[2])) ? 0 : 1;
