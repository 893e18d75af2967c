/** Batched matrix product: one dot product for each element of y, in the order of k. */
import type { Kernel, OpArgs } from '../../src/backend/index.js';
import { grouped, type Store } from './loops.js';

/** Items are the rows of all matrices of y. */
export const matmul = (of: Store): Kernel<OpArgs['matmul']> => grouped(
  ([, , , , batch, m]) => batch * m, ([, , , , , , n, k]) => n * Math.max(1, k),
  (heap, [a, b, bias, y, , m, n, k, aBatch, aRow, aCol, bBatch, bRow, bCol], first, end) => {
    const view = of.view(heap);
    for (let item = first; item < end; item++) {
      const matrix = Math.floor(item / m);
      const aAt = (a >>> of.log2) + matrix * aBatch + (item - matrix * m) * aRow;
      const yAt = (y >>> of.log2) + item * n;
      for (let column = 0; column < n; column++) {
        const bAt = (b >>> of.log2) + matrix * bBatch + column * bCol;
        let sum = bias === 0 ? 0 : view[(bias >>> of.log2) + column];
        for (let inner = 0, ai = aAt, bi = bAt; inner < k; inner++, ai += aCol, bi += bRow) sum += view[ai] * view[bi];
        view[yAt + column] = sum;
      }
    }
  });
