/**
 * Convolution and its input gradient (also the transposed convolution), directly: tiles of output channels × pixels of a row sum
 * over (channel, tap), whose places in the source are a table of offsets. The source is read in place where windows stay
 * inside it, else from a slab that holds a padded block. An input gradient of stride s is s interleaved correlations per axis.
 *
 * Phase 0 packs weights: correlation × group × part of them. Phase 1: image × group × correlation × block of pixels × channel block.
 */
import type { ConvGeometry, Kernel, OpArgs, Work } from '../../src/backend/index.js';
import type { Axes } from './axes.js';
import { memoize } from '../../src/backend/memoize.js';
import { BEYOND, COLUMNS, MOST_ROWS, TILES, finePiecesFor, partOf, piecesFor } from './cut.js';
import { forwardSides, inputsOf, inverseSides, limitOf, outputsOf, type Sides } from './sides.js';
import { f32, nameOf, type Wasm } from './wasm.js';

/** Bytes that a slab should have at most: with a group of weights it stays in the second-level cache. */
const SLAB = 262144;
/** Most pixels of a row, and rows of weights, of a block. */
const WIDEST = 512;
const MC = 128;
/** Rows of weights that a block should have at least: where each fills a slab, and where it reads in place. */
const SLAB_ROWS = 32;
const DIRECT_ROWS = 12;
/** Multiplications that a block should have at least. */
const LEAST = 262144;
/** Weights that a piece packs at least: some 10 µs. */
const PACKED = 16384;

/** One correlation: how its blocks are cut and where they lie. Offsets in elements unless said otherwise. */
interface Correlation {
  readonly axes: Axes;
  readonly k: number;
  /** Read in place: no slab. */
  readonly direct: boolean;
  /** Blocks: depths × row blocks × column blocks, and those of one image and group before this correlation's. */
  readonly rowParts: number;
  readonly colParts: number;
  readonly blocks: number;
  readonly before: number;
  /** The slab's box, of the tallest block. */
  readonly lenD: number;
  readonly residues: number;
  readonly run: number;
  readonly slabBytes: number;
  /** Bytes of the tables of offsets along k: in the source, in the weights. */
  readonly tapBytes: Int32Array;
  readonly weightBytes: Int32Array;
  /** Pieces that pack a group's weights. */
  readonly packs: number;
  /** Where its table and weights lie in the shared workspace, bytes. */
  readonly tableAt: number;
  readonly weightsAt: number;
}

interface Plan {
  readonly correlations: readonly Correlation[];
  readonly blocks: number;
  readonly mBlocks: number;
  /** Weights are packed by parts of k, not of rows: those of a k lie closer together. */
  readonly packByK: boolean;
  readonly channels: number;
  readonly sourcePlane: number;
  readonly rows: number;
  readonly outputPlane: number;
  /** Index jumps of the output plane. */
  readonly jumpD: number;
  readonly jumpH: number;
  readonly rowStride: number;
  readonly groupStride: number;
  readonly shared: number;
  readonly own: number;
}

const forwardPlan = memoize((geometry: ConvGeometry): Plan => plan(geometry, forwardSides(geometry)));
const inversePlan = memoize((geometry: ConvGeometry): Plan => plan(geometry, inverseSides(geometry)));

function plan(geometry: ConvGeometry, { sets, channels, rows, rowStride, channelStride, out }: Sides): Plan {
  const [n, groups, cin, cout, , , , kD, kH, kW] = geometry;
  const pixels = out[0] * out[1] * out[2];
  const all = channels * kD * kH * kW;
  // So many blocks are wanted of each image, group and correlation.
  const items = Math.max(1, n * groups * sets.length);
  const multiplications = n * groups * pixels * rows * all;
  const wanted = Math.ceil(piecesFor(multiplications, LEAST) / items);
  const packByK = rowStride < channelStride;
  const correlations: Correlation[] = [];
  let [blocks, own] = [0, 0];
  // The bias comes first in the shared workspace, a tile's width of each channel.
  let at = groups * rows * COLUMNS * 4;
  for (const axes of sets) {
    const next = cut(axes, channels, wanted, kH, kW, channelStride);
    const packs = Math.max(1, Math.min(Math.floor((rows * next.k) / PACKED), packByK ? channels : Math.ceil(rows / MOST_ROWS)));
    correlations.push({ ...next, before: blocks, packs, tableAt: at, weightsAt: at + next.k * 4 });
    at += (next.k + groups * rows * next.k) * 4;
    blocks += next.blocks;
    own = Math.max(own, next.slabBytes, next.k * 4);
  }
  const most = Math.max(1, Math.ceil(rows / (correlations.every(({ direct }) => direct) ? DIRECT_ROWS : SLAB_ROWS)));
  // Blocks of rows that a thread does one after the other share a slab, so they may be finer than blocks of pixels.
  const finer = Math.max(wanted * sets.length, finePiecesFor(multiplications) / (n * groups));
  const mBlocks = Math.max(Math.ceil(rows / MC), Math.min(most, Math.ceil(finer / Math.max(1, blocks))));
  return {
    correlations, blocks, mBlocks, packByK, channels, rows, sourcePlane: sets[0].reduce((p, { size }) => p * size, 1), outputPlane: pixels,
    jumpD: out[1] * out[2], jumpH: out[2], rowStride, groupStride: (cout / groups) * (cin / groups) * kD * kH * kW, shared: at, own: TILES + own,
  };
}

