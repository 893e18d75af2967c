/**
 * Operations that put elements elsewhere, repeat them or leave some out, made of views, slices and copies.
 */
import { ArgumentError, fmt, ShapeError } from '../../errors.js';
import { checkAxes, checkAxis, checkReshape, numel, stridesOf, type Window } from '../../shape/index.js';
import { fromData, Tensor } from '../../tensor/index.js';
import { checkTogether } from './common.js';
import { indexSelect } from './indexing.js';
import { cat, clone, expand, narrow, permute, placed, reshape, select, slice, windowOf } from './shape.js';
import { where } from './unary.js';

type Sizes = readonly (number | readonly number[])[];
const sizes = (to: Sizes): readonly number[] => (Array.isArray(to[0]) ? to[0] : to) as readonly number[];

/** Axes in opposite order. @source torch.flip */
export function flip(x: Tensor, ...dims: (number | readonly number[])[]): Tensor {
  checkTogether('flip', x);
  const wanted = sizes(dims);
  const axes = wanted.length === 0 ? [] : checkAxes('flip', wanted, x.shape);
  return slice(x, ...x.shape.map((_, axis) => (axes.includes(axis) ? [null, null, -1] as const : null)));
}

/**
 * Elements moved by `shifts` along `dims`; what leaves at one end enters at the other. Without `dims` the flattened tensor is rolled.
 * @source torch.roll
 */
export function roll(x: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
  checkTogether('roll', x);
  if (dims === undefined) return roll(reshape(x, [x.numel]), shifts, 0).reshape(x.shape);
  const [by, axes] = [[shifts].flat(), [dims].flat()] as [number[], number[]];
  if (by.length !== axes.length || !by.every(Number.isInteger)) {
    throw new ArgumentError('CVY_ARG_VALUE', `roll: shifts are ${fmt(by)} but one integer for each of the axes ${fmt(axes)} is required (input ${fmt(x.shape)})`);
  }
  return by.reduce((y, shift, i) => {
    const axis = checkAxis('roll', axes[i], x.ndim, x.shape);
    const size = x.shape[axis] ?? 1;
    const front = size === 0 ? 0 : ((shift % size) + size) % size;
    return front === 0 ? clone(y) : cat([narrow(y, axis, size - front, front), narrow(y, axis, 0, size - front)], axis);
  }, x);
}

/** The tensor `repeats` times along each axis; further leading repeats make axes. @source torch.Tensor.repeat */
export function repeat(x: Tensor, ...repeats: (number | readonly number[])[]): Tensor {
  checkTogether('repeat', x);
  const times = sizes(repeats);
  if (times.length < x.ndim || times.some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ArgumentError('CVY_ARG_VALUE', `repeat: repeats are ${fmt(times)} but ${x.ndim} integers ≥ 0 are required at least, one for each axis (input ${fmt(x.shape)})`);
  }
  const own = [...new Array<number>(times.length - x.ndim).fill(1), ...x.shape];
  const apart = expand(reshape(x, own.flatMap((size) => [1, size])), own.flatMap((size, i) => [times[i], size]));
  return reshape(apart, own.map((size, i) => size * times[i]));
}

/** As repeat, where repeats may be fewer than axes: those of the last axes. @source torch.tile */
export function tile(x: Tensor, ...repeats: (number | readonly number[])[]): Tensor {
  const times = sizes(repeats);
  return repeat(x, [...new Array<number>(Math.max(0, x.ndim - times.length)).fill(1), ...times]);
}

/**
 * Every entry of an axis `repeats` times in a row, or as often as `repeats` says for each; of the flattened tensor without `dim`.
 * @source torch.repeat_interleave
 */
export function repeatInterleave(input: Tensor, repeats: number | readonly number[] | Tensor, dim?: number | null): Tensor {
  checkTogether('repeatInterleave', input);
  const x = (dim ?? null) === null ? reshape(input, [input.numel]) : input;
  const axis = checkAxis('repeatInterleave', dim ?? 0, x.ndim, x.shape);
  const size = x.shape[axis] ?? 1;
  const given = repeats instanceof Tensor ? Array.from(repeats.dataSync()) : [repeats].flat() as number[];
  const times = given.length === 1 ? new Array<number>(size).fill(given[0]) : given;
  if (times.length !== size || times.some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ArgumentError('CVY_ARG_VALUE', `repeatInterleave: repeats are ${fmt(given)} but one integer ≥ 0 or one for each of ${size} entries is required (input ${fmt(x.shape)}, axis ${axis})`);
  }
  return indexSelect(x, axis, fromData(x.backend, Int32Array.from(times.flatMap((n, i) => new Array<number>(n).fill(i)))));
}

/** Axes moved to other places, the rest in their order. @source torch.movedim */
export function movedim(x: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
  const find = (dims: number | readonly number[]): number[] => ([dims].flat() as number[]).map((dim) => checkAxis('movedim', dim, x.ndim, x.shape));
  const [from, to] = [find(source), find(destination)];
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new ShapeError('CVY_SHAPE_AXIS', `movedim: axes ${fmt(from)} go to ${fmt(to)} but as many different ones are required (input ${fmt(x.shape)})`);
  }
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
  return permute(x, x.shape.map((_, axis) => (to.includes(axis) ? from[to.indexOf(axis)] : rest.shift()!)));
}

/** The entries of an axis one by one, without it. @source torch.unbind */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  checkTogether('unbind', x);
  if (x.ndim === 0) throw new ShapeError('CVY_SHAPE_RANK', 'unbind: the input is a scalar but at least one axis is required (input [])');
  const axis = checkAxis('unbind', dim, x.ndim, x.shape);
  return Array.from({ length: x.shape[axis] }, (_, i) => select(x, axis, i));
}

