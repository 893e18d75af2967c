/** How the work of memory-bound kernels is cut, and how the shapes of strided operands are brought to three axes. No op is defined here. */
import { BLOCK, blocks, type Args, type Kernel, type Work } from '../../src/backend/index.js';
import { f32, nameOf, type Wasm, type WasmFunction } from './wasm.js';

/** The named function of the module. */
export function fn(wasm: Wasm, name: string): WasmFunction {
  const found = wasm.functions[name];
  if (found === undefined) throw new Error(`the WebAssembly module lacks ${name}`);
  return found;
}

/** A kernel over `count(args)` elements in pieces of BLOCK; `body` does elements first … end − 1. */
export const perElement = <A extends Args>(
  wasm: Wasm, op: string, count: (args: A) => number, body: (args: A, first: number, end: number) => void,
): { float32: Kernel<A> } => f32({
  name: nameOf(wasm, op),
  pieces: (args) => blocks(count(args)),
  run: (_heap, args, begin, end) => body(args, begin * BLOCK, Math.min(count(args), end * BLOCK)),
});

/** A phase over items of about `cost(args)` elements each; a piece has as many as make about BLOCK elements. */
export interface Phase<A extends Args> {
  readonly items: (args: A) => number;
  readonly cost: (args: A) => number;
  readonly body: (args: A, first: number, end: number, work: Work) => void;
}

/** A kernel of one phase after the other. */
export function perItem<A extends Args>(wasm: Wasm, op: string, phases: readonly Phase<A>[], workspace?: Kernel<A>['workspace']): { float32: Kernel<A> } {
  const size = (args: A, phase: number): number => Math.max(1, Math.floor(BLOCK / Math.max(1, phases[phase].cost(args))));
  return f32({
    name: nameOf(wasm, op),
    phases: phases.length,
    ...(workspace && { workspace }),
    pieces: (args, phase) => Math.ceil(phases[phase].items(args) / size(args, phase)),
    run(_heap, args, begin, end, work) {
      const { items, body } = phases[work.phase];
      const group = size(args, work.phase);
      body(args, begin * group, Math.min(items(args), end * group), work);
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
  a: readonly [number, number, number], b: readonly [number, number, number],
) => void;

/**
 * Cuts elements first … end − 1, in row-major order, of the shape in `args` (rank at position `at`, then shape, strides of a, strides
 * of b) into slabs of three axes: axes of size 1 are dropped and neighbours merged where both operands allow, after which more than
 * three are rare. `element` is the number of a slab's first element.
 */
export function eachSlab(args: Args, at: number, first: number, end: number, visit: Visit): void {
  const rank = args[at];
  const [shape, a, b]: number[][] = [[], [], []];
  for (let r = 0; r < rank; r++) {
    const size = args[at + 1 + r];
    const [sa, sb] = [args[at + 1 + rank + r], args[at + 1 + 2 * rank + r]];
    if (size === 1) continue;
    const last = shape.length - 1;
    if (last >= 0 && a[last] === sa * size && b[last] === sb * size) {
      shape[last] *= size;
      a[last] = sa;
      b[last] = sb;
    } else {
      shape.push(size);
      a.push(sa);
      b.push(sb);
    }
  }
  while (shape.length < 3) {
    shape.unshift(1);
    a.unshift(0);
    b.unshift(0);
  }
  const outer = shape.length - 3;
  const [n0, n1, n2] = shape.slice(outer);
  const slab = n0 * n1 * n2;
  const steps = [a, b].map((strides) => strides.slice(outer) as [number, number, number]);
  for (let number = Math.floor(first / slab); number * slab < end; number++) {
    let [aAt, bAt] = [0, 0];
    for (let r = outer - 1, rest = number; r >= 0; r--) {
      const index = rest % shape[r];
      rest = Math.floor(rest / shape[r]);
      aAt += index * a[r];
      bAt += index * b[r];
    }
    const from = number * slab;
    visit(from, Math.max(0, first - from), Math.min(slab, end - from), n1, n2, aAt, bAt, steps[0], steps[1]);
  }
}
