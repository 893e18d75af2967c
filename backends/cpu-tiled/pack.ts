/**
 * Copies float32 matrices of any strides into the planes (see panels.ts). Not the windows of convolutions: slab.ts.
 */
import { MR, NR, panels } from './panels.js';

const A0 = panels.a0;
const A1 = panels.a1;
const B0 = panels.b0;
const B1 = panels.b1;
const B2 = panels.b2;
const W = panels.offsetsW;

/**
 * Steps of k between turns to the next panel. When k is not the contiguous direction, neighbouring panels lie in the same
 * cache lines: eight k at a time fill a line of the plane and touch few enough lines of x to keep them.
 */
const K_STEP = 8;

/** Packs rows 0 … m − 1 and k = 0 … kc − 1 of x (first element at `at`, strides in elements) into the planes of A. */
export function packA(x: Float32Array, at: number, rowStride: number, kStride: number, m: number, kc: number): void {
  const step = kStride === 1 ? kc : K_STEP;
  for (let k0 = 0; k0 < kc; k0 += step) {
    const count = Math.min(step, kc - k0);
    for (let i = 0, q = k0; i < m; i += MR, q += kc) {
      const s0 = at + i * rowStride + k0 * kStride;
      // A row beyond the last repeats it: its results are not used, but stale values could be slow denormals.
      rowPair(x, s0, i + 1 < m ? s0 + rowStride : s0, kStride, q, count);
    }
  }
}

function rowPair(x: Float32Array, s0: number, s1: number, stride: number, q: number, count: number): void {
  const end = q + count | 0;
  while (q < end) {
    const v0 = x[s0], v1 = x[s1];
    A0[q] = v0;
    A1[q] = v1;
    s0 = s0 + stride | 0;
    s1 = s1 + stride | 0;
    q = q + 1 | 0;
  }
}

/** Packs columns 0 … n − 1 and k = 0 … kc − 1 of x into the planes of B. */
export function packB(x: Float32Array, at: number, kStride: number, columnStride: number, kc: number, n: number): void {
  const step = kStride === 1 ? kc : K_STEP;
  for (let k0 = 0; k0 < kc; k0 += step) {
    const count = Math.min(step, kc - k0);
    for (let j = 0, q = k0; j < n; j += NR, q += kc) {
      const s0 = at + j * columnStride + k0 * kStride;
      const s1 = j + 1 < n ? s0 + columnStride : s0;
      columnTriple(x, s0, s1, j + 2 < n ? s1 + columnStride : s1, kStride, q, count);
    }
  }
}

function columnTriple(x: Float32Array, s0: number, s1: number, s2: number, stride: number, q: number, count: number): void {
  const end = q + count | 0;
  while (q < end) {
    const v0 = x[s0], v1 = x[s1], v2 = x[s2];
    B0[q] = v0;
    B1[q] = v1;
    B2[q] = v2;
    s0 = s0 + stride | 0;
    s1 = s1 + stride | 0;
    s2 = s2 + stride | 0;
    q = q + 1 | 0;
  }
}

/** Packs rows 0 … m − 1 of weights into the planes of A, element k of a row from `at + row·rowStride + offsetsW[k]`. */
export function packWeights(x: Float32Array, at: number, rowStride: number, m: number, kc: number): void {
  for (let i = 0, q = 0; i < m; i += MR, q += kc) {
    const s0 = at + i * rowStride;
    weightPair(x, s0, i + 1 < m ? s0 + rowStride : s0, q, kc);
  }
}

function weightPair(x: Float32Array, s0: number, s1: number, q: number, kc: number): void {
  for (let k = 0; k < kc; k = k + 1 | 0) {
    const o = W[k];
    const v0 = x[s0 + o], v1 = x[s1 + o];
    A0[q] = v0;
    A1[q] = v1;
    q = q + 1 | 0;
  }
}