/** Cuts one correlation into at least `wanted` blocks where it has so many rows or columns, and tabulates its taps. */
function cut(
  axes: Axes, channels: number, wanted: number, kH: number, kW: number, channelStride: number,
): Omit<Correlation, 'before' | 'packs' | 'tableAt' | 'weightsAt'> {
  const [d, h, w] = axes;
  const taps = d.taps.length * h.taps.length * w.taps.length;
  const k = channels * taps;
  const inside = axes.every(({ size, count, start, step, least, most }) => start + least >= 0 && start + (count - 1) * step + most < size);
  const direct = k === 0 || (inside && w.step === 1 && w.count >= COLUMNS);
  let colParts = Math.max(1, Math.ceil(w.count / WIDEST));
  if (d.count * h.count * colParts < wanted) colParts = Math.max(colParts, Math.min(Math.floor(w.count / (4 * COLUMNS)), Math.ceil(wanted / (d.count * h.count))));
  colParts = Math.max(1, colParts);
  // partOf cuts at whole tiles, so a part may be a tile longer than the average.
  const widest = colParts === 1 ? w.count : Math.ceil(w.count / colParts) + COLUMNS;
  const residues = Math.max(0, ...w.taps.map((tap) => (tap - w.least) % w.step)) + 1;
  const run = Math.max(widest, COLUMNS) + Math.floor((w.most - w.least) / w.step);
  const lenD = d.most - d.least + 1;
  const pitch = residues * run;
  const rowBytes = 4 * channels * lenD * pitch;
  const fitting = Math.floor((SLAB / rowBytes - (h.most - h.least + 1)) / h.step) + 1;
  let tallest = direct ? h.count : Math.max(1, Math.min(h.count, fitting));
  tallest = Math.min(tallest, Math.ceil(h.count / Math.min(h.count, Math.ceil(wanted / (d.count * colParts)))));
  const rowParts = Math.ceil(h.count / tallest);
  tallest = Math.ceil(h.count / rowParts);
  const lenH = (tallest - 1) * h.step + h.most - h.least + 1;

  const [planePitch, rowPitch, channelPitch] = direct ? [h.size * w.size, w.size, d.size * h.size * w.size] : [lenH * pitch, pitch, lenD * lenH * pitch];
  const tapBytes = new Int32Array(k);
  const weightBytes = new Int32Array(k);
  let q = 0;
  for (let c = 0; c < channels; c++) {
    d.taps.forEach((td, a) => h.taps.forEach((th, b) => w.taps.forEach((tw, e) => {
      const column = tw - w.least;
      const within = direct ? column : (column % w.step) * run + Math.floor(column / w.step);
      tapBytes[q] = 4 * (c * channelPitch + (td - d.least) * planePitch + (th - h.least) * rowPitch + within);
      weightBytes[q++] = 4 * (c * channelStride + (d.kernelTaps[a] * kH + h.kernelTaps[b]) * kW + w.kernelTaps[e]);
    })));
  }
  return {
    axes, k, direct, rowParts, colParts, blocks: d.count * rowParts * colParts, lenD, residues, run,
    slabBytes: direct ? 0 : 4 * (channels * lenD * lenH * pitch + BEYOND), tapBytes, weightBytes,
  };
}

type Convolutions = Readonly<Record<'conv' | 'convRelu' | 'convRelu6' | 'convGradInput', { float32: Kernel<Op> }>>;

export const conv = (wasm: Wasm): Convolutions => ({
  conv: f32(correlating(wasm, 'conv', forwardPlan, outputsOf)),
  convRelu: f32(correlating(wasm, 'convRelu', forwardPlan, outputsOf)),
  convRelu6: f32(correlating(wasm, 'convRelu6', forwardPlan, outputsOf)),
  convGradInput: f32(correlating(wasm, 'convGradInput', inversePlan, inputsOf)),
});

type Op = OpArgs['conv'];

