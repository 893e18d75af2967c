/**
 * Runs one kernel of a table the hard way: guarded buffers, garbage in outputs and workspaces, pieces shuffled, split and repeated.
 * Whatever breaks the promises of src/backend/kernel.ts throws here, before the test compares a number.
 */
import { kernelName, OPS, typedArray } from '../../dist/src/backend/index.js';
import type { Args, DType, Kernel, KernelTable, OpName, TypedArray, WasmMemory } from '../../dist/src/backend/index.js';
import { Heap, byteLength } from '../../dist/src/memory/heap.js';

const GUARD = 64;
/** Around outputs. Around inputs lie 0xff bytes, NaN in the floats: reading beyond spoils results, copying beyond changes a canary. */
const CANARY = 0xa5;
const BEYOND_INPUT = 0xff;

/** An output of so many elements; `initial` is what lies there before (for ops that write only part of it), else garbage. */
export interface Output {
  readonly length: number;
  readonly initial: TypedArray | undefined;
  readonly isOutput: true;
}
export const out = (length: number, initial?: TypedArray): Output => ({ length, initial, isOutput: true });

/** A number is passed as it is, null is an absent pointer. */
export type Operand = number | null | TypedArray | Output;

const isOutput = (operand: Operand): operand is Output => operand !== null && typeof operand === 'object' && 'isOutput' in operand;
const isBuffer = (operand: Operand): operand is TypedArray | Output => operand !== null && typeof operand === 'object';

const heap = new Heap(256 * 2 ** 20);
/** Where operands lie, for kernels that are made for one memory. */
export const memory = heap.views.memory;

/** What kernels that are made for a heap, as those of WebAssembly are, are to be made for. */
export const heapMemory = (): WasmMemory => heap.views.memory;

/** A typed array of a dtype from numbers. */
export function array(dtype: DType, values: Iterable<number>): TypedArray {
  const list = [...values];
  const result = typedArray(dtype, list.length);
  result.set(list);
  return result;
}

/** `length` whole numbers from -9 to 9, the same for the same seed: sums and products of them are exact in every dtype. */
export function ints(dtype: DType, length: number, seed = 1): TypedArray {
  const result = typedArray(dtype, length);
  let state = (seed * 2654435761 + 12345) >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    result[i] = (state >>> 8) % 19 - 9;
  }
  return result;
}

/** A buffer in the heap with canaries on both sides. */
interface Guarded {
  readonly arg: number;
  readonly block: number;
  readonly ptr: number;
  readonly dtype: DType;
  readonly bytes: Uint8Array;
  readonly all: Uint8Array;
  readonly operand: TypedArray | Output;
}

function lay(op: OpName, dtype: DType, operands: readonly Operand[]): { args: number[]; buffers: Guarded[] } {
  const args = operands.map((operand) => (typeof operand === 'number' ? operand : operand === null ? 0 : GUARD));
  const uses = new Map(OPS[op].buffers(args, dtype).map((use) => [use.arg, use]));
  const buffers: Guarded[] = [];
  operands.forEach((operand, arg) => {
    if (!isBuffer(operand)) return;
    const use = uses.get(arg);
    if (!use) throw new Error(`${op}: argument ${arg} is a buffer that OPS does not list`);
    if (use.write !== isOutput(operand)) throw new Error(`${op}: argument ${arg} is ${use.write ? 'written' : 'read'} according to OPS`);
    if (use.write ? use.elems !== operand.length : use.elems > operand.length) {
      throw new Error(`${op}: OPS says that argument ${arg} has ${use.elems} elements, the test laid ${operand.length}`);
    }
    if (!isOutput(operand) && operand.constructor !== typedArray(use.dtype, 0).constructor) {
      throw new Error(`${op}: argument ${arg} must be ${use.dtype}`);
    }
    uses.delete(arg);
    const lenBytes = byteLength(use.dtype, operand.length);
    const block = heap.alloc(lenBytes + 2 * GUARD);
    const ptr = block + GUARD;
    args[arg] = ptr;
    const all = heap.views.u8.subarray(block, block + lenBytes + 2 * GUARD);
    all.fill(use.write ? CANARY : BEYOND_INPUT);
    if (!isOutput(operand)) heap.write(ptr, operand);
    buffers.push({ arg, block, ptr, dtype: use.dtype, bytes: heap.views.u8.subarray(ptr, ptr + lenBytes), all, operand });
  });
  if (uses.size > 0) throw new Error(`${op}: OPS lists arguments ${[...uses.keys()].join(', ')} as buffers but the test passes none`);
  return { args, buffers };
}

/** 0 … count − 1 cut into ranges and shuffled, some pieces twice. */
function* shuffledRanges(count: number): Generator<[begin: number, end: number]> {
  const ranges: [number, number][] = [];
  for (let begin = 0, width = 1; begin < count; begin += width, width = (width % 3) + 1) {
    ranges.push([begin, Math.min(count, begin + width)]);
  }
  for (let i = 0; i < ranges.length; i++) yield ranges[(i * 7 + 3) % ranges.length];
  if (ranges.length % 7 === 0) yield* ranges;
  if (count > 0) yield [count - 1, count];
}

