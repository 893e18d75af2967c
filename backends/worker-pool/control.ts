/**
 * The control block: where caller and workers meet, Int32 words in the heap. Only the layout and what both sides share:
 * who does what when is argued in board.ts (caller) and worker.ts; addresses here are word indexes, not bytes.
 */
import { DTYPES, OP_NAMES, type DType, type KernelSetSource, type OpName, type WasmMemory } from '../../src/backend/index.js';

/** Threads of a crew, the caller included. */
export const MAX_THREADS = 256;
/** About so many claims for each thread: neighbours share what a kernel keeps from one piece to the next. */
export const CLAIMS_PER_THREAD = 8;
/** The last quarter of the pieces is claimed in parts of these: so threads end nearly together, where a claim would be a sixteenth of the work of two. */
const FINER = 8;
/**
 * About 120 µs of polling (measured: 15 ns each on Node 20 and 24), a little more than what sleep costs: waking a worker takes the caller
 * 10 to 25 µs, and it comes 40 to 75 µs later (docs/decisions/0021).
 */
export const SPINS = 8000;

// ── words of a block; what is written often has a cache line (16 words) of its own ──
/** Even: the job in the descriptor is open. Odd: none is, and the descriptor may be rewritten. */
export const GENERATION = 0;
/** Word index of the block that replaces this one; 0 while it is in use. */
export const MOVED = 1;
/** The next claim that nobody has made. */
export const NEXT = 16;
/** 1 while the caller sleeps until a worker leaves. */
export const CALLER_WAITS = 32;

// Descriptor of the phase at hand, written by the caller only while GENERATION is odd and no worker is inside.
export const KERNEL = 48;
export const PHASE = 49;
export const PIECES = 50;
export const GRAIN = 51;
/** Byte pointer to the arguments, float64, and how many there are. Byte pointers reach 2³², so read them with `>>> 0`. */
export const ARGS = 52;
export const ARGS_LENGTH = 53;
export const SHARED = 54;
/** Workspace of thread 0, the caller, and the distance in bytes to that of thread 1, which is the worker on seat 0. */
export const OWN = 55;
export const OWN_BYTES = 56;
/** Workers on seats below take part. */
export const LIMIT = 57;
/** How often to poll before sleeping. */
export const BUDGET = 58;
/** How many claims there are; the first COARSE are of GRAIN pieces, the others of FINE. */
export const CLAIMS = 59;
export const COARSE = 60;
export const FINE = 61;

/** Room for arguments within the block (float64, so two words each); longer lists get a heap block of their own. */
export const ARGS_AREA = 64;
export const ARGS_ROOM = 64;
/** One word per claim, stamped with the generation when its pieces are done. */
export const DONE = ARGS_AREA + 2 * ARGS_ROOM;
const SEATS = DONE + CLAIMS_PER_THREAD * FINER * MAX_THREADS;
/** Two cache lines for each seat: processors fetch lines in pairs. */
const SEAT_WORDS = 32;
export const BLOCK_WORDS = SEATS + SEAT_WORDS * (MAX_THREADS - 1);

// ── words of a seat ──
/** 1 while the worker may claim pieces. */
export const ENTERED = 0;
/** 1 while the worker sleeps or is about to. */
export const ASLEEP = 1;
/** Number of the resident task that shall serve here; any other returns. 0: none. */
export const TERM = 2;
/** Number of the resident task that ended by an error; negative when its thread ended with it. */
export const FAILED = 3;

/** What tells one kernel set from another: a set may be loaded once for each precision. */
export const sourceKey = ({ url, settings }: KernelSetSource): string => `${settings.precision} ${url}`;

export const seatAt = (block: number, seat: number): number => block + SEATS + SEAT_WORDS * seat;

const OP_INDEX = new Map<OpName, number>(OP_NAMES.map((name, index) => [name, index]));

/** A kernel's address as one number: position of its set, op, dtype. */
export const kernelCode = (set: number, op: OpName, dtype: DType): number =>
  (set * OP_NAMES.length + OP_INDEX.get(op)!) * DTYPES.length + DTYPES.indexOf(dtype);

export function kernelOfCode(code: number): { set: number; op: OpName; dtype: DType } {
  const row = Math.floor(code / DTYPES.length);
  return { set: Math.floor(row / OP_NAMES.length), op: OP_NAMES[row % OP_NAMES.length], dtype: DTYPES[code % DTYPES.length] };
}

/** Wakes the worker of a seat, at a price only if it sleeps. The waker has stored first what it shall see; see `doze` in worker.ts. */
export function ring(i32: Int32Array, seat: number): void {
  if (Atomics.load(i32, seat + ASLEEP) === 0) return;
  Atomics.store(i32, seat + ASLEEP, 0);
  Atomics.notify(i32, seat + ASLEEP, 1);
}

/** How the pieces of a phase are claimed by so many threads. */
export interface Cut {
  readonly pieces: number;
  readonly claims: number;
  readonly coarse: number;
  readonly grain: number;
  readonly fine: number;
}

export function cutFor(pieces: number, threads: number): Cut {
  const grain = Math.max(1, Math.ceil(pieces / (CLAIMS_PER_THREAD * threads)));
  const fine = Math.ceil(grain / FINER);
  const coarse = Math.floor((0.75 * pieces) / grain);
  return { pieces, claims: coarse + Math.ceil((pieces - coarse * grain) / fine), coarse, grain, fine };
}

/** The piece with which a claim begins; that of the next one is its end. */
export const claimAt = (claim: number, { pieces, coarse, grain, fine }: Cut): number =>
  (claim < coarse ? claim * grain : Math.min(pieces, coarse * grain + (claim - coarse) * fine));

// ── what is sent to a worker ──

export interface WorkerData {
  readonly memory: WasmMemory;
  /** Hash of the caller's build. */
  readonly build: string;
  /** One word, 1 once CONVOY_FAULT has struck. */
  readonly fired: Int32Array;
}

/** The task `serve`. */
export interface Order {
  readonly block: number;
  readonly seat: number;
  readonly term: number;
  readonly sources: readonly KernelSetSource[];
}

/** Why a worker cannot serve; the answer of the task `load`, in plain data because error classes do not cross threads. */
export interface Problem {
  readonly kind: 'build' | 'api' | 'import';
  readonly message: string;
}
