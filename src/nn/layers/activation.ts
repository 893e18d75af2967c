/**
 * Activations as layers. The functions themselves are recorded operations of src/autograd.
 */
import { leakyRelu, logSoftmax, relu, sigmoid, softmax, softplus, tanh } from '../../autograd/index.js';
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { ArgumentError, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { softmin } from '../functional/activation.js';
import { SpecLayer } from '../layer.js';
import { keyword, noSpec, python, type NoSpec } from '../options.js';

/** max(x, 0). @source torch.nn.ReLU */
@injectedAsBase
export class ReLU extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return relu(input);
  }
}

/** Hyperbolic tangent. @source torch.nn.Tanh */
@injectedAsBase
export class Tanh extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return tanh(input);
  }
}

/** 1 / (1 + e⁻ˣ). @source torch.nn.Sigmoid */
@injectedAsBase
export class Sigmoid extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return sigmoid(input);
  }
}

export interface LeakyReLUSpec {
  readonly negativeSlope: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export const leakyReluSpec = (negativeSlope?: number | { negativeSlope?: number }): LeakyReLUSpec =>
  ({ negativeSlope: checkNumber('LeakyReLU', 'negativeSlope', keyword('LeakyReLU', 'negativeSlope', negativeSlope, 0.01)) });

/** x where x > 0, else negativeSlope · x. @source torch.nn.LeakyReLU */
@injectedAsBase
export class LeakyReLU extends SpecLayer<LeakyReLUSpec> {
  protected compute(input: Tensor): Tensor {
    return leakyRelu(input, this.spec.negativeSlope);
  }

  override extraRepr(): string {
    return `negative_slope=${python(this.spec.negativeSlope)}`;
  }
}

export interface SoftplusSpec {
  readonly beta: number;
  readonly threshold: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function softplusSpec(options: { beta?: number; threshold?: number } = {}): SoftplusSpec {
  checkOptions('Softplus', options, ['beta', 'threshold']);
  const { beta = 1, threshold = 20 } = options;
  if (checkNumber('Softplus', 'beta', beta) === 0) throw new ArgumentError('CVY_ARG_VALUE', 'Softplus: beta is 0 but must not be; it divides');
  return { beta, threshold: checkNumber('Softplus', 'threshold', threshold) };
}

/** log(1 + exp(beta · x)) / beta, but x where beta · x > threshold. @source torch.nn.Softplus */
@injectedAsBase
export class Softplus extends SpecLayer<SoftplusSpec> {
  protected compute(input: Tensor): Tensor {
    return softplus(input, this.spec.beta, this.spec.threshold);
  }

  override extraRepr(): string {
    return `beta=${python(this.spec.beta)}, threshold=${python(this.spec.threshold)}`;
  }
}

export interface DimSpec {
  readonly dim: number;
}

/** The axis of a softmax, which has no default. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function dimSpec(op: string, dim: number | { dim: number }): DimSpec {
  const found = keyword(op, 'dim', dim);
  if (!Number.isInteger(found)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: dim is ${String(found)} but must be an integer; 1 is the axis of classes`);
  return { dim: found as number };
}

/** exp(x) / Σ exp(x) along an axis. @source torch.nn.Softmax */
@injectedAsBase
export class Softmax extends SpecLayer<DimSpec> {
  protected compute(input: Tensor): Tensor {
    return softmax(input, this.spec.dim);
  }

  override extraRepr(): string {
    return `dim=${this.spec.dim}`;
  }
}

/** log(exp(x) / Σ exp(x)) along an axis. @source torch.nn.LogSoftmax */
@injectedAsBase
export class LogSoftmax extends SpecLayer<DimSpec> {
  protected compute(input: Tensor): Tensor {
    return logSoftmax(input, this.spec.dim);
  }

  override extraRepr(): string {
    return `dim=${this.spec.dim}`;
  }
}

/** exp(−x) / Σ exp(−x) along an axis. @source torch.nn.Softmin */
@injectedAsBase
export class Softmin extends SpecLayer<DimSpec> {
  protected compute(input: Tensor): Tensor {
    return softmin(input, this.spec.dim);
  }

  override extraRepr(): string {
    return `dim=${this.spec.dim}`;
  }
}

/** softmax over the channels at every position. @shape input [N, C, H, W] or [C, H, W] @throws {ShapeError} CVY_SHAPE_RANK @source torch.nn.Softmax2d */
@injectedAsBase
export class Softmax2d extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    if (input.ndim !== 3 && input.ndim !== 4) throw new ShapeError('CVY_SHAPE_RANK', `Softmax2d: input has ${input.ndim} axes but 3 or 4 are required: [C, H, W] or [N, C, H, W] (input ${fmt(input.shape)})`);
    return softmax(input, -3);
  }
}

export const factories = {
  /** See {@link ReLU}. */
  ReLU: factory(ReLU, (options?: NoSpec) => noSpec('ReLU', options)),
  /** See {@link Tanh}. */
  Tanh: factory(Tanh, (options?: NoSpec) => noSpec('Tanh', options)),
  /** See {@link Sigmoid}. */
  Sigmoid: factory(Sigmoid, (options?: NoSpec) => noSpec('Sigmoid', options)),
  /** See {@link LeakyReLU}. */
  LeakyReLU: factory(LeakyReLU, leakyReluSpec),
  /** See {@link Softplus}. */
  Softplus: factory(Softplus, softplusSpec),
  /** See {@link Softmax}. */
  Softmax: factory(Softmax, (dim: number | { dim: number }) => dimSpec('Softmax', dim)),
  /** See {@link LogSoftmax}. */
  LogSoftmax: factory(LogSoftmax, (dim: number | { dim: number }) => dimSpec('LogSoftmax', dim)),
  /** See {@link Softmin}. */
  Softmin: factory(Softmin, (dim: number | { dim: number }) => dimSpec('Softmin', dim)),
  /** See {@link Softmax2d}. */
  Softmax2d: factory(Softmax2d, (options?: NoSpec) => noSpec('Softmax2d', options)),
};
