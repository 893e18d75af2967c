/**
 * Adam and AdamW. One kernel does a step; where a backend lacks it, the step is composed of tensor operations.
 */
import { checkFlag } from '../errors.js';
import { empty, type Tensor } from '../tensor/index.js';
import { average, checkMoments, decayed, nextStep, type MomentsOptions } from './options.js';
import { Optimizer, type Params, type ParamState, type Stepped } from './optimizer.js';

export interface AdamOptions extends MomentsOptions {
  /** Divide by the largest average of squares so far; default false. */
  amsgrad: boolean;
}

const DEFAULTS: AdamOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false };

abstract class AdamFamily extends Optimizer<AdamOptions> {
  /** Whether weight decay shrinks the parameter itself and does not pass through the averages. */
  protected abstract get decoupled(): boolean;

  protected check(op: string, options: Readonly<AdamOptions>): void {
    checkMoments(op, options);
    checkFlag(op, 'amsgrad', options.amsgrad);
  }

  protected update(p: Tensor, g: Tensor, group: Readonly<AdamOptions>, state: Readonly<ParamState>): Stepped {
    const step = nextStep(state);
    const names = ['exp_avg', 'exp_avg_sq', ...(group.amsgrad ? ['max_exp_avg_sq'] : [])];
    const old = names.map((name) => this.tensor(state, name, p));
    const [value, ...next] = (p.backend.has('adamStep', p.dtype) ? fused : compose)(p, g, old, step, group, this.decoupled);
    return { value, state: { step, ...Object.fromEntries(names.map((name, i) => [name, next[i]])) } };
  }
}

/**
 * m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², p ← p − lr · m̂ / (√v̂ + eps), with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
 * and g the gradient + weightDecay · p. `lr` is 1e-3 unless given.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE: negative lr, eps or weightDecay, betas outside [0, 1)
 * @source torch.optim.Adam; Kingma & Ba 2015, arXiv:1412.6980; amsgrad: Reddi et al. 2018
 */
export class Adam extends AdamFamily {
  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, options, DEFAULTS);
  }

  protected get decoupled(): boolean {
    return false;
  }
}

/**
 * Adam whose weight decay (0.01 unless given) is not scaled by the averages: p ← p − lr · weightDecay · p first, then a step of Adam.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE as Adam
 * @source torch.optim.AdamW; Loshchilov & Hutter 2019, arXiv:1711.05101
 */
export class AdamW extends AdamFamily {
  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, options, { ...DEFAULTS, weightDecay: 1e-2 });
  }

  protected get decoupled(): boolean {
    return true;
  }
}

/** New values of p, m, v and, with amsgrad, the largest v. */
function fused(p: Tensor, g: Tensor, old: readonly Tensor[], step: number, group: Readonly<AdamOptions>, decoupled: boolean): Tensor[] {
  const { lr, betas: [beta1, beta2], eps, weightDecay, maximize } = group;
  const next = [p, ...old].map(() => empty(p.backend, p.shape, p.dtype));
  const [m, v, vMax] = old;
  const [pOut, mOut, vOut, vMaxOut] = next;
  p.backend.run('adamStep', p.dtype, [
    p.ptr, g.ptr, m.ptr, v.ptr, vMax?.ptr ?? 0, pOut.ptr, mOut.ptr, vOut.ptr, vMaxOut?.ptr ?? 0, p.numel,
    lr, beta1, beta2, eps, weightDecay, Number(decoupled), step, Number(maximize),
  ]);
  return next;
}

function compose(p: Tensor, g: Tensor, [m, v, vMax]: readonly Tensor[], step: number, group: Readonly<AdamOptions>, decoupled: boolean): Tensor[] {
  const { lr, betas: [beta1, beta2], eps, weightDecay } = group;
  const gradient = decayed(p, g, decoupled ? { ...group, weightDecay: 0 } : group);
  const mNext = average(m, gradient, beta1);
  const vNext = average(v, gradient.square(), beta2);
  const largest = vMax === undefined ? [] : [vMax.maximum(vNext)];
  const divisor = (largest[0] ?? vNext).sqrt().div(Math.sqrt(1 - beta2 ** step)).add(eps);
  const start = decoupled ? p.mul(1 - lr * weightDecay) : p;
  return [start.sub(mNext.div(divisor).mul(lr / (1 - beta1 ** step))), mNext, vNext, ...largest];
}
