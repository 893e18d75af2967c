/**
 * Partial inverses of maximum pooling as functions of tensors: the output size resolved, the rest is src/autograd.
 */
import { checkFloats, maxUnpool } from '../../autograd/index.js';
import { ArgumentError, checkOptions, fmt } from '../../errors.js';
import { checkBatched, checkWindow, type Sizes, type WindowSpec } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';

/** The pooling that is to be undone. */
export interface MaxUnpoolWindow {
  /** Default: kernelSize. */
  stride?: Sizes | null;
  padding?: Sizes;
}

export interface MaxUnpoolOptions extends MaxUnpoolWindow {
  /** Which of the sizes that pool to the input's is meant, with or without batch and channels; default the smallest without padding. */
  outputSize?: readonly number[] | null;
}

/** Sizes of the output's axes: as far from those that the window gives as less than one stride. */
function outputSizes(op: string, image: readonly number[], { kernel, stride, padding }: WindowSpec, wanted: readonly number[] | null): number[] {
  const usual = image.map((size, i) => (size - 1) * stride[i] + kernel[i] - 2 * padding[i]);
  const sizes = wanted === null ? usual : wanted.length === kernel.length + 2 ? wanted.slice(2) : [...wanted];
  const fits = sizes.length === usual.length && sizes.every((size, i) => Number.isInteger(size) && size >= 1 && (wanted === null || Math.abs(size - usual[i]) < stride[i]));
  if (!fits) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: outputSize is ${fmt(wanted ?? sizes)} but must be ${usual.map((size, i) => (stride[i] === 1 ? String(size) : `${Math.max(1, size - stride[i] + 1)} to ${size + stride[i] - 1}`)).join(' × ')} (input ${image.join('×')}, kernelSize ${fmt(kernel)}, stride ${fmt(stride)}, padding ${fmt(padding)})`);
  }
  return sizes;
}

const unpoolOver = (op: string, axes: number) => (input: Tensor, indices: Tensor, kernelSize: Sizes, options: MaxUnpoolOptions = {}): Tensor => {
  checkOptions(op, options, ['stride', 'padding', 'outputSize']);
  const spec = checkWindow(op, kernelSize, axes, options);
  checkFloats(op, input);
  checkBatched(op, input.shape, axes + 2);
  return maxUnpool(op, input, indices, outputSizes(op, input.shape.slice(-axes), spec, options.outputSize ?? null));
};

/**
 * Zeros with the elements of a maximum pooling's output where their maxima were.
 *
 * @shape input, indices [N, C, H, W] or [C, H, W], what maxPool2d gave with `returnIndices`
 * @shape returns [N, C, oH, oW], oH = (H − 1)·strH + kH − 2·padH unless outputSize says otherwise
 * @units stride (default: kernelSize), padding in pixels
 * @throws {ArgumentError} CVY_ARG_VALUE for an index or a size that does not fit; {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.max_unpool2d
 */
export const maxUnpool2d = unpoolOver('maxUnpool2d', 2);
/** The same over [N, C, L]. @source torch.nn.functional.max_unpool1d */
export const maxUnpool1d = unpoolOver('maxUnpool1d', 1);
/** The same over [N, C, D, H, W]. @source torch.nn.functional.max_unpool3d */
export const maxUnpool3d = unpoolOver('maxUnpool3d', 3);
