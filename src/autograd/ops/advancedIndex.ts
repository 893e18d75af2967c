/**
 * Indexing with tensors: int32 positions (negative ones count from the end) and bool masks, mixed with the numbers and ranges of slice.
 * Where they point is worked out in JavaScript, where they are checked; then slices are gathered by one kernel.
 */
import { ArgumentError, checkFlag, checkOptions, DtypeError, fmt, ShapeError } from '../../errors.js';
import { broadcastShapes, broadcastStrides, numel, product, stridesOf, unravel, type Index } from '../../shape/index.js';
import { fromData, Tensor } from '../../tensor/index.js';
import type { Operand } from './arithmetic.js';
import { checkTogether } from './common.js';
import { drop, pick, summed } from './indexing.js';
import { expand, permute, reshape, slice } from './shape.js';
import { where } from './unary.js';

/** What slice takes, or a tensor: positions, whose axes take the place of the axis, or a mask over one axis or several. */
export type TensorIndex = Index | Tensor;

/** int32 [n, axes]: the positions of the elements that are not 0, row by row. @source torch.nonzero */
export function nonzero(x: Tensor): Tensor {
  checkTogether('nonzero', x);
  const flat = truths(x);
  const found = new Int32Array(flat.length * x.ndim);
  for (let i = 0; i < flat.length; i++) {
    for (let axis = x.ndim - 1, rest = flat[i]; axis >= 0; axis--) {
      found[i * x.ndim + axis] = rest % x.shape[axis];
      rest = Math.floor(rest / x.shape[axis]);
    }
  }
  return fromData(x.backend, found, [flat.length, x.ndim]);
}

function truths(x: Tensor): Int32Array {
  const values = x.dataSync();
  const found = new Int32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) found[count++] = i;
  return found.slice(0, count);
}

/** The elements where `mask` holds, as a vector; both are broadcast. @source torch.masked_select */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  checkMask('maskedSelect', x, mask);
  const shape = broadcastShapes('maskedSelect', x.shape, mask.shape);
  return pickFlat(expand(x, shape), truths(expand(mask, shape)));
}

function checkMask(op: string, x: Tensor, mask: Tensor): void {
  checkTogether(op, x, mask);
  if (mask.dtype !== 'bool') throw new DtypeError('CVY_DTYPE', `${op}: the mask is ${mask.dtype} but bool is required (input ${fmt(x.shape)}, mask ${fmt(mask.shape)}); compare, as in x.gt(0)`);
}

const pickFlat = (x: Tensor, positions: Int32Array): Tensor => pick(reshape(x, [x.numel]), 0, fromData(x.backend, positions));

/** y[i…] = x[i…, index[i…], …] along `dim`: gather with index and x broadcast outside of it; flattened without `dim`. @source torch.take_along_dim */
export function takeAlongDim(x: Tensor, index: Tensor, dim?: number | null): Tensor {
  checkTogether('takeAlongDim', x, index);
  if ((dim ?? null) === null) return reshape(x, [x.numel]).gather(0, reshape(index, [index.numel]));
  const axis = dim! < 0 ? dim! + x.ndim : dim!;
  if (index.ndim !== x.ndim || !(axis >= 0 && axis < x.ndim)) {
    throw new ShapeError('CVY_SHAPE_RANK', `takeAlongDim: index has ${index.ndim} axes and dim is ${dim} but ${x.ndim} axes and one of them are required (input ${fmt(x.shape)}, index ${fmt(index.shape)})`);
  }
  const at = (shape: readonly number[], size: number): number[] => shape.map((s, i) => (i === axis ? size : s));
  const common = broadcastShapes('takeAlongDim', at(x.shape, 1), at(index.shape, 1));
  return expand(x, at(common, x.shape[axis])).gather(axis, expand(index, at(common, index.shape[axis])));
}

/** Where tensor indices point: the input with the indexed axes together, flat positions among them, and the shape of the result. */
interface Target {
  /** What numbers and ranges leave of the input, with the indexed axes behind `before` others. */
  readonly order: readonly number[];
  readonly before: number;
  readonly count: number;
  readonly positions: Int32Array;
  readonly chosen: readonly number[];
  readonly rest: readonly number[];
}

