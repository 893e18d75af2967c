/**
 * Transposed convolution layers. The operation itself is nn/functional/convTranspose.ts; weights and the rest are conv.ts's.
 */
import { inject } from 'inversify';
import type { Backend, Rng } from '../../backend/index.js';
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { BACKEND, RNG, SPEC } from '../../di/tokens.js';
import { ArgumentError } from '../../errors.js';
import { checkTuple, type Sizes } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { convTranspose } from '../functional/convTranspose.js';
import { ConvLayer, convSpec, type ConvLayerOptions, type ConvLayerSpec } from './conv.js';

export interface ConvTransposeLayerOptions extends Omit<ConvLayerOptions, 'padding' | 'paddingMode'> {
  /** Cells that are cut off on each side; default 0. */
  padding?: Sizes;
  /** Which of several legal output sizes is meant: so many cells more at the end; default 0. */
  outputPadding?: Sizes;
  /** Only 'zeros', as in PyTorch. */
  paddingMode?: 'zeros';
}

export interface ConvTransposeLayerSpec extends ConvLayerSpec {
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];
}

/** Checks a layer's arguments before any memory is taken. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function convTransposeSpec(
  op: string, axes: number, inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvTransposeLayerOptions = {},
): ConvTransposeLayerSpec {
  const { padding = 0, outputPadding = 0, ...rest } = options;
  if (rest.paddingMode !== undefined && rest.paddingMode !== 'zeros') throw new ArgumentError('CVY_ARG_VALUE', `${op}: paddingMode is '${String(rest.paddingMode)}' but must be zeros`);
  return {
    ...convSpec(op, axes, inChannels, outChannels, kernelSize, rest),
    padding: checkTuple(op, 'padding', padding, axes, 0), outputPadding: checkTuple(op, 'outputPadding', outputPadding, axes, 0),
  };
}

/** A transposed convolution over as many axes as its kernel has. */
export abstract class TransposedConvolution extends ConvLayer<ConvTransposeLayerSpec> {
  constructor(@inject(SPEC) spec: ConvTransposeLayerSpec, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng, [spec.inChannels, spec.outChannels / spec.groups]);
  }

  /**
   * @param outputSize which of the stride's several legal sizes the result is to have, in place of the layer's outputPadding:
   * one number an axis, with or without batch and channels in front
   * @throws {ArgumentError} CVY_ARG_VALUE for a size out of reach
   */
  override forward(input: Tensor, outputSize?: readonly number[]): Tensor {
    return this.named(() => this.transpose(this.here(input), outputSize));
  }

  protected compute(input: Tensor): Tensor {
    return this.transpose(input);
  }

  /** `forward` with other weights: what a Sequential calls for a batch norm behind it. */
  forwardFused(input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    return this.named(() => this.transpose(this.here(input), undefined, weight, bias));
  }

  private transpose(input: Tensor, outputSize?: readonly number[], weight: Tensor = this.weight, bias: Tensor | null = this.bias): Tensor {
    const { kernelSize: { length: axes }, stride, padding, outputPadding, dilation, groups } = this.spec;
    const size = outputSize === undefined ? { outputPadding } : { outputSize };
    return convTranspose(`convTranspose${axes}d`, axes, input, weight, bias, { stride, padding, dilation, groups, ...size });
  }
}

/**
 * One-dimensional transposed convolution.
 *
 * @shape input   [N, Cin, L] or [Cin, L]
 * @shape returns [N, Cout, oL], oL = (L − 1)·str − 2·pad + dil·(k − 1) + outputPadding + 1
 * Weight [Cin, Cout/groups, k] and bias are drawn uniformly from ±1/√(Cout/groups · k).
 * @throws {ShapeError} CVY_SHAPE_CHANNELS, CVY_SHAPE_KERNEL, CVY_SHAPE_RANK
 * @source torch.nn.ConvTranspose1d
 */
@injectedAsBase
export class ConvTranspose1d extends TransposedConvolution {}

/** The same over [N, Cin, H, W], axis by axis. @throws as ConvTranspose1d. @source torch.nn.ConvTranspose2d */
@injectedAsBase
export class ConvTranspose2d extends TransposedConvolution {}

/** The same over [N, Cin, D, H, W], axis by axis. @throws as ConvTranspose1d. @source torch.nn.ConvTranspose3d */
@injectedAsBase
export class ConvTranspose3d extends TransposedConvolution {}

/** The spec of a transposed convolution over so many axes. */
const spec = (op: string, axes: number) => (inChannels: number, outChannels: number, kernelSize: Sizes, options?: ConvTransposeLayerOptions): ConvTransposeLayerSpec =>
  convTransposeSpec(op, axes, inChannels, outChannels, kernelSize, options);

export const factories = {
  /** See {@link ConvTranspose1d}. */
  ConvTranspose1d: factory(ConvTranspose1d, spec('ConvTranspose1d', 1)),
  /** See {@link ConvTranspose2d}. */
  ConvTranspose2d: factory(ConvTranspose2d, spec('ConvTranspose2d', 2)),
  /** See {@link ConvTranspose3d}. */
  ConvTranspose3d: factory(ConvTranspose3d, spec('ConvTranspose3d', 3)),
};
