/**
 * Operations that move elements and compute nothing: views share storage, the rest copy. Each one's gradient moves them back.
 */
import { ArgumentError, fmt, GraphError, ShapeError } from '../../errors.js';
import { broadcastShapes, broadcastStrides, checkAxis, checkIndices, checkReshape, numel, product, sameShape, stridesOf, type Index, type Window } from '../../shape/index.js';
import { empty, full, Tensor } from '../../tensor/index.js';
import { isGradEnabled, record } from '../tape.js';
import { checkTogether, promote, viewAs } from './common.js';

/** y[yOffset + …] = x[xOffset + …] over `shape`. */
function move(x: Tensor, y: Tensor, shape: readonly number[], xStrides: readonly number[], yStrides: readonly number[], xOffset = 0, yOffset = 0): void {
  x.backend.run('stridedCopy', x.dtype, [x.ptr, y.ptr, xOffset, yOffset, shape.length, ...shape, ...xStrides, ...yStrides]);
}

/** A view of another shape; one size may be −1. @source torch.reshape */
export function reshape(x: Tensor, ...to: (number | readonly number[])[]): Tensor {
  checkTogether('reshape', x);
  const shape = checkReshape('reshape', x.shape, sizes(to));
  return viewAs('reshape', x, shape);
}

/** The same as reshape: tensors are contiguous. @source torch.Tensor.view */
export const view = reshape;

const sizes = (to: readonly (number | readonly number[])[]): readonly number[] => (Array.isArray(to[0]) ? to[0] : to) as readonly number[];

/** Merges the axes from `startDim` to `endDim`. @source torch.flatten */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  checkTogether('flatten', x);
  if (x.ndim === 0) return reshape(x, [1]);
  const [from, to] = [checkAxis('flatten', startDim, x.ndim, x.shape), checkAxis('flatten', endDim, x.ndim, x.shape)];
  if (from > to) throw new ShapeError('CVY_SHAPE_AXIS', `flatten: startDim ${startDim} lies behind endDim ${endDim} but must not (input ${fmt(x.shape)})`);
  return reshape(x, [...x.shape.slice(0, from), product(x.shape, from, to + 1), ...x.shape.slice(to + 1)]);
}

/** Adds an axis of size 1. @source torch.unsqueeze */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const axis = checkAxis('unsqueeze', dim, x.ndim + 1, x.shape);
  return reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
}

/** Removes axes of size 1: all, or `dim` if it is one. @source torch.squeeze */
export function squeeze(x: Tensor, dim?: number): Tensor {
  const axis = dim === undefined ? -1 : checkAxis('squeeze', dim, x.ndim, x.shape);
  return reshape(x, x.shape.filter((size, i) => size !== 1 || (dim !== undefined && i !== axis)));
}

/** Axes in another order. @source torch.permute */
export function permute(x: Tensor, ...order: (number | readonly number[])[]): Tensor {
  checkTogether('permute', x);
  const axes = sizes(order).map((axis) => checkAxis('permute', axis, x.ndim, x.shape));
  if (axes.length !== x.ndim || new Set(axes).size !== x.ndim) {
    throw new ShapeError('CVY_SHAPE_AXIS', `permute: the order is ${fmt(sizes(order))} but must name each of ${x.ndim} axes once (input ${fmt(x.shape)})`);
  }
  const strides = stridesOf(x.shape);
  const shape = axes.map((axis) => x.shape[axis]);
  const y = empty(x.backend, shape, x.dtype);
  move(x, y, shape, axes.map((axis) => strides[axis]), stridesOf(shape));
  const back = axes.map((_, i) => axes.indexOf(i));
  return record('permute', y, [x], [], (g) => [permute(g, back)]);
}

/** Two axes exchanged. @source torch.transpose */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const [a, b] = [checkAxis('transpose', dim0, x.ndim, x.shape), checkAxis('transpose', dim1, x.ndim, x.shape)];
  if (x.ndim === 0) return reshape(x, []);
  return permute(x, x.shape.map((_, i) => (i === a ? b : i === b ? a : i)));
}

