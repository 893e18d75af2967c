import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digits } from '../../dist/src/data/digits.js';

const SIZE = 28 * 28;
const hash = (...parts: Uint8Array[]): string => parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest('hex').slice(0, 16);

/** Mean picture of each digit, and the share of images nearest to their own digit's mean. */
function nearestMean(count: number): number {
  const train = digits({ split: 'train', count });
  const test = digits({ split: 'test', count });
  const means = Array.from({ length: 10 }, () => new Float64Array(SIZE));
  train.labels.forEach((label, i) => {
    for (let p = 0; p < SIZE; p++) means[label][p] += train.images[i * SIZE + p] / (count / 10);
  });
  let right = 0;
  test.labels.forEach((label, i) => {
    const distances = means.map((mean) => mean.reduce((sum, value, p) => sum + (value - test.images[i * SIZE + p]) ** 2, 0));
    if (distances.indexOf(Math.min(...distances)) === label) right++;
  });
  return right / count;
}

describe('digits', () => {
  it('has the shape it says and every digit once in each ten', () => {
    const { images, labels, shape } = digits({ split: 'train', count: 57, seed: 3 });
    expect(shape).toStrictEqual([57, 28, 28]);
    expect([images.length, labels.length]).toStrictEqual([57 * SIZE, 57]);
    for (let ten = 0; ten < 5; ten++) expect([...labels.subarray(10 * ten, 10 * ten + 10)].sort()).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(String(labels.subarray(0, 10))).not.toBe(String(labels.subarray(10, 20)));
  });

  it('is the same for the same seed, and fewer are the first of more', () => {
    const many = digits({ split: 'test', count: 45, seed: 9 });
    for (const count of [1, 9, 10, 11, 45]) {
      const few = digits({ split: 'test', count, seed: 9 });
      expect(few.images.every((value, i) => value === many.images[i])).toBe(true);
      expect(few.labels).toStrictEqual(many.labels.slice(0, count));
    }
    expect(digits({ split: 'train', count: 3 })).toStrictEqual(digits({ split: 'train', count: 3, seed: 0 }));
  });

  it('differs by split, seed and index', () => {
    const seen = new Set<string>();
    for (const split of ['train', 'test'] as const) {
      for (const seed of [0, 1, -1, 2 ** 40]) {
        const { images } = digits({ split, count: 20, seed });
        for (let i = 0; i < 20; i++) seen.add(hash(images.subarray(i * SIZE, (i + 1) * SIZE)));
      }
    }
    expect(seen.size).toBe(2 * 4 * 20);
  });

  it('draws the same bytes on every machine', () => {
    const { images, labels } = digits({ split: 'train', count: 1000 });
    expect(hash(images, labels)).toBe('0097d2be83d852ac');
  });

  it('keeps the ink inside the frame and on the page', () => {
    const { images } = digits({ split: 'train', count: 2000 });
    let edge = 0;
    for (let i = 0; i < 2000; i++) {
      const image = images.subarray(i * SIZE, (i + 1) * SIZE);
      const inked = image.filter((value) => value > 127).length;
      if (inked <= 10 || inked >= SIZE / 3) throw new Error(`image ${i} has ${inked} inked pixels`);
      const border = Array.from({ length: 28 }, (_, k) => [image[k], image[SIZE - 1 - k], image[28 * k], image[28 * k + 27]]).flat();
      if (border.some((value) => value > 127)) edge++;
    }
    // 63 of these touch the border, which a shift by two pixels at the largest size allows.
    expect(edge).toBeLessThan(100);
  });

  it('can be told apart, but not by pixels alone', () => {
    const share = nearestMean(1000);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.9);
  });

  it('is drawn fast enough not to be waited for', () => {
    const rates = Array.from({ length: 3 }, () => {
      const started = performance.now();
      digits({ split: 'train', count: 1000 });
      return 1000 / ((performance.now() - started) / 1000);
    });
    // 12,000 on one core of the machine it was written on; far less here means an accident.
    expect(Math.max(...rates)).toBeGreaterThan(1500);
  });

  it('refuses what it cannot draw', () => {
    expect(() => digits({ split: 'valid' as 'test', count: 1 })).toThrow(/split is 'valid'/);
    expect(() => digits({ split: 'test', count: 0 })).toThrow(/count is 0/);
    expect(() => digits({ split: 'test', count: 1.5 })).toThrow(/count is 1\.5/);
    expect(() => digits({ split: 'test', count: 1, seed: NaN })).toThrow(/seed is NaN/);
    expect(() => digits({ split: 'test', count: 1, sed: 1 } as { split: 'test'; count: number })).toThrow(/'sed' is unknown/);
  });
});
