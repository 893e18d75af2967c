/**
 * y = f(x) and y = f(a, b) for every unary and binary op, and the gradients of the fused activations: first the three loops,
 * then tables of functions from numbers to numbers.
 */
import type { Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { erf } from './erf.js';
import { BOOL, I32, elementwise, elements, every, floats, runs, type Store } from './loops.js';

type UnaryFunction = (x: number, p0: number, p1: number) => number;
type BinaryFunction = (a: number, b: number) => number;
/** From the saved input or output `s`, the arriving gradient and the op's parameter. */
type GradFunction = (s: number, g: number, p0: number) => number;

const unary = (f: UnaryFunction) => (of: Store): Kernel<OpArgs['neg']> =>
  elementwise((args) => args[2], (heap, [x, y, , p0, p1], first, end) => {
    const view = of.view(heap);
    for (let i = first; i < end; i++) view[(y >>> of.log2) + i] = f(view[(x >>> of.log2) + i], p0, p1);
  });

/** A scalar operand is rounded to the dtype first: `x == 0.1` is true where a float32 x holds the float32 nearest to 0.1. */
const binary = (f: BinaryFunction, result?: Store) => (of: Store): Kernel<OpArgs['add']> =>
  elementwise((args) => elements(args, 4), (heap, args, first, end) => {
    const [a, b, y] = args;
    const scalar = of.round(args[3]);
    const to = result ?? of;
    const view = of.view(heap);
    const into = to.view(heap);
    const aBase = a >>> of.log2;
    const bBase = b >>> of.log2;
    const yBase = y >>> to.log2;
    runs(args, 4, first, end, (element, count, aFirst, bFirst, aStep, bStep) => {
      for (let i = 0, ai = aBase + aFirst, bi = bBase + bFirst; i < count; i++, ai += aStep, bi += bStep) {
        into[yBase + element + i] = f(a === 0 ? scalar : view[ai], b === 0 ? scalar : view[bi]);
      }
    });
  });

const unaryGrad = (f: GradFunction) => (of: Store): Kernel<OpArgs['reluGrad']> =>
  elementwise((args) => args[3], (heap, [s, g, gx, , p0], first, end) => {
    const view = of.view(heap);
    for (let i = first; i < end; i++) view[(gx >>> of.log2) + i] = f(view[(s >>> of.log2) + i], view[(g >>> of.log2) + i], p0);
  });

/** Halves go to the even neighbour; -0 stays. */
function roundHalfEven(x: number): number {
  const up = Math.round(x);
  return Math.abs(x % 1) === 0.5 && up % 2 !== 0 ? up - 1 : up;
}

/** Only ever takes exp of what is not positive, so nothing overflows on the way. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

const float = (f: UnaryFunction) => floats(unary(f));
/** All int32 arithmetic is modulo 2³², which storing does by itself as long as a double holds the result: not so for products. */
const signed = (f: UnaryFunction, int = f) => ({ ...float(f), int32: unary(int)(I32) });
const arithmetic = (f: BinaryFunction, int = f) => ({ ...floats(binary(f)), int32: binary(int)(I32) });
const comparison = (holds: (a: number, b: number) => boolean) => every(binary((a, b) => Number(holds(a, b)), BOOL));
const gradient = (f: GradFunction) => floats(unaryGrad(f));

export const unaryKernels = {
  neg: signed((x) => -x),
  abs: signed(Math.abs),
  sign: signed((x) => Number(x > 0) - Number(x < 0)),
  exp: float(Math.exp),
  log: float(Math.log),
  sqrt: float(Math.sqrt),
  sin: float(Math.sin),
  cos: float(Math.cos),
  erf: float(erf),
  round: float(roundHalfEven),
  square: signed((x) => x * x, (x) => Math.imul(x, x)),
  reciprocal: float((x) => 1 / x),
  tanh: float(Math.tanh),
  sigmoid: float(sigmoid),
  // Written so that NaN, for which every comparison is false, passes through.
  relu: signed((x) => (x <= 0 ? 0 : x)),
  leakyRelu: float((x, slope) => (x > 0 ? x : x * slope)),
  softplus: float((x, beta, threshold) => (x * beta > threshold ? x : Math.log1p(Math.exp(x * beta)) / beta)),
  clamp: signed((x, lower, upper) => Math.min(Math.max(x, lower), upper)),
} satisfies KernelTable;

/** As C and IEEE 754 have it: 1 to any power, and ±1 to an infinite one, is 1, which JavaScript makes NaN. */
const power = (a: number, b: number): number => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b);

export const binaryKernels = {
  add: arithmetic((a, b) => a + b),
  sub: arithmetic((a, b) => a - b),
  mul: arithmetic((a, b) => a * b, Math.imul),
  div: floats(binary((a, b) => a / b)),
  pow: floats(binary(power)),
  // Math.max and Math.min are NaN when either operand is.
  maximum: arithmetic((a, b) => Math.max(a, b)),
  minimum: arithmetic((a, b) => Math.min(a, b)),
  eq: comparison((a, b) => a === b),
  ne: comparison((a, b) => a !== b),
  lt: comparison((a, b) => a < b),
  le: comparison((a, b) => a <= b),
  gt: comparison((a, b) => a > b),
  ge: comparison((a, b) => a >= b),
} satisfies KernelTable;

/** `s` is the saved output, but for leakyRelu the saved input: with a slope of 0 or less its output no longer tells the side. */
export const gradientKernels = {
  reluGrad: gradient((y, g) => (y <= 0 ? 0 : g)),
  leakyReluGrad: gradient((x, g, slope) => (x > 0 ? g : g * slope)),
  tanhGrad: gradient((y, g) => g * (1 - y * y)),
  sigmoidGrad: gradient((y, g) => g * y * (1 - y)),
} satisfies KernelTable;
