/**
 * Whole numbers and truth values, which are bytes: casts of both, sums of int32, comparisons of truth values with broadcasting, and strided copies of
 * them. Comparisons of int32 stand with those of float32 in compare.ts.
 */

/** As in compare.ts. */
class Eq {} class Ne {} class Lt {} class Le {}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function holds<Op>(a: v128, b: v128): v128 {
  if (idof<Op>() == idof<Eq>()) return i8x16.eq(a, b);
  if (idof<Op>() == idof<Ne>()) return i8x16.ne(a, b);
  if (idof<Op>() == idof<Lt>()) return i8x16.lt_u(a, b);
  return i8x16.le_u(a, b);
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function compareRow<Op>(a: usize, as: i32, b: usize, bs: i32, y: usize, n: i32): void {
  if ((as == 1 || as == 0) && (bs == 1 || bs == 0)) {
    for (; n >= 16; n -= 16, a += 16 * as, b += 16 * bs, y += 16) {
      const p = as == 1 ? v128.load(a) : v128.load8_splat(a);
      const q = bs == 1 ? v128.load(b) : v128.load8_splat(b);
      v128.store(y, v128.and(holds<Op>(p, q), i8x16.splat(1)));
    }
  }
  for (; n > 0; n--, a += as, b += bs, y++) v128.store_lane<i8>(y, v128.and(holds<Op>(v128.load8_splat(a), v128.load8_splat(b)), i8x16.splat(1)), 0);
}

/** Elements first … end − 1 of y [·, n1, n2]; an operand that is a number lies somewhere with strides of 0. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function compare<Op>(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void {
  let i = first / n2;
  let column = first - i * n2;
  let plane = i / n1;
  i -= plane * n1;
  y += first;
  while (first < end) {
    const count = min(n2 - column, end - first);
    compareRow<Op>(a + (plane * a0 + i * a1 + column * a2), a2, b + (plane * b0 + i * b1 + column * b2), b2, y, count);
    first += count;
    y += count;
    column = 0;
    if (++i == n1) {
      i = 0;
      plane++;
    }
  }
}

export function b8_eq(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<Eq>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function b8_ne(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<Ne>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function b8_lt(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<Lt>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function b8_le(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<Le>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }

// @ts-ignore: AssemblyScript allows decorators here
@inline
function copyRow(x: usize, xs: i32, y: usize, ys: i32, n: i32): void {
  if (ys == 1 && xs == 1) for (; n >= 16; n -= 16, x += 16, y += 16) v128.store(y, v128.load(x));
  if (ys == 1 && xs == 0) for (; n >= 16; n -= 16, y += 16) v128.store(y, v128.load8_splat(x));
  for (; n > 0; n--, x += xs, y += ys) store<u8>(y, load<u8>(x));
}

/** As that of float32 in move.ts, without its transposition. */
export function b8_stridedCopy(
  x: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, x0: i32, x1: i32, x2: i32, y0: i32, y1: i32, y2: i32,
): void {
  let i = first / n2;
  let column = first - i * n2;
  let plane = i / n1;
  i -= plane * n1;
  while (first < end) {
    const count = min(n2 - column, end - first);
    copyRow(x + (plane * x0 + i * x1 + column * x2), x2, y + (plane * y0 + i * y1 + column * y2), y2, count);
    first += count;
    column = 0;
    if (++i == n1) {
      i = 0;
      plane++;
    }
  }
}

/** Four bytes as whole numbers. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function widened(x: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x)));
}

export function b8_toFloat(x: usize, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 4, y += 16) v128.store(y, f32x4.convert_i32x4_u(widened(x)));
  for (; n > 0; n--, x++, y += 4) store<f32>(y, <f32>load<u8>(x));
}

export function b8_toDouble(x: usize, y: usize, n: i32): void {
  for (; n > 0; n--, x++, y += 8) store<f64>(y, <f64>load<u8>(x));
}

export function b8_toInt(x: usize, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 4, y += 16) v128.store(y, widened(x));
  for (; n > 0; n--, x++, y += 4) store<i32>(y, load<u8>(x));
}

export function b8_toBool(x: usize, y: usize, n: i32): void {
  for (; n >= 16; n -= 16, x += 16, y += 16) v128.store(y, i8x16.min_u(v128.load(x), i8x16.splat(1)));
  for (; n > 0; n--, x++, y++) store<u8>(y, <u8>(load<u8>(x) != 0));
}

export function i32_toFloat(x: usize, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 16, y += 16) v128.store(y, f32x4.convert_i32x4_s(v128.load(x)));
  for (; n > 0; n--, x += 4, y += 4) store<f32>(y, <f32>load<i32>(x));
}

export function i32_toDouble(x: usize, y: usize, n: i32): void {
  for (; n >= 2; n -= 2, x += 8, y += 16) v128.store(y, f64x2.convert_low_i32x4_s(v128.load64_zero(x)));
  if (n > 0) store<f64>(y, <f64>load<i32>(x));
}

export function i32_toBool(x: usize, y: usize, n: i32): void {
  const zero = i32x4.splat(0);
  for (; n >= 16; n -= 16, x += 64, y += 16) {
    const low = i16x8.narrow_i32x4_s(i32x4.ne(v128.load(x), zero), i32x4.ne(v128.load(x, 16), zero));
    const high = i16x8.narrow_i32x4_s(i32x4.ne(v128.load(x, 32), zero), i32x4.ne(v128.load(x, 48), zero));
    v128.store(y, v128.and(i8x16.narrow_i16x8_s(low, high), i8x16.splat(1)));
  }
  for (; n > 0; n--, x += 4, y++) store<u8>(y, <u8>(load<i32>(x) != 0));
}

/** Sums modulo 2³² of `count` rows of n. */
export function i32_sumRows(x: usize, y: usize, count: i32, n: i32): void {
  for (; count > 0; count--, y += 4) {
    let v = i32x4.splat(0);
    let left = n;
    for (; left >= 4; left -= 4, x += 16) v = i32x4.add(v, v128.load(x));
    let sum = i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
    for (; left > 0; left--, x += 4) sum += load<i32>(x);
    store<i32>(y, sum);
  }
}

/** Sums modulo 2³² of `count` columns of n elements, `inner` apart. */
export function i32_sumColumns(x: usize, y: usize, count: i32, n: i32, inner: i32): void {
  const step = <usize>inner << 2;
  for (; count >= 4; count -= 4, x += 16, y += 16) {
    let v = i32x4.splat(0);
    let from = x;
    for (let j = 0; j < n; j++, from += step) v = i32x4.add(v, v128.load(from));
    v128.store(y, v);
  }
  for (; count > 0; count--, x += 4, y += 4) {
    let sum = 0;
    let from = x;
    for (let j = 0; j < n; j++, from += step) sum += load<i32>(from);
    store<i32>(y, sum);
  }
}
