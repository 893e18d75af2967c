/**
 * Adam. One kernel does a step; where a backend lacks it, the step is composed of tensor operations.
 */
import { ArgumentError, checkFlag, checkNumber } from '../errors.js';
import { keep } from '../memory/index.js';
import { empty, type Tensor } from '../tensor/index.js';
import { Optimizer, type Params, type ParamState, type RateOptions } from './optimizer.js';

export interface AdamOptions extends RateOptions {
  /** Decay of the averages of gradients and of their squares; default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the divisor; default 1e-8. */
  eps: number;
  /** Default 0. */
  weightDecay: number;
  /** Divide by the largest average of squares so far; default false. */
  amsgrad: boolean;
  /** Climb instead of descend; default false. */
  maximize: boolean;
}

/**
 * m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², p ← p − lr · m̂ / (√v̂ + eps), with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
 * and g the gradient + weightDecay · p. `lr` is 1e-3 unless given.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE: negative lr, eps or weightDecay, betas outside [0, 1)
 * @source torch.optim.Adam; Kingma & Ba 2015, arXiv:1412.6980; amsgrad: Reddi et al. 2018
 */
export class Adam extends Optimizer<AdamOptions> {
  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, options, { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false });
  }

  protected check(op: string, options: Readonly<AdamOptions>): void {
    const { betas } = options;
    if (!Array.isArray(betas) || betas.length !== 2) throw new ArgumentError('CVY_ARG_TYPE', `${op}: betas is ${String(betas)} but must be two numbers`);
    betas.forEach((beta, i) => checkNumber(op, `betas[${i}]`, beta, 0, 1, true));
    checkNumber(op, 'eps', options.eps, 0);
    checkNumber(op, 'weightDecay', options.weightDecay, 0);
    checkFlag(op, 'amsgrad', options.amsgrad);
    checkFlag(op, 'maximize', options.maximize);
  }

  protected update(p: Tensor, g: Tensor, group: Readonly<AdamOptions>, state: ParamState): void {
    const step = ((state.step as number | undefined) ?? 0) + 1;
    const names = ['exp_avg', 'exp_avg_sq', ...(group.amsgrad ? ['max_exp_avg_sq'] : [])];
    const old = names.map((name) => this.tensor(state, name, p));
    const [value, ...next] = p.backend.has('adamStep', p.dtype) ? fused(p, g, old, step, group) : compose(p, g, old, step, group);
    p.storage.swap(value.storage);
    next.forEach((tensor, i) => {
      old[i].storage.swap(tensor.storage);
      state[names[i]] = keep(old[i]);
    });
    state.step = step;
  }
}

/** New values of p, m, v and, with amsgrad, the largest v. */
function fused(p: Tensor, g: Tensor, old: readonly Tensor[], step: number, group: Readonly<AdamOptions>): Tensor[] {
  const { lr, betas: [beta1, beta2], eps, weightDecay, maximize } = group;
  const next = [p, ...old].map(() => empty(p.backend, p.shape, p.dtype));
  const [m, v, vMax] = old;
  const [pOut, mOut, vOut, vMaxOut] = next;
  p.backend.run('adamStep', p.dtype, [
    p.ptr, g.ptr, m.ptr, v.ptr, vMax?.ptr ?? 0, pOut.ptr, mOut.ptr, vOut.ptr, vMaxOut?.ptr ?? 0, p.numel,
    lr, beta1, beta2, eps, weightDecay, 0, step, Number(maximize),
  ]);
  return next;
}

function compose(p: Tensor, g: Tensor, [m, v, vMax]: readonly Tensor[], step: number, group: Readonly<AdamOptions>): Tensor[] {
  const { lr, betas: [beta1, beta2], eps, weightDecay, maximize } = group;
  let gradient = maximize ? g.neg() : g;
  if (weightDecay !== 0) gradient = gradient.add(p.mul(weightDecay));
  const mNext = m.mul(beta1).add(gradient.mul(1 - beta1));
  const vNext = v.mul(beta2).add(gradient.square().mul(1 - beta2));
  const largest = vMax === undefined ? [] : [vMax.maximum(vNext)];
  const divisor = (largest[0] ?? vNext).sqrt().div(Math.sqrt(1 - beta2 ** step)).add(eps);
  return [p.sub(mNext.div(divisor).mul(lr / (1 - beta1 ** step))), mNext, vNext, ...largest];
}
