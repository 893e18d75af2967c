/** How the work of memory-bound kernels is cut, and how the shapes of strided operands are brought to three axes. No op is defined here. */
import type { Args, HeapViews, Kernel, OpArgs, Work } from '../../src/backend/index.js';
import { f32, nameOf, type Wasm, type WasmFunction } from './wasm.js';

/** The named function of the module. */
export function fn(wasm: Wasm, name: string): WasmFunction {
  const found = wasm.functions[name];
  if (found === undefined) throw new Error(`the WebAssembly module lacks ${name}`);
  return found;
}

/**
 * Work of a piece, in units of an element of relu or add: about 10 µs. To share out work costs some 4 µs and moves data from one
 * processor's cache to the other's: 20000 elements of relu took 1.8 times as long on two threads as on one.
 */
const GRAIN = 32768;

/** What a kernel asks for besides its arguments: `cost` of an element in units of GRAIN, a power of two; bytes of workspace per thread. */
export interface Needs {
  readonly cost?: number;
  readonly own?: number;
}

/** A kernel over `count(args)` elements; `body` does elements first … end − 1. */
export function elementKernel<A extends Args>(
  name: string, count: (args: A) => number, body: (args: A, first: number, end: number, own: number, heap: HeapViews) => void,
  { cost = 1, own = 0 }: Needs = {},
): Kernel<A> {
  // At least a few cache lines.
  const block = Math.max(256, GRAIN / cost);
  return {
    name,
    ...(own > 0 && { workspace: () => ({ own }) }),
    pieces: (args) => Math.ceil(count(args) / block),
    run: (heap, args, begin, end, work) => body(args, begin * block, Math.min(count(args), end * block), work.own, heap),
  };
}

/** The same as an entry of the table, for float32. */
export const perElement = <A extends Args>(
  wasm: Wasm, op: string, count: (args: A) => number, body: Parameters<typeof elementKernel<A>>[2], needs?: Needs,
): { float32: Kernel<A> } => f32(elementKernel(nameOf(wasm, op), count, body, needs));

/** A phase over items of about `cost(args)` units each; a piece has as many as make about GRAIN units. */
export interface Phase<A extends Args> {
  readonly items: (args: A) => number;
  readonly cost: (args: A) => number;
  readonly body: (args: A, first: number, end: number, work: Work, heap: HeapViews) => void;
}

/** A kernel of one phase after the other. */
export function perItem<A extends Args>(wasm: Wasm, op: string, phases: readonly Phase<A>[], workspace?: Kernel<A>['workspace']): { float32: Kernel<A> } {
  const size = (args: A, phase: number): number => Math.max(1, Math.floor(GRAIN / Math.max(1, phases[phase].cost(args))));
  return f32({
    name: nameOf(wasm, op),
    phases: phases.length,
    ...(workspace && { workspace }),
    pieces: (args, phase) => Math.ceil(phases[phase].items(args) / size(args, phase)),
    run(heap, args, begin, end, work) {
      const { items, body } = phases[work.phase];
      const group = size(args, work.phase);
      body(args, begin * group, Math.min(items(args), end * group), work, heap);
    },
  });
}

/** Elements that a shape in `args` has, its rank at position `at`. */
export function elements(args: Args, at: number): number {
  let total = 1;
  for (let r = 0; r < args[at]; r++) total *= args[at + 1 + r];
  return total;
}

/** Visits elements first … end − 1 of one slab [·, n1, n2] of a shape; offsets and strides of the two operands are in elements. */
type Visit = (
  element: number, first: number, end: number, n1: number, n2: number, aAt: number, bAt: number,
  a0: number, a1: number, a2: number, b0: number, b1: number, b2: number,
) => void;

/** Merged axes, innermost first. Kept, since making them anew would take longer than a small op does. */
const SHAPE: number[] = [];
const A: number[] = [];
const B: number[] = [];

/**
 * Cuts elements first … end − 1, in row-major order, of the shape in `args` (rank at position `at`, then shape, strides of a, strides
 * of b) into slabs of three axes: axes of size 1 are dropped and neighbours merged where both operands allow, after which more than
 * three are rare. `element` is the number of a slab's first element.
 */
export function eachSlab(args: Args, at: number, first: number, end: number, visit: Visit): void {
  const rank = args[at];
  let axes = 0;
  for (let r = at + rank; r > at; r--) {
    const size = args[r];
    if (size === 1) continue;
    const [a, b] = [args[r + rank], args[r + 2 * rank]];
    const inner = axes - 1;
    if (axes > 0 && a === A[inner] * SHAPE[inner] && b === B[inner] * SHAPE[inner]) SHAPE[inner] *= size;
    else {
      SHAPE[axes] = size;
      A[axes] = a;
      B[axes++] = b;
    }
  }
  for (; axes < 3; axes++) {
    SHAPE[axes] = 1;
    A[axes] = B[axes] = 0;
  }
  const slab = SHAPE[0] * SHAPE[1] * SHAPE[2];
  for (let number = Math.floor(first / slab); number * slab < end; number++) {
    let [aAt, bAt] = [0, 0];
    for (let r = 3, rest = number; r < axes; r++) {
      const index = rest % SHAPE[r];
      rest = Math.floor(rest / SHAPE[r]);
      aAt += index * A[r];
      bAt += index * B[r];
    }
    const from = number * slab;
    visit(from, Math.max(0, first - from), Math.min(slab, end - from), SHAPE[1], SHAPE[0], aAt, bAt, A[2], A[1], A[0], B[2], B[1], B[0]);
  }
}

/** Bytes of workspace for an operand that is a number, where it lies as an element of its dtype. */
export const SCALAR = 64;

/** Calls `meet` with elements first … end − 1 of the operand that is a tensor, for operations with a number that is no element of its dtype. */
export function eachApart(
  values: Int32Array | Uint8Array | Float32Array, args: OpArgs['add'], first: number, end: number, meet: (element: number, value: number) => void,
): void {
  const bytes = values.BYTES_PER_ELEMENT;
  const [a, b] = args;
  eachSlab(args, 4, first, end, (element, low, high, n1, n2, aAt, bAt, a0, a1, a2, b0, b1, b2) => {
    const [at, s0, s1, s2] = b === 0 ? [a / bytes + aAt, a0, a1, a2] : [b / bytes + bAt, b0, b1, b2];
    for (let i = low; i < high; i++) {
      const row = Math.floor(i / n2);
      meet(element + i, values[at + Math.floor(row / n1) * s0 + (row % n1) * s1 + (i % n2) * s2]);
    }
  });
}
