/** Drawn cases: the same for the same seed and number, of every op, right on plain loops, and they catch kernels broken on purpose. */
import { describe, expect, it } from 'vitest';
import { kernels as naive } from '../../dist/backends/cpu-naive/kernels.js';
import { OP_NAMES } from '../../dist/src/backend/index.js';
import { conformance, fuzzCases, GuardedCall, opCases } from '../../dist/src/testkit/index.js';
import { Heap } from '../../dist/src/memory/index.js';
import { BROKEN } from './broken.js';
import { failures } from './run.js';

const plain = (cases: ReturnType<typeof fuzzCases>): unknown => JSON.parse(JSON.stringify(cases));

describe('fuzzCases', () => {
  it('draws a case by its seed and number', () => {
    const all = fuzzCases({ seed: 5, count: 60 });
    expect(plain(fuzzCases({ seed: 5, first: 42, count: 1 }))).toEqual(plain([all[42]]));
    expect(plain(fuzzCases({ seed: 6, count: 60 }))).not.toEqual(plain(all));
  });

  it('draws every op, with buffers as the contract has them', () => {
    const cases = fuzzCases({ seed: 1, count: 4000 });
    expect(OP_NAMES.filter((op) => !cases.some((testCase) => testCase.op === op))).toEqual([]);
    const heap = new Heap(64 * 2 ** 20);
    for (const testCase of cases.slice(0, 500)) new GuardedCall(heap, testCase).free();
    expect(heap.bytesInUse).toBe(0);
  });

  it('refuses what is no seed, no count and no op', () => {
    expect(() => fuzzCases({ seed: -1, count: 1 })).toThrow(/seed is -1/);
    expect(() => fuzzCases({ seed: 1, count: 1.5 })).toThrow(/count is 1.5/);
    expect(() => fuzzCases({ seed: 1, count: 1, ops: [] })).toThrow(/ops is empty/);
  });
});

describe('drawn cases', () => {
  it.each(BROKEN)('catch a kernel that $what', async ({ op, table }) => {
    const cases = fuzzCases({ seed: 3, count: 70, ops: [op] });
    expect(cases.some(({ name }) => opCases().some((known) => known.name === name))).toBe(false);
    expect(failures((await conformance({ name: 'right', table: { [op]: naive[op] } }, { cases })).tests)).toEqual([]);
    expect(failures((await conformance({ name: 'broken', table }, { cases })).tests).length).toBeGreaterThan(0);
  });
});
