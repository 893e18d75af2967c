/**
 * Elementwise kernels of the training path: each has a loop of its own, since a shared loop that calls a function per element
 * turns megamorphic and then costs a call (cpu-naive's takes 6 to 10 times as long).
 */
import type { Kernel, OpArgs } from '../../src/backend/index.js';
import { eachRun, elements, elementwise, strided } from './loops.js';

type UnaryRun = (v: Float32Array, x: number, y: number, n: number) => void;
type GradRun = (v: Float32Array, s: number, g: number, gx: number, n: number) => void;

const unary = (op: string, loop: UnaryRun): Kernel<OpArgs['neg']> =>
  elementwise(`f32_${op}__js`, (args) => args[2], ({ f32 }, [x, y], first, end) => loop(f32, (x >>> 2) + first, (y >>> 2) + first, end - first));

const grad = (op: string, loop: GradRun): Kernel<OpArgs['reluGrad']> =>
  elementwise(`f32_${op}__js`, (args) => args[3], ({ f32 }, [s, g, gx], first, end) => {
    loop(f32, (s >>> 2) + first, (g >>> 2) + first, (gx >>> 2) + first, end - first);
  });

export const neg = unary('neg', (v, x, y, n) => { for (let i = 0; i < n; i++) v[y + i] = -v[x + i]; });
export const square = unary('square', (v, x, y, n) => {
  for (let i = 0; i < n; i++) {
    const a = v[x + i];
    v[y + i] = a * a;
  }
});
export const sqrt = unary('sqrt', (v, x, y, n) => { for (let i = 0; i < n; i++) v[y + i] = Math.sqrt(v[x + i]); });
export const exp = unary('exp', (v, x, y, n) => { for (let i = 0; i < n; i++) v[y + i] = Math.exp(v[x + i]); });
export const tanh = unary('tanh', (v, x, y, n) => { for (let i = 0; i < n; i++) v[y + i] = Math.tanh(v[x + i]); });
/** Only ever takes exp of what is not positive, so nothing overflows on the way. */
export const sigmoid = unary('sigmoid', (v, x, y, n) => {
  for (let i = 0; i < n; i++) {
    const a = v[x + i];
    const e = Math.exp(a > 0 ? -a : a);
    v[y + i] = (a >= 0 ? 1 : e) / (1 + e);
  }
});

/** Bits of infinity, the largest pattern that is no NaN once the sign is gone. */
const INFINITY_BITS = 0x7f800000;

/**
 * ReLU on the bits of floats: signs are unpredictable, and a branch on them took three times as long. What is negative becomes 0;
 * NaN passes, with either sign (x86 makes negative ones).
 */
export const relu: Kernel<OpArgs['relu']> = elementwise('f32_relu_bits__js', (args) => args[2], ({ i32 }, [x, y], first, end) => {
  const [from, to] = [x >>> 2, y >>> 2];
  for (let i = first; i < end; i++) {
    const bits = i32[from + i];
    const negativeIfNaN = INFINITY_BITS - (bits & 0x7fffffff);
    i32[to + i] = bits & ((~bits | negativeIfNaN) >> 31);
  }
});

/** g where the saved output is above 0 or NaN, else 0. */
export const reluGrad: Kernel<OpArgs['reluGrad']> = elementwise('f32_reluGrad_bits__js', (args) => args[3], ({ i32 }, [s, g, gx], first, end) => {
  const [s0, g0, gx0] = [s >>> 2, g >>> 2, gx >>> 2];
  for (let i = first; i < end; i++) {
    const bits = i32[s0 + i];
    const negativeIfNaN = INFINITY_BITS - (bits & 0x7fffffff);
    // ~bits & -bits is negative for what is above 0 only: not for 0, nor for the pattern of -0.
    i32[gx0 + i] = i32[g0 + i] & (((~bits & (0 - bits)) | negativeIfNaN) >> 31);
  }
});

