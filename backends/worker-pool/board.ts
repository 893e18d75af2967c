/**
 * The caller's side of the control block: opens jobs, works along, waits for workers and finishes alone what they left undone.
 * Knows no op, and nothing of how workers are started: that is crew.ts.
 *
 * A phase is one fork and join. Fork: while the generation is odd and nobody is inside, write the descriptor, set NEXT to 0, make
 * the generation even, ring. Join: when no piece is left to claim, make the generation odd, then wait until ENTERED is 0 on every
 * seat. A worker sets ENTERED before it looks at the generation again (worker.ts), so whoever comes late claims nothing, and
 * a worker that is inside holds the job open. Hence a descriptor is never rewritten under a reader, and arguments and workspace
 * outlive the last piece. A worker that never wakes costs nothing: the caller claims its pieces.
 */
import type { Args, LoadedKernel, Work } from '../../src/backend/index.js';
import type { HostHeap } from '../../src/backend/inline.js';
import {
  ARGS, ARGS_AREA, ARGS_LENGTH, ARGS_ROOM, BLOCK_WORDS, BUDGET, CALLER_WAITS, CLAIMS, COARSE, DONE, ENTERED, FAILED, FINE, GENERATION, GRAIN, KERNEL,
  LIMIT, MOVED, NEXT, OWN, OWN_BYTES, PHASE, PIECES, SHARED, TERM, claimAt, cutFor, kernelCode, ring, seatAt, type Cut,
} from './control.js';
import type { Seat } from './seat.js';

/** One phase of a kernel, to be spread over the caller and the seats below `limit`. */
export interface Phase {
  readonly loaded: LoadedKernel;
  readonly args: Args;
  readonly pieces: number;
  readonly work: Work;
  readonly ownBytes: number;
  readonly limit: number;
  /** How often to poll before sleeping. */
  readonly spins: number;
}

/** What becomes of workers that are lost in a phase: the crew's business. */
export interface Losses {
  /** They are still inside the block, so it must not be used again: ends their terms and calls `move`. */
  stayed(seats: readonly Seat[], phase: Phase): void;
  /** Its term ended by an error, or by the exit of its thread; it writes no more. `here`: the caller failed as well. */
  failed(seat: Seat, exited: boolean, here: boolean, phase: Phase): void;
}

interface Lost {
  readonly stayed: Seat[];
  readonly failed: Seat[];
}

export class Board {
  block: number;
  /** Blocks that some worker may still look at. */
  private readonly retired: number[] = [];
  private readonly i32: Int32Array;

  /** `patience`: milliseconds to wait for a worker that is inside when all else is done. */
  constructor(private readonly heap: HostHeap, private readonly seats: readonly Seat[], private readonly losses: Losses, private readonly patience: number) {
    this.i32 = heap.views.i32;
    this.block = this.freshBlock();
  }

  private freshBlock(): number {
    const block = this.heap.alloc(4 * BLOCK_WORDS) / 4;
    this.i32.fill(0, block, block + BLOCK_WORDS);
    this.i32[block + GENERATION] = 1;
    return block;
  }

  /** Runs the phase to its end; false when its kernel has to begin again with fresh workspace. */
  fork(phase: Phase): boolean {
    const { heap, i32, block } = this;
    const { args, pieces, work, limit, loaded: { kernel } } = phase;
    const cut = cutFor(pieces, limit + 1);
    const argsPtr = args.length <= ARGS_ROOM ? 4 * (block + ARGS_AREA) : heap.alloc(8 * args.length);
    try {
      this.describe(phase, cut, argsPtr);
      const started = performance.now();
      const generation = (i32[block + GENERATION] + 1) | 0;
      Atomics.store(i32, block + GENERATION, generation);
      for (let seat = 0; seat < limit; seat++) ring(i32, seatAt(block, seat));
      let thrown: { error: unknown } | undefined;
      let claims = 0;
      try {
        for (let claim = -1; claim + 1 < cut.claims && (claim = Atomics.add(i32, block + NEXT, 1)) < cut.claims; claims++) {
          kernel.run(heap.views, args, claimAt(claim, cut), claimAt(claim + 1, cut), work);
          i32[block + DONE + claim] = generation;
        }
      } catch (error) {
        thrown = { error };
        Atomics.store(i32, block + NEXT, cut.claims);
      }
      Atomics.store(i32, block + GENERATION, (generation + 1) | 0);
      const lost = this.join(phase, started, claims);
      let again = false;
      if (lost) {
        if (lost.stayed.length > 0) this.losses.stayed(lost.stayed, phase);
        // A worker that stayed may yet write what it had in hand: the same bits into outputs, but into workspace that a later
        // phase may use for something else. So a kernel of several phases begins again elsewhere.
        again = lost.stayed.length > 0 && (kernel.phases ?? 1) > 1;
        try {
          if (!thrown && !again) this.redo(phase, cut, block, generation);
        } catch (error) {
          thrown = { error };
        }
        for (const seat of lost.failed) this.losses.failed(seat, i32[seatAt(block, seat.index) + FAILED] < 0, thrown !== undefined, phase);
      }
      if (thrown) throw thrown.error;
      return !again;
    } finally {
      if (args.length > ARGS_ROOM) heap.free(argsPtr);
    }
  }

