/** The library under test: what the package exports, with an error in words for what it does not export (yet). */
import * as exported from '../../dist/src/index.js';

export class NotBuilt extends Error {}

export const lib = new Proxy(exported, {
  get(target, name) {
    if (!(name in target)) throw new NotBuilt(`convoy-nn exports no ${String(name)}`);
    return target[name];
  },
});

/** A layer factory of `nn`. */
export function layer(nn, name, ...args) {
  if (typeof nn[name] !== 'function') throw new NotBuilt(`nn has no ${name}`);
  return nn[name](...args);
}

/** The backends, each as a fresh `nn` of one convoy. */
export const BACKENDS = {
  'cpu-naive': { backend: 'cpu-naive' },
  'cpu-tiled': { backend: 'cpu-tiled' },
  'worker-pool': { backend: 'worker-pool', threads: 2 },
  'wasm-simd': { backend: 'wasm-simd' },
};

export const { createConvoy, scope } = exported;
