/**
 * Parts of convolutions and their gradients: source rows padded into a slab, tiles over output rows, and sums over pixels. Where
 * taps, positions and blocks lie is planned in ../conv.ts and ../convGradWeight.ts and arrives as tables of byte offsets.
 */
import { dots4Of, dots8Of, pairsOf, spotsTile, spotsTwins, tableTile, tableTwins } from './micro';
import { COLUMNS, pairPanelsOf, panelsOf, transpose } from './panels';
import { beginTile, spread } from './store';
import { PAIR_ROWS, SEGMENT, TWINS } from './variant';

export { packPanelByTable as convPackPanel } from './panels';
export { fillSlab as convFillSlab } from './slab';

/** Bytes of packed weights that stay in the second-level cache while tiles pass. */
const GROUP: i32 = 131072;
/** Weights that stay in the first-level cache with what they meet: their panels pass over all pixels of a block, one after the other. */
const RESIDENT: i32 = 4096;
/** Most taps of a line that are summed at once, see dots… in micro.mjs. */
const DOT_TAPS: i32 = 5;

// @ts-ignore: AssemblyScript allows decorators here
@inline
function clear(to: usize, count: i32): void {
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(to, zero);
    to += 16;
  }
  for (; i < count; i++) {
    store<f32>(to, 0);
    to += 4;
  }
}

/**
 * A block of an output: m channels of `rows` rows of `cols` pixels. Pixel (r, c) sums `a`'s panels over x[r·xRow + 4·c + tab[q]] for
 * q < k, begins with its channel's `first`, and goes to y + channel·yChannel + r·yRow + c·yCol. All strides in bytes. `own`
 * holds a tile, for what cannot be stored whole. A row shorter than a tile is read beyond its end. Unless `most` is 0, results are limited
 * to 0 … `most` before they are stored: what is in an output is never read.
 */
export function convBlock(
  a: usize, m: i32, k: i32, x: usize, xRow: usize, tab: usize, first: usize, y: usize, yChannel: usize, yRow: usize, yCol: usize,
  rows: i32, cols: i32, own: usize, most: f32,
): void {
  const panels = pairPanelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  const whole = yCol === 4 && cols >= SEGMENT && k > 0;
  const group = max(1, GROUP / max(1, (PAIR_ROWS * k) << 2));
  const some = whole ? (m * k <= RESIDENT ? rows : 2) : 1;
  const floor: f32 = most > 0 ? 0 : -Infinity;
  const ceiling: f32 = most > 0 ? most : Infinity;
  for (let p0 = 0; p0 < panels; p0 += group) {
    const p1 = min(panels, p0 + group);
    const i0 = p0 * least + min(p0, taller);
    for (let r = 0; r < rows; r += some) {
      const b = x + <usize>r * xRow;
      let i = i0;
      for (let p = p0; p < p1; p++) {
        const h = least + <i32>(p < taller);
        const aAt = a + ((<usize>i * <usize>k) << 2);
        const from = first + (<usize>i << 5);
        const to = y + <usize>r * yRow + <usize>i * yChannel;
        if (whole) pairsOf(h, aAt, b, xRow, tab, k, from, to, yChannel, yRow, min(some, rows - r), cols, floor, ceiling);
        else {
          for (let j = 0; j < cols; j += COLUMNS) {
            // The last tile of a row overlaps the one before: its elements come out the same.
            const c = max(0, min(j, cols - COLUMNS));
            if (k > 0) tableTile(h, aAt, b + (<usize>c << 2), tab, from, 32, own, 32, k);
            else beginTile(h, from, 32, own);
            spread(own, h, min(COLUMNS, cols), to + <usize>c * yCol, yChannel, yCol, most);
          }
        }
        i += h;
      }
    }
  }
}

