/**
 * Weight gradient of a convolution: a GEMM with output channels as rows, (input channel, tap) as columns, summed over the
 * pixels of all images. The batch is cut into chunks, whose partial sums (doubles) a second phase adds in their order.
 *
 * Pieces: group × block of output channels × block of columns × chunk; then blocks of weights.
 */
import { BLOCK, blocks, type ConvGeometry, type Kernel, type OpArgs } from '../../src/backend/index.js';
import { split } from './gemm.js';
import { memoize } from '../../src/backend/memoize.js';
import { multiply } from './micro.js';
import { packA } from './pack.js';
import { COLUMNS, KC, MC, MR, NR, PLANE, TILE, panels } from './panels.js';
import { fillSlab, packWindows } from './slab.js';
import { fit, forwardWindows, tileRange, tiling, type Tiling, type Windows } from './windows.js';

const T = panels.tile;
const K = panels.offsetsK;
const N = panels.offsetsN;

/** The batch is cut until there are so many pieces: eight threads, each with some. */
const PIECES = 32;
/** Doubles that the partial sums may take: 16 MiB. */
const PARTIALS = 2 ** 21;

interface Plan {
  readonly win: Windows;
  readonly tiles: Tiling;
  readonly rows: number;
  readonly mc: number;
  readonly mBlocks: number;
  readonly columns: number;
  readonly nc: number;
  readonly nBlocks: number;
  readonly chunks: number;
  readonly perChunk: number;
}

const weightCount = ([, groups, cin, cout, , , , kD, kH, kW]: ConvGeometry): number => cout * (cin / groups) * kD * kH * kW;

const plan = memoize((geometry: ConvGeometry): Plan => {
  const [n, groups, , cout] = geometry;
  const win = forwardWindows(geometry);
  const rows = cout / groups;
  const columns = win.channels * win.taps;
  const { parts: mBlocks, length: mc } = split(rows, MC, MR);
  const pixels = Math.max(1, split(win.positions, KC, 1).length);
  const most = Math.min(Math.floor(PLANE / pixels) * NR, Math.floor(TILE / (mc + MR) / NR) * NR, COLUMNS - (COLUMNS % NR));
  const { p, k } = fit(win, pixels, Math.max(1, Math.min(most, columns)));
  const { parts: nBlocks, length: nc } = split(columns, k, NR);
  const others = groups * mBlocks * nBlocks;
  const wanted = Math.min(n, Math.ceil(PIECES / Math.max(1, others)), Math.max(1, Math.floor(PARTIALS / Math.max(1, weightCount(geometry)))));
  const perChunk = Math.ceil(n / Math.max(1, wanted));
  return { win, tiles: tiling(win, p), rows, mc, mBlocks, columns, nc, nBlocks, chunks: Math.max(1, Math.ceil(n / Math.max(1, perChunk))), perChunk };
});

export const convGradWeight: Kernel<OpArgs['convGradWeight']> = {
  name: 'f32_convGradWeight_im2panel_2x3__js',
  phases: 2,
  pieces([, , , ...geometry], phase) {
    const weights = weightCount(geometry);
    if (weights === 0) return 0;
    const { mBlocks, nBlocks, chunks } = plan(geometry);
    if (phase === 1) return chunks > 1 ? blocks(weights) : 0;
    return geometry[1] * mBlocks * nBlocks * chunks;
  },
  workspace([, , , ...geometry]) {
    const weights = weightCount(geometry);
    if (weights === 0) return {};
    const { chunks } = plan(geometry);
    return chunks > 1 ? { shared: chunks * weights * 8 } : {};
  },
  run({ f32, f64 }, [x, g, gw, ...geometry], begin, end, work) {
    const { win, tiles, rows, mc, mBlocks, columns, nc, nBlocks, chunks, perChunk } = plan(geometry);
    const [n, groups, , , iD, iH, iW] = geometry;
    const weights = weightCount(geometry);
    const partials = work.shared >>> 3;
    if (work.phase === 1) {
      const to = gw >>> 2;
      for (let i = begin * BLOCK; i < Math.min(weights, end * BLOCK); i++) {
        let sum = 0;
        for (let chunk = 0; chunk < chunks; chunk++) sum += f64[partials + chunk * weights + i];
        f32[to + i] = sum;
      }
      return;
    }
    for (let piece = begin; piece < end; piece++) {
      const column = piece % nBlocks;
      const rest = (piece - column) / nBlocks;
      const row = rest % mBlocks;
      const outer = (rest - row) / mBlocks;
      const group = outer % groups;
      const chunk = (outer - group) / groups;
      const m0 = row * mc;
      const n0 = column * nc;
      const height = Math.min(mc, rows - m0);
      const width = Math.min(nc, columns - n0);
      const mPanels = Math.ceil(height / MR);
      const nPanels = Math.ceil(width / NR);
      let first = true;
      for (let t = 0; t < tiles.count; t++) {
        const [p0, p1] = tileRange(win, tiles, t);
        for (let image = chunk * perChunk; image < Math.min(n, (chunk + 1) * perChunk); image++) {
          const source = (x >>> 2) + (image * groups + group) * win.channels * iD * iH * iW;
          const gradient = (g >>> 2) + ((image * groups + group) * rows + m0) * win.positions;
          packA(f32, gradient + p0, win.positions, 1, height, p1 - p0);
          fillSlab(f32, source, win, p0, p1, n0, n0 + width, K, N);
          packWindows(width, p1 - p0);
          multiply(mPanels, nPanels, p1 - p0, !first);
          first = false;
        }
      }
      if (first) multiply(mPanels, nPanels, 0, false);
      for (let i = 0; i < height; i++) {
        const at = (group * rows + m0 + i) * columns + n0;
        const t = i * nPanels * NR;
        if (chunks > 1) for (let j = 0; j < width; j++) f64[partials + chunk * weights + at + j] = T[t + j];
        else for (let j = 0; j < width; j++) f32[(gw >>> 2) + at + j] = T[t + j];
      }
    }
  },
};
