/** Table entries of assembly/norm.ts and assembly/normStats.ts. */
import type { KernelTable, OpArgs } from '../../src/backend/index.js';
import { fn, perItem } from './loops.js';
import type { Wasm } from './wasm.js';

/** Bytes of x and g that stay in the cache of a core while their channel is summed, and channels from which on these are pieces enough. */
const CACHED = 2 ** 20;
const CHANNELS = 16;

/** Whether the input gradient of a channel follows on its sums. Layer and group norms are channels of one row. */
const atOnce = ([, , , , , , , , n, c, s]: OpArgs['batchNormGrad']): boolean => s > 1 && (n === 1 || (c >= CHANNELS && 8 * n * s <= CACHED));

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
    // First channels, then rows [n, c] with what the former left in the shared workspace. A channel that stays in the cache gets both at once.
    batchNormGrad: perItem(wasm, 'batchNormGrad', [{
      items: (args) => args[9], cost: (args) => 4 * args[8] * args[10],
      body: (args, first, end, { shared }) => {
        const [x, g, mean, variance, gamma, gx, ggamma, gbeta, n, c, s, eps] = args;
        if (!atOnce(args)) sums(x, g, mean, variance, gamma, ggamma, gbeta, n, c, s, eps, first, end, shared);
        else for (let channel = first; channel < end; channel++) {
          sums(x, g, mean, variance, gamma, ggamma, gbeta, n, c, s, eps, channel, channel + 1, shared);
          inputs(x, g, mean, gx, c, s, channel, n * c, c, shared);
        }
      },
    }, {
      items: (args) => (atOnce(args) ? 0 : args[8] * args[9]), cost: (args) => 2 * args[10],
      body: ([x, g, mean, , , gx, , , , c, s], first, end, { shared }) => { inputs(x, g, mean, gx, c, s, first, end, 1, shared); },
    }], (args) => ({ shared: 3 * 4 * args[9] })),
  };
}
