/** A kernel set for the tests of the worker pool. Op names are borrowed: what the kernels compute is of use to those tests only. */
import { isMainThread, threadId } from 'node:worker_threads';

export const api = 1;

/** y[p] = value + p, one piece each. args: y, pieces, value. */
const fill = {
  pieces: ([, pieces]) => pieces,
  run(heap, [y, , value], begin, end) {
    for (let p = begin; p < end; p++) heap.f64[y / 8 + p] = value + p;
  },
};

/** As `fill`, but every piece burns `rounds` rounds, so that workers get their share. args: y, pieces, value, rounds. */
const burn = {
  pieces: ([, pieces]) => pieces,
  run(heap, [y, , value, rounds], begin, end) {
    for (let p = begin; p < end; p++) {
      let x = value + p;
      for (let r = 0; r < rounds; r++) x = Math.fround(x * 1.000001 + 0.3);
      heap.f64[y / 8 + p] = x;
    }
  },
};

/** Float32 sums whose bits depend on the order: y[p] = Σ x over block p. args: x, y, n, block. */
const sums = {
  pieces: ([, , n, block]) => Math.ceil(n / block),
  run(heap, [x, y, n, block], begin, end) {
    for (let p = begin; p < end; p++) {
      let sum = 0;
      for (let k = p * block; k < Math.min(n, (p + 1) * block); k++) sum = Math.fround(sum + heap.f32[x / 4 + k]);
      heap.f32[y / 4 + p] = sum;
    }
  },
};

/**
 * Three phases: partial sums into shared workspace, their total over it again (one piece), y[i] = x[i] · total with scratch of
 * one's own. Phase 1 overwrites what phase 0 wrote, so a late write of phase 0 would be seen. args: x, y, n, rounds.
 */
const PART = 16;
const phased = {
  phases: 3,
  pieces: ([, , n], phase) => (phase === 1 ? 1 : Math.ceil(n / PART)),
  workspace: ([, , n]) => ({ shared: 8 * Math.ceil(n / PART), own: 8 * PART }),
  run(heap, [x, y, n, rounds], begin, end, { phase, shared, own }) {
    const { f64 } = heap;
    const [parts, scratch] = [shared / 8, own / 8];
    if (phase === 1) {
      let total = 0;
      for (let p = 0; p < Math.ceil(n / PART); p++) total += f64[parts + p];
      f64[parts] = total;
      return;
    }
    for (let p = begin; p < end; p++) {
      const length = Math.min(PART, n - p * PART);
      let waste = 0;
      for (let r = 0; r < rounds; r++) waste = Math.fround(waste * 0.999 + 1);
      if (waste < 0) throw new Error('never');
      if (phase === 0) {
        let sum = 0;
        for (let k = 0; k < length; k++) sum += f64[x / 8 + p * PART + k];
        f64[parts + p] = sum;
      } else {
        for (let k = 0; k < PART; k++) f64[scratch + k] = p * 1000 + k;
        for (let k = 0; k < length; k++) {
          const mine = f64[scratch + k] === p * 1000 + k;
          f64[y / 8 + p * PART + k] = mine ? f64[x / 8 + p * PART + k] * f64[parts] : NaN;
        }
      }
    }
  },
};

/** y[p] = sum of all arguments from the third on, −0 kept. args: y, pieces, … */
const echo = {
  pieces: ([, pieces]) => pieces,
  run(heap, [y, , first, ...rest], begin, end) {
    for (let p = begin; p < end; p++) heap.f64[y / 8 + p] = rest.reduce((sum, value) => sum + value, first);
  },
};

/** Who did which piece: y[p] = id of the thread, after some work. args: y, pieces, rounds. */
const who = {
  pieces: ([, pieces]) => pieces,
  run(heap, [y, , rounds], begin, end) {
    for (let p = begin; p < end; p++) {
      let x = p;
      for (let r = 0; r < rounds; r++) x = Math.fround(x * 1.000001 + 0.3);
      heap.f64[y / 8 + p] = x < 0 ? NaN : threadId;
    }
  },
};

/** Fails at one piece: everywhere, or on workers only. args: y, pieces, piece, 1 for workers only, rounds. */
const broken = {
  name: 'broken_on_purpose',
  pieces: ([, pieces]) => pieces,
  run(heap, [y, pieces, piece, workersOnly, rounds], begin, end) {
    for (let p = begin; p < end; p++) {
      if ((p === piece || piece < 0) && !(workersOnly && isMainThread)) throw new RangeError(`piece ${p} is broken`);
      burn.run(heap, [y, pieces, 0, rounds], p, p + 1);
    }
  },
};

export const kernels = {
  fill: { float64: fill },
  exp: { float64: burn },
  sum: { float32: sums },
  softmax: { float64: phased },
  stridedCopy: { float64: echo },
  sign: { float64: who },
  erf: { float64: broken },
};
