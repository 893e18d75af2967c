/**
 * Matrix multiplication, blocked for registers (micro.ts) and caches (panels.ts) after Goto and van de Geijn 2008,
 * "Anatomy of high-performance matrix multiplication". Every element of C is the double-precision sum over k in one fixed
 * order, rounded once.
 *
 * Pieces: batch × row blocks × column blocks; neighbours in that order share rows of A or columns of B, which are then packed once.
 */
import type { HeapViews, Kernel, OpArgs } from '../../src/backend/index.js';
import { KC, MC, MR, NC, NR, PLANE, panels } from './panels.js';
import { multiply } from './micro.js';
import { packA, packB } from './pack.js';

const T = panels.tile;

/** `size` in as few parts of at most `limit` as possible, of nearly equal length and multiples of `unit` but for the last. */
export function split(size: number, limit: number, unit: number): { parts: number; length: number } {
  const wanted = Math.max(1, Math.ceil(size / limit));
  const length = Math.min(limit, Math.ceil(Math.ceil(size / wanted) / unit) * unit);
  return { parts: Math.ceil(size / length), length };
}

/** Below this, row blocks are made smaller: a tall, narrow product still occupies eight threads. */
const PIECES = 16;
/** Smallest row block for that purpose: with a longer k than KC, B's panels are packed again for each. */
const MC_LEAST = 8;

/** How a product is cut; depends on the shape alone. */
export function gemmBlocks(batch: number, m: number, n: number): { rows: number; mc: number; columns: number; nc: number } {
  const { parts: columns, length: nc } = split(n, NC, NR);
  const wantedRows = Math.ceil(PIECES / Math.max(1, batch * columns));
  const limit = Math.min(MC, Math.max(MC_LEAST, Math.ceil(m / wantedRows / MR) * MR));
  const { parts: rows, length: mc } = split(m, limit, MR);
  return { rows, mc, columns, nc };
}

export const matmul: Kernel<OpArgs['matmul']> = {
  name: 'f32_gemm_2x3__js',
  pieces([, , , , batch, m, n]) {
    if (batch * m * n === 0) return 0;
    const { rows, columns } = gemmBlocks(batch, m, n);
    return batch * rows * columns;
  },
  run(heap, [a, b, bias, y, batch, m, n, k, aBatch, aRow, aCol, bBatch, bRow, bCol], begin, end) {
    const x = heap.f32;
    const { rows, mc, columns, nc } = gemmBlocks(batch, m, n);
    // A block of few rows and columns has room for a longer k, so that operands packed once serve the pieces after.
    const { parts: blocks, length: kc } = split(k, Math.max(KC, Math.floor(PLANE / Math.max(Math.ceil(mc / MR), Math.ceil(nc / NR)))), 1);
    let [packedA, packedB] = [-1, -1];
    for (let piece = begin; piece < end; piece++) {
      const column = piece % columns;
      const stripe = (piece - column) / columns;
      const index = Math.floor(stripe / rows);
      const i0 = (stripe % rows) * mc;
      const j0 = column * nc;
      const height = Math.min(mc, m - i0);
      const width = Math.min(nc, n - j0);
      const mPanels = Math.ceil(height / MR);
      const nPanels = Math.ceil(width / NR);
      const aAt = (a >>> 2) + index * aBatch + i0 * aRow;
      const bAt = (b >>> 2) + index * bBatch + j0 * bCol;
      // With k = 0 the one empty block clears the tile.
      for (let block = 0; block === 0 || block < blocks; block++) {
        const k0 = block * kc;
        const count = Math.min(kc, k - k0);
        if (packedA !== stripe || blocks > 1) packA(x, aAt + k0 * aCol, aRow, aCol, height, count);
        if (packedB !== index * columns + column || blocks > 1) packB(x, bAt + k0 * bRow, bRow, bCol, count, width);
        [packedA, packedB] = [stripe, index * columns + column];
        multiply(mPanels, nPanels, count, block > 0);
      }
      store(heap, bias, j0, (y >>> 2) + (index * m + i0) * n + j0, n, height, width, nPanels * NR);
    }
  },
};

/** Rounds the tile into C, with the bias of its columns. */
function store({ f32 }: HeapViews, bias: number, j0: number, at: number, ldc: number, height: number, width: number, row: number): void {
  for (let i = 0; i < height; i++) {
    const t = i * row;
    const c = at + i * ldc;
    if (bias !== 0) {
      const s = (bias >>> 2) + j0;
      for (let j = 0; j < width; j++) f32[c + j] = T[t + j] + f32[s + j];
    } else {
      for (let j = 0; j < width; j++) f32[c + j] = T[t + j];
    }
  }
}
