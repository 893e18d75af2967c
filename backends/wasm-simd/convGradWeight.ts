/**
 * Weight gradient of a convolution: tiles sum over the pixels of all images, whose places are a table of offsets. A tile is output
 * channels × eight input channels of one tap, read from a slab with channels side by side; or, for few input channels, taps of a
 * line of the kernel × eight output channels, or, in rows of whole vectors, × a few, as dot products. The batch is cut into chunks, summed in phase 1.
 *
 * Pieces: group × block of output channels × block of input channels × chunk; then blocks of weights.
 */
import type { ConvGeometry, Kernel, OpArgs } from '../../src/backend/index.js';
import { forwardAxes, flatten, type Axes } from './axes.js';
import { memoize } from '../../src/backend/memoize.js';
import { BEYOND, COLUMNS, PIECES, TALLEST, finePiecesFor, partOf, piecesFor, roundUp } from './cut.js';
import { weightsOf } from './sides.js';
import { f32, nameOf, type Wasm } from './wasm.js';

const ZEROS = 64;
/** Bytes that the sums of a piece should take at most, and the slab. */
const SUMS = 262144;
const SLAB = 262144;
/** Most pixels of a block; and where tiles are taps of a line, so few that a panel stays in the first-level cache. */
const PIXELS = 1024;
const LINES_PIXELS = 512;
/** Most output channels of a piece. */
const MC = 96;
/** Bytes that the partial sums of all chunks may take. */
const PARTIALS = 2 ** 24;
/** Multiplications that a piece should have at least, and pixels of a chunk where there are more than PIECES. */
const LEAST = 65536;
const LEAST_PIXELS = 512;
/** Such pixels where the partial sums stay in the caches, and bytes of these. */
const FEW_PIXELS = 392;
const NEAR = 2 ** 21;
/** Partial sums that a piece adds up, of all chunks; and weights that it has at least. */
const SUMMED = 65536;
const LEAST_SUMMED = 256;
/** Bytes of a chunk's packed gradient that wait for the next block of input channels. */
const PANELS = 2 ** 18;
/** Channels that a block keeps, of either kind, when blocks are cut for the sake of pieces; and pieces that are not exceeded so: two for each of 64 threads. */
const FINE_DEPTH = 64;
const FINE_MC = 48;
const FINE_PIECES = 128;
/** Rows below which a tile takes no less time: two multiplications of vectors a cycle, each done after four. */
const LEAST_ROWS = 4;
/** Pixels of the shortest vector, and bytes of a sum of dot products: the longest. */
const VECTOR = 4;
const LANES = 32;

interface Plan {
  readonly axes: Axes;
  /** Channels side by side in the slab, tiles are of one tap; else they are of a line. */
  readonly last: boolean;
  /** Of lines, and in rows of whole vectors: neither operand is rearranged. */
  readonly dots: boolean;
  /** Taps of a line: runs of neighbours. */
  readonly line: number;
  readonly rows: number;
  readonly channels: number;
  readonly taps: number;
  readonly mBlocks: number;
  readonly cBlocks: number;
  /** Units in which channels are cut into blocks. */
  readonly unit: number;
  readonly chunks: number;
  /** Blocks of pixels of an image: depths × row parts × column parts. */
  readonly rowParts: number;
  readonly colParts: number;
  readonly tallest: number;
  readonly widest: number;
  readonly lenD: number;
  readonly lenH: number;
  readonly lenW: number;
  /** Floats of a pixel in the slab: channels of a block, or one. */
  readonly width: number;
  /** Byte offsets: of pixel (r, c) of a block is r·pixelRow + c·pixelCol. */
  readonly pixelRow: number;
  readonly pixelCol: number;
  /** Places in the own workspace, bytes. */
  readonly pixelsAt: number;
  readonly tilesAt: number;
  readonly placesAt: number;
  readonly panelsAt: number;
  /** Bytes of the packed gradient of a block of pixels; 0 where those of a chunk are not kept. */
  readonly panelStep: number;
  readonly slabAt: number;
  readonly sumsAt: number;
  readonly own: number;
}

