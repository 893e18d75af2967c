/**
 * Which variant of the kernels' module runs here. Features are asked of `WebAssembly.validate`, and a variant serves only after it
 * has passed the self-check. It depends on the machine and on `turbo` alone, and all threads use the same.
 */
import { setFlagsFromString } from 'node:v8';
import type { KernelWishes, Variant } from '../../src/backend/index.js';
import { env } from '../../src/debug.js';
import { ArgumentError, BackendError } from '../../src/errors.js';
import { supports } from './features.js';
import { selfCheck } from './selfCheck.js';

/** Best first. turbo: tiles for V8's revectoriser; relaxed: with fused multiply-add; simd: plain. */
export const VARIANTS = ['turbo', 'relaxed', 'simd'] as const;
type Name = (typeof VARIANTS)[number];

/** The revectoriser makes one 256-bit instruction of two neighbours. V8 13.6 (Node 24) is the first whose passes suffice; x64 only. */
const revectorises = (): boolean => Number(process.versions.node.split('.')[0]) >= 24 && process.arch === 'x64';

/**
 * Sets the flags of `turbo`. Relaxed SIMD lies behind one on Node 20 alone. A small budget has functions optimised at their
 * second call, which is when the self-check looks at them.
 */
function turnOn(): void {
  if (!supports('relaxed')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  if (!revectorises()) return;
  setFlagsFromString('--experimental-wasm-revectorize');
  setFlagsFromString('--wasm-tiering-budget=1000');
}

/** Optimises while the caller waits, as long as `check` runs. */
function optimised<R>(check: () => R): R {
  setFlagsFromString('--wasm-sync-tier-up');
  try {
    return check();
  } finally {
    setFlagsFromString('--no-wasm-sync-tier-up');
  }
}

/** Why a variant cannot run, or null. */
function obstacle(variant: Name, turbo: boolean): string | null {
  if (variant === 'turbo' && !revectorises()) return `turbo needs V8's revectoriser (Node 24 or later on x64; this is Node ${process.versions.node} on ${process.arch})`;
  if (variant === 'turbo' && !turbo) return 'turbo was not asked for';
  if (variant !== 'simd' && !supports('relaxed')) return `${variant} needs relaxed SIMD, which this Node ${turbo ? 'has not' : 'has at most with turbo'}`;
  const wrong = variant === 'turbo' ? optimised(() => selfCheck(variant)) : selfCheck(variant);
  return wrong && `${variant} failed its self-check (${wrong})`;
}

/**
 * The best variant that runs here, or the one that CONVOY_WASM names.
 * @throws {ArgumentError} CVY_ARG_VALUE when CONVOY_WASM names no variant
 * @throws {BackendError} CVY_BACKEND_UNAVAILABLE when none runs, or not the named one
 */
export function choose({ turbo }: KernelWishes): Variant {
  const named = env('CONVOY_WASM');
  if (named !== undefined && !VARIANTS.includes(named as Name)) {
    throw new ArgumentError('CVY_ARG_VALUE', `CONVOY_WASM: '${named}' but one of ${VARIANTS.join(', ')} is required`);
  }
  if (turbo) turnOn();
  const obstacles: string[] = [];
  for (const variant of named === undefined ? VARIANTS : [named as Name]) {
    const why = obstacle(variant, turbo);
    if (why === null) return { name: variant, why: named === undefined ? obstacles.join('; ') || null : 'CONVOY_WASM names it' };
    obstacles.push(why);
  }
  throw new BackendError('CVY_BACKEND_UNAVAILABLE', `wasm-simd: no variant runs here but one is required: ${obstacles.join('; ')}`);
}
