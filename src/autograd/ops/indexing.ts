/**
 * Picking and collecting elements by int32 positions along one axis.
 */
import { isFloat } from '../../backend/index.js';
import { checkNumber, checkOptions, DtypeError, fmt, ShapeError } from '../../errors.js';
import { checkAxis, product, sameShape } from '../../shape/index.js';
import { empty, fromData, type AutogradMeta, type Tensor } from '../../tensor/index.js';
import { piecewiseLinear, record, recordingAs } from '../tape.js';
import { checkTogether, intsOf } from './common.js';

/** Positions must be int32 and inside the axis: kernels do not check. Returns them, where they lie if the host can see them. */
export function checkPositions(op: string, index: Tensor, size: number, shapes: string): ArrayLike<number> {
  if (index.dtype !== 'int32') throw new DtypeError('CVY_DTYPE', `${op}: index has dtype ${index.dtype} but int32 is required (${shapes})`);
  const values = intsOf(index);
  // Compared without a sign, one below 0 is far above any size.
  for (let i = 0; i < values.length; i++) {
    if (values[i] >>> 0 >= size) {
      throw new ShapeError('CVY_SHAPE_AXIS', `${op}: index ${values[i]} at position ${i} lies outside the axis but must be from 0 to ${size - 1} (${shapes})`);
    }
  }
  return values;
}

/** The axes before, at and behind `axis` as three sizes. */
export const around = (shape: readonly number[], axis: number): [outer: number, inner: number] => [product(shape, 0, axis), product(shape, axis + 1, shape.length)];
export const replaced = (shape: readonly number[], axis: number, size: number): number[] => shape.map((s, i) => (i === axis ? size : s));

/** Whole slices at `index` [n] along `dim`. @source torch.index_select */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  checkTogether('indexSelect', x, index);
  const axis = checkAxis('indexSelect', dim, x.ndim, x.shape);
  if (index.ndim > 1) throw new ShapeError('CVY_SHAPE_RANK', `indexSelect: index has ${index.ndim} axes but 1 is required (input ${fmt(x.shape)}, index ${fmt(index.shape)})`);
  checkPositions('indexSelect', index, x.shape[axis] ?? 1, `input ${fmt(x.shape)}, index ${fmt(index.shape)}, axis ${axis}`);
  return pick(x, axis, index);
}

/** indexSelect without checks. With `edge`, which leads to x, its gradient is that of a piecewise linear function (tape.ts). */
export function pick(x: Tensor, axis: number, index: Tensor, edge: AutogradMeta | null = null): Tensor {
  if (x.dtype === 'bool') return pick(x.to('int32'), axis, index).to('bool');
  const y = empty(x.backend, replaced(x.shape, axis, index.numel), x.dtype);
  const [outer, inner] = around(x.shape, axis);
  const size = x.shape[axis] ?? 1;
  x.backend.run('gather', x.dtype, [x.ptr, index.ptr, y.ptr, outer, size, index.numel, inner]);
  return record('indexSelect', y, [x], [index], (g, [at]) => [piecewiseLinear(drop(g, axis, at, size), edge)]);
}

/** The gradient of pick: slices added up at their positions. */
export function drop(g: Tensor, axis: number, index: Tensor, size: number): Tensor {
  const y = empty(g.backend, replaced(g.shape, axis, size), g.dtype);
  const [outer, inner] = around(g.shape, axis);
  g.backend.run('scatterAdd', g.dtype, [g.ptr, index.ptr, y.ptr, outer, index.numel, size, inner]);
  return record('indexAdd', y, [g], [index], (h, [at]) => [pick(h, axis, at)]);
}

/**
 * Rows of a table [rows, width] at `index` [n], of whose gradient each position's share reaches its row. `look` sees the checked
 * positions before the rows are read, and returns the shares, or null where all of it does.
 */
export function pickRows(op: string, table: Tensor, index: Tensor, look: (positions: ArrayLike<number>) => readonly number[] | null): Tensor {
  const shares = look(checkPositions(op, index, table.shape[0], `indices ${fmt(index.shape)}, weight ${fmt(table.shape)}`));
  if (shares === null || !table.requiresGrad) return pick(table, 0, index);
  const y = recordingAs(false, () => pick(table, 0, index));
  const factor = fromData(table.backend, shares, [shares.length, 1], { dtype: table.dtype });
  const [size] = table.shape;
  return record(op, y, [table], [index, factor], (g, [at, share]) => [drop(g.mul(share), 0, at, size)]);
}

