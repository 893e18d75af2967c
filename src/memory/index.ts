/** Memory: the shared heap, who holds what in it, and deterministic release. Only re-exports. */
export { Arena, arenaOf, describeTensor, Storage } from './arena.js';
export type { Hold, MemoryStatistics, Owner } from './arena.js';
export { Heap, heapViews } from './heap.js';
export { checkResult, checkSynchronous, collecting, keep, scope, track, untracked } from './scope.js';
export type { Scoped } from './scope.js';
