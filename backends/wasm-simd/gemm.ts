/**
 * Matrix multiplication, blocked for registers and caches after Goto and van de Geijn 2008, "Anatomy of high-performance matrix
 * multiplication". Phase 0 packs B for all threads; a piece of phase 1 packs its rows of A and multiplies. The transposed product
 * is computed where its tiles are filled better, B is read in place where few rows meet it. Vectors go to gemv.ts, and to inner.ts what
 * both lies along k and is better not packed at all.
 *
 * Pieces: batch × column block; then batch × row block × column block, whose neighbours share rows of A.
 */
import type { Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { COLUMNS, PIECES, TILES, partOf, piecesFor, roundUp } from './cut.js';
import { vectorProduct, type UnpackedProduct } from './gemv.js';
import { innerProduct } from './inner.js';
import { f32, nameOf, type Wasm } from './wasm.js';

/** Longest run of k: panels of A (24 KiB) and of B (32 KiB) stay in the first two caches. */
const KC = 1024;
/** Most rows of a piece: with KC they stay in the second-level cache while B's panels pass. */
const MC = 96;
/** Most columns of a piece. */
const NC = 768;
/** Multiplications that a piece should have at least. */
const LEAST = 65536;
/** Bytes of zeros, for the products without a bias. */
const ZEROS = 64;
/** Multiplications that the store of a transposed element costs, about. */
const TURN = 16;
/** The same for packing an element that lies along k. */
const PACK = 10.5;

/** Strides of an operand in elements. */
interface Operand {
  readonly batch: number;
  readonly row: number;
  readonly col: number;
}

interface Plan {
  /** The transposed product: A is the transposed B of the arguments, m their n. */
  readonly turned: boolean;
  readonly m: number;
  readonly n: number;
  readonly a: Operand;
  readonly b: Operand;
  /** B is not packed. */
  readonly inPlace: boolean;
  readonly rows: number;
  readonly columns: number;
  /** Row blocks are cut at multiples of it. */
  readonly unit: number;
  readonly kc: number;
  /** Floats of a packed matrix B. */
  readonly packedB: number;
  /** Matrices B that differ. */
  readonly matrices: number;
  /** Places in the own workspace, bytes. */
  readonly tableAt: number;
  readonly sumsAt: number;
  readonly panelsAt: number;
  readonly own: number;
}

type Args = OpArgs['matmul'];

export const gemm = (wasm: Wasm): KernelTable => ({ matmul: f32(matmul(wasm)) });

function matmul(wasm: Wasm): Kernel<Args> {
  const { gemmRows, gemmColumns, gemmPackRows, gemmPackColumns, splat, gemmBlock } = wasm.functions;
  const ROWS = gemmRows();
  const vector = vectorProduct(wasm);
  const inner = innerProduct(wasm, (m, n, k) => Math.min(cost(m, n, k), turnedCost(m, n, k)) + PACK * k * (m + n));
  const [MATRIX, INNER, VECTOR] = [`gemm_${ROWS}x${gemmColumns()}`, 'inner', 'gemv'].map((name) => nameOf(wasm, name));

  /** What computes a product without packing, or null. */
  const unpackedOf = (args: Args): UnpackedProduct | null => (vector.serves(args) ? vector : inner.serves(args) ? inner : null);

  /**
   * Turns of the micro-kernel's loop for each k; tiles of less than two thirds of the rows take as long as those, and one that should have
   * a twin a third longer.
   */
  function turns(m: number, n: number): number {
    const panels = Math.ceil(m / ROWS);
    const least = Math.floor(m / panels);
    const taller = m % panels;
    const tiles = Math.ceil(n / COLUMNS);
    const alone = tiles % (gemmColumns() / COLUMNS);
    return (taller * Math.max(least + 1, (2 / 3) * ROWS) + (panels - taller) * Math.max(least, (2 / 3) * ROWS)) * (tiles + alone / 3);
  }

  /** What the product takes in multiplications, but for packing; and its transpose, which is stored column by column. */
  const cost = (m: number, n: number, k: number): number => COLUMNS * k * turns(m, n);
  const turnedCost = (m: number, n: number, k: number): number => cost(n, m, k) + TURN * m * n;

  const planOf = memoize(([batch, M, N, k, aBatch, aRow, aCol, bBatch, bRow, bCol]: readonly number[]): Plan => {
    const turned = turnedCost(M, N, k) < 0.9 * cost(M, N, k);
    const [m, n] = turned ? [N, M] : [M, N];
    const [left, right] = [{ batch: aBatch, row: aRow, col: aCol }, { batch: bBatch, row: bRow, col: bCol }];
    const flip = ({ batch: jump, row, col }: Operand): Operand => ({ batch: jump, row: col, col: row });
    const [a, b] = turned ? [flip(right), flip(left)] : [left, right];
    const inPlace = b.col === 1 && m <= 2 * ROWS && n >= COLUMNS;
    const enough = piecesFor(batch * m * n * k, LEAST);
    // Lower blocks of rows read B more often: first those that PIECES need, then down to half of the tallest.
    const most = Math.max(Math.min(Math.ceil(m / (2 * ROWS)), PIECES), Math.ceil((2 * m) / MC));
    // What is too little to share stays whole, however long one side is.
    const [blocks, stripes] = enough === 1 ? [1, 1] : [Math.ceil(m / MC), Math.ceil(n / NC)];
    const rows = Math.min(Math.max(blocks, Math.min(most, Math.ceil(enough / (batch * stripes)))), Math.ceil(m / ROWS));
    const columns = Math.max(stripes, Math.min(Math.ceil(n / (8 * COLUMNS)), Math.ceil(enough / (batch * rows))));
    const mc = Math.min(m, Math.ceil(m / rows) + ROWS);
    const nc = Math.min(roundUp(n, COLUMNS), roundUp(Math.ceil(n / columns), COLUMNS) + COLUMNS);
    const tableAt = TILES + ZEROS;
    const sumsAt = tableAt + (inPlace ? roundUp(4 * k, 64) : 0);
    const panelsAt = sumsAt + (k > KC ? 4 * mc * nc : 0);
    return {
      turned, m, n, a, b, inPlace, rows, columns, unit: m >= rows * 2 * ROWS ? ROWS : 1, kc: Math.max(1, Math.ceil(k / Math.ceil(k / KC || 1))),
      packedB: inPlace ? 0 : k * roundUp(n, COLUMNS), matrices: b.batch === 0 ? 1 : batch,
      tableAt, sumsAt, panelsAt, own: panelsAt + 4 * mc * k,
    };
  }, 4);

  return {
    name: (args) => (vector.serves(args) ? VECTOR : inner.serves(args) ? INNER : MATRIX),
    phases: 2,
    pieces(args, phase) {
      const bias = args[2];
      if (args[4] * args[5] * args[6] === 0) return 0;
      const unpacked = unpackedOf(args);
      if (unpacked !== null) return phase === 0 ? 0 : unpacked.pieces(args);
      const { turned, inPlace, rows, columns, matrices } = planOf(args);
      if (phase === 1) return args[4] * rows * columns;
      return inPlace ? Number(turned && bias !== 0) : matrices * columns;
    },
    workspace(args) {
      const bias = args[2];
      if (args[4] * args[5] * args[6] === 0) return {};
      const unpacked = unpackedOf(args);
      if (unpacked !== null) return unpacked.workspace(args);
      const the = planOf(args);
      return { shared: biasBytes(the, bias) + 4 * the.matrices * the.packedB, own: the.own };
    },
    run(heap, args, begin, end, work) {
      const unpacked = unpackedOf(args);
      if (unpacked !== null) unpacked.run(heap, args, begin, end, work);
      else if (work.phase === 0) pack(heap.f32, args, begin, end, work.shared);
      else multiply(heap, args, begin, end, work);
    },
  };

  /** Bytes at the beginning of the shared workspace: the bias padded to whole panels, or, where it belongs to rows, splatted. */
  function biasBytes({ turned, inPlace, m, n }: Plan, bias: number): number {
    if (bias === 0) return 0;
    return turned ? 4 * COLUMNS * m : inPlace ? 0 : 4 * roundUp(n, COLUMNS);
  }

  function pack(x: Float32Array, args: Args, begin: number, end: number, shared: number): void {
    const [left, right, bias, , , , , k] = args;
    const the = planOf(args);
    const { turned, inPlace, m, n, b, columns, packedB } = the;
    const panels = shared + biasBytes(the, bias);
    for (let piece = begin; piece < end; piece++) {
      if (piece === 0 && turned && bias !== 0) splat(bias, m, shared);
      if (inPlace) continue;
      const column = piece % columns;
      const index = (piece - column) / columns;
      const [j0, j1] = partOf(n, columns, column, COLUMNS);
      gemmPackColumns((turned ? left : right) + 4 * (index * b.batch + j0 * b.col), 4 * b.row, 4 * b.col, k, j1 - j0, panels + 4 * (index * packedB + j0 * k), k);
      if (index > 0 || turned || bias === 0) continue;
      const stop = column === columns - 1 ? roundUp(n, COLUMNS) : j1;
      for (let j = j0; j < stop; j++) x[(shared >>> 2) + j] = j < n ? x[(bias >>> 2) + j] : 0;
    }
  }

  function multiply({ f32: x, i32 }: { f32: Float32Array; i32: Int32Array }, args: Args, begin: number, end: number, { own, shared }: { own: number; shared: number }): void {
    const [left, right, bias, y, , , , k] = args;
    const the = planOf(args);
    const { turned, inPlace, m, n, a, b, rows, columns, unit, kc, packedB } = the;
    const [aAt, bAt] = turned ? [right, left] : [left, right];
    const panels = shared + biasBytes(the, bias);
    const table = inPlace ? own + the.tableAt : 0;
    if (inPlace) for (let q = 0; q < k; q++) i32[(table >>> 2) + q] = 4 * q * b.row;
    if (bias === 0) x.fill(0, (own + TILES) >>> 2, (own + TILES + ZEROS) >>> 2);
    const first = bias === 0 ? own + TILES : inPlace && !turned ? bias : shared;
    const firstRow = bias !== 0 && turned ? 4 * COLUMNS : 0;
    const firstCol = bias !== 0 && !turned ? 4 : 0;
    const [yRow, yCol] = turned ? [1, m] : [n, 1];
    let packed = -1;
    for (let piece = begin; piece < end; piece++) {
      const column = piece % columns;
      const stripe = (piece - column) / columns;
      const row = stripe % rows;
      const index = (stripe - row) / rows;
      const [i0, i1] = partOf(m, rows, row, unit);
      const [j0, j1] = partOf(n, columns, column, COLUMNS);
      if (stripe !== packed) gemmPackRows(aAt + 4 * (index * a.batch + i0 * a.row), 4 * a.row, 4 * a.col, i1 - i0, k, own + the.panelsAt, 0, k);
      packed = stripe;
      gemmBlock(
        own + the.panelsAt, inPlace ? bAt + 4 * (index * b.batch + j0) : panels + 4 * ((b.batch === 0 ? 0 : index * packedB) + j0 * k), table,
        first + i0 * firstRow + j0 * firstCol, firstRow, firstCol, y + 4 * (index * m * n + i0 * yRow + j0 * yCol), 4 * yRow, 4 * yCol,
        i1 - i0, j1 - j0, k, kc, own, own + the.sumsAt, n, n, 0, 0,
      );
    }
  }
}
