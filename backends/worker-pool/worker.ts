/**
 * The worker's side of the crew: two piscina tasks. `load` imports kernel sets; `serve` is resident and waits on the heap for
 * pieces to do, until its term is over. Knows no op: it runs whatever the loaded tables hold.
 */
import { workerData } from 'node:worker_threads';
import { API, type Kernel, type KernelModule, type KernelSetSource, type KernelTable, type Work } from '../../src/backend/index.js';
import { tableOf } from '../../src/backend/open.js';
import { fault } from '../../src/debug.js';
import { heapViews } from '../../src/memory/heap.js';
import { readBuild } from './build.js';
import {
  ARGS, ARGS_LENGTH, ASLEEP, BUDGET, CALLER_WAITS, CLAIMS, COARSE, DONE, ENTERED, FAILED, FINE, GENERATION, GRAIN, KERNEL, LIMIT, MOVED, NEXT, OWN,
  OWN_BYTES, PHASE, PIECES, SHARED, SPINS, TERM, claimAt, kernelOfCode, seatAt, sourceKey, type Order, type Problem, type WorkerData,
} from './control.js';

const { memory, build, fired } = workerData as WorkerData;
const views = heapViews(memory);
const { i32, f64 } = views;
const plan = fault();
const ownBuild = readBuild();

const tables = new Map<string, KernelTable>();
let sets: readonly KernelSetSource[] = [];
/** Kernels by code, as they are met. */
let kernels: Kernel[] = [];
let loading: Promise<unknown> = Promise.resolve();

/** Imports the sets that are not here yet, in order. One call at a time, since a term may begin while sets are being loaded. */
export function load(sources: readonly KernelSetSource[]): Promise<Problem | undefined> {
  const loaded = loading.then(async () => {
    if (ownBuild !== build) {
      return { kind: 'build', message: `worker-pool: worker runs build ${ownBuild} but the caller runs ${build}; start the program again` } as const;
    }
    for (const source of sources) {
      const problem = await open(source);
      if (problem) return problem;
    }
    sets = sources;
    kernels = [];
    return undefined;
  });
  loading = loaded;
  return loaded;
}

async function open(source: KernelSetSource): Promise<Problem | undefined> {
  if (tables.has(sourceKey(source))) return undefined;
  const { name, url, settings } = source;
  try {
    const set = (await import(url)) as KernelModule;
    if (set.api !== API) return { kind: 'api', message: `worker-pool: kernel set '${name}' speaks backend API ${set.api} but this Convoy speaks ${API}` };
    const table = await tableOf(set, memory, settings);
    if (!table) return { kind: 'api', message: `worker-pool: kernel set '${name}' exports neither kernels nor create() but one of them is required (${url})` };
    tables.set(sourceKey(source), table);
    return undefined;
  } catch (error) {
    return { kind: 'import', message: `worker-pool: kernel set '${name}' cannot be loaded by a worker: ${error instanceof Error ? error.message : String(error)} (${url})` };
  }
}

function kernelAt(code: number): Kernel {
  let kernel = kernels[code];
  if (kernel === undefined) {
    const { set, op, dtype } = kernelOfCode(code);
    kernel = tables.get(sourceKey(sets[set]))?.[op]?.[dtype] as Kernel;
    if (kernel === undefined) throw new Error(`worker-pool: kernel set '${sets[set].name}' has ${op} for ${dtype} on the caller but not on a worker`);
    kernels[code] = kernel;
  }
  return kernel;
}

/** The block at hand, this thread's seat in it and its term; 0 when it does not serve. */
let [block, seat, term] = [0, 0, 0];
/** Polls left before sleep; renewed by work, so that a worker that small jobs pass by goes to sleep. */
let spins = 0;

/**
 * Resident: serves until the term is over. Claims happen only while ENTERED is 1, and it is set before the generation is read
 * for the second time. The caller makes the generation odd before it reads ENTERED. All four are sequentially consistent, so
 * either this thread sees the change and claims nothing, or the caller sees ENTERED and does not touch the job until it is 0.
 */
