/**
 * Elementwise kernels of the training path: each has a loop of its own, since a shared loop that calls a function per element
 * turns megamorphic and then costs a call (measured: 8 times the time).
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
/** NaN, for which every comparison is false, passes through. */
export const relu = unary('relu', (v, x, y, n) => {
  for (let i = 0; i < n; i++) {
    const a = v[x + i];
    v[y + i] = a <= 0 ? 0 : a;
  }
});

export const reluGrad = grad('reluGrad', (v, s, g, gx, n) => { for (let i = 0; i < n; i++) v[gx + i] = v[s + i] <= 0 ? 0 : v[g + i]; });
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
