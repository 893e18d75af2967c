/** The conformance kit on the built-in kernel sets, small shapes: alone, and on 1, 2, 3 and 7 threads. */
import { describe, expect, it } from 'vitest';
import { cpuNaive } from '../../dist/backends/cpu-naive/index.js';
import { cpuTiled } from '../../dist/backends/cpu-tiled/index.js';
import { OP_NAMES, OPS } from '../../dist/src/backend/index.js';
import { conformance, opCases, uncoveredOps } from '../../dist/src/testkit/index.js';
import { FAST, register } from './run.js';

describe('the table of cases', () => {
  it('has every op in every dtype', () => {
    expect(uncoveredOps()).toEqual([]);
  });

  it('has unique names, and two cases of each op at least', () => {
    const names = opCases().map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(OP_NAMES.filter((op) => names.filter((name) => name.startsWith(`${op} `)).length < 2 * OPS[op].dtypes.length)).toEqual([]);
  });
});

describe('cpu-naive', async () => {
  const kit = await conformance(cpuNaive, { maxFlops: FAST, threads: [1, 2, 3, 7] });
  register(kit);
  it('covers everything', () => {
    const { ops } = kit.report();
    expect(Object.entries(ops).flatMap(([op, dtypes]) => Object.entries(dtypes).filter(([, { covered }]) => !covered).map(([dtype]) => `${op} ${dtype}`))).toEqual([]);
  });
});

describe('cpu-tiled', async () => {
  const kit = await conformance(cpuTiled, { maxFlops: FAST, threads: [1, 2, 3, 7] });
  register(kit);
  it('leaves float64 to cpu-naive, which is not counted as passed', () => {
    const { conv, matmul } = kit.report().ops;
    expect(conv.float32).toMatchObject({ covered: true, failed: [], skipped: [] });
    expect(conv.float32.passed).toBeGreaterThan(20);
    for (const op of [conv, matmul]) expect(op.float64).toEqual({ covered: false, passed: 0, failed: [], skipped: [] });
  });
});
