/**
 * Convolution arithmetic for people: the size that comes out, asked without a tensor. The formulas are those that the operations
 * themselves check with (src/shape).
 */
import { ArgumentError, checkFlag, checkOptions, fmt } from '../errors.js';
import {
  checkConvOptions, checkConvSizes, checkConvTransposeSizes, checkPool, checkPoolOptions, checkShape, checkTuple, type Padding, type PoolOptions, type Shape,
  type Sizes,
} from '../shape/index.js';

export interface ConvOutputOptions {
  /** Default 1. */
  stride?: Sizes;
  /** Numbers, 'same' or 'valid'; default 0. */
  padding?: Padding;
  /** Default 1. */
  dilation?: Sizes;
}

export interface ConvTransposeOutputOptions {
  /** Default 1. */
  stride?: Sizes;
  /** Cells that are cut off on each side; default 0. */
  padding?: Sizes;
  /** Which of several legal sizes is meant; default 0. */
  outputPadding?: Sizes;
  /** Default 1. */
  dilation?: Sizes;
}

/** One to three spatial sizes, without batch and channels. */
function checkSizes(op: string, input: Shape): number[] {
  const sizes = checkShape(op, input);
  if (sizes.length >= 1 && sizes.length <= 3) return sizes;
  throw new ArgumentError('CVY_ARG_VALUE', `${op}: inputShape has ${sizes.length} sizes but 1 to 3 spatial ones are required (inputShape ${fmt(sizes)}); leave out batch and channels`);
}

/**
 * Spatial sizes of a convolution's output.
 *
 * @shape inputShape spatial sizes only: [L], [H, W] or [D, H, W]; returns as many, each ⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1
 * @units kernelSize, stride, padding, dilation in pixels; one number stands for all axes
 * @throws {ShapeError} CVY_SHAPE_KERNEL when the kernel does not fit; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION
 * @source Dumoulin & Visin 2016, arXiv:1603.07285; the Shape section of torch.nn.Conv2d
 */
export function convOutputShape(inputShape: Shape, kernelSize: Sizes, options: ConvOutputOptions = {}): number[] {
  const op = 'convOutputShape';
  checkOptions(op, options, ['stride', 'padding', 'dilation']);
  const input = checkSizes(op, inputShape);
  const kernel = checkTuple(op, 'kernelSize', kernelSize, input.length, 1);
  return checkConvSizes(op, input, kernel, checkConvOptions(op, kernel, options), input.join('×'));
}

/**
 * Spatial sizes of a transposed convolution's output.
 *
 * @shape inputShape spatial sizes only; returns as many, each (size − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1
 * @throws {ShapeError} CVY_SHAPE_KERNEL when nothing would be left; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION
 * @source the Shape section of torch.nn.ConvTranspose2d
 */
export function convTransposeOutputShape(inputShape: Shape, kernelSize: Sizes, options: ConvTransposeOutputOptions = {}): number[] {
  const op = 'convTransposeOutputShape';
  checkOptions(op, options, ['stride', 'padding', 'outputPadding', 'dilation']);
  const input = checkSizes(op, inputShape);
  const kernel = checkTuple(op, 'kernelSize', kernelSize, input.length, 1);
  const { outputPadding = 0, padding = 0, ...rest } = options;
  const spec = checkConvOptions(op, kernel, { ...rest, padding: checkTuple(op, 'padding', padding, input.length, 0) });
  return checkConvTransposeSizes(op, input, kernel, spec, checkTuple(op, 'outputPadding', outputPadding, input.length, 0), `input ${input.join('×')}, kernelSize ${kernel.join('×')}`);
}

/**
 * Spatial sizes of a pooling's output.
 *
 * @shape inputShape spatial sizes only; returns as many, each ⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1 (⌈…⌉ with `ceilMode`,
 *   less a window that would begin behind the input); `stride` defaults to the kernel's size
 * @throws {ShapeError} CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION
 * @source the Shape section of torch.nn.MaxPool2d
 */
export function poolOutputShape(inputShape: Shape, kernelSize: Sizes, options: PoolOptions = {}): number[] {
  const op = 'poolOutputShape';
  checkOptions(op, options, ['stride', 'padding', 'dilation', 'ceilMode']);
  checkFlag(op, 'ceilMode', options.ceilMode ?? false);
  const input = checkSizes(op, inputShape);
  return checkPool(op, [1, ...input], checkPoolOptions(op, kernelSize, input.length, options)).slice(1);
}
