/**
 * Weight gradient by Winograd's algorithm: Gᵀ[Σ over tiles (BᵀxB) ⊙ (A·g·Aᵀ)]G. For each position of a tile the sums are a product of matrices, output
 * channels × input channels, over tiles. The rows of tiles are cut into chunks, whose sums are added up in doubles and in their order.
 *
 * Where channels are one block, a piece transforms the tiles of a chunk for itself. Blocks share what is transformed, as far as memory allows: phase 0 then transforms
 * all tiles, pieces being group × block of either kind × part of the rows of tiles. Phase 1 sums: group × both blocks × chunk, or position × group × both blocks.
 * Phase 2 adds up and transforms back: group × both blocks × some output channels.
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
/**
 * Bytes that the partial sums of all chunks may take; tiles that a piece transforms for itself, as a rule a whole chunk, so that its sums are written once; and
 * tiles that all pieces share.
 */
const PARTIALS = 2 ** 25;
const OWN_TILES = 2 ** 21;
const SHARED_TILES = 2 ** 26;
/** Sums of a chunk that are so few bytes are copied to their place: in a training step, where it is in no cache, products wait longer to write there. */
const COPIED = 2 ** 18;
/** Rows of tiles that a piece of phase 0 transforms. */
const TOGETHER = 2;
/** Sums of a position, which lie together, that a piece adds up and transforms back: whole output channels. */
const ADDED = 256;

interface Plan {
  readonly kernel: number;
  readonly m: number;
  readonly positions: number;
  readonly rows: number;
  readonly channels: number;
  readonly mBlocks: number;
  readonly cBlocks: number;
  readonly chunks: number;
  /** Whether phase 0 transforms, and its parts. */
  readonly before: boolean;
  readonly parts: number;
  /** Rows of tiles of all images and of one, tiles of a row, most rows of tiles of a block. */
  readonly lines: number;
  readonly down: number;
  readonly across: number;
  readonly most: number;
  /** Bytes of a position's tiles, of either kind, and of the sums of a chunk. */
  readonly gPosition: number;
  readonly vPosition: number;
  readonly sumsBytes: number;
  /** Output channels of a piece that adds up, and such pieces of two blocks. */
  readonly added: number;
  readonly adding: number;
  /** Places of tiles in the own workspace, or in the shared one after all sums; and of sums in the own. Bytes. */
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
  const [gRow, vRow] = [roundUp(mc, LANES), roundUp(Math.ceil(channels / cBlocks), LANES)];
  const sumsBytes = 4 * positions * mc * vRow;
  const added = Math.ceil(ADDED / vRow);
  const others = groups * mBlocks * cBlocks;
  const tiles = lines * across;
  const bytesOf = (count: number): readonly [number, number] => [positionBytes(count * across, gRow), positionBytes(count * across, vRow)];
  const [gAll, vAll] = bytesOf(lines);
  const sharedTiles = groups * positions * (mBlocks * gAll + cBlocks * vAll);
  const before = mBlocks * cBlocks > 1 && sharedTiles <= SHARED_TILES;
  // Positions are pieces enough; otherwise chunks are, of which more than PIECES cost more than they gain.
  const wanted = before ? 1 : Math.ceil(piecesFor(groups * tiles * positions * rows * channels, LEAST) / others);
  // A chunk has one row of tiles at least, however wide: of an empty one nobody would write the sums.
  const chunks = Math.max(1, Math.min(
    lines, Math.floor(tiles / LEAST_TILES), Math.max(Math.min(PIECES, wanted), Math.ceil(tiles / MOST_TILES[kernel as keyof typeof MOST_TILES])), Math.floor(PARTIALS / (others * sumsBytes)),
  ));
  const fitting = before ? TOGETHER : Math.floor(OWN_TILES / (4 * positions * (gRow + vRow) * across));
  const most = Math.max(1, Math.min(fitting, Math.ceil(lines / chunks)));
  const [gPosition, vPosition] = before ? [gAll, vAll] : bytesOf(most);
  const scratch = Math.max(cellsBytes(kernel, most, across, Math.max(gRow, vRow)), 4 * positions * added * vRow + 16 * kernel * (wideOf(kernel) + kernel));
  const partials = roundUp(others * chunks * sumsBytes, 64);
  const gAt = before ? partials : roundUp(64 + scratch, 64);
  const vAt = gAt + positions * gPosition * (before ? groups * mBlocks : 1);
  const sumsAt = vAt + positions * vPosition;
  return {
    kernel, m, positions, rows, channels, mBlocks, cBlocks, chunks, before, parts: before ? Math.ceil(lines / most) : 0, lines, down, across, most, gPosition, vPosition,
    sumsBytes, added, adding: Math.ceil(mc / added), gAt, vAt, sumsAt, shared: partials + (before ? sharedTiles : 0), own: before ? 64 + scratch : sumsAt + sumsBytes,
  };
});

