/**
 * Brings the windows of a convolution into the planes of B: first the part of the input that a block needs, with its padding,
 * into the slab; then, by two tables of offsets, element (k, column) = slab[offsetsK[k] + offsetsN[column]].
 * The tables make strides, dilation and any number of axes cost nothing in the loop; no im2col matrix is ever built.
 */
import { NR, panels } from './panels.js';
import type { Windows } from './windows.js';

const B0 = panels.b0;
const B1 = panels.b1;
const B2 = panels.b2;
const S = panels.slab;
const K = panels.offsetsK;
const N = panels.offsetsN;

/** The slab's lengths, the source index of its first element, the first position and the least tap offset in it, as [d, h, w]. */
interface Box {
  readonly lengths: number[];
  readonly lows: number[];
  readonly firsts: number[];
  readonly leasts: number[];
  readonly channel: number;
  readonly channels: number;
}

/** What positions p0 … p1 − 1 and (channel, tap) numbers k0 … k1 − 1 need of the input; one number is one tap, more may be all. */
function box({ axes, taps }: Windows, p0: number, p1: number, k0: number, k1: number): Box {
  const channel = Math.floor(k0 / taps);
  const channels = Math.floor((k1 - 1) / taps) - channel + 1;
  const lengths = [0, 0, 0];
  const lows = [0, 0, 0];
  const firsts = [0, 0, 0];
  const leasts = [0, 0, 0];
  let [low, high, tap] = [p0, p1 - 1, k0 % taps];
  for (let a = 2; a >= 0; a--) {
    const axis = axes[a];
    const { count } = axis;
    const [lowRow, highRow] = [Math.floor(low / count), Math.floor(high / count)];
    // Positions of several rows: any column may be among them.
    const [first, last] = lowRow === highRow ? [low % count, high % count] : [0, count - 1];
    const one = axis.taps[tap % axis.taps.length];
    const [least, most] = k1 - k0 === 1 ? [one, one] : [axis.least, axis.most];
    lengths[a] = (last - first) * axis.step + most - least + 1;
    lows[a] = axis.start + first * axis.step + least;
    firsts[a] = first;
    leasts[a] = least;
    [low, high, tap] = [lowRow, highRow, Math.floor(tap / axis.taps.length)];
  }
  return { lengths, lows, firsts, leasts, channel, channels };
}

/** What the tables and `current` were last made for: with the next image of a batch only the slab changes. */
let [last, lastP0, lastP1, lastK0, lastK1]: [Windows | null, number, number, number, number] = [null, 0, 0, 0, 0];
let lastPositions: Int32Array = N;
let current: Box = { lengths: [], lows: [], firsts: [], leasts: [], channel: 0, channels: 0 };

/**
 * Fills the slab with what positions p0 … p1 − 1 and (channel, tap) numbers k0 … k1 − 1 read of x, whose channel 0 begins at
 * element `at`, and writes the offsets of the former into `positions`, of the latter into `elements` (K and N in either order).
 */
export function fillSlab(
  x: Float32Array, at: number, win: Windows, p0: number, p1: number, k0: number, k1: number, positions: Int32Array, elements: Int32Array,
): void {
  if (last !== win || lastP0 !== p0 || lastP1 !== p1 || lastK0 !== k0 || lastK1 !== k1 || lastPositions !== positions) {
    current = box(win, p0, p1, k0, k1);
    tabulate(win, current, p0, p1, k0, k1, positions, elements);
    [last, lastP0, lastP1, lastK0, lastK1, lastPositions] = [win, p0, p1, k0, k1, positions];
  }
  const { lengths: [lenD, lenH, lenW], lows: [lowD, lowH, lowW], channel, channels } = current;
  const [d, h, w] = win.axes;
  const plane = d.size * h.size * w.size;
  // Columns left of the input, in it, right of it.
  const left = Math.min(lenW, Math.max(0, -lowW));
  const inside = Math.max(0, Math.min(lenW, w.size - lowW) - left);
  let to = 0;
  for (let c = channel; c < channel + channels; c++) {
    for (let i = lowD; i < lowD + lenD; i++) {
      for (let j = lowH; j < lowH + lenH; j++, to += lenW) {
        if (i < 0 || i >= d.size || j < 0 || j >= h.size || inside === 0) {
          clear(to, lenW);
          continue;
        }
        clear(to, left);
        copyRow(x, at + c * plane + (i * h.size + j) * w.size + lowW + left, to + left, inside);
        clear(to + left + inside, lenW - left - inside);
      }
    }
  }
}

function tabulate(
  win: Windows, { lengths: [lenD, lenH, lenW], firsts, leasts, channel }: Box, p0: number, p1: number, k0: number, k1: number,
  positions: Int32Array, elements: Int32Array,
): void {
  const [d, h, w] = win.axes;
  const [jumpD, jumpH] = [lenH * lenW, lenW];
  let jw = p0 % w.count;
  let jh = Math.floor(p0 / w.count) % h.count;
  let jd = Math.floor(p0 / (w.count * h.count));
  for (let p = p0; p < p1; p++) {
    positions[p - p0] = (jd - firsts[0]) * d.step * jumpD + (jh - firsts[1]) * h.step * jumpH + (jw - firsts[2]) * w.step;
    if (++jw === w.count) {
      jw = 0;
      if (++jh === h.count) {
        jh = 0;
        jd++;
      }
    }
  }
  for (let k = k0; k < k1; k++) {
    const tap = k % win.taps;
    const tw = tap % w.taps.length;
    const row = (tap - tw) / w.taps.length;
    const th = row % h.taps.length;
    const td = (row - th) / h.taps.length;
    elements[k - k0] = ((k - tap) / win.taps - channel) * lenD * jumpD
      + (d.taps[td] - leasts[0]) * jumpD + (h.taps[th] - leasts[1]) * jumpH + w.taps[tw] - leasts[2];
  }
}

function copyRow(x: Float32Array, from: number, to: number, count: number): void {
  for (let i = 0; i < count; i++) S[to + i | 0] = x[from + i];
}

function clear(to: number, count: number): void {
  for (let i = 0; i < count; i++) S[to + i | 0] = 0;
}

/** Packs `n` columns of `kc` elements, by the tables, into the planes of B. */
export function packWindows(n: number, kc: number): void {
  for (let j = 0, q = 0; j < n; j += NR, q += kc) {
    windowTriple(N[j], N[Math.min(j + 1, n - 1)], N[Math.min(j + 2, n - 1)], q, kc);
  }
}

/** One panel: an offset is loaded once for three columns, one checked index stores all three. */
function windowTriple(s0: number, s1: number, s2: number, q: number, kc: number): void {
  for (let k = 0; k < kc; k = k + 1 | 0) {
    const o = K[k];
    const v0 = S[s0 + o | 0], v1 = S[s1 + o | 0], v2 = S[s2 + o | 0];
    B0[q] = v0;
    B1[q] = v1;
    B2[q] = v2;
    q = q + 1 | 0;
  }
}
