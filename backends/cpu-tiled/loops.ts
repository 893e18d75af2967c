/** How elementwise work is cut, and how strided operands are walked row by row. No op is defined here. */
import { BLOCK, blocks, type Args, type HeapViews, type Kernel, type Work } from '../../src/backend/index.js';

/** A kernel over `count(args)` elements in pieces of BLOCK; `body` does elements first … end − 1. */
export function elementwise<A extends Args>(
  name: string, count: (args: A) => number, body: (heap: HeapViews, args: A, first: number, end: number) => void,
): Kernel<A> {
  return {
    name,
    pieces: (args) => blocks(count(args)),
    run: (heap, args, begin, end) => body(heap, args, begin * BLOCK, Math.min(count(args), end * BLOCK)),
  };
}

/** A kernel over items of `cost(args)` elements each; a piece has as many as make about BLOCK elements. */
export function grouped<A extends Args>(
  name: string, items: (args: A) => number, cost: (args: A) => number,
  body: (heap: HeapViews, args: A, first: number, end: number, work: Work) => void, workspace?: Kernel<A>['workspace'],
): Kernel<A> {
  const size = (args: A): number => Math.max(1, Math.floor(BLOCK / Math.max(1, cost(args))));
  return {
    name,
    pieces: (args) => Math.ceil(items(args) / size(args)),
    ...(workspace && { workspace }),
    run: (heap, args, begin, end, work) => body(heap, args, begin * size(args), Math.min(items(args), end * size(args)), work),
  };
}

/** A shape with the strides of two operands, axes of size 1 dropped and neighbouring axes merged where both operands allow. */
export interface Strided {
  readonly total: number;
  readonly shape: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** Reads rank, shape and two rows of strides from `args`, the rank at position `at`. The result has at least one axis. */
export function strided(args: Args, at: number): Strided {
  const rank = args[at];
  const [shape, a, b]: number[][] = [[], [], []];
  let total = 1;
  for (let r = 0; r < rank; r++) {
    const size = args[at + 1 + r];
    const [sa, sb] = [args[at + 1 + rank + r], args[at + 1 + 2 * rank + r]];
    total *= size;
    if (size === 1) continue;
    const last = shape.length - 1;
    if (last >= 0 && a[last] === sa * size && b[last] === sb * size) {
      shape[last] *= size;
      a[last] = sa;
      b[last] = sb;
    } else {
      shape.push(size);
      a.push(sa);
      b.push(sb);
    }
  }
  return shape.length > 0 ? { total, shape, a, b } : { total, shape: [total], a: [1], b: [1] };
}

/** Elements that a shape in `args` has, its rank at position `at`. */
export function elements(args: Args, at: number): number {
  let total = 1;
  for (let r = 0; r < args[at]; r++) total *= args[at + 1 + r];
  return total;
}

/**
 * Visits elements first … end − 1 in row-major order as runs along the last axis: number of the first element, its offsets in a
 * and b, and the length. Offsets are carried from run to run, not divided out each time: rows may be short.
 */
export function eachRun(
  { shape, a, b }: Strided, first: number, end: number, visit: (element: number, aAt: number, bAt: number, count: number) => void,
): void {
  if (first >= end) return;
  const last = shape.length - 1;
  const index = shape.map(() => 0);
  let [aAt, bAt] = [0, 0];
  for (let r = last, rest = first; r >= 0; r--) {
    index[r] = rest % shape[r];
    rest = Math.floor(rest / shape[r]);
    aAt += index[r] * a[r];
    bAt += index[r] * b[r];
  }
  for (let element = first; element < end;) {
    const count = Math.min(shape[last] - index[last], end - element);
    visit(element, aAt, bAt, count);
    element += count;
    aAt -= index[last] * a[last];
    bAt -= index[last] * b[last];
    index[last] = 0;
    for (let r = last - 1; r >= 0; r--) {
      aAt += a[r];
      bAt += b[r];
      if (++index[r] < shape[r]) break;
      aAt -= a[r] * shape[r];
      bAt -= b[r] * shape[r];
      index[r] = 0;
    }
  }
}
