/** Moving elements: fill, copy, cast, strided copy, gather and scatter, where. Nothing is computed but the sums of scatter. */
import type { Kernel, OpArgs } from '../../src/backend/index.js';
import { STORES, each, elementwise, elements, grouped, runs, type Store } from './loops.js';

export const fill = (of: Store): Kernel<OpArgs['fill']> => elementwise((args) => args[1], (heap, [y, , value], first, end) => {
  const at = y >>> of.log2;
  of.view(heap).fill(value, at + first, at + end);
});

export const copy = (of: Store): Kernel<OpArgs['copy']> => elementwise((args) => args[2], (heap, [x, y], first, end) => {
  const view = of.view(heap);
  view.copyWithin((y >>> of.log2) + first, (x >>> of.log2) + first, (x >>> of.log2) + end);
});

/** To int32: cut off towards zero, modulo 2³², NaN becomes 0. To bool: NaN counts as true. */
export const cast = (of: Store): Kernel<OpArgs['cast']> => elementwise((args) => args[2], (heap, [x, y, , target], first, end) => {
  const to = STORES[target];
  const from = of.view(heap);
  const into = to.view(heap);
  const toBool = to.dtype === 'bool';
  for (let i = first; i < end; i++) {
    const value = from[(x >>> of.log2) + i];
    into[(y >>> to.log2) + i] = toBool ? Number(value !== 0) : value;
  }
});

export const stridedCopy = (of: Store): Kernel<OpArgs['stridedCopy']> =>
  elementwise((args) => elements(args, 4), (heap, args, first, end) => {
    const view = of.view(heap);
    const xBase = (args[0] >>> of.log2) + args[2];
    const yBase = (args[1] >>> of.log2) + args[3];
    runs(args, 4, first, end, (_element, count, a, b, aStep, bStep) => {
      for (let i = 0, x = xBase + a, y = yBase + b; i < count; i++, x += aStep, y += bStep) view[y] = view[x];
    });
  });

/** Items are the rows (o, j) of y. */
export const gather = (of: Store): Kernel<OpArgs['gather']> => grouped(
  ([, , , outer, , nY]) => outer * nY, (args) => args[6],
  (heap, [x, index, y, , nX, nY, inner], first, end) => {
    const view = of.view(heap);
    for (let row = first; row < end; row++) {
      const o = Math.floor(row / nY);
      const source = (x >>> of.log2) + (o * nX + heap.i32[(index >>> 2) + (row - o * nY)]) * inner;
      const target = (y >>> of.log2) + row * inner;
      for (let i = 0; i < inner; i++) view[target + i] = view[source + i];
    }
  });

export const gatherElements = (of: Store): Kernel<OpArgs['gatherElements']> => grouped(
  ([, , , outer, , nY]) => outer * nY, (args) => args[6],
  (heap, [x, index, y, , nX, nY, inner], first, end) => {
    const view = of.view(heap);
    for (let row = first; row < end; row++) {
      const slab = (x >>> of.log2) + Math.floor(row / nY) * nX * inner;
      const indices = (index >>> 2) + row * inner;
      const target = (y >>> of.log2) + row * inner;
      for (let i = 0; i < inner; i++) {
        const j = heap.i32[indices + i];
        view[target + i] = j < 0 ? 0 : view[slab + j * inner + i];
      }
    }
  });

/** Both scatters: `perElement` says whether the index has one entry for each element of g or one for each j. */
const scatter = (of: Store, perElement: boolean): Kernel<OpArgs['scatterAdd']> => ({
  ...each(([, , , outer]) => outer, (heap, [g, index, y, , nG, nY, inner], first, end, work) => {
    const view = of.view(heap);
    const sums = heap.f64.subarray(work.own >>> 3, (work.own >>> 3) + nY * inner);
    for (let o = first; o < end; o++) {
      sums.fill(0);
      for (let j = 0; j < nG; j++) {
        const row = (o * nG + j) * inner;
        for (let i = 0; i < inner; i++) {
          const k = heap.i32[(index >>> 2) + (perElement ? row + i : j)];
          if (k >= 0) sums[k * inner + i] += view[(g >>> of.log2) + row + i];
        }
      }
      view.set(sums, (y >>> of.log2) + o * nY * inner);
    }
  }),
  workspace: ([, , , , , nY, inner]) => ({ own: 8 * nY * inner }),
});

export const scatterAdd = (of: Store): Kernel<OpArgs['scatterAdd']> => scatter(of, false);
export const scatterAddElements = (of: Store): Kernel<OpArgs['scatterAddElements']> => scatter(of, true);

export const where = (of: Store): Kernel<OpArgs['where']> => elementwise((args) => args[4], (heap, [cond, a, b, y], first, end) => {
  const view = of.view(heap);
  for (let i = first; i < end; i++) {
    view[(y >>> of.log2) + i] = heap.u8[cond + i] !== 0 ? view[(a >>> of.log2) + i] : view[(b >>> of.log2) + i];
  }
});
