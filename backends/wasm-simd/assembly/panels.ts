/**
 * Panels: what the micro-kernels read contiguously. A block of m rows is cut into ⌈m / ROWS⌉ panels of nearly equal heights, the
 * taller ones first, each with its rows side by side for every k. Panels of B are COLUMNS wide, the last one padded with zeros.
 */

import { PAIR_ROWS, ROWS, SWEPT_ROWS } from './variant';

export const COLUMNS: i32 = 8;

// @ts-ignore: AssemblyScript allows decorators here
@inline
export function panelsOf(m: i32): i32 {
  return (m + ROWS - 1) / ROWS;
}

/** Panels of m rows for tiles side by side. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function sweptPanelsOf(m: i32): i32 {
  return (m + SWEPT_ROWS - 1) / SWEPT_ROWS;
}

/** Panels of m rows for tiles that are two segments wide. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function pairPanelsOf(m: i32): i32 {
  return (m + PAIR_ROWS - 1) / PAIR_ROWS;
}

export function pairRows(): i32 {
  return PAIR_ROWS;
}

/** Elements of each row that are packed before the next rows: those of a panel's rows are in the first cache together. */
const RUN: i32 = 256;

/** Rows of a panel, their elements being neighbours. */
function turnRows(x: usize, rowStride: usize, h: i32, k: i32, to: usize, step: usize): void {
  let i = 0;
  for (; i + 4 <= h; i += 4) transpose(x + <usize>i * rowStride, rowStride, k, to + (<usize>i << 2), step);
  // The last four rows may overlap those before.
  if (i < h && h > 4) transpose(x + <usize>(h - 4) * rowStride, rowStride, k, to + (<usize>(h - 4) << 2), step);
  else for (; i < h; i++) {
    let s = x + <usize>i * rowStride;
    let t = to + (<usize>i << 2);
    for (let q = 0; q < k; q++) {
      store<f32>(t, load<f32>(s));
      s += 4;
      t += step;
    }
  }
}

/** Packs m rows of k elements at `x`, strides in bytes, into panels at `to`: elements `at` … of `length`. */
export function packRows(x: usize, rowStride: usize, kStride: usize, m: i32, k: i32, to: usize, at: i32, length: i32): void {
  const panels = panelsOf(m);
  if (panels === 0) return;
  const least = m / panels;
  const taller = m % panels;
  for (let p = 0; p < panels; p++) {
    const h = least + <i32>(p < taller);
    const step = <usize>h << 2;
    const begin = to + step * <usize>at;
    if (kStride === 4) {
      for (let q = 0; q < k; q += RUN) turnRows(x + (<usize>q << 2), rowStride, h, min(RUN, k - q), begin + step * <usize>q, step);
    } else if (rowStride === 4) {
      let s = x;
      let t = begin;
      for (let q = 0; q < k; q++) {
        copy(s, t, h);
        s += kStride;
        t += step;
      }
    } else {
      let s = x;
      let t = begin;
      for (let q = 0; q < k; q++) {
        let r = s;
        for (let i = 0; i < h; i++) {
          store<f32>(t, load<f32>(r));
          r += rowStride;
          t += 4;
        }
        s += kStride;
      }
    }
    x += <usize>h * rowStride;
    to += step * <usize>length;
  }
}

/** One panel of h rows, with element q of a row at `offsets[q]` bytes from its beginning. */
export function packPanelByTable(x: usize, rowStride: usize, offsets: usize, h: i32, k: i32, to: usize): void {
  for (let q = 0; q < k; q++) {
    let s = x + <usize>load<i32>(offsets + (<usize>q << 2));
    for (let i = 0; i < h; i++) {
      store<f32>(to, load<f32>(s));
      s += rowStride;
      to += 4;
    }
  }
}

/**
 * The panels of n columns, whole panels of them, that are neighbours in memory: rows are read as they lie, which the processor fetches
 * ahead, and two at once, since they are a line of the cache in each panel.
 */
function packAbreast(x: usize, kStride: usize, k: i32, n: i32, to: usize, length: i32): void {
  const panel = <usize>length << 5;
  const bytes = <usize>n << 2;
  let q = 0;
  for (; q + 2 <= k; q += 2) {
    let t = to;
    for (let s = x, end = x + bytes; s !== end; s += 4 * COLUMNS) {
      v128.store(t, v128.load(s));
      v128.store(t, v128.load(s, 16), 16);
      v128.store(t, v128.load(s + kStride), 32);
      v128.store(t, v128.load(s + kStride, 16), 48);
      t += panel;
    }
    x += 2 * kStride;
    to += 64;
  }
  if (q === k) return;
  for (let s = x, t = to, end = x + bytes; s !== end; s += 4 * COLUMNS) {
    v128.store(t, v128.load(s));
    v128.store(t, v128.load(s, 16), 16);
    t += panel;
  }
}

