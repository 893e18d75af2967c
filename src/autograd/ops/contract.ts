/**
 * Products over chosen axes, grids of coordinates, and numbers in place of what is none.
 */
import { ArgumentError, checkChoice, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkAxis } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { asFloat, checkTogether } from './common.js';
import { matmul } from './matmul.js';
import { permute, reshape } from './shape.js';
import { where } from './unary.js';

/**
 * Sum of products over the last `dims` axes of a and the first of b, or over the axes listed for each.
 * @throws {ShapeError} CVY_SHAPE_MISMATCH unless the axes are as many and of equal sizes
 * @source torch.tensordot
 */
export function tensordot(a: Tensor, b: Tensor, dims: number | readonly [readonly number[], readonly number[]] = 2): Tensor {
  checkTogether('tensordot', a, b);
  const shapes = `a ${fmt(a.shape)}, b ${fmt(b.shape)}`;
  if (typeof dims === 'number' && (!Number.isInteger(dims) || dims < 0 || dims > Math.min(a.ndim, b.ndim))) {
    throw new ArgumentError('CVY_ARG_VALUE', `tensordot: dims is ${dims} but must be an integer from 0 to ${Math.min(a.ndim, b.ndim)} (${shapes})`);
  }
  const listed = typeof dims === 'number' ? [Array.from({ length: dims }, (_, i) => a.ndim - dims + i), Array.from({ length: dims }, (_, i) => i)] : dims;
  const [left, right] = [a, b].map((x, i) => listed[i].map((axis) => checkAxis('tensordot', axis, x.ndim, x.shape)));
  if (left.length !== right.length || left.some((axis, i) => a.shape[axis] !== b.shape[right[i]])) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `tensordot: axes ${fmt(left)} of a and ${fmt(right)} of b are summed over but their sizes must be equal (${shapes})`);
  }
  const [rows, columns] = [[a, left], [b, right]].map(([x, axes]) => (x as Tensor).shape.map((_, i) => i).filter((i) => !(axes as number[]).includes(i)));
  const sizes = (x: Tensor, axes: readonly number[]): number[] => axes.map((axis) => x.shape[axis]);
  const count = (list: readonly number[]): number => list.reduce((n, size) => n * size, 1);
  const [m, k, n] = [sizes(a, rows), sizes(a, left), sizes(b, columns)];
  const y = matmul(reshape(permute(a, [...rows, ...left]), [count(m), count(k)]), reshape(permute(b, [...right, ...columns]), [count(k), count(n)]));
  return reshape(y, [...m, ...n]);
}

/** Vectors spread over a grid: each over an axis of its own. 'xy' exchanges the first two axes. @source torch.meshgrid */
export function meshgrid(tensors: readonly Tensor[], options: { indexing?: 'ij' | 'xy' } = {}): Tensor[] {
  if (!Array.isArray(tensors) || tensors.length === 0) throw new ArgumentError('CVY_ARG_VALUE', 'meshgrid: no tensors are given but at least one is required');
  checkTogether('meshgrid', ...tensors);
  checkOptions('meshgrid', options, ['indexing']);
  const swapped = checkChoice('meshgrid', 'indexing', options.indexing ?? 'ij', ['ij', 'xy']) === 'xy' && tensors.length > 1;
  const given = tensors as readonly Tensor[];
  for (const x of given) if (x.ndim > 1) throw new ShapeError('CVY_SHAPE_RANK', `meshgrid: a tensor has ${x.ndim} axes but at most 1 is allowed (${given.map(({ shape }) => fmt(shape)).join(', ')})`);
  const axisOf = (i: number): number => (swapped && i < 2 ? 1 - i : i);
  const shape = new Array<number>(given.length);
  given.forEach((x, i) => (shape[axisOf(i)] = x.numel));
  return given.map((x, i) => reshape(x, shape.map((_, axis) => (axis === axisOf(i) ? x.numel : 1))).expand(shape));
}

export interface NanToNumOptions {
  /** In place of NaN; default 0. */
  nan?: number;
  /** In place of infinity; by default the largest number of the dtype. */
  posinf?: number;
  /** In place of minus infinity; by default the smallest number of the dtype. */
  neginf?: number;
}

/** Numbers in place of NaN and infinities, through which no gradient goes. @source torch.nan_to_num */
export function nanToNum(input: Tensor, options: NanToNumOptions = {}): Tensor {
  checkTogether('nanToNum', input);
  checkOptions('nanToNum', options, ['nan', 'posinf', 'neginf']);
  const x = asFloat(input);
  const largest = x.dtype === 'float64' ? Number.MAX_VALUE : 2 ** 128 - 2 ** 104;
  const { nan = 0, posinf = largest, neginf = -largest } = options;
  for (const [name, value] of [['nan', nan], ['posinf', posinf], ['neginf', neginf]] as const) checkNumber('nanToNum', name, value);
  return where(x.ne(x), nan, where(x.eq(Infinity), posinf, where(x.eq(-Infinity), neginf, x)));
}
