/**
 * Softmax and its logarithm along n of [outer, n, inner], and their gradients. The largest element is subtracted first, so exp
 * never overflows; a row of nothing but -Infinity gives NaN, as in PyTorch.
 */
import type { Kernel, OpArgs, TypedArray } from '../../src/backend/index.js';
import { grouped, type Store } from './loops.js';

/** Visits rows first … end − 1 of [outer, n, inner] with the number of their first element, from which on they step by `inner`. */
function rows(n: number, inner: number, first: number, end: number, visit: (element: number) => void): void {
  for (let row = first; row < end; row++) {
    const o = Math.floor(row / inner);
    visit(o * n * inner + (row - o * inner));
  }
}

/** The largest element of a row and Σ exp(x − largest). */
function largestAndSum(view: TypedArray, at: number, n: number, step: number): [largest: number, sum: number] {
  let largest = -Infinity;
  for (let j = 0; j < n; j++) largest = Math.max(largest, view[at + j * step]);
  let sum = 0;
  for (let j = 0; j < n; j++) sum += Math.exp(view[at + j * step] - largest);
  return [largest, sum];
}

type Row = (view: TypedArray, xAt: number, yAt: number, n: number, step: number) => void;

const overRows = (of: Store, row: Row): Kernel<OpArgs['softmax']> =>
  grouped(([, , outer, , inner]) => outer * inner, (args) => args[3], (heap, [x, y, , n, inner], first, end) => {
    const view = of.view(heap);
    rows(n, inner, first, end, (element) => row(view, (x >>> of.log2) + element, (y >>> of.log2) + element, n, inner));
  });

export const softmax = (of: Store): Kernel<OpArgs['softmax']> => overRows(of, (view, xAt, yAt, n, step) => {
  const [largest, sum] = largestAndSum(view, xAt, n, step);
  for (let j = 0; j < n; j++) view[yAt + j * step] = Math.exp(view[xAt + j * step] - largest) / sum;
});

export const logSoftmax = (of: Store): Kernel<OpArgs['logSoftmax']> => overRows(of, (view, xAt, yAt, n, step) => {
  const [largest, sum] = largestAndSum(view, xAt, n, step);
  const logSum = Math.log(sum);
  for (let j = 0; j < n; j++) view[yAt + j * step] = view[xAt + j * step] - largest - logSum;
});

type RowGrad = (view: TypedArray, yAt: number, gyAt: number, gxAt: number, n: number, step: number) => void;

const overRowGrads = (of: Store, row: RowGrad): Kernel<OpArgs['softmaxGrad']> =>
  grouped(([, , , outer, , inner]) => outer * inner, (args) => args[4], (heap, [y, gy, gx, , n, inner], first, end) => {
    const view = of.view(heap);
    rows(n, inner, first, end, (element) => {
      row(view, (y >>> of.log2) + element, (gy >>> of.log2) + element, (gx >>> of.log2) + element, n, inner);
    });
  });

/** gx = y · (gy − Σ y·gy), with y the softmax. */
export const softmaxGrad = (of: Store): Kernel<OpArgs['softmaxGrad']> => overRowGrads(of, (view, yAt, gyAt, gxAt, n, step) => {
  let dot = 0;
  for (let j = 0; j < n; j++) dot += view[yAt + j * step] * view[gyAt + j * step];
  for (let j = 0; j < n; j++) view[gxAt + j * step] = view[yAt + j * step] * (view[gyAt + j * step] - dot);
});

/** gx = gy − exp(y) · Σ gy, with y the logarithm of the softmax. */
export const logSoftmaxGrad = (of: Store): Kernel<OpArgs['logSoftmaxGrad']> => overRowGrads(of, (view, yAt, gyAt, gxAt, n, step) => {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += view[gyAt + j * step];
  for (let j = 0; j < n; j++) view[gxAt + j * step] = view[gyAt + j * step] - Math.exp(view[yAt + j * step]) * sum;
});
