/**
 * Kernels that move float32 elements without changing them (fill, copy, strided copy), and the sum of scattered ones. What is
 * read and what is written do not overlap.
 */
import { loadApart, loadPart, narrow, storePart } from './lanes';

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

// @ts-ignore: decorator
@inline
function storeApart(y: usize, step: i32, v: v128): void {
  v128.store_lane<f32>(y, v, 0);
  v128.store_lane<f32>(y + step, v, 1);
  v128.store_lane<f32>(y + 2 * step, v, 2);
  v128.store_lane<f32>(y + 3 * step, v, 3);
}

/** n elements with strides in bytes. */
// @ts-ignore: decorator
@inline
function copyRow(x: usize, xs: i32, y: usize, ys: i32, n: i32): void {
  if (xs == 4 && ys == 4) f32_copy(x, y, n);
  else if (xs == 0 && ys == 4) f32_fill(y, n, load<f32>(x));
  else {
    if (ys == 4) for (; n >= 4; n -= 4, x += 4 * xs, y += 16) v128.store(y, loadApart(x, xs));
    else if (xs == 4) for (; n >= 4; n -= 4, x += 16, y += 4 * ys) storeApart(y, ys, v128.load(x));
    for (; n > 0; n--, x += xs, y += ys) store<u32>(y, load<u32>(x));
  }
}

/** Elements first … end − 1, counted row-major, of a shape [·, n1, n2] with strides in elements, which may be negative. */
export function f32_stridedCopy(
  x: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, x0: i32, x1: i32, x2: i32, y0: i32, y1: i32, y2: i32,
): void {
  let i = first / n2;
  let column = first - i * n2;
  let plane = i / n1;
  i -= plane * n1;
  while (first < end) {
    const count = min(n2 - column, end - first);
    copyRow(x + ((plane * x0 + i * x1 + column * x2) << 2), x2 << 2, y + ((plane * y0 + i * y1 + column * y2) << 2), y2 << 2, count);
    first += count;
    column = 0;
    if (++i == n1) {
      i = 0;
      plane++;
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