/** Packs n columns of k elements at `x`, strides in bytes, into panels of COLUMNS at `to`, `length` elements from one to the next. */
export function packColumns(x: usize, kStride: usize, columnStride: usize, k: i32, n: i32, to: usize, length: i32): void {
  let j = 0;
  if (columnStride === 4) {
    j = n & ~(COLUMNS - 1);
    packAbreast(x, kStride, k, j, to, length);
    x += <usize>j << 2;
    to += (<usize>j * <usize>length) << 2;
  }
  for (; j < n; j += COLUMNS) {
    const width = min(COLUMNS, n - j);
    if (width === COLUMNS && kStride === 4) {
      transpose(x, columnStride, k, to, 32);
      transpose(x + 4 * columnStride, columnStride, k, to + 16, 32);
    } else {
      let s = x;
      let t = to;
      for (let q = 0; q < k; q++) {
        let c = s;
        for (let i = 0; i < width; i++) {
          store<f32>(t, load<f32>(c));
          c += columnStride;
          t += 4;
        }
        for (let i = width; i < COLUMNS; i++) {
          store<f32>(t, 0);
          t += 4;
        }
        s += kStride;
      }
    }
    x += <usize>COLUMNS * columnStride;
    to += <usize>length << 5;
  }
}

/** The same with column j at `offsets[j]` bytes from x; these rise. */
export function packColumnsByTable(x: usize, kStride: usize, offsets: usize, k: i32, n: i32, to: usize): void {
  let j = 0;
  while (j < n) {
    const o0 = load<i32>(offsets);
    let run = 0;
    while (j + run + COLUMNS <= n && load<i32>(offsets + (<usize>(run + COLUMNS - 1) << 2)) - o0 === (run + COLUMNS - 1) << 2) run += COLUMNS;
    if (run > 0) {
      packAbreast(x + o0, kStride, k, run, to, k);
      offsets += <usize>run << 2;
      to += (<usize>run * <usize>k) << 2;
      j += run;
      continue;
    }
    const width = min(COLUMNS, n - j);
    // Past the end the first column is packed again, and is not used.
    const o1 = load<i32>(offsets + <usize>(width > 1 ? 4 : 0));
    const o2 = load<i32>(offsets + <usize>(width > 2 ? 8 : 0));
    const o3 = load<i32>(offsets + <usize>(width > 3 ? 12 : 0));
    const o4 = load<i32>(offsets + <usize>(width > 4 ? 16 : 0));
    const o5 = load<i32>(offsets + <usize>(width > 5 ? 20 : 0));
    const o6 = load<i32>(offsets + <usize>(width > 6 ? 24 : 0));
    const o7 = load<i32>(offsets + <usize>(width > 7 ? 28 : 0));
    let s = x;
    for (let q = 0; q < k; q++, s += kStride, to += 32) {
      store<f32>(to, load<f32>(s + o0));
      store<f32>(to, load<f32>(s + o1), 4);
      store<f32>(to, load<f32>(s + o2), 8);
      store<f32>(to, load<f32>(s + o3), 12);
      store<f32>(to, load<f32>(s + o4), 16);
      store<f32>(to, load<f32>(s + o5), 20);
      store<f32>(to, load<f32>(s + o6), 24);
      store<f32>(to, load<f32>(s + o7), 28);
    }
    offsets += 32;
    j += COLUMNS;
  }
}

/** `count` floats. Rows are too short for memory.copy and memory.fill, which leave the code. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function copy(from: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  for (; i < count; i++) {
    store<f32>(to, load<f32>(from));
    from += 4;
    to += 4;
  }
}

/** Four rows of `count` floats, `stride` bytes apart, side by side: element q of them lies at to + q·cell. */
export function transpose(s0: usize, stride: usize, count: i32, to: usize, cell: usize): void {
  let s1 = s0 + stride;
  let s2 = s1 + stride;
  let s3 = s2 + stride;
  let q = 0;
  for (; q + 4 <= count; q += 4) {
    const v0 = v128.load(s0);
    const v1 = v128.load(s1);
    const v2 = v128.load(s2);
    const v3 = v128.load(s3);
    const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
    v128.store(to + cell, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
    v128.store(to + 2 * cell, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
    v128.store(to + 3 * cell, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
    s0 += 16;
    s1 += 16;
    s2 += 16;
    s3 += 16;
    to += 4 * cell;
  }
  for (; q < count; q++) {
    store<f32>(to, load<f32>(s0), 0);
    store<f32>(to, load<f32>(s1), 4);
    store<f32>(to, load<f32>(s2), 8);
    store<f32>(to, load<f32>(s3), 12);
    s0 += 4;
    s1 += 4;
    s2 += 4;
    s3 += 4;
    to += cell;
  }
}
