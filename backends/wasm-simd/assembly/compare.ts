/**
 * Comparisons with broadcasting, whose results are truth values, which are bytes: of float32, of int32 and of truth values. Greater is less with
 * its operands exchanged. Then what else float32 has to do with truth values, casts and the choice between two.
 */
import { loadApart } from './lanes';

/** As in elementwise.ts: which comparison is said by a type. */
class Eq {} class Ne {} class Lt {} class Le {}
class EqInt {} class NeInt {} class LtInt {} class LeInt {}
class EqBool {} class NeBool {} class LtBool {} class LeBool {}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function holds<Op>(a: v128, b: v128): v128 {
  if (idof<Op>() == idof<Eq>()) return f32x4.eq(a, b);
  if (idof<Op>() == idof<Ne>()) return f32x4.ne(a, b);
  if (idof<Op>() == idof<Lt>()) return f32x4.lt(a, b);
  if (idof<Op>() == idof<EqInt>()) return i32x4.eq(a, b);
  if (idof<Op>() == idof<NeInt>()) return i32x4.ne(a, b);
  if (idof<Op>() == idof<LtInt>()) return i32x4.lt_s(a, b);
  if (idof<Op>() == idof<LeInt>()) return i32x4.le_s(a, b);
  if (idof<Op>() == idof<EqBool>()) return i8x16.eq(a, b);
  if (idof<Op>() == idof<NeBool>()) return i8x16.ne(a, b);
  if (idof<Op>() == idof<LtBool>()) return i8x16.lt_u(a, b);
  if (idof<Op>() == idof<LeBool>()) return i8x16.le_u(a, b);
  return f32x4.le(a, b);
}

/** Four floats `step` bytes apart, of which 4 and 0 are the usual. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function operand(p: usize, step: i32, mode: i32): v128 {
  if (mode == 1) return v128.load(p);
  if (mode == 0) return v128.load32_splat(p);
  return loadApart(p, step);
}

/** Four masks as four bytes of 0 or 1. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function bytes(mask: v128): v128 {
  const halves = i16x8.narrow_i32x4_s(mask, mask);
  return v128.and(i8x16.narrow_i16x8_s(halves, halves), i8x16.splat(1));
}

/** n results; modes: 1 the operand is contiguous, 0 one number, else `step` bytes apart. Each pair of modes becomes a loop of its own. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function compareRow<Op>(aMode: i32, bMode: i32, a: usize, as: i32, b: usize, bs: i32, y: usize, n: i32): void {
  for (; n >= 16; n -= 16, a += 16 * as, b += 16 * bs, y += 16) {
    const m0 = holds<Op>(operand(a, as, aMode), operand(b, bs, bMode));
    const m1 = holds<Op>(operand(a + 4 * as, as, aMode), operand(b + 4 * bs, bs, bMode));
    const m2 = holds<Op>(operand(a + 8 * as, as, aMode), operand(b + 8 * bs, bs, bMode));
    const m3 = holds<Op>(operand(a + 12 * as, as, aMode), operand(b + 12 * bs, bs, bMode));
    v128.store(y, v128.and(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(m0, m1), i16x8.narrow_i32x4_s(m2, m3)), i8x16.splat(1)));
  }
  for (; n >= 4; n -= 4, a += 4 * as, b += 4 * bs, y += 4) v128.store_lane<i32>(y, bytes(holds<Op>(operand(a, as, aMode), operand(b, bs, bMode))), 0);
  for (; n > 0; n--, a += as, b += bs, y++) v128.store_lane<i8>(y, bytes(holds<Op>(v128.load32_zero(a), v128.load32_zero(b))), 0);
}

/** The same for bytes, of which strides of 1 and 0 are the usual. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function compareBytes<Op>(a: usize, as: i32, b: usize, bs: i32, y: usize, n: i32): void {
  if ((as == 1 || as == 0) && (bs == 1 || bs == 0)) {
    for (; n >= 16; n -= 16, a += 16 * as, b += 16 * bs, y += 16) {
      const p = as == 1 ? v128.load(a) : v128.load8_splat(a);
      const q = bs == 1 ? v128.load(b) : v128.load8_splat(b);
      v128.store(y, v128.and(holds<Op>(p, q), i8x16.splat(1)));
    }
  }
  for (; n > 0; n--, a += as, b += bs, y++) v128.store_lane<i8>(y, v128.and(holds<Op>(v128.load8_splat(a), v128.load8_splat(b)), i8x16.splat(1)), 0);
}

/** As `walk` of elementwise.ts, over elements of T with one byte per result; an operand that is a number lies somewhere with strides of 0. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function compare<T, Op>(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void {
  let i = first / n2;
  let column = first - i * n2;
  let plane = i / n1;
  i -= plane * n1;
  y += first;
  while (first < end) {
    const count = min(n2 - column, end - first);
    const p = a + ((plane * a0 + i * a1 + column * a2) << alignof<T>());
    const q = b + ((plane * b0 + i * b1 + column * b2) << alignof<T>());
    if (sizeof<T>() == 1) compareBytes<Op>(p, a2, q, b2, y, count);
    else if (a2 == 1 && b2 == 1) compareRow<Op>(1, 1, p, 4, q, 4, y, count);
    else if (a2 == 1 && b2 == 0) compareRow<Op>(1, 0, p, 4, q, 0, y, count);
    else if (a2 == 0 && b2 == 1) compareRow<Op>(0, 1, p, 0, q, 4, y, count);
    else compareRow<Op>(2, 2, p, a2 << 2, q, b2 << 2, y, count);
    first += count;
    y += count;
    column = 0;
    if (++i == n1) {
      i = 0;
      plane++;
    }
  }
}

export function f32_eq(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<f32, Eq>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function f32_ne(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<f32, Ne>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function f32_lt(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<f32, Lt>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function f32_le(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<f32, Le>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function i32_eq(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<i32, EqInt>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function i32_ne(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<i32, NeInt>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function i32_lt(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<i32, LtInt>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function i32_le(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<i32, LeInt>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function b8_eq(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<u8, EqBool>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function b8_ne(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<u8, NeBool>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function b8_lt(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<u8, LtBool>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function b8_le(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { compare<u8, LeBool>(a, b, y, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }

/** NaN is true. */
export function f32_toBool(x: usize, y: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (; n >= 16; n -= 16, x += 64, y += 16) {
    const low = i16x8.narrow_i32x4_s(f32x4.ne(v128.load(x), zero), f32x4.ne(v128.load(x, 16), zero));
    const high = i16x8.narrow_i32x4_s(f32x4.ne(v128.load(x, 32), zero), f32x4.ne(v128.load(x, 48), zero));
    v128.store(y, v128.and(i8x16.narrow_i16x8_s(low, high), i8x16.splat(1)));
  }
  for (; n > 0; n--, x += 4, y++) store<u8>(y, <u8>(load<f32>(x) != 0));
}

