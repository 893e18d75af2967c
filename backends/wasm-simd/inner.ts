/**
 * The products of matmul whose operands both lie along k, as a linear layer's do, where packing them would cost more than it brings:
 * tiles are inner products of rows as they lie. Knows which those are; gemm.ts makes them part of its kernel. Pieces: tiles in a row.
 */
import { memoize } from '../../src/backend/memoize.js';
import { partOf, piecesFor } from './cut.js';
import type { UnpackedProduct } from './gemv.js';
import type { Wasm } from './wasm.js';

/** Rows of either operand in a tile, and bytes of its sums: up to eight lanes. */
const ROWS = 2;
const COLUMNS = 5;
const SUMS = 4 * ROWS * COLUMNS * 8;
/** Multiplications that a piece should have at least: each lays panels of its own. */
const LEAST = 262144;
/** In multiplications of a packed tile, about: one of an inner product, the folding of its sums, and laying an element into a panel. */
const EACH = 1.05;
const FOLD = 60;
const LAY = 4;
/** Bytes of rows that stay in the first-level cache while others pass. */
const CACHE = 32768;

interface Plan {
  readonly serves: boolean;
  /** The transposed product: a is the b of the arguments, m their n. */
  readonly turned: boolean;
  readonly m: number;
  readonly n: number;
  readonly tiles: number;
  /** Tiles side by side before the next rows. */
  readonly group: number;
  readonly pieces: number;
}

/** `packed`: what the product takes when operands are packed, in multiplications. */
export function innerProduct(wasm: Wasm, packed: (m: number, n: number, k: number) => number): UnpackedProduct {
  const { innerLanes, innerTiles } = wasm.functions;
  const LANES = innerLanes();

  const planOf = memoize(([batch, M, N, k]: readonly number[]): Plan => {
    const tilesOf = (m: number, n: number): number => Math.ceil(m / ROWS) * Math.ceil(n / COLUMNS);
    const costOf = (m: number, n: number): number => ROWS * COLUMNS * tilesOf(m, n) * (EACH * k + FOLD) + LAY * k * n;
    const turned = costOf(N, M) < costOf(M, N);
    const [m, n] = turned ? [N, M] : [M, N];
    const tiles = tilesOf(m, n);
    const group = Math.max(1, Math.floor(CACHE / (4 * COLUMNS * k)));
    // Pieces that begin within a group lay its panels again: rather more of them that are even parts of one.
    const groups = batch * Math.ceil(Math.ceil(n / COLUMNS) / group);
    const enough = piecesFor(batch * m * n * k, LEAST);
    const pieces = enough > groups ? groups * Math.ceil(enough / groups) : enough;
    return { serves: k % LANES === 0 && M > 1 && N > 1 && k > 0 && costOf(m, n) < packed(M, N, k), turned, m, n, tiles, group, pieces: Math.min(batch * tiles, pieces) };
  }, 4);

  return {
    // By index: destructuring runs an iterator, and every product of matrices comes by here several times.
    serves: (args) => args[10] === 1 && args[12] === 1 && planOf(args).serves,
    pieces: (args) => planOf(args).pieces,
    workspace(args) {
      return { own: 2 * SUMS + 4 * COLUMNS * args[7] * planOf(args).group };
    },
    run({ f32 }, args, begin, end, { own }) {
      const [left, right, bias, y, batch, , , k, aBatch, aRow, , bBatch, , bCol] = args;
      const { turned, m, n, tiles, group, pieces } = planOf(args);
      f32.fill(0, own >>> 2, (own + SUMS) >>> 2);
      const [firstRow, firstCol] = bias === 0 ? [0, 0] : turned ? [4, 0] : [0, 4];
      const [yRow, yCol] = turned ? [4, 4 * m] : [4 * n, 4];
      const stop = partOf(batch * tiles, pieces, end)[0];
      for (let tile = partOf(batch * tiles, pieces, begin)[0]; tile < stop;) {
        const index = Math.floor(tile / tiles);
        const to = Math.min(stop, (index + 1) * tiles);
        const [a, b] = [left + 4 * index * aBatch, right + 4 * index * bBatch];
        innerTiles(
          turned ? b : a, 4 * (turned ? bCol : aRow), turned ? a : b, 4 * (turned ? aRow : bCol), bias === 0 ? own : bias, firstRow, firstCol,
          y + 4 * index * m * n, yRow, yCol, m, n, k, group, tile - index * tiles, to - index * tiles, own, own + 2 * SUMS,
        );
        tile = to;
      }
    },
  };
}
