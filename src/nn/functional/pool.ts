/**
 * Pooling as functions of tensors, in one, two and three spatial dimensions: options resolved, the rest is src/autograd.
 */
import { avgPool, checkFloats, maxPool, maxPoolRelu } from '../../autograd/index.js';
import { ArgumentError, checkFlag, checkOptions } from '../../errors.js';
import { checkPoolOptions, type PoolOptions, type Sizes } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';

export interface MaxPoolOptions extends PoolOptions {
  /** Return the positions of the maxima too, flat in the input plane, int32; default false. */
  returnIndices?: boolean;
}

export interface AvgPoolOptions extends Omit<PoolOptions, 'dilation'> {
  /** Whether padding counts in the divisor; default true. */
  countIncludePad?: boolean;
  /** Divides every window instead of its size; default null, the size. */
  divisorOverride?: number | null;
}

interface MaxPool {
  (input: Tensor, kernelSize: Sizes, options: MaxPoolOptions & { returnIndices: true }): [y: Tensor, indices: Tensor];
  (input: Tensor, kernelSize: Sizes, options?: MaxPoolOptions & { returnIndices?: false }): Tensor;
}

function maxOver(op: string, axes: number): MaxPool {
  function pool(input: Tensor, kernelSize: Sizes, options: MaxPoolOptions & { returnIndices: true }): [Tensor, Tensor];
  function pool(input: Tensor, kernelSize: Sizes, options?: MaxPoolOptions & { returnIndices?: false }): Tensor;
  function pool(input: Tensor, kernelSize: Sizes, options: MaxPoolOptions = {}): Tensor | [Tensor, Tensor] {
    checkOptions(op, options, ['stride', 'padding', 'dilation', 'ceilMode', 'returnIndices']);
    checkFlag(op, 'ceilMode', options.ceilMode ?? false);
    checkFloats(op, input);
    const { y, indices } = maxPool(op, input, checkPoolOptions(op, kernelSize, axes, options));
    if (checkFlag(op, 'returnIndices', options.returnIndices ?? false)) return [y, indices];
    // The tape keeps the positions where a gradient needs them.
    indices.dispose();
    return y;
  }
  return pool;
}

/** relu of maxPool2d, for layers that run as one. */
export function maxPoolRelu2d(input: Tensor, kernelSize: Sizes, options: PoolOptions): Tensor {
  checkFloats('maxPool2d', input);
  return maxPoolRelu('maxPool2d', input, checkPoolOptions('maxPool2d', kernelSize, 2, options));
}

/** Checks an average pooling's own options. @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_VALUE. */
export function checkAvgOptions(op: string, options: AvgPoolOptions): { countIncludePad: boolean; divisor: number | null } {
  checkFlag(op, 'ceilMode', options.ceilMode ?? false);
  const divisor = options.divisorOverride ?? null;
  if (divisor !== null && (!Number.isInteger(divisor) || divisor === 0)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: divisorOverride is ${String(divisor)} but must be an integer other than 0, or null`);
  return { countIncludePad: checkFlag(op, 'countIncludePad', options.countIncludePad ?? true), divisor };
}

function avgOver<O extends AvgPoolOptions>(op: string, axes: number, known: readonly (keyof O & string)[]) {
  return (input: Tensor, kernelSize: Sizes, options?: O): Tensor => {
    checkOptions(op, options, known);
    const given: AvgPoolOptions = options ?? {};
    const own = checkAvgOptions(op, given);
    checkFloats(op, input);
    return avgPool(op, input, { ...checkPoolOptions(op, kernelSize, axes, given), ...own });
  };
}

/**
 * Largest element of each window; of equal ones the first has the gradient.
 *
 * @shape input   [N, C, H, W] or [C, H, W]
 * @shape returns [N, C, oH, oW], oH = ⌊(H + 2·padH − dilH·(kH − 1) − 1) / strH⌋ + 1 (⌈…⌉ with ceilMode); with
 *   `returnIndices` that and the positions, int32
 * @units stride (default: kernelSize), padding, dilation in pixels
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.max_pool2d
 */
export const maxPool2d = maxOver('maxPool2d', 2);
/** The same over [N, C, L]. @source torch.nn.functional.max_pool1d */
export const maxPool1d = maxOver('maxPool1d', 1);
/** The same over [N, C, D, H, W]. @source torch.nn.functional.max_pool3d */
export const maxPool3d = maxOver('maxPool3d', 3);

/**
 * Mean of each window.
 *
 * @shape input   [N, C, H, W] or [C, H, W]
 * @shape returns [N, C, oH, oW], oH = ⌊(H + 2·padH − kH) / strH⌋ + 1 (⌈…⌉ with ceilMode)
 * @units stride (default: kernelSize), padding in pixels
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.avg_pool2d
 */
export const avgPool2d = avgOver<AvgPoolOptions>('avgPool2d', 2, ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride']);
/** The same over [N, C, L], without a divisor. @source torch.nn.functional.avg_pool1d */
export const avgPool1d = avgOver<Omit<AvgPoolOptions, 'divisorOverride'>>('avgPool1d', 1, ['stride', 'padding', 'ceilMode', 'countIncludePad']);
/** The same over [N, C, D, H, W]. @source torch.nn.functional.avg_pool3d */
export const avgPool3d = avgOver<AvgPoolOptions>('avgPool3d', 3, ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride']);
