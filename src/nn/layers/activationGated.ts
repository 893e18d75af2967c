/**
 * Activations with something of their own: learned slopes, random slopes, halves that gate each other.
 */
import { inject, injectable } from 'inversify';
import type { Backend } from '../../backend/index.js';
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { BACKEND, SPEC } from '../../di/tokens.js';
import { ArgumentError, checkNumber } from '../../errors.js';
import { checkTuple } from '../../shape/index.js';
import { full, type Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { glu } from '../functional/activation.js';
import { prelu, rrelu } from '../functional/activationPiecewise.js';
import { Layer, RandomLayer, SpecLayer } from '../layer.js';
import { keyword, keywords, python } from '../options.js';
import { parameter, type Parameter } from '../parameter.js';

export interface PReLUSpec {
  readonly numParameters: number;
  readonly init: number;
}

/** By position or as `{ numParameters, init }`. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function preluSpec(numParameters?: number | { numParameters?: number; init?: number }, init?: number | { init?: number }): PReLUSpec {
  const given = keywords('PReLU', ['numParameters', 'init'], [numParameters, init]);
  return { numParameters: checkTuple('PReLU', 'numParameters', (given.numParameters ?? 1) as number, 1, 1)[0], init: checkNumber('PReLU', 'init', given.init ?? 0.25) };
}

/**
 * x above 0, else weight · x; the weight is learned, one number or one for each channel.
 * @shape input [N, C, …] for C weights, any for one
 * @throws {ShapeError} CVY_SHAPE_CHANNELS
 * @source torch.nn.PReLU
 */
@injectable()
export class PReLU extends Layer {
  /** [numParameters] */
  readonly weight: Parameter;

  constructor(@inject(SPEC) readonly spec: PReLUSpec, @inject(BACKEND) backend: Backend) {
    super(backend);
    this.weight = parameter(full(backend, [spec.numParameters], spec.init));
  }

  protected compute(input: Tensor): Tensor {
    return prelu(input, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.spec.numParameters}`;
  }
}

export interface RReLUSpec {
  readonly lower: number;
  readonly upper: number;
}

/** Bounds by position or as `{ lower, upper }`. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function rreluSpec(lower?: number | { lower?: number; upper?: number }, upper?: number | { upper?: number }): RReLUSpec {
  const given = keywords('RReLU', ['lower', 'upper'], [lower, upper]);
  const spec = { lower: checkNumber('RReLU', 'lower', given.lower ?? 1 / 8), upper: checkNumber('RReLU', 'upper', given.upper ?? 1 / 3) };
  if (spec.upper < spec.lower) throw new ArgumentError('CVY_ARG_VALUE', `RReLU: lower is ${spec.lower} but must be at most upper, which is ${spec.upper}`);
  return spec;
}

/** x above 0, else a · x: a is drawn from [lower, upper) for every element in training, and is its mean in evaluation. @source torch.nn.RReLU */
@injectedAsBase
export class RReLU extends RandomLayer<RReLUSpec> {
  protected compute(input: Tensor): Tensor {
    return rrelu(input, this.spec.lower, this.spec.upper, { training: this.training, rng: this.rng });
  }

  override extraRepr(): string {
    return `lower=${python(this.spec.lower)}, upper=${python(this.spec.upper)}`;
  }
}

export interface GLUSpec {
  readonly dim: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function gluSpec(dim?: number | { dim?: number }): GLUSpec {
  const found = keyword('GLU', 'dim', dim, -1);
  if (!Number.isInteger(found)) throw new ArgumentError('CVY_ARG_VALUE', `GLU: dim is ${String(found)} but must be an integer`);
  return { dim: found as number };
}

/** The first half along an axis times the sigmoid of the second. @source torch.nn.GLU */
@injectedAsBase
export class GLU extends SpecLayer<GLUSpec> {
  protected compute(input: Tensor): Tensor {
    return glu(input, this.spec.dim);
  }

  override extraRepr(): string {
    return `dim=${this.spec.dim}`;
  }
}

export const factories = {
  /** See {@link PReLU}. */
  PReLU: factory(PReLU, preluSpec),
  /** See {@link RReLU}. */
  RReLU: factory(RReLU, rreluSpec),
  /** See {@link GLU}. */
  GLU: factory(GLU, gluSpec),
};
