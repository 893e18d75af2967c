/**
 * Dropouts as layers. The functions are nn/functional/dropout.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { checkNumber } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { alphaDropout, dropout, dropout1d, dropout2d, dropout3d, featureAlphaDropout, type DropoutOptions } from '../functional/dropout.js';
import { RandomLayer } from '../layer.js';
import { keyword, python } from '../options.js';

export interface DropoutSpec {
  readonly p: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export const dropoutSpec = (op: string, p?: number | { p?: number }): DropoutSpec => ({ p: checkNumber(op, 'p', keyword(op, 'p', p, 0.5), 0, 1) });

/** What dropouts have in common: p, the mode, and random numbers. */
@injectedAsBase
abstract class DropoutLayer extends RandomLayer<DropoutSpec> {
  protected options(): DropoutOptions {
    return { p: this.spec.p, training: this.training, rng: this.rng };
  }

  override extraRepr(): string {
    return `p=${python(this.spec.p)}, inplace=False`;
  }
}

/** In training, elements become 0 with probability p and the others are divided by 1 − p; in evaluation nothing happens. @source torch.nn.Dropout */
@injectedAsBase
export class Dropout extends DropoutLayer {
  protected compute(input: Tensor): Tensor {
    return dropout(input, this.options());
  }
}

/** Dropout of whole channels of [N, C, L] or [C, L]. @source torch.nn.Dropout1d */
@injectedAsBase
export class Dropout1d extends DropoutLayer {
  protected compute(input: Tensor): Tensor {
    return dropout1d(input, this.options());
  }
}

/** Dropout of whole channels of [N, C, H, W]. @source torch.nn.Dropout2d */
@injectedAsBase
export class Dropout2d extends DropoutLayer {
  protected compute(input: Tensor): Tensor {
    return dropout2d(input, this.options());
  }
}

/** Dropout of whole channels of [N, C, D, H, W] or [C, D, H, W]. @source torch.nn.Dropout3d */
@injectedAsBase
export class Dropout3d extends DropoutLayer {
  protected compute(input: Tensor): Tensor {
    return dropout3d(input, this.options());
  }
}

/** Dropout to the floor of selu that keeps mean 0 and variance 1: for networks of SELU. @source torch.nn.AlphaDropout */
@injectedAsBase
export class AlphaDropout extends DropoutLayer {
  protected compute(input: Tensor): Tensor {
    return alphaDropout(input, this.options());
  }
}

/** AlphaDropout of whole channels of [N, C, …]. @source torch.nn.FeatureAlphaDropout */
@injectedAsBase
export class FeatureAlphaDropout extends DropoutLayer {
  protected compute(input: Tensor): Tensor {
    return featureAlphaDropout(input, this.options());
  }
}

export const factories = {
  /** See {@link Dropout}. */
  Dropout: factory(Dropout, (p?: number | { p?: number }) => dropoutSpec('Dropout', p)),
  /** See {@link Dropout1d}. */
  Dropout1d: factory(Dropout1d, (p?: number | { p?: number }) => dropoutSpec('Dropout1d', p)),
  /** See {@link Dropout2d}. */
  Dropout2d: factory(Dropout2d, (p?: number | { p?: number }) => dropoutSpec('Dropout2d', p)),
  /** See {@link Dropout3d}. */
  Dropout3d: factory(Dropout3d, (p?: number | { p?: number }) => dropoutSpec('Dropout3d', p)),
  /** See {@link AlphaDropout}. */
  AlphaDropout: factory(AlphaDropout, (p?: number | { p?: number }) => dropoutSpec('AlphaDropout', p)),
  /** See {@link FeatureAlphaDropout}. */
  FeatureAlphaDropout: factory(FeatureAlphaDropout, (p?: number | { p?: number }) => dropoutSpec('FeatureAlphaDropout', p)),
};
