/**
 * Convolutions whose kernels are single pixels, without padding, and their input gradients: products of the weights with the pixels of all
 * images side by side, which are packed into panels. What strides pass over is never packed; an input gradient leaves zeros between.
 *
 * Phase 0 packs weights: group × block of rows × part of the channels summed over. Phase 1 multiplies: group × block of pixels × block of
 * rows, which share the packed pixels.
 */
import type { ConvGeometry, Kernel, OpArgs } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import { COLUMNS, MOST_ROWS, TILES, partOf, piecesFor, roundUp } from './cut.js';
import { limitOf, type Forward } from './sides.js';
import { nameOf, type Wasm } from './wasm.js';

/** Bytes of packed pixels: with a block of weights they stay in the second-level cache. */
const PANELS = 393216;
/** Longest run of k, most rows and most columns of a block. */
const KC = 1024;
const MC = 144;
const NC = 1024;
/** Multiplications that a piece should have at least, and tiles side by side. */
const LEAST = 65536;
const LEAST_TILES = 4;
/** Weights that a piece packs at least: some 20 µs. */
const PACKED = 16384;

/** Kernels of one pixel that nothing is laid around on either side, and none of their sums empty. */
export function isPointwise([n, , cin, cout, iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW]: ConvGeometry): boolean {
  return kD * kH * kW === 1 && pD === 0 && pH === 0 && pW === 0 && n * cin * cout * oD * oH * oW > 0
    && (oD - 1) * sD < iD && (oH - 1) * sH < iH && (oW - 1) * sW < iW;
}

/** Where position p of a convolution's output, in the order of memory, looks at the input: elements from the image's beginning. */
export const pointOf = ([, , , , , iH, iW, , , , , oH, oW, sD, sH, sW]: ConvGeometry, p: number): number => {
  const w = p % oW;
  const line = (p - w) / oW;
  const h = line % oH;
  return ((((line - h) / oH) * sD * iH + h * sH) * iW) + w * sW;
};

interface Plan {
  /** Rows of weights and what they sum over, per group. */
  readonly rows: number;
  readonly k: number;
  /** Strides of the weights, in elements. */
  readonly rowStride: number;
  readonly kStride: number;
  /** Pixels that are computed, of an image and of all. */
  readonly plane: number;
  readonly pixels: number;
  /** The source is the input, of which strides take some. */
  readonly sparse: boolean;
  /** Elements of a channel of the source and of the output. */
  readonly sourcePlane: number;
  readonly outPlane: number;
  /** The output has zeros between the pixels: blocks are whole rows, computed aside. */
  readonly spaced: boolean;
  readonly unit: number;
  readonly blocks: number;
  readonly mBlocks: number;
  /** Pieces that pack the weights of a block of rows. */
  readonly packs: number;
  readonly kc: number;
  readonly nc: number;
  /** Places in the own workspace, bytes. */
  readonly sumsAt: number;
  readonly panelsAt: number;
  readonly asideAt: number;
  readonly own: number;
}

