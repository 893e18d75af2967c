/**
 * What the naive kernels share: how a dtype is stored, how work is cut into pieces, how strided operands are walked.
 * No op is defined here.
 */
import { BLOCK } from '../../src/backend/index.js';
import type { Args, DType, FloatDType, HeapViews, Kernel, TypedArray, Work } from '../../src/backend/index.js';

/** How elements of one dtype lie in the heap: element i of pointer p is `view(heap)[(p >>> log2) + i]`. */
export interface Store {
  readonly dtype: DType;
  readonly log2: number;
  view(heap: HeapViews): TypedArray;
  /** The nearest number of a float dtype. Integers take numbers as they are: they can be compared with 0.5. */
  round(x: number): number;
}

export const F32: Store = { dtype: 'float32', log2: 2, view: (heap) => heap.f32, round: Math.fround };
export const F64: Store = { dtype: 'float64', log2: 3, view: (heap) => heap.f64, round: (x) => x };
export const I32: Store = { dtype: 'int32', log2: 2, view: (heap) => heap.i32, round: (x) => x };
export const BOOL: Store = { dtype: 'bool', log2: 0, view: (heap) => heap.u8, round: (x) => x };

/** Stores in the order of DTYPES. */
export const STORES: readonly Store[] = [F32, F64, I32, BOOL];

type Make<A extends Args> = (of: Store) => Kernel<A>;

/** One kernel body for float32 and float64. */
export const floats = <A extends Args>(make: Make<A>): Record<FloatDType, Kernel<A>> => ({ float32: make(F32), float64: make(F64) });
/** The same for the float dtypes and int32. */
export const numbers = <A extends Args>(make: Make<A>) => ({ ...floats(make), int32: make(I32) });
/** The same for every dtype. */
export const every = <A extends Args>(make: Make<A>): Record<DType, Kernel<A>> => ({ ...numbers(make), bool: make(BOOL) });

/** Does items first … end − 1 of a kernel's work. */
type Body<A extends Args> = (heap: HeapViews, args: A, first: number, end: number, work: Work) => void;

/**
 * A kernel over `items` that each take about `cost` elements of work. A piece is so many items that their work comes near
 * BLOCK, so that neither a thousand tiny rows nor one long one makes handing out dear.
 */
export function grouped<A extends Args>(items: (args: A) => number, cost: (args: A) => number, body: Body<A>): Kernel<A> {
  const size = (args: A): number => Math.max(1, Math.floor(BLOCK / Math.max(1, cost(args))));
  return {
    pieces: (args) => Math.ceil(items(args) / size(args)),
    run(heap, args, begin, end, work) {
      const group = size(args);
      body(heap, args, begin * group, Math.min(items(args), end * group), work);
    },
  };
}

/** A kernel with one element a step: pieces of BLOCK elements. */
export const elementwise = <A extends Args>(count: (args: A) => number, body: Body<A>): Kernel<A> => grouped(count, () => 1, body);

/** A kernel whose items (planes, channels, slabs) are pieces of their own. */
export const each = <A extends Args>(items: (args: A) => number, body: Body<A>): Kernel<A> => ({ pieces: items, run: body });

/** Elements of a shape that follows `rank` at position `at` of an argument list. */
export function elements(args: Args, at: number): number {
  let count = 1;
  for (let r = 0; r < args[at]; r++) count *= args[at + 1 + r];
  return count;
}

/** A run along the last axis: `count` elements from number `element` on, at offset `a` and `b` of the two strided operands. */
type Run = (element: number, count: number, a: number, b: number, aStep: number, bStep: number) => void;

/**
 * Walks elements first … end − 1, in row-major order, of the shape in `args`: rank at position `at`, then shape, strides of a,
 * strides of b. Offsets are in elements from the operands' beginnings.
 */
export function runs(args: Args, at: number, first: number, end: number, visit: Run): void {
  const rank = args[at];
  if (rank === 0) {
    if (first < end) visit(0, 1, 0, 0, 0, 0);
    return;
  }
  const shape = args.slice(at + 1, at + 1 + rank);
  const aStrides = args.slice(at + 1 + rank, at + 1 + 2 * rank);
  const bStrides = args.slice(at + 1 + 2 * rank, at + 1 + 3 * rank);
  const last = rank - 1;
  for (let element = first; element < end;) {
    let a = 0;
    let b = 0;
    for (let r = last, rest = element; r >= 0; r--) {
      const coordinate = rest % shape[r];
      rest = Math.floor(rest / shape[r]);
      a += coordinate * aStrides[r];
      b += coordinate * bStrides[r];
    }
    const count = Math.min(shape[last] - (element % shape[last]), end - element);
    visit(element, count, a, b, aStrides[last], bStrides[last]);
    element += count;
  }
}
