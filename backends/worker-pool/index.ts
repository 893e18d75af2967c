/** The worker pool: an executor that spreads any kernel set over threads. Brings no kernels of its own. */
import { Crew, type CrewHeap, type CrewOptions } from './crew.js';

/**
 * A crew of one thread, the caller, on the given heap; `resize` adds workers. One per convoy.
 *
 * ```ts
 * const crew = createCrew(heap);
 * await crew.load([{ name: 'cpu-naive', url }]);
 * await crew.resize(4);
 * crew.run(kernel, args);
 * ```
 */
export const createCrew = (heap: CrewHeap, options: CrewOptions = {}): Crew => new Crew(heap, options);

export type { Crew, CrewHeap, CrewOptions } from './crew.js';
