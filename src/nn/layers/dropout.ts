/**
 * Dropout as a layer: the only one that draws random numbers after it was built.
 */
import { inject, injectable } from 'inversify';
import type { Backend, Rng } from '../../backend/index.js';
import { BACKEND, RNG, SPEC } from '../../di/tokens.js';
import { checkNumber } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { dropout } from '../functional/dropout.js';
import { Layer } from '../layer.js';
import { keyword, python } from '../options.js';

export interface DropoutSpec {
  readonly p: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export const dropoutSpec = (p?: number | { p?: number }): DropoutSpec => ({ p: checkNumber('Dropout', 'p', keyword('Dropout', 'p', p, 0.5), 0, 1) });

/** In training, elements become 0 with probability p and the others are divided by 1 − p; in evaluation nothing happens. @source torch.nn.Dropout */
@injectable()
export class Dropout extends Layer {
  constructor(@inject(SPEC) readonly spec: DropoutSpec, @inject(BACKEND) backend: Backend, @inject(RNG) private readonly rng: Rng) {
    super(backend);
  }

  protected compute(input: Tensor): Tensor {
    return dropout(input, { p: this.spec.p, training: this.training, rng: this.rng });
  }

  override extraRepr(): string {
    return `p=${python(this.spec.p)}, inplace=False`;
  }
}

export const factories = {
  /** See {@link Dropout}. */
  Dropout: factory(Dropout, dropoutSpec),
};
