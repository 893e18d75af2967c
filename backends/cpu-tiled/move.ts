/** Kernels that move elements without changing them (fill, copy, stridedCopy), and the sum of scattered ones. */
import { BLOCK, type Kernel, type OpArgs } from '../../src/backend/index.js';
import { eachRun, elements, elementwise, strided } from './loops.js';

export const fill: Kernel<OpArgs['fill']> = elementwise('f32_fill__js', (args) => args[1], ({ f32 }, [y, , value], first, end) => {
  f32.fill(value, (y >>> 2) + first, (y >>> 2) + end);
});

export const copy: Kernel<OpArgs['copy']> = elementwise('f32_copy__js', (args) => args[2], ({ f32 }, [x, y], first, end) => {
  const [from, to] = [x >>> 2, y >>> 2];
  for (let i = first; i < end; i++) f32[to + i] = f32[from + i];
});

export const stridedCopy: Kernel<OpArgs['stridedCopy']> =
  elementwise('f32_stridedCopy__js', (args) => elements(args, 4), ({ f32 }, args, first, end) => {
    const [x0, y0] = [(args[0] >>> 2) + args[2], (args[1] >>> 2) + args[3]];
    const shape = strided(args, 4);
    const [xs, ys] = [shape.a[shape.shape.length - 1], shape.b[shape.shape.length - 1]];
    eachRun(shape, first, end, (_element, xAt, yAt, count) => run(f32, x0 + xAt, xs, y0 + yAt, ys, count));
  });

function run(v: Float32Array, x: number, xs: number, y: number, ys: number, n: number): void {
  for (let i = 0; i < n; i++, x += xs, y += ys) v[y] = v[x];
}

/** Doubles of the sums that one piece gathers, unless a single column of y is longer. */
const SUMS = 8192;

/** A piece takes some of the [outer] slices when inner is 1 (the gradient of max pooling), else a block of columns of one slice. */
function scatterCut([, , , outer, nG, nY, inner]: OpArgs['scatterAddElements']): { width: number; perSlice: number; slices: number } {
  const width = Math.max(1, Math.min(inner, Math.floor(SUMS / Math.max(1, nY))));
  const slices = inner > 1 ? 1 : Math.max(1, Math.min(outer, Math.floor(BLOCK / Math.max(1, nG + nY))));
  return { width, perSlice: Math.ceil(inner / width), slices };
}

export const scatterAddElements: Kernel<OpArgs['scatterAddElements']> = {
  name: 'f32_scatterAddElements__js',
  pieces(args) {
    if (args[5] === 0) return 0;
    const { perSlice, slices } = scatterCut(args);
    return Math.ceil(args[3] / slices) * perSlice;
  },
  workspace: (args) => ({ own: args[5] * scatterCut(args).width * 8 }),
  run({ f32, f64, i32 }, args, begin, end, work) {
    const [g, index, y, outer, nG, nY, inner] = args;
    const { width, perSlice, slices } = scatterCut(args);
    const sums = work.own >>> 3;
    const [g0, index0, y0] = [g >>> 2, index >>> 2, y >>> 2];
    for (let piece = begin; piece < end; piece++) {
      const part = piece % perSlice;
      const firstSlice = ((piece - part) / perSlice) * slices;
      const column = part * width;
      const columns = Math.min(width, inner - column);
      for (let o = firstSlice; o < Math.min(outer, firstSlice + slices); o++) {
        if (inner === 1) {
          scatterSlice(f32, f64, i32, g0 + o * nG, index0 + o * nG, nG, sums, y0 + o * nY, nY);
          continue;
        }
        f64.fill(0, sums, sums + nY * columns);
        for (let j = 0; j < nG; j++) {
          const from = (o * nG + j) * inner + column;
          for (let i = 0; i < columns; i++) {
            const k = i32[index0 + from + i];
            if (k >= 0) f64[sums + k * columns + i] += f32[g0 + from + i];
          }
        }
        for (let k = 0; k < nY; k++) {
          const to = y0 + (o * nY + k) * inner + column;
          for (let i = 0; i < columns; i++) f32[to + i] = f64[sums + k * columns + i];
        }
      }
    }
  },
};

/** A slice with inner = 1, in three plain loops. */
function scatterSlice(
  v: Float32Array, sums: Float64Array, indices: Int32Array, g: number, index: number, nG: number, at: number, y: number, nY: number,
): void {
  for (let k = 0; k < nY; k++) sums[at + k] = 0;
  for (let j = 0; j < nG; j++) {
    const k = indices[index + j];
    if (k >= 0) sums[at + k] += v[g + j];
  }
  for (let k = 0; k < nY; k++) v[y + k] = sums[at + k];
}
