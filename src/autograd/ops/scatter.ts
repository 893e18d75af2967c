/**
 * Writing elements at int32 positions along an axis, and adding them there. Which element a position gets is found in JavaScript, where the
 * positions are checked anyway; the elements are then gathered, so every order of gradient is right, for repeated positions too.
 */
import { fmt, ShapeError } from '../../errors.js';
import { checkAxis, checkIndices, sameShape } from '../../shape/index.js';
import { fromData, full, Tensor } from '../../tensor/index.js';
import type { Operand } from './arithmetic.js';
import { checkTogether } from './common.js';
import { around, checkPositions, gatherAlong, replaced, scatterAlong, summed } from './indexing.js';
import { placed } from './shape.js';
import { where } from './unary.js';

interface Checked {
  readonly axis: number;
  readonly positions: ArrayLike<number>;
  /** The part of the source that index covers. */
  readonly source: Tensor;
}

function check(op: string, x: Tensor, dim: number, index: Tensor, source: Operand): Checked {
  const value = source instanceof Tensor ? source : full(x.backend, index.shape, source, x.dtype);
  checkTogether(op, x, index, value);
  const axis = checkAxis(op, dim, x.ndim, x.shape);
  const shapes = `input ${fmt(x.shape)}, index ${fmt(index.shape)}, source ${fmt(value.shape)}, axis ${axis}`;
  if (index.ndim !== x.ndim || value.ndim !== x.ndim) {
    throw new ShapeError('CVY_SHAPE_RANK', `${op}: index has ${index.ndim} axes and source ${value.ndim} but the input's ${x.ndim} are required (${shapes})`);
  }
  index.shape.forEach((size, i) => {
    if (size > value.shape[i] || (i !== axis && size > x.shape[i])) {
      throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: index has ${size} entries along axis ${i} but the ${size > value.shape[i] ? `source only ${value.shape[i]}` : `input only ${x.shape[i]}`} (${shapes})`);
    }
  });
  const positions = checkPositions(op, index, x.shape[axis] ?? 1, shapes);
  const part = sameShape(value.shape, index.shape) ? value : value.slice(...index.shape.map((size) => [0, size] as const));
  return { axis, positions, source: part.to(x.dtype) };
}

/** `part`, which lies at the front of every axis, with zeros up to `shape`. */
const padded = (part: Tensor, shape: readonly number[]): Tensor =>
  sameShape(part.shape, shape) ? part : placed(part, shape, checkIndices('scatter', shape, part.shape.map((size) => [0, size] as const)));

/**
 * x with x[…, index[…, j, …], …] = source[…, j, …] along `dim`; source may be a number. Where positions repeat the last one stays, and it
 * alone has a gradient.
 * @shape index has the axes of x and of source, and is nowhere longer than source nor, outside of `dim`, than x
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_MISMATCH, CVY_SHAPE_AXIS for positions outside; {DtypeError} CVY_DTYPE unless index is int32
 * @source torch.scatter
 */
export function scatter(x: Tensor, dim: number, index: Tensor, source: Operand): Tensor {
  const { axis, positions, source: part } = check('scatter', x, dim, index, source);
  const size = x.shape[axis] ?? 1;
  const [outer, inner] = around(index.shape, axis);
  const n = index.shape[axis] ?? 1;
  // For every element of the input's front part the position of what is written there, -1 where nothing is.
  const winner = new Int32Array(outer * size * inner).fill(-1);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < n; j++) for (let i = 0; i < inner; i++) winner[(o * size + positions[(o * n + j) * inner + i]) * inner + i] = j;
  }
  const shape = replaced(index.shape, axis, size);
  const at = fromData(x.backend, winner, shape);
  const written = padded(at.ge(0).to('int32'), x.shape).to('bool');
  return where(written, padded(gatherAlong(part, axis, at), x.shape), x);
}

/**
 * x with source[…, j, …] added to x[…, index[…, j, …], …] along `dim`; positions may repeat.
 * @shape as for scatter
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_MISMATCH, CVY_SHAPE_AXIS for positions outside; {DtypeError} CVY_DTYPE unless index is int32
 * @source torch.scatter_add
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const { axis, source: part } = check('scatterAdd', x, dim, index, source);
  return x.add(padded(summed(part, (s) => scatterAlong(s, axis, index, x.shape[axis] ?? 1)), x.shape));
}
