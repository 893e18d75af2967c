/**
 * Weight gradient of a convolution: tiles of output channels × eight columns sum over the pixels of all images, whose places are a
 * table of offsets. A column tile is eight input channels of one tap, read from a slab with channels side by side; or, for
 * few channels, eight of all their taps, which are laid out for a block of pixels. The batch is cut into chunks, summed in phase 1.
 *
 * Pieces: group × block of output channels × block of input channels × chunk; then blocks of weights.
 */
import { BLOCK, blocks, type ConvGeometry, type Kernel, type OpArgs } from '../../src/backend/index.js';
import { forwardAxes, flatten, type Axes } from './axes.js';
import { memoize } from '../../src/backend/memoize.js';
import { COLUMNS, PIECES, partOf, roundUp } from './cut.js';
import { f32, nameOf, type Wasm } from './wasm.js';

const ZEROS = 64;
/** Bytes that the sums of a piece should take at most, and the slab. */
const SUMS = 262144;
const SLAB = 262144;
/** Most pixels of a block; and where their taps are laid out, so few that the lines of a tile stay in the first-level cache. */
const PIXELS = 1024;
const TAPS_PIXELS = 384;
/** Most output channels of a piece. */
const MC = 96;
/** Bytes that the partial sums of all chunks may take. */
const PARTIALS = 2 ** 24;
/** Floats beyond a run that convFillTaps touches. */
const BEYOND = 4;

interface Plan {
  readonly axes: Axes;
  /** Channels side by side in the slab; else the taps of a pixel are laid out. */
  readonly last: boolean;
  readonly rows: number;
  readonly channels: number;
  readonly taps: number;
  readonly mBlocks: number;
  readonly cBlocks: number;
  /** Units in which channels are cut into blocks. */
  readonly unit: number;
  readonly chunks: number;
  /** Blocks of pixels of an image: depths × row parts × column parts, and most rows and columns of one. */
  readonly rowParts: number;
  readonly colParts: number;
  readonly tallest: number;
  readonly widest: number;
  readonly lenD: number;
  readonly lenH: number;
  readonly lenW: number;
  /** Floats of a pixel: channels of a block, or their taps, padded to whole tiles. */
  readonly width: number;
  /** Byte offsets: of pixel (r, c) of a block is r·pixelRow + c·pixelCol. */
  readonly pixelRow: number;
  readonly pixelCol: number;
  /** Places in the own workspace, bytes. */
  readonly pixelsAt: number;
  readonly cellsAt: number;
  readonly linesAt: number;
  readonly windowsAt: number;
  readonly tilesAt: number;
  readonly placesAt: number;
  readonly panelsAt: number;
  readonly slabAt: number;
  readonly sumsAt: number;
  readonly own: number;
}

const weightCount = ([, groups, cin, cout, , , , kD, kH, kW]: ConvGeometry): number => cout * (cin / groups) * kD * kH * kW;

