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

/** An argument that an adapter does not know is an option that does not exist, not one to be ignored. */
export function known(op, args, names) {
  for (const arg of Object.keys(args)) if (!names.includes(arg)) throw new NotBuilt(`${op} takes no ${arg}`);
}

/** Runs `use` on options or tensors by name; one that it never asks for would be lost in silence, so it does not exist. */
export function allTaken(op, given, use) {
  const left = given.map((values) => new Set(Object.keys(values)));
  const result = use(...given.map((values, i) => new Proxy(values, { get: (target, name) => (left[i].delete(name), target[name]) })));
  const names = left.flatMap((unread) => [...unread]);
  if (names.length > 0) throw new NotBuilt(`${op} takes no ${names.join(', ')}`);
  return result;
}

/** The backends, each as a fresh `nn` of one convoy. */
export const BACKENDS = {
  'cpu-naive': { backend: 'cpu-naive' },
  'cpu-tiled': { backend: 'cpu-tiled' },
  'worker-pool': { backend: 'worker-pool', threads: 2 },
  'wasm-simd': { backend: 'wasm-simd' },
};

export const { createConvoy, scope } = exported;
