/**
 * Convolution and its input gradient (also the transposed convolution): both correlate a source with the weights of one group,
 * output channels as rows of a GEMM, pixels as columns, (channel, tap) summed over. The input gradient of stride s is s
 * interleaved correlations per axis, one for each remainder of the pixel's index.
 *
 * Pieces: group × remainder × block of output channels × tile of pixels × image, so that neighbours share weights and tables.
 */
import type { ConvGeometry, HeapViews, Kernel, OpArgs } from '../../src/backend/index.js';
import { split } from './gemm.js';
import { memoize } from '../../src/backend/memoize.js';
import { multiply } from './micro.js';
import { packWeights } from './pack.js';
import { COLUMNS, KC, MC, MR, NR, PLANE, TILE, panels } from './panels.js';
import { fillSlab, packWindows } from './slab.js';
import { fit, forwardWindows, inverseAxes, tileRange, tiling, windows, type InverseAxis, type Tiling, type Windows } from './windows.js';

const T = panels.tile;
const W = panels.offsetsW;
const K = panels.offsetsK;
const N = panels.offsetsN;

/** One correlation: windows over a source, and where its pixels lie in the output plane. */
interface Correlation {
  readonly win: Windows;
  /** Position (jd, jh, jw) is element Σ (first + j·step) · unit of the output plane; `dense` when that is the position's number. */
  readonly dense: boolean;
  readonly first: number;
  readonly jumps: readonly [d: number, h: number, w: number];
  /** Offset of tap t within the weights of a pair of channels. */
  readonly tapAt: (tap: number) => number;
  readonly tiles: Tiling;
  /** (channel, tap) numbers at once, and how many times. */
  readonly kc: number;
  readonly blocks: number;
  /** Blocks of one image and group before this correlation's. */
  readonly before: number;
}

interface Plan {
  readonly correlations: readonly Correlation[];
  /** Blocks of one image and group. */
  readonly pieces: number;
  readonly mBlocks: number;
  readonly mc: number;
  /** Channels per group, and elements per channel, of source and output. */
  readonly sourceChannels: number;
  readonly sourcePlane: number;
  readonly rows: number;
  readonly outputPlane: number;
  /** Strides in the weights: from row to row, from source channel to source channel, from group to group. */
  readonly rowStride: number;
  readonly channelStride: number;
  readonly groupStride: number;
}

/** Cuts the work of a correlation; `before` is filled in by `plan`. */
function correlation(win: Windows, mc: number, shape: Pick<Correlation, 'dense' | 'first' | 'jumps' | 'tapAt'>): Correlation {
  const all = win.channels * win.taps;
  const most = split(all, KC, 1).length;
  const columns = Math.min(Math.floor(PLANE / Math.max(1, most)) * NR, Math.floor(TILE / mc / NR) * NR, COLUMNS - (COLUMNS % NR));
  const { p, k } = fit(win, Math.max(1, Math.min(columns, win.positions)), Math.max(1, most));
  const { parts: blocks, length: kc } = split(all, k, 1);
  return { win, ...shape, tiles: tiling(win, p), kc, blocks, before: 0 };
}

const rowBlocks = (rows: number): { mBlocks: number; mc: number } => {
  const { parts, length } = split(rows, MC, MR);
  return { mBlocks: parts, mc: Math.ceil(length / MR) * MR };
};

const forwardPlan = memoize((geometry: ConvGeometry): Plan => {
  const [, groups, cin, cout, iD, iH, iW, kD, kH, kW, oD, oH, oW] = geometry;
  const win = forwardWindows(geometry);
  const { mBlocks, mc } = rowBlocks(cout / groups);
  const only = correlation(win, mc, { dense: true, first: 0, jumps: [0, 0, 0], tapAt: (tap) => tap });
  return {
    correlations: [only], pieces: mBlocks * only.tiles.count, mBlocks, mc,
    sourceChannels: cin / groups, sourcePlane: iD * iH * iW, rows: cout / groups, outputPlane: oD * oH * oW,
    rowStride: (cin / groups) * kD * kH * kW, channelStride: kD * kH * kW, groupStride: (cout / groups) * (cin / groups) * kD * kH * kW,
  };
});

const inversePlan = memoize((geometry: ConvGeometry): Plan => {
  const [, groups, cin, cout, iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW, dD, dH, dW] = geometry;
  const { mBlocks, mc } = rowBlocks(cin / groups);
  const correlations: Correlation[] = [];
  let pieces = 0;
  for (const d of inverseAxes(iD, kD, oD, sD, pD, dD)) {
    for (const h of inverseAxes(iH, kH, oH, sH, pH, dH)) {
      for (const w of inverseAxes(iW, kW, oW, sW, pW, dW)) {
        const next = correlation(windows(cout / groups, d, h, w), mc, {
          dense: sD * sH * sW === 1, first: (d.first * iH + h.first) * iW + w.first, jumps: [sD * iH * iW, sH * iW, sW],
          tapAt: (tap) => kernelTap(tap, d, h, w, kH, kW),
        });
        correlations.push({ ...next, before: pieces });
        pieces += mBlocks * next.tiles.count;
      }
    }
  }
  return {
    correlations, pieces, mBlocks, mc,
    sourceChannels: cout / groups, sourcePlane: oD * oH * oW, rows: cin / groups, outputPlane: iD * iH * iW,
    rowStride: kD * kH * kW, channelStride: (cin / groups) * kD * kH * kW, groupStride: (cout / groups) * (cin / groups) * kD * kH * kW,
  };
});