/** The kernel of both ops: x is the source, y what is written. `outputs` counts its elements. */
function correlating(wasm: Wasm, op: string, planOf: (geometry: ConvGeometry) => Plan, outputs: (geometry: ConvGeometry) => number): Kernel<Op> {
  const { convPackPanel, convSegment, splat, convFillSlab, convBlock, pairRows } = wasm.functions;
  const limit = limitOf(op);
  const ROWS = pairRows();

  /** Packs a part of the weights of a correlation and group, panel by panel; the first part also splats its bias, or fills the table. */
  function pack(i32: Int32Array, { correlations, mBlocks, packByK, rows, rowStride, groupStride }: Plan, [, groups]: ConvGeometry, weights: number, bias: number, piece: number, { shared, own }: Work): void {
    let index = 0;
    while (piece >= groups * correlations[index].packs) piece -= groups * correlations[index++].packs;
    const { k, packs, tableAt, weightsAt, tapBytes, weightBytes } = correlations[index];
    const part = piece % packs;
    const group = (piece - part) / packs;
    if (group === 0 && part === 0) i32.set(tapBytes, (shared + tableAt) >>> 2);
    if (index === 0 && part === 0) splat(bias === 0 ? 0 : bias + 4 * group * rows, rows, shared + 4 * COLUMNS * group * rows);
    const [q0, q1] = packByK ? partOf(k, packs, part) : [0, k];
    const table = own + TILES;
    i32.set(weightBytes.subarray(q0, q1), table >>> 2);
    for (let block = 0; block < mBlocks; block++) {
      const [m0, m1] = partOf(rows, mBlocks, block);
      const panels = Math.ceil((m1 - m0) / ROWS);
      for (let p = 0, i = m0; p < panels; p++) {
        const height = Math.floor((m1 - m0 + panels - 1 - p) / panels);
        if (packByK || Math.floor((i * packs) / rows) === part) {
          convPackPanel(
            weights + 4 * (group * groupStride + i * rowStride), 4 * rowStride, table, height, q1 - q0, shared + weightsAt + 4 * ((group * rows + i) * k + q0 * height),
          );
        }
        i += height;
      }
    }
  }

  return {
    name: nameOf(wasm, `${op}_direct_${ROWS}x${2 * convSegment()}`),
    phases: 2,
    pieces([, , , , ...geometry], phase) {
      if (outputs(geometry) === 0) return 0;
      const { correlations, blocks, mBlocks } = planOf(geometry);
      const [n, groups] = geometry;
      return phase === 0 ? groups * correlations.reduce((sum, { packs }) => sum + packs, 0) : n * groups * blocks * mBlocks;
    },
    workspace([, , , , ...geometry]) {
      if (outputs(geometry) === 0) return {};
      const { shared, own } = planOf(geometry);
      return { shared, own };
    },
    run({ i32 }, [x, weights, bias, y, ...geometry], begin, end, work) {
      const the = planOf(geometry);
      if (work.phase === 0) {
        for (let piece = begin; piece < end; piece++) pack(i32, the, geometry, weights, bias, piece, work);
        return;
      }
      const groups = geometry[1];
      const { correlations, blocks, mBlocks, channels, sourcePlane, rows, outputPlane, jumpD, jumpH } = the;
      const slab = work.own + TILES;
      let filled = -1;
      for (let piece = begin; piece < end; piece++) {
        const mBlock = piece % mBlocks;
        const place = (piece - mBlock) / mBlocks;
        const block = place % blocks;
        const item = (place - block) / blocks;
        let c = correlations.length - 1;
        while (correlations[c].before > block) c--;
        const { axes: [d, h, w], k, direct, rowParts, colParts, before, lenD, residues, run, tableAt, weightsAt } = correlations[c];
        const col = (block - before) % colParts;
        const line = (block - before - col) / colParts;
        const row = line % rowParts;
        const jd = (line - row) / rowParts;
        const [h0, h1] = partOf(h.count, rowParts, row);
        const [w0, w1] = partOf(w.count, colParts, col, COLUMNS);
        const [m0, m1] = partOf(rows, mBlocks, mBlock);
        const group = item % groups;

        const source = x + 4 * item * channels * sourcePlane;
        const lowD = d.start + jd * d.step + d.least;
        const lowH = h.start + h0 * h.step + h.least;
        const lowW = w.start + w0 * w.step + w.least;
        if (!direct && filled !== place) {
          // The pitch of channels is that of the tallest block, so all blocks share one table.
          const lenH = (Math.ceil(h.count / rowParts) - 1) * h.step + h.most - h.least + 1;
          convFillSlab(source, channels, d.size, h.size, w.size, lowD, lenD, lowH, lenH, lowW, w.step, residues, run, slab);
          filled = place;
        }
        const from = direct ? source + 4 * ((lowD * h.size + lowH) * w.size + lowW) : slab;
        convBlock(
          work.shared + weightsAt + 4 * (group * rows + m0) * k, m1 - m0, k, from, 4 * h.step * (direct ? w.size : residues * run),
          work.shared + tableAt, work.shared + 4 * COLUMNS * (group * rows + m0),
          y + 4 * ((item * rows + m0) * outputPlane + (d.first + jd * d.jump) * jumpD + (h.first + h0 * h.jump) * jumpH + w.first + w0 * w.jump),
          4 * outputPlane, 4 * h.jump * jumpH, 4 * w.jump, h1 - h0, w1 - w0, work.own, limit,
        );
      }
    },
  };
}
