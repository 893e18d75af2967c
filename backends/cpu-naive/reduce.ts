/**
 * Reductions of [outer, n, inner] along n, and of [n, c, s] to its channels. Each result is gathered by one piece, in a double
 * (int32: modulo 2³²), in the order of the elements, and stored once.
 */
import type { HeapViews, Kernel, OpArgs, TypedArray } from '../../src/backend/index.js';
import { I32, each, grouped, type Store } from './loops.js';

type ReduceArgs = OpArgs['sum'];
/** The result over n elements of the view, `step` apart, from `at` on. */
type Gather = (view: TypedArray, at: number, n: number, step: number) => number;

const reduction = (of: Store, result: (heap: HeapViews) => TypedArray, log2: number, gather: Gather): Kernel<ReduceArgs> =>
  grouped(([, , outer, , inner]) => outer * inner, (args) => args[3], (heap, [x, y, , n, inner], first, end) => {
    const view = of.view(heap);
    const into = result(heap);
    for (let row = first; row < end; row++) {
      const o = Math.floor(row / inner);
      into[(y >>> log2) + row] = gather(view, (x >>> of.log2) + o * n * inner + (row - o * inner), n, inner);
    }
  });

const fold = (of: Store, identity: number, step: (sum: number, x: number) => number): Kernel<ReduceArgs> =>
  reduction(of, of.view, of.log2, (view, at, n, stride) => {
    let value = identity;
    for (let j = 0; j < n; j++) value = step(value, view[at + j * stride]);
    return value;
  });

// Over n = 0 each gives its identity; int32 has no infinities, so its own extremes stand in for them.
export const sum = (of: Store): Kernel<ReduceArgs> => fold(of, 0, of === I32 ? (total, x) => (total + x) | 0 : (total, x) => total + x);
export const prod = (of: Store): Kernel<ReduceArgs> => fold(of, 1, of === I32 ? Math.imul : (product, x) => product * x);
// Math.max and Math.min keep NaN once they met it.
export const max = (of: Store): Kernel<ReduceArgs> => fold(of, of === I32 ? -2147483648 : -Infinity, (most, x) => Math.max(most, x));
export const min = (of: Store): Kernel<ReduceArgs> => fold(of, of === I32 ? 2147483647 : Infinity, (least, x) => Math.min(least, x));

/** The first index of the extreme, the first NaN if there is one, -1 for n = 0. `sign` is 1 for argmax and -1 for argmin. */
const argExtreme = (sign: 1 | -1) => (of: Store): Kernel<ReduceArgs> =>
  reduction(of, (heap) => heap.i32, 2, (view, at, n, stride) => {
    let best = -1;
    let extreme = -Infinity;
    for (let j = 0; j < n; j++) {
      const value = sign * view[at + j * stride];
      if (Number.isNaN(value)) return j;
      if (best < 0 || value > extreme) {
        best = j;
        extreme = value;
      }
    }
    return best;
  });

export const argmax = argExtreme(1);
export const argmin = argExtreme(-1);

export const channelSum = (of: Store): Kernel<OpArgs['channelSum']> =>
  each(([, , , c]) => c, (heap, [x, y, n, c, s], first, end) => {
    const view = of.view(heap);
    for (let channel = first; channel < end; channel++) {
      let sum = 0;
      for (let image = 0; image < n; image++) {
        const at = (x >>> of.log2) + (image * c + channel) * s;
        for (let i = 0; i < s; i++) sum += view[at + i];
      }
      view[(y >>> of.log2) + channel] = sum;
    }
  });
