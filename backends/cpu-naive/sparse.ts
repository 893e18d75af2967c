/** A sparse matrix applied along one axis. Items are the rows (o, j) of y. */
import type { Kernel, OpArgs } from '../../src/backend/index.js';
import { grouped, type Store } from './loops.js';

export const sparseMatmul = (of: Store): Kernel<OpArgs['sparseMatmul']> => grouped(
  ([, , , , , outer, , nY]) => outer * nY, ([, , , , , , , nY, entries, inner]) => inner * (1 + entries / nY),
  (heap, [x, rowStart, index, weight, y, , nX, nY, , inner], first, end) => {
    const view = of.view(heap);
    const [x0, weight0, y0] = [x >>> of.log2, weight >>> of.log2, y >>> of.log2];
    const [rowStart0, index0] = [rowStart >>> 2, index >>> 2];
    for (let row = first; row < end; row++) {
      const o = Math.floor(row / nY);
      const [from, to] = [heap.i32[rowStart0 + row - o * nY], heap.i32[rowStart0 + row - o * nY + 1]];
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let t = from; t < to; t++) sum += view[weight0 + t] * view[x0 + (o * nX + heap.i32[index0 + t]) * inner + i];
        view[y0 + row * inner + i] = sum;
      }
    }
  });
