/**
 * Windows over the planes of a tensor as plain integers: where they stand, which taps they have, how a range of them is cut
 * into blocks whose part of the input, the slab, fits its scratch array. No data is touched here; slab.ts does that.
 */
import type { ConvGeometry } from '../../src/backend/index.js';
import { NR, SLAB } from './panels.js';

/** One spatial axis: position j and tap t meet source index start + j·step + taps[t]; outside 0 … size − 1 the source is 0. */
export interface Axis {
  readonly size: number;
  readonly count: number;
  readonly start: number;
  readonly step: number;
  readonly taps: readonly number[];
  /** Extremes of `taps`. */
  readonly least: number;
  readonly most: number;
}

export interface Windows {
  readonly axes: readonly [d: Axis, h: Axis, w: Axis];
  /** Positions and taps of all axes together, numbered row-major. */
  readonly positions: number;
  readonly taps: number;
  readonly channels: number;
}

const product = (axes: readonly Axis[], of: (axis: Axis) => number): number => axes.reduce((p, axis) => p * of(axis), 1);

export const windows = (channels: number, d: Axis, h: Axis, w: Axis): Windows =>
  ({ axes: [d, h, w], positions: product([d, h, w], (a) => a.count), taps: product([d, h, w], (a) => a.taps.length), channels });

const forwardAxis = (size: number, kernel: number, count: number, stride: number, pad: number, dilation: number): Axis => ({
  size, count, start: -pad, step: stride, taps: Array.from({ length: kernel }, (_, k) => k * dilation), least: 0, most: (kernel - 1) * dilation,
});

/** The windows that a convolution slides over its input, with the channels of one group. */
export function forwardWindows(geometry: ConvGeometry): Windows {
  const [, groups, cin, , iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW, dD, dH, dW] = geometry;
  return windows(
    cin / groups, forwardAxis(iD, kD, oD, sD, pD, dD), forwardAxis(iH, kH, oH, sH, pH, dH), forwardAxis(iW, kW, oW, sW, pW, dW),
  );
}

/** An axis of the inverse, with the numbers of the kernel's taps and the place of its positions in the gradient: first + j·stride. */
export interface InverseAxis extends Axis {
  readonly kernelTaps: readonly number[];
  readonly first: number;
}

/**
 * Input index i takes part in output o = (i + pad − k·dilation) / stride where that is whole. The indices with the same
 * remainder modulo the stride share their taps, and for them o steps by one: each remainder is a correlation of stride 1.
 */
export function inverseAxes(size: number, kernel: number, outputs: number, stride: number, pad: number, dilation: number): InverseAxis[] {
  return Array.from({ length: Math.min(stride, size) }, (_, first): InverseAxis => {
    const kernelTaps = Array.from({ length: kernel }, (_k, k) => k).filter((k) => (first + pad - k * dilation) % stride === 0);
    const taps = kernelTaps.map((k) => (first + pad - k * dilation) / stride);
    return {
      size: outputs, count: Math.ceil((size - first) / stride), start: 0, step: 1, first, kernelTaps, taps,
      least: Math.min(...taps), most: Math.max(...taps),
    };
  });
}

/** Upper bound of the slab's length for a tile of `p` positions (see `tiling`) and `k` consecutive (channel, tap) numbers. */
function slabBound({ axes: [d, h, w], taps, channels }: Windows, p: number, k: number): number {
  const rows = p < w.count ? 1 : Math.min(d.count * h.count, Math.ceil(p / w.count) + 1);
  const planes = Math.min(d.count, Math.ceil((rows - 1) / h.count) + 1);
  const spans = [planes, planes > 1 ? h.count : Math.min(rows, h.count), Math.min(p, w.count)];
  const lengths = [d, h, w].map((axis, a) => (spans[a] - 1) * axis.step + 1 + (k > 1 ? axis.most - axis.least : 0));
  return Math.min(channels, Math.ceil((k - 1) / taps) + 1) * lengths[0] * lengths[1] * lengths[2];
}

/**
 * The best block of at most `p` positions and `k` (channel, tap) numbers whose slab fits; one of each always does.
 * Short p pays for packing the weights, short k for passing the tile through memory: about as much as 32 and 16 more of each.
 */
export function fit(win: Windows, p: number, k: number): { p: number; k: number } {
  if (slabBound(win, p, k) <= SLAB) return { p, k };
  let best = { p: 1, k: 1, worth: 0 };
  for (let halfP = p; ; halfP = Math.ceil(halfP / 2)) {
    for (let halfK = k; ; halfK = Math.ceil(halfK / 2)) {
      const worth = (halfP / (halfP + 32)) * (halfK / (halfK + 16));
      if (worth > best.worth && slabBound(win, halfP, halfK) <= SLAB) best = { p: halfP, k: halfK, worth };
      if (halfK === 1) break;
    }
    if (halfP === 1) break;
  }
  return best;
}

/** Positions cut into tiles of at most `p`: ranges of all positions, or of the positions of one row when rows are longer. */
export interface Tiling {
  readonly count: number;
  readonly perRow: number;
  readonly length: number;
}

export function tiling({ axes: [, , w], positions }: Windows, p: number): Tiling {
  const whole = p >= w.count ? positions : w.count;
  const wanted = Math.max(1, Math.ceil(whole / p));
  const length = Math.min(p, Math.ceil(Math.ceil(whole / wanted) / NR) * NR);
  const parts = Math.ceil(whole / length);
  return p >= w.count ? { count: parts, perRow: 0, length } : { count: parts * (positions / w.count), perRow: parts, length };
}

/** First position of tile `t` and the one after its last. */
export function tileRange({ axes: [, , w], positions }: Windows, { perRow, length }: Tiling, t: number): [first: number, end: number] {
  if (perRow === 0) return [t * length, Math.min(positions, (t + 1) * length)];
  const row = Math.floor(t / perRow);
  const first = (t % perRow) * length;
  return [row * w.count + first, row * w.count + Math.min(w.count, first + length)];
}
