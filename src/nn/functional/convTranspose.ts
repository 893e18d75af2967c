/**
 * Transposed convolutions as functions of tensors: the gradient of a convolution with respect to its input, as an operation.
 */
import { checkFloats, convGradInput } from '../../autograd/index.js';
import { ArgumentError, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkConvOptions, checkConvTranspose, checkTuple } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';

export interface ConvTransposeOptions {
  /** Default 1. */
  stride?: number | readonly number[];
  /** Cells that are cut off on each side; default 0. */
  padding?: number | readonly number[];
  /** Which of several legal output sizes is meant: so many cells more at the end; default 0. */
  outputPadding?: number | readonly number[];
  /** Default 1. */
  groups?: number;
  /** Default 1. */
  dilation?: number | readonly number[];
}

function transposed(op: string, axes: number, input: Tensor, weight: Tensor, bias: Tensor | null, options: ConvTransposeOptions): Tensor {
  checkOptions(op, options, ['stride', 'padding', 'outputPadding', 'groups', 'dilation']);
  checkFloats(op, input, weight, bias);
  if (weight.ndim !== axes + 2) throw new ShapeError('CVY_SHAPE_RANK', `${op}: weight has ${weight.ndim} axes but ${axes + 2} are required (weight ${fmt(weight.shape)})`);
  if (typeof options.padding === 'string') throw new ArgumentError('CVY_ARG_VALUE', `${op}: padding is '${String(options.padding)}' but must be integers ≥ 0`);
  const { outputPadding = 0, ...rest } = options;
  const spec = checkConvOptions(op, weight.shape.slice(2), rest);
  const extra = checkTuple(op, 'outputPadding', outputPadding, axes, 0);
  if (input.ndim === axes + 1) return transposed(op, axes, input.unsqueeze(0), weight, bias, options).squeeze(0);
  return convGradInput(input, weight, bias, spec, checkConvTranspose(op, input.shape, weight.shape, bias?.shape ?? null, spec, extra));
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
  return transposed('convTranspose2d', 2, input, weight, bias, options);
}

/** The same over [N, Cin, L]. @source torch.nn.functional.conv_transpose1d */
export function convTranspose1d(input: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvTransposeOptions = {}): Tensor {
  return transposed('convTranspose1d', 1, input, weight, bias, options);
}

/** The same over [N, Cin, D, H, W]. @source torch.nn.functional.conv_transpose3d */
export function convTranspose3d(input: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvTransposeOptions = {}): Tensor {
  return transposed('convTranspose3d', 3, input, weight, bias, options);
}
