/**
 * The products of matmul that have a single row or column, which are bound by reading the matrix: no operand is packed. Knows
 * which those are; gemm.ts makes them part of its kernel. Pieces: batch × block of outputs.
 */
import type { HeapViews, OpArgs, Work } from '../../src/backend/index.js';
import { PIECES, partOf, roundUp } from './cut.js';
import type { Wasm } from './wasm.js';

/** Multiplications that a piece should have at least, and the unit in which outputs are cut. */
const LEAST = 32768;
const UNIT = 32;
/** Bytes of zeros, and of the sums that are the least: the four of a row by itself. */
const ZEROS = 64;
const SUMS = 16;

type Args = OpArgs['matmul'];

/** The matrix's element (output, k) lies at `at` + output·out + k·along, the vector's at `vector` + k·step; all in elements but the pointers. */
interface Sides {
  readonly count: number;
  readonly at: number;
  readonly batch: number;
  readonly out: number;
  readonly along: number;
  readonly vector: number;
  readonly vectorBatch: number;
  readonly step: number;
}

function sidesOf([a, b, , , , m, n, , aBatch, aRow, aCol, bBatch, bRow, bCol]: Args): Sides {
  if (m === 1) return { count: n, at: b, batch: bBatch, out: bCol, along: bRow, vector: a, vectorBatch: aBatch, step: aCol };
  return { count: m, at: a, batch: aBatch, out: aRow, along: aCol, vector: b, vectorBatch: bBatch, step: bRow };
}

/** Products that gemm.ts leaves to a way without packing: which they are, and that way. Like a kernel of one phase. */
export interface UnpackedProduct {
  serves(args: Args): boolean;
  pieces(args: Args): number;
  workspace(args: Args): { own: number };
  run(heap: HeapViews, args: Args, begin: number, end: number, work: Work): void;
}

export function vectorProduct(wasm: Wasm): UnpackedProduct {
  const { gemvRows, gemvColumns } = wasm.functions;
  const partsOf = (batch: number, count: number, k: number): number =>
    Math.max(1, Math.min(Math.ceil(count / UNIT), Math.ceil(PIECES / batch), Math.floor((count * k) / LEAST)));

  return {
    serves(args) {
      // By index: destructuring runs an iterator, and every product of matrices comes by here several times.
      if (args[5] !== 1 && args[6] !== 1) return false;
      const { out, along } = sidesOf(args);
      return out === 1 || along === 1;
    },
    pieces(args) {
      return args[4] * partsOf(args[4], sidesOf(args).count, args[7]);
    },
    workspace(args) {
      return { own: ZEROS + roundUp(4 * args[7], 64) + roundUp(4 * sidesOf(args).count, SUMS) };
    },
    run({ f32 }, args, begin, end, { own }) {
      const [, , bias, y, batches, m, , k] = args;
      const { count, at, batch, out, along, vector, vectorBatch, step } = sidesOf(args);
      const parts = partsOf(batches, count, k);
      const copy = own + ZEROS;
      const sums = copy + roundUp(4 * k, 64);
      f32.fill(0, own >>> 2, (own + ZEROS) >>> 2);
      const first = bias === 0 ? own : bias;
      const firstStep = bias !== 0 && m === 1 ? 4 : 0;
      for (let piece = begin; piece < end; piece++) {
        const part = piece % parts;
        const index = (piece - part) / parts;
        const [i0, i1] = partOf(count, parts, part, UNIT);
        let v = vector + 4 * index * vectorBatch;
        if (step !== 1) {
          for (let q = 0, from = v >>> 2, to = copy >>> 2; q < k; q++, from += step) f32[to++] = f32[from];
          v = copy;
        }
        const [matrix, to] = [at + 4 * (index * batch + i0 * out), y + 4 * (index * count + i0)];
        if (along === 1) gemvRows(matrix, 4 * out, v, first + i0 * firstStep, firstStep, to, i1 - i0, k, sums);
        else gemvColumns(matrix, 4 * along, v, first + i0 * firstStep, firstStep, to, i1 - i0, k, sums);
      }
    },
  };
}
