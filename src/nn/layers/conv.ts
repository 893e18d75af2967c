/**
 * Convolution layers. The operation itself is nn/functional/conv.ts; here are options, weights and their initialisation, which the
 * transposed ones (convTranspose.ts) share.
 */
import { inject } from 'inversify';
import { conv } from '../../autograd/index.js';
import type { Backend, Rng } from '../../backend/index.js';
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { BACKEND, RNG, SPEC } from '../../di/tokens.js';
import { ArgumentError, checkOptions } from '../../errors.js';
import { checkConvOptions, checkTuple, type Padding, type Sizes } from '../../shape/index.js';
import { uniform, type Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { convolve, PADDING_MODES, type PaddingMode } from '../functional/conv.js';
import { defaultBound } from '../initialisers/defaultBound.js';
import { Layer } from '../layer.js';
import { python } from '../options.js';
import { parameter, type Parameter } from '../parameter.js';

export interface ConvLayerOptions {
  /** Default 1. */
  stride?: Sizes;
  /** Numbers, 'same' or 'valid'; default 0. */
  padding?: Padding;
  /** Default 1. */
  dilation?: Sizes;
  /** Default 1. */
  groups?: number;
  /** Default true. */
  bias?: boolean;
  /** Default 'zeros'. */
  paddingMode?: PaddingMode;
}

/** The arguments of a convolution layer, checked and complete. */
export interface ConvLayerSpec {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: Padding;
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly bias: boolean;
  readonly paddingMode: PaddingMode;
}

/** Checks a layer's arguments before any memory is taken. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function convSpec(op: string, axes: number, inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvLayerOptions = {}): ConvLayerSpec {
  checkOptions(op, options, ['stride', 'padding', 'dilation', 'groups', 'bias', 'paddingMode']);
  checkTuple(op, 'inChannels', inChannels, 1, 1);
  checkTuple(op, 'outChannels', outChannels, 1, 1);
  const kernel = checkTuple(op, 'kernelSize', kernelSize, axes, 1);
  const { stride, dilation, groups } = checkConvOptions(op, kernel, options);
  const { padding = 0, bias = true, paddingMode = 'zeros' } = options;
  if (inChannels % groups !== 0 || outChannels % groups !== 0) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: groups is ${groups} but must divide inChannels ${inChannels} and outChannels ${outChannels}`);
  }
  if (!PADDING_MODES.includes(paddingMode)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: paddingMode is '${String(paddingMode)}' but must be one of ${PADDING_MODES.join(', ')}`);
  if (typeof bias !== 'boolean') throw new ArgumentError('CVY_ARG_TYPE', `${op}: bias is ${typeof bias} but must be true or false`);
  return { inChannels, outChannels, kernelSize: kernel, stride, padding: typeof padding === 'string' ? padding : checkTuple(op, 'padding', padding, axes, 0), dilation, groups, bias, paddingMode };
}

/** Options in PyTorch's form: what differs from the default. */
export function convRepr(spec: ConvLayerSpec & { readonly outputPadding?: readonly number[] }): string {
  const parts = [`${spec.inChannels}, ${spec.outChannels}, kernel_size=${python(spec.kernelSize)}, stride=${python(spec.stride)}`];
  if (typeof spec.padding === 'string') parts.push(`padding=${spec.padding}`);
  else if (typeof spec.padding !== 'number' && spec.padding.some((p) => p !== 0)) parts.push(`padding=${python(spec.padding)}`);
  if (spec.dilation.some((d) => d !== 1)) parts.push(`dilation=${python(spec.dilation)}`);
  if (spec.outputPadding?.some((p) => p !== 0)) parts.push(`output_padding=${python(spec.outputPadding)}`);
  if (spec.groups !== 1) parts.push(`groups=${spec.groups}`);
  if (!spec.bias) parts.push('bias=False');
  if (spec.paddingMode !== 'zeros') parts.push(`padding_mode=${spec.paddingMode}`);
  return parts.join(', ');
}

/** What every layer that convolves has: weight and bias under PyTorch's names, drawn uniformly from ±1/√fanIn of the weight's own shape. */
export abstract class ConvLayer<S extends ConvLayerSpec = ConvLayerSpec> extends Layer {
  /** [Cout, Cin/groups, kernel…]; of a transposed convolution [Cin, Cout/groups, kernel…] */
  readonly weight: Parameter;
  /** [Cout], or null */
  readonly bias: Parameter | null;

  constructor(readonly spec: S, backend: Backend, rng: Rng, weight: readonly [number, number]) {
    super(backend);
    const shape = [...weight, ...spec.kernelSize];
    const bound = defaultBound(shape);
    this.weight = parameter(uniform(backend, rng, shape, -bound, bound));
    this.bias = spec.bias ? parameter(uniform(backend, rng, [spec.outChannels], -bound, bound)) : null;
  }

  override extraRepr(): string {
    return convRepr(this.spec);
  }
}

/** A convolution over as many axes as its kernel has. */
export abstract class Convolution extends ConvLayer {
  constructor(@inject(SPEC) spec: ConvLayerSpec, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng, [spec.outChannels, spec.inChannels / spec.groups]);
  }

  protected compute(input: Tensor): Tensor {
    return this.convolve(input, this.weight, this.bias, conv);
  }

  /** `forward` with other weights, or with more than the convolution: what a Sequential calls for layers that it runs as one. */
  forwardFused(input: Tensor, weight: Tensor, bias: Tensor | null, operation: typeof conv): Tensor {
    return this.named(() => this.convolve(this.here(input), weight, bias, operation));
  }

  private convolve(input: Tensor, weight: Tensor, bias: Tensor | null, operation: typeof conv): Tensor {
    const { kernelSize: { length: axes }, stride, padding, dilation, groups, paddingMode } = this.spec;
    return convolve(`conv${axes}d`, axes, input, weight, bias, { stride, padding, dilation, groups, paddingMode }, operation);
  }
}

