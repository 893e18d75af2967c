/** Instantiates a variant of the kernels' module over a memory, and makes kernels of its functions. Knows no op. */
import { isAscii } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { Args, Kernel, KernelTable, Precision, WasmMemory } from '../../src/backend/index.js';

/** What is used of the JavaScript API of WebAssembly, typed by hand so that users' compilers need no DOM library. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: { env: { memory: WasmMemory } }) => { readonly exports: WasmFunctions };
};

/** A function of the module. Pointers are plain numbers: WebAssembly takes them modulo 2³². */
export type WasmFunction = (...args: number[]) => number;
export interface WasmFunctions { readonly [name: string]: WasmFunction }

/** The kernels' module at work on one heap, in one thread. */
export interface Wasm {
  readonly variant: string;
  readonly precision: Precision;
  readonly functions: WasmFunctions;
}

export function instantiate(memory: WasmMemory, variant: string, precision: Precision): Wasm {
  const module = new WebAssembly.Module(readFileSync(new URL(`./${variant}.wasm`, import.meta.url)));
  return { variant, precision, functions: new WebAssembly.Instance(module, { env: { memory } }).exports };
}

export const f32 = <A extends Args>(kernel: Kernel<A>): { float32: Kernel<A> } => ({ float32: kernel });

/** `f32_relu__relaxed`: what the kernel is called in placement reports. */
export const nameOf = ({ variant }: Wasm, name: string, prefix: 'f32' | 'i32' | 'b8' = 'f32'): string => `${prefix}_${name}__${variant}`;

/** A kernel that moves elements as they are serves int32 too. */
export const alike = <A extends Args>(wasm: Wasm, op: string, { float32 }: { float32: Kernel<A> }): Record<'float32' | 'int32', Kernel<A>> =>
  ({ float32, int32: { ...float32, name: nameOf(wasm, op, 'i32') } });

const SOME_ASCII = new Uint8Array(64);

/**
 * The same kernels, leaving the processor as they found it. Code of the revectoriser ends with the upper halves of 256-bit registers
 * in use, and until they are cleared the C++ of the engine runs slower: Math.exp eight times on Node 24. `isAscii` of 64 bytes
 * ends in the instruction that clears them, for 0.07 µs a call.
 */
export function tidy(table: KernelTable): KernelTable {
  const wrap = (kernel: Kernel): Kernel => ({
    ...kernel,
    run(heap, args, begin, end, work) {
      kernel.run(heap, args, begin, end, work);
      isAscii(SOME_ASCII);
    },
  });
  return Object.fromEntries(Object.entries(table).map(([op, byDtype]) =>
    [op, Object.fromEntries(Object.entries(byDtype).map(([dtype, kernel]) => [dtype, wrap(kernel as Kernel)]))]));
}
