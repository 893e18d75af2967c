/**
 * NAdam, composed of tensor operations.
 */
import { checkFlag, checkNumber } from '../errors.js';
import type { Tensor } from '../tensor/index.js';
import { average, checkMoments, decayed, nextStep, type MomentsOptions } from './options.js';
import { Optimizer, type Params, type ParamState, type Stepped } from './optimizer.js';

export interface NAdamOptions extends MomentsOptions {
  /** How fast the momentum's coefficient grows towards β₁; default 4e-3. */
  momentumDecay: number;
  /** Weight decay as in AdamW: p ← p − lr · weightDecay · p, past the averages; default false. */
  decoupledWeightDecay: boolean;
}

/**
 * Adam with Nesterov's momentum: with μ_t = β₁ · (1 − ½ · 0.96^(t · momentumDecay)) and Π_t = μ_1 ⋯ μ_t,
 * m̂ = μ_{t+1} · m / (1 − Π_{t+1}) + (1 − μ_t) · g / (1 − Π_t); p ← p − lr · m̂ / (√v̂ + eps). `lr` is 2e-3 unless given.
 * PyTorch 1.13 has a factor μ_t too many in Π_{t+1}; later versions agree with this.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE: negative lr, eps, weightDecay or momentumDecay, betas outside [0, 1)
 * @source torch.optim.NAdam; Dozat 2016
 */
export class NAdam extends Optimizer<NAdamOptions> {
  constructor(params: Params<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(params, options, {
      lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, momentumDecay: 4e-3, decoupledWeightDecay: false, maximize: false,
    });
  }

  protected check(op: string, options: Readonly<NAdamOptions>): void {
    checkMoments(op, options);
    checkNumber(op, 'momentumDecay', options.momentumDecay, 0);
    checkFlag(op, 'decoupledWeightDecay', options.decoupledWeightDecay);
  }

  protected update(p: Tensor, g: Tensor, group: Readonly<NAdamOptions>, state: Readonly<ParamState>): Stepped {
    const { lr, betas: [beta1, beta2], eps, weightDecay, momentumDecay, decoupledWeightDecay: decoupled } = group;
    const step = nextStep(state);
    const coefficient = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay));
    const [mu, muNext] = [coefficient(step), coefficient(step + 1)];
    const product = ((state.mu_product as number | undefined) ?? 1) * mu;
    const gradient = decayed(p, g, decoupled ? { ...group, weightDecay: 0 } : group);
    const m = average(this.tensor(state, 'exp_avg', p), gradient, beta1);
    const v = average(this.tensor(state, 'exp_avg_sq', p), gradient.square(), beta2);
    const divisor = v.div(1 - beta2 ** step).sqrt().add(eps);
    const direction = gradient.mul((1 - mu) / (1 - product)).add(m.mul(muNext / (1 - product * muNext)));
    const start = decoupled ? p.mul(1 - lr * weightDecay) : p;
    return { value: start.sub(direction.div(divisor).mul(lr)), state: { step, mu_product: product, exp_avg: m, exp_avg_sq: v } };
  }
}