/** As fillSlab, but with the channels side by side for each column, padded with zeros to `width`. Columns keep their order. */
export function convFillLast(
  x: usize, channelBytes: usize, channels: i32, sizeD: i32, sizeH: i32, sizeW: i32, lowD: i32, lenD: i32, lowH: i32, lenH: i32, lowW: i32, lenW: i32,
  width: i32, to: usize,
): void {
  const cell = <usize>width << 2;
  const left = max(0, min(lenW, -lowW));
  const right = max(left, min(lenW, sizeW - lowW));
  for (let d = lowD; d < lowD + lenD; d++) {
    for (let h = lowH; h < lowH + lenH; h++) {
      if (d < 0 || d >= sizeD || h < 0 || h >= sizeH) {
        clear(to, lenW * width);
        to += <usize>lenW * cell;
        continue;
      }
      clear(to, left * width);
      clear(to + <usize>right * cell, (lenW - right) * width);
      const row = x + (<usize>((d * sizeH + h) * sizeW + lowW + left) << 2);
      const start = to + <usize>left * cell;
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        const s = row + <usize>c * channelBytes;
        transpose(s, channelBytes, right - left, start + (<usize>c << 2), cell);
      }
      for (; c < width; c++) {
        let s = row + <usize>c * channelBytes;
        let t = start + (<usize>c << 2);
        for (let w = left; w < right; w++) {
          store<f32>(t, c < channels ? load<f32>(s) : 0);
          s += 4;
          t += cell;
        }
      }
      to += <usize>lenW * cell;
    }
  }
}

/**
 * Adds to the tiles at `sums`: tile t of m rows by COLUMNS sums g's panels times x[tiles[t] + pixels[q]] over q < k. `first` says
 * that the sums begin here, with the zeros at `zeros`.
 */
export function convSumPixels(
  g: usize, m: i32, k: i32, x: usize, tiles: usize, count: i32, pixels: usize, zeros: usize, first: i32, sums: usize,
): void {
  const panels = panelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  const step = <usize>m << 5;
  for (let t = 0; t < count; t++) {
    const b = x + <usize>load<i32>(tiles + (<usize>t << 2));
    const twins = TWINS && t + 1 < count;
    const next = twins ? x + <usize>load<i32>(tiles + (<usize>t << 2), 4) - b : 0;
    let sum = sums + <usize>t * step;
    let a = g;
    for (let p = 0; p < panels; p++) {
      const h = least + <i32>(p < taller);
      if (twins) tableTwins(h, a, b, next, pixels, first ? zeros : sum, first ? <usize>0 : 32, first ? <usize>0 : step, sum, 32, step, k);
      else tableTile(h, a, b, pixels, first ? zeros : sum, first ? <usize>0 : 32, sum, 32, k);
      a += (<usize>h * <usize>k) << 2;
      sum += <usize>h << 5;
    }
    if (twins) t++;
  }
}

/**
 * The same for few channels, with the operands changed: row (line l, tap t) of COLUMNS sums g's panels of COLUMNS channels times
 * x[lines[l] + pixels[q] + 4·t] over q < k. Taps of a line are neighbours, so x is read as it lies, and no row is idle.
 */
export function convSumLines(
  g: usize, panels: i32, k: i32, x: usize, lines: usize, count: i32, width: i32, pixels: usize, zeros: usize, first: i32, sums: usize,
): void {
  const parts = panelsOf(width);
  const least = width / parts;
  const taller = width % parts;
  const panel = <usize>k << 5;
  const step = <usize>(count * width) << 5;
  for (let p = 0; p < panels; p++) {
    const twins = TWINS && p + 1 < panels;
    for (let l = 0; l < count; l++) {
      let a = x + <usize>load<i32>(lines + (<usize>l << 2));
      for (let part = 0; part < parts; part++) {
        const h = least + <i32>(part < taller);
        if (twins) spotsTwins(h, a, g, panel, pixels, first ? zeros : sums, first ? <usize>0 : 32, first ? <usize>0 : step, sums, 32, step, k);
        else spotsTile(h, a, g, pixels, first ? zeros : sums, first ? <usize>0 : 32, sums, 32, k);
        a += <usize>h << 2;
        sums += <usize>h << 5;
      }
    }
    if (twins) {
      p++;
      sums += step;
      g += panel;
    }
    g += panel;
  }
}

