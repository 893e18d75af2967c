/**
 * Convolution and its input gradient by Winograd's algorithm, for stride 1: tiles of 4 × 4 outputs of a 3 × 3 kernel from 6 × 6 inputs, or of
 * 2 × 4 of a 5 × 5 one from 6 × 8, with as many multiplications per pair of channels. Which shapes it serves is decided in winogradShapes.ts.
 *
 * Phase 0 transforms and packs weights: group × channel block × part of the channels summed over. Phase 1: group × block of tiles × channel
 * block, where a block is some rows of tiles, of one image or several, whose transforms stay in the second-level cache.
 *
 * Where weights are larger than all tiles, it is the other way round: phase 0 transforms tiles, group × some channels, and a piece of phase 1, group × block of
 * few output channels, its weights, which never leave that cache.
 */
import type { ConvGeometry, Kernel, OpArgs, Work } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { COLUMNS, MOST_SWEPT_ROWS, partOf, PIECES, piecesFor, roundUp } from './cut.js';
import { limitOf, type Forward } from './sides.js';
import { nameOf, type Wasm } from './wasm.js';

/** Positions of a tile's column, and outputs of its row. */
export const SIDE = 6;
export const ACROSS = 4;
/** Floats beyond a row of tiles that may be read and written. */
const BEYOND = 16;
/** Floats of a cache line. */
const LINE = 16;
/** Bytes that the transforms of a block should take at most. Half of it cuts 512 channels of 7 × 7 into blocks narrower than a vector: 1.3 times the time. */
const BLOCK_BYTES = 2 ** 20;
/** Most channels of a block of weights, and of one that a piece transforms for itself. */
const MC = 64;
const FEW = 24;
/** Bytes of the weights of a block from which on they do not stay in the second-level cache, and channels whose tiles a piece transforms then. */
const HEAVY = 1.5 * 2 ** 20;
const TOGETHER = 8;
/** Most channels that are summed one after the other, by the kernel's size: rounding grows with them. */
const SUMMED = { 3: 256, 5: 64 };
/** Multiplications that a block should have at least, and pieces that are enough: all do the same. */
const LEAST = 262144;
const ENOUGH = 48;
/** Weights of r × r taps that a piece packs: some 100 µs. Smaller parts of a panel share cache lines with what another thread writes. */
const PACKED = 2048;

const summedOf = (kernel: number): number => SUMMED[kernel as keyof typeof SUMMED];

/** Outputs of a tile's column, positions of its row, and of all of it. */
export const outputsOf = (kernel: number): number => SIDE + 1 - kernel;
export const wideOf = (kernel: number): number => ACROSS - 1 + kernel;
export const positionsOf = (kernel: number): number => SIDE * wideOf(kernel);

/** Bytes from a position's rows of tiles to the next one's: not a multiple of 4096, where all would share a few lines of the cache. */
export const positionBytes = (rows: number, pitch: number): number => roundUp(4 * rows * pitch, 4096) + 64;

/** Floats from one row of tiles to the next. */
export const pitchOf = (tiles: number): number => {
  const pitch = roundUp(tiles + BEYOND, LINE);
  return pitch % 128 === 0 ? pitch + LINE : pitch;
};

/** Floats of so many channels' pixels that a block's tiles read, four tiles of a row at once. */
export const pixelsOf = (m: number, down: number, across: number): number => (down * m + SIDE - m) * ACROSS * (roundUp(across, 4) + 1);

/** Bytes of its own that winogradTiles needs. */
const tilesBytes = (kernel: number, down: number, across: number): number => {
  const m = outputsOf(kernel);
  return 4 * (pixelsOf(m, down, across) + wideOf(kernel) * m * ((down + Math.ceil(SIDE / m - 1)) * across + BEYOND));
};

