/** Table entries of assembly/optim.ts: what depends on the step alone is computed here. */
import type { KernelTable } from '../../src/backend/index.js';
import { fn, perElement } from './loops.js';
import type { Wasm } from './wasm.js';

export function optim(wasm: Wasm): KernelTable {
  const [sgd, adam] = [fn(wasm, 'f32_sgdStep'), fn(wasm, 'f32_adamStep')];
  return {
    sgdStep: perElement(wasm, 'sgdStep', (args) => args[5], (args, begin, end) => {
      const [p, g, momentumIn, pOut, momentumOut, , lr, momentum, dampening, weightDecay, nesterov, first, maximize] = args;
      // A parameter's first momentum is its gradient, without dampening.
      const [keep, take] = first ? [0, 1] : [momentum, 1 - dampening];
      const at = (ptr: number): number => ptr && ptr + 4 * begin;
      sgd(at(p), at(g), at(momentumIn), at(pOut), at(momentumOut), end - begin, lr, momentum, keep, take, weightDecay, nesterov, maximize ? -1 : 1);
    }, { cost: 4 }),
    adamStep: perElement(wasm, 'adamStep', (args) => args[9], (args, begin, end) => {
      const [p, g, mIn, vIn, vMaxIn, pOut, mOut, vOut, vMaxOut, , lr, beta1, beta2, eps, weightDecay, decoupled, step, maximize] = args;
      const at = (ptr: number): number => ptr && ptr + 4 * begin;
      adam(
        at(p), at(g), at(mIn), at(vIn), at(vMaxIn), at(pOut), at(mOut), at(vOut), at(vMaxOut), end - begin,
        beta1, 1 - beta1, beta2, 1 - beta2, lr / (1 - beta1 ** step), Math.sqrt(1 - beta2 ** step), eps,
        decoupled ? 1 - lr * weightDecay : 1, decoupled ? 0 : weightDecay, maximize ? -1 : 1,
      );
    }, { cost: 8 }),
  };
}