/** Number, within the kernel, of a tap of one remainder. */
function kernelTap(tap: number, d: InverseAxis, h: InverseAxis, w: InverseAxis, kH: number, kW: number): number {
  const tw = tap % w.taps.length;
  const row = (tap - tw) / w.taps.length;
  const th = row % h.taps.length;
  return (d.kernelTaps[(row - th) / h.taps.length] * kH + h.kernelTaps[th]) * kW + w.kernelTaps[tw];
}

function correlate(
  heap: HeapViews, plan: Plan, [n, groups]: ConvGeometry, source: number, weights: number, bias: number, output: number, begin: number, end: number, least = -Infinity, most = Infinity,
): void {
  const x = heap.f32;
  const { correlations, pieces, mc, sourceChannels, sourcePlane, rows, outputPlane, rowStride, channelStride, groupStride } = plan;
  let packed = -1;
  for (let piece = begin; piece < end; piece++) {
    const image = piece % n;
    const outer = (piece - image) / n;
    const within = outer % pieces;
    const group = (outer - within) / pieces;
    const item = image * groups + group;
    let c = correlations.length - 1;
    while (correlations[c].before > within) c--;
    const { win, tiles, kc, blocks, before, tapAt } = correlations[c];
    const tile = (within - before) % tiles.count;
    const m0 = ((within - before - tile) / tiles.count) * mc;
    const height = Math.min(mc, rows - m0);
    const [p0, p1] = tileRange(win, tiles, tile);
    const nPanels = Math.ceil((p1 - p0) / NR);
    const mPanels = Math.ceil(height / MR);
    const all = sourceChannels * win.taps;

    if (all === 0) multiply(mPanels, nPanels, 0, false);
    for (let k0 = 0, block = 0; k0 < all; k0 += kc, block++) {
      const count = Math.min(kc, all - k0);
      // With a single block of k the packed weights serve every piece of the same rows.
      const key = (c * groups + group) * rows + m0;
      if (blocks > 1 || packed !== key) {
        for (let k = 0; k < count; k++) {
          const tap = (k0 + k) % win.taps;
          W[k] = ((k0 + k - tap) / win.taps) * channelStride + tapAt(tap);
        }
        packWeights(x, (weights >>> 2) + group * groupStride + m0 * rowStride, rowStride, height, count);
        packed = key;
      }
      fillSlab(x, (source >>> 2) + item * sourceChannels * sourcePlane, win, p0, p1, k0, k0 + count, N, K);
      packWindows(p1 - p0, count);
      multiply(mPanels, nPanels, count, block > 0);
    }

    for (let i = 0; i < height; i++) {
      const shift = bias === 0 ? 0 : x[(bias >>> 2) + group * rows + m0 + i];
      store(x, correlations[c], (output >>> 2) + (item * rows + m0 + i) * outputPlane, p0, p1, i * nPanels * NR, shift, least, most);
    }
  }
}

/** Rounds one row of the tile into the output plane that begins at element `at`, limited to `least` … `most`; NaN stays. */
function store(y: Float32Array, { win, dense, first, jumps }: Correlation, at: number, p0: number, p1: number, t: number, shift: number, least: number, most: number): void {
  if (dense) {
    for (let p = p0, to = at + p0; p < p1; p++, to++, t++) {
      const v = T[t] + shift;
      y[to] = v <= least ? least : v > most ? most : v;
    }
    return;
  }
  const [, h, w] = win.axes;
  for (let p = p0; p < p1;) {
    const jw = p % w.count;
    const row = (p - jw) / w.count;
    const jh = row % h.count;
    const count = Math.min(w.count - jw, p1 - p);
    let to = at + first + ((row - jh) / h.count) * jumps[0] + jh * jumps[1] + jw * jumps[2];
    for (let i = 0; i < count; i++, to += jumps[2], t++) {
      const v = T[t] + shift;
      y[to] = v <= least ? least : v > most ? most : v;
    }
    p += count;
  }
}

const forward = (op: string, least: number, most = Infinity): Kernel<OpArgs['conv']> => ({
  name: `f32_${op}_im2panel_2x3__js`,
  pieces([, , , , ...geometry]) {
    const [n, groups, , cout, , , , , , , oD, oH, oW] = geometry;
    return n * cout * oD * oH * oW === 0 ? 0 : n * groups * forwardPlan(geometry).pieces;
  },
  run(heap, [x, w, bias, y, ...geometry], begin, end) {
    correlate(heap, forwardPlan(geometry), geometry, x, w, bias, y, begin, end, least, most);
  },
});

export const conv = forward('conv', -Infinity);
export const convRelu = forward('convRelu', 0);
export const convRelu6 = forward('convRelu6', 0, 6);

export const convGradInput: Kernel<OpArgs['convGradInput']> = {
  name: 'f32_convGradInput_im2panel_2x3__js',
  pieces([, , , , ...geometry]) {
    const [n, groups, cin, , iD, iH, iW] = geometry;
    return n * cin * iD * iH * iW === 0 ? 0 : n * groups * inversePlan(geometry).pieces;
  },
  run(heap, [g, w, bias, gx, ...geometry], begin, end) {
    correlate(heap, inversePlan(geometry), geometry, g, w, bias, gx, begin, end);
  },
};
