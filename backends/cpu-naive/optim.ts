/** One step of SGD and of Adam, in PyTorch's order of operations; new values are written beside the old ones. */
import type { Kernel, OpArgs } from '../../src/backend/index.js';
import { elementwise, type Store } from './loops.js';

/** A parameter's first momentum is its gradient, without dampening. */
export const sgdStep = (of: Store): Kernel<OpArgs['sgdStep']> => elementwise((args) => args[5], (heap, args, first, end) => {
  const [p, g, momentumIn, pOut, momentumOut, , lr, momentum, dampening, weightDecay, nesterov, isFirst, maximize] = args;
  const view = of.view(heap);
  for (let i = first; i < end; i++) {
    const value = view[(p >>> of.log2) + i];
    let step = view[(g >>> of.log2) + i];
    if (maximize) step = -step;
    if (weightDecay) step += weightDecay * value;
    if (momentumOut) {
      const buffer = isFirst ? step : momentum * view[(momentumIn >>> of.log2) + i] + (1 - dampening) * step;
      view[(momentumOut >>> of.log2) + i] = buffer;
      step = nesterov ? step + momentum * buffer : buffer;
    }
    view[(pOut >>> of.log2) + i] = value - lr * step;
  }
});

/** Kingma & Ba 2015; amsgrad after Reddi et al. 2018, decoupled weight decay after Loshchilov & Hutter 2019. */
export const adamStep = (of: Store): Kernel<OpArgs['adamStep']> => elementwise((args) => args[9], (heap, args, first, end) => {
  const [p, g, mIn, vIn, vMaxIn, pOut, mOut, vOut, vMaxOut, , lr, beta1, beta2, eps, weightDecay, decoupled, step, maximize] = args;
  const view = of.view(heap);
  const stepSize = lr / (1 - beta1 ** step);
  const correction = Math.sqrt(1 - beta2 ** step);
  for (let i = first; i < end; i++) {
    let value = view[(p >>> of.log2) + i];
    let grad = view[(g >>> of.log2) + i];
    if (maximize) grad = -grad;
    if (decoupled) value *= 1 - lr * weightDecay;
    else if (weightDecay) grad += weightDecay * value;
    const m = beta1 * view[(mIn >>> of.log2) + i] + (1 - beta1) * grad;
    const v = beta2 * view[(vIn >>> of.log2) + i] + (1 - beta2) * grad * grad;
    view[(mOut >>> of.log2) + i] = m;
    view[(vOut >>> of.log2) + i] = v;
    let spread = v;
    if (vMaxOut) {
      spread = Math.max(view[(vMaxIn >>> of.log2) + i], v);
      view[(vMaxOut >>> of.log2) + i] = spread;
    }
    view[(pOut >>> of.log2) + i] = value - (stepSize * m) / (Math.sqrt(spread) / correction + eps);
  }
});