const plan = memoize((geometry: ConvGeometry): Plan => {
  const [n, groups, cin, cout, , , , , ] = geometry;
  const [d, h, w] = flatten(forwardAxes(geometry));
  const rows = cout / groups;
  const channels = cin / groups;
  const taps = d.taps.length * h.taps.length * w.taps.length;
  const line = w.taps.length > 1 && w.taps[1] - w.taps[0] === 1 ? w.taps.length : 1;
  const lineTaps = (channels * taps / line) * Math.max(line, LEAST_ROWS * Math.ceil(line / TALLEST));
  const last = roundUp(channels, COLUMNS) * taps * rows <= lineTaps * roundUp(rows, COLUMNS);
  const unit = last ? COLUMNS : 1;
  const channelUnits = Math.ceil(channels / unit);
  const pixelsOfAll = n * d.count * h.count * w.count;
  const weights = weightsOf(geometry);

  // Chunks of images and blocks of them; one that is too short costs as much to add up as to compute.
  const wanted = piecesFor(pixelsOfAll * weights, LEAST);
  const blocksFor = (pieces: number, rowsLeast: number, depthLeast: number): [mBlocks: number, cBlocks: number] => {
    let m = Math.ceil(rows / MC);
    const fitting = Math.max(1, Math.min(channelUnits, Math.floor(SUMS / (Math.ceil(rows / m) * unit * taps * 4))));
    let c = Math.ceil(channelUnits / fitting);
    c = Math.max(c, Math.min(Math.floor(channels / depthLeast), Math.floor(pieces / (groups * m))));
    m = Math.max(m, Math.min(Math.floor(rows / rowsLeast), Math.floor(pieces / (groups * c))));
    return [m, c];
  };
  const [mLeast, cLeast] = blocksFor(1, rows, channels);
  const others = groups * mLeast * cLeast;
  const most = Math.min(
    Math.max(Math.ceil(PIECES / others), Math.floor(pixelsOfAll / LEAST_PIXELS), Math.min(Math.floor(pixelsOfAll / FEW_PIXELS), Math.floor(NEAR / (4 * weights)))),
    Math.floor(PARTIALS / (4 * weights)),
  );
  const fine = Math.max(wanted, Math.min(FINE_PIECES, finePiecesFor(pixelsOfAll * weights)));
  const parts = Math.max(1, Math.min(most, Math.max(Math.ceil(wanted / others), Math.floor(fine / others)), n * d.count * h.count * w.count));
  const [mBlocks, cBlocks] = blocksFor(fine / parts, FINE_MC, FINE_DEPTH);
  const mc = Math.ceil(rows / mBlocks);
  /** Most channels of a block. */
  const depth = unit * (Math.ceil(channelUnits / cBlocks) + (cBlocks > 1 ? 1 : 0));
  const width = last ? depth : 1;
  const dots = !last && line === w.taps.length && w.step === 1 && w.count % VECTOR === 0 && w.count <= PIXELS;
  // A chunk is at least a block of pixels; dot products take whole rows.
  const pixels = dots ? PIXELS : Math.max(1, Math.min(last ? PIXELS : LINES_PIXELS, Math.ceil(pixelsOfAll / parts)));

  const colParts = Math.max(1, Math.ceil(w.count / pixels));
  const widest = Math.max(1, Math.ceil(w.count / colParts));
  const lenD = d.most - d.least + 1;
  const lenW = (widest - 1) * w.step + w.most - w.least + 1;
  const fitting = Math.floor((SLAB / (4 * depth * lenD * lenW) - (h.most - h.least + 1)) / h.step) + 1;
  const rowParts = Math.max(1, Math.ceil(h.count / Math.max(1, Math.min(h.count, fitting, Math.floor(pixels / widest)))));
  const tallest = Math.max(1, Math.ceil(h.count / rowParts));
  const lenH = (tallest - 1) * h.step + h.most - h.least + 1;
  const units = n * d.count * rowParts * colParts;
  const chunks = Math.max(1, Math.min(units, parts));
  let at = ZEROS;
  const place = (bytes: number): number => {
    const here = at;
    at += roundUp(bytes, 64);
    return here;
  };
  const block = tallest * widest;
  const panelBytes = 4 * (last ? mc : roundUp(mc, COLUMNS)) * block;
  const kept = Math.ceil(units / chunks);
  const keeps = !dots && cBlocks > 1 && kept * panelBytes <= PANELS;
  return {
    axes: [d, h, w], last, dots, line, rows, channels, taps, mBlocks, cBlocks, unit, chunks, rowParts, colParts, tallest, widest, lenD, lenH, lenW, width,
    pixelRow: 4 * h.step * lenW * width, pixelCol: 4 * w.step * width,
    pixelsAt: place(4 * block), tilesAt: place(last ? (depth / COLUMNS) * taps * 4 : (depth * taps / line) * 4), placesAt: place(4 * depth * taps),
    panelsAt: place(dots ? 0 : (keeps ? kept : 1) * panelBytes), panelStep: keeps ? panelBytes : 0, slabAt: place(4 * (depth * lenD * lenH * lenW + BEYOND)),
    sumsAt: place((dots ? LANES * mc : 4 * (last ? mc : roundUp(mc, COLUMNS))) * depth * taps), own: at,
  };
});

