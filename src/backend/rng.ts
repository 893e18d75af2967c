/**
 * Counter-based random numbers: a value depends on (seed, stream, index) alone, so any thread can make any part and
 * the bits are the same for any number of threads. Philox 2×32-10 of Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */

/** Where a model's random numbers come from. Each call of `next` opens a stream that no other call gets. */
export interface Rng {
  readonly seed: number;
  /** The number of a fresh stream. */
  next(): number;
  /** How many streams were opened; set it to repeat or to resume. */
  position: number;
}

/** A class, so that what copies a model's plain objects shares it: a copy draws other numbers, not the same again. */
class Streams implements Rng {
  position = 0;
  constructor(readonly seed: number) {}

  next(): number {
    return this.position++;
  }
}

/** The Rng that `nn()` binds: streams 0, 1, 2, … of one seed. */
export const createRng = (seed: number): Rng => new Streams(seed);

/** The streams that were drawn from each Rng, in their order. */
export type Draws = Map<Rng, number[]>;

let noted: Draws | null = null;
let repeated: Draws | null = null;

/** A fresh stream of `rng`, or the one that is to be repeated. Tensors are drawn through this, so that `notingDraws` sees it. */
export function nextStream(rng: Rng): number {
  const stream = repeated?.get(rng)?.shift() ?? rng.next();
  if (noted !== null) note(noted, rng, [stream]);
  return stream;
}

function note(draws: Draws, rng: Rng, streams: readonly number[]): void {
  const before = draws.get(rng);
  if (before === undefined) draws.set(rng, [...streams]);
  else before.push(...streams);
}

function drawing<R>(noting: Draws | null, repeating: Draws | null, fn: () => R): R {
  const outer = [noted, repeated] as const;
  [noted, repeated] = [noting, repeating];
  try {
    return fn();
  } finally {
    [noted, repeated] = outer;
  }
}

/** Runs `fn` and notes in `into` what it draws. */
export function notingDraws<R>(into: Draws, fn: () => R): R {
  try {
    return drawing(into, repeated, fn);
  } finally {
    if (noted !== null) for (const [rng, streams] of into) note(noted, rng, streams);
  }
}

/** Runs `fn` with the streams of `from` over again. */
export const repeatingDraws = <R>(from: Draws, fn: () => R): R => drawing(null, new Map([...from].map(([rng, streams]) => [rng, [...streams]])), fn);

/** Runs `fn`, which a repetition leaves out: what it draws is neither noted nor repeated. */
export const drawingOnce = <R>(fn: () => R): R => drawing(null, null, fn);

const M = 0xd256d193;
const W = 0x9e3779b9;

/** High 32 bits of a · b, without BigInt. */
function mulHigh(a: number, b: number): number {
  const [ah, al, bh, bl] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const low = al * bl;
  const mid = ah * bl + (low >>> 16);
  const mid2 = al * bh + (mid & 0xffff);
  return (ah * bh + Math.floor(mid / 65536) + Math.floor(mid2 / 65536)) >>> 0;
}

/** Two random 32-bit words for counter (index, stream) and a key from the seed, into `out`. */
export function philox(seed: number, stream: number, index: number, out: Uint32Array): void {
  let c0 = index >>> 0;
  let c1 = (stream ^ Math.imul(Math.floor(index / 4294967296) + Math.floor(seed / 4294967296), 0x85ebca6b)) >>> 0;
  let key = (seed ^ Math.imul(Math.floor(stream / 4294967296), 0xc2b2ae35)) >>> 0;
  for (let round = 0; round < 10; round++) {
    const high = mulHigh(M, c0);
    const low = Math.imul(M, c0) >>> 0;
    c0 = (high ^ key ^ c1) >>> 0;
    c1 = low;
    key = (key + W) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
}

const pair = new Uint32Array(2);

/** Uniform on [0, 1) with 24 random bits: exact in float32. */
export function uniformAt(seed: number, stream: number, index: number): number {
  philox(seed, stream, index, pair);
  return (pair[0] >>> 8) / 16777216;
}

/** Standard normal by Box and Muller 1958. */
export function normalAt(seed: number, stream: number, index: number): number {
  philox(seed, stream, index, pair);
  const radius = Math.sqrt(-2 * Math.log((pair[0] + 1) / 4294967296));
  return radius * Math.cos((2 * Math.PI * pair[1]) / 4294967296);
}

/** A permutation of 0 … n − 1 (Fisher and Yates), the same for the same seed and stream. */
export function permutation(n: number, seed: number, stream: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    philox(seed, stream, i, pair);
    const j = Math.floor(((pair[0] * 2097152 + (pair[1] >>> 11)) / 9007199254740992) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
