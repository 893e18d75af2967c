import { describe, expect, it } from 'vitest';
import { batchCount, batchIndices } from '../../dist/src/data/batches.js';

const flat = (batches: Int32Array[]): number[] => batches.flatMap((batch) => [...batch]);
const sizes = (batches: Int32Array[]): number[] => batches.map((batch) => batch.length);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('batchIndices', () => {
  it('goes in order without shuffle, one at a time unless told', () => {
    expect(batchIndices(3).map((batch) => [...batch])).toStrictEqual([[0], [1], [2]]);
    expect(batchIndices(7, { batchSize: 3 }).map((batch) => [...batch])).toStrictEqual([[0, 1, 2], [3, 4, 5], [6]]);
  });

  it('cuts at the edges as counted, with and without the last', () => {
    for (const n of [0, 1, 2, 7, 8, 9, 16, 17]) {
      for (const dropLast of [false, true]) {
        const batches = batchIndices(n, { batchSize: 8, dropLast, shuffle: true });
        expect(batches.length).toBe(batchCount(n, 8, dropLast));
        const full = Math.floor(n / 8);
        expect(sizes(batches)).toStrictEqual([...Array.from({ length: full }, () => 8), ...(n % 8 && !dropLast ? [n % 8] : [])]);
      }
    }
    expect(batchIndices(3, { batchSize: 8, dropLast: true })).toStrictEqual([]);
  });

  it('meets every example once an epoch when it shuffles', () => {
    for (const n of [1, 2, 97, 1000]) {
      const order = flat(batchIndices(n, { batchSize: 13, shuffle: true, seed: 5, epoch: 2 }));
      expect([...order].sort((a, b) => a - b)).toStrictEqual(range(n));
    }
    expect(flat(batchIndices(1000, { shuffle: true }))).not.toStrictEqual(range(1000));
  });

  it('has an order of seed and epoch alone', () => {
    const order = (seed: number, epoch: number, batchSize = 10): number[] => flat(batchIndices(101, { batchSize, shuffle: true, seed, epoch }));
    expect(order(1, 0)).toStrictEqual(order(1, 0));
    expect(order(1, 0, 7)).toStrictEqual(order(1, 0));
    const all = [order(1, 0), order(1, 1), order(2, 0), order(2, 1), order(-1, 0)].map(String);
    expect(new Set(all).size).toBe(all.length);
  });

  it('spreads: over epochs each example comes first about equally often', () => {
    const first = Array.from({ length: 2000 }, (_, epoch) => batchIndices(10, { shuffle: true, epoch })[0][0]);
    for (let i = 0; i < 10; i++) expect(first.filter((value) => value === i).length).toBeGreaterThan(140);
  });

  it('refuses wrong numbers and unknown options by name', () => {
    for (const [options, message] of [
      [{ batchSize: 0 }, /batchSize is 0/], [{ batchSize: 2.5 }, /batchSize is 2\.5/], [{ seed: 0.5 }, /seed is 0\.5/],
      [{ epoch: -1 }, /epoch is -1/], [{ epoch: NaN }, /epoch is NaN/], [{ batchsize: 4 } as object, /'batchsize' is unknown.*'batchSize'/],
    ] as const) expect(() => batchIndices(10, options)).toThrow(message);
    expect(() => batchIndices(-1)).toThrow(/n is -1/);
  });
});
