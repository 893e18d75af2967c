/**
 * Convolutions of few channels per group and their gradients, depthwise ones above all: assembly/depthwise.ts and depthwiseWeight.ts. Here the
 * shape becomes the table that they read: blocks of rows and columns, and where the taps lie in a slab that holds a padded block of the source.
 */
import { BLOCK, blocks, type ConvGeometry, type Kernel, type OpArgs } from '../../src/backend/index.js';
import { memoize } from '../../src/backend/memoize.js';
import type { Axes } from './axes.js';
import { PIECES, partOf, roundUp } from './cut.js';
import { fn } from './loops.js';
import { forwardSides, inputsOf, inverseSides, limitOf, outputsOf, weightsOf, type Forward, type Sides } from './sides.js';
import { nameOf, type Wasm } from './wasm.js';

/** Bytes of a slab: with the rows that are written it stays in the first-level cache. */
const SLAB = 24576;
/** Most columns of a block. */
const WIDEST = 1024;
/** Multiplications that a piece has about, some 20 µs; and what a block and a pixel cost besides, in the same unit. */
const WORK = 131072;
const PER_BLOCK = 256;
const PER_PIXEL = 8;
/** Floats behind the slab that the last tile of its last row may read. */
const BEYOND = 64;

interface Plan {
  readonly table: Int32Array;
  /** Blocks of an item, which is an image's group, and about the multiplications of all of them. */
  readonly blocks: number;
  readonly work: number;
  /** Bytes of workspace. */
  readonly own: number;
}

const forwardPlan = memoize((geometry: ConvGeometry): Plan => plan(geometry, forwardSides(geometry)));
const inversePlan = memoize((geometry: ConvGeometry): Plan => plan(geometry, inverseSides(geometry)));

/** Sets that differ in the column's axis alone, which are written together. */
function byRows(sets: readonly Axes[]): Axes[][] {
  const lines: Axes[][] = [];
  for (const axes of sets) {
    const same = lines.find(([[d, h]]) => d.first === axes[0].first && h.first === axes[1].first);
    if (same) same.push(axes);
    else lines.push([axes]);
  }
  return lines;
}

function plan(geometry: ConvGeometry, { sets, channels, rows, rowStride, channelStride, out }: Sides): Plan {
  const [n, groups, cin, cout, , , , kD, kH, kW] = geometry;
  const lines = byRows(sets);
  const wanted = Math.ceil(PIECES / Math.max(1, n * groups * lines.length));
  const records: number[] = [];
  let [count, slabBytes, mostTaps, widest, most, work] = [0, 0, 0, 0, 0, 0];
  for (const set of lines) {
    const [d, h] = set[0];
    const ws = set.map((axes) => axes[2]);
    const [least, reach] = [Math.min(...ws.map((w) => w.least)), Math.max(...ws.map((w) => w.most))];
    const [lenD, lenH] = [d.most - d.least + 1, h.most - h.least + 1];
    const { step, start } = ws[0];
    const columns = Math.max(...ws.map((w) => w.count));
    const residues = Math.min(step, reach - least + 1);
    const colsPer = Math.max(1, Math.min(columns, WIDEST));
    const run = roundUp(colsPer + Math.floor((reach - least) / step), 4);
    const fitting = Math.floor((SLAB / (4 * channels * lenD * residues * run) - lenH) / h.step) + 1;
    // As even as can be, and no fewer than four rows unless the block must be cut for the threads.
    const rowBlocks = Math.max(1, Math.ceil(h.count / Math.max(4, fitting)), Math.min(Math.ceil(h.count / 4), wanted));
    const rowsPer = Math.max(1, Math.ceil(h.count / rowBlocks));
    const slabH = (rowsPer - 1) * h.step + lenH;
    const record = [
      count, d.count, d.start + d.least, d.step, lenD, d.first * out[1] * out[2], d.jump * out[1] * out[2],
      h.start + h.least, h.step, lenH, h.count, h.first * out[2], h.jump * out[2], start + least, step, columns, residues, run,
      rowsPer, colsPer, Math.ceil(h.count / rowsPer), Math.ceil(columns / colsPer), ws.length,
    ];
    for (const w of ws) {
      const places: number[] = [];
      const weights: number[] = [];
      for (let c = 0; c < channels; c++) {
        d.taps.forEach((td, i) => h.taps.forEach((th, j) => w.taps.forEach((tw, k) => {
          const column = tw - least;
          places.push(4 * ((((c * lenD + td - d.least) * slabH + th - h.least) * residues + column % step) * run + Math.floor(column / step)));
          weights.push(4 * (c * channelStride + (d.kernelTaps[i] * kH + h.kernelTaps[j]) * kW + w.kernelTaps[k]));
        })));
      }
      record.push(w.count, places.length, ...places, ...weights);
      mostTaps = Math.max(mostTaps, places.length);
      work += d.count * h.count * w.count * (rows * (places.length + PER_PIXEL) + channels * PER_PIXEL);
    }
    records.push(record.length + 1, ...record);
    const own = d.count * Math.ceil(h.count / rowsPer) * Math.ceil(columns / colsPer);
    count += own;
    work += own * PER_BLOCK;
    most = Math.max(most, ws.length);
    widest = Math.max(widest, colsPer);
    slabBytes = Math.max(slabBytes, 4 * (channels * lenD * slabH * residues * run + BEYOND));
  }
  const header = 13;
  const weightsAt = roundUp(4 * (header + records.length), 64);
  // Of an output row the weights of all its columns; of a weight gradient two doubles for each weight of a group.
  const linesAt = weightsAt + roundUp(16 * rows * Math.max(mostTaps, kD * kH * kW * channels), 64);
  const slabAt = linesAt + roundUp(most > 1 ? 16 * most * widest : 0, 64);
  const source = sets[0];
  return {
    blocks: count, work, own: slabAt + slabBytes,
    table: Int32Array.from([
      channels, rows, groups, source[0].size, source[1].size, source[2].size, out[0] * out[1] * out[2], (cout / groups) * (cin / groups) * kD * kH * kW, rowStride,
      count, weightsAt, linesAt, slabAt, ...records,
    ]),
  };
}

