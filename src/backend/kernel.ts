/**
 * What a kernel is: a function over the host heap whose work is cut into pieces.
 * The same table serves the calling thread, every pool worker and third parties.
 *
 * A kernel keeps these promises, which the conformance kit checks:
 * - Arguments are valid: shapes and options were checked above, in src/shape. A kernel checks nothing.
 * - Outputs are allocated by the engine and hold garbage; every element is written, exactly once, by one piece.
 * - Pieces write disjoint parts of the outputs, and how many there are depends on the arguments alone, never on
 *   the number of threads. So the bits are the same for any number of threads.
 * - A piece may be run twice, even by two threads at once (the pool redoes what a lost worker had taken). So a kernel
 *   never reads what it writes: sums are gathered in locals or in its own workspace and stored once.
 * - Inputs are not written. Outputs never alias inputs or each other.
 * - Buffers are aligned to 64 bytes and contiguous, row-major, unless strides are among the arguments.
 */
import type { DType } from './dtype.js';
import type { Args, OpArgs, OpName } from './ops.js';

/** A shared WebAssembly.Memory, typed by hand so that users' compilers need no DOM library. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** The shared heap as one thread sees it. A pointer is a byte offset: `heap.f32[(ptr >>> 2) + i]`. */
export interface HeapViews {
  readonly memory: WasmMemory;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
}

/** What a call to `run` gets besides its arguments. */
export interface Work {
  /** Phase that is being run; all pieces of a phase end before the next begins. */
  phase: number;
  /** Workspace that all threads share, 0 when none was asked for. What a phase writes there, the next may read. */
  shared: number;
  /** Workspace of this thread alone, 0 when none was asked for. Holds garbage at the start of every call of `run`. */
  own: number;
}

export interface Kernel<A extends Args = Args> {
  /**
   * Appears in placement reports and traces, e.g. `f32_gemm_4x4__js`; default is the op's name. A function where the arguments
   * decide which of several algorithms runs: it names the one that serves them, by shapes and options alone.
   */
  readonly name?: string | ((args: A) => string | undefined);
  /** Ordered phases with a barrier in between; default 1. */
  readonly phases?: number;
  /** Number of pieces of a phase; 0 is allowed (nothing to do). */
  pieces(args: A, phase: number): number;
  /** Bytes of workspace, once for all threads and once for each. */
  workspace?(args: A): { shared?: number; own?: number };
  /** Does pieces begin … end − 1. Called with different ranges, in any order, on any thread. */
  run(heap: HeapViews, args: A, begin: number, end: number, work: Work): void;
}

/** What the kernel is called on these arguments; undefined where it has no name of its own. */
export const kernelName = <A extends Args>({ name }: Kernel<A>, args: A): string | undefined => (typeof name === 'function' ? name(args) : name);

/** Kernels by op and dtype (of the op's first operand). What is absent comes from the set that this one extends. */
export type KernelTable = { readonly [O in OpName]?: { readonly [D in DType]?: Kernel<OpArgs[O]> } };

/**
 * How far from the exact result a kernel may be: 'highest' sums products as they are, 'high' also uses algorithms with fewer
 * multiplications where PyTorch's tolerances hold, 'fast' wherever they are faster.
 */
export const PRECISIONS = ['highest', 'high', 'fast'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** How a model wants its kernels. */
export interface KernelWishes {
  /** V8's experimental compilers may be used; the whole process agrees on it. */
  readonly turbo: boolean;
  readonly precision: Precision;
}

/** One of several builds of a kernel set. `why` says what kept those from running that are better, null when there are none. */
export interface Variant {
  readonly name: string;
  readonly why: string | null;
}

/** How they are: chosen once, on the calling thread, for all threads. Plain data, since workers get a copy. */
export interface KernelSettings extends KernelWishes {
  /** Which of several builds of the set runs, and why none before it; null where there is but one. */
  readonly variant: Variant | null;
}

/** Kernels as they are where nobody asks for others. */
export const DEFAULT_SETTINGS: KernelSettings = { turbo: false, precision: 'high', variant: null };

/**
 * What the module of a kernel set exports: `api`, and either the table itself or a function that makes it, once per
 * thread, for the given heap (a WebAssembly module is instantiated there).
 */
export interface KernelModule {
  readonly api: number;
  readonly kernels?: KernelTable;
  /** Chooses among variants and checks that the choice works here. Called once for each distinct wish, before `create`. */
  choose?(wishes: KernelWishes): Variant;
  create?(memory: WasmMemory, settings: KernelSettings): KernelTable | Promise<KernelTable>;
}

/** Elements that one piece of an elementwise kernel takes: 64 KiB of float32, far above the cost of handing it out. */
export const BLOCK = 16384;

/** Pieces of an elementwise loop over `n` elements. */
export const blocks = (n: number): number => Math.ceil(n / BLOCK);
