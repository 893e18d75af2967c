/**
 * How a weight gradient is cut for winogradWeight.ts, by its shape alone: blocks of channels, chunks of rows of tiles, and where tiles and
 * sums lie in the workspaces.
 */
import type { ConvGeometry } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { PIECES, piecesFor, roundUp } from './cut.js';
import { ACROSS, outputsOf, pixelsOf, positionBytes, positionsOf, SIDE, wideOf } from './winograd.js';

/** Bytes of zeros, which the sums begin with. */
export const ZEROS = 64;
/** Most channels of a block, of either kind: its sums stay in the second-level cache. */
const CHANNELS = 64;
/** Rows of channels are rounded up to that. */
export const LANES = 8;
/** Multiplications that a piece should have at least. */
const LEAST = 262144;
/** Tiles that a chunk should have at least, since each brings sums of its own, to be written and read. */
const LEAST_TILES = 48;
/** Most tiles that are summed one after the other, by the kernel's size, and most such runs whose sums a chunk adds up: rounding grows with either. */
const RUN = { 3: 96, 5: 48 };
const RUNS = 8;
/** Runs that are transformed at once: more stay in no cache, fewer have the sums of all positions read and written more often. */
const TURN = 2;
/**
 * Bytes that the partial sums of all chunks may take; tiles that a piece transforms for itself, as a rule a whole chunk, so that its sums
 * are written once; and tiles that all pieces share.
 */
const PARTIALS = 2 ** 25;
const OWN_TILES = 2 ** 21;
const SHARED_TILES = 2 ** 26;
/** Rows of tiles that a piece of phase 0 transforms. */
const TOGETHER = 2;
/** Sums of a position, which lie together, that a piece adds up and transforms back: whole output channels. */
const ADDED = 256;

export interface Plan {
  readonly kernel: number;
  readonly m: number;
  readonly positions: number;
  readonly rows: number;
  readonly channels: number;
  readonly mBlocks: number;
  readonly cBlocks: number;
  readonly chunks: number;
  /** Whether phase 0 transforms ahead, for all pieces; and the parts of the rows of tiles it takes. */
  readonly ahead: boolean;
  readonly parts: number;
  /** Rows of tiles of all images and of one, tiles of a row, most of those that are transformed at once. */
  readonly lines: number;
  readonly down: number;
  readonly across: number;
  readonly most: number;
  /** Rows of tiles that are summed one after the other. */
  readonly run: number;
  /** Bytes of a position's tiles, of either kind, and of the sums of a chunk. */
  readonly gPosition: number;
  readonly vPosition: number;
  readonly sumsBytes: number;
  /** Output channels of a piece that adds up, and such pieces of a pair of blocks. */
  readonly addRows: number;
  readonly addPieces: number;
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

export const plan = memoize(([n, groups, cin, cout, , , , , kernel, , , oH, oW]: ConvGeometry): Plan => {
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
  const addRows = Math.ceil(ADDED / vRow);
  const pairs = groups * mBlocks * cBlocks;
  const tiles = lines * across;
  const bytesOf = (count: number): readonly [number, number] => [positionBytes(count * across, gRow), positionBytes(count * across, vRow)];
  const [gAll, vAll] = bytesOf(lines);
  const sharedTiles = groups * positions * (mBlocks * gAll + cBlocks * vAll);
  const ahead = mBlocks * cBlocks > 1 && sharedTiles <= SHARED_TILES;
  const run = Math.ceil(RUN[kernel as keyof typeof RUN] / across);
  const runs = Math.ceil(lines / run);
  // Positions are pieces enough; otherwise chunks are, of which more than PIECES cost more than they gain, but runs that are not full do, too.
  const wanted = Math.ceil(piecesFor(groups * tiles * positions * rows * channels, LEAST) / pairs);
  const together = Math.max(1, Math.min(RUNS, Math.round(runs / PIECES)));
  // A chunk has one row of tiles at least, however wide: of an empty one nobody would write the sums.
  const chunks = ahead ? 1 : Math.max(1, Math.min(
    lines, Math.floor(tiles / LEAST_TILES), Math.max(Math.min(PIECES, wanted), Math.ceil(runs / together)), Math.floor(PARTIALS / (pairs * sumsBytes)),
  ));
  const fitting = ahead ? TOGETHER : Math.floor(OWN_TILES / (4 * positions * (gRow + vRow) * across));
  const most = Math.max(1, Math.min(fitting, TURN * run, Math.ceil(lines / chunks)));
  const [gPosition, vPosition] = ahead ? [gAll, vAll] : bytesOf(most);
  const scratch = Math.max(cellsBytes(kernel, most, across, Math.max(gRow, vRow)), positions * (4 * addRows * vRow + 64) + 16 * kernel * (wideOf(kernel) + kernel), 8 * mc * vRow);
  const partials = roundUp(pairs * chunks * sumsBytes, 64);
  const gAt = ahead ? partials : roundUp(ZEROS + scratch, 64);
  const vAt = gAt + positions * gPosition * (ahead ? groups * mBlocks : 1);
  const sumsAt = vAt + positions * vPosition;
  return {
    kernel, m, positions, rows, channels, mBlocks, cBlocks, chunks, ahead, parts: ahead ? Math.ceil(lines / most) : 0, lines, down, across, most, run,
    gPosition, vPosition, sumsBytes, addRows, addPieces: Math.ceil(mc / addRows), gAt, vAt, sumsAt,
    shared: partials + (ahead ? sharedTiles : 0), own: ahead ? ZEROS + scratch : sumsAt + sumsBytes,
  };
});

