/**
 * Table entries of assembly/reduce.ts. A long sum with few results is cut into chunks, as many as the shape says, whose partial
 * sums a second phase adds in their order.
 */
import { BLOCK, type Kernel, type KernelTable, type OpArgs } from '../../src/backend/index.js';
import { fn } from './loops.js';
import { f32, nameOf, type Wasm } from './wasm.js';
import { int32Sum } from './whole.js';

/** Neighbouring results that one piece gathers at most: of columns, their sums (16 KiB) stay in the nearest cache; of spans. */
const COLUMNS = 2048;
const SPANS = 512;
/** Elements of a piece, where sums are long or many enough; and pieces below which sums are cut to make more: partial sums of columns weigh something. */
const PIECE = 2 * BLOCK;
const PIECES = { spans: 64, columns: 16 };
/** Spans from this length on may lie apart. Shorter ones are read with their neighbours, image by image: [100, 32, 196] took 1.6 times as long. */
const RUN = 1024;

/** x seen as [outer, n, mid, inner], summed over n and inner to y [outer, mid]. */
interface Sum {
  readonly x: number;
  readonly y: number;
  readonly outer: number;
  readonly n: number;
  readonly mid: number;
  readonly inner: number;
}

/** With inner 1 the rows lie one behind the other: they are the axis `mid` of a single slice. */
const asSum = ([x, y, outer, n, inner]: OpArgs['sum']): Sum =>
  (inner === 1 ? { x, y, outer: 1, n: 1, mid: outer, inner: n } : { x, y, outer, n, mid: inner, inner: 1 });
const asChannelSum = ([x, y, n, c, s]: OpArgs['channelSum']): Sum => ({ x, y, outer: 1, n, mid: c, inner: s });

interface Cut {
  /** Results per piece, and pieces that cover those of one slice. */
  readonly width: number;
  readonly across: number;
  /** Chunks of n, or of inner where n is 1, and their length. */
  readonly chunks: number;
  readonly length: number;
}

function cut({ outer, n, mid, inner }: Sum): Cut {
  const each = Math.max(1, n * inner);
  // Columns side by side are read from end to end: short runs of a row, each in another page, took three times as long.
  const [most, pieces] = inner === 1 ? [COLUMNS, PIECES.columns] : [Math.min(SPANS, Math.ceil(PIECE / (inner < RUN ? inner : each))), PIECES.spans];
  const width = Math.max(1, Math.min(mid, most));
  const across = Math.ceil(mid / width);
  const long = Math.max(1, n === 1 ? inner : n);
  const wanted = Math.min(Math.ceil(pieces / Math.max(1, outer * across)), Math.floor((width * each) / PIECE), long);
  const length = Math.ceil(long / Math.max(1, wanted));
  return { width, across, chunks: Math.ceil(long / length), length };
}

function sumKernel(wasm: Wasm, op: string, read: (args: OpArgs['sum']) => Sum): { float32: Kernel<OpArgs['sum']> } {
  const [spans, columns, partialsOf] = [fn(wasm, 'f32_sumSpans'), fn(wasm, 'f32_sumColumns'), fn(wasm, 'f32_sumPartials')];
  return f32({
    name: nameOf(wasm, op),
    phases: 2,
    pieces(args, phase) {
      const sum = read(args);
      const { across, chunks } = cut(sum);
      if (phase === 1) return chunks > 1 ? Math.ceil((sum.outer * sum.mid) / BLOCK) : 0;
      return sum.outer * across * chunks;
    },
    workspace(args) {
      const sum = read(args);
      const { chunks } = cut(sum);
      return { own: 8 * (sum.inner === 1 ? COLUMNS : SPANS), shared: chunks > 1 ? 8 * chunks * sum.outer * sum.mid : 0 };
    },
    run(_heap, args, begin, end, { phase, own, shared }) {
      const sum = read(args);
      const { x, y, outer, n, mid, inner } = sum;
      const { width, across, chunks, length } = cut(sum);
      const results = outer * mid;
      if (phase === 1) {
        const first = begin * BLOCK;
        partialsOf(shared + 8 * first, y + 4 * first, Math.min(results, end * BLOCK) - first, results, chunks);
        return;
      }
      const wide = chunks > 1;
      for (let piece = begin; piece < end; piece++) {
        const chunk = Math.floor(piece / (outer * across));
        const place = piece % (outer * across);
        const o = Math.floor(place / across);
        const first = (place % across) * width;
        const count = Math.min(width, mid - first);
        const [low, high] = [chunk * length, Math.min(n === 1 ? inner : n, (chunk + 1) * length)];
        const [n0, n1, s0, s1] = n === 1 ? [0, 1, low, high] : [low, high, 0, inner];
        const from = x + 4 * (((o * n + n0) * mid + first) * inner + s0);
        const at = o * mid + first;
        const out = wide ? shared + 8 * (chunk * results + at) : y + 4 * at;
        if (inner === 1) columns(from, out, count, n1 - n0, mid, Number(wide), own);
        else spans(from, out, count, n1 - n0, mid * inner, inner, s1 - s0, Number(wide), own);
      }
    },
  });
}

export const reduce = (wasm: Wasm): KernelTable => ({
  sum: { ...sumKernel(wasm, 'sum', asSum), int32: int32Sum(wasm) },
  channelSum: sumKernel(wasm, 'channelSum', asChannelSum),
});