  /** Plain stores: the generation that follows publishes them. */
  private describe({ loaded, args, pieces, work, ownBytes, limit, spins }: Phase, { claims, coarse, grain, fine }: Cut, argsPtr: number): void {
    const { heap: { views: { f64 } }, i32, block } = this;
    for (let k = 0, at = argsPtr / 8; k < args.length; k++) f64[at + k] = args[k];
    i32[block + KERNEL] = kernelCode(loaded.set, loaded.op, loaded.dtype);
    i32[block + PHASE] = work.phase;
    i32[block + PIECES] = pieces;
    i32[block + CLAIMS] = claims;
    i32[block + COARSE] = coarse;
    i32[block + GRAIN] = grain;
    i32[block + FINE] = fine;
    i32[block + ARGS] = argsPtr;
    i32[block + ARGS_LENGTH] = args.length;
    i32[block + SHARED] = work.shared;
    i32[block + OWN] = work.own;
    i32[block + OWN_BYTES] = ownBytes;
    i32[block + LIMIT] = limit;
    i32[block + BUDGET] = spins;
    i32[block + NEXT] = 0;
  }

  /** Does what nobody has stamped as done. */
  private redo({ loaded: { kernel }, args, work }: Phase, cut: Cut, block: number, generation: number): void {
    for (let claim = 0; claim < cut.claims; claim++) {
      if (Atomics.load(this.i32, block + DONE + claim) === generation) continue;
      kernel.run(this.heap.views, args, claimAt(claim, cut), claimAt(claim + 1, cut), work);
    }
  }

  /** Waits until no worker is inside, or gives up on those who stay. Names those by whose loss pieces may be undone. */
  private join(phase: Phase, started: number, claims: number): Lost | undefined {
    const { i32, block } = this;
    let lost: Lost | undefined;
    let deadline = 0;
    for (const seat of this.seats) {
      const words = seatAt(block, seat.index);
      if (!this.isOut(words, phase.spins)) {
        // Ten times what a claim took here, should that be more than the usual patience.
        deadline ||= performance.now() + Math.max(this.patience, claims > 0 ? (10 * (performance.now() - started)) / claims : 0);
        if (!this.waitUntil(words, deadline)) {
          (lost ??= { stayed: [], failed: [] }).stayed.push(seat);
          continue;
        }
      }
      // Plain: the worker wrote it before it cleared ENTERED.
      const term = Math.abs(i32[words + FAILED]);
      if (term !== 0 && term === seat.term) (lost ??= { stayed: [], failed: [] }).failed.push(seat);
    }
    return lost;
  }

  private isOut(words: number, spins: number): boolean {
    do {
      if (Atomics.load(this.i32, words + ENTERED) === 0) return true;
    } while (spins-- > 0);
    return false;
  }

  /** True when the worker has left, false when the time is over. */
  private waitUntil(words: number, deadline: number): boolean {
    const { i32, block } = this;
    Atomics.store(i32, block + CALLER_WAITS, 1);
    while (Atomics.load(i32, words + ENTERED) !== 0) {
      const rest = deadline - performance.now();
      if (rest <= 0) return false;
      Atomics.wait(i32, words + ENTERED, 1, rest);
    }
    Atomics.store(i32, block + CALLER_WAITS, 0);
    return true;
  }

  /** The task that shall serve on a seat; 0 for none. Those who serve notice at the next `signal` or fork. */
  setTerm(seat: Seat, term: number): void {
    Atomics.store(this.i32, seatAt(this.block, seat.index) + TERM, term);
  }

  /** Makes every worker look at the block, without opening a job. */
  signal(block = this.block): void {
    const { i32, seats } = this;
    Atomics.store(i32, block + GENERATION, (i32[block + GENERATION] + 2) | 0);
    for (const seat of seats) ring(i32, seatAt(block, seat.index));
  }

  /**
   * Goes on in a fresh block, and tells the workers whose terms go on. Whoever is still inside the old one finds no piece left
   * to claim there, and that its term is over: the seats of such workers have `term` 0 by now.
   * @throws {MemoryError} CVY_MEMORY_EXHAUSTED when there is no room for the block; nothing has changed then.
   */
  move(): void {
    const { i32, block: old, seats } = this;
    this.block = this.freshBlock();
    for (const seat of seats) {
      this.setTerm(seat, seat.term);
      if (seat.term === 0) Atomics.store(i32, seatAt(old, seat.index) + TERM, 0);
    }
    this.retired.push(old);
    Atomics.store(i32, old + MOVED, this.block);
    this.signal(old);
  }

  /** Returns the blocks to the heap. Only when all workers are gone. */
  free(): void {
    for (const block of [this.block, ...this.retired]) this.heap.free(4 * block);
  }
}
