/** Draws the numbers of a case: sizes with their awkward neighbours, choices, fillings. */
import type { OpName } from '../../backend/index.js';
import { floats, ints, SUMS, type Fill, type OpCase, type Tolerance } from '../cases/opCase.js';

/** What is drawn of a case; op, dtype and name are known. */
export type Sketch = Pick<OpCase, 'args' | 'flops'> & Partial<Pick<OpCase, 'inputs' | 'tolerance'>>;
export type Float = 'float32' | 'float64';
export type Sketches = Record<OpName, (draw: Draw, dtype: Float) => Sketch>;

/** Around the widths of vectors, tiles and panels. */
const EDGES = [3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 63, 64, 65];

export class Draw {
  private state: number;

  constructor(seed: number, number: number) {
    this.state = (Math.imul(seed ^ (seed / 2 ** 32), 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) | 0;
  }

  /** On [0, 1): mulberry32, by Tommy Ettinger. */
  real(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.real() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.real() < probability;
  }

  one<T>(...of: readonly T[]): T {
    return of[this.whole(0, of.length - 1)];
  }

  /** A size up to `most`: mostly small, often around the width of something, now and then anything, seldom none. */
  size(most: number): number {
    const kind = this.real();
    if (kind < 0.015) return 0;
    if (kind < 0.6) return Math.min(most, this.whole(1, 9));
    const edge = this.one(...EDGES);
    return kind < 0.85 && edge <= most ? edge : this.whole(1, most);
  }

  /** The same, but at least one. */
  some(most: number): number {
    return Math.max(1, this.size(most));
  }

  /** The numbers 0 … n − 1 in any order. */
  order(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.whole(0, i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}

/** Small integers, which give the same bits in any order of summation, or other numbers. */
export const sums = (draw: Draw, dtype: Float): { fill: Fill; inputs: 'exact' | 'random'; tolerance: Tolerance } =>
  (draw.chance(0.6) ? { fill: ints, inputs: 'exact', tolerance: null } : { fill: floats, inputs: 'random', tolerance: SUMS[dtype] });