/** Towards zero, modulo 2³², NaN and infinities 0, as JavaScript does it. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function wrapped(x: f32): i32 {
  // From 2⁵⁶ on floats are multiples of 2³².
  return abs(x) < 72057594037927936 ? <i32><i64>x : 0;
}

export function f32_toInt(x: usize, y: usize, n: i32): void {
  const bound = f32x4.splat(2147483648);
  for (; n >= 4; n -= 4, x += 16, y += 16) {
    const v = v128.load(x);
    if (i32x4.all_true(f32x4.lt(f32x4.abs(v), bound))) v128.store(y, i32x4.trunc_sat_f32x4_s(v));
    else for (let i: usize = 0; i < 16; i += 4) store<i32>(y + i, wrapped(load<f32>(x + i)));
  }
  for (; n > 0; n--, x += 4, y += 4) store<i32>(y, wrapped(load<f32>(x)));
}

export function f32_toDouble(x: usize, y: usize, n: i32): void {
  for (; n >= 2; n -= 2, x += 8, y += 16) v128.store(y, f64x2.promote_low_f32x4(v128.load64_zero(x)));
  if (n > 0) store<f64>(y, <f64>load<f32>(x));
}

/** The four masks of four truth values. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function masks(four: v128): v128 {
  return i32x4.ne(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(four)), i32x4.splat(0));
}

export function f32_where(condition: usize, a: usize, b: usize, y: usize, n: i32): void {
  for (; n >= 8; n -= 8, condition += 8, a += 32, b += 32, y += 32) {
    const p = v128.bitselect(v128.load(a), v128.load(b), masks(v128.load32_zero(condition)));
    const q = v128.bitselect(v128.load(a, 16), v128.load(b, 16), masks(v128.load32_zero(condition, 4)));
    v128.store(y, p);
    v128.store(y, q, 16);
  }
  for (; n > 0; n--, condition++, a += 4, b += 4, y += 4) store<u32>(y, load<u32>(load<u8>(condition) ? a : b));
}
