/**
 * Compiles backends/wasm-simd/assembly to one WebAssembly module per variant. Called by build.mjs; by itself it writes to the
 * folder given as its argument, which is what one wants while a kernel is being tuned.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { text as micro } from '../backends/wasm-simd/assembly/micro.mjs';
import { text as winogradLanes } from '../backends/wasm-simd/assembly/winogradLanes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * One source for all. They differ in the features that are on, which assembly/simd.ts asks for, and in the tiles: without a fused
 * multiply-add the products need a register more; V8's revectoriser makes one of two, so that two tiles fit, or one of twice the rows.
 */
export const VARIANTS = {
  simd: { features: [], rows: 5, twins: false, sweptRows: 5, pairRows: 5, segment: 4 },
  relaxed: { features: ['relaxed-simd'], rows: 6, twins: false, sweptRows: 6, pairRows: 6, segment: 4 },
  turbo: { features: ['relaxed-simd'], rows: 6, twins: true, sweptRows: 12, pairRows: 6, segment: 8 },
};
const variantSource = ({ rows, twins, sweptRows, pairRows, segment }) => `/** Rows of the tallest tile, and whether two are computed at once. */
export const ROWS: i32 = ${rows};
export const TWINS: bool = ${twins};
/** Rows of the tallest that is swept over its neighbours. */
export const SWEPT_ROWS: i32 = ${sweptRows};
/** Rows of the tallest that is two segments wide, and pixels of a segment. */
export const PAIR_ROWS: i32 = ${pairRows};
export const SEGMENT: i32 = ${segment};
`;

/** Files that are not on disk: written for the compiler, and the variant's own constants. */
const unwritten = (variant) => ({ 'micro.ts': micro, 'winogradLanes.ts': winogradLanes, 'variant.ts': variantSource(VARIANTS[variant]) });
const SOURCES = 'backends/wasm-simd/assembly/';

/** The compiler asks for files that may not exist, to find out where a module lies. */
const readIfThere = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** Whether the variant was compiled into `folder`; the compiler's messages go to standard error. */
async function compile(folder, variant) {
  const { default: asc } = await import('assemblyscript/asc');
  const { features } = VARIANTS[variant];
  const written = unwritten(variant);
  const { error, stderr } = await asc.main([
    `${SOURCES}index.ts`, '--baseDir', root, '--outFile', join(folder, `${variant}.wasm`),
    '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=',
    // Static data lies below 64 KiB, where the heap hands out nothing; 65536 pages are the most that a heap can have.
    '--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--memoryBase', '1024',
    ...['simd', 'threads', 'bulk-memory', ...features].flatMap((feature) => ['--enable', feature]),
  ], { readFile: (name) => written[name.replace(SOURCES, '')] ?? readIfThere(join(root, name)) });
  if (error) console.error(`build: ${variant}.wasm: ${error.message}\n${stderr.toString()}`);
  return error === null;
}

/** Whether all variants were compiled into `folder`: in threads, not processes, because threads share the optimized code of the compiler. */
export async function buildWasm(folder) {
  mkdirSync(folder, { recursive: true });
  const codes = await Promise.all(Object.keys(VARIANTS).map((variant) => new Promise((resolve) => {
    new Worker(new URL(import.meta.url), { workerData: { folder, variant } }).on('error', console.error).on('exit', resolve);
  })));
  return codes.every((code) => code === 0);
}

if (!isMainThread) process.exitCode = (await compile(workerData.folder, workerData.variant)) ? 0 : 1;
else if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await buildWasm(process.argv[2])) ? 0 : 1;