/** Calls `part` for each image that rows of tiles begin … end − 1 belong to, with its rows and how many come before them in the block. */
export function eachImage(begin: number, end: number, perImage: number, part: (image: number, first: number, rows: number, before: number) => void): void {
  for (let row = begin; row < end;) {
    const image = Math.floor(row / perImage);
    const next = Math.min(end, (image + 1) * perImage);
    part(image, row - image * perImage, next - row, row - begin);
    row = next;
  }
}

interface Plan {
  readonly kernel: number;
  readonly m: number;
  readonly positions: number;
  readonly channels: number;
  readonly rows: number;
  /** Source and output planes, and where the first tile begins in the source. */
  readonly source: readonly [h: number, w: number];
  readonly output: readonly [h: number, w: number];
  readonly low: readonly [h: number, w: number];
  /** Rows of tiles of an image, tiles of a row. */
  readonly down: number;
  readonly across: number;
  readonly blocks: number;
  readonly mBlocks: number;
  /** Whether tiles are transformed first; and the pieces that do that for all channels, or pack the weights of a block of them. */
  readonly ahead: boolean;
  readonly packs: number;
  readonly pitch: number;
  /** Strides of weights, bytes. */
  readonly rowBytes: number;
  readonly kBytes: number;
  readonly groupBytes: number;
  readonly flip: number;
  /** Bytes of a position's panels, of its rows of tiles and of its products. */
  readonly aPosition: number;
  readonly vPosition: number;
  readonly pPosition: number;
  /** Places in the own workspace, bytes; tiles are shared and weights are not where tiles are transformed first. */
  readonly weightsAt: number;
  readonly tilesAt: number;
  readonly productsAt: number;
  readonly shared: number;
  readonly own: number;
}

type Sides = Pick<Plan, 'channels' | 'rows' | 'source' | 'output' | 'low' | 'rowBytes' | 'kBytes' | 'flip'>;

const forwardPlan = memoize((geometry: ConvGeometry): Plan => {
  const [, groups, cin, cout, , iH, iW, , kH, kW, , oH, oW, , , , , pH, pW] = geometry;
  return plan(geometry, {
    channels: cin / groups, rows: cout / groups, source: [iH, iW], output: [oH, oW], low: [-pH, -pW],
    rowBytes: 4 * (cin / groups) * kH * kW, kBytes: 4 * kH * kW, flip: 0,
  });
});

const inversePlan = memoize((geometry: ConvGeometry): Plan => {
  const [, groups, cin, cout, , iH, iW, , kH, kW, , oH, oW, , , , , pH, pW] = geometry;
  return plan(geometry, {
    channels: cout / groups, rows: cin / groups, source: [oH, oW], output: [iH, iW], low: [pH + 1 - kH, pW + 1 - kW],
    rowBytes: 4 * kH * kW, kBytes: 4 * (cin / groups) * kH * kW, flip: 1,
  });
});

