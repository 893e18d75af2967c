/**
 * Weight gradient by Winograd's algorithm: Gᵀ[Σ over tiles (BᵀxB) ⊙ (A·g·Aᵀ)]G. For each position of a tile the sums are a product of matrices, output
 * channels × input channels, over tiles. The rows of tiles are cut into chunks, which are added up in doubles and in their order.
 *
 * Pieces: group × block of output channels × block of input channels × chunk; then group × both blocks × output channel.
 */
import type { ConvGeometry, Kernel, OpArgs } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { PIECES, partOf, piecesFor, roundUp } from './cut.js';
import { nameOf, type Wasm } from './wasm.js';
import { ACROSS, eachImage, outputsOf, pixelsOf, positionBytes, positionsOf, SIDE, wideOf } from './winograd.js';

/** Most channels of a block, of either kind: its sums stay in the second-level cache. */
const CHANNELS = 64;
/** Rows of channels are rounded up to that. */
const LANES = 8;
/** Multiplications that a piece should have at least. */
const LEAST = 262144;
/** Tiles that a chunk should have at least, since each brings sums of its own, to be written and read; and at most by the kernel's size, since rounding grows with them. */
const LEAST_TILES = 48;
const MOST_TILES = { 3: 96, 5: 48 };
/** Bytes that the partial sums of all chunks may take. */
const PARTIALS = 2 ** 25;

interface Plan {
  readonly kernel: number;
  readonly m: number;
  readonly positions: number;
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
  /** Most output channels of a block, and bytes of a piece's sums. */
  readonly mc: number;
  readonly sumsBytes: number;
  /** Places in the own workspace, bytes. */
  readonly gAt: number;
  readonly vAt: number;
  readonly sumsAt: number;
  readonly shared: number;
  readonly own: number;
}

/** Bytes of its own that winogradCells needs. */
function cellsBytes(kernel: number, down: number, across: number, channels: number): number {
  const m = outputsOf(kernel);
  return 16 * pixelsOf(m, down, across) + wideOf(kernel) * positionBytes(m * Math.ceil(down + (SIDE - m) / m) * across, channels);
}

/** Output channels that a piece adds up and transforms. */
const OUT = +(process.env.OUT ?? 8);
const BB = +(process.env.BB ?? 1048576);
const MAXC = +(process.env.MAXC ?? 64);
const COPY = !!process.env.COPY;

const plan = memoize(([n, groups, cin, cout, , , , , kernel, , , oH, oW]: ConvGeometry): Plan => {
  const m = outputsOf(kernel);
  const positions = positionsOf(kernel);
  const rows = cout / groups;
  const channels = cin / groups;
  const [down, across] = [Math.ceil(oH / m), Math.ceil(oW / ACROSS)];
  const lines = n * down;
  const mBlocks = Math.ceil(rows / CHANNELS);
  const cBlocks = Math.ceil(channels / CHANNELS);
  const mc = Math.ceil(rows / mBlocks);
  const cc = Math.ceil(channels / cBlocks);
  const [gRow, vRow] = [roundUp(mc, LANES), roundUp(cc, LANES)];
  const sumsPosition = 4 * mc * vRow;
  const sumsBytes = positions * sumsPosition;
  const others = groups * mBlocks * cBlocks;
  const tiles = lines * across;
  const wanted = Math.min(MAXC, Math.max(piecesFor(groups * tiles * positions * rows * channels, LEAST), PIECES));
  const chunks = Math.max(1, Math.min(
    Math.floor(tiles / LEAST_TILES), Math.max(Math.ceil(wanted / others), Math.ceil(tiles / MOST_TILES[kernel as keyof typeof MOST_TILES])), Math.floor(PARTIALS / (others * sumsBytes)),
  ));
  const fitting = Math.floor(BB / (4 * positions * (gRow + vRow) * across));
  const most = Math.max(1, Math.min(fitting, Math.ceil(lines / chunks)));
  const [gPosition, vPosition] = [positionBytes(most * across, gRow), positionBytes(most * across, vRow)];
  const scratch = Math.max(cellsBytes(kernel, most, across, Math.max(gRow, vRow)), 4 * positions * vRow * OUT + 16 * kernel * (wideOf(kernel) + kernel));
  const gAt = roundUp(64 + scratch, 64);
  const vAt = gAt + positions * gPosition;
  const sumsAt = vAt + positions * vPosition;
  return {
    kernel, m, positions, rows, channels, mBlocks, cBlocks, chunks, down, across, most, gPosition, vPosition, mc, sumsBytes, gAt, vAt, sumsAt,
    shared: others * chunks * sumsBytes, own: sumsAt + sumsBytes,
  };
});

export function convGradWeightWinograd(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const { winogradCells, winogradSum, winogradGradWeight } = wasm.functions;
  return {
    name: nameOf(wasm, 'convGradWeight_winograd'),
    phases: 2,
    pieces([, , , ...geometry], phase) {
      const { mBlocks, cBlocks, chunks, mc } = plan(geometry);
      return geometry[1] * mBlocks * cBlocks * (phase === 0 ? chunks : Math.ceil(mc / OUT));
    },
    workspace([, , , ...geometry]) {
      const { shared, own } = plan(geometry);
      return { shared, own };
    },
    run({ f32: floats, u8 }, [x, g, gw, ...geometry], begin, end, { phase, own, shared }) {
      const the = plan(geometry);
      const [n, groups, , , , iH, iW, , , , , oH, oW, , , , , pH, pW] = geometry;
      const { kernel, m, positions, rows, channels, mBlocks, cBlocks, chunks, down, across, most, gPosition, vPosition, mc, sumsBytes } = the;
      const [zeros, scratch, gTiles, vTiles, sums] = [own, own + 64, own + the.gAt, own + the.vAt, own + the.sumsAt];
      // Pieces of one group and pair of blocks lie together: its chunks, or its output channels.
      const each = phase === 0 ? chunks : Math.ceil(mc / OUT);
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
          const [o0, o1] = [part * OUT, Math.min((part + 1) * OUT, m1 - m0)];
          if (o0 >= o1) continue;
          const row = 4 * kernel * kernel * channels;
          winogradGradWeight(
            chunk + o0 * sumRow, (m1 - m0) * sumRow, sumsBytes, chunks, o1 - o0, c1 - c0, kernel,
            gw + (group * rows + m0 + o0) * row + 4 * kernel * kernel * c0, row, scratch,
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
              kernel, count, across, 1, gTiles + 4 * before * across * roundUp(m1 - m0, LANES), gPosition, scratch,
            );
            winogradCells(
              x + 4 * (item * channels + c0) * iH * iW, 4 * iH * iW, c1 - c0, iH, iW, row * m - pH, -pW,
              kernel, count, across, 0, vTiles + before * across * sumRow, vPosition, scratch,
            );
          });
          winogradSum(
            positions, gTiles, gPosition, m1 - m0, vTiles, vPosition, c1 - c0, (next - line) * across,
            line === first ? zeros : 0, sums, next === last && !COPY ? chunk + part * sumsBytes : sums,
          );
        }
        if (COPY) u8.copyWithin(chunk + part * sumsBytes, sums, sums + positions * (m1 - m0) * sumRow);
      }
    },
  };
}
