/**
 * Softmax and its logarithm along n of [outer, n, inner], and their gradients. The largest element is subtracted first, so exp
 * never overflows; a row of nothing but -Infinity gives NaN, as in PyTorch.
 */
import type { HeapViews, Kernel, OpArgs } from '../../src/backend/index.js';
import { grouped } from './loops.js';

type RowBody = (heap: HeapViews, x: number, y: number, n: number, step: number, scratch: number) => void;

/** `kept` is 1 where a row's exponentials are kept as doubles, so that each is computed once, else 0. */
const overRows = (op: string, kept: 0 | 1, row: RowBody): Kernel<OpArgs['softmax']> => grouped(
  `f32_${op}__js`, ([, , outer, n, inner]) => (n === 0 ? 0 : outer * inner), (args) => args[3],
  (heap, [x, y, , n, inner], first, end, work) => {
    for (let r = first; r < end; r++) {
      const at = Math.floor(r / inner) * n * inner + (r % inner);
      row(heap, (x >>> 2) + at, (y >>> 2) + at, n, inner, work.own >>> 3);
    }
  }, (args) => ({ own: kept * args[3] * 8 }));

function largest(v: Float32Array, at: number, n: number, step: number): number {
  let most = -Infinity;
  for (let j = 0; j < n; j++) most = Math.max(most, v[at + j * step]);
  return most;
}

export const softmax = overRows('softmax', 1, ({ f32, f64 }, x, y, n, step, scratch) => {
  const most = largest(f32, x, n, step);
  let sum = 0;
  for (let j = 0; j < n; j++) {
    const e = Math.exp(f32[x + j * step] - most);
    f64[scratch + j] = e;
    sum += e;
  }
  for (let j = 0; j < n; j++) f32[y + j * step] = f64[scratch + j] / sum;
});

export const logSoftmax = overRows('logSoftmax', 0, ({ f32 }, x, y, n, step) => {
  const most = largest(f32, x, n, step);
  let sum = 0;
  for (let j = 0; j < n; j++) sum += Math.exp(f32[x + j * step] - most);
  const logSum = Math.log(sum);
  for (let j = 0; j < n; j++) f32[y + j * step] = f32[x + j * step] - most - logSum;
});

type GradBody = (v: Float32Array, y: number, gy: number, gx: number, n: number, step: number) => void;

const overRowGrads = (op: string, row: GradBody): Kernel<OpArgs['softmaxGrad']> => grouped(
  `f32_${op}__js`, ([, , , outer, n, inner]) => (n === 0 ? 0 : outer * inner), (args) => args[4],
  ({ f32 }, [y, gy, gx, , n, inner], first, end) => {
    for (let r = first; r < end; r++) {
      const at = Math.floor(r / inner) * n * inner + (r % inner);
      row(f32, (y >>> 2) + at, (gy >>> 2) + at, (gx >>> 2) + at, n, inner);
    }
  });

/** gx = y · (gy − Σ y·gy), with y the softmax. */
export const softmaxGrad = overRowGrads('softmaxGrad', (v, y, gy, gx, n, step) => {
  let dot = 0;
  for (let j = 0; j < n; j++) dot += v[y + j * step] * v[gy + j * step];
  for (let j = 0; j < n; j++) v[gx + j * step] = v[y + j * step] * (v[gy + j * step] - dot);
});

/** gx = gy − exp(y) · Σ gy, with y the logarithm of the softmax. */
export const logSoftmaxGrad = overRowGrads('logSoftmaxGrad', (v, y, gy, gx, n, step) => {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += v[gy + j * step];
  for (let j = 0; j < n; j++) v[gx + j * step] = v[gy + j * step] - Math.exp(v[y + j * step]) * sum;
});
