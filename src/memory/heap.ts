/**
 * The host heap of one convoy: a shared WebAssembly.Memory that every kernel, on every thread, works on in place.
 * It is reserved whole and never grows, because after growth a worker's old view silently reads `undefined`.
 * Not here: who holds what (storage.ts, holders.ts).
 */
import type { DType, HeapViews, Memory, TypedArray, WasmMemory } from '../backend/index.js';
import { BYTES, typedArray } from '../backend/index.js';
import { ArgumentError, MemoryError } from '../errors.js';
import { Allocator, type Block } from './allocator.js';

const PAGE = 65536;
/** 4 GiB, all that 32-bit pointers reach. Reserving costs 0.05 ms and 1 MB resident (docs/decisions/0001). */
const MAX_BYTES = 65536 * PAGE;
/** Pointers below are never handed out, so that 0 can mean "absent" and stray small numbers hit nothing. */
const FIRST = PAGE;

declare const WebAssembly: { Memory: new (options: { initial: number; maximum: number; shared: boolean }) => WasmMemory };

/** Typed arrays over a shared memory, as a worker makes them for itself. */
export function heapViews(memory: WasmMemory): HeapViews {
  const { buffer } = memory;
  return { memory, f32: new Float32Array(buffer), f64: new Float64Array(buffer), i32: new Int32Array(buffer), u8: new Uint8Array(buffer) };
}

export class Heap implements Memory {
  readonly kind = 'host';
  readonly views: HeapViews;
  readonly reservedBytes: number;
  bytesInUse = 0;
  peakBytes = 0;
  private readonly allocator: Allocator;
  private readonly blocks = new Map<number, Block>();
  private clock = 0;
  /** Blocks born before this time are kept back when freed, while `quarantines` is above 0. */
  private quarantineUntil = -1;
  private quarantines = 0;
  private readonly deferred: Block[] = [];

  /** Reserves `bytes` of address space (default 4 GiB, halved until the system agrees). */
  constructor(bytes: number = MAX_BYTES) {
    if (!Number.isInteger(bytes) || bytes < 2 * PAGE || bytes > MAX_BYTES) {
      throw new ArgumentError('CVY_ARG_VALUE', `createConvoy: memory is ${bytes} bytes but must be an integer from ${2 * PAGE} to ${MAX_BYTES}`);
    }
    if (typeof WebAssembly === 'undefined') throw new MemoryError('CVY_MEMORY_EXHAUSTED', 'createConvoy: this Node runs without WebAssembly (--jitless?) but its shared memory is required');
    let pages = Math.ceil(bytes / PAGE);
    let memory: WasmMemory | undefined;
    while (!memory) {
      try {
        memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
      } catch (cause) {
        if (pages < 256) throw new MemoryError('CVY_MEMORY_EXHAUSTED', `createConvoy: the system refused ${pages * PAGE} bytes of address space but at least 16 MiB are required`, { cause });
        pages >>>= 1;
      }
    }
    this.views = heapViews(memory);
    this.reservedBytes = pages * PAGE;
    this.allocator = new Allocator(FIRST, this.reservedBytes);
  }

  alloc(bytes: number): number {
    const block = this.allocator.alloc(bytes);
    if (block === null) {
      throw new MemoryError('CVY_MEMORY_EXHAUSTED', `heap: ${bytes} bytes were asked for but no free block is that large (${this.bytesInUse} of ${this.reservedBytes} bytes in use)`);
    }
    block.birth = this.clock;
    this.blocks.set(block.ptr, block);
    this.bytesInUse += block.bytes;
    if (this.bytesInUse > this.peakBytes) this.peakBytes = this.bytesInUse;
    return block.ptr;
  }

  free(ptr: number): void {
    const block = this.blocks.get(ptr);
    if (block === undefined) throw new MemoryError('CVY_MEMORY_DISPOSED', `heap: pointer ${ptr} is freed but no block in use begins there`);
    this.blocks.delete(ptr);
    if (this.quarantines > 0 && block.birth <= this.quarantineUntil) {
      this.deferred.push(block);
      return;
    }
    this.bytesInUse -= block.bytes;
    this.allocator.free(block);
  }

  /** Usable bytes of the block at `ptr`. */
  sizeOf(ptr: number): number {
    return this.blocks.get(ptr)?.bytes ?? 0;
  }

  /**
   * From now on, blocks that are in use at this moment are not handed out again after they are freed, until the returned
   * function is called: a worker that was given up on may still write to them.
   */
  quarantine(): () => void {
    this.quarantineUntil = this.clock++;
    this.quarantines++;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      if (--this.quarantines > 0) return;
      for (const block of this.deferred.splice(0)) {
        this.bytesInUse -= block.bytes;
        this.allocator.free(block);
      }
    };
  }

  /** A typed array over the bytes themselves, not a copy: valid until the block is freed. */
  view(ptr: number, dtype: DType, length: number): TypedArray {
    const { buffer } = this.views.memory;
    switch (dtype) {
      case 'float32': return new Float32Array(buffer, ptr, length);
      case 'float64': return new Float64Array(buffer, ptr, length);
      case 'int32': return new Int32Array(buffer, ptr, length);
      case 'bool': return new Uint8Array(buffer, ptr, length);
    }
  }

  write(ptr: number, data: TypedArray, offsetBytes = 0): void {
    const dtype: DType = data instanceof Float32Array ? 'float32' : data instanceof Float64Array ? 'float64' : data instanceof Int32Array ? 'int32' : 'bool';
    this.view(ptr + offsetBytes, dtype, data.length).set(data as never);
  }

  read(ptr: number, dtype: DType, length: number): TypedArray {
    const copy = typedArray(dtype, length);
    copy.set(this.view(ptr, dtype, length) as never);
    return copy;
  }
}

/** Bytes of `length` elements of `dtype`. */
export const byteLength = (dtype: DType, length: number): number => BYTES[dtype] * length;
