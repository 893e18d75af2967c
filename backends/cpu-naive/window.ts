/**
 * Where windows meet data, one spatial axis at a time: for each position the range of taps that fall inside, so that the loops
 * of convolution and pooling need no bounds checks. Shared by conv.ts and pool.ts.
 */

/**
 * The taps of position p are `first[p]`, `first[p] + tapStep`, … below `end[p]`; the first meets source index `at[p]`, each
 * further one an index `step` further on.
 */
export interface Axis {
  readonly first: Int32Array;
  readonly end: Int32Array;
  readonly at: Int32Array;
  readonly tapStep: number;
  readonly step: number;
}

/** Windows that slide over the source: index = position · stride − pad + tap · dilation, where that is in 0 … size − 1. */
export function sliding(positions: number, stride: number, pad: number, taps: number, dilation: number, size: number): Axis {
  const [first, end, at] = [new Int32Array(positions), new Int32Array(positions), new Int32Array(positions)];
  for (let position = 0; position < positions; position++) {
    const start = position * stride - pad;
    first[position] = Math.max(0, Math.ceil(-start / dilation));
    end[position] = Math.min(taps, Math.ceil((size - start) / dilation));
    at[position] = start + first[position] * dilation;
  }
  return { first, end, at, tapStep: 1, step: dilation };
}

/**
 * The inverse: source index = (position + pad − tap · dilation) / stride where that is whole and in 0 … size − 1, the windows
 * that a position lies in. Only every (stride / gcd)-th tap can give a whole number.
 */
export function covering(positions: number, stride: number, pad: number, taps: number, dilation: number, size: number): Axis {
  const [first, end, at] = [new Int32Array(positions), new Int32Array(positions), new Int32Array(positions)];
  const common = gcd(stride, dilation);
  const tapStep = stride / common;
  for (let position = 0; position < positions; position++) {
    const start = position + pad;
    let tap = Math.max(0, Math.ceil((start - (size - 1) * stride) / dilation));
    const limit = Math.min(taps, Math.floor(start / dilation) + 1, tap + tapStep);
    while (tap < limit && (start - tap * dilation) % stride !== 0) tap++;
    first[position] = tap;
    end[position] = tap < limit ? Math.min(taps, Math.floor(start / dilation) + 1) : tap;
    at[position] = Math.floor((start - tap * dilation) / stride);
  }
  return { first, end, at, tapStep, step: -dilation / common };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
