/**
 * Guarded buffers: the operands of an op with canaries around them, garbage in the outputs and checksums over the inputs. What a
 * kernel writes where it must not, and what it fails to write, shows.
 */
import { BYTES, typedArray, type BufferUse, type DType, type Memory, type OpName, type TypedArray } from '../backend/index.js';
import { buffersOf, elementsOf, placeholders, type OpCase, type Slot } from './cases/opCase.js';

/** Bytes of canary on each side; a multiple of the alignment that kernels are promised. */
const GUARD = 64;
const CANARY = 0xa5;
/** Around inputs lie NaN (in the floats): what reads beyond an input spoils its results, what copies beyond changes a canary. */
const BEYOND_INPUT = 0xff;

/** What outputs are filled with before a run: NaN in the floats and 0x7f… in the integers, or other bytes that mean nothing. */
export type Garbage = 'nan' | 'other';

interface Guarded {
  readonly use: BufferUse;
  readonly slot: Slot;
  readonly block: number;
  /** Bytes in front of the buffer: none on a device, whose pointers are handles. */
  readonly front: number;
  readonly bytes: number;
  /** Elements of an input, or of an output before the run; null for garbage. */
  readonly elements: TypedArray | null;
  /** Of an input's elements as they lie in memory. */
  readonly checksum: number;
}

/** FNV-1a over bytes. */
function checksum(bytes: Uint8Array): number {
  let sum = 2166136261;
  for (let i = 0; i < bytes.length; i++) sum = Math.imul(sum ^ bytes[i], 16777619);
  return sum >>> 0;
}

const bytesOf = (array: TypedArray): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export class GuardedCall {
  readonly op: OpName;
  readonly dtype: DType;
  /** The op's arguments, with pointers into the memory. */
  readonly args: number[];
  private readonly buffers: Guarded[];

  /** Lays out the buffers of a case in `memory`; `free` gives them back. */
  constructor(private readonly memory: Memory, private readonly testCase: OpCase) {
    this.op = testCase.op;
    this.dtype = testCase.dtype;
    this.args = [...placeholders(testCase.args)];
    this.buffers = buffersOf(testCase).map((use) => this.lay(use));
  }

  private lay(use: BufferUse): Guarded {
    const slot = this.testCase.args[use.arg] as Slot;
    const elements = elementsOf(this.testCase, use);
    const front = this.memory.kind === 'host' ? GUARD : 0;
    const bytes = BYTES[use.dtype] * use.elems;
    const block = this.memory.alloc(front + bytes + GUARD);
    this.args[use.arg] = block + front;
    const guarded = { use, slot, block, front, bytes, elements, checksum: elements === null ? 0 : checksum(bytesOf(elements)) };
    const canary = new Uint8Array(front + bytes + GUARD).fill(use.write ? CANARY : BEYOND_INPUT);
    this.memory.write(block, canary);
    if (elements !== null) this.memory.write(block + front, elements);
    return guarded;
  }

  /** Fills the outputs anew. What an op leaves alone (the gaps of a strided copy) keeps what the case says. */
  prepare(garbage: Garbage): void {
    for (const { use, block, front, elements } of this.buffers) {
      if (!use.write) continue;
      if (elements !== null) {
        this.memory.write(block + front, elements);
        continue;
      }
      const filled = typedArray(use.dtype, use.elems);
      if (garbage === 'nan' && (use.dtype === 'float32' || use.dtype === 'float64')) filled.fill(NaN);
      else bytesOf(filled).fill(garbage === 'nan' ? 0x7f : 0x55);
      this.memory.write(block + front, filled);
    }
  }

  /** Copies of the outputs, in the order of the arguments. */
  outputs(): { arg: number; data: TypedArray }[] {
    return this.buffers.filter(({ use }) => use.write).map(({ use, block, front }) => ({ arg: use.arg, data: this.memory.read(block + front, use.dtype, use.elems) }));
  }

  /** In words what was written that must not be, or null. */
  damage(): string | null {
    for (const { use, block, front, bytes, checksum: before } of this.buffers) {
      const all = this.memory.read(block, 'bool', front + bytes + GUARD) as Uint8Array;
      const guard = use.write ? CANARY : BEYOND_INPUT;
      const what = `${use.write ? 'output' : 'input'} (argument ${use.arg}, ${use.elems} elements)`;
      for (let i = 1; i <= front; i++) if (all[front - i] !== guard) return `byte ${-i} before its ${what} is written`;
      for (let i = 0; i < GUARD; i++) if (all[front + bytes + i] !== guard) return `byte ${i} behind its ${what} is written`;
      if (!use.write && checksum(all.subarray(front, front + bytes)) !== before) return `its ${what} is changed`;
    }
    return null;
  }

  free(): void {
    for (const { block } of this.buffers) this.memory.free(block);
  }
}

/** Where two copies of an output first differ, by the sign of zero too, or −1. All NaN are alike: engines pick their bits freely. */
export function firstDifference(a: TypedArray, b: TypedArray): number {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
}