function plan([n, groups, cin, cout, , , , , kernel]: ConvGeometry, sides: Sides): Plan {
  const { channels, rows, output } = sides;
  const m = outputsOf(kernel);
  const positions = positionsOf(kernel);
  const down = Math.ceil(output[0] / m);
  const across = Math.ceil(output[1] / ACROSS);
  const lines = n * down;
  const all = positions * positionBytes(channels, pitchOf(lines * across));
  const weights = 4 * positions * channels;
  const cut = cutOf(kernel, lines, across, channels, rows, groups);
  // What moves between the caches: all tiles for each block of weights, or all weights for each block of tiles, and once more when they are written.
  const few = Math.ceil(rows / Math.min(FEW, Math.ceil(rows / PIECES)));
  const ahead = weights * Math.min(MC, rows) > HEAVY && few * all < (cut.blocks + 1) * weights * rows;
  const { blocks, mBlocks } = ahead ? { blocks: 1, mBlocks: few } : cut;
  const mc = Math.ceil(rows / mBlocks);
  const most = Math.ceil(lines / blocks);
  // Two at least: workers that sleep wake up while the caller packs, not when it is done.
  const packs = ahead ? Math.ceil(channels / TOGETHER) : Math.min(channels, Math.max(2, Math.floor((mc * channels) / PACKED)));
  const pitch = pitchOf(most * across);
  const summed = Math.min(channels, summedOf(kernel));
  const aPosition = 4 * mc * (ahead ? summed : channels) + 16;
  const vPosition = positionBytes(channels, pitch);
  const pPosition = positionBytes(mc, pitch);
  const scratch = Math.max(
    tilesBytes(kernel, ahead ? down : most, across), 4 * m * (wideOf(kernel) + ACROSS) * (most * across + BEYOND), 16 * (kernel * (kernel + SIDE) + positions),
    channels > summed ? 4 * MOST_SWEPT_ROWS * pitch : 0,
  );
  const weightsAt = roundUp(64 + scratch, 64);
  const tilesAt = roundUp(weightsAt + (ahead ? positions * aPosition : 0), 64);
  const productsAt = tilesAt + (ahead ? 0 : positions * vPosition);
  return {
    ...sides, kernel, m, positions, down, across, blocks, mBlocks, ahead, packs, pitch, groupBytes: 4 * (cout / groups) * (cin / groups) * kernel * kernel,
    aPosition, vPosition, pPosition, weightsAt, tilesAt, productsAt,
    shared: groups * positions * (ahead ? vPosition : mBlocks * aPosition), own: productsAt + positions * pPosition,
  };
}

/** Blocks of tiles and of channels where weights are transformed first. */
function cutOf(kernel: number, lines: number, across: number, channels: number, rows: number, groups: number): Pick<Plan, 'blocks' | 'mBlocks'> {
  const positions = positionsOf(kernel);
  const mBlocks = Math.ceil(rows / MC);
  const fitting = Math.floor(BLOCK_BYTES / (4 * positions * (channels + Math.ceil(rows / mBlocks)) * across));
  const wanted = Math.ceil(Math.min(ENOUGH, piecesFor(groups * lines * across * positions * channels * rows, LEAST)) / (groups * mBlocks));
  // Fewer tiles than a vector's columns would take as long.
  const blocks = Math.ceil(lines / Math.max(1, Math.min(fitting, Math.max(Math.ceil(COLUMNS / across), Math.floor(lines / wanted)))));
  return { blocks, mBlocks };
}

/** Of a convolution with or without what follows it. */
export const convWinograd = (wasm: Wasm, op: Forward = 'conv'): Kernel<OpArgs[Forward]> => correlating(wasm, op, forwardPlan);
export const convGradInputWinograd = (wasm: Wasm): Kernel<OpArgs['convGradInput']> => correlating(wasm, 'convGradInput', inversePlan);