const plan = memoize((geometry: ConvGeometry): Plan => {
  const [n, groups, cin, cout, , , , , ] = geometry;
  const [d, h, w] = flatten(forwardAxes(geometry));
  const rows = cout / groups;
  const channels = cin / groups;
  const taps = d.taps.length * h.taps.length * w.taps.length;
  // Cycles for a pixel, about: two multiplications of vectors each, or a copy of a vector in one and a half.
  const lines = channels * d.taps.length * h.taps.length;
  const last = roundUp(channels, COLUMNS) * taps * rows <= roundUp(channels * taps, COLUMNS) * rows + 12 * lines * Math.ceil(w.taps.length / 4);
  const unit = last ? COLUMNS : 1;
  const mBlocks = Math.ceil(rows / MC);
  const mc = Math.ceil(rows / mBlocks);
  const units = Math.ceil(channels / unit);
  const cBlocks = Math.ceil(units / Math.max(1, Math.min(units, Math.floor(SUMS / (mc * unit * taps * 4)))));
  const most = Math.ceil(units / cBlocks) + (cBlocks > 1 ? 1 : 0);
  /** Most channels of a block, and column tiles of it. */
  const depth = most * unit;
  const width = last ? depth : roundUp(depth * taps, COLUMNS);
  const tiles = (last ? depth * taps : width) / COLUMNS;
  const pixels = last ? PIXELS : TAPS_PIXELS;

  const colParts = Math.max(1, Math.ceil(w.count / pixels));
  const widest = Math.max(1, Math.ceil(w.count / colParts));
  const lenD = d.most - d.least + 1;
  const lenW = (widest - 1) * w.step + w.most - w.least + 1;
  const fitting = Math.floor((SLAB / (4 * depth * lenD * lenW) - (h.most - h.least + 1)) / h.step) + 1;
  const rowParts = Math.max(1, Math.ceil(h.count / Math.max(1, Math.min(h.count, fitting, Math.floor(pixels / widest)))));
  const tallest = Math.max(1, Math.ceil(h.count / rowParts));
  const lenH = (tallest - 1) * h.step + h.most - h.least + 1;
  const cell = last ? 4 * depth : 4;

  const others = groups * mBlocks * cBlocks;
  const chunks = Math.max(1, Math.min(n, Math.ceil(PIECES / others), Math.floor(PARTIALS / (4 * weightCount(geometry)))));
  let at = ZEROS;
  const place = (bytes: number): number => {
    const here = at;
    at += roundUp(bytes, 64);
    return here;
  };
  const block = tallest * widest;
  return {
    axes: [d, h, w], last, rows, channels, taps, mBlocks, cBlocks, unit, chunks, rowParts, colParts, tallest, widest, lenD, lenH, lenW, width,
    pixelRow: h.step * lenW * cell, pixelCol: w.step * cell,
    pixelsAt: place(4 * block), cellsAt: place(last ? 0 : 4 * block), linesAt: place(last ? 0 : 4 * lines), tilesAt: place(4 * tiles),
    placesAt: place(4 * depth * taps), panelsAt: place(4 * mc * block), slabAt: place(4 * (depth * lenD * lenH * lenW + BEYOND)),
    windowsAt: place(last ? 0 : 4 * (width * block + BEYOND)), sumsAt: place(4 * mc * tiles * COLUMNS), own: at,
  };
});

export const convGradWeight = (wasm: Wasm): { convGradWeight: { float32: Kernel<OpArgs['convGradWeight']> } } => ({ convGradWeight: f32(kernel(wasm)) });

