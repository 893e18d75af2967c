/**
 * The table of the WebAssembly kernels: float32, and what masks and indices need; what it lacks comes from cpu-tiled. Imported by every thread.
 *
 * How a kernel gets here. assembly/<file>.ts holds the loops, in AssemblyScript; assembly/index.ts re-exports it;
 * <file>.ts beside this one makes kernels of its functions. Shapes, plans and numbers of pieces are computed in TypeScript, which
 * calls a function for each part large enough that the call (under 0.1 µs) does not count.
 *
 * Rules of the assembly:
 * - Heap pointers are addresses: `load<f32>(x + (<usize>i << 2))`. Nothing may be allocated and no variable of a file may change,
 *   because all threads share the memory that statics live in; constants (static data below 64 KiB) are fine.
 * - Numbers that may not be integers arrive as f64, pointers as usize, all else as i32.
 * - Every export is exported under its own name into one flat space: names of ops, or prefixed by their file.
 * - A vector must lie in its buffer: loops end in scalars, or operands are padded in a workspace. Buffers are 64-byte aligned.
 * - An element's bits must not depend on the range of pieces: where scalars and vectors may both serve an element, they do the
 *   same operations in the same order (`madd` is one rounding in one variant, two in the other, and has no scalar twin).
 */
import { API, type KernelSettings, type KernelTable, type WasmMemory } from '../../src/backend/index.js';
import { compare } from './compare.js';
import { convolutions } from './convolutions.js';
import { elementwise } from './elementwise.js';
import { extremes } from './extreme.js';
import { gemm } from './gemm.js';
import { move } from './move.js';
import { norm } from './norm.js';
import { optim } from './optim.js';
import { pool } from './pool.js';
import { random } from './random.js';
import { reduce } from './reduce.js';
import { softmax } from './softmax.js';
import { sparse } from './sparse.js';
import { choose } from './variants.js';
import { instantiate, tidy } from './wasm.js';

export { choose };

export const api = API;

export function create(memory: WasmMemory, { turbo, variant, precision }: KernelSettings): KernelTable {
  const wasm = instantiate(memory, variant!.name, precision);
  const table = {
    ...elementwise(wasm), ...compare(wasm), ...move(wasm), ...random(wasm), ...gemm(wasm), ...convolutions(wasm), ...norm(wasm), ...optim(wasm),
    ...pool(wasm), ...reduce(wasm), ...extremes(wasm), ...softmax(wasm), ...sparse(wasm),
  };
  return turbo ? tidy(table) : table;
}