/** The transpose of a matrix; vectors and scalars stay as they are. @source torch.t */
export function t(x: Tensor): Tensor {
  if (x.ndim > 2) throw new ShapeError('CVY_SHAPE_RANK', `t: input has ${x.ndim} axes but at most 2 are allowed (input ${fmt(x.shape)}); use transpose(dim0, dim1)`);
  return x.ndim === 2 ? transpose(x, 0, 1) : reshape(x, x.shape);
}

/** Repeats axes of size 1, and new leading ones, to `shape`; −1 keeps a size. A copy. @source torch.Tensor.expand */
export function expand(x: Tensor, ...to: (number | readonly number[])[]): Tensor {
  checkTogether('expand', x);
  const wanted = sizes(to);
  const shape = wanted.map((size, i) => (size === -1 ? x.shape[i - (wanted.length - x.ndim)] ?? -1 : size));
  if (sameShape(x.shape, shape)) return viewAs('expand', x, shape);
  if (shape.some((size) => size < 0) || !sameShape(broadcastShapes('expand', x.shape, shape), shape)) {
    throw new ShapeError('CVY_SHAPE_BROADCAST', `expand: ${fmt(x.shape)} cannot become ${fmt(wanted)} but only axes of size 1 can be repeated`);
  }
  const y = empty(x.backend, shape, x.dtype);
  move(x, y, shape, broadcastStrides(x.shape, shape), stridesOf(shape));
  const from = x.shape;
  return record('expand', y, [x], [], (g) => [g.sumTo(from)]);
}

/** A copy of its own. @source torch.clone */
export function clone(x: Tensor): Tensor {
  checkTogether('clone', x);
  const y = empty(x.backend, x.shape, x.dtype);
  x.backend.run('copy', x.dtype, [x.ptr, y.ptr, x.numel]);
  return record('clone', y, [x], [], (g) => [g]);
}

/** The same storage without history. @source torch.Tensor.detach */
export const detach = (x: Tensor): Tensor => new Tensor(x.backend, x.storage, x.shape, x.dtype);

/**
 * Part of a tensor, as Python's x[…]: for each leading axis an integer (the axis goes), null (all of it) or
 * [start, stop, step?]. A copy. @source Python indexing of torch.Tensor
 */
export function slice(x: Tensor, ...indices: Index[]): Tensor {
  checkTogether('slice', x);
  return windowOf('slice', x, checkIndices('slice', x.shape, indices));
}

/** The elements that a strided window names, as a copy; recorded under `name`. */
export function windowOf(name: string, x: Tensor, window: Window): Tensor {
  const y = empty(x.backend, window.shape, x.dtype);
  move(x, y, window.shape, window.strides, stridesOf(window.shape), window.offset);
  const from = x.shape;
  return record(name, y, [x], [], (g) => [placed(g, from, window)]);
}

/** Zeros of `shape` with `x` in the window, whose elements are distinct: the gradient of windowOf. */
export function placed(x: Tensor, shape: readonly number[], window: Window): Tensor {
  const y = full(x.backend, shape, 0, x.dtype);
  write(x, y, window);
  return record('place', y, [x], [], (g) => [windowOf('slice', g, window)]);
}

/** Writes `x`, broadcast to the window, into `y`. Steps backwards are turned round: kernels write forwards. */
function write(x: Tensor, y: Tensor, window: Window): void {
  const strides = broadcastStrides(x.shape, window.shape);
  let [from, to] = [0, window.offset];
  const forward = window.strides.map((stride, i) => {
    if (stride >= 0) return stride;
    to += stride * (window.shape[i] - 1);
    from += strides[i] * (window.shape[i] - 1);
    strides[i] = -strides[i];
    return -stride;
  });
  if (numel(window.shape) > 0) move(x, y, window.shape, strides, forward, from, to);
}

/**
 * In place: y[indices] = value (a tensor that broadcasts, or a number), recorded, so that gradients reach `value` and what
 * was kept of `y`. The TypeScript form of Python's `Y[i, j] = …`.
 * @throws {GraphError} CVY_GRAPH_LEAF for a leaf that requires a gradient, or views of it
 */
