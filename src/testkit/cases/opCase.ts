/**
 * What a case of the op table is, and the words in which tables describe one: slots for buffers, fillings for their elements.
 * A case is data: lengths and dtypes of its buffers follow from OPS[op].buffers.
 */
import { isFloat, OPS, typedArray, type Args, type BufferUse, type DType, type OpName, type TypedArray } from '../../backend/index.js';

/** Value of element `index` of a buffer; `random` gives numbers on [0, 1), always the same ones for the same case. */
export type Fill = (index: number, random: () => number) => number;

/** A place in an argument list where a pointer goes. */
export interface Slot {
  readonly kind: 'input' | 'output';
  /** An output's filling is what lies there before, for ops that write only part of it; null for garbage. */
  readonly fill: Fill | null;
}

/** Allowed distance: rtol of the value plus atol of the output's root mean square. Null demands ===. */
export type Tolerance = { readonly rtol: number; readonly atol: number } | null;

export interface OpCase {
  readonly op: OpName;
  /** Dtype of the op's first operand, by which kernels are chosen. */
  readonly dtype: DType;
  /** Unique: op, dtype and what is peculiar. */
  readonly name: string;
  /** The op's arguments, with slots for its buffers. An absent buffer is 0. */
  readonly args: readonly (number | Slot)[];
  /** Small integers, whose results are exact in any order of summation, or other numbers. */
  readonly inputs: 'exact' | 'random';
  readonly tolerance: Tolerance;
  /** Floating-point operations (elements, for ops that only move them): what a benchmark divides by its time. */
  readonly flops: number;
}

export const input = (fill: Fill): Slot => ({ kind: 'input', fill });
export const output = (initial: Fill | null = null): Slot => ({ kind: 'output', fill: initial });

/** Whole numbers from −4 to 4: products and sums of a million of them are exact in every dtype. */
export const ints: Fill = (_i, random) => Math.floor(random() * 9) - 4;
/** The same from `low` to `high`. */
export const intsBetween = (low: number, high: number): Fill => (_i, random) => low + Math.floor(random() * (high - low + 1));
export const between = (low: number, high: number): Fill => (_i, random) => low + (high - low) * random();
export const floats = between(-2, 2);
/** One after the other, from the beginning again. */
export const cycle = (...values: readonly number[]): Fill => (i) => values[i % values.length];
export const oneOf = (...values: readonly number[]): Fill => (_i, random) => values[Math.floor(random() * values.length)];
export const mask: Fill = (_i, random) => (random() < 0.4 ? 1 : 0);

/** One rounding or two of a function of single elements. */
export const CLOSE: Record<'float32' | 'float64', Tolerance> = { float32: { rtol: 4e-6, atol: 1e-7 }, float64: { rtol: 1e-12, atol: 1e-14 } };
/** Sums whose order is free. */
export const SUMS: Record<'float32' | 'float64', Tolerance> = { float32: { rtol: 2e-5, atol: 2e-5 }, float64: { rtol: 1e-11, atol: 1e-11 } };

export const FLOATS = ['float32', 'float64'] as const;

interface Given {
  args: readonly (number | Slot)[];
  /** Default 'exact'. */
  inputs?: 'exact' | 'random';
  /** Default null. */
  tolerance?: Tolerance;
  flops: number;
}

export const opCase = (op: OpName, dtype: DType, name: string, { args, inputs = 'exact', tolerance = null, flops }: Given): OpCase =>
  ({ op, dtype, name: `${op} ${dtype} ${name}`, args, inputs, tolerance: dtype === 'int32' || dtype === 'bool' ? null : tolerance, flops });

/** Exact and random inputs of one op and argument list, for both float dtypes. `args` gets the filling of inputs. */
export function exactAndRandom(op: OpName, name: string, args: (fill: Fill) => (number | Slot)[], flops: number): OpCase[] {
  return FLOATS.flatMap((dtype) => [
    opCase(op, dtype, `${name}, whole numbers`, { args: args(ints), flops }),
    opCase(op, dtype, name, { args: args(floats), inputs: 'random', tolerance: SUMS[dtype], flops }),
  ]);
}

/** Buffers of a case by their arguments. */
export function buffersOf({ op, dtype, args, name }: OpCase): BufferUse[] {
  const placed = placeholders(args);
  const uses = OPS[op].buffers(placed, dtype);
  for (const { arg, write } of uses) {
    const slot = args[arg];
    if (typeof slot !== 'object' || (slot.kind === 'output') !== write) throw new Error(`${name}: argument ${arg} is ${write ? 'written' : 'read'} according to OPS but the case says otherwise`);
  }
  return uses;
}

/** The arguments with 1 for every pointer. */
export const placeholders = (args: OpCase['args']): Args => args.map((arg) => (typeof arg === 'number' ? arg : 1));

/** The elements that an input holds, or an output before the op runs; null for garbage. The same at every call. */
export function elementsOf({ name, args }: OpCase, { arg, elems, dtype }: BufferUse): TypedArray | null {
  const { fill } = args[arg] as Slot;
  if (fill === null) return null;
  const values = typedArray(dtype, elems);
  const random = generator(`${name} ${arg}`);
  for (let i = 0; i < elems; i++) {
    const value = fill(i, random);
    values[i] = isFloat(dtype) ? value : Math.trunc(value);
  }
  return values;
}

/** Numbers on [0, 1) from a text: a linear congruential generator, good enough for test data and far quicker than Philox. */
function generator(text: string): () => number {
  let state = 2166136261;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 16777619);
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 16777216;
  };
}