export async function serve(order: Order): Promise<void> {
  const problem = await load(order.sources);
  if (problem) throw new Error(problem.message);
  // Nothing below awaits: two terms of this thread never run at once.
  block = order.block;
  seat = seatAt(block, order.seat);
  term = order.term;
  spins = SPINS;
  for (let last = 0; ;) {
    last = doze(last);
    // MOVED is read before TERM and written after it: who sees the new block also sees that its term was ended in this one.
    const moved = Atomics.load(i32, block + MOVED);
    if (Atomics.load(i32, seat + TERM) !== term) break;
    if (moved !== 0) {
      block = moved;
      seat = seatAt(block, order.seat);
      last = 0;
      continue;
    }
    if (last & 1) continue;
    Atomics.store(i32, seat + ENTERED, 1);
    try {
      if (Atomics.load(i32, block + GENERATION) === last) takePart(order.seat, last);
    } catch (error) {
      fail(term);
      throw error;
    }
    leave();
  }
  term = 0;
}

/** Waits until the generation is another than `last` and returns it: polls, then sleeps. */
function doze(last: number): number {
  for (;;) {
    const generation = Atomics.load(i32, block + GENERATION);
    if (generation !== last) return generation;
    if (spins-- > 0) continue;
    Atomics.store(i32, seat + ASLEEP, 1);
    // The caller stores the generation, then reads ASLEEP; here it is the other way round, so one of the two notices.
    if (Atomics.load(i32, block + GENERATION) === last) {
      Atomics.wait(i32, seat + ASLEEP, 1);
      spins = Atomics.load(i32, block + BUDGET);
    }
    Atomics.store(i32, seat + ASLEEP, 0);
  }
}

/** Claims and runs pieces of the open job until none is left. */
function takePart(index: number, generation: number): void {
  if (index >= i32[block + LIMIT]) return;
  spins = i32[block + BUDGET];
  const cut = { pieces: i32[block + PIECES], claims: i32[block + CLAIMS], coarse: i32[block + COARSE], grain: i32[block + GRAIN], fine: i32[block + FINE] };
  let claim = Atomics.add(i32, block + NEXT, 1);
  if (claim >= cut.claims) return;
  const kernel = kernelAt(i32[block + KERNEL]);
  const args = readArgs();
  const own = i32[block + OWN] >>> 0;
  const work: Work = {
    phase: i32[block + PHASE], shared: i32[block + SHARED] >>> 0, own: own === 0 ? 0 : own + (index + 1) * (i32[block + OWN_BYTES] >>> 0),
  };
  for (; claim < cut.claims; claim = claim + 1 < cut.claims ? Atomics.add(i32, block + NEXT, 1) : cut.claims) {
    const [begin, end] = [claimAt(claim, cut), claimAt(claim + 1, cut)];
    if (plan && plan.piece >= begin && plan.piece < end && Atomics.compareExchange(fired, 0, 0, 1) === 0) {
      if (plan.piece > begin) kernel.run(views, args, begin, plan.piece, work);
      strike(plan.kind);
    }
    kernel.run(views, args, begin, end, work);
    // Atomic, so that a caller who finds the stamp of a worker that was lost afterwards also finds its results.
    Atomics.store(i32, block + DONE + claim, generation);
  }
}

function readArgs(): number[] {
  const at = (i32[block + ARGS] >>> 0) / 8;
  const args: number[] = [];
  for (let k = 0, length = i32[block + ARGS_LENGTH]; k < length; k++) {
    const value = f64[at + k];
    // Integers as small integers, as the caller's array has them, or kernels would be compiled for both; −0 stays what it is.
    const integer = value | 0;
    args.push(integer === value && (integer !== 0 || 1 / value > 0) ? integer : value);
  }
  return args;
}

/** ENTERED is cleared before CALLER_WAITS is read, and the caller sets that before it waits on ENTERED: it cannot miss this. */
function leave(): void {
  Atomics.store(i32, seat + ENTERED, 0);
  if (Atomics.load(i32, block + CALLER_WAITS) === 1) Atomics.notify(i32, seat + ENTERED, 1);
}

function fail(word: number): void {
  Atomics.store(i32, seat + FAILED, word);
  term = 0;
  leave();
}

// A kernel that ends its thread says so at once, instead of being missed only when the caller's patience is over.
process.on('exit', () => {
  if (term !== 0) fail(-term);
});

function strike(kind: 'exit' | 'throw' | 'stall'): void {
  if (kind === 'throw') throw new Error('CONVOY_FAULT: throw');
  if (kind === 'exit') process.exit(1);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000);
}
