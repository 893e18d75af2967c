/**
 * Transposed convolutions as functions of tensors: the gradient of a convolution with respect to its input, as an operation.
 */
import { checkFloats, convGradInput } from '../../autograd/index.js';
import { ArgumentError, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkConvOptions, checkConvTranspose, checkTuple, type Sizes } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';

export interface ConvTransposeOptions {
  /** Default 1. */
  stride?: Sizes;
  /** Cells that are cut off on each side; default 0. */
  padding?: Sizes;
  /** Which of several legal output sizes is meant: so many cells more at the end; default 0. */
  outputPadding?: Sizes;
  /** The output size itself, in place of outputPadding: one number an axis, with or without batch and channels in front. */
  outputSize?: readonly number[];
  /** Default 1. */
  groups?: number;
  /** Default 1. */
  dilation?: Sizes;
}

/** What all of them do. */
export function convTranspose(op: string, axes: number, input: Tensor, weight: Tensor, bias: Tensor | null, options: ConvTransposeOptions): Tensor {
  checkOptions(op, options, ['stride', 'padding', 'outputPadding', 'outputSize', 'groups', 'dilation']);
  checkFloats(op, input, weight, bias);
  if (weight.ndim !== axes + 2) throw new ShapeError('CVY_SHAPE_RANK', `${op}: weight has ${weight.ndim} axes but ${axes + 2} are required (weight ${fmt(weight.shape)})`);
  if (typeof options.padding === 'string') throw new ArgumentError('CVY_ARG_VALUE', `${op}: padding is '${String(options.padding)}' but must be integers ≥ 0`);
  const { outputPadding, outputSize, ...rest } = options;
  if (outputPadding !== undefined && outputSize !== undefined) throw new ArgumentError('CVY_ARG_OPTION', `${op}: outputPadding and outputSize are given but only one of them can be; outputSize alone says it all`);
  const spec = checkConvOptions(op, weight.shape.slice(2), rest);
  const single = input.ndim === axes + 1;
  const x = single ? input.unsqueeze(0) : input;
  const size = (extra: readonly number[]): number[] => checkConvTranspose(op, x.shape, weight.shape, bias?.shape ?? null, spec, extra);
  const extra = outputSize === undefined
    ? checkTuple(op, 'outputPadding', outputPadding ?? 0, axes, 0)
    : missing(op, size(new Array<number>(axes).fill(0)).slice(2), outputSize, single ? 1 : 2, spec.stride);
  const y = convGradInput(x, weight, bias, spec, size(extra));
  return single ? y.squeeze(0) : y;
}

/** How far the smallest legal size of each axis is from the one that is asked for. */
function missing(op: string, least: readonly number[], outputSize: readonly number[], leading: number, stride: readonly number[]): number[] {
  const axes = least.length;
  const wanted = Array.isArray(outputSize) && outputSize.length === axes + leading ? outputSize.slice(leading) : outputSize;
  const most = least.map((size, i) => size + stride[i] - 1);
  if (!Array.isArray(wanted) || wanted.length !== axes || wanted.some((size, i) => !Number.isInteger(size) || size < least[i] || size > most[i])) {
    const found = Array.isArray(outputSize) ? fmt(outputSize) : String(outputSize);
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: outputSize is ${found} but must be from ${fmt(least)} to ${fmt(most)} (stride ${fmt(stride)})`);
  }
  return wanted.map((size, i) => size - least[i]);
}

/**
 * Transposed convolution of a batch of images.
 *
 * @shape input   [N, Cin, H, W] or [Cin, H, W]
 * @shape weight  [Cin, Cout/groups, kH, kW]
 * @shape bias    [Cout]
 * @shape returns [N, Cout, oH, oW], oH = (H − 1)·strH − 2·padH + dilH·(kH − 1) + outputPaddingH + 1
 * @grad input, weight, bias
 * @throws {ShapeError} CVY_SHAPE_CHANNELS, CVY_SHAPE_KERNEL, CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE
 * @source PyTorch torch.nn.functional.conv_transpose2d; Dumoulin & Visin 2016, arXiv:1603.07285
 */
export function convTranspose2d(input: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvTransposeOptions = {}): Tensor {
  return convTranspose('convTranspose2d', 2, input, weight, bias, options);
}

/** The same over [N, Cin, L]. @source torch.nn.functional.conv_transpose1d */
export function convTranspose1d(input: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvTransposeOptions = {}): Tensor {
  return convTranspose('convTranspose1d', 1, input, weight, bias, options);
}

/** The same over [N, Cin, D, H, W]. @source torch.nn.functional.conv_transpose3d */
export function convTranspose3d(input: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvTransposeOptions = {}): Tensor {
  return convTranspose('convTranspose3d', 3, input, weight, bias, options);
}
