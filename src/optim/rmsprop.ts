/**
 * RMSprop, composed of tensor operations.
 */
import { checkFlag, checkNumber } from '../errors.js';
import type { Tensor } from '../tensor/index.js';
import { average, checkDecay, decayed, nextStep, type DecayOptions } from './options.js';
import { Optimizer, type Params, type ParamState, type Stepped } from './optimizer.js';

export interface RMSpropOptions extends DecayOptions {
  /** Decay of the average of squares; default 0.99. */
  alpha: number;
  /** Added to the divisor; default 1e-8. */
  eps: number;
  /** Default 0. */
  momentum: number;
  /** Divide by the gradient's standard deviation instead of the root of its mean square; default false. */
  centered: boolean;
}

/**
 * v ← α·v + (1 − α)·g²; d = g / (√v + eps), centred g / (√(v − a²) + eps) with the average a of the gradients;
 * b ← momentum · b + d; p ← p − lr · b. `lr` is 1e-2 unless given.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE: a negative number
 * @source torch.optim.RMSprop; Hinton 2012, Neural Networks for Machine Learning, lecture 6; centred: Graves 2013, arXiv:1308.0850
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(params: Params<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(params, options, { lr: 1e-2, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0, centered: false, maximize: false });
  }

  protected check(op: string, options: Readonly<RMSpropOptions>): void {
    for (const name of ['alpha', 'eps', 'momentum'] as const) checkNumber(op, name, options[name], 0);
    checkFlag(op, 'centered', options.centered);
    checkDecay(op, options);
  }

  protected update(p: Tensor, g: Tensor, group: Readonly<RMSpropOptions>, state: Readonly<ParamState>): Stepped {
    const { lr, alpha, eps, momentum, centered } = group;
    const gradient = decayed(p, g, group);
    const next: ParamState = { step: nextStep(state) };
    const squares = (next.square_avg = average(this.tensor(state, 'square_avg', p), gradient.square(), alpha));
    let variance = squares;
    if (centered) {
      const mean = (next.grad_avg = average(this.tensor(state, 'grad_avg', p), gradient, alpha));
      variance = squares.sub(mean.square());
    }
    let direction = gradient.div(variance.sqrt().add(eps));
    if (momentum > 0) direction = next.momentum_buffer = this.tensor(state, 'momentum_buffer', p).mul(momentum).add(direction);
    return { value: p.sub(direction.mul(lr)), state: next };
  }
}