/** The kernel of all these ops: x is the source, y what is written. */
function correlating(wasm: Wasm, op: string, planOf: (geometry: ConvGeometry) => Plan): Kernel<OpArgs['conv']> {
  const { winogradTiles, winogradWeights, winogradMultiply, winogradOutput } = wasm.functions;
  const limit = limitOf(op);

  /** Transforms the weights of channels m0 … m1 − 1 of a group with some of the k that are summed, first … end − 1 of which now. */
  function transformWeights(the: Plan, weights: number, group: number, m0: number, m1: number, k: number, first: number, end: number, to: number, own: number): void {
    const { kernel, rowBytes, kBytes, groupBytes, flip, aPosition } = the;
    winogradWeights(weights + group * groupBytes + m0 * rowBytes, rowBytes, kBytes, kernel, flip, m1 - m0, k, first, end, to, aPosition, own);
  }

  /** Transforms rows of tiles first … last − 1 of channels c0 … c1 − 1 of a group. */
  function transformTiles(the: Plan, x: number, groups: number, group: number, c0: number, c1: number, first: number, last: number, to: number, scratch: number): void {
    const { kernel, m, channels, source, low, down, across, pitch, vPosition } = the;
    const sourceBytes = 4 * source[0] * source[1];
    eachImage(first, last, down, (image, row, count, before) => winogradTiles(
      x + ((image * groups + group) * channels + c0) * sourceBytes, sourceBytes, c1 - c0, source[0], source[1], low[0] + row * m, low[1],
      kernel, count, across, to + 4 * before * across, 4 * pitch, vPosition, scratch,
    ));
  }

  /** Phase 0: a part of the weights of group × channel block, or the tiles of some channels. */
  function prepare(the: Plan, x: number, weights: number, n: number, groups: number, piece: number, { shared, own }: Work): void {
    const { positions, channels, rows, down, mBlocks, ahead, packs, pitch, aPosition, vPosition } = the;
    const part = piece % packs;
    const place = (piece - part) / packs;
    const [first, end] = partOf(channels, packs, part);
    if (ahead) {
      transformTiles(the, x, groups, place, first, end, 0, n * down, shared + place * positions * vPosition + 4 * first * pitch, own + 64);
      return;
    }
    const block = place % mBlocks;
    const [m0, m1] = partOf(rows, mBlocks, block);
    transformWeights(the, weights, (place - block) / mBlocks, m0, m1, channels, first, end, shared + place * positions * aPosition, own);
  }

  return {
    name: nameOf(wasm, `${op}_winograd`),
    phases: 2,
    pieces([, , , , ...geometry], phase) {
      const { blocks, mBlocks, ahead, packs } = planOf(geometry);
      return geometry[1] * (phase === 0 ? packs * (ahead ? 1 : mBlocks) : mBlocks * blocks);
    },
    workspace([, , , , ...geometry]) {
      const { shared, own } = planOf(geometry);
      return { shared, own };
    },
    run({ f32: floats }, [x, weights, bias, y, ...geometry], begin, end, work) {
      const the = planOf(geometry);
      const [n, groups] = geometry;
      if (work.phase === 0) {
        for (let piece = begin; piece < end; piece++) prepare(the, x, weights, n, groups, piece, work);
        return;
      }
      const { kernel, positions, channels, rows, output, down, across, blocks, mBlocks, ahead, pitch, aPosition, vPosition, pPosition } = the;
      const [zeros, scratch, packed, products] = [work.own, work.own + 64, work.own + the.weightsAt, work.own + the.productsAt];
      floats.fill(0, zeros >>> 2, scratch >>> 2);
      const outputBytes = 4 * output[0] * output[1];
      const summed = summedOf(kernel);
      let transformed = -1;
      for (let piece = begin; piece < end; piece++) {
        const mBlock = piece % mBlocks;
        const place = (piece - mBlock) / mBlocks;
        const block = place % blocks;
        const group = (place - block) / blocks;
        const [first, last] = partOf(n * down, blocks, block);
        const [m0, m1] = partOf(rows, mBlocks, mBlock);
        const tiles = ahead ? work.shared + group * positions * vPosition : work.own + the.tilesAt;
        if (!ahead && transformed !== place) {
          transformTiles(the, x, groups, group, 0, channels, first, last, tiles, scratch);
          transformed = place;
        }
        const step = ahead ? summed : channels;
        for (let k = 0; k < channels; k += step) {
          const count = Math.min(step, channels - k);
          if (ahead) transformWeights(the, weights + k * the.kBytes, group, m0, m1, count, 0, count, packed, scratch);
          winogradMultiply(
            positions, ahead ? packed : work.shared + (group * mBlocks + mBlock) * positions * aPosition, aPosition, m1 - m0, count, summed,
            tiles + 4 * k * pitch, 4 * pitch, vPosition, (last - first) * across, zeros, scratch, products, 4 * pitch, pPosition, k > 0 ? 1 : 0,
          );
        }
        const image = Math.floor(first / down);
        winogradOutput(
          products, 4 * pitch, pPosition, m1 - m0, bias === 0 ? 0 : bias + 4 * (group * rows + m0), limit, kernel, first - image * down, last - first, down, across,
          y + ((image * groups + group) * rows + m0) * outputBytes, groups * rows * outputBytes, outputBytes, output[0], output[1], scratch,
        );
      }
    },
  };
}
