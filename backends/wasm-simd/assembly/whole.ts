/** Casts of whole numbers and of truth values, which are bytes, and sums of int32. What both have in common with float32 stands there: compare.ts, strided.ts. */

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