function plan(geometry: ConvGeometry, forward: boolean): Plan {
  const [n, groups, cin, cout, iD, iH, iW, , , , oD, oH, oW] = geometry;
  const [rows, k] = forward ? [cout / groups, cin / groups] : [cin / groups, cout / groups];
  const plane = oD * oH * oW;
  const pixels = n * plane;
  const volume = iD * iH * iW;
  const strided = plane !== volume;
  const spaced = strided && !forward;
  const unit = spaced ? oW : COLUMNS;
  const wanted = Math.ceil(piecesFor(groups * rows * k * pixels, LEAST) / groups);
  const most = Math.max(COLUMNS, Math.min(NC, Math.floor(PANELS / (4 * k))));
  const blocks = Math.max(Math.ceil(pixels / most), Math.min(wanted, Math.ceil(pixels / Math.max(unit, LEAST_TILES * COLUMNS))));
  const mBlocks = Math.max(Math.ceil(rows / MC), Math.min(Math.ceil(wanted / blocks), Math.ceil(rows / (2 * MOST_ROWS))));
  const nc = roundUp(Math.min(pixels, Math.ceil(pixels / blocks) + unit), COLUMNS);
  const mc = Math.min(rows, Math.ceil(rows / mBlocks) + 2 * MOST_ROWS);
  // An input gradient's weights are [k, rows]: a part along k lies together. Of a convolution's, [rows, k], it would be many short runs.
  const packs = forward ? 1 : Math.max(1, Math.min(k, Math.floor((rows * k) / (mBlocks * PACKED))));
  const kc = Math.ceil(k / Math.ceil(k / KC));
  const sumsAt = TILES + roundUp(4 * nc, 64);
  const panelsAt = sumsAt + (k > kc ? 4 * mc * nc : 0);
  const asideAt = panelsAt + 4 * k * nc;
  return {
    rows, k, rowStride: forward ? k : 1, kStride: forward ? 1 : rows, plane, pixels, sparse: strided && forward, sourcePlane: forward ? volume : plane,
    outPlane: forward ? plane : volume, spaced, unit, blocks, mBlocks, packs, kc, nc, sumsAt, panelsAt, asideAt, own: asideAt + (spaced ? 4 * mc * nc : 0),
  };
}

const forwardPlan = memoize((geometry: ConvGeometry): Plan => plan(geometry, true));
const inversePlan = memoize((geometry: ConvGeometry): Plan => plan(geometry, false));

type Op = OpArgs['conv'];

export const pointwise = (wasm: Wasm): Readonly<Record<Forward | 'convGradInput', Kernel<Op>>> => ({
  conv: kernel(wasm, 'conv', forwardPlan),
  convRelu: kernel(wasm, 'convRelu', forwardPlan),
  convRelu6: kernel(wasm, 'convRelu6', forwardPlan),
  convGradInput: kernel(wasm, 'convGradInput', inversePlan),
});

