/**
 * Pooling by p-norms, composed from average pooling.
 */
import { ArgumentError, checkOptions } from '../../errors.js';
import { checkTuple, numel, type Sizes } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { avgPool1d, avgPool2d, avgPool3d } from './pool.js';

export interface LPPoolOptions {
  /** Default: kernelSize. */
  stride?: Sizes | null;
  /** A window that is cut off counts as if it went on as it is on average; default false. */
  ceilMode?: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE unless p is finite and not 0. */
export function checkNormType(op: string, normType: number): number {
  if (typeof normType !== 'number' || !Number.isFinite(normType) || normType === 0) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: normType is ${String(normType)} but must be a finite number other than 0${normType === Infinity ? '; the limit is maximum pooling' : ''}`);
  }
  return normType;
}

const normOver = (op: string, axes: number, average: typeof avgPool2d) => (input: Tensor, normType: number, kernelSize: Sizes, options: LPPoolOptions = {}): Tensor => {
  checkOptions(op, options, ['stride', 'ceilMode']);
  const p = checkNormType(op, normType);
  const cells = numel(checkTuple(op, 'kernelSize', kernelSize, axes, 1));
  const means = average(p === 2 ? input.square() : input.pow(p), kernelSize, { stride: options.stride, ceilMode: options.ceilMode ?? false });
  // Where a window is all zeros the root's slope is infinite; its gradient is taken to be 0, as in PyTorch.
  const none = means.eq(0);
  const sums = means.maskedFill(none, 1).mul(cells);
  return (p === 2 ? sums.sqrt() : sums.pow(1 / p)).maskedFill(none, p > 0 ? 0 : Infinity);
};

/**
 * The p-norm of each window, (Σ xᵖ)^(1/p): p = 2 is the Euclidean one, p = 1 the sum. There is no absolute value: odd powers keep
 * the sign. A window that ceilMode cuts off is scaled up to the full window.
 *
 * @shape input   [N, C, H, W] or [C, H, W]
 * @shape returns [N, C, oH, oW], oH = ⌊(H − kH) / strH⌋ + 1 (⌈…⌉ with ceilMode)
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.lp_pool2d
 */
export const lpPool2d = normOver('lpPool2d', 2, avgPool2d);
/** The same over [N, C, L]. @source torch.nn.functional.lp_pool1d */
export const lpPool1d = normOver('lpPool1d', 1, avgPool1d);
/** The same over [N, C, D, H, W]. @source torch.nn.functional.lp_pool3d */
export const lpPool3d = normOver('lpPool3d', 3, avgPool3d);
