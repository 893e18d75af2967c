/**
 * Who holds what in one memory. Storage counts its holders (tensor handles, graph nodes, gradients, optimizer state); each
 * holder is an owner object that a sweep knows through a WeakRef, so that storage whose owners were all forgotten comes back
 * without the user's help, even inside one synchronous loop. Not here: address space (allocator.ts, heap.ts).
 */
import { BYTES, type DType, type Memory } from '../backend/index.js';
import { BackendError, fmt, MemoryError } from '../errors.js';
import { trace, debugLevel } from '../debug.js';
import { checkpoint, collect } from './collect.js';

/** What elements of four bytes reach in 4 GiB. Kernels count elements in 32 bits, and only tensors of bytes could hold more. */
const MOST_ELEMENTS = 2 ** 30;
/** Sweeping costs a full collection, so it waits for this much new memory, or for as much as is live. */
const SWEEP_BYTES = 256 * 2 ** 20;
/** The same for owners: handles of tiny tensors fill the JavaScript heap long before they fill ours. */
const SWEEP_OWNERS = 50_000;

/** Bytes that holders share. The pointer may change: in-place changes write aside and swap. */
export class Storage {
  holders = 0;
  /** Grows with every in-place change; what the tape saved is checked against it. */
  version = 0;
  /** True once a recorded view shares these bytes: recorded in-place changes are refused then. */
  viewed = false;
  constructor(readonly arena: Arena, public ptr: number, public bytes: number) {}

  /** Exchanges the bytes of two storages: the old ones leave with `other`. */
  swap(other: Storage): void {
    [this.ptr, other.ptr] = [other.ptr, this.ptr];
    [this.bytes, other.bytes] = [other.bytes, this.bytes];
    this.version++;
  }
}

/** Anything that holds storage and may be forgotten: a tensor handle or a graph node. */
export interface Owner {
  describe(): string;
}

/**
 * That an owner holds storages, linked to those taken before and after it. The owner is held firmly until the next sweep: most are
 * dropped before it, and a WeakRef costs several times what the rest of a small op does (docs/decisions/0010).
 */
export interface Hold {
  readonly storages: readonly Storage[];
  /** A tensor handle, not a graph node. */
  readonly handle: boolean;
  owner: Owner | WeakRef<Owner>;
  older: Hold | null;
  newer: Hold | null;
  open: boolean;
}

const ownerOf = ({ owner }: Hold): Owner | undefined => (owner instanceof WeakRef ? owner.deref() : owner);

/** What `convoy.memory()` answers, in bytes and counts. */
export interface MemoryStatistics {
  bytesInUse: number;
  peakBytes: number;
  reservedBytes: number;
  liveTensors: number;
}

export class Arena {
  bytesInUse = 0;
  peakBytes = 0;
  closed = false;
  sweeps = 0;
  private newest: Hold | null = null;
  private holds = 0;
  /** Least bytes and owners alive since the last sweep: the next waits until as much again came and stayed. */
  private liveBytes = 0;
  private liveOwners = 0;

  constructor(readonly memory: Memory) {}

  /** Storage for `length` elements, with no holder yet. Sweeps first when that is due. */
  allocate(dtype: DType, length: number): Storage {
    if (this.closed) throw new BackendError('CVY_BACKEND_CLOSED', 'tensor: its convoy is closed but memory was asked for; make a new convoy');
    if (length > MOST_ELEMENTS) throw new MemoryError('CVY_MEMORY_EXHAUSTED', `heap: ${length} elements were asked for but a tensor has at most ${MOST_ELEMENTS}`);
    const bytes = BYTES[dtype] * length;
    if (this.bytesInUse - this.liveBytes > Math.max(SWEEP_BYTES, this.liveBytes) || this.holds - this.liveOwners > Math.max(SWEEP_OWNERS, this.liveOwners)) this.sweep();
    let ptr: number;
    try {
      ptr = this.memory.alloc(bytes);
    } catch (error) {
      if (!(error instanceof MemoryError)) throw error;
      this.sweep();
      try {
        ptr = this.memory.alloc(bytes);
      } catch (cause) {
        throw new MemoryError('CVY_MEMORY_EXHAUSTED', `heap: ${bytes} bytes were asked for but ${this.bytesInUse} are in use and no free block is that large (${this.largest()})`, { cause });
      }
    }
    this.bytesInUse += bytes;
    if (this.bytesInUse > this.peakBytes) this.peakBytes = this.bytesInUse;
    return new Storage(this, ptr, bytes);
  }

