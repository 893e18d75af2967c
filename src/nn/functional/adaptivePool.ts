/**
 * Pooling to a given output size. Windows of equal size are those of ordinary pooling; others overlap and differ by one in size:
 * their means are sparse matrices, their maxima are taken over windows that were gathered side by side.
 */
import { avgPool, checkFloats, indexSelect, maxPool } from '../../autograd/index.js';
import { ArgumentError, checkFlag, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkBatched, numel, stridesOf, type PoolSpec } from '../../shape/index.js';
import { fromData, type Tensor } from '../../tensor/index.js';
import { resizeAxes } from './interpolate.js';
import { adaptiveWindow } from './resize.js';

/** One size, or one for each axis; null keeps the input's. */
export type AdaptiveSize = number | null | readonly (number | null)[];

export interface AdaptiveMaxPoolOptions {
  /** Return the positions of the maxima too, flat in the input plane, int32; default false. */
  returnIndices?: boolean;
}

/** The output size as a list, null where the input's is kept. @throws {ArgumentError} CVY_ARG_VALUE. */
export function checkAdaptiveSize(op: string, outputSize: AdaptiveSize, axes: number): (number | null)[] {
  const list = Array.isArray(outputSize) ? [...outputSize as readonly (number | null)[]] : new Array<number | null>(axes).fill(outputSize as number | null);
  if (list.length !== axes || list.some((size) => size !== null && (!Number.isInteger(size) || size < 0))) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: outputSize is ${Array.isArray(outputSize) ? `[${list.map(String).join(', ')}]` : String(outputSize)} but must be an integer ≥ 0 or null${axes > 1 ? `, or ${axes} of them` : ''}`);
  }
  return list;
}

/** Input and output sizes of the pooled axes. */
function checkAdaptive(op: string, input: Tensor, outputSize: AdaptiveSize, axes: number): { image: number[]; output: number[] } {
  const wanted = checkAdaptiveSize(op, outputSize, axes);
  checkFloats(op, input);
  checkBatched(op, input.shape, axes + 2);
  const image = input.shape.slice(-axes);
  if (image.includes(0)) throw new ShapeError('CVY_SHAPE_KERNEL', `${op}: input is ${image.join('×')} but must not be empty (input ${fmt(input.shape)})`);
  return { image, output: wanted.map((size, i) => size ?? image[i]) };
}

/** The ordinary pooling that does the same, null where windows overlap. */
function evenly(image: readonly number[], output: readonly number[]): PoolSpec | null {
  if (image.some((size, i) => size % output[i] !== 0)) return null;
  const kernel = image.map((size, i) => size / output[i]);
  return { kernel, stride: kernel, padding: kernel.map(() => 0), dilation: kernel.map(() => 1), ceilMode: false };
}

/** What no window is left of, on the tape: its gradient is 0. */
const nothing = (input: Tensor, output: readonly number[]): Tensor =>
  input.sum(output.map((_, i) => i - output.length), true).expand([...input.shape.slice(0, -output.length), ...output]);

const averageTo = (op: string, axes: number) => (input: Tensor, outputSize: AdaptiveSize): Tensor => {
  const { image, output } = checkAdaptive(op, input, outputSize, axes);
  if (output.includes(0)) return nothing(input, output);
  const spec = evenly(image, output);
  if (spec !== null) return avgPool(op, input, { ...spec, countIncludePad: true, divisor: null });
  return resizeAxes(input, image.map((size, i) => ({ kernel: 'area', input: size, output: output[i], alignCorners: false, scale: 0 })));
};

/** Flat positions of all windows' cells, each window as many as the largest has: its last ones are repeated, which no maximum minds. */
function gathered(image: readonly number[], output: readonly number[]): { positions: Int32Array; cells: number } {
  const kernel = image.map((size, i) => Math.max(...Array.from({ length: output[i] }, (_, j) => {
    const [start, end] = adaptiveWindow(size, output[i], j);
    return end - start;
  })));
  const strides = stridesOf(image);
  let windows: number[][] = [[0]];
  image.forEach((size, i) => {
    const spans = Array.from({ length: output[i] }, (_, j) => {
      const [start, end] = adaptiveWindow(size, output[i], j);
      return Array.from({ length: kernel[i] }, (_cell, k) => Math.min(start + k, end - 1) * strides[i]);
    });
    windows = windows.flatMap((window) => spans.map((span) => window.flatMap((at) => span.map((offset) => at + offset))));
  });
  return { positions: Int32Array.from(windows.flat()), cells: numel(kernel) };
}

function largestOf(op: string, x: Tensor, image: readonly number[], output: readonly number[]): { y: Tensor; indices: Tensor } {
  if (output.includes(0)) {
    const y = nothing(x, output);
    return { y, indices: y.detach().to('int32') };
  }
  const spec = evenly(image, output);
  if (spec !== null) return maxPool(op, x, spec);
  const { positions, cells } = gathered(image, output);
  const at = fromData(x.backend, positions);
  const windows = indexSelect(x.reshape([-1, numel(image)]), 1, at);
  const { y, indices } = maxPool(op, windows, { kernel: [cells], stride: [cells], padding: [0], dilation: [1], ceilMode: false });
  const shape = [...x.shape.slice(0, x.ndim - image.length), ...output];
  return { y: y.reshape(shape), indices: indexSelect(at, 0, indices.reshape([-1])).reshape(shape) };
}

interface AdaptiveMaxPool {
  (input: Tensor, outputSize: AdaptiveSize, options: { returnIndices: true }): [y: Tensor, indices: Tensor];
  (input: Tensor, outputSize: AdaptiveSize, options?: { returnIndices?: false }): Tensor;
}

function maximumTo(op: string, axes: number): AdaptiveMaxPool {
  function pool(input: Tensor, outputSize: AdaptiveSize, options: { returnIndices: true }): [Tensor, Tensor];
  function pool(input: Tensor, outputSize: AdaptiveSize, options?: { returnIndices?: false }): Tensor;
  function pool(input: Tensor, outputSize: AdaptiveSize, options: AdaptiveMaxPoolOptions = {}): Tensor | [Tensor, Tensor] {
    checkOptions(op, options, ['returnIndices']);
    const both = checkFlag(op, 'returnIndices', options.returnIndices ?? false);
    const { image, output } = checkAdaptive(op, input, outputSize, axes);
    const { y, indices } = largestOf(op, input, image, output);
    if (both) return [y, indices];
    indices.dispose();
    return y;
  }
  return pool;
}

/**
 * Means over windows that divide the input into outputSize parts as evenly as whole cells can: cells ⌊j·H/oH⌋ … ⌈(j + 1)·H/oH⌉ − 1.
 *
 * @shape input   [N, C, H, W] or [C, H, W]
 * @shape returns [N, C, oH, oW]; outputSize 1 is global pooling
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.adaptive_avg_pool2d
 */
export const adaptiveAvgPool2d = averageTo('adaptiveAvgPool2d', 2);
/** The same over [N, C, L]. @source torch.nn.functional.adaptive_avg_pool1d */
export const adaptiveAvgPool1d = averageTo('adaptiveAvgPool1d', 1);
/** The same over [N, C, D, H, W]. @source torch.nn.functional.adaptive_avg_pool3d */
export const adaptiveAvgPool3d = averageTo('adaptiveAvgPool3d', 3);

/**
 * Maxima over the same windows; of equal ones the first has the gradient.
 *
 * @shape input   [N, C, H, W] or [C, H, W]
 * @shape returns [N, C, oH, oW]; with `returnIndices` that and the positions, int32
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.adaptive_max_pool2d
 */
export const adaptiveMaxPool2d = maximumTo('adaptiveMaxPool2d', 2);
/** The same over [N, C, L]. @source torch.nn.functional.adaptive_max_pool1d */
export const adaptiveMaxPool1d = maximumTo('adaptiveMaxPool1d', 1);
/** The same over [N, C, D, H, W]. @source torch.nn.functional.adaptive_max_pool3d */
export const adaptiveMaxPool3d = maximumTo('adaptiveMaxPool3d', 3);