function kernel(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const { gemmRows, gemmPackRows, convFillSlab, convFillLast, convFillTaps, convSumPixels, convUnpack, convSumParts } = wasm.functions;

  /** Writes the tables of column tiles, of where each weight of a row of `m` output channels lies, and of lines of taps, for `count` input channels. */
  function tabulate(i32: Int32Array, { axes: [d, h, w], last, lenD, lenH, lenW, width, tilesAt, placesAt, linesAt, taps }: Plan, own: number, m: number, count: number): number {
    const [tiles, places, lines] = [(own + tilesAt) >>> 2, (own + placesAt) >>> 2, (own + linesAt) >>> 2];
    const tileBytes = 4 * COLUMNS * m;
    if (!last) {
      let l = 0;
      for (let c = 0; c < count; c++) for (const td of d.taps) for (const th of h.taps) i32[lines + l++] = 4 * ((c * lenD + td - d.least) * lenH + th - h.least) * lenW;
      for (let e = 0; e < count * taps; e++) i32[places + e] = Math.floor(e / COLUMNS) * tileBytes + 4 * (e % COLUMNS);
      const used = Math.ceil((count * taps) / COLUMNS);
      for (let t = 0; t < used; t++) i32[tiles + t] = 4 * COLUMNS * t;
      return used;
    }
    let t = 0;
    for (let c = 0; c < count; c += COLUMNS) {
      let tap = 0;
      for (const td of d.taps) {
        for (const th of h.taps) {
          const line = ((td - d.least) * lenH + th - h.least) * lenW;
          for (const tw of w.taps) {
            i32[tiles + t] = 4 * ((line + tw - w.least) * width + c);
            for (let l = 0; l < Math.min(COLUMNS, count - c); l++) i32[places + (c + l) * taps + tap] = t * tileBytes + 4 * l;
            t++;
            tap++;
          }
        }
      }
    }
    return t;
  }

  return {
    name: nameOf(wasm, `convGradWeight_direct_${gemmRows()}x${COLUMNS}`),
    phases: 2,
    pieces([, , , ...geometry], phase) {
      const weights = weightCount(geometry);
      if (weights === 0) return 0;
      const { mBlocks, cBlocks, chunks } = plan(geometry);
      return phase === 1 ? (chunks > 1 ? blocks(weights) : 0) : geometry[1] * mBlocks * cBlocks * chunks;
    },
    workspace([, , , ...geometry]) {
      const weights = weightCount(geometry);
      if (weights === 0) return {};
      const { chunks, own } = plan(geometry);
      return { shared: chunks > 1 ? 4 * chunks * weights : 0, own };
    },
    run({ f32: floats, i32 }, [x, g, gw, ...geometry], begin, end, { phase, own, shared }) {
      const the = plan(geometry);
      const weights = weightCount(geometry);
      if (phase === 1) {
        convSumParts(shared, 4 * weights, the.chunks, gw, begin * BLOCK, Math.min(weights, end * BLOCK));
        return;
      }
      const [n, groups] = geometry;
      const { axes: [d, h, w], last, rows, channels, taps, mBlocks, cBlocks, unit, chunks, rowParts, colParts, lenD, lenH, lenW, width } = the;
      const wTap = w.taps.length > 1 ? 4 * (w.taps[1] - w.taps[0]) : 4;
      const sourcePlane = d.size * h.size * w.size;
      const plane = d.count * h.count * w.count;
      const [pixels, panels, slab, windows, sums] = [own + the.pixelsAt, own + the.panelsAt, own + the.slabAt, own + the.windowsAt, own + the.sumsAt];
      floats.fill(0, own >>> 2, (own + ZEROS) >>> 2);
      if (!last) for (let q = 0, at = (own + the.cellsAt) >>> 2; q < the.tallest * the.widest; q++) i32[at + q] = 4 * width * q;
      let tabulated = -1;
      for (let piece = begin; piece < end; piece++) {
        const cBlock = piece % cBlocks;
        const rest = (piece - cBlock) / cBlocks;
        const mBlock = rest % mBlocks;
        const outer = (rest - mBlock) / mBlocks;
        const group = outer % groups;
        const chunk = (outer - group) / groups;
        const [m0, m1] = partOf(rows, mBlocks, mBlock);
        const [c0, c1] = partOf(channels, cBlocks, cBlock, unit);
        const [n0, n1] = partOf(n, chunks, chunk);
        const m = m1 - m0;
        const count = c1 - c0;
        const tiles = tabulate(i32, the, own, m, count);
        let first = 1;
        for (let jd = 0; jd < d.count; jd++) {
          for (let part = 0; part < rowParts * colParts; part++) {
            const col = part % colParts;
            const [h0, h1] = partOf(h.count, rowParts, (part - col) / colParts);
            const [w0, w1] = partOf(w.count, colParts, col);
            const shape = (h1 - h0) * (w.count + 1) + w1 - w0;
            if (tabulated !== shape) {
              tabulated = shape;
              for (let r = 0, q = pixels >>> 2; r < h1 - h0; r++) for (let c = 0; c < w1 - w0; c++) i32[q++] = r * the.pixelRow + c * the.pixelCol;
            }
            const area = (h1 - h0) * (w1 - w0);
            const lowD = d.start + jd * d.step + d.least;
            const lowH = h.start + h0 * h.step + h.least;
            const lowW = w.start + w0 * w.step + w.least;
            for (let image = n0; image < n1; image++) {
              const item = image * groups + group;
              const source = x + 4 * (item * channels + c0) * sourcePlane;
              if (last) convFillLast(source, 4 * sourcePlane, count, d.size, h.size, w.size, lowD, lenD, lowH, lenH, lowW, lenW, width, slab);
              else {
                convFillSlab(source, 4 * sourcePlane, count, d.size, h.size, w.size, lowD, lenD, lowH, lenH, lowW, 1, 1, lenW, slab);
                convFillTaps(slab, own + the.linesAt, (count * taps) / w.taps.length, w.taps.length, wTap, pixels, area, 4 * width, windows);
              }
              // Column parts of several rows would not be one run; plan() makes them parts of a single row.
              gemmPackRows(g + 4 * ((item * rows + m0) * plane + (jd * h.count + h0) * w.count + w0), 4 * plane, 4, m, area, panels);
              convSumPixels(panels, m, area, last ? slab : windows, own + the.tilesAt, tiles, last ? pixels : own + the.cellsAt, own, first, sums);
              first = 0;
            }
          }
        }
        if (first) floats.fill(0, sums >>> 2, (sums >>> 2) + m * tiles * COLUMNS);
        const to = (chunks > 1 ? shared + 4 * chunk * weights : gw) + 4 * ((group * rows + m0) * channels + c0) * taps;
        convUnpack(sums, own + the.placesAt, m, count * taps, to, 4 * channels * taps);
      }
    },
  };
}
