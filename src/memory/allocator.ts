/**
 * Hands out byte ranges of an address space in O(1): two-level segregated fit with coalescing (Masmano et al. 2004, "TLSF").
 * Book-keeping only: it touches no memory, so freed blocks keep their bytes.
 */

const ALIGN = 64;
/** Each power of two is cut into 2^SPLIT_LOG2 size classes, so at most 1/8 of a block is waste. */
const SPLIT_LOG2 = 3;
const SPLIT = 1 << SPLIT_LOG2;
const FIRST_LOG2 = 6;
/** Blocks are smaller than this: 32-bit pointers reach no further. */
const LIMIT = 2 ** 32;
const POWERS = 32 - FIRST_LOG2;

/** Position of the lowest bit that is set. */
const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);

/** A range of the address space, free or in use, linked to its neighbours in memory and, when free, in its class. */
export interface Block {
  ptr: number;
  bytes: number;
  free: boolean;
  /** When it was handed out; see Heap.quarantine. */
  birth: number;
  before: Block | null;
  after: Block | null;
  next: Block | null;
  previous: Block | null;
}

/** Number of the list in which free blocks of `bytes` are kept: a power of two and the eighth above it. */
function classOf(bytes: number): number {
  const power = 31 - Math.clz32(bytes);
  return (power - FIRST_LOG2) * SPLIT + ((bytes >>> (power - SPLIT_LOG2)) & (SPLIT - 1));
}

export class Allocator {
  /** Free lists by [power][eighth]; bit masks say which are not empty. */
  private readonly lists: (Block | null)[] = Array.from({ length: POWERS * SPLIT }, () => null);
  private firstMask = 0;
  private readonly secondMask = new Uint8Array(POWERS);

  /** Manages the bytes from `begin` (aligned to 64) up to `end`, which are less than 4 GiB. */
  constructor(begin: number, end: number) {
    this.insert({ ptr: begin, bytes: end - begin - ((end - begin) % ALIGN), free: true, birth: 0, before: null, after: null, next: null, previous: null });
  }

  /** A block of at least `bytes` at a multiple of 64, or null when none is left. */
  alloc(bytes: number): Block | null {
    const wanted = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    const block = this.find(wanted);
    if (block === null) return null;
    this.remove(block);
    if (block.bytes > wanted) {
      const rest: Block = {
        ptr: block.ptr + wanted, bytes: block.bytes - wanted, free: true, birth: 0, before: block, after: block.after, next: null, previous: null,
      };
      if (block.after) block.after.before = rest;
      block.after = rest;
      block.bytes = wanted;
      this.insert(rest);
    }
    block.free = false;
    return block;
  }

  /** Takes a block back and merges it with free neighbours. */
  free(block: Block): void {
    let merged = block;
    const { before, after } = block;
    if (before?.free) {
      this.remove(before);
      before.bytes += block.bytes;
      before.after = after;
      if (after) after.before = before;
      merged = before;
    }
    const next = merged.after;
    if (next?.free) {
      this.remove(next);
      merged.bytes += next.bytes;
      merged.after = next.after;
      if (next.after) next.after.before = merged;
    }
    merged.free = true;
    this.insert(merged);
  }

  private find(bytes: number): Block | null {
    // Rounding up to the next class makes any block of the found class large enough: no search within a list.
    const rounded = bytes + (1 << (31 - Math.clz32(bytes) - SPLIT_LOG2)) - 1;
    if (rounded >= LIMIT) return this.exact(bytes);
    const at = classOf(rounded);
    const power = at >>> SPLIT_LOG2;
    const here = this.secondMask[power] >>> (at & (SPLIT - 1));
    if (here !== 0) return this.lists[at + lowest(here)];
    const above = this.firstMask & -(2 << power);
    if (above === 0) return this.exact(bytes);
    const next = lowest(above);
    return this.lists[next * SPLIT + lowest(this.secondMask[next])];
  }

  /** Last resort before "full": a block of the very class of `bytes` that happens to be large enough. */
  private exact(bytes: number): Block | null {
    for (let block = this.lists[classOf(bytes)]; block; block = block.next) if (block.bytes >= bytes) return block;
    return null;
  }

  private insert(block: Block): void {
    const at = classOf(block.bytes);
    const power = at >>> SPLIT_LOG2;
    block.previous = null;
    block.next = this.lists[at];
    if (block.next) block.next.previous = block;
    this.lists[at] = block;
    this.firstMask |= 1 << power;
    this.secondMask[power] |= 1 << (at & (SPLIT - 1));
  }

  private remove(block: Block): void {
    const at = classOf(block.bytes);
    if (block.previous) block.previous.next = block.next;
    else this.lists[at] = block.next;
    if (block.next) block.next.previous = block.previous;
    block.previous = block.next = null;
    if (this.lists[at] === null) {
      const power = at >>> SPLIT_LOG2;
      this.secondMask[power] &= ~(1 << (at & (SPLIT - 1)));
      if (this.secondMask[power] === 0) this.firstMask &= ~(1 << power);
    }
  }
}
