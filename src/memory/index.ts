/** Memory: the shared heap, who holds what in it, and deterministic release. Only re-exports. */
export { arenaOf, describeTensor, Storage } from './arena.js';
export type { Hold, MemoryStatistics, Owner } from './arena.js';
export { Heap } from './heap.js';
export { checkResult, checkSynchronous, collecting, keep, scope, track, untracked } from './scope.js';
export type { Scoped } from './scope.js';
