/**
 * How a weight gradient is cut for convGradWeight.ts, by its shape alone: which operand lies how in a tile, chunks of pixels and blocks of
 * channels, and where all of it lies in a thread's workspace.
 */
import type { ConvGeometry } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { flatten, forwardAxes, type Axes } from './axes.js';
import { BEYOND, COLUMNS, MOST_ROWS, PIECES, finePiecesFor, piecesFor, roundUp } from './cut.js';
import { LEAST, LEAST_PIXELS, PARTIALS } from './partials.js';
import { weightsOf } from './sides.js';

/** Bytes of zeros, which the sums begin with. */
export const ZEROS = 64;
/** Bytes that the sums of a piece should take at most, and the slab. */
const SUMS = 262144;
const SLAB = 262144;
/** Most pixels of a block; and where tiles are taps of a line, so few that a panel stays in the first-level cache. */
const PIXELS = 1024;
const LINES_PIXELS = 512;
/** Most output channels of a piece. */
const MC = 96;
/** Pixels of a chunk where there are more than PIECES and the partial sums stay in the caches, and bytes of these. */
const FEW_PIXELS = 392;
const NEAR = 2 ** 21;
/** Bytes of a chunk's packed gradient that wait for the next block of input channels. */
const PANELS = 2 ** 18;
/** Channels that a block keeps, of either kind, when blocks are cut for the sake of pieces; and pieces that are not exceeded so: two for each of 64 threads. */
const FINE_DEPTH = 64;
const FINE_MC = 48;
const FINE_PIECES = 128;
/** Rows below which a tile takes no less time: two multiplications of vectors a cycle, each done after four. */
const LEAST_ROWS = 4;
/** Pixels of the shortest vector, and bytes of a sum of dot products: the longest. */
export const VECTOR = 4;
export const LANES = 32;

export interface Plan {
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

export const plan = memoize((geometry: ConvGeometry): Plan => {
  const [n, groups, cin, cout] = geometry;
  const [d, h, w] = flatten(forwardAxes(geometry));
  const rows = cout / groups;
  const channels = cin / groups;
  const taps = d.taps.length * h.taps.length * w.taps.length;
  const line = w.taps.length > 1 && w.taps[1] - w.taps[0] === 1 ? w.taps.length : 1;
  const lineTaps = (channels * taps / line) * Math.max(line, LEAST_ROWS * Math.ceil(line / MOST_ROWS));
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
