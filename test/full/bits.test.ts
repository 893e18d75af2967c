/** The same bits for every number of threads, and when a worker is lost in the middle of a training, optimizer step included. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

interface Result { hash: string; warnings: string[] }

const run = (script: string, kernels: string, threads: number, env: Record<string, string> = {}): Result =>
  JSON.parse(execFileSync(process.execPath, [new URL(`../helpers/${script}`, import.meta.url).pathname, String(threads), kernels], {
    encoding: 'utf8', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'], timeout: 120_000,
  })) as Result;

// Faults are tried on the slower kernels, and not at piece 0: a worker has to wake before the caller has done the piece itself.
describe.each([
  { script: 'trainingChild.mjs', kernels: 'wasm-simd', faults: [], warning: /./ },
  { script: 'trainingChild.mjs', kernels: 'cpu-tiled', faults: ['exit@2', 'throw@2', 'stall@2', 'exit@5', 'throw@5', 'stall@5'], warning: /worker thread .* in \w+/ },
  { script: 'layersChild.mjs', kernels: 'wasm-simd', faults: ['exit@5'], warning: /worker thread/ },
  { script: 'layersChild.mjs', kernels: 'cpu-tiled', faults: ['throw@2', 'stall@5'], warning: /worker thread .* in \w+/ },
  { script: 'optimizerChild.mjs', kernels: 'cpu-naive', faults: ['exit@2', 'throw@2', 'stall@2', 'exit@5', 'throw@5', 'stall@5'], warning: /worker thread .* in sgdStep/ },
])('$script over $kernels', ({ script, kernels, faults, warning }) => {
  const alone = run(script, kernels, 1);

  it.each([2, 3, 7])('%i threads: same bits as one', (threads) => {
    expect(run(script, kernels, threads).hash).toBe(alone.hash);
  });

  it.each(faults)('CONVOY_FAULT=%s: goes on, same bits, a warning says so', (fault) => {
    const { hash, warnings } = run(script, kernels, 3, { CONVOY_FAULT: fault, CONVOY_STALL_MS: '300' });
    expect(hash).toBe(alone.hash);
    expect(warnings.join()).toMatch(warning);
  });
});