/** int32 tensors, one for each axis, from positions and masks. */
function positionLists(op: string, shape: readonly number[], indices: readonly (Tensor | null)[]): { axis: number; values: ArrayLike<number>; shape: readonly number[] }[] {
  let axis = 0;
  const lists: { axis: number; values: ArrayLike<number>; shape: readonly number[] }[] = [];
  for (const index of indices) {
    if (index === null) axis++;
    else if (index.dtype === 'bool') {
      const own = shape.slice(axis, axis + index.ndim);
      if (index.ndim === 0 || own.length !== index.ndim || own.some((size, i) => size !== index.shape[i])) {
        throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: a mask is ${fmt(index.shape)} but the axes it selects from are ${fmt(own)} and must be equal (input ${fmt(shape)})`);
      }
      const found = Array.from(truths(index), (at) => unravel(at, own));
      own.forEach((_, i) => lists.push({ axis: axis++, values: found.map((at) => at[i]), shape: [found.length] }));
    } else if (index.dtype === 'int32') {
      const [size, values] = [shape[axis], index.dataSync()];
      for (let i = 0; i < values.length; i++) {
        if (values[i] < -size || values[i] >= size) throw new ShapeError('CVY_SHAPE_AXIS', `${op}: index ${values[i]} lies outside axis ${axis} of size ${size} but must be from ${-size} to ${size - 1} (input ${fmt(shape)}, index ${fmt(index.shape)})`);
      }
      lists.push({ axis, values: values.map((v) => (v < 0 ? v + size : v)), shape: index.shape });
      axis++;
    } else throw new DtypeError('CVY_DTYPE', `${op}: an index is ${index.dtype} but int32 or bool is required (input ${fmt(shape)}, index ${fmt(index.shape)})`);
  }
  return lists;
}

function resolve(op: string, shape: readonly number[], indices: readonly (Tensor | null)[]): Target {
  const lists = positionLists(op, shape, indices);
  const chosen = lists.map((list) => list.shape).reduce((a, b) => broadcastShapes(op, a, b));
  const strides = lists.map((list) => broadcastStrides(list.shape, chosen));
  const axes = lists.map(({ axis }) => axis);
  const sizes = axes.map((axis) => shape[axis]);
  const steps = stridesOf(sizes);
  const positions = Int32Array.from({ length: numel(chosen) }, (_, flat) => {
    const at = unravel(flat, chosen);
    return lists.reduce((sum, { values }, l) => sum + steps[l] * values[at.reduce((place, i, axis) => place + i * strides[l][axis], 0)], 0);
  });
  const others = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  // Neighbouring indices stay where they are; separate ones come first, as in NumPy.
  const before = axes[axes.length - 1] - axes[0] === axes.length - 1 ? axes[0] : 0;
  const order = [...others.slice(0, before), ...axes, ...others.slice(before)];
  return { order, before, count: numel(sizes), positions, chosen, rest: others.map((axis) => shape[axis]) };
}

/** Numbers and ranges, which slice resolves, and tensors with null for the axes that those leave. */
function separate(op: string, x: Tensor, indices: readonly TensorIndex[]): { basic: Index[]; tensors: (Tensor | null)[] } {
  const tensors: (Tensor | null)[] = [];
  const basic = indices.flatMap((index): Index[] => {
    if (!(index instanceof Tensor)) {
      if (typeof index !== 'number') tensors.push(null);
      return [index];
    }
    checkTogether(op, x, index);
    tensors.push(index);
    return new Array<Index>(index.dtype === 'bool' ? index.ndim : 1).fill(null);
  });
  if (basic.length > x.ndim) throw new ShapeError('CVY_SHAPE_AXIS', `${op}: the indices are for ${basic.length} axes but the tensor has ${x.ndim} (input ${fmt(x.shape)})`);
  return { basic, tensors };
}

/** The input as [outer, count, inner]. */
const arranged = (x: Tensor, { order, before, count }: Target): Tensor => {
  const y = order.every((axis, i) => axis === i) ? x : permute(x, order);
  return reshape(y, [product(y.shape, 0, before), count, count === 0 ? product(y.shape, before, y.ndim) : numel(y.shape) === 0 ? 0 : numel(y.shape) / (count * product(y.shape, 0, before))]);
};

/**
 * x[…] with tensors among the indices: positions select along their axis, several of them together (broadcast); a mask selects where it
 * holds. `x.index(mask)`, `x.index(null, rows)`, `x.index(rows, columns)`. A copy; gradients of repeated positions add up.
 *
 * @throws {ShapeError} CVY_SHAPE_AXIS, CVY_SHAPE_MISMATCH, CVY_SHAPE_BROADCAST; {DtypeError} CVY_DTYPE for other index dtypes
 * @source Python indexing of torch.Tensor
 */
export function index(x: Tensor, ...indices: TensorIndex[]): Tensor {
  checkTogether('index', x);
  const { basic, tensors } = separate('index', x, indices);
  const part = basic.some((i) => i !== null) ? slice(x, ...basic) : x;
  if (tensors.every((tensor) => tensor === null)) return part === x ? slice(x) : part;
  const target = resolve('index', part.shape, tensors);
  const picked = pick(arranged(part, target), 1, fromData(x.backend, target.positions));
  return reshape(picked, [...target.rest.slice(0, target.before), ...target.chosen, ...target.rest.slice(target.before)]);
}

/**
 * x with `values` (broadcast) at tensor indices, or with them added there when `accumulate`. Where positions repeat the last value stays.
 * Takes positions, masks and null; for numbers and ranges there is set_.
 * @throws {ArgumentError} CVY_ARG_TYPE for other indices; otherwise as index
 * @source torch.index_put
 */
export function indexPut(x: Tensor, indices: readonly (Tensor | null)[], values: Operand, options: { accumulate?: boolean } = {}): Tensor {
  checkTogether('indexPut', x);
  checkOptions('indexPut', options, ['accumulate']);
  const accumulate = checkFlag('indexPut', 'accumulate', options.accumulate ?? false);
  if (!Array.isArray(indices) || !indices.some((i) => i instanceof Tensor) || !indices.every((i) => i === null || i instanceof Tensor)) {
    throw new ArgumentError('CVY_ARG_TYPE', `indexPut: the indices are ${Array.isArray(indices) ? 'not all tensors or null' : typeof indices} but an array of tensors (and null) is required (input ${fmt(x.shape)}); use set_ for numbers and ranges`);
  }
  const { tensors } = separate('indexPut', x, indices);
  const target = resolve('indexPut', x.shape, tensors);
  const { before, chosen, rest, positions, count, order } = target;
  const shape = [...rest.slice(0, before), ...chosen, ...rest.slice(before)];
  const value = values instanceof Tensor ? values : fromData(x.backend, [values], [], { dtype: x.dtype });
  checkTogether('indexPut', x, value);
  const base = arranged(x, target);
  const [outer, , inner] = base.shape;
  const source = reshape(expand(value.to(x.dtype), shape), [outer, positions.length, inner]);
  const back = (y: Tensor): Tensor => {
    const sizes = order.map((axis) => x.shape[axis]);
    return permute(reshape(y, sizes), order.map((_, axis) => order.indexOf(axis)));
  };
  if (accumulate) return back(base.add(summed(source, (s) => drop(s, 1, fromData(x.backend, positions), count))));
  const winner = new Int32Array(count).fill(-1);
  positions.forEach((at, i) => (winner[at] = i));
  const written = fromData(x.backend, winner.map((at) => Number(at >= 0)), [count, 1]).to('bool');
  if (positions.length === 0) return x.clone();
  const fresh = pick(source, 1, fromData(x.backend, winner.map((at) => Math.max(0, at))));
  return back(where(written, fresh, base));
}
