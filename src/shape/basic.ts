/**
 * Integer arithmetic on shapes that every op family shares: sizes, strides, axes, broadcasting, reshaping.
 * `checkX` throws and returns what it derived, so checking and inferring cannot disagree.
 */
import { ArgumentError, fmt, ShapeError } from '../errors.js';

export type Shape = readonly number[];

/** One number for all spatial axes, or one for each. */
export type Sizes = number | readonly number[];

export const numel = (shape: Shape): number => {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i];
  return n;
};

export const product = (shape: Shape, from: number, to: number): number => {
  let n = 1;
  for (let i = from; i < to; i++) n *= shape[i];
  return n;
};

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** The indices of a flat, row-major position. */
export function unravel(flat: number, shape: Shape): number[] {
  const at = new Array<number>(shape.length);
  for (let i = shape.length - 1, rest = flat; i >= 0; i--) {
    at[i] = rest % shape[i];
    rest = Math.floor(rest / shape[i]);
  }
  return at;
}

export const sameShape = (a: Shape, b: Shape): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

/** @throws {ArgumentError} when `shape` is not an array of integers ≥ 0. */
export function checkShape(op: string, shape: Shape): number[] {
  if (!Array.isArray(shape)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: shape is ${typeof shape} but must be an array of integers`);
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: shape [${shape.map(String).join(', ')}] has the size ${size} but sizes must be integers ≥ 0`);
  }
  return [...shape];
}

/** Axis counted from the front; negative ones count from the back. */
export function checkAxis(op: string, axis: number, rank: number, shape: Shape): number {
  const count = Math.max(rank, 1);
  if (!Number.isInteger(axis) || axis < -count || axis >= count) {
    throw new ShapeError('CVY_SHAPE_AXIS', `${op}: axis is ${axis} but must be an integer from ${-count} to ${count - 1} (input ${fmt(shape)})`);
  }
  return axis < 0 ? axis + count : axis;
}

/** Axes sorted from the front, without doubles. `undefined` or null means all of them. */
export function checkAxes(op: string, dim: number | readonly number[] | null | undefined, shape: Shape): number[] {
  if (dim === null || dim === undefined) return shape.map((_, i) => i);
  if (typeof dim !== 'number' && !Array.isArray(dim)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: dim is ${typeof dim} but must be an integer, an array of them or null (input ${fmt(shape)})`);
  const axes = (typeof dim === 'number' ? [dim] : dim as readonly number[]).map((axis) => checkAxis(op, axis, shape.length, shape));
  if (axes.length === 0) return shape.map((_, i) => i);
  if (new Set(axes).size !== axes.length) throw new ShapeError('CVY_SHAPE_AXIS', `${op}: axes [${typeof dim === 'number' ? dim : dim.join(', ')}] name one axis twice but must differ (input ${fmt(shape)})`);
  return shape.length === 0 ? [] : axes.sort((a, b) => a - b);
}

/** The common shape of two operands. @throws {ShapeError} CVY_SHAPE_BROADCAST. */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const [m, n] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError('CVY_SHAPE_BROADCAST', `${op}: axis ${i - rank} is ${m} in one operand and ${n} in the other but they must be equal or 1 (a ${fmt(a)}, b ${fmt(b)})`);
    }
    shape[i] = m === 1 ? n : m;
  }
  return shape;
}

/** Strides with which an operand of shape `from` is read at `to`: 0 along repeated axes. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  return to.map((_, i) => {
    const at = i - (to.length - from.length);
    return at < 0 || from[at] === 1 ? 0 : own[at];
  });
}

/** Merges neighbouring axes along which every operand moves evenly; the result is as short as it can be, at least one axis. */
export function collapse(shape: Shape, ...strides: readonly (readonly number[])[]): { shape: number[]; strides: number[][] } {
  const out: number[] = [];
  const outStrides: number[][] = strides.map(() => []);
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 1) continue;
    const last = out.length - 1;
    if (last >= 0 && strides.every((s, j) => outStrides[j][last] === s[i] * shape[i])) {
      out[last] *= shape[i];
      strides.forEach((s, j) => (outStrides[j][last] = s[i]));
    } else {
      out.push(shape[i]);
      strides.forEach((s, j) => outStrides[j].push(s[i]));
    }
  }
  if (out.length === 0) return { shape: [1], strides: strides.map(() => [1]) };
  return { shape: out, strides: outStrides };
}

/** Shape for a reshape of `from`; one size may be −1. @throws {ShapeError} CVY_SHAPE_NUMEL. */
export function checkReshape(op: string, from: Shape, to: Shape): number[] {
  const n = numel(from);
  const unknown = to.indexOf(-1);
  if (to.some((size, i) => !Number.isInteger(size) || size < -1 || (size === -1 && i !== unknown))) {
    throw new ShapeError('CVY_SHAPE_NUMEL', `${op}: the new shape is ${fmt(to)} but sizes must be integers ≥ 0, one of them may be -1 (from ${fmt(from)})`);
  }
  if (unknown < 0) {
    if (numel(to) !== n) throw new ShapeError('CVY_SHAPE_NUMEL', `${op}: ${n} elements cannot become ${numel(to)} but the numbers must be equal (from ${fmt(from)} to ${fmt(to)})`);
    return [...to];
  }
  const rest = to.reduce((a, size, i) => (i === unknown ? a : a * size), 1);
  if (rest === 0 || n % rest !== 0) throw new ShapeError('CVY_SHAPE_NUMEL', `${op}: ${n} elements cannot be divided into rows of ${rest} but -1 needs that (from ${fmt(from)} to ${fmt(to)})`);
  return to.map((size, i) => (i === unknown ? n / rest : size));
}

/** Shape after reducing `axes`. */
export const reducedShape = (shape: Shape, axes: readonly number[], keepdim: boolean): number[] =>
  keepdim ? shape.map((size, i) => (axes.includes(i) ? 1 : size)) : shape.filter((_, i) => !axes.includes(i));

/** @throws {ShapeError} CVY_SHAPE_RANK unless the input has `axes` axes, or one less: then the batch is left out. */
export function checkBatched(op: string, input: Shape, axes: number): void {
  if (input.length === axes || input.length === axes - 1) return;
  throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input.length} axes but ${axes} (or ${axes - 1} without a batch) are required (input ${fmt(input)})`);
}

/** Kernels compute places in 32 bits: input, padding on both sides and one step beyond stay below 2³¹. */
const MOST = 2 ** 28;

/** One number, or one for each of `count` axes, as a list of `count`. */
export function checkTuple(op: string, name: string, value: Sizes, count: number, least: number): number[] {
  const list = typeof value === 'number' ? new Array<number>(count).fill(value) : Array.isArray(value) ? [...value] as number[] : [];
  if (list.length !== count || list.some((v) => !Number.isInteger(v) || v < least)) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} is ${Array.isArray(value) ? fmt(value) : String(value)} but must be an integer ≥ ${least}${count > 1 ? ` or ${count} of them` : ''}`);
  }
  if (list.some((v) => v > MOST)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} is ${Array.isArray(value) ? fmt(value) : String(value)} but must be at most ${MOST}`);
  return list;
}
