/**
 * The bilinear layer, of two inputs. The operation itself is nn/functional/bilinear.ts.
 */
import { inject, injectable } from 'inversify';
import type { Backend, Rng } from '../../backend/index.js';
import { BACKEND, RNG, SPEC } from '../../di/tokens.js';
import { checkFlag, checkOptions } from '../../errors.js';
import { checkTuple } from '../../shape/index.js';
import { uniform, type Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { bilinear } from '../functional/bilinear.js';
import { BackendModule } from '../layer.js';
import { python } from '../options.js';
import { parameter, type Parameter } from '../parameter.js';
import type { LinearOptions } from './linear.js';

export interface BilinearSpec {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  readonly bias: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function bilinearSpec(in1Features: number, in2Features: number, outFeatures: number, options: LinearOptions = {}): BilinearSpec {
  checkOptions('Bilinear', options, ['bias']);
  for (const [name, size] of Object.entries({ in1Features, in2Features, outFeatures })) checkTuple('Bilinear', name, size, 1, 1);
  return { in1Features, in2Features, outFeatures, bias: checkFlag('Bilinear', 'bias', options.bias ?? true) };
}

/**
 * x1ᵀ · weight[o] · x2 + bias[o] for each output feature o.
 *
 * @shape input1 [..., in1], input2 [..., in2]; returns [..., out]
 * Weight and bias are drawn uniformly from ±1/√in1.
 * @throws {ShapeError} CVY_SHAPE_FEATURES, CVY_SHAPE_MISMATCH
 * @source torch.nn.Bilinear
 */
@injectable()
export class Bilinear extends BackendModule {
  /** [out, in1, in2] */
  readonly weight: Parameter;
  /** [out], or null */
  readonly bias: Parameter | null;

  constructor(@inject(SPEC) readonly spec: BilinearSpec, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(backend);
    const { in1Features, in2Features, outFeatures } = spec;
    const bound = 1 / Math.sqrt(in1Features);
    this.weight = parameter(uniform(backend, rng, [outFeatures, in1Features, in2Features], -bound, bound));
    this.bias = spec.bias ? parameter(uniform(backend, rng, [outFeatures], -bound, bound)) : null;
  }

  forward(input1: Tensor, input2: Tensor): Tensor {
    return this.named(() => bilinear(this.here(input1), this.here(input2), this.weight, this.bias));
  }

  override extraRepr(): string {
    const { in1Features, in2Features, outFeatures, bias } = this.spec;
    return `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}, bias=${python(bias)}`;
  }
}

export const factories = {
  /** See {@link Bilinear}. */
  Bilinear: factory(Bilinear, bilinearSpec),
};
