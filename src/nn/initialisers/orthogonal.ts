/**
 * A random orthogonal matrix: Q of the QR decomposition of a normal one, by Householder's reflections, in float64 on the host.
 */
import { normalAt } from '../../backend/index.js';
import { checkNumber } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { checkRank, write } from './fixed.js';
import { checkDraw, type DrawOptions } from './random.js';

/**
 * The tensor as a matrix of its first axis by the rest: its rows, or its columns where those are fewer, become orthogonal and of
 * length `gain` (1 unless given), equally likely in every direction.
 *
 * @shape tensor [out, in, kernel…]
 * @throws {ShapeError} CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION, CVY_ARG_TYPE
 * @source torch.nn.init.orthogonal_; Saxe et al. 2014, arXiv:1312.6120; Mezzadri 2007, arXiv:math-ph/0609050
 */
export function orthogonal_(tensor: Tensor, options: DrawOptions & { gain?: number }): Tensor {
  const rng = checkDraw('orthogonal_', tensor, options, ['gain']);
  checkRank('orthogonal_', tensor, 2);
  const gain = checkNumber('orthogonal_', 'gain', options.gain ?? 1);
  if (tensor.numel === 0) return tensor;
  const rows = tensor.shape[0];
  const columns = tensor.numel / rows;
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const stream = rng.next();
  const vectors = Array.from({ length: count }, (_, j) => Float64Array.from({ length }, (_element, i) => normalAt(rng.seed, stream, j * length + i)));
  const q = orthonormal(vectors);
  const values = new Float64Array(tensor.numel);
  const [step, stride] = rows <= columns ? [columns, 1] : [1, columns];
  q.forEach((vector, j) => vector.forEach((value, i) => (values[j * step + i * stride] = gain * value)));
  return write(tensor, values);
}

/** Orthonormal vectors that span the same, each at an acute angle to the one it came from. Overwrites `vectors`, which are no longer than many. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const signs = vectors.map((column, k) => {
    // Reflects what is left of this vector onto axis k, away from its own sign, so that nothing cancels.
    const sign = column[k] < 0 ? -1 : 1;
    let squares = 0;
    for (let i = k; i < column.length; i++) squares += column[i] ** 2;
    const size = Math.sqrt(squares);
    column[k] += sign * size;
    const scale = 1 / Math.sqrt(size * Math.abs(column[k]));
    for (let i = 0; i < column.length; i++) column[i] = i < k ? 0 : column[i] * scale;
    for (const other of vectors.slice(k + 1)) reflect(other, column, k);
    // The diagonal of R is -sign · size.
    return -sign;
  });
  return vectors.map((_, j) => {
    const q = new Float64Array(vectors[0].length);
    q[j] = signs[j];
    for (let k = j; k >= 0; k--) reflect(q, vectors[k], k);
    return q;
  });
}

/** x − v·(v·x), for a v of length √2 that is 0 before `from`. */
function reflect(x: Float64Array, v: Float64Array, from: number): void {
  let dot = 0;
  for (let i = from; i < v.length; i++) dot += v[i] * x[i];
  for (let i = from; i < v.length; i++) x[i] -= dot * v[i];
}
