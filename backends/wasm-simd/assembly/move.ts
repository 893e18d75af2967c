/**
 * Kernels that move float32 elements without changing them (fill, copy, gather), and the sum of scattered ones. Strided copies are in strided.ts. What is
 * read and what is written do not overlap.
 */
import { high, lanesOf, loadPart, low, narrow, storeLanes, storePart } from './lanes';

export function f32_fill(y: usize, n: i32, value: f32): void {
  const v = f32x4.splat(value);
  for (; n >= 8; n -= 8, y += 32) {
    v128.store(y, v);
    v128.store(y, v, 16);
  }
  for (; n > 0; n--, y += 4) store<f32>(y, value);
}

export function f32_copy(x: usize, y: usize, n: i32): void {
  for (; n >= 16; n -= 16, x += 64, y += 64) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    const c = v128.load(x, 32);
    const d = v128.load(x, 48);
    v128.store(y, a);
    v128.store(y, b, 16);
    v128.store(y, c, 32);
    v128.store(y, d, 48);
  }
  for (; n >= 4; n -= 4, x += 16, y += 16) v128.store(y, v128.load(x));
  if (n > 0) storePart(y, loadPart(x, n), n);
}

/** Rows first … end − 1 of y [outer, nY, inner], row (o, j) from row (o, index[j]) of x [outer, nX, inner]. */
export function f32_gather(x: usize, index: usize, y: usize, nX: i32, nY: i32, inner: i32, first: i32, end: i32): void {
  let o = first / nY;
  let j = first - o * nY;
  y += <usize>(first * inner) << 2;
  for (let row = first; row < end; row++) {
    const from = x + (<usize>((o * nX + load<i32>(index + (<usize>j << 2))) * inner) << 2);
    if (inner == 1) store<u32>(y, load<u32>(from));
    else f32_copy(from, y, inner);
    y += <usize>inner << 2;
    if (++j == nY) {
      j = 0;
      o++;
    }
  }
}

/** Rows (o, j) of y [outer, nY, inner], element i from place (o, index[o, j, i], i) of x; an index below 0 reads 0. */
export function f32_gatherElements(x: usize, index: usize, y: usize, nX: i32, nY: i32, inner: i32, first: i32, end: i32): void {
  let o = first / nY;
  let j = first - o * nY;
  const skip = <usize>(first * inner) << 2;
  index += skip;
  y += skip;
  for (let row = first; row < end; row++) {
    const slice = x + (<usize>(o * nX * inner) << 2);
    for (let i = 0; i < inner; i++, index += 4, y += 4) {
      const k = load<i32>(index);
      store<u32>(y, k < 0 ? 0 : load<u32>(slice + (<usize>(k * inner + i) << 2)));
    }
    if (++j == nY) {
      j = 0;
      o++;
    }
  }
}

/**
 * The j < nG in the order of their index[j], first those of 0, and in `starts` [nY + 1] where those of each begin. Indices outside
 * 0 … nY − 1 are left out. Counted in `counts` [nY], since pieces must not read what they share.
 */
export function f32_scatterList(index: usize, nG: i32, nY: i32, starts: usize, list: usize, counts: usize): void {
  memory.fill(counts, 0, <usize>nY << 2);
  for (let j = 0; j < nG; j++) {
    const k = load<u32>(index + (<usize>j << 2));
    if (k < <u32>nY) store<i32>(counts + (<usize>k << 2), load<i32>(counts + (<usize>k << 2)) + 1);
  }
  let at = 0;
  for (let k: usize = 0; k < <usize>nY << 2; k += 4) {
    const count = load<i32>(counts + k);
    store<i32>(starts + k, at);
    store<i32>(counts + k, at);
    at += count;
  }
  store<i32>(starts + (<usize>nY << 2), at);
  for (let j = 0; j < nG; j++) {
    const k = load<u32>(index + (<usize>j << 2));
    if (k >= <u32>nY) continue;
    const place = load<i32>(counts + (<usize>k << 2));
    store<i32>(counts + (<usize>k << 2), place + 1);
    store<i32>(list + (<usize>place << 2), j);
  }
}

/** A row of y: the sum of the rows of g on a part of the list, gathered in doubles; sixteen columns at a time are one cache line. */
function sumRows(g: usize, y: usize, inner: i32, list: usize, stop: usize): void {
  const bytes = <usize>inner << 2;
  const zero = f64x2.splat(0);
  for (; inner >= 16; inner -= 16, g += 64, y += 64) {
    let a = zero, b = zero, c = zero, d = zero, e = zero, f = zero, h = zero, i = zero;
    for (let at = list; at < stop; at += 4) {
      const from = g + <usize>load<i32>(at) * bytes;
      const p = v128.load(from);
      const q = v128.load(from, 16);
      const r = v128.load(from, 32);
      const s = v128.load(from, 48);
      a = f64x2.add(a, low(p));
      b = f64x2.add(b, high(p));
      c = f64x2.add(c, low(q));
      d = f64x2.add(d, high(q));
      e = f64x2.add(e, low(r));
      f = f64x2.add(f, high(r));
      h = f64x2.add(h, low(s));
      i = f64x2.add(i, high(s));
    }
    v128.store(y, narrow(a, b));
    v128.store(y, narrow(c, d), 16);
    v128.store(y, narrow(e, f), 32);
    v128.store(y, narrow(h, i), 48);
  }
  for (; inner > 0; inner -= 4, g += 16, y += 16) {
    let a = zero, b = zero;
    for (let at = list; at < stop; at += 4) {
      const v = lanesOf(g + <usize>load<i32>(at) * bytes, inner);
      a = f64x2.add(a, low(v));
      b = f64x2.add(b, high(v));
    }
    storeLanes(y, narrow(a, b), inner);
  }
}

