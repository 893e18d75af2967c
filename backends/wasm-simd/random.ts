/** Table entries of assembly/random.ts; counter and key are made of numbers above 2³² as src/backend/rng.ts makes them. */
import type { KernelTable, OpArgs } from '../../src/backend/index.js';
import { fn, perElement } from './loops.js';
import type { Wasm } from './wasm.js';

/** Bytes that four pairs of words take. */
const ASIDE = 64;

export function random(wasm: Wasm): KernelTable {
  const kernel = (op: 'uniform' | 'normal'): ReturnType<typeof perElement<OpArgs['uniform']>> => {
    const make = fn(wasm, `f32_${op}`);
    return perElement<OpArgs['uniform']>(wasm, op, (args) => args[1], ([y, , seed, stream, p0, p1], first, end, own) => {
      const counter = stream ^ Math.imul(Math.floor(seed / 4294967296), 0x85ebca6b);
      const key = seed ^ Math.imul(Math.floor(stream / 4294967296), 0xc2b2ae35);
      make(y + 4 * first, first, end - first, key, counter, p0, p1, own);
    }, { own: ASIDE, cost: op === 'normal' ? 128 : 32 });
  };
  return { uniform: kernel('uniform'), normal: kernel('normal') };
}
