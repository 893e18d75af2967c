/** Kernels of two pieces for forkJoin.mjs. Op names are borrowed: what is written is which thread ran which piece. */
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

function meet(i32, y, turn, begin, end) {
  for (let p = begin; p < end; p++) {
    i32[y / 4 + p] = threadId + 1;
    Atomics.store(i32, y / 4 + 2 + p, turn);
    // Alone with both pieces there is nobody to wait for.
    if (end - begin > 1) continue;
    for (let polls = PATIENCE; polls > 0 && Atomics.load(i32, y / 4 + 3 - p) !== turn;) polls--;
  }
}

/** As `trivial`, but a piece waits until the other one has begun: no join without both threads. Args: y, turn (never the same twice). */
const meeting = {
  pieces: () => 2,
  run({ i32 }, [y, turn], begin, end) {
    meet(i32, y, turn, begin, end);
  },
};

/** Words from one seat of the pool to the next. */
export const SEAT_WORDS = 32;
export const ADDS = 200;

/**
 * The threads meet, then both add to one word ADDS times, and the worker writes into `lines` seats. Args: y, turn, seats, lines. The word is the last of them;
 * how long the caller's additions took goes to y + 16.
 */
const touching = {
  pieces: () => 2,
  run({ i32, f64 }, [y, turn, seats, lines], begin, end) {
    meet(i32, y, turn, begin, end);
    const start = performance.now();
    for (let k = 0; k < ADDS; k++) Atomics.add(i32, seats / 4 + lines * SEAT_WORDS, 1);
    if (threadId === 0) f64[(y + 16) / 8] = performance.now() - start;
    else for (let line = 0; line < lines; line++) Atomics.store(i32, seats / 4 + line * SEAT_WORDS, turn);
  },
};

export const kernels = { fill: { int32: trivial }, copy: { int32: meeting }, add: { int32: touching } };
