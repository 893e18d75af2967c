/**
 * Runs one kernel from its first phase to its last, with workspace from the heap and failures that name the kernel.
 * `inlineExecutor` does so on the calling thread; backends/worker-pool spreads each phase over threads and shares the rest.
 */
import { BackendError, ConvoyError } from '../errors.js';
import type { Executor, LoadedKernel } from './backend.js';
import { kernelName, type HeapViews, type Work } from './kernel.js';
import type { Args } from './ops.js';

/** What running kernels needs of the heap. */
export interface HostHeap {
  readonly views: HeapViews;
  alloc(bytes: number): number;
  free(ptr: number): void;
}

/**
 * Does the pieces 0 … pieces − 1 of phase `work.phase` and returns true. Thread s finds its workspace at
 * `work.own + s · ownBytes` (0 when `work.own` is 0). False means: begin again at the first phase, with fresh workspace,
 * because somebody who was given up on may still write to this one.
 */
export type Fork = (pieces: number, work: Work, ownBytes: number) => boolean;

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/**
 * Runs all phases of a kernel. Phases of one piece run here; others go to `fork`, which has workspace for `slots` threads.
 * @throws {BackendError} CVY_BACKEND_KERNEL with the kernel's own error as cause.
 * @throws {MemoryError} CVY_MEMORY_EXHAUSTED when there is no room for the workspace.
 */
export function runPhases(heap: HostHeap, loaded: LoadedKernel, args: Args, slots: number, fork: Fork): void {
  try {
    while (!attempt(heap, loaded, args, slots, fork));
  } catch (cause) {
    if (cause instanceof ConvoyError) throw cause;
    throw new BackendError('CVY_BACKEND_KERNEL', `${loaded.op}: kernel '${kernelName(loaded.kernel, args) ?? loaded.op}' of '${loaded.setName}' threw "${cause instanceof Error ? cause.message : String(cause)}" but must not fail (dtype ${loaded.dtype}, arguments [${args.join(', ')}])`, { cause });
  }
}

function attempt(heap: HostHeap, { kernel }: LoadedKernel, args: Args, slots: number, fork: Fork): boolean {
  const phases = kernel.phases ?? 1;
  const wanted = kernel.workspace?.(args);
  const shared = align(wanted?.shared ?? 0);
  const own = align(wanted?.own ?? 0);
  // One block for all of it, asked for and returned per call: the heap is O(1), and nothing is held between calls.
  const ptr = shared + own > 0 ? heap.alloc(shared + own * slots) : 0;
  const work: Work = { phase: 0, shared: shared > 0 ? ptr : 0, own: own > 0 ? ptr + shared : 0 };
  try {
    for (; work.phase < phases; work.phase++) {
      const pieces = kernel.pieces(args, work.phase);
      if (pieces === 1) kernel.run(heap.views, args, 0, 1, work);
      else if (pieces > 1 && !fork(pieces, work, own)) return false;
    }
    return true;
  } finally {
    if (ptr > 0) heap.free(ptr);
  }
}

/** The executor of one thread, the calling one: for kernel sets that run without a pool. */
export function inlineExecutor(heap: HostHeap): Executor {
  return {
    threads: 1,
    run(loaded: LoadedKernel, args: Args): void {
      runPhases(heap, loaded, args, 1, (pieces, work) => {
        loaded.kernel.run(heap.views, args, 0, pieces, work);
        return true;
      });
    },
  };
}
