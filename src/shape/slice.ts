/**
 * Indexing with numbers, null (all) and [start, stop, step], as Python does: what part of a tensor they name.
 */
import { ArgumentError, fmt, ShapeError } from '../errors.js';
import { stridesOf, type Shape } from './basic.js';

/** An element (the axis goes), null for the whole axis, or [start, stop, step?] with negative values counted from the end. Steps are not 0. */
export type Index = number | null | readonly [start: number | null, stop: number | null, step?: number | null];

/** A strided window of a contiguous tensor. */
export interface Window {
  /** Shape of the result: axes indexed by a number are gone. */
  readonly shape: number[];
  /** First element, and strides along the axes of `shape`, in elements. */
  readonly offset: number;
  readonly strides: number[];
}

/** @throws {ShapeError} CVY_SHAPE_AXIS for too many indices or one outside its axis. */
export function checkIndices(op: string, shape: Shape, indices: readonly Index[]): Window {
  if (indices.length > shape.length) {
    throw new ShapeError('CVY_SHAPE_AXIS', `${op}: ${indices.length} indices are given but the tensor has ${shape.length} axes (input ${fmt(shape)})`);
  }
  const own = stridesOf(shape);
  const out: Window = { shape: [], offset: 0, strides: [] };
  let offset = 0;
  shape.forEach((size, axis) => {
    const index = indices[axis] ?? null;
    if (typeof index === 'number') {
      if (!Number.isInteger(index) || index < -size || index >= size) {
        throw new ShapeError('CVY_SHAPE_AXIS', `${op}: index ${index} lies outside axis ${axis} of size ${size} but must be from ${-size} to ${size - 1} (input ${fmt(shape)})`);
      }
      offset += (index < 0 ? index + size : index) * own[axis];
      return;
    }
    const { start, length, step } = resolve(op, index, axis, size);
    if (length > 0) offset += start * own[axis];
    out.shape.push(length);
    out.strides.push(step * own[axis]);
  });
  return { ...out, offset };
}

function resolve(op: string, index: Exclude<Index, number>, axis: number, size: number): { start: number; length: number; step: number } {
  if (index === null) return { start: 0, length: size, step: 1 };
  if (!Array.isArray(index) || index.length > 3) {
    throw new ArgumentError('CVY_ARG_TYPE', `${op}: the index of axis ${axis} is ${JSON.stringify(index)} but must be an integer, null or [start, stop, step]`);
  }
  const [from, to, by] = index as readonly (number | null | undefined)[];
  const step = by ?? 1;
  for (const value of [from, to, step]) {
    if (value !== null && value !== undefined && !Number.isInteger(value)) {
      throw new ArgumentError('CVY_ARG_TYPE', `${op}: the index of axis ${axis} is ${JSON.stringify(index)} but start, stop and step must be integers or null`);
    }
  }
  if (step === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the step of axis ${axis} is 0 but must not be`);
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const clip = (value: number | null | undefined, fallback: number): number =>
    value === null || value === undefined ? fallback : Math.min(Math.max(value < 0 ? value + size : value, low), high);
  const start = clip(from, step > 0 ? 0 : size - 1);
  const stop = clip(to, step > 0 ? size : -1);
  return { start, length: Math.max(0, Math.ceil((stop - start) / step)), step };
}
