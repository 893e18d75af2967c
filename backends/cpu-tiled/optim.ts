/** One step of SGD and of Adam, in PyTorch's order of operations; new values are written beside the old ones. */
import type { Kernel, OpArgs } from '../../src/backend/index.js';
import { elementwise } from './loops.js';

/** A parameter's first momentum is its gradient, without dampening. */
export const sgdStep: Kernel<OpArgs['sgdStep']> = elementwise('f32_sgdStep__js', (args) => args[5], ({ f32 }, args, begin, end) => {
  const [p, g, momentumIn, pOut, momentumOut, , lr, momentum, dampening, weightDecay, nesterov, first, maximize] = args;
  const [p0, g0, in0, out0, m0] = [p >>> 2, g >>> 2, momentumIn >>> 2, pOut >>> 2, momentumOut >>> 2];
  const sign = maximize ? -1 : 1;
  const [keep, take] = first ? [0, 1] : [momentum, 1 - dampening];
  for (let i = begin; i < end; i++) {
    const value = f32[p0 + i];
    let step = sign * f32[g0 + i];
    if (weightDecay !== 0) step += weightDecay * value;
    if (m0 !== 0) {
      const buffer = keep === 0 ? take * step : keep * f32[in0 + i] + take * step;
      f32[m0 + i] = buffer;
      step = nesterov ? step + momentum * buffer : buffer;
    }
    f32[out0 + i] = value - lr * step;
  }
});

/** Kingma & Ba 2015; amsgrad after Reddi et al. 2018, decoupled weight decay after Loshchilov & Hutter 2019. */
export const adamStep: Kernel<OpArgs['adamStep']> = elementwise('f32_adamStep__js', (args) => args[9], ({ f32 }, args, begin, end) => {
  const [p, g, mIn, vIn, vMaxIn, pOut, mOut, vOut, vMaxOut, , lr, beta1, beta2, eps, weightDecay, decoupled, step, maximize] = args;
  const [p0, g0, m0, v0, max0] = [p >>> 2, g >>> 2, mIn >>> 2, vIn >>> 2, vMaxIn >>> 2];
  const [pTo, mTo, vTo, maxTo] = [pOut >>> 2, mOut >>> 2, vOut >>> 2, vMaxOut >>> 2];
  const stepSize = lr / (1 - beta1 ** step);
  const correction = Math.sqrt(1 - beta2 ** step);
  const shrink = decoupled ? 1 - lr * weightDecay : 1;
  const decay = decoupled ? 0 : weightDecay;
  const sign = maximize ? -1 : 1;
  for (let i = begin; i < end; i++) {
    const value = f32[p0 + i];
    let grad = sign * f32[g0 + i];
    if (decay !== 0) grad += decay * value;
    const m = beta1 * f32[m0 + i] + (1 - beta1) * grad;
    const v = beta2 * f32[v0 + i] + (1 - beta2) * grad * grad;
    f32[mTo + i] = m;
    f32[vTo + i] = v;
    let spread = v;
    if (maxTo !== 0) {
      spread = Math.max(f32[max0 + i], v);
      f32[maxTo + i] = spread;
    }
    f32[pTo + i] = value * shrink - (stepSize * m) / (Math.sqrt(spread) / correction + eps);
  }
});
