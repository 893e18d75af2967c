/**
 * Matrix multiplication, blocked for registers and caches after Goto and van de Geijn 2008, "Anatomy of high-performance matrix
 * multiplication". Phase 0 packs B for all threads; a piece of phase 1 packs its rows of A and multiplies.
 *
 * Pieces: batch × column block; then batch × row block × column block, whose neighbours share rows of A.
 */
import type { Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { PIECES, partOf, roundUp } from './cut.js';
import { f32, nameOf, type Wasm } from './wasm.js';

/** Columns of a panel of B. */
const COLUMNS = 8;
/** Longest run of k: panels of A (24 KiB) and of B (32 KiB) stay in the first two caches. */
const KC = 1024;
/** Most rows of a piece: with KC they stay in the second-level cache while B's panels pass. */
const MC = 96;
/** Most columns of a piece. */
const NC = 768;
/** Multiplications that a piece should have at least. */
const LEAST = 65536;
/** Bytes of a tile kept aside (TILE of assembly/gemm.ts). */
const TILE = 384;

interface Plan {
  readonly rows: number;
  readonly columns: number;
  /** Most rows of a block. */
  readonly mc: number;
  readonly nc: number;
  /** Floats of a packed matrix B. */
  readonly packedB: number;
  /** Matrices B that differ. */
  readonly matrices: number;
}

export const gemm = (wasm: Wasm): KernelTable => ({ matmul: f32(matmul(wasm)) });

function matmul(wasm: Wasm): Kernel<OpArgs['matmul']> {
  const { gemmRows, gemmPackRows, gemmPackColumns, gemmBlock } = wasm.functions;
  const ROWS = gemmRows();

  const plan = memoize(([batch, m, n, k, bBatch]: readonly number[]): Plan => {
    const enough = Math.max(1, Math.min(PIECES, Math.floor((batch * m * n * k) / LEAST)));
    const most = Math.ceil(m / (2 * ROWS));
    let columns = Math.ceil(n / NC);
    const rows = Math.min(Math.max(Math.ceil(m / MC), Math.min(most, Math.ceil(enough / (batch * columns)))), Math.ceil(m / ROWS));
    columns = Math.max(columns, Math.min(Math.ceil(n / (8 * COLUMNS)), Math.ceil(enough / (batch * rows))));
    return {
      rows, columns, mc: Math.min(m, Math.ceil(m / rows) + ROWS), nc: Math.min(roundUp(n, COLUMNS), roundUp(Math.ceil(n / columns), COLUMNS) + COLUMNS),
      packedB: k * roundUp(n, COLUMNS), matrices: bBatch === 0 ? 1 : batch,
    };
  });
  const planOf = (args: OpArgs['matmul']): Plan => plan([args[4], args[5], args[6], args[7], args[11]]);

  return {
    name: nameOf(wasm, `gemm_${ROWS}x${COLUMNS}`),
    phases: 2,
    pieces(args, phase) {
      const [, , , , batch, m, n] = args;
      if (batch * m * n === 0) return 0;
      const { rows, columns, matrices } = planOf(args);
      return phase === 0 ? matrices * columns : batch * rows * columns;
    },
    workspace(args) {
      const [, , , , batch, m, n, k] = args;
      if (batch * m * n === 0) return {};
      const { mc, nc, packedB, matrices } = planOf(args);
      return {
        // The bias, padded to whole panels, comes first.
        shared: 4 * (roundUp(n, COLUMNS) + matrices * packedB),
        own: TILE + (k > KC ? 4 * mc * nc : 0) + 4 * mc * k,
      };
    },
    run({ f32: x }, args, begin, end, work) {
      const [a, b, bias, y, , m, n, k, aBatch, aRow, aCol, bBatch, bRow, bCol] = args;
      const { rows, columns, mc, nc, packedB } = planOf(args);
      const first = work.shared;
      const panels = first + 4 * roundUp(n, COLUMNS);
      if (work.phase === 0) {
        for (let piece = begin; piece < end; piece++) {
          const column = piece % columns;
          const index = (piece - column) / columns;
          const [j0, j1] = partOf(n, columns, column, COLUMNS);
          gemmPackColumns(b + 4 * (index * bBatch + j0 * bCol), 4 * bRow, 4 * bCol, k, j1 - j0, panels + 4 * (index * packedB + j0 * k));
          if (index > 0) continue;
          const to = first >>> 2;
          const stop = column === columns - 1 ? roundUp(n, COLUMNS) : j1;
          if (bias === 0) x.fill(0, to + j0, to + stop);
          else for (let j = j0; j < stop; j++) x[to + j] = j < n ? x[(bias >>> 2) + j] : 0;
        }
        return;
      }
      const packed = work.own + TILE + (k > KC ? 4 * mc * nc : 0);
      let last = -1;
      for (let piece = begin; piece < end; piece++) {
        const column = piece % columns;
        const stripe = (piece - column) / columns;
        const row = stripe % rows;
        const index = (stripe - row) / rows;
        const [i0, i1] = partOf(m, rows, row, i0Unit(m, rows));
        const [j0, j1] = partOf(n, columns, column, COLUMNS);
        if (stripe !== last) gemmPackRows(a + 4 * (index * aBatch + i0 * aRow), 4 * aRow, 4 * aCol, i1 - i0, k, packed);
        last = stripe;
        gemmBlock(
          packed, panels + 4 * ((bBatch === 0 ? 0 : index * packedB) + j0 * k), first + 4 * j0,
          y + 4 * ((index * m + i0) * n + j0), 4 * n, i1 - i0, j1 - j0, k, KC, work.own,
        );
      }
    },
  };

  /** Row blocks are whole panels where there are enough rows for it. */
  function i0Unit(m: number, rows: number): number {
    return m >= rows * 2 * ROWS ? ROWS : 1;
  }
}
