/** The same bits for every number of threads, and when a worker is lost in the middle of a training, optimizer step included. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

interface Result { hash: string; warnings: string[] }

const run = (script: string, threads: number, env: Record<string, string> = {}): Result =>
  JSON.parse(execFileSync(process.execPath, [new URL(`../helpers/${script}`, import.meta.url).pathname, String(threads)], { encoding: 'utf8', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'], timeout: 120_000 })) as Result;

describe.each([['trainingChild.mjs', /worker thread .* in \w+/], ['optimizerChild.mjs', /worker thread .* in sgdStep/]])('%s', (script, warning) => {
  const alone = run(script, 1);

  it.each([2, 3, 7])('%i threads: same bits as one', (threads) => {
    expect(run(script, threads).hash).toBe(alone.hash);
  });

  it.each(['exit@0', 'throw@0', 'stall@0', 'exit@5', 'throw@5', 'stall@5'])('CONVOY_FAULT=%s: goes on, same bits, a warning says so', (fault) => {
    const { hash, warnings } = run(script, 3, { CONVOY_FAULT: fault, CONVOY_STALL_MS: '300' });
    expect(hash).toBe(alone.hash);
    expect(warnings.some((message) => warning.test(message))).toBe(true);
  });
});