export function convGradWeightWinograd(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const { winogradCells, winogradSum, winogradGradWeight } = wasm.functions;

  /** Transforms rows of tiles first … last − 1 of channels c0 … c1 − 1 of a group, of the gradient or of x, to `to`. */
  function transform(the: Plan, isGrad: boolean, source: number, geometry: ConvGeometry, group: number, c0: number, c1: number, first: number, last: number, to: number, scratch: number): void {
    const [, groups, , , , iH, iW, , , , , oH, oW, , , , , pH, pW] = geometry;
    const { kernel, m, rows, channels, down, across, gPosition, vPosition } = the;
    const [all, h, w, lowH, lowW] = isGrad ? [rows, oH, oW, 0, 0] : [channels, iH, iW, -pH, -pW];
    eachImage(first, last, down, (image, row, count, before) => winogradCells(
      source + 4 * ((image * groups + group) * all + c0) * h * w, 4 * h * w, c1 - c0, h, w, row * m + lowH, lowW,
      kernel, count, across, isGrad ? 1 : 0, to + 4 * before * across * roundUp(c1 - c0, LANES), isGrad ? gPosition : vPosition, scratch,
    ));
  }

  return {
    name: nameOf(wasm, 'convGradWeight_winograd'),
    phases: 3,
    pieces([, , , ...geometry], phase) {
      const { positions, mBlocks, cBlocks, chunks, before, parts, adding } = plan(geometry);
      return geometry[1] * (phase === 0 ? (mBlocks + cBlocks) * parts : mBlocks * cBlocks * (phase === 2 ? adding : before ? positions : chunks));
    },
    workspace([, , , ...geometry]) {
      const { shared, own } = plan(geometry);
      return { shared, own };
    },
    run({ f32: floats, u8 }, [x, g, gw, ...geometry], begin, end, { phase, own, shared }) {
      const the = plan(geometry);
      const groups = geometry[1];
      const { kernel, positions, rows, channels, mBlocks, cBlocks, chunks, before, parts, lines, across, most, gPosition, vPosition, sumsBytes, added, adding, gAt, vAt } = the;
      const [zeros, scratch, sums] = [own, own + 64, own + the.sumsAt];
      floats.fill(0, zeros >>> 2, scratch >>> 2);
      for (let piece = begin; piece < end; piece++) {
        if (phase === 0) {
          const part = piece % parts;
          const place = (piece - part) / parts;
          const isGrad = place < groups * mBlocks;
          const at = isGrad ? place : place - groups * mBlocks;
          const [all, blocks] = isGrad ? [rows, mBlocks] : [channels, cBlocks];
          const block = at % blocks;
          const [c0, c1] = partOf(all, blocks, block);
          const [first, last] = partOf(lines, parts, part);
          const to = shared + (isGrad ? gAt + at * positions * gPosition : vAt + at * positions * vPosition) + 4 * first * across * roundUp(c1 - c0, LANES);
          transform(the, isGrad, isGrad ? g : x, geometry, (at - block) / blocks, c0, c1, first, last, to, scratch);
          continue;
        }
        // Pieces of one group and pair of blocks lie together, its chunks or output channels; or those of one position, which read the same tiles.
        const pairs = groups * mBlocks * cBlocks;
        const each = phase === 2 ? adding : chunks;
        const place = phase === 1 && before ? piece % pairs : Math.floor(piece / each);
        const cBlock = place % cBlocks;
        const rest = (place - cBlock) / cBlocks;
        const mBlock = rest % mBlocks;
        const group = (rest - mBlock) / mBlocks;
        const [m0, m1] = partOf(rows, mBlocks, mBlock);
        const [c0, c1] = partOf(channels, cBlocks, cBlock);
        const [gRow, vRow] = [4 * roundUp(m1 - m0, LANES), 4 * roundUp(c1 - c0, LANES)];
        const partials = shared + place * chunks * sumsBytes;
        if (phase === 2) {
          const o0 = (piece % each) * added;
          const count = Math.min(added, m1 - m0 - o0);
          if (count <= 0) continue;
          const taps = 4 * kernel * kernel;
          winogradGradWeight(
            partials + o0 * vRow, (m1 - m0) * vRow, sumsBytes, chunks, count, c1 - c0, kernel,
            gw + ((group * rows + m0 + o0) * channels + c0) * taps, channels * taps, scratch,
          );
        } else if (before) {
          const position = (piece - place) / pairs;
          const gTiles = shared + gAt + ((group * mBlocks + mBlock) * positions + position) * gPosition;
          const vTiles = shared + vAt + ((group * cBlocks + cBlock) * positions + position) * vPosition;
          for (let chunk = 0; chunk < chunks; chunk++) {
            const [first, last] = partOf(lines, chunks, chunk);
            const to = partials + chunk * sumsBytes + position * (m1 - m0) * vRow;
            winogradSum(1, gTiles + first * across * gRow, 0, m1 - m0, vTiles + first * across * vRow, 0, c1 - c0, (last - first) * across, zeros, 0, to);
          }
        } else {
          const [gTiles, vTiles] = [own + gAt, own + vAt];
          const chunk = piece % each;
          const [first, last] = partOf(lines, chunks, chunk);
          for (let line = first; line < last; line += most) {
            const next = Math.min(last, line + most);
            transform(the, true, g, geometry, group, m0, m1, line, next, gTiles, scratch);
            transform(the, false, x, geometry, group, c0, c1, line, next, vTiles, scratch);
            winogradSum(
              positions, gTiles, gPosition, m1 - m0, vTiles, vPosition, c1 - c0, (next - line) * across,
              line === first ? zeros : 0, sums, next === last && sumsBytes > COPIED ? partials + chunk * sumsBytes : sums,
            );
          }
          if (sumsBytes <= COPIED) u8.copyWithin(partials + chunk * sumsBytes, sums, sums + positions * (m1 - m0) * vRow);
        }
      }
    },
  };
}
