/**
 * Weight gradient by Winograd's algorithm: Gᵀ[Σ over tiles (BᵀxB) ⊙ (A·g·Aᵀ)]G. For each position of a tile the sums are a product of matrices, output
 * channels × input channels, over tiles. The rows of tiles are cut into chunks, summed in their order.
 *
 * Pieces: group × block of output channels × block of input channels × chunk; then group × both blocks × some output channels.
 */
import type { ConvGeometry, Kernel, OpArgs } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { PIECES, partOf, piecesFor, roundUp } from './cut.js';
import { nameOf, type Wasm } from './wasm.js';
import { BLOCK_BYTES, POSITIONS, SIDE, eachImage, positionBytes, tileOf } from './winograd.js';

/** Most channels of a block, of either kind: its sums stay in the second-level cache. */
const CHANNELS = 64;
/** Rows of channels are rounded up to that. */
const LANES = 8;
/** Tiles that a chunk should have at least: each brings sums of its own, to be written and read. */
const LEAST = 48;
/** Multiplications that a piece should have at least. */
const LEAST_WORK = 262144;
/** Bytes of a position's sums that a piece of phase 1 adds up: each position's lie in another page. */
const RUN = 1024;
/** Tiles that a chunk should have at most: they are summed one after the other, and rounding grows with them. */
const MOST = 96;
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
  /** Bytes of a position's tiles, of either kind. */
  readonly gPosition: number;
  readonly vPosition: number;
  /** Output channels that a piece of phase 1 has at most, and such pieces of a block. */
  readonly summed: number;
  readonly runs: number;
  /** Bytes of a piece's sums. */
  readonly sumsBytes: number;
  /** Places in the own workspace, bytes. */
  readonly gAt: number;
  readonly vAt: number;
  readonly sumsAt: number;
  readonly shared: number;
  readonly own: number;
}

/** Bytes of its own that winogradCells needs. */
function cellsBytes(m: number, down: number, across: number, channels: number): number {
  const [rows, columns] = [Math.ceil(down + SIDE / m - 1), Math.ceil(across + SIDE / m - 1)];
  return 4 * channels * m * rows * (m * columns + SIDE * across);
}

const plan = memoize(([n, groups, cin, cout, , , , , kernel, , , oH, oW]: ConvGeometry): Plan => {
  const m = tileOf(kernel);
  const rows = cout / groups;
  const channels = cin / groups;
  const [down, across] = [Math.ceil(oH / m), Math.ceil(oW / m)];
  const lines = n * down;
  const tiles = lines * across;
  const mBlocks = Math.ceil(rows / CHANNELS);
  const mc = Math.ceil(rows / mBlocks);
  const wanted = Math.max(piecesFor(groups * tiles * POSITIONS * rows * channels, LEAST_WORK), PIECES);
  const cBlocks = Math.ceil(channels / CHANNELS);
  const cc = Math.ceil(channels / cBlocks);
  const [gRow, vRow] = [roundUp(mc, LANES), roundUp(cc, LANES)];
  const sumsBytes = 4 * POSITIONS * mc * vRow;
  const others = groups * mBlocks * cBlocks;
  const chunks = Math.max(1, Math.min(
    Math.floor(tiles / LEAST), Math.max(Math.ceil(wanted / others), Math.ceil(tiles / MOST)), Math.floor(PARTIALS / (others * sumsBytes)),
  ));
  const summed = Math.max(1, Math.min(mc, Math.floor(RUN / (4 * vRow))));
  const fitting = Math.floor(BLOCK_BYTES / (4 * POSITIONS * (gRow + vRow) * across));
  const most = Math.max(1, Math.min(fitting, Math.ceil(lines / chunks)));
  const [gPosition, vPosition] = [positionBytes(most * across, gRow), positionBytes(most * across, vRow)];
  const scratch = Math.max(cellsBytes(m, most, across, Math.max(gRow, vRow)), 4 * POSITIONS * summed * vRow + 16 * (POSITIONS + SIDE * kernel));
  const gAt = roundUp(64 + scratch, 64);
  const vAt = gAt + POSITIONS * gPosition;
  const sumsAt = vAt + POSITIONS * vPosition;
  return {
    kernel, m, rows, channels, mBlocks, cBlocks, chunks, down, across, most, gPosition, vPosition, summed, runs: Math.ceil(mc / summed), sumsBytes, gAt, vAt, sumsAt,
    shared: others * chunks * sumsBytes, own: sumsAt + sumsBytes,
  };
});

