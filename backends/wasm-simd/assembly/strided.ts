/** Copies of elements of four bytes, or of one, from and to strides. What is read and what is written do not overlap. */
import { loadApart, storeTurned } from './lanes';
import { f32_copy, f32_fill } from './move';

// @ts-ignore: AssemblyScript allows decorators here
@inline
function storeApart(y: usize, step: i32, v: v128): void {
  v128.store_lane<f32>(y, v, 0);
  v128.store_lane<f32>(y + step, v, 1);
  v128.store_lane<f32>(y + 2 * step, v, 2);
  v128.store_lane<f32>(y + 3 * step, v, 3);
}

/** n elements with strides in bytes. */
// @ts-ignore: AssemblyScript allows decorators here
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

/** The same of bytes. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function copyBytes(x: usize, xs: i32, y: usize, ys: i32, n: i32): void {
  if (ys == 1 && xs == 1) for (; n >= 16; n -= 16, x += 16, y += 16) v128.store(y, v128.load(x));
  if (ys == 1 && xs == 0) for (; n >= 16; n -= 16, y += 16) v128.store(y, v128.load8_splat(x));
  for (; n > 0; n--, x += xs, y += ys) store<u8>(y, load<u8>(x));
}

/** Rows of y that go together when x is transposed: more would contend for the same set of the cache where rows are 4 KiB apart. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
const BAND: i32 = 8;

/** A band of rows of y, contiguous, of which x holds the columns contiguous. Strides in bytes. */
function transpose(x: usize, xs: usize, y: usize, ys: usize, columns: i32): void {
  let j = 0;
  for (; j + 4 <= columns; j += 4, x += 4 * xs, y += 16) {
    for (let i: usize = 0; i < <usize>BAND; i += 4) {
      const from = x + (i << 2);
      storeTurned(v128.load(from), v128.load(from + xs), v128.load(from + 2 * xs), v128.load(from + 3 * xs), y + i * ys, ys);
    }
  }
  for (; j < columns; j++, x += xs, y += 4) for (let i: usize = 0; i < <usize>BAND; i++) store<f32>(y + i * ys, load<f32>(x + (i << 2)));
}

/** Elements first … end − 1, counted row-major, of a shape [·, n1, n2] with strides in elements, which may be negative. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function stridedCopy<T>(x: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, x0: i32, x1: i32, x2: i32, y0: i32, y1: i32, y2: i32): void {
  let i = first / n2;
  let column = first - i * n2;
  let plane = i / n1;
  i -= plane * n1;
  const across = sizeof<T>() == 4 && x1 == 1 && y2 == 1 && x2 >= 4;
  while (first < end) {
    if (across && column == 0 && i + BAND <= n1 && first + BAND * n2 <= end) {
      transpose(x + ((plane * x0 + i) << 2), <usize>x2 << 2, y + ((plane * y0 + i * y1) << 2), <usize>y1 << 2, n2);
      first += BAND * n2;
      i += BAND;
      if (i == n1) {
        i = 0;
        plane++;
      }
      continue;
    }
    const count = min(n2 - column, end - first);
    const from = x + ((plane * x0 + i * x1 + column * x2) << alignof<T>());
    const to = y + ((plane * y0 + i * y1 + column * y2) << alignof<T>());
    if (sizeof<T>() == 1) copyBytes(from, x2, to, y2, count);
    else copyRow(from, x2 << 2, to, y2 << 2, count);
    first += count;
    column = 0;
    if (++i == n1) {
      i = 0;
      plane++;
    }
  }
}

export function f32_stridedCopy(
  x: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, x0: i32, x1: i32, x2: i32, y0: i32, y1: i32, y2: i32,
): void { stridedCopy<f32>(x, y, first, end, n1, n2, x0, x1, x2, y0, y1, y2); }
export function b8_stridedCopy(
  x: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, x0: i32, x1: i32, x2: i32, y0: i32, y1: i32, y2: i32,
): void { stridedCopy<u8>(x, y, first, end, n1, n2, x0, x1, x2, y0, y1, y2); }
