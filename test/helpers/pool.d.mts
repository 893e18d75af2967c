/** Types of pool.mjs, for the tests that are type-checked. */
import type { Crew, CrewOptions } from '../../dist/backends/worker-pool/index.js';
import type { Executor, LoadedKernel } from '../../dist/src/backend/index.js';
import type { Heap } from '../../dist/src/memory/heap.js';

export const URL_OF_SET: string;
export function kernelOf(op: string, table?: object, position?: number): LoadedKernel;
export function openCrew(threads: number, options?: CrewOptions): Promise<{ heap: Heap; crew: Crew; inline: Executor }>;
export function output(heap: Heap, executor: Executor, kernel: LoadedKernel, length: number, args: (y: number) => number[]): Float64Array;
export function bytesOf(array: ArrayBufferView): Buffer;
export function threadsSeen(heap: Heap, executor: Executor, expected: number): number;
