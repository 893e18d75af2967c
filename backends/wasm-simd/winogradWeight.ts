/**
 * Weight gradient by Winograd's algorithm: Gᵀ[Σ over tiles (BᵀxB) ⊙ (A·g·Aᵀ)]G. For each position of a tile the sums are a product of matrices, output
 * channels × input channels, taken as dot products along tiles. The rows of tiles are cut into chunks, summed in their order.
 *
 * Pieces: group × block of output channels × block of input channels × chunk; then group × both blocks × input channel.
 */
import type { ConvGeometry, Kernel, OpArgs } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { PIECES, partOf, roundUp } from './cut.js';
import { nameOf, type Wasm } from './wasm.js';
import { BLOCK_BYTES, POSITIONS, eachImage, pitchOf, positionBytes, tileOf, tilesBytes } from './winograd.js';

/** Most channels of a block, of either kind: its sums stay in the second-level cache. */
const CHANNELS = 64;
/** Tiles are summed in vectors of at most eight. */
const LANES = 8;
/** Tiles that a chunk should have at least: each brings sums of its own, to be written and read. */
const LEAST = 64;
/** Bytes that the partial sums of all chunks may take. */
const PARTIALS = 2 ** 25;

interface Plan {
  readonly kernel: number;
  readonly m: number;
  readonly rows: number;
  readonly channels: number;
  readonly mBlocks: number;
  readonly cBlocks: number;
  readonly chunks: number;
  /** Rows of tiles of an image, tiles of a row, most rows of tiles of a block. */
  readonly down: number;
  readonly across: number;
  readonly most: number;
  readonly pitch: number;
  /** Bytes of a position's rows of tiles, of either kind. */
  readonly gPosition: number;
  readonly vPosition: number;
  /** Most input channels of a block, and bytes of a piece's sums. */
  readonly cc: number;
  readonly sumsBytes: number;
  /** Places in the own workspace, bytes. */
  readonly gAt: number;
  readonly vAt: number;
  readonly sumsAt: number;
  readonly shared: number;
  readonly own: number;
}

const plan = memoize(([n, groups, cin, cout, , , , , kernel, , , oH, oW]: ConvGeometry): Plan => {
  const m = tileOf(kernel);
  const rows = cout / groups;
  const channels = cin / groups;
  const [down, across] = [Math.ceil(oH / m), Math.ceil(oW / m)];
  const lines = n * down;
  const mBlocks = Math.ceil(rows / CHANNELS);
  const cBlocks = Math.ceil(channels / CHANNELS);
  const mc = roundUp(Math.ceil(rows / mBlocks), 4);
  const cc = Math.ceil(channels / cBlocks);
  const sumsBytes = 4 * POSITIONS * cc * mc;
  const others = groups * mBlocks * cBlocks;
  const chunks = Math.max(1, Math.min(Math.floor(lines * across / LEAST), Math.ceil(PIECES / others), Math.floor(PARTIALS / (others * sumsBytes))));
  const fitting = Math.floor(BLOCK_BYTES / (4 * POSITIONS * (mc + cc) * across));
  const most = Math.max(1, Math.min(fitting, Math.ceil(lines / chunks)));
  const pitch = pitchOf(most * across);
  const [gPosition, vPosition] = [positionBytes(mc, pitch), positionBytes(cc, pitch)];
  const gAt = roundUp(Math.max(tilesBytes(m, most, across), 4 * POSITIONS * mc + 16 * (POSITIONS + 6 * kernel)), 64);
  const vAt = gAt + POSITIONS * gPosition;
  const sumsAt = vAt + POSITIONS * vPosition;
  return {
    kernel, m, rows, channels, mBlocks, cBlocks, chunks, down, across, most, pitch, gPosition, vPosition, cc, sumsBytes, gAt, vAt, sumsAt,
    shared: others * chunks * sumsBytes, own: sumsAt + sumsBytes,
  };
});

export function convGradWeightWinograd(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const { winogradTiles, winogradSum, winogradGradWeight } = wasm.functions;
  return {
    name: nameOf(wasm, 'convGradWeight_winograd_6x6'),
    phases: 2,
    pieces([, , , ...geometry], phase) {
      const { mBlocks, cBlocks, chunks, cc } = plan(geometry);
      return geometry[1] * mBlocks * cBlocks * (phase === 0 ? chunks : cc);
    },
    workspace([, , , ...geometry]) {
      const { shared, own } = plan(geometry);
      return { shared, own };
    },
    run({ u8 }, [x, g, gw, ...geometry], begin, end, { phase, own, shared }) {
      const the = plan(geometry);
      const [n, groups, , , , iH, iW, , , , , oH, oW, , , , , pH, pW] = geometry;
      const { m, rows, channels, mBlocks, cBlocks, chunks, down, across, most, pitch, gPosition, vPosition, cc, sumsBytes } = the;
      const [gTiles, vTiles, sums] = [own + the.gAt, own + the.vAt, own + the.sumsAt];
      // Pieces of one group and pair of blocks lie together: its chunks, or its input channels.
      const each = phase === 0 ? chunks : cc;
      for (let piece = begin; piece < end; piece++) {
        const part = piece % each;
        const place = (piece - part) / each;
        const cBlock = place % cBlocks;
        const rest = (place - cBlock) / cBlocks;
        const mBlock = rest % mBlocks;
        const group = (rest - mBlock) / mBlocks;
        const [m0, m1] = partOf(rows, mBlocks, mBlock);
        const [c0, c1] = partOf(channels, cBlocks, cBlock);
        const sumRow = 4 * roundUp(m1 - m0, 4);
        const chunk = shared + place * chunks * sumsBytes;
        if (phase === 1) {
          if (part >= c1 - c0) continue;
          const taps = 4 * the.kernel * the.kernel;
          winogradGradWeight(
            chunk + part * sumRow, (c1 - c0) * sumRow, sumsBytes, chunks, m1 - m0, the.kernel,
            gw + ((group * rows + m0) * channels + c0 + part) * taps, channels * taps, own,
          );
          continue;
        }
        const [first, last] = partOf(n * down, chunks, part);
        for (let line = first; line < last; line += most) {
          const next = Math.min(last, line + most);
          const tiles = (next - line) * across;
          const all = roundUp(tiles, LANES);
          eachImage(line, next, down, (image, row, count, before) => {
            // Sums run in vectors: behind the last tile lie zeros of g.
            const surplus = line + before + count === next ? all - tiles : 0;
            const item = image * groups + group;
            winogradTiles(
              g + 4 * (item * rows + m0) * oH * oW, 4 * oH * oW, m1 - m0, oH, oW, row * m, 0,
              m, count, across, surplus, 1, gTiles + 4 * before * across, 4 * pitch, gPosition, own,
            );
            winogradTiles(
              x + 4 * (item * channels + c0) * iH * iW, 4 * iH * iW, c1 - c0, iH, iW, row * m - pH, -pW,
              m, count, across, surplus, 0, vTiles + 4 * before * across, 4 * pitch, vPosition, own,
            );
          });
          winogradSum(gTiles, 4 * pitch, gPosition, m1 - m0, vTiles, 4 * pitch, vPosition, c1 - c0, all, line === first ? 1 : 0, sums, sumRow, own);
        }
        u8.copyWithin(chunk + part * sumsBytes, sums, sums + POSITIONS * (c1 - c0) * sumRow);
      }
    },
  };
}