/**
 * One-dimensional convolution.
 *
 * @shape input   [N, Cin, L] or [Cin, L]
 * @shape returns [N, Cout, oL], oL = ⌊(L + 2·pad − dil·(k − 1) − 1) / str⌋ + 1
 * Weight and bias are drawn uniformly from ±1/√(Cin/groups · k).
 * @throws {ShapeError} CVY_SHAPE_CHANNELS, CVY_SHAPE_KERNEL, CVY_SHAPE_RANK
 * @source torch.nn.Conv1d
 */
@injectedAsBase
export class Conv1d extends Convolution {}

/**
 * Two-dimensional convolution.
 *
 * @shape input   [N, Cin, H, W] or [Cin, H, W]
 * @shape returns [N, Cout, oH, oW], oH = ⌊(H + 2·padH − dilH·(kH − 1) − 1) / strH⌋ + 1
 * Weight and bias are drawn uniformly from ±1/√(Cin/groups · kH · kW).
 * @throws {ShapeError} CVY_SHAPE_CHANNELS, CVY_SHAPE_KERNEL, CVY_SHAPE_RANK
 * @source torch.nn.Conv2d
 */
@injectedAsBase
export class Conv2d extends Convolution {}

/**
 * Three-dimensional convolution.
 *
 * @shape input   [N, Cin, D, H, W] or [Cin, D, H, W]
 * @shape returns [N, Cout, oD, oH, oW], oD = ⌊(D + 2·padD − dilD·(kD − 1) − 1) / strD⌋ + 1
 * Weight and bias are drawn uniformly from ±1/√(Cin/groups · kD · kH · kW).
 * @throws {ShapeError} CVY_SHAPE_CHANNELS, CVY_SHAPE_KERNEL, CVY_SHAPE_RANK
 * @source torch.nn.Conv3d
 */
@injectedAsBase
export class Conv3d extends Convolution {}

/** The spec of a convolution over so many axes. */
const spec = (op: string, axes: number) => (inChannels: number, outChannels: number, kernelSize: Sizes, options?: ConvLayerOptions): ConvLayerSpec =>
  convSpec(op, axes, inChannels, outChannels, kernelSize, options);

export const factories = {
  /** See {@link Conv1d}. */
  Conv1d: factory(Conv1d, spec('Conv1d', 1)),
  /** See {@link Conv2d}. */
  Conv2d: factory(Conv2d, spec('Conv2d', 2)),
  /** See {@link Conv3d}. */
  Conv3d: factory(Conv3d, spec('Conv3d', 3)),
};
