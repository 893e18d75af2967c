/**
 * Adamax, composed of tensor operations.
 */
import type { Tensor } from '../tensor/index.js';
import { average, checkMoments, decayed, nextStep, type MomentsOptions } from './options.js';
import { Optimizer, type Params, type ParamState, type Stepped } from './optimizer.js';

/**
 * Adam with the largest gradient in place of the root of squares: m ← β₁·m + (1 − β₁)·g, u ← max(β₂·u, |g| + eps),
 * p ← p − lr / (1 − β₁ᵗ) · m / u. `lr` is 2e-3 unless given.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE: negative lr, eps or weightDecay, betas outside [0, 1)
 * @source torch.optim.Adamax; Kingma & Ba 2015, arXiv:1412.6980
 */
export class Adamax extends Optimizer<MomentsOptions> {
  constructor(params: Params<MomentsOptions>, options: Partial<MomentsOptions> = {}) {
    super(params, options, { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false });
  }

  protected check(op: string, options: Readonly<MomentsOptions>): void {
    checkMoments(op, options);
  }

  protected update(p: Tensor, g: Tensor, group: Readonly<MomentsOptions>, state: Readonly<ParamState>): Stepped {
    const { lr, betas: [beta1, beta2], eps } = group;
    const step = nextStep(state);
    const gradient = decayed(p, g, group);
    const m = average(this.tensor(state, 'exp_avg', p), gradient, beta1);
    const largest = this.tensor(state, 'exp_inf', p).mul(beta2).maximum(gradient.abs().add(eps));
    return { value: p.sub(m.div(largest).mul(lr / (1 - beta1 ** step))), state: { step, exp_avg: m, exp_inf: largest } };
  }
}