export function set_(y: Tensor, indices: Index | readonly Index[], value: Tensor | number): Tensor {
  const list = (Array.isArray(indices) ? indices : [indices]) as readonly Index[];
  const window = checkIndices('set_', y.shape, list);
  const source = typeof value === 'number' ? full(y.backend, [], value, y.dtype) : value;
  checkTogether('set_', y, source);
  const x = source.to(y.dtype);
  if (!sameShape(broadcastShapes('set_', x.shape, window.shape), window.shape)) {
    throw new ShapeError('CVY_SHAPE_BROADCAST', `set_: the value is ${fmt(x.shape)} but the part to be set is ${fmt(window.shape)} (tensor ${fmt(y.shape)})`);
  }
  const recorded = checkInPlace('set_', y, [x]);
  // The value may be part of y itself, and kernels do not read what they write.
  const own = x.storage === y.storage ? clone(detach(x)) : x;
  write(own, y, window);
  y.storage.version++;
  if (recorded) {
    const { shape } = x;
    record('set_', y, [y, x], [], (g, _saved, needs) => [
      needs[0] ? cleared(g, list) : null,
      needs[1] ? slice(g, ...list).sumTo(shape) : null,
    ]);
  }
  return y;
}

/** `g` with zeros at `indices`. */
function cleared(g: Tensor, indices: readonly Index[]): Tensor {
  const y = clone(detach(g));
  write(full(g.backend, [], 0, g.dtype), y, checkIndices('set_', g.shape, indices));
  return record('cleared', y, [g], [], (h) => [cleared(h, indices)]);
}

/** Whether an in-place change has to be recorded; refuses those that gradients could not follow. */
export function checkInPlace(op: string, y: Tensor, others: readonly Tensor[]): boolean {
  if (!isGradEnabled() || !(y.requiresGrad || others.some((x) => x.requiresGrad))) return false;
  if (y.requiresGrad && y.isLeaf) {
    throw new GraphError('CVY_GRAPH_LEAF', `${op}: the tensor is a leaf that requires a gradient but only results can be changed in place while recording (tensor ${fmt(y.shape)}); wrap it in noGrad(() => …)`);
  }
  if (y.storage.viewed || y.gradFn?.name === 'reshape' || y.gradFn?.name === 'expand') {
    throw new GraphError('CVY_GRAPH_LEAF', `${op}: the tensor shares its storage with a recorded view but must not while it is changed in place (tensor ${fmt(y.shape)}); clone() it first`);
  }
  return true;
}