/** Weights of a piece that adds up so many chunks. */
const summedBy = (chunks: number): number => Math.max(LEAST_SUMMED, Math.floor(SUMMED / chunks / LEAST_SUMMED) * LEAST_SUMMED);

export const convGradWeight = (wasm: Wasm): { convGradWeight: { float32: Kernel<OpArgs['convGradWeight']> } } => ({ convGradWeight: f32(kernel(wasm)) });

function kernel(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const { gemmRows, gemmPackColumns, gemmPackRows, convFillSlab, convFillLast, convSumLines, convSumPixels, convSumDots, convFoldDots, convSegment, convUnpack, convSumParts } = wasm.functions;

  const segment = convSegment();

  /** Writes the tables of tiles, or lines, and of where each weight of `m` output channels lies, for `count` input channels. */
  function tabulate(i32: Int32Array, { axes: [d, h, w], last, line, lenD, lenH, lenW, width, tilesAt, placesAt, taps }: Plan, own: number, m: number, count: number): number {
    const [tiles, places] = [(own + tilesAt) >>> 2, (own + placesAt) >>> 2];
    const tileBytes = 4 * COLUMNS * m;
    if (!last) {
      let l = 0;
      for (let c = 0; c < count; c++) {
        for (const td of d.taps) {
          for (const th of h.taps) {
            for (let tap = 0; tap < w.taps.length; tap += line) {
              i32[tiles + l++] = 4 * (((c * lenD + td - d.least) * lenH + th - h.least) * lenW + w.taps[tap] - w.least);
            }
          }
        }
      }
      for (let e = 0; e < count * taps; e++) i32[places + e] = 4 * COLUMNS * e;
      return l;
    }
    let t = 0;
    for (let c = 0; c < count; c += COLUMNS) {
      let tap = 0;
      for (const td of d.taps) {
        for (const th of h.taps) {
          const row = ((td - d.least) * lenH + th - h.least) * lenW;
          for (const tw of w.taps) {
            i32[tiles + t] = 4 * ((row + tw - w.least) * width + c);
            for (let l = 0; l < Math.min(COLUMNS, count - c); l++) i32[places + (c + l) * taps + tap] = t * tileBytes + 4 * l;
            t++;
            tap++;
          }
        }
      }
    }
    return t;
  }

  /** Writes where the segments of `height` rows lie in the slab and in the gradient, then the fours that are left of each row. */
  function tabulateDots(i32: Int32Array, { axes: [, , w], pixelRow, pixelsAt }: Plan, own: number, height: number, wide: number, narrow: number): void {
    let q = (own + pixelsAt) >>> 2;
    const run = (begin: number, count: number, size: number): void => {
      for (let r = 0; r < height; r++) {
        for (let i = 0; i < count; i++) {
          i32[q++] = r * pixelRow + 4 * (begin + i * size);
          i32[q++] = 4 * (r * w.count + begin + i * size);
        }
      }
    };
    run(0, wide, segment);
    run(wide * segment, narrow, VECTOR);
  }

  return {
    name: nameOf(wasm, `convGradWeight_direct_${gemmRows()}x${COLUMNS}`),
    phases: 2,
    pieces([, , , ...geometry], phase) {
      const weights = weightsOf(geometry);
      if (weights === 0) return 0;
      const { mBlocks, cBlocks, chunks } = plan(geometry);
      return phase === 1 ? (chunks > 1 ? Math.ceil(weights / summedBy(chunks)) : 0) : geometry[1] * mBlocks * cBlocks * chunks;
    },
    workspace([, , , ...geometry]) {
      const weights = weightsOf(geometry);
      if (weights === 0) return {};
      const { chunks, own } = plan(geometry);
      return { shared: chunks > 1 ? 4 * chunks * weights : 0, own };
    },
    run({ f32: floats, i32 }, [x, g, gw, ...geometry], begin, end, { phase, own, shared }) {
      const the = plan(geometry);
      const weights = weightsOf(geometry);
      if (phase === 1) {
        const each = summedBy(the.chunks);
        convSumParts(shared, 4 * weights, the.chunks, gw, begin * each, Math.min(weights, end * each));
        return;
      }
      const [n, groups] = geometry;
      const { axes: [d, h, w], last, dots, line, rows, channels, taps, mBlocks, cBlocks, unit, chunks, rowParts, colParts, lenD, lenH, lenW, width, panelStep } = the;
      const sourcePlane = d.size * h.size * w.size;
      const plane = d.count * h.count * w.count;
      const [pixels, tileTable, slab, sums] = [own + the.pixelsAt, own + the.tilesAt, own + the.slabAt, own + the.sumsAt];
      floats.fill(0, own >>> 2, (own + ZEROS) >>> 2);
      let [tabulated, packed] = [-1, -1];
      for (let piece = begin; piece < end; piece++) {
        const cBlock = piece % cBlocks;
        const rest = (piece - cBlock) / cBlocks;
        const mBlock = rest % mBlocks;
        const outer = (rest - mBlock) / mBlocks;
        const group = outer % groups;
        const chunk = (outer - group) / groups;
        const [m0, m1] = partOf(rows, mBlocks, mBlock);
        const [c0, c1] = partOf(channels, cBlocks, cBlock, unit);
        const [u0, u1] = partOf(n * d.count * rowParts * colParts, chunks, chunk);
        const m = m1 - m0;
        const count = c1 - c0;
        // Blocks of input channels meet the same gradient one after the other.
        const fresh = panelStep === 0 || packed !== outer * mBlocks + mBlock;
        packed = outer * mBlocks + mBlock;
        const tiles = tabulate(i32, the, own, m, count);
        let first = 1;
        if (dots) floats.fill(0, sums >>> 2, (sums + LANES * m * count * taps) >>> 2);
        for (let u = u0; u < u1; u++) {
          const col = u % colParts;
          const stripe = (u - col) / colParts;
          const row = stripe % rowParts;
          const slice = (stripe - row) / rowParts;
          const jd = slice % d.count;
          const image = (slice - jd) / d.count;
          const [h0, h1] = partOf(h.count, rowParts, row);
          const [w0, w1] = partOf(w.count, colParts, col);
          const shape = (h1 - h0) * (w.count + 1) + w1 - w0;
          const wide = segment > VECTOR ? Math.floor(w.count / segment) : 0;
          const narrow = (w.count - wide * segment) / VECTOR;
          if (tabulated !== shape) {
            tabulated = shape;
            if (dots) tabulateDots(i32, the, own, h1 - h0, wide, narrow);
            else for (let r = 0, q = pixels >>> 2; r < h1 - h0; r++) for (let c = 0; c < w1 - w0; c++) i32[q++] = r * the.pixelRow + c * the.pixelCol;
          }
          const area = (h1 - h0) * (w1 - w0);
          const lowD = d.start + jd * d.step + d.least;
          const lowH = h.start + h0 * h.step + h.least;
          const lowW = w.start + w0 * w.step + w.least;
          const item = image * groups + group;
          const source = x + 4 * (item * channels + c0) * sourcePlane;
          // Column parts of several rows would not be one run; plan() makes them parts of a single row.
          const panels = own + the.panelsAt + (u - u0) * panelStep;
          const gradient = g + 4 * ((item * rows + m0) * plane + (jd * h.count + h0) * w.count + w0);
          if (last) {
            convFillLast(source, 4 * sourcePlane, count, d.size, h.size, w.size, lowD, lenD, lowH, lenH, lowW, lenW, width, slab);
            if (fresh) gemmPackRows(gradient, 4 * plane, 4, m, area, panels, 0, area);
            convSumPixels(panels, m, area, slab, tileTable, tiles, pixels, own, first, sums);
          } else {
            convFillSlab(source, count, d.size, h.size, w.size, lowD, lenD, lowH, lenH, lowW, 1, 1, lenW, slab);
            if (dots) convSumDots(gradient, 4 * plane, m, slab, tileTable, tiles, line, pixels, (h1 - h0) * wide, (h1 - h0) * narrow, sums, LANES * count * taps);
            else {
              if (fresh) gemmPackColumns(gradient, 4, 4 * plane, area, m, panels, area);
              convSumLines(panels, Math.ceil(m / COLUMNS), area, slab, tileTable, tiles, line, pixels, own, first, sums);
            }
          }
          first = 0;
        }
        if (first) floats.fill(0, sums >>> 2, (own + the.own) >>> 2);
        const to = (chunks > 1 ? shared + 4 * chunk * weights : gw) + 4 * ((group * rows + m0) * channels + c0) * taps;
        if (last) convUnpack(sums, 4 * COLUMNS, own + the.placesAt, m, count * taps, to, 4 * channels * taps);
        else if (dots) for (let i = 0; i < m; i++) convFoldDots(sums + LANES * i * count * taps, count * taps, to + 4 * i * channels * taps);
        else {
          // A row of sums holds a weight of eight output channels, and all weights come before the next eight.
          for (let i = 0; i < m; i += COLUMNS) {
            const next = to + 4 * i * channels * taps;
            convUnpack(sums + 4 * i * count * taps, 4, own + the.placesAt, Math.min(COLUMNS, m - i), count * taps, next, 4 * channels * taps);
          }
        }
      }
    },
  };
}
