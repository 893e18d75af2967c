/**
 * A sparse matrix applied along one axis of a tensor: what every resize and every mean over windows of unequal size is, axis by axis.
 * Its gradient is the transposed matrix.
 */
import { checkAxis, product } from '../../shape/index.js';
import { empty, fromData, type Tensor } from '../../tensor/index.js';
import { edgeOf, piecewiseLinear, record } from '../tape.js';
import { drop } from './indexing.js';

/** Entries of a row: column and weight. */
export type SparseRow = readonly (readonly [column: number, weight: number])[];

/** A constant matrix in compressed rows: those of row j have the numbers rowStart[j] … rowStart[j + 1] − 1. */
export class SparseMatrix {
  readonly rowStart: Int32Array;
  readonly index: Int32Array;
  readonly weight: Float64Array;
  private turned: SparseMatrix | null = null;

  constructor(list: readonly SparseRow[], readonly columns: number) {
    const entries = list.flat();
    this.rowStart = new Int32Array(list.length + 1);
    list.forEach((row, j) => (this.rowStart[j + 1] = this.rowStart[j] + row.length));
    this.index = Int32Array.from(entries, ([column]) => column);
    this.weight = Float64Array.from(entries, ([, weight]) => weight);
  }

  get rows(): number {
    return this.rowStart.length - 1;
  }

  /** The row of each entry. */
  rowOf(): Int32Array {
    const rows = new Int32Array(this.index.length);
    for (let j = 0; j < this.rows; j++) rows.fill(j, this.rowStart[j], this.rowStart[j + 1]);
    return rows;
  }

  get transposed(): SparseMatrix {
    if (this.turned !== null) return this.turned;
    const list = Array.from({ length: this.columns }, (): [number, number][] => []);
    this.rowOf().forEach((row, t) => list[this.index[t]].push([row, this.weight[t]]));
    this.turned = new SparseMatrix(list, this.rows);
    this.turned.turned = this;
    return this.turned;
  }
}

/**
 * y[…, j, …] = Σ over i of matrix[j, i] · x[…, i, …] along `dim`; entries that are not there are not multiplied. With `piecewise`,
 * its gradient is that of a piecewise linear function (tape.ts).
 */
export function sparseMatmul(matrix: SparseMatrix, x: Tensor, dim: number, piecewise = false): Tensor {
  const axis = checkAxis('sparseMatmul', dim, x.ndim, x.shape);
  const [outer, inner] = [product(x.shape, 0, axis), product(x.shape, axis + 1, x.ndim)];
  const shape = [...x.shape.slice(0, axis), matrix.rows, ...x.shape.slice(axis + 1)];
  const [index, weight] = [fromData(x.backend, matrix.index), fromData(x.backend, matrix.weight, undefined, { dtype: x.dtype })];
  if (!x.backend.has('sparseMatmul', x.dtype)) {
    const terms = x.reshape([outer, matrix.columns, inner]).indexSelect(1, index).mul(weight.reshape([-1, 1]));
    return drop(terms, 1, fromData(x.backend, matrix.rowOf()), matrix.rows).reshape(shape);
  }
  const y = empty(x.backend, shape, x.dtype);
  const rowStart = fromData(x.backend, matrix.rowStart);
  x.backend.run('sparseMatmul', x.dtype, [x.ptr, rowStart.ptr, index.ptr, weight.ptr, y.ptr, outer, matrix.columns, matrix.rows, matrix.index.length, inner]);
  for (const table of [rowStart, index, weight]) table.dispose();
  const edge = piecewise ? edgeOf(x) : null;
  return record('sparseMatmul', y, [x], [], (g) => [piecewiseLinear(sparseMatmul(matrix.transposed, g, axis), edge)]);
}
