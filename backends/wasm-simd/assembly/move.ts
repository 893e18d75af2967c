/**
 * Kernels that move float32 elements without changing them (fill, copy, gather), and the sum of scattered ones. Strided copies are in
 * strided.ts. What is read and what is written do not overlap.
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

/** Not by copyRow: with turbo that takes 1.2 to 2.5 times as long from 100 to 16384 elements, in other variants as long (docs/decisions/0020). */
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

/**
 * A row. V8 checks for interrupts in every turn of a loop: with 128 or 256 bytes a turn, rows that come from memory take 0.7 to 0.8 of the
 * time of 64 bytes a turn.
 */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function copyRow(x: usize, y: usize, bytes: usize): void {
  for (; bytes >= 256; bytes -= 256, x += 256, y += 256) {
    copy128(x, y);
    copy128(x + 128, y + 128);
  }
  if (bytes >= 128) {
    copy128(x, y);
    bytes -= 128;
    x += 128;
    y += 128;
  }
  for (; bytes >= 16; bytes -= 16, x += 16, y += 16) v128.store(y, v128.load(x));
  for (; bytes > 0; bytes -= 4, x += 4, y += 4) store<u32>(y, load<u32>(x));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function copy128(x: usize, y: usize): void {
  const a = v128.load(x);
  const b = v128.load(x, 16);
  const c = v128.load(x, 32);
  const d = v128.load(x, 48);
  const e = v128.load(x, 64);
  const f = v128.load(x, 80);
  const g = v128.load(x, 96);
  const h = v128.load(x, 112);
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
  v128.store(y, d, 48);
  v128.store(y, e, 64);
  v128.store(y, f, 80);
  v128.store(y, g, 96);
  v128.store(y, h, 112);
}

/** Rows first … end − 1 of y [outer, nY, inner], row (o, j) from row (o, index[j]) of x [outer, nX, inner]. */
export function f32_gather(x: usize, index: usize, y: usize, nX: i32, nY: i32, inner: i32, first: i32, end: i32): void {
  const bytes = <usize>inner << 2;
  let o = first / nY;
  let j = first - o * nY;
  y += <usize>first * bytes;
  for (let row = first; row < end; row++, y += bytes) {
    copyRow(x + <usize>(o * nX + load<i32>(index + (<usize>j << 2))) * bytes, y, bytes);
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

/** The position that follows `j` on its chain, or −1 at the end: also after −1 itself, since the word before `next` holds −1. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function after(next: usize, j: i32): i32 {
  return load<i32>(next + (<usize>j << 2));
}

/**
 * Chains the positions j < nG that have the same index[j]: `heads` [nY] gets the first of each row or −1, `next` [nG] the one after each, and
 * the word before `next` −1. Indices outside 0 … nY − 1 are left out. Heads are made in `own` [nY], since pieces must not read what they share.
 */
export function f32_scatterChains(index: usize, nG: i32, nY: i32, heads: usize, next: usize, own: usize): void {
  const bytes = <usize>nY << 2;
  memory.fill(own, 0xff, bytes);
  store<i32>(next - 4, -1);
  for (let j = nG - 1; j >= 0; j--) {
    const k = load<u32>(index + (<usize>j << 2));
    if (k >= <u32>nY) continue;
    const head = own + (<usize>k << 2);
    store<i32>(next + (<usize>j << 2), load<i32>(head));
    store<i32>(head, j);
  }
  memory.copy(heads, own, bytes);
}

/** A row of y: the sum of the rows of g on the chain from `head` on, gathered in doubles; sixteen columns at a time are one cache line. */
function sumRows(g: usize, y: usize, inner: i32, head: i32, next: usize): void {
  const bytes = <usize>inner << 2;
  const zero = f64x2.splat(0);
  for (; inner >= 16; inner -= 16, g += 64, y += 64) {
    let a = zero, b = zero, c = zero, d = zero, e = zero, f = zero, h = zero, i = zero;
    for (let j = head; j >= 0; j = after(next, j)) {
      const from = g + <usize>j * bytes;
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
    for (let j = head; j >= 0; j = after(next, j)) {
      const v = lanesOf(g + <usize>j * bytes, inner);
      a = f64x2.add(a, low(v));
      b = f64x2.add(b, high(v));
    }
    storeLanes(y, narrow(a, b), inner);
  }
}

/** A row of y: the sum of two rows of g; of three and of four below, each in the order of the chain. */
function addTwo(a: usize, b: usize, y: usize, bytes: usize): void {
  const end = y + bytes;
  const whole = end - (bytes & 31);
  for (; y < whole; a += 32, b += 32, y += 32) {
    const p = f32x4.add(v128.load(a), v128.load(b));
    const q = f32x4.add(v128.load(a, 16), v128.load(b, 16));
    v128.store(y, p);
    v128.store(y, q, 16);
  }
  for (; y < end; a += 4, b += 4, y += 4) store<f32>(y, load<f32>(a) + load<f32>(b));
}

function addThree(a: usize, b: usize, c: usize, y: usize, bytes: usize): void {
  const end = y + bytes;
  const whole = end - (bytes & 31);
  for (; y < whole; a += 32, b += 32, c += 32, y += 32) {
    const p = f32x4.add(f32x4.add(v128.load(a), v128.load(b)), v128.load(c));
    const q = f32x4.add(f32x4.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
    v128.store(y, p);
    v128.store(y, q, 16);
  }
  for (; y < end; a += 4, b += 4, c += 4, y += 4) store<f32>(y, load<f32>(a) + load<f32>(b) + load<f32>(c));
}

function addFour(a: usize, b: usize, c: usize, d: usize, y: usize, bytes: usize): void {
  const end = y + bytes;
  const whole = end - (bytes & 31);
  for (; y < whole; a += 32, b += 32, c += 32, d += 32, y += 32) {
    const p = f32x4.add(f32x4.add(f32x4.add(v128.load(a), v128.load(b)), v128.load(c)), v128.load(d));
    const q = f32x4.add(f32x4.add(f32x4.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16)), v128.load(d, 16));
    v128.store(y, p);
    v128.store(y, q, 16);
  }
  for (; y < end; a += 4, b += 4, c += 4, d += 4, y += 4) store<f32>(y, load<f32>(a) + load<f32>(b) + load<f32>(c) + load<f32>(d));
}

/**
 * Rows first … end − 1 of y [outer · nY, inner] from those of g [outer · nG, inner] on the chains. Up to four are added as floats, each
 * read from end to end; what is gathered in doubles is read a cache line of each at a time.
 */
export function f32_scatterRows(g: usize, y: usize, nG: i32, nY: i32, inner: i32, first: i32, end: i32, heads: usize, next: usize): void {
  const bytes = <usize>inner << 2;
  let o = first / nY;
  let k = first - o * nY;
  let slice = g + <usize>(o * nG) * bytes;
  y += <usize>first * bytes;
  for (let row = first; row < end; row++, y += bytes) {
    const head = load<i32>(heads + (<usize>k << 2));
    if (inner == 1) {
      let sum: f64 = 0;
      for (let j = head; j >= 0; j = after(next, j)) sum += <f64>load<f32>(slice + (<usize>j << 2));
      store<f32>(y, <f32>sum);
    } else if (head < 0) f32_fill(y, inner, 0);
    else {
      const second = after(next, head);
      const third = after(next, second);
      const fourth = after(next, third);
      const a = slice + <usize>head * bytes;
      const b = slice + <usize>second * bytes;
      const c = slice + <usize>third * bytes;
      if (second < 0) copyRow(a, y, bytes);
      else if (third < 0) addTwo(a, b, y, bytes);
      else if (fourth < 0) addThree(a, b, c, y, bytes);
      else if (after(next, fourth) < 0) addFour(a, b, c, slice + <usize>fourth * bytes, y, bytes);
      else sumRows(slice, y, inner, head, next);
    }
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
