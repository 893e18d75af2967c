/**
 * Ten thousand drawn cases on the WebAssembly kernels against plain loops, and fewer on the tiled kernels: guarded buffers, garbage in
 * outputs and workspaces, pieces in any order and on threads. A failure says how to repeat it alone.
 */
import { expect, it } from 'vitest';
import { cpuTiled } from '../../dist/backends/cpu-tiled/index.js';
import { wasmSimd } from '../../dist/backends/wasm-simd/index.js';
import type { OpName } from '../../dist/src/backend/index.js';
import { env } from '../../dist/src/debug.js';
import { createConvoy } from '../../dist/src/index.js';
import { conformance, fuzzCases } from '../../dist/src/testkit/index.js';

const seed = Number(env('CONVOY_FUZZ_SEED') ?? Math.floor(Math.random() * 2 ** 32));
/** More failures than these say nothing more. */
const SHOWN = 5;

/** Numbers of the cases: CONVOY_FUZZ_CASES is a count or FIRST-LAST. */
function numbers(count: number): { first: number; count: number } {
  const named = env('CONVOY_FUZZ_CASES');
  if (named === undefined) return { first: 0, count };
  const match = /^(\d+)(?:-(\d+))?$/.exec(named);
  if (!match) throw new Error(`CONVOY_FUZZ_CASES: '${named}' but a count or FIRST-LAST is required`);
  const [first, last] = match[2] === undefined ? [0, Number(match[1]) - 1] : [Number(match[1]), Number(match[2])];
  return { first, count: last - first + 1 };
}

it.each([{ set: wasmSimd, cases: 10_000 }, { set: cpuTiled, cases: 2_000 }])('$set.name: $cases drawn cases', async ({ set, cases }) => {
  const { first, count } = numbers(cases);
  console.log(`${set.name}: cases ${first} to ${first + count - 1}, CONVOY_FUZZ_SEED=${seed}`);
  const convoy = createConvoy();
  const ops = (await convoy.probe()).find(({ name }) => name === set.name)!.ops as OpName[];
  await convoy.close();
  const kit = await conformance(set, { cases: fuzzCases({ seed, first, count, ops }), threads: [1, 3] });
  const failures: string[] = [];
  try {
    expect(kit.tests.length).toBe(count);
    for (const { name, run } of kit.tests) {
      try {
        run();
      } catch (error) {
        const number = /case (\d+)/.exec(name)![1];
        failures.push(`${(error as Error).message}\n  repeat: CONVOY_FUZZ_SEED=${seed} CONVOY_FUZZ_CASES=${number}-${number} npx vitest run --project full test/full/fuzz.test.ts -t ${set.name}`);
        if (failures.length === SHOWN) break;
      }
    }
  } finally {
    await kit.close();
  }
  expect(failures.join('\n')).toBe('');
});
