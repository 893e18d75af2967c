/**
 * Weight gradients of convolutions whose kernels are single pixels, without padding: products of the output's gradient with the input, summed
 * over the pixels of all images. Both are packed by turns of KC pixels, so that neither runs out of the second-level cache.
 *
 * Pieces: chunk of pixels × group × block of rows × block of channels; then blocks of weights.
 */
import type { ConvGeometry, Kernel, OpArgs } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { COLUMNS, PIECES, TILES, partOf, piecesFor, roundUp } from './cut.js';
import { addPartials, LEAST, LEAST_PIXELS, PARTIALS, partialBytes, partialPieces, placeOf } from './partials.js';
import { pointOf } from './pointwise.js';
import { weightsOf } from './sides.js';
import { nameOf, type Wasm } from './wasm.js';

/** Pixels that are summed at once, most rows and most channels of a block: 256 KiB of each operand and of sums. */
const KC = 256;
const MC = 240;
const NC = 256;
/** Bytes of zeros, which the sums begin with. */
const ZEROS = 64;

interface Plan {
  readonly rows: number;
  readonly channels: number;
  readonly plane: number;
  readonly volume: number;
  readonly pixels: number;
  /** Pixels that lie side by side in the input, `step` elements apart: an image's, or a line's where the stride leaves some out. */
  readonly run: number;
  readonly step: number;
  readonly mBlocks: number;
  readonly cBlocks: number;
  readonly chunks: number;
  /** Places in the own workspace, bytes. */
  readonly leftAt: number;
  readonly rightAt: number;
  readonly sumsAt: number;
  readonly own: number;
}

const planOf = memoize((geometry: ConvGeometry): Plan => {
  const [n, groups, cin, cout, iD, iH, iW, , , , oD, oH, oW, , , sW] = geometry;
  const [rows, channels] = [cout / groups, cin / groups];
  const [plane, volume] = [oD * oH * oW, iD * iH * iW];
  const pixels = n * plane;
  const [mBlocks, cBlocks] = [Math.ceil(rows / MC), Math.ceil(channels / NC)];
  const others = groups * mBlocks * cBlocks;
  const weights = weightsOf(geometry);
  const wanted = Math.ceil(piecesFor(pixels * weights, LEAST) / others);
  const most = Math.min(Math.max(Math.ceil(PIECES / others), Math.floor(pixels / LEAST_PIXELS)), Math.floor(PARTIALS / (4 * weights)));
  const chunks = Math.max(1, Math.min(pixels, wanted, most));
  const mc = Math.ceil(rows / mBlocks);
  const nc = roundUp(Math.ceil(channels / cBlocks) + (cBlocks > 1 ? COLUMNS : 0), COLUMNS);
  const leftAt = TILES + ZEROS;
  const rightAt = leftAt + roundUp(4 * mc * KC, 64);
  const sumsAt = rightAt + 4 * nc * KC;
  return {
    rows, channels, plane, volume, pixels, run: plane === volume ? plane : oW, step: plane === volume ? 1 : sW, mBlocks, cBlocks, chunks,
    leftAt, rightAt, sumsAt, own: sumsAt + 4 * mc * nc,
  };
});

export function pointwiseGradWeight(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const { gemmRows, gemmColumns, gemmPackRows, gemmPackColumns, gemmBlock } = wasm.functions;

  return {
    name: nameOf(wasm, `convGradWeight_pointwise_${gemmRows()}x${gemmColumns()}`),
    phases: 2,
    pieces([, , , ...geometry], phase) {
      const { mBlocks, cBlocks, chunks } = planOf(geometry);
      return phase === 0 ? geometry[1] * mBlocks * cBlocks * chunks : partialPieces(weightsOf(geometry), chunks);
    },
    workspace([, , , ...geometry]) {
      const { chunks, own } = planOf(geometry);
      return { shared: partialBytes(weightsOf(geometry), chunks), own };
    },
    run({ f32: floats }, [x, g, gw, ...geometry], begin, end, { phase, own, shared }) {
      const the = planOf(geometry);
      const weights = weightsOf(geometry);
      if (phase === 1) {
        addPartials(wasm, shared, weights, the.chunks, gw, begin, end);
        return;
      }
      const { rows, channels, plane, volume, pixels, run, step, mBlocks, cBlocks, chunks } = the;
      const groups = geometry[1];
      const [zeros, left, right, sums] = [own + TILES, own + the.leftAt, own + the.rightAt, own + the.sumsAt];
      floats.fill(0, zeros >>> 2, (zeros + ZEROS) >>> 2);
      for (let piece = begin; piece < end; piece++) {
        const { chunk, group, mBlock, cBlock } = placeOf(piece, groups, mBlocks, cBlocks);
        const [m0, m1] = partOf(rows, mBlocks, mBlock);
        const [c0, c1] = partOf(channels, cBlocks, cBlock, COLUMNS);
        const [q0, q1] = partOf(pixels, chunks, chunk);
        const [m, count] = [m1 - m0, c1 - c0];
        const to = (chunks > 1 ? shared + 4 * chunk * weights : gw) + 4 * ((group * rows + m0) * channels + c0);
        const sumRow = 4 * roundUp(count, COLUMNS);
        for (let q = q0; q < q1; q += KC) {
          const stop = Math.min(q1, q + KC);
          for (let at = q; at < stop;) {
            const p = at % plane;
            const some = Math.min(stop - at, run - (p % run));
            const item = ((at - p) / plane) * groups + group;
            gemmPackRows(g + 4 * ((item * rows + m0) * plane + p), 4 * plane, 4, m, some, left, at - q, stop - q);
            const from = x + 4 * ((item * channels + c0) * volume + pointOf(geometry, p));
            gemmPackColumns(from, 4 * step, 4 * volume, some, count, right + 4 * COLUMNS * (at - q), stop - q);
            at += some;
          }
          const [first, last] = [q === q0, stop === q1];
          gemmBlock(
            left, right, 0, first ? zeros : sums, first ? 0 : sumRow, first ? 0 : 4, last ? to : sums, last ? 4 * channels : sumRow, 4,
            m, last ? count : sumRow / 4, stop - q, KC, own, 0, NC, NC, 0, 0,
          );
        }
      }
    },
  };
}
