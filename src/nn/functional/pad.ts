/**
 * Padding with a constant, by reflection, by repeating the edge, or around: made of gathers, so each gradient returns to
 * the cells it came from.
 */
import { checkTogether, edgeOf, pick } from '../../autograd/index.js';
import { ArgumentError, checkOptions, fmt, ShapeError } from '../../errors.js';
import { fromData, full, type Tensor } from '../../tensor/index.js';

export const PAD_MODES = ['constant', 'reflect', 'replicate', 'circular'] as const;
export type PadMode = (typeof PAD_MODES)[number];

/**
 * Pads axes from the last one on.
 * @shape padding [lastBefore, lastAfter, beforeLastBefore, …]; negative numbers crop (constant mode)
 * @throws {ShapeError} CVY_SHAPE_KERNEL when reflection or wrapping needs more cells than there are
 * @source torch.nn.functional.pad
 */
export function pad(input: Tensor, padding: readonly number[], options: { mode?: PadMode; value?: number } = {}): Tensor {
  checkTogether('pad', input);
  checkOptions('pad', options, ['mode', 'value']);
  const mode = options.mode ?? 'constant';
  if (!PAD_MODES.includes(mode)) throw new ArgumentError('CVY_ARG_VALUE', `pad: mode is '${String(mode)}' but must be one of ${PAD_MODES.join(', ')}`);
  if (padding.length % 2 !== 0 || padding.length > 2 * input.ndim || padding.some((p) => !Number.isInteger(p))) {
    throw new ArgumentError('CVY_ARG_VALUE', `pad: padding is ${fmt(padding)} but must be pairs of integers, at most one pair an axis (input ${fmt(input.shape)})`);
  }
  if (mode === 'constant') return constant(input, padding, options.value ?? 0);
  if (options.value !== undefined) throw new ArgumentError('CVY_ARG_OPTION', `pad: value is given but only mode 'constant' takes it (mode '${mode}')`);
  let y = input;
  for (let i = 0; i < padding.length / 2; i++) {
    const axis = input.ndim - 1 - i;
    const [before, after] = [padding[2 * i], padding[2 * i + 1]];
    if (before === 0 && after === 0) continue;
    const size = input.shape[axis];
    const most = mode === 'reflect' ? size - 1 : mode === 'circular' ? size : Infinity;
    // What a negative number crops is gone before the rest is wrapped around, but after it was reflected or repeated.
    const uncropped = size + Math.min(0, before) + Math.min(0, after);
    const [start, kept] = mode === 'circular' ? [Math.max(0, -before), uncropped] : [0, size];
    const padded = size + before + after;
    if (before > most || after > most || padded < 0 || (padded > 0 && kept < 1)) {
      throw new ShapeError('CVY_SHAPE_KERNEL', `pad: padding of axis ${axis} is ${before} and ${after} but mode '${mode}' allows at most ${most} and can leave no less than nothing of an axis of ${size} (input ${fmt(input.shape)})`);
    }
    const from = Int32Array.from({ length: padded }, (_, j) => start + source(mode, j - before - start, kept));
    y = pick(y, axis, fromData(input.backend, from), mode === 'circular' ? null : edgeOf(y));
  }
  return y;
}

/** The cell that shows at place `i` of an axis of `size` cells. */
function source(mode: PadMode, i: number, size: number): number {
  if (mode === 'replicate') return Math.min(Math.max(i, 0), size - 1);
  if (mode === 'circular') return ((i % size) + size) % size;
  return i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
}

function constant(input: Tensor, padding: readonly number[], value: number): Tensor {
  const pairs = input.shape.map((_, axis) => {
    const at = 2 * (input.ndim - 1 - axis);
    return [padding[at] ?? 0, padding[at + 1] ?? 0] as const;
  });
  const shape = input.shape.map((size, axis) => size + pairs[axis][0] + pairs[axis][1]);
  if (shape.some((size) => size < 0)) throw new ShapeError('CVY_SHAPE_KERNEL', `pad: the result would be ${fmt(shape)} but sizes must be ≥ 0 (input ${fmt(input.shape)}, padding ${fmt(padding)})`);
  const kept = input.slice(...input.shape.map((size, axis) => [Math.max(0, -pairs[axis][0]), size - Math.max(0, -pairs[axis][1])] as const));
  const y = full(input.backend, shape, value, input.dtype);
  return y.set_(shape.map((size, axis) => [Math.max(0, pairs[axis][0]), size - Math.max(0, pairs[axis][1])] as const), kept);
}
