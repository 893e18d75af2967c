/**
 * Hands out byte ranges of an address space in O(1): two-level segregated fit with coalescing (Masmano et al. 2004, "TLSF").
 * Book-keeping only: it touches no memory, so freed blocks keep their bytes.
 */

const ALIGN = 64;
/** Each power of two is cut into 2^SPLIT_LOG2 size classes, so at most 1/8 of a block is waste. */
const SPLIT_LOG2 = 3;
const SPLIT = 1 << SPLIT_LOG2;
const FIRST_LOG2 = 6;
const CLASSES = 40;

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

const log2 = (n: number): number => (n >= 4294967296 ? 32 + 31 - Math.clz32(Math.floor(n / 4294967296)) : 31 - Math.clz32(n));

export class Allocator {
  /** Free lists by [log2][class within]; bit masks say which are not empty. */
  private readonly lists: (Block | null)[] = Array.from({ length: CLASSES * SPLIT }, () => null);
  private readonly firstMask = new Uint32Array(2);
  private readonly secondMask = new Uint8Array(CLASSES);

  /** Manages the bytes from `begin` (aligned to 64) up to `end`. */
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

  /** Class whose blocks have at least… the floor of `bytes`. */
  private classOf(bytes: number): [first: number, second: number] {
    const first = log2(bytes);
    const step = 2 ** (first - SPLIT_LOG2);
    return [first - FIRST_LOG2, Math.floor((bytes - 2 ** first) / step)];
  }

  private find(bytes: number): Block | null {
    // Rounding up to the next class makes any block of the found class large enough: no search within a list.
    const step = 2 ** (log2(bytes) - SPLIT_LOG2);
    let [first, second] = this.classOf(Math.ceil(bytes / step) * step);
    const here = this.secondMask[first] >>> second;
    if (here !== 0) {
      second += 31 - Math.clz32(here & -here);
    } else {
      first = this.nextFirst(first + 1);
      if (first < 0) return this.exact(bytes);
      second = 31 - Math.clz32(this.secondMask[first] & -this.secondMask[first]);
    }
    return this.lists[first * SPLIT + second];
  }

  /** Last resort before "full": a block of the very class of `bytes` that happens to be large enough. */
  private exact(bytes: number): Block | null {
    const [first, second] = this.classOf(bytes);
    for (let block = this.lists[first * SPLIT + second]; block; block = block.next) if (block.bytes >= bytes) return block;
    return null;
  }

  private nextFirst(from: number): number {
    if (from < 32) {
      const low = from === 32 ? 0 : (this.firstMask[0] >>> from) << from;
      if (low !== 0) return 31 - Math.clz32(low & -low);
      from = 32;
    }
    const high = (this.firstMask[1] >>> (from - 32)) << (from - 32);
    return high !== 0 && from < CLASSES ? 32 + 31 - Math.clz32(high & -high) : -1;
  }

  private insert(block: Block): void {
    const [first, second] = this.classOf(block.bytes);
    const at = first * SPLIT + second;
    block.previous = null;
    block.next = this.lists[at];
    if (block.next) block.next.previous = block;
    this.lists[at] = block;
    this.firstMask[first >>> 5] |= 1 << (first & 31);
    this.secondMask[first] |= 1 << second;
  }

  private remove(block: Block): void {
    const [first, second] = this.classOf(block.bytes);
    const at = first * SPLIT + second;
    if (block.previous) block.previous.next = block.next;
    else this.lists[at] = block.next;
    if (block.next) block.next.previous = block.previous;
    block.previous = block.next = null;
    if (this.lists[at] === null) {
      this.secondMask[first] &= ~(1 << second);
      if (this.secondMask[first] === 0) this.firstMask[first >>> 5] &= ~(1 << (first & 31));
    }
  }
}
