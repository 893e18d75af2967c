/** Table entries of assembly/norm.ts. */
import type { KernelTable } from '../../src/backend/index.js';
import { fn, perItem } from './loops.js';
import type { Wasm } from './wasm.js';

export function norm(wasm: Wasm): KernelTable {
  const [stats, normalise] = [fn(wasm, 'f32_batchNormStats'), fn(wasm, 'f32_batchNorm')];
  const [sums, inputs] = [fn(wasm, 'f32_batchNormSums'), fn(wasm, 'f32_batchNormInputs')];
  return {
    batchNormStats: perItem(wasm, 'batchNormStats', [{
      items: (args) => args[4], cost: ([, , , n, , s]) => 4 * n * s, body: (args, first, end) => { stats(...args, first, end); },
    }]),
    batchNorm: perItem(wasm, 'batchNorm', [{
      items: (args) => args[6] * args[7], cost: (args) => args[8] + (args[8] > 1 ? 8 : 0),
      body: ([x, mean, variance, gamma, beta, y, , c, s, eps], first, end, { own }) => {
        normalise(x, mean, variance, gamma, beta, y, c, s, eps, first, end, own);
      },
    }], ([, , , , , , , c, s]) => (s === 1 ? { own: 4 * c } : {})),
    // First channels, then rows [n, c] with what the former left in the shared workspace. A channel of a single row (layer and group
    // norm) gets both at once, while it is in the cache.
    batchNormGrad: perItem(wasm, 'batchNormGrad', [{
      items: (args) => args[9], cost: (args) => 4 * args[8] * args[10],
      body: ([x, g, mean, variance, gamma, gx, ggamma, gbeta, n, c, s, eps], first, end, { shared }) => {
        sums(x, g, mean, variance, gamma, ggamma, gbeta, n, c, s, eps, first, end, shared);
        if (n === 1) inputs(x, g, mean, gx, c, s, first, end, shared);
      },
    }, {
      items: (args) => (args[8] === 1 ? 0 : args[8] * args[9]), cost: (args) => 2 * args[10],
      body: ([x, g, mean, , , gx, , , , c, s], first, end, { shared }) => { inputs(x, g, mean, gx, c, s, first, end, shared); },
    }], (args) => ({ shared: 3 * 4 * args[9] })),
  };
}