/**
 * x with the slices of `source` (times `alpha`) added along `dim` at `index` [n]; positions may repeat. @source torch.index_add
 * @throws {ShapeError} CVY_SHAPE_MISMATCH unless source is x with n entries along `dim`
 */
export function indexAdd(x: Tensor, dim: number, index: Tensor, source: Tensor, options: { alpha?: number } = {}): Tensor {
  checkTogether('indexAdd', x, index, source);
  checkOptions('indexAdd', options, ['alpha']);
  const axis = checkAxis('indexAdd', dim, x.ndim, x.shape);
  const shapes = `input ${fmt(x.shape)}, index ${fmt(index.shape)}, source ${fmt(source.shape)}, axis ${axis}`;
  checkPositions('indexAdd', index, x.shape[axis] ?? 1, shapes);
  if (index.ndim > 1 || !sameShape(source.shape, replaced(x.shape, axis, index.numel))) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `indexAdd: source is ${fmt(source.shape)} but ${fmt(replaced(x.shape, axis, index.numel))} is required, one slice for each position (${shapes})`);
  }
  const sums = summed(source.to(x.dtype), (s) => drop(s, axis, index, x.shape[axis] ?? 1));
  return x.add(checkNumber('indexAdd', 'alpha', options.alpha ?? 1) === 1 ? sums : sums.mul(options.alpha!));
}

/** Sums of integers are computed in float64, which holds them exactly: the kernels that collect know floats only. */
export const summed = (x: Tensor, collect: (x: Tensor) => Tensor): Tensor => (isFloat(x.dtype) ? collect(x) : collect(x.to('float64')).to(x.dtype));

/** y[…, j, …] = x[…, index[…, j, …], …] along `dim`; index has the axes of x, none of them longer outside `dim`. @source torch.gather */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  checkTogether('gather', x, index);
  const axis = checkAxis('gather', dim, x.ndim, x.shape);
  const shapes = `input ${fmt(x.shape)}, index ${fmt(index.shape)}, axis ${axis}`;
  if (index.ndim !== x.ndim) throw new ShapeError('CVY_SHAPE_RANK', `gather: index has ${index.ndim} axes but ${x.ndim} are required (${shapes})`);
  if (index.shape.some((size, i) => i !== axis && size > x.shape[i])) throw new ShapeError('CVY_SHAPE_MISMATCH', `gather: index is longer than the input outside of axis ${axis} but must not be (${shapes})`);
  checkPositions('gather', index, x.shape[axis] ?? 1, shapes);
  const same = index.shape.every((size, i) => i === axis || size === x.shape[i]);
  const from = same ? x : x.slice(...index.shape.map((size, i) => (i === axis ? null : [0, size] as const)));
  return gatherAlong(from, axis, index);
}

/** gather without checks: positions are known to fit. */
export function gatherAlong(x: Tensor, axis: number, index: Tensor): Tensor {
  if (x.dtype === 'bool') return gatherAlong(x.to('int32'), axis, index).to('bool');
  const y = empty(x.backend, index.shape, x.dtype);
  const [outer, inner] = around(x.shape, axis);
  const size = x.shape[axis] ?? 1;
  x.backend.run('gatherElements', x.dtype, [x.ptr, index.ptr, y.ptr, outer, size, index.shape[axis] ?? 1, inner]);
  return record('gather', y, [x], [index], (g, [at]) => [scatterAlong(g, axis, at, size)]);
}

/** The gradient of gatherAlong: elements added up at their positions, `size` of them along `axis`. */
export function scatterAlong(g: Tensor, axis: number, index: Tensor, size: number): Tensor {
  const y = empty(g.backend, replaced(g.shape, axis, size), g.dtype);
  const [outer, inner] = around(g.shape, axis);
  g.backend.run('scatterAddElements', g.dtype, [g.ptr, index.ptr, y.ptr, outer, g.shape[axis] ?? 1, size, inner]);
  return record('scatterAdd', y, [g], [index], (h, [at]) => [gatherAlong(h, axis, at)]);
}