export const tanhGrad = grad('tanhGrad', (v, s, g, gx, n) => {
  for (let i = 0; i < n; i++) {
    const a = v[s + i];
    v[gx + i] = v[g + i] * (1 - a * a);
  }
});
export const sigmoidGrad = grad('sigmoidGrad', (v, s, g, gx, n) => {
  for (let i = 0; i < n; i++) {
    const a = v[s + i];
    v[gx + i] = v[g + i] * a * (1 - a);
  }
});

/** y[i] = a[i·as] ∘ b[i·bs]; the offsets are those of the first elements. */
type BothRun = (v: Float32Array, a: number, as: number, b: number, bs: number, y: number, n: number) => void;
/** y[i] = x[i·xs] ∘ c, or c ∘ x[i·xs]. */
type ScalarRun = (v: Float32Array, x: number, xs: number, c: number, y: number, n: number) => void;

/** A run with an operand of stride 0 (a channel's or a row's value) is one with a scalar, which is then loaded once. */
function binary(op: string, both: BothRun, right: ScalarRun, left: ScalarRun): Kernel<OpArgs['add']> {
  return elementwise(`f32_${op}__js`, (args) => elements(args, 4), ({ f32 }, args, first, end) => {
    const [a, b, y] = args;
    const scalar = Math.fround(args[3]);
    const [a0, b0, y0] = [a >>> 2, b >>> 2, y >>> 2];
    const shape = strided(args, 4);
    const [as, bs] = [shape.a[shape.shape.length - 1], shape.b[shape.shape.length - 1]];
    eachRun(shape, first, end, (element, aAt, bAt, count) => {
      if (a === 0) left(f32, b0 + bAt, bs, scalar, y0 + element, count);
      else if (b === 0) right(f32, a0 + aAt, as, scalar, y0 + element, count);
      else if (bs === 0) right(f32, a0 + aAt, as, f32[b0 + bAt], y0 + element, count);
      else if (as === 0) left(f32, b0 + bAt, bs, f32[a0 + aAt], y0 + element, count);
      else both(f32, a0 + aAt, as, b0 + bAt, bs, y0 + element, count);
    });
  });
}

export const add = binary('add',
  (v, a, as, b, bs, y, n) => { for (let i = 0; i < n; i++, a += as, b += bs) v[y + i] = v[a] + v[b]; },
  (v, x, xs, c, y, n) => { for (let i = 0; i < n; i++, x += xs) v[y + i] = v[x] + c; },
  (v, x, xs, c, y, n) => { for (let i = 0; i < n; i++, x += xs) v[y + i] = c + v[x]; });
export const sub = binary('sub',
  (v, a, as, b, bs, y, n) => { for (let i = 0; i < n; i++, a += as, b += bs) v[y + i] = v[a] - v[b]; },
  (v, x, xs, c, y, n) => { for (let i = 0; i < n; i++, x += xs) v[y + i] = v[x] - c; },
  (v, x, xs, c, y, n) => { for (let i = 0; i < n; i++, x += xs) v[y + i] = c - v[x]; });
export const mul = binary('mul',
  (v, a, as, b, bs, y, n) => { for (let i = 0; i < n; i++, a += as, b += bs) v[y + i] = v[a] * v[b]; },
  (v, x, xs, c, y, n) => { for (let i = 0; i < n; i++, x += xs) v[y + i] = v[x] * c; },
  (v, x, xs, c, y, n) => { for (let i = 0; i < n; i++, x += xs) v[y + i] = c * v[x]; });
export const div = binary('div',
  (v, a, as, b, bs, y, n) => { for (let i = 0; i < n; i++, a += as, b += bs) v[y + i] = v[a] / v[b]; },
  (v, x, xs, c, y, n) => { for (let i = 0; i < n; i++, x += xs) v[y + i] = v[x] / c; },
  (v, x, xs, c, y, n) => { for (let i = 0; i < n; i++, x += xs) v[y + i] = c / v[x]; });