/** Pixels of a segment. */
export function convSegment(): i32 {
  return SEGMENT;
}

/**
 * The same with neither operand rearranged: `pixels` holds for each of `wide` segments and then of `narrow` fours of pixels where they lie in x and
 * in g. A sum (channel, line l, tap t) is a vector, 32 bytes for each, whose lanes convFoldDots adds up; channels are sumRow bytes apart.
 */
export function convSumDots(
  g: usize, gChannel: usize, m: i32, x: usize, lines: usize, count: i32, width: i32, pixels: usize, wide: i32, narrow: i32, sums: usize, sumRow: usize,
): void {
  const parts = (width + DOT_TAPS - 1) / DOT_TAPS;
  const least = width / parts;
  const taller = width % parts;
  const fours = pixels + (<usize>wide << 3);
  let tap = 0;
  for (let part = 0; part < parts; part++) {
    const taps = least + <i32>(part < taller);
    const groups = taps > 3 ? (m + 1) / 2 : (m + 2) / 3;
    let o = 0;
    for (let group = 0; group < groups; group++) {
      const channels = m / groups + <i32>(group < m % groups);
      const at = g + <usize>o * gChannel;
      const sum = sums + <usize>o * sumRow + (<usize>tap << 5);
      for (let l = 0; l < count; l++) {
        const from = x + <usize>load<i32>(lines + (<usize>l << 2)) + (<usize>tap << 2);
        const to = sum + (<usize>(l * width) << 5);
        if (SEGMENT === 8 && wide !== 0) dots8Of(channels, taps, from, at, gChannel, pixels, wide, to, sumRow);
        if (narrow !== 0) dots4Of(channels, taps, from, at, gChannel, fours, narrow, to, sumRow);
      }
      o += channels;
    }
    tap += taps;
  }
}

/** y[i] = Σ of the lanes of vector i for i < count. */
export function convFoldDots(sums: usize, count: i32, y: usize): void {
  for (; count > 0; count--, sums += 32, y += 4) {
    let v = v128.load(sums);
    if (SEGMENT === 8) v = f32x4.add(v, v128.load(sums, 16));
    v = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
    v128.store_lane<f32>(y, f32x4.add(v, v128.shuffle<f32>(v, v, 1, 0, 3, 2)), 0);
  }
}

/** Element e of row i of a gradient, for e < count, is sums[places[e] + i·sumRow]; rows of y are yRow bytes apart. */
export function convUnpack(sums: usize, sumRow: usize, places: usize, m: i32, count: i32, y: usize, yRow: usize): void {
  for (let i = 0; i < m; i++) {
    let at = y;
    for (let e = 0; e < count; e++) {
      store<f32>(at, load<f32>(sums + <usize>load<i32>(places + (<usize>e << 2))));
      at += 4;
    }
    sums += sumRow;
    y += yRow;
  }
}

/** y[i] = Σ over parts p, in their order, of x[p·stride + i] for i in begin … end − 1. */
export function convSumParts(x: usize, stride: usize, parts: i32, y: usize, begin: i32, end: i32): void {
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    let s = x + at;
    let v = f32x4.splat(0);
    for (let p = 0; p < parts; p++) {
      v = f32x4.add(v, v128.load(s));
      s += stride;
    }
    v128.store(y + at, v);
  }
  for (; i < end; i++) {
    const at = <usize>i << 2;
    let s = x + at;
    let v: f32 = 0;
    for (let p = 0; p < parts; p++) {
      v += load<f32>(s);
      s += stride;
    }
    store<f32>(y + at, v);
  }
}