export function convGradWeightWinograd(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const { winogradCells, winogradSum, winogradGradWeight } = wasm.functions;
  return {
    name: nameOf(wasm, 'convGradWeight_winograd_6x6'),
    phases: 2,
    pieces([, , , ...geometry], phase) {
      const { mBlocks, cBlocks, chunks, runs } = plan(geometry);
      return geometry[1] * mBlocks * cBlocks * (phase === 0 ? chunks : runs);
    },
    workspace([, , , ...geometry]) {
      const { shared, own } = plan(geometry);
      return { shared, own };
    },
    run({ f32: floats, u8 }, [x, g, gw, ...geometry], begin, end, { phase, own, shared }) {
      const the = plan(geometry);
      const [n, groups, , , , iH, iW, , , , , oH, oW, , , , , pH, pW] = geometry;
      const { m, rows, channels, mBlocks, cBlocks, chunks, down, across, most, gPosition, vPosition, summed, runs, sumsBytes } = the;
      const [zeros, scratch, gTiles, vTiles, sums] = [own, own + 64, own + the.gAt, own + the.vAt, own + the.sumsAt];
      // Pieces of one group and pair of blocks lie together: its chunks, or its output channels.
      const each = phase === 0 ? chunks : runs;
      if (phase === 0) floats.fill(0, zeros >>> 2, scratch >>> 2);
      for (let piece = begin; piece < end; piece++) {
        const part = piece % each;
        const place = (piece - part) / each;
        const cBlock = place % cBlocks;
        const rest = (place - cBlock) / cBlocks;
        const mBlock = rest % mBlocks;
        const group = (rest - mBlock) / mBlocks;
        const [m0, m1] = partOf(rows, mBlocks, mBlock);
        const [c0, c1] = partOf(channels, cBlocks, cBlock);
        const sumRow = 4 * roundUp(c1 - c0, LANES);
        const chunk = shared + place * chunks * sumsBytes;
        if (phase === 1) {
          const first = part * summed;
          const count = Math.min(summed, m1 - m0 - first);
          if (count <= 0) continue;
          const taps = 4 * the.kernel * the.kernel;
          winogradGradWeight(
            chunk + first * sumRow, (m1 - m0) * sumRow, sumsBytes, chunks, count, c1 - c0, the.kernel,
            gw + ((group * rows + m0 + first) * channels + c0) * taps, channels * taps, scratch,
          );
          continue;
        }
        const [first, last] = partOf(n * down, chunks, part);
        for (let line = first; line < last; line += most) {
          const next = Math.min(last, line + most);
          eachImage(line, next, down, (image, row, count, before) => {
            const item = image * groups + group;
            winogradCells(
              g + 4 * (item * rows + m0) * oH * oW, 4 * oH * oW, m1 - m0, oH, oW, row * m, 0,
              m, count, across, 1, gTiles + 4 * before * across * roundUp(m1 - m0, LANES), gPosition, scratch,
            );
            winogradCells(
              x + 4 * (item * channels + c0) * iH * iW, 4 * iH * iW, c1 - c0, iH, iW, row * m - pH, -pW,
              m, count, across, 0, vTiles + before * across * sumRow, vPosition, scratch,
            );
          });
          winogradSum(gTiles, gPosition, m1 - m0, vTiles, vPosition, c1 - c0, (next - line) * across, line === first ? zeros : 0, sums);
        }
        u8.copyWithin(chunk + part * sumsBytes, sums, sums + POSITIONS * (m1 - m0) * sumRow);
      }
    },
  };
}
