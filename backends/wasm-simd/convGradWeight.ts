/**
 * Weight gradient of a convolution: tiles sum over the pixels of all images, whose places are a table of offsets. A tile is output
 * channels × eight input channels of one tap, read from a slab with channels side by side; or, for few input channels, taps of a
 * line of the kernel × eight output channels, or, in rows of whole vectors, × a few, as dot products. The batch is cut into chunks, summed in phase 1.
 *
 * Pieces: group × block of output channels × block of input channels × chunk; then blocks of weights.
 */
import type { Kernel, OpArgs } from '../../src/backend/index.js';
import { COLUMNS, partOf } from './cut.js';
import { LANES, plan, VECTOR, ZEROS, type Plan } from './convGradWeightPlan.js';
import { addPartials, partialBytes, partialPieces, placeOf } from './partials.js';
import { weightsOf } from './sides.js';
import { f32, nameOf, type Wasm } from './wasm.js';

export const convGradWeight = (wasm: Wasm): { convGradWeight: { float32: Kernel<OpArgs['convGradWeight']> } } => ({ convGradWeight: f32(kernel(wasm)) });

function kernel(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const { gemmRows, gemmColumns, gemmPackColumns, gemmPackRows, convFillSlab, convFillLast, convSumLines, convSumPixels, convSumDots, convFoldDots, convSegment, convUnpack } = wasm.functions;

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
    name: nameOf(wasm, `convGradWeight_direct_${gemmRows()}x${gemmColumns()}`),
    phases: 2,
    pieces([, , , ...geometry], phase) {
      const weights = weightsOf(geometry);
      if (weights === 0) return 0;
      const { mBlocks, cBlocks, chunks } = plan(geometry);
      return phase === 1 ? partialPieces(weights, chunks) : geometry[1] * mBlocks * cBlocks * chunks;
    },
    workspace([, , , ...geometry]) {
      const weights = weightsOf(geometry);
      if (weights === 0) return {};
      const { chunks, own } = plan(geometry);
      return { shared: partialBytes(weights, chunks), own };
    },
    run({ f32: floats, i32 }, [x, g, gw, ...geometry], begin, end, { phase, own, shared }) {
      const the = plan(geometry);
      const weights = weightsOf(geometry);
      if (phase === 1) {
        addPartials(wasm, shared, weights, the.chunks, gw, begin, end);
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
        const { chunk, group, mBlock, cBlock } = placeOf(piece, groups, mBlocks, cBlocks);
        const [m0, m1] = partOf(rows, mBlocks, mBlock);
        const [c0, c1] = partOf(channels, cBlocks, cBlock, unit);
        const [u0, u1] = partOf(n * d.count * rowParts * colParts, chunks, chunk);
        const m = m1 - m0;
        const count = c1 - c0;
        // Blocks of input channels meet the same gradient one after the other.
        const fresh = panelStep === 0 || packed !== piece - cBlock;
        packed = piece - cBlock;
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