/** `x` is what is slid over, `y` what is written. */
function sliding(wasm: Wasm, op: string, planOf: (geometry: ConvGeometry) => Plan, results: (geometry: ConvGeometry) => number): Kernel<OpArgs['conv']> {
  const limit = limitOf(op);
  const run = fn(wasm, 'convFew');
  const units = ([n, groups]: ConvGeometry, { blocks }: Plan): number => n * groups * blocks;
  const perPiece = (the: Plan): number => Math.max(1, Math.floor(WORK * the.blocks / the.work));
  return {
    name: nameOf(wasm, `${op}_few`),
    pieces([, , , , ...geometry]) {
      if (results(geometry) === 0) return 0;
      const the = planOf(geometry);
      return Math.ceil(units(geometry, the) / perPiece(the));
    },
    workspace: ([, , , , ...geometry]) => (results(geometry) === 0 ? {} : { own: planOf(geometry).own }),
    run({ i32 }, [x, w, bias, y, ...geometry], begin, end, { own }) {
      const the = planOf(geometry);
      const per = perPiece(the);
      i32.set(the.table, own >>> 2);
      run(x, w, bias, y, limit, own, begin * per, Math.min(units(geometry, the), end * per));
    },
  };
}

/** A convolution with or without what follows it, where its results are stored. */
export const convFew = (wasm: Wasm, op: Forward = 'conv'): Kernel<OpArgs[Forward]> => sliding(wasm, op, forwardPlan, outputsOf);
export const convGradInputFew = (wasm: Wasm): Kernel<OpArgs['conv']> => sliding(wasm, 'convGradInput', inversePlan, inputsOf);

/** Chunks of images, so that few groups make enough pieces. */
const chunksOf = ([n, groups]: ConvGeometry): number => Math.max(1, Math.min(n, Math.ceil(PIECES / groups)));

/** Pieces: groups × chunks, several together when they are small; then blocks of weights, whose chunks are summed in their order. */
export function convGradWeightFew(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const [run, sum] = [fn(wasm, 'convFewGradWeight'), fn(wasm, 'f32_sumPartials')];
  const perPiece = (geometry: ConvGeometry): number =>
    Math.max(1, Math.floor(WORK * chunksOf(geometry) / Math.max(1, geometry[0] * forwardPlan(geometry).work)));
  return {
    name: nameOf(wasm, 'convGradWeight_few'),
    phases: 2,
    pieces([, , , ...geometry], phase) {
      const weights = weightsOf(geometry);
      if (weights === 0) return 0;
      const chunks = chunksOf(geometry);
      return phase === 1 ? (chunks > 1 ? blocks(weights) : 0) : Math.ceil(geometry[1] * chunks / perPiece(geometry));
    },
    workspace([, , , ...geometry]) {
      const weights = weightsOf(geometry);
      const chunks = chunksOf(geometry);
      return weights === 0 ? {} : { shared: chunks > 1 ? 8 * chunks * weights : 0, own: forwardPlan(geometry).own };
    },
    run({ i32 }, [x, g, gw, ...geometry], begin, end, { phase, own, shared }) {
      const [n, groups] = geometry;
      const weights = weightsOf(geometry);
      const chunks = chunksOf(geometry);
      if (phase === 1) {
        const first = begin * BLOCK;
        sum(shared + 8 * first, gw + 4 * first, Math.min(weights, end * BLOCK) - first, weights, chunks);
        return;
      }
      i32.set(forwardPlan(geometry).table, own >>> 2);
      const per = perPiece(geometry);
      for (let unit = begin * per; unit < Math.min(groups * chunks, end * per); unit++) {
        const group = unit % groups;
        const chunk = (unit - group) / groups;
        const [n0, n1] = partOf(n, chunks, chunk);
        const at = group * (weights / groups);
        const to = chunks > 1 ? shared + 8 * (chunk * weights + at) : gw + 4 * at;
        run(x, g, to, Number(chunks > 1), own, n0, n1, group);
      }
    },
  };
}

/**
 * Where these kernels are the faster ones, measured against the direct ones: their tiles are full whatever the number of channels, but
 * each output channel reads the source anew. So the fewer pairs of channels, the better; and a direct input gradient of a stride
 * works on few taps at a time, a direct weight gradient on eight channels or eight taps of a row, used or not.
 */
const pairs = ([, groups, cin, cout]: ConvGeometry): number => (cin / groups) * (cout / groups);
export const servesConv = (geometry: ConvGeometry): boolean => pairs(geometry) <= 4;
export const servesGradInput = (geometry: ConvGeometry): boolean => {
  const [, groups, cin, , , , , , , , , , , , , sW] = geometry;
  return pairs(geometry) <= 16 && (cin / groups <= 2 || sW > 1);
};
export const servesGradWeight = (geometry: ConvGeometry): boolean => {
  const [n, groups, cin, cout, , , , , , kW] = geometry;
  if (cin / groups > 4 || 2 * n * groups < PIECES) return false;
  return cout / groups <= 4 || (kW <= 5 && cout / groups < 8) || (kW <= 3 && pairs(geometry) < 32);
};
