/**
 * Adagrad, composed of tensor operations.
 */
import { checkNumber } from '../errors.js';
import type { Tensor } from '../tensor/index.js';
import { checkDecay, decayed, nextStep, type DecayOptions } from './options.js';
import { Optimizer, type Params, type ParamState, type Stepped } from './optimizer.js';

export interface AdagradOptions extends DecayOptions {
  /** The rate of step t, from 1, is lr / (1 + (t − 1) · lrDecay); default 0. */
  lrDecay: number;
  /** What the sums of squares start from; default 0. */
  initialAccumulatorValue: number;
  /** Added to the divisor; default 1e-10. */
  eps: number;
}

/**
 * s ← s + g²; p ← p − lr · g / (√s + eps). `lr` is 1e-2 unless given.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE: a negative number
 * @source torch.optim.Adagrad; Duchi, Hazan & Singer 2011
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(params: Params<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(params, options, { lr: 1e-2, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, maximize: false });
  }

  protected check(op: string, options: Readonly<AdagradOptions>): void {
    for (const name of ['lrDecay', 'initialAccumulatorValue', 'eps'] as const) checkNumber(op, name, options[name], 0);
    checkDecay(op, options);
  }

  protected update(p: Tensor, g: Tensor, group: Readonly<AdagradOptions>, state: Readonly<ParamState>): Stepped {
    const { lr, lrDecay, eps, initialAccumulatorValue } = group;
    const step = nextStep(state);
    const gradient = decayed(p, g, group);
    const sum = this.tensor(state, 'sum', p, initialAccumulatorValue).add(gradient.square());
    const rate = lr / (1 + (step - 1) * lrDecay);
    return { value: p.sub(gradient.div(sum.sqrt().add(eps)).mul(rate)), state: { step, sum } };
  }
}
