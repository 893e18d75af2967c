/**
 * The ways of computing an op that kernels.mjs puts side by side: a table. One more is a row: the options of `convoy.nn`, for which
 * ops, and whether its results are exact on whole numbers.
 */
import { API, defineBackend } from '../dist/src/backend/index.js';
import { im2col } from './im2col.mjs';

const CONV = ['conv', 'convGradInput', 'convGradWeight'];

/** Kernel sets of strategies that the library does not bring along: plug-ins for createConvoy. */
export const PLUGINS = [
  defineBackend({ name: 'wasm-direct', api: API, kernels: new URL('./directKernels.mjs', import.meta.url), extends: 'wasm-simd', determinism: 'bitwise' }),
];

/**
 * `options`: those of convoy.nn (the kernel set runs alone on one thread and in the pool on more). `wrap` puts another composition before the backend. `ops`: those that it differs in, else all.
 * `alone`: never on more than one thread. The first is the reference of all others.
 */
export const STRATEGIES = [
  { name: 'naive', about: 'plain loops', kernels: 'cpu-naive', alone: true },
  { name: 'tiled', about: 'cache-blocked JavaScript', kernels: 'cpu-tiled' },
  { name: 'im2col', about: 'columns and one matrix product, WebAssembly', kernels: 'wasm-simd', wrap: im2col, ops: CONV },
  { name: 'plain', about: 'WebAssembly, direct convolutions only', kernels: 'wasm-direct', ops: CONV, tolerance: 1e-4 },
  { name: 'direct', about: 'WebAssembly, the default: Winograd where it pays', kernels: 'wasm-simd', tolerance: 1e-4 },
  { name: 'fast', about: "WebAssembly with precision: 'fast'", kernels: 'wasm-simd', options: { precision: 'fast' }, ops: CONV, tolerance: 1e-4 },
];

// The first nn() decides about turbo for the whole process.
const optionsOf = ({ kernels, options }, threads, turbo) => ({
  seed: 0, turbo, ...(threads === 1 ? { backend: kernels } : { backend: 'worker-pool', kernels, threads }), ...options,
});

/**
 * Opens the strategies of these names on these numbers of threads, over one memory; the reference is the first in any case.
 * @returns {{ name: string, threads: number, precision: string, tolerance: number, backend: object, serves(op: string): boolean }[]}
 */
export async function openStrategies(convoy, names, threads, turbo) {
  const opened = [];
  for (const strategy of STRATEGIES) {
    if (strategy !== STRATEGIES[0] && !names.includes(strategy.name)) continue;
    const { name, alone, wrap, ops, options, tolerance = 0 } = strategy;
    for (const count of alone ? [1] : threads) {
      const { backend } = await convoy.nn(optionsOf(strategy, count, turbo));
      opened.push({
        name, threads: count, precision: options?.precision ?? 'high', tolerance, backend: wrap ? wrap(backend) : backend,
        serves: (op) => ops === undefined || ops.includes(op),
      });
    }
  }
  return opened;
}
