/**
 * Sums, gathered in doubles and rounded once. A long sum with few results is cut into chunks, as many as the shape says, whose
 * partial sums a second phase adds in their order.
 */
import { BLOCK, type Kernel, type OpArgs } from '../../src/backend/index.js';

/** Columns whose sums one piece gathers at a time; they stay in the first-level cache. */
const COLUMNS = 512;
/** Fewer columns would leave most of each cache line that a column walk touches unused. */
const COLUMNS_LEAST = 64;
/** Fewer pieces than this are made more by cutting n. */
const PIECES = 16;
const SUMS = new Float64Array(COLUMNS);

/** x seen as [outer, n, mid, inner], summed over n and inner to y [outer, mid]: both `sum` and `channelSum`. */
interface Sum {
  readonly x: number;
  readonly y: number;
  readonly outer: number;
  readonly n: number;
  readonly mid: number;
  readonly inner: number;
}

const asSum = ([x, y, outer, n, inner]: OpArgs['sum']): Sum =>
  (inner === 1 ? { x, y, outer, n: 1, mid: 1, inner: n } : { x, y, outer, n, mid: inner, inner: 1 });
const asChannelSum = ([x, y, n, c, s]: OpArgs['channelSum']): Sum => ({ x, y, outer: 1, n, mid: c, inner: s });

interface Cut {
  /** Results per piece, and pieces that cover all results. */
  readonly width: number;
  readonly across: number;
  /** Chunks of n, or of inner where n is 1, and their length. */
  readonly chunks: number;
  readonly length: number;
}

function cut({ outer, n, mid, inner }: Sum): Cut {
  const results = outer * mid;
  const each = Math.max(1, n * inner);
  // Results of one outer index lie side by side; with mid = 1 rows are taken in groups.
  const line = mid === 1 ? results : mid;
  const width = Math.max(1, Math.min(line, COLUMNS, Math.max(mid > 1 && inner === 1 ? COLUMNS_LEAST : 1, Math.ceil(BLOCK / each))));
  const across = mid === 1 ? Math.ceil(results / width) : outer * Math.ceil(mid / width);
  const long = n === 1 ? inner : n;
  const wanted = Math.min(Math.ceil(PIECES / Math.max(1, across)), Math.ceil((width * each) / BLOCK), Math.max(1, long));
  const length = Math.max(1, Math.ceil(long / Math.max(1, wanted)));
  return { width, across, chunks: Math.max(1, Math.ceil(long / length)), length };
}

function sumKernel<A extends OpArgs['sum']>(name: string, read: (args: A) => Sum): Kernel<A> {
  return {
    name,
    phases: 2,
    pieces(args, phase) {
      const sum = read(args);
      const results = sum.outer * sum.mid;
      if (results === 0) return 0;
      const { across, chunks } = cut(sum);
      if (phase === 1) return chunks > 1 ? Math.ceil(results / BLOCK) : 0;
      return across * chunks;
    },
    workspace(args) {
      const sum = read(args);
      const { chunks } = cut(sum);
      return chunks > 1 ? { shared: chunks * sum.outer * sum.mid * 8 } : {};
    },
    run({ f32, f64 }, args, begin, end, { phase, shared }) {
      const sum = read(args);
      const { x, y, outer, n, mid, inner } = sum;
      const { width, across, chunks, length } = cut(sum);
      const results = outer * mid;
      const partials = shared >>> 3;
      if (phase === 1) {
        for (let i = begin * BLOCK; i < Math.min(results, end * BLOCK); i++) {
          let total = 0;
          for (let chunk = 0; chunk < chunks; chunk++) total += f64[partials + chunk * results + i];
          f32[(y >>> 2) + i] = total;
        }
        return;
      }
      const lines = Math.ceil((mid === 1 ? results : mid) / width);
      for (let piece = begin; piece < end; piece++) {
        const chunk = Math.floor(piece / across);
        const place = piece % across;
        const o = Math.floor(place / lines);
        const first = (place % lines) * width;
        const count = Math.min(width, (mid === 1 ? results : mid) - first);
        const [low, high] = [chunk * length, Math.min(n === 1 ? inner : n, (chunk + 1) * length)];
        const [n0, n1, s0, s1] = n === 1 ? [0, 1, low, high] : [low, high, 0, inner];
        SUMS.fill(0, 0, count);
        for (let i = n0; i < n1; i++) {
          const row = (x >>> 2) + ((o * n + i) * mid + first) * inner;
          if (inner === 1) addRow(f32, row, count);
          else for (let c = 0; c < count; c++) SUMS[c] += span(f32, row + c * inner + s0, row + c * inner + s1);
        }
        const at = o * mid + first;
        if (chunks > 1) for (let c = 0; c < count; c++) f64[partials + chunk * results + at + c] = SUMS[c];
        else for (let c = 0; c < count; c++) f32[(y >>> 2) + at + c] = SUMS[c];
      }
    },
  };
}

function addRow(v: Float32Array, row: number, count: number): void {
  for (let c = 0; c < count; c++) SUMS[c] += v[row + c];
}

/** Four sums side by side: one alone waits for each addition before the next. */
function span(v: Float32Array, begin: number, end: number): number {
  let a = 0, b = 0, c = 0, d = 0;
  let i = begin;
  for (; i + 3 < end; i += 4) {
    a += v[i];
    b += v[i + 1];
    c += v[i + 2];
    d += v[i + 3];
  }
  for (; i < end; i++) a += v[i];
  return a + b + (c + d);
}

export const sum = sumKernel<OpArgs['sum']>('f32_sum__js', asSum);
export const channelSum = sumKernel<OpArgs['channelSum']>('f32_channelSum__js', asChannelSum);
