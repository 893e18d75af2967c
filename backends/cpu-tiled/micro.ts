/**
 * The micro-kernel: multiplies the packed panels into the tile. Not the packing (pack.ts, slab.ts), nor the way of the
 * tile into an output (each kernel's own).
 */
import { MR, NR, panels } from './panels.js';

const A0 = panels.a0;
const A1 = panels.a1;
const B0 = panels.b0;
const B1 = panels.b1;
const B2 = panels.b2;
const T = panels.tile;

/**
 * T[i, j] = Σ over k of A[i, k] · B[k, j], or T[i, j] += that sum when `accumulate`; T has rows of `nPanels · NR`.
 * Rows and columns that pad the last panels get values of no meaning; the caller leaves them out.
 */
export function multiply(mPanels: number, nPanels: number, kc: number, accumulate: boolean): void {
  const row = Math.imul(nPanels, NR);
  for (let q = 0; q < nPanels; q++) {
    for (let p = 0; p < mPanels; p++) {
      const t = Math.imul(Math.imul(p, MR), row) + Math.imul(q, NR) | 0;
      tile(Math.imul(p, kc), Math.imul(q, kc), kc, t, t + row | 0, accumulate);
    }
  }
}

/** One 2×3 tile. The accumulators are named one by one because V8 keeps only locals in registers. */
function tile(a: number, b: number, kc: number, t: number, u: number, accumulate: boolean): void {
  let c00 = 0, c01 = 0, c02 = 0, c10 = 0, c11 = 0, c12 = 0;
  if (accumulate) {
    c00 = T[t]; c01 = T[t + 1 | 0]; c02 = T[t + 2 | 0];
    c10 = T[u]; c11 = T[u + 1 | 0]; c12 = T[u + 2 | 0];
  }
  const end = a + kc | 0;
  while (a < end) {
    const b0 = B0[b], b1 = B1[b], b2 = B2[b];
    const a0 = A0[a], a1 = A1[a];
    c00 += a0 * b0; c01 += a0 * b1; c02 += a0 * b2;
    c10 += a1 * b0; c11 += a1 * b1; c12 += a1 * b2;
    a = a + 1 | 0;
    b = b + 1 | 0;
  }
  T[t] = c00; T[t + 1 | 0] = c01; T[t + 2 | 0] = c02;
  T[u] = c10; T[u + 1 | 0] = c11; T[u + 2 | 0] = c12;
}