/** Most rows of g that are added as floats, each read from end to end; what is gathered in doubles is read a cache line of each at a time. */
const FEW: i32 = 4;

/** A row of y from 2 … FEW of g, in the order of the list. */
function addRows(g: usize, y: usize, inner: i32, list: usize, count: i32): void {
  const bytes = <usize>inner << 2;
  const end = y + bytes;
  let a = g + <usize>load<i32>(list) * bytes;
  let b = g + <usize>load<i32>(list, 4) * bytes;
  let c = count > 2 ? g + <usize>load<i32>(list, 8) * bytes : a;
  let d = count > 3 ? g + <usize>load<i32>(list, 12) * bytes : a;
  const whole = end - (bytes & 15);
  if (count == 2) for (; y < whole; a += 16, b += 16, y += 16) v128.store(y, f32x4.add(v128.load(a), v128.load(b)));
  else if (count == 3) for (; y < whole; a += 16, b += 16, c += 16, y += 16) v128.store(y, f32x4.add(f32x4.add(v128.load(a), v128.load(b)), v128.load(c)));
  else for (; y < whole; a += 16, b += 16, c += 16, d += 16, y += 16) v128.store(y, f32x4.add(f32x4.add(f32x4.add(v128.load(a), v128.load(b)), v128.load(c)), v128.load(d)));
  for (; y < end; a += 4, b += 4, c += 4, d += 4, y += 4) {
    let sum = load<f32>(a) + load<f32>(b);
    if (count > 2) sum += load<f32>(c);
    if (count > 3) sum += load<f32>(d);
    store<f32>(y, sum);
  }
}

/** Rows first … end − 1 of y [outer · nY, inner] from those of g [outer · nG, inner] on the list. */
export function f32_scatterRows(g: usize, y: usize, nG: i32, nY: i32, inner: i32, first: i32, end: i32, starts: usize, list: usize): void {
  const bytes = <usize>inner << 2;
  let o = first / nY;
  let k = first - o * nY;
  let slice = g + <usize>(o * nG) * bytes;
  y += <usize>first * bytes;
  for (let row = first; row < end; row++, y += bytes) {
    let at = list + (<usize>load<i32>(starts + (<usize>k << 2)) << 2);
    const stop = list + (<usize>load<i32>(starts + (<usize>k << 2), 4) << 2);
    if (inner == 1) {
      let sum: f64 = 0;
      for (; at < stop; at += 4) sum += <f64>load<f32>(slice + (<usize>load<i32>(at) << 2));
      store<f32>(y, <f32>sum);
    } else if (at == stop) f32_fill(y, inner, 0);
    else if (at + 4 == stop) f32_copy(slice + <usize>load<i32>(at) * bytes, y, inner);
    else if (stop - at <= 4 * FEW) addRows(slice, y, inner, at, <i32>((stop - at) >> 2));
    else sumRows(slice, y, inner, at, stop);
    if (++k == nY) {
      k = 0;
      slice += <usize>nG * bytes;
    }
  }
}

/**
 * For each of `slices` slices: y[k] = Σ g[j] over the j < nG with index[j] = k, gathered in the doubles at `sums` (16-byte aligned,
 * nY of them). Indices outside 0 … nY − 1 are skipped, so none can make it write elsewhere.
 */
export function f32_scatterSlices(g: usize, index: usize, y: usize, slices: i32, nG: i32, nY: i32, sums: usize): void {
  for (; slices > 0; slices--) {
    memory.fill(sums, 0, <usize>nY << 3);
    for (let j = 0; j < nG; j++, g += 4, index += 4) {
      const k = load<u32>(index);
      if (k < <u32>nY) {
        const at = sums + (<usize>k << 3);
        store<f64>(at, load<f64>(at) + <f64>load<f32>(g));
      }
    }
    let from = sums;
    let k = nY;
    for (; k >= 4; k -= 4, from += 32, y += 16) v128.store(y, narrow(v128.load(from), v128.load(from, 16)));
    for (; k > 0; k--, from += 8, y += 4) store<f32>(y, <f32>load<f64>(from));
  }
}

/** The same for `columns` neighbouring columns of one slice [nG, inner] to [nY, inner]; sums are [nY, columns]. */
export function f32_scatterColumns(g: usize, index: usize, y: usize, nG: i32, nY: i32, inner: i32, columns: i32, sums: usize): void {
  memory.fill(sums, 0, <usize>(nY * columns) << 3);
  const skip = <usize>(inner - columns) << 2;
  for (let j = 0; j < nG; j++, g += skip, index += skip) {
    for (let i = 0; i < columns; i++, g += 4, index += 4) {
      const k = load<u32>(index);
      if (k < <u32>nY) {
        const at = sums + (<usize>(k * columns + i) << 3);
        store<f64>(at, load<f64>(at) + <f64>load<f32>(g));
      }
    }
  }
  for (let k = 0; k < nY; k++, y += skip) for (let i = 0; i < columns; i++, sums += 8, y += 4) store<f32>(y, <f32>load<f64>(sums));
}
