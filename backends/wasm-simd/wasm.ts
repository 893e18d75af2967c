/** Finds the variant that this Node can run, instantiates it over the heap, and makes kernels of its functions. Knows no op. */
import { readFileSync } from 'node:fs';
import type { Args, Kernel, WasmMemory } from '../../src/backend/index.js';
import { env } from '../../src/debug.js';
import { ArgumentError } from '../../src/errors.js';

/** What is used of the JavaScript API of WebAssembly, typed by hand so that users' compilers need no DOM library. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: { env: { memory: WasmMemory } }) => { readonly exports: WasmFunctions };
};

/** A function of the module. Pointers are plain numbers: WebAssembly takes them modulo 2³². */
export type WasmFunction = (...args: number[]) => number;
export interface WasmFunctions { readonly [name: string]: WasmFunction }

export const VARIANTS = ['relaxed', 'simd'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Modules of one function each, made of the feature's instruction alone: (func (result v128) …). */
const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
const PROBES: Readonly<Record<Variant, readonly number[]>> = {
  // i32.const 0, f32x4-able i8x16.splat
  simd: [...HEAD, 10, 8, 1, 6, 0, 0x41, 0, 0xfd, 0x0f, 0x0b],
  // three splats, f32x4.relaxed_madd
  relaxed: [...HEAD, 10, 19, 1, 17, 0, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x0b],
};

/** Whether this Node compiles what a variant is made of. */
export const supports = (variant: Variant): boolean => WebAssembly.validate(Uint8Array.from(PROBES[variant]));

/**
 * The best variant that runs here, or the one that CONVOY_WASM names; null when there is none.
 * @throws {ArgumentError} CVY_ARG_VALUE when CONVOY_WASM names no variant
 */
export function chooseVariant(): Variant | null {
  const named = env('CONVOY_WASM');
  if (named !== undefined && !VARIANTS.includes(named as Variant)) {
    throw new ArgumentError('CVY_ARG_VALUE', `CONVOY_WASM: '${named}' but one of ${VARIANTS.join(', ')} is required`);
  }
  return VARIANTS.find((variant) => (named === undefined || variant === named) && supports(variant)) ?? null;
}

/** The kernels' module at work on one heap, in one thread. */
export interface Wasm {
  readonly variant: Variant;
  readonly functions: WasmFunctions;
}

export function instantiate(memory: WasmMemory): Wasm {
  const variant = chooseVariant();
  if (variant === null) throw new Error('this Node has no WebAssembly SIMD');
  const module = new WebAssembly.Module(readFileSync(new URL(`./${variant}.wasm`, import.meta.url)));
  return { variant, functions: new WebAssembly.Instance(module, { env: { memory } }).exports };
}

export const f32 = <A extends Args>(kernel: Kernel<A>): { float32: Kernel<A> } => ({ float32: kernel });

/** `f32_relu__relaxed`: what the kernel is called in placement reports. */
export const nameOf = ({ variant }: Wasm, name: string): string => `f32_${name}__${variant}`;