/**
 * Joins tensors along an axis that exists, in the dtype that holds all of them. Tensors of shape [0] join anything, and add nothing.
 * @source torch.cat
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  if (!Array.isArray(tensors) || tensors.length === 0) throw new ArgumentError('CVY_ARG_VALUE', 'cat: no tensors are given but at least one is required');
  checkTogether('cat', ...tensors);
  const first: Tensor = tensors.find(({ shape }) => fmt(shape) !== '[0]') ?? tensors[0];
  const joins = (x: Tensor): boolean => x.ndim === first.ndim || fmt(x.shape) !== '[0]';
  if (first.ndim === 0) throw new ShapeError('CVY_SHAPE_RANK', `cat: a scalar is given but at least one axis is required (${tensors.map(({ shape }) => fmt(shape)).join(', ')}); use stack`);
  const axis = checkAxis('cat', dim, first.ndim, first.shape);
  const dtype = tensors.map((x: Tensor) => x.dtype).reduce(promote);
  const parts: Tensor[] = tensors.map((x: Tensor) => x.to(dtype));
  for (const x of parts.filter(joins)) {
    if (x.ndim !== first.ndim || x.shape.some((size, i) => i !== axis && size !== first.shape[i])) {
      throw new ShapeError('CVY_SHAPE_MISMATCH', `cat: shapes differ outside axis ${axis} but must agree there (${tensors.map(({ shape }) => fmt(shape)).join(', ')})`);
    }
  }
  const lengths = parts.map((x) => (joins(x) ? x.shape[axis] : 0));
  const shape = first.shape.map((size, i) => (i === axis ? lengths.reduce((sum, length) => sum + length, 0) : size));
  const y = empty(first.backend, shape, dtype);
  const strides = stridesOf(shape);
  const starts: number[] = [];
  let at = 0;
  parts.forEach((x, i) => {
    starts.push(at);
    if (x.numel > 0) move(x, y, x.shape, stridesOf(x.shape), strides, 0, at * (strides[axis] ?? 1));
    at += lengths[i];
  });
  const joined = parts.map(joins);
  return record('cat', y, parts, [], (g, _saved, needs) => needs.map((need, i) => {
    if (!need) return null;
    return joined[i] ? narrow(g, axis, starts[i], lengths[i]) : empty(g.backend, [0], g.dtype);
  }));
}

/** Joins tensors of one shape along a new axis. @source torch.stack */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  if (!Array.isArray(tensors) || tensors.length === 0) throw new ArgumentError('CVY_ARG_VALUE', 'stack: no tensors are given but at least one is required');
  checkTogether('stack', ...tensors);
  if (tensors.some(({ shape }) => !sameShape(shape, tensors[0].shape))) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `stack: shapes differ but must be equal (${tensors.map(({ shape }) => fmt(shape)).join(', ')}); cat joins along an axis that exists`);
  }
  return cat(tensors.map((x) => unsqueeze(x, dim)), dim);
}

/** `length` entries of an axis from `start` on, which counts from the end where it is negative. A copy. @source torch.narrow */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const axis = checkAxis('narrow', dim, x.ndim, x.shape);
  const from = start < 0 ? start + x.shape[axis] : start;
  if (!Number.isInteger(start) || !Number.isInteger(length) || from < 0 || length < 0 || from + length > x.shape[axis]) {
    throw new ShapeError('CVY_SHAPE_AXIS', `narrow: entries ${start} to ${start + length} are asked but axis ${axis} has ${x.shape[axis]} (input ${fmt(x.shape)})`);
  }
  return slice(x, ...new Array<Index>(axis).fill(null), [from, from + length]);
}

/** One entry of an axis, which goes. A copy. @source torch.select */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const axis = checkAxis('select', dim, x.ndim, x.shape);
  return slice(x, ...new Array<Index>(axis).fill(null), index);
}

/** Parts of `size` along an axis (the last may be smaller), or of the sizes given. @source torch.split */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const axis = checkAxis('split', dim, x.ndim, x.shape);
  const whole = x.shape[axis];
  if (typeof size === 'number' && (!Number.isInteger(size) || size < 1)) throw new ArgumentError('CVY_ARG_VALUE', `split: the size is ${size} but must be an integer ≥ 1 (input ${fmt(x.shape)})`);
  const lengths: readonly number[] = typeof size === 'number' ? Array.from({ length: Math.max(1, Math.ceil(whole / size)) }, (_, i) => Math.min(size, whole - i * size)) : size;
  if (lengths.reduce((a, b) => a + b, 0) !== whole) throw new ShapeError('CVY_SHAPE_MISMATCH', `split: the sizes ${fmt(lengths)} do not add up to ${whole} along axis ${axis} (input ${fmt(x.shape)})`);
  let at = 0;
  return lengths.map((length) => narrow(x, axis, (at += length) - length, length));
}

/** At most `chunks` equal parts along an axis. @source torch.chunk */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  const axis = checkAxis('chunk', dim, x.ndim, x.shape);
  if (!Number.isInteger(chunks) || chunks < 1) throw new ArgumentError('CVY_ARG_VALUE', `chunk: the number of parts is ${chunks} but must be an integer ≥ 1 (input ${fmt(x.shape)})`);
  if (x.shape[axis] === 0) return Array.from({ length: chunks }, () => narrow(x, axis, 0, 0));
  return split(x, Math.ceil(x.shape[axis] / chunks), axis);
}
