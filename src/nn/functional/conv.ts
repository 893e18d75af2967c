/**
 * Convolutions as functions of tensors: options resolved, padding modes, the tutorials' corr2d.
 */
import { checkFloats, conv } from '../../autograd/index.js';
import { ArgumentError, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkConv, checkConvOptions, type ConvOptions, type ConvSpec } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { pad, type PadMode } from './pad.js';

export const PADDING_MODES = ['zeros', 'reflect', 'replicate', 'circular'] as const;
export type PaddingMode = (typeof PADDING_MODES)[number];

export interface ConvolutionOptions extends ConvOptions {
  bias?: Tensor | null;
  paddingMode?: PaddingMode;
}

const OPTIONS = ['stride', 'padding', 'dilation', 'groups', 'bias', 'paddingMode'];

/** What all of them do; `operation` is conv, or conv together with what follows it. */
export function convolve(
  op: string, axes: number, input: Tensor, weight: Tensor, bias: Tensor | null, options: ConvolutionOptions, operation: typeof conv = conv,
): Tensor {
  checkOptions(op, options, OPTIONS);
  const b = bias ?? options.bias ?? null;
  checkFloats(op, input, weight, b);
  if (weight.ndim !== axes + 2) throw new ShapeError('CVY_SHAPE_RANK', `${op}: weight has ${weight.ndim} axes but ${axes + 2} are required (weight ${fmt(weight.shape)})`);
  const spec = checkConvOptions(op, weight.shape.slice(2), options);
  // PyTorch takes single images too.
  if (input.ndim === axes + 1) return convolve(op, axes, input.unsqueeze(0), weight, b, options, operation).squeeze(0);
  const [x, used] = padded(op, input, spec, options.paddingMode ?? 'zeros');
  return operation(x, weight, b, used, checkConv(op, x.shape, weight.shape, b?.shape ?? null, used));
}

/** Padding modes other than zeros pad beforehand; the convolution then needs none. */
function padded(op: string, x: Tensor, spec: ConvSpec, mode: PaddingMode): [Tensor, ConvSpec] {
  if (!PADDING_MODES.includes(mode)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: paddingMode is '${String(mode)}' but must be one of ${PADDING_MODES.join(', ')}`);
  if (mode === 'zeros' || [...spec.front, ...spec.back].every((p) => p === 0)) return [x, spec];
  const list = spec.front.flatMap((_, i) => [spec.front[spec.front.length - 1 - i], spec.back[spec.back.length - 1 - i]]);
  const none = spec.front.map(() => 0);
  return [pad(x, list, { mode: mode as PadMode }), { ...spec, front: none, back: none }];
}

/**
 * Cross-correlates a batch of images with a bank of filters.
 *
 * @shape input   [N, Cin, H, W] or [Cin, H, W]
 * @shape weight  [Cout, Cin/groups, kH, kW]
 * @shape bias    [Cout]
 * @shape returns [N, Cout, oH, oW], oH = ⌊(H + 2·padH − dilH·(kH − 1) − 1) / strH⌋ + 1
 * @units stride, padding, dilation in pixels
 * @grad input, weight, bias
 * @throws {ShapeError} CVY_SHAPE_CHANNELS, CVY_SHAPE_KERNEL, CVY_SHAPE_RANK
 * @source PyTorch torch.nn.functional.conv2d; Dumoulin & Visin 2016, arXiv:1603.07285
 */
export function conv2d(input: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvolutionOptions = {}): Tensor {
  return convolve('conv2d', 2, input, weight, bias, options);
}

/** The same over [N, Cin, L]. @source torch.nn.functional.conv1d */
export function conv1d(input: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvolutionOptions = {}): Tensor {
  return convolve('conv1d', 1, input, weight, bias, options);
}

/** The same over [N, Cin, D, H, W]. @source torch.nn.functional.conv3d */
export function conv3d(input: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvolutionOptions = {}): Tensor {
  return convolve('conv3d', 3, input, weight, bias, options);
}

/**
 * Cross-correlation of two matrices, as the tutorials define it.
 * @shape x [H, W], kernel [kH, kW]; returns [H − kH + 1, W − kW + 1]
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source Dive into Deep Learning, corr2d
 */
export function corr2d(x: Tensor, kernel: Tensor): Tensor {
  for (const [name, tensor] of [['x', x], ['kernel', kernel]] as const) {
    if (tensor.ndim !== 2) throw new ShapeError('CVY_SHAPE_RANK', `corr2d: ${name} has ${tensor.ndim} axes but 2 are required (x ${fmt(x.shape)}, kernel ${fmt(kernel.shape)})`);
  }
  if (x.shape.some((size, i) => size < kernel.shape[i])) {
    throw new ShapeError('CVY_SHAPE_KERNEL', `corr2d: x is ${x.shape.join('×')} but the kernel is ${kernel.shape.join('×')} and must not be larger (x ${fmt(x.shape)}, kernel ${fmt(kernel.shape)})`);
  }
  return conv2d(x.reshape([1, 1, ...x.shape]), kernel.reshape([1, 1, ...kernel.shape])).squeeze(0).squeeze(0);
}