function kernel(wasm: Wasm, op: string, planOf: (geometry: ConvGeometry) => Plan): Kernel<Op> {
  const { splat, gemmRows, gemmColumns, gemmPackRows, gemmPackColumnsByTable, gemmBlock, gemmSpace } = wasm.functions;
  const ROWS = gemmRows();
  const limit = limitOf(op);

  /** The bias comes first in the shared workspace, a tile's width of each row. */
  const panelsOf = (groups: number, rows: number, shared: number): number => shared + 4 * COLUMNS * groups * rows;

  /** Rows of block `block` of `blocks`: whole panels where there are enough. */
  const rowsOf = ({ rows, mBlocks }: Plan, block: number): [begin: number, end: number] => partOf(rows, mBlocks, block, rows >= 2 * ROWS * mBlocks ? ROWS : 1);

  /** Fills the table of where the columns from j0 on lie, bytes from the first image's beginning. */
  function tabulate(i32: Int32Array, { plane, sparse, sourcePlane }: Plan, geometry: ConvGeometry, channels: number, j0: number, j1: number, table: number): void {
    let p = j0 % plane;
    let image = ((j0 - p) / plane) * channels * sourcePlane;
    for (let j = j0, at = table >>> 2; j < j1; j++) {
      i32[at++] = 4 * (image + (sparse ? pointOf(geometry, p) : p));
      if (++p < plane) continue;
      p = 0;
      image += channels * sourcePlane;
    }
  }

  /** Rows of pixels j0 … j1 − 1 from `aside` into the output, with what lies between them and up to the next row: zeros, or the bias. */
  function space(the: Plan, geometry: ConvGeometry, j0: number, j1: number, aside: number, m: number, y: number, imageStride: number, gap: number): void {
    const [, , , , , , iW, , , , , , oW, , , sW] = geometry;
    for (let j = j0; j < j1; j += oW) {
      const p = j % the.plane;
      const begin = pointOf(geometry, p);
      const end = p + oW < the.plane ? pointOf(geometry, p + oW) : the.outPlane;
      const to = y + 4 * (((j - p) / the.plane) * imageStride + begin);
      gemmSpace(aside + 4 * (j - j0), 4 * the.nc, m, oW, sW, Math.min(iW, end - begin), to, 4 * the.outPlane, gap);
      if (end - begin > iW) gemmSpace(aside, 0, m, 0, 1, end - begin - iW, to + 4 * iW, 4 * the.outPlane, gap);
    }
  }

  /** Packs a part of the weights of group × block of rows; the first part also splats its bias. */
  function pack(the: Plan, weights: number, bias: number, groups: number, piece: number, shared: number): void {
    const { rows, k, rowStride, kStride, mBlocks, packs } = the;
    const part = piece % packs;
    const place = (piece - part) / packs;
    const mBlock = place % mBlocks;
    const group = (place - mBlock) / mBlocks;
    const [m0, m1] = rowsOf(the, mBlock);
    const row = group * rows + m0;
    if (part === 0) splat(bias === 0 ? 0 : bias + 4 * row, m1 - m0, shared + 4 * COLUMNS * row);
    const [q0, q1] = partOf(k, packs, part);
    const from = weights + 4 * (group * rows * k + m0 * rowStride + q0 * kStride);
    gemmPackRows(from, 4 * rowStride, 4 * kStride, m1 - m0, q1 - q0, panelsOf(groups, rows, shared) + 4 * row * k, q0, k);
  }

  return {
    name: nameOf(wasm, `${op}_pointwise_${ROWS}x${gemmColumns()}`),
    phases: 2,
    pieces([, , , , ...geometry], phase) {
      const { blocks, mBlocks, packs } = planOf(geometry);
      return geometry[1] * mBlocks * (phase === 0 ? packs : blocks);
    },
    workspace([, , , , ...geometry]) {
      const { rows, k, own } = planOf(geometry);
      return { shared: 4 * geometry[1] * rows * (COLUMNS + k), own };
    },
    run({ i32 }, [x, weights, bias, y, ...geometry], begin, end, { phase, own, shared }) {
      const the = planOf(geometry);
      const { rows, k, plane, pixels, sourcePlane, outPlane, spaced, unit, blocks, mBlocks, kc, nc } = the;
      const groups = geometry[1];
      const panels = panelsOf(groups, rows, shared);
      if (phase === 0) {
        for (let piece = begin; piece < end; piece++) pack(the, weights, bias, groups, piece, shared);
        return;
      }
      let packed = -1;
      for (let piece = begin; piece < end; piece++) {
        const mBlock = piece % mBlocks;
        const place = (piece - mBlock) / mBlocks;
        const group = place % groups;
        const [m0, m1] = rowsOf(the, mBlock);
        const row = group * rows + m0;
        const [j0, j1] = partOf(pixels, blocks, (place - group) / groups, unit);
        if (j0 === j1) continue;
        if (packed !== place) {
          tabulate(i32, the, geometry, groups * k, j0, j1, own + TILES);
          gemmPackColumnsByTable(x + 4 * group * k * sourcePlane, 4 * sourcePlane, own + TILES, k, j1 - j0, own + the.panelsAt);
          packed = place;
        }
        const p = j0 % plane;
        const to = y + 4 * row * outPlane;
        const image = groups * rows * outPlane;
        const at = spaced ? own + the.asideAt : to + 4 * (((j0 - p) / plane) * image + p);
        gemmBlock(
          panels + 4 * row * k, own + the.panelsAt, 0, shared + 4 * COLUMNS * row, 4 * COLUMNS, 0, at, spaced ? 4 * nc : 4 * outPlane, 4, m1 - m0, j1 - j0, k, kc,
          own, own + the.sumsAt, spaced ? j1 - j0 : plane - p, spaced ? j1 - j0 : plane, spaced ? 0 : 4 * (image - plane), limit,
        );
        if (spaced) space(the, geometry, j0, j1, at, m1 - m0, to, image, shared + 4 * COLUMNS * row);
      }
    },
  };
}
