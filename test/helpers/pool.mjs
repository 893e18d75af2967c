/** A crew over a heap of its own with the kernels of poolKernels.mjs, for tests and their child processes. */
import { createCrew } from '../../dist/backends/worker-pool/index.js';
import { DEFAULT_SETTINGS } from '../../dist/src/backend/index.js';
import { inlineExecutor } from '../../dist/src/backend/inline.js';
import { Heap } from '../../dist/src/memory/heap.js';
import * as set from './poolKernels.mjs';

export const URL_OF_SET = new URL('./poolKernels.mjs', import.meta.url).href;

/** The kernel of an op as engines hand it to executors. */
export const kernelOf = (op, table = set.kernels, position = 0) => {
  const [dtype] = Object.keys(table[op]);
  return { op, dtype, kernel: table[op][dtype], set: position, setName: `fixture-${position}` };
};

export async function openCrew(threads, options) {
  const heap = new Heap(1 << 28);
  const crew = createCrew(heap, options);
  await crew.resize(threads);
  await crew.load([{ name: 'fixture-0', url: URL_OF_SET, settings: DEFAULT_SETTINGS }]);
  return { heap, crew, inline: inlineExecutor(heap) };
}

/** Runs a kernel whose output is `length` float64s; NaN before, so that what no piece writes is seen. `args` gets the output's pointer. */
export function output(heap, executor, kernel, length, args) {
  const ptr = heap.alloc(8 * length);
  heap.view(ptr, 'float64', length).fill(NaN);
  executor.run(kernel, args(ptr));
  const values = heap.read(ptr, 'float64', length);
  heap.free(ptr);
  return values;
}

export const bytesOf = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** Threads that take pieces of jobs on `executor`: looks until it has seen `expected` of them (four seconds at most), then ten jobs more. */
export function threadsSeen(heap, executor, expected) {
  const seen = new Set();
  const look = () => {
    for (const id of output(heap, executor, kernelOf('sign'), 64, (y) => [y, 64, 10_000])) seen.add(id);
  };
  const end = performance.now() + 4000;
  while (seen.size < expected && performance.now() < end) look();
  for (let k = 0; k < 10; k++) look();
  return seen.size;
}