  /** Registers `owner` as a holder of `storages`; `drop` of what is returned, or the owner's end, lets go of them. */
  hold(owner: Owner, storages: readonly Storage[], handle: boolean): Hold {
    for (const storage of storages) storage.holders++;
    const hold: Hold = { storages, handle, owner, older: this.newest, newer: null, open: true };
    if (this.newest !== null) this.newest.newer = hold;
    this.newest = hold;
    this.holds++;
    return hold;
  }

  /** Harmless when repeated. */
  drop(hold: Hold): void {
    if (!hold.open) return;
    hold.open = false;
    if (--this.holds < this.liveOwners) this.liveOwners = this.holds;
    const { older, newer } = hold;
    if (older !== null) older.newer = newer;
    if (newer !== null) newer.older = older;
    else this.newest = older;
    for (const storage of hold.storages) this.release(storage);
  }

  /** In use, at its peak, and tensor handles alive (graph nodes are not counted). */
  statistics(): Omit<MemoryStatistics, 'reservedBytes'> {
    let liveTensors = 0;
    for (let hold = this.newest; hold !== null; hold = hold.older) if (hold.handle) liveTensors++;
    return { bytesInUse: this.bytesInUse, peakBytes: this.peakBytes, liveTensors };
  }

  /** Frees a storage that nobody came to hold. */
  discard(storage: Storage): void {
    if (storage.holders === 0) this.free(storage);
  }

  /** Collects garbage, then frees what only forgotten owners held. */
  sweep(): void {
    const before = this.bytesInUse;
    // What a former sweep has seen has a WeakRef, and so has all that is older.
    for (let hold = this.newest; hold !== null && !(hold.owner instanceof WeakRef); hold = hold.older) hold.owner = new WeakRef(hold.owner);
    collect();
    let owners = 0;
    for (let hold = this.newest; hold !== null; hold = hold.older) {
      if (ownerOf(hold) !== undefined) continue;
      this.drop(hold);
      owners++;
    }
    checkpoint();
    this.sweeps++;
    this.liveBytes = this.bytesInUse;
    this.liveOwners = this.holds;
    if (debugLevel >= 1) trace(1, `sweep ${this.sweeps}: ${owners} owners and ${before - this.bytesInUse} bytes freed, ${this.bytesInUse} in use`);
  }

  private release(storage: Storage): void {
    if (--storage.holders === 0) this.free(storage);
  }

  private free(storage: Storage): void {
    this.bytesInUse -= storage.bytes;
    if (this.bytesInUse < this.liveBytes) this.liveBytes = this.bytesInUse;
    this.memory.free(storage.ptr);
  }

  /** The three largest holders, for the message of a full heap. */
  private largest(): string {
    const held: { owner: Owner | undefined; bytes: number }[] = [];
    for (let hold = this.newest; hold !== null; hold = hold.older) {
      held.push({ owner: ownerOf(hold), bytes: hold.storages.reduce((sum, storage) => sum + storage.bytes, 0) });
    }
    const largest = held
      .filter(({ owner }) => owner !== undefined)
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 3);
    return `largest holders: ${largest.map(({ owner, bytes }) => `${owner!.describe()} ${bytes} bytes`).join(', ') || 'none'}`;
  }
}

const arenas = new WeakMap<Memory, Arena>();

/** The arena of a memory, made on first use. */
export function arenaOf(memory: Memory): Arena {
  let arena = arenas.get(memory);
  if (arena === undefined) arenas.set(memory, (arena = new Arena(memory)));
  return arena;
}

export const describeTensor = (shape: readonly number[], dtype: DType): string => `tensor ${fmt(shape)} ${dtype}`;
