/**
 * Adadelta, composed of tensor operations.
 */
import { checkNumber } from '../errors.js';
import type { Tensor } from '../tensor/index.js';
import { average, checkDecay, decayed, nextStep, type DecayOptions } from './options.js';
import { Optimizer, type Params, type ParamState, type Stepped } from './optimizer.js';

export interface AdadeltaOptions extends DecayOptions {
  /** Decay of both averages of squares; default 0.9. */
  rho: number;
  /** Added under both roots; default 1e-6. */
  eps: number;
}

/**
 * v ← ρ·v + (1 − ρ)·g²; d = g · √(u + eps) / √(v + eps); u ← ρ·u + (1 − ρ)·d²; p ← p − lr · d. `lr` is 1 unless given.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE: negative lr, eps or weightDecay, rho outside [0, 1]
 * @source torch.optim.Adadelta; Zeiler 2012, arXiv:1212.5701
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  constructor(params: Params<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(params, options, { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false });
  }

  protected check(op: string, options: Readonly<AdadeltaOptions>): void {
    checkNumber(op, 'rho', options.rho, 0, 1);
    checkNumber(op, 'eps', options.eps, 0);
    checkDecay(op, options);
  }

  protected update(p: Tensor, g: Tensor, group: Readonly<AdadeltaOptions>, state: Readonly<ParamState>): Stepped {
    const { lr, rho, eps } = group;
    const gradient = decayed(p, g, group);
    const squares = average(this.tensor(state, 'square_avg', p), gradient.square(), rho);
    const deltas = this.tensor(state, 'acc_delta', p);
    const delta = deltas.add(eps).sqrt().div(squares.add(eps).sqrt()).mul(gradient);
    return { value: p.sub(delta.mul(lr)), state: { step: nextStep(state), square_avg: squares, acc_delta: average(deltas, delta.square(), rho) } };
  }
}
