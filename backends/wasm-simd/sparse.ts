/**
 * Table entry of assembly/sparse.ts. Lanes run along the inner axis; where there is none, along four slices side by side, which
 * are transposed into the workspace: whatever the matrix, no lane ever asks for another entry than its neighbours.
 */
import type { KernelTable, OpArgs } from '../../src/backend/index.js';
import { fn, perItem } from './loops.js';
import type { Wasm } from './wasm.js';

type Args = OpArgs['sparseMatmul'];

/** Slices that are done side by side. */
const ABREAST = 4;
const items = ([, , , , , outer, , nY, , inner]: Args): number => (inner === 1 ? Math.ceil(outer / ABREAST) : inner === 0 ? 0 : outer * nY);
const cost = ([, , , , , , nX, nY, entries, inner]: Args): number => (inner === 1 ? 2 * ABREAST * (nX + nY + entries) : 8 + inner * (1 + entries / nY));

export function sparse(wasm: Wasm): KernelTable {
  const [columns, slices] = [fn(wasm, 'f32_sparseColumns'), fn(wasm, 'f32_sparseSlices')];
  return {
    sparseMatmul: perItem<Args>(wasm, 'sparseMatmul', [{
      items, cost,
      body: ([x, rowStart, index, weight, y, outer, nX, nY, , inner], first, end, { own }) => {
        if (inner > 1) columns(x, rowStart, index, weight, y, nX, nY, inner, first, end);
        else slices(x, rowStart, index, weight, y, nX, nY, first * ABREAST, Math.min(outer, end * ABREAST), own);
      },
    }], ([, , , , , , nX, , , inner]) => (inner === 1 ? { own: 4 * ABREAST * nX } : {})),
  };
}