function execute(kernel: Kernel, args: Args, ranges: (count: number) => Iterable<[number, number]>): void {
  const { shared = 0, own = 0 } = kernel.workspace?.(args) ?? {};
  const sizes = [shared, own];
  const blocks = sizes.map((bytes) => (bytes > 0 ? heap.alloc(bytes + 2 * GUARD) : 0));
  const around = blocks.flatMap((block, i) => (block === 0 ? [] : [block, block + GUARD + sizes[i]].map((at) => heap.views.u8.subarray(at, at + GUARD))));
  for (const guard of around) guard.fill(CANARY);
  const [sharedAt, ownAt] = blocks.map((block) => (block === 0 ? 0 : block + GUARD));
  const work = { phase: 0, shared: sharedAt, own: ownAt };
  for (; work.phase < (kernel.phases ?? 1); work.phase++) {
    for (const [begin, end] of ranges(kernel.pieces(args, work.phase))) {
      if (own > 0) heap.views.u8.fill(0xff, work.own, work.own + own);
      kernel.run(heap.views, args, begin, end, work);
    }
  }
  if (around.some((guard) => guard.some((byte) => byte !== CANARY))) throw new Error(`${kernelName(kernel, args)}: it wrote outside of a workspace`);
  for (const block of blocks) if (block) heap.free(block);
}

/** Above so many pieces the check below, which scans all outputs once for each, would take long. */
const MANY = 64;

/** Throws when two pieces write the same bytes. Of kernels with phases only the outcome can be judged. */
function checkDisjoint(op: OpName, kernel: Kernel, args: Args, outputs: readonly Guarded[]): void {
  const pieces = kernel.pieces(args, 0);
  if (pieces > MANY || (kernel.phases ?? 1) > 1) return;
  const written = outputs.map(({ bytes }) => new Uint8Array(bytes.length));
  for (let piece = 0; piece < pieces; piece++) {
    for (const { bytes } of outputs) bytes.fill(0x55);
    execute(kernel, args, () => [[piece, piece + 1]]);
    outputs.forEach(({ arg, bytes }, i) => {
      for (let b = 0; b < bytes.length; b++) {
        if (bytes[b] === 0x55 || written[i][b]++ === 0) continue;
        throw new Error(`${op}: byte ${b} of argument ${arg} is written by piece ${piece} and by another`);
      }
    });
  }
}

/**
 * The outputs of a kernel, in the order of its arguments.
 * Runs it over all pieces at once and again over shuffled ranges, with other garbage in the outputs, and demands the same bits,
 * unchanged inputs and unchanged surroundings.
 */
export function call(table: KernelTable, op: OpName, dtype: DType, ...operands: Operand[]): TypedArray[] {
  const kernel = table[op]?.[dtype] as Kernel | undefined;
  if (!kernel) throw new Error(`${op}: the table has no kernel for ${dtype}`);
  const { args, buffers } = lay(op, dtype, operands);
  const outputs = buffers.filter(({ operand }) => isOutput(operand));
  const prepare = (garbage: number): void => {
    for (const { operand, bytes, ptr } of outputs) {
      bytes.fill(garbage);
      const initial = (operand as Output).initial;
      if (initial) heap.write(ptr, initial);
    }
  };

  // 0xff in every byte is NaN in the floats.
  prepare(0xff);
  execute(kernel, args, (count) => (count > 0 ? [[0, count]] : []));
  const first = outputs.map(({ ptr, dtype: type, operand }) => heap.read(ptr, type, operand.length));
  checkDisjoint(op, kernel, args, outputs);
  prepare(0x55);
  execute(kernel, args, shuffledRanges);
  for (const { arg, all, bytes, operand } of buffers) {
    const guard = isOutput(operand) ? CANARY : BEYOND_INPUT;
    for (let b = 0; b < GUARD; b++) {
      if (all[b] === guard && all[GUARD + bytes.length + b] === guard) continue;
      throw new Error(`${op}: the kernel wrote outside of argument ${arg}`);
    }
    if (isOutput(operand)) continue;
    const original = new Uint8Array(operand.buffer, operand.byteOffset, operand.byteLength);
    if (bytes.some((byte, b) => byte !== original[b])) throw new Error(`${op}: the kernel changed its input, argument ${arg}`);
  }
  outputs.forEach(({ arg, bytes }, i) => {
    const before = new Uint8Array(first[i].buffer);
    for (let b = 0; b < bytes.length; b++) {
      if (bytes[b] !== before[b]) throw new Error(`${op}: byte ${b} of argument ${arg} is not written, or depends on how pieces are run`);
    }
  });
  for (const { block } of buffers) heap.free(block);
  return first;
}

/** 0 … n − 1. */
export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/**
 * Where two arrays first differ, in words, or null. With a tolerance, elements may differ by so much, relative above 1 and absolute
 * below; without, they are held together by ===. NaN equals NaN.
 */
export function difference(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 0): string | null {
  if (found.length !== wanted.length) return `${found.length} elements but ${wanted.length} are right`;
  for (let i = 0; i < wanted.length; i++) {
    if (found[i] === wanted[i] || (Number.isNaN(found[i]) && Number.isNaN(wanted[i]))) continue;
    const distance = Math.abs(found[i] - wanted[i]) / Math.max(1, Math.abs(wanted[i]));
    if (!(distance <= tolerance)) return `[${i}] is ${found[i]} but ${wanted[i]} is right`;
  }
  return null;
}