/** One axis as several; one size may be −1. @source torch.unflatten */
export function unflatten(x: Tensor, dim: number, to: readonly number[]): Tensor {
  checkTogether('unflatten', x);
  const axis = checkAxis('unflatten', dim, x.ndim, x.shape);
  return reshape(x, [...x.shape.slice(0, axis), ...checkReshape('unflatten', [x.shape[axis] ?? 1], to), ...x.shape.slice(axis + 1)]);
}

/** Where the diagonal of two axes lies: it becomes the last axis. */
function diagonalWindow(op: string, shape: readonly number[], offset: number, dim1: number, dim2: number): Window {
  const [a, b] = [checkAxis(op, dim1, shape.length, shape), checkAxis(op, dim2, shape.length, shape)];
  if (shape.length < 2 || a === b) throw new ShapeError('CVY_SHAPE_AXIS', `${op}: the axes are ${dim1} and ${dim2} but two different ones are required (input ${fmt(shape)})`);
  if (!Number.isInteger(offset)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: offset is ${String(offset)} but must be an integer (input ${fmt(shape)})`);
  const own = stridesOf(shape);
  const length = Math.max(0, Math.min(shape[a] - Math.max(0, -offset), shape[b] - Math.max(0, offset)));
  const rest = shape.map((_, axis) => axis).filter((axis) => axis !== a && axis !== b);
  return {
    shape: [...rest.map((axis) => shape[axis]), length],
    offset: length === 0 ? 0 : offset >= 0 ? offset * own[b] : -offset * own[a],
    strides: [...rest.map((axis) => own[axis]), own[a] + own[b]],
  };
}

/** Elements whose index along `dim2` is that along `dim1` plus `offset`, as the last axis. A copy. @source torch.diagonal */
export function diagonal(x: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  checkTogether('diagonal', x);
  return windowOf('diagonal', x, diagonalWindow('diagonal', x.shape, offset, dim1, dim2));
}

/** Zeros with the last axis of `x` as a diagonal of two new axes. @source torch.diag_embed */
export function diagEmbed(x: Tensor, offset = 0, dim1 = -2, dim2 = -1): Tensor {
  checkTogether('diagEmbed', x);
  if (x.ndim === 0) throw new ShapeError('CVY_SHAPE_RANK', 'diagEmbed: the input is a scalar but at least one axis is required (input [])');
  const side = x.shape[x.ndim - 1] + Math.abs(offset);
  const [a, b] = [checkAxis('diagEmbed', dim1, x.ndim + 1, x.shape), checkAxis('diagEmbed', dim2, x.ndim + 1, x.shape)];
  const rest = x.shape.slice(0, -1);
  const shape = new Array<number>(x.ndim + 1).fill(0).map((_, axis) => (axis === a || axis === b ? side : rest.shift()!));
  return placed(x, shape, diagonalWindow('diagEmbed', shape, offset, dim1, dim2));
}

/** The diagonal of a matrix, or the matrix with a vector as its diagonal. @source torch.diag */
export function diag(x: Tensor, offset = 0): Tensor {
  checkTogether('diag', x);
  if (x.ndim !== 1 && x.ndim !== 2) throw new ShapeError('CVY_SHAPE_RANK', `diag: the input has ${x.ndim} axes but 1 or 2 are required (input ${fmt(x.shape)}); use diagonal or diagEmbed`);
  return x.ndim === 1 ? diagEmbed(x, offset) : diagonal(x, offset);
}

/** The sum of a matrix's diagonal. @source torch.trace */
export function trace(x: Tensor): Tensor {
  checkTogether('trace', x);
  if (x.ndim !== 2) throw new ShapeError('CVY_SHAPE_RANK', `trace: the input has ${x.ndim} axes but 2 are required (input ${fmt(x.shape)})`);
  return diagonal(x).sum();
}

/** `kept`: from which column on and up to which a row is kept, given the column that lies on the diagonal. */
const triangle = (op: string, kept: (diagonal: number) => [from: number, end: number]) => (x: Tensor, offset = 0): Tensor => {
  checkTogether(op, x);
  if (x.ndim < 2) throw new ShapeError('CVY_SHAPE_RANK', `${op}: the input has ${x.ndim} axes but 2 are required at least (input ${fmt(x.shape)})`);
  const [rows, columns] = x.shape.slice(-2);
  const mask = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const [from, end] = kept(row + offset).map((column) => Math.min(columns, Math.max(0, column)));
    mask.fill(1, row * columns + from, row * columns + Math.max(from, end));
  }
  return where(fromData(x.backend, mask, [rows, columns], { dtype: 'bool' }), x, 0);
};

/** Matrices without what lies above the diagonal. @source torch.tril */
export const tril = triangle('tril', (diagonal) => [0, diagonal + 1]);
/** Matrices without what lies below the diagonal. @source torch.triu */
export const triu = triangle('triu', (diagonal) => [diagonal, Infinity]);

/** `x` in the shape of another tensor. @source torch.Tensor.expand_as */
export const expandAs = (x: Tensor, other: Tensor): Tensor => expand(x, other.shape);
/** `x` with the sizes of another tensor. @source torch.Tensor.reshape_as */
export const reshapeAs = (x: Tensor, other: Tensor): Tensor => reshape(x, other.shape);
/** One axis. @source torch.ravel */
export const ravel = (x: Tensor): Tensor => reshape(x, [numel(x.shape)]);
