/** Drawn cases of sparse matrices: rows of any length, with columns in any order. */
import { sparseArgs } from '../cases/sparse.js';
import { sums, type Draw, type Float, type Sketch, type Sketches } from './draw.js';

export const sparseSketches: Pick<Sketches, 'sparseMatmul'> = {
  sparseMatmul(draw: Draw, dtype: Float): Sketch {
    const [outer, inner] = [draw.size(40), draw.chance(0.4) ? 1 : draw.size(70)];
    const [nX, nY, most] = [draw.some(40), draw.size(40), draw.one(1, 2, 2, 4, 9)];
    const even = draw.chance(0.5);
    const rows = Array.from({ length: nY }, () => Array.from({ length: even ? most : draw.whole(0, most) }, () => draw.whole(0, nX - 1)));
    const { fill, ...judged } = sums(draw, dtype);
    return { args: sparseArgs(fill, fill, nX, rows, outer, inner), flops: 2 * outer * rows.flat().length * inner, ...judged };
  },
};
