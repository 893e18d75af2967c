/** Two kernels of two pieces for forkJoin.mjs. Op names are borrowed: what is written is which thread ran which piece. */
import { threadId } from 'node:worker_threads';

export const api = 1;

/** y[p] = id of the thread + 1. Args: y. Next to no work, so the caller often does both pieces before the worker sees the first. */
const trivial = {
  pieces: () => 2,
  run({ i32 }, [y], begin, end) {
    for (let p = begin; p < end; p++) i32[y / 4 + p] = threadId + 1;
  },
};

/** So many polls, then the other thread is taken to be away. */
const PATIENCE = 1_000_000;

/** As `trivial`, but a piece waits until the other one has begun: no join without both threads. Args: y, turn (never the same twice). */
const meeting = {
  pieces: () => 2,
  run({ i32 }, [y, turn], begin, end) {
    for (let p = begin; p < end; p++) {
      i32[y / 4 + p] = threadId + 1;
      Atomics.store(i32, y / 4 + 2 + p, turn);
      // Alone with both pieces there is nobody to wait for.
      if (end - begin > 1) continue;
      for (let polls = PATIENCE; polls > 0 && Atomics.load(i32, y / 4 + 3 - p) !== turn;) polls--;
    }
  },
};

export const kernels = { fill: { int32: trivial }, copy: { int32: meeting } };
