/**
 * Functions of four floats that are series: tanh and sigmoid, log and softplus, erf, sine and cosine, powers. The last three run in doubles, two at
 * a time, where they need no tricks. Nothing branches on the data.
 */
import { expLanes, high, low, narrow } from './lanes';

// @ts-ignore: AssemblyScript allows decorators here
@inline
const SIGN: i32 = 0x80000000;

/** In memory for the same reason as those of exp. */
const TANH = memory.data<f32>([-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1, 1, 2, 0.625]);

// @ts-ignore: AssemblyScript allows decorators here
@inline
function tanhConstant(offset: usize): v128 {
  return v128.load32_splat(TANH + offset);
}

/** Near 0 a polynomial (Moshier's Cephes), since 1 − 2 / (e²ˣ + 1) cancels there; the sign is put back at the end. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function tanhLanes(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(a, a);
  let p = f32x4.add(f32x4.mul(tanhConstant(0), z), tanhConstant(4));
  p = f32x4.add(f32x4.mul(p, z), tanhConstant(8));
  p = f32x4.add(f32x4.mul(p, z), tanhConstant(12));
  p = f32x4.add(f32x4.mul(p, z), tanhConstant(16));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), a), a);
  const one = tanhConstant(20);
  const far = f32x4.sub(one, f32x4.div(tanhConstant(24), f32x4.add(expLanes(f32x4.add(a, a)), one)));
  return v128.or(v128.bitselect(near, far, f32x4.lt(a, tanhConstant(28))), v128.and(x, i32x4.splat(SIGN)));
}

/** Only ever takes exp of what is not positive, so nothing overflows on the way. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function sigmoidLanes(x: v128): v128 {
  const e = expLanes(f32x4.neg(f32x4.abs(x)));
  const one = tanhConstant(20);
  return f32x4.div(v128.bitselect(one, e, f32x4.ge(x, f32x4.splat(0))), f32x4.add(one, e));
}

/** First 2²³, √½, then from the highest power down the coefficients of Moshier's Cephes for log(1 + r) / r³ + (½ − 1/r) / r, then ln 2 in two. */
const LOG = memory.data<f32>([
  8388608, 0.70710677, 7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1,
  -2.4999993993e-1, 3.3333331174e-1, -2.12194440e-4, 0.693359375, 1,
]);

// @ts-ignore: AssemblyScript allows decorators here
@inline
function logConstant(number: usize): v128 {
  return v128.load32_splat(LOG + (number << 2));
}

/** log of four floats, within 1 unit in the last place: k·ln 2 + log(1 + r) where x = 2ᵏ·(1 + r), 1 + r from √½ to √2. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function logLanes(x: v128): v128 {
  const zero = f32x4.splat(0);
  const one = logConstant(13);
  // Denormal numbers are brought up first.
  const tiny = f32x4.lt(x, v128.load32_splat(LEAST));
  const given = v128.bitselect(f32x4.mul(x, logConstant(0)), x, tiny);
  const bits = i32x4.sub(given, logConstant(1));
  const number = i32x4.sub(i32x4.shr_s(bits, 23), v128.and(tiny, i32x4.splat(23)));
  const r = f32x4.sub(i32x4.add(v128.and(bits, i32x4.splat(0x7fffff)), logConstant(1)), one);
  const k = f32x4.convert_i32x4_s(number);
  const z = f32x4.mul(r, r);
  let p = logConstant(2);
  p = f32x4.add(f32x4.mul(p, r), logConstant(3));
  p = f32x4.add(f32x4.mul(p, r), logConstant(4));
  p = f32x4.add(f32x4.mul(p, r), logConstant(5));
  p = f32x4.add(f32x4.mul(p, r), logConstant(6));
  p = f32x4.add(f32x4.mul(p, r), logConstant(7));
  p = f32x4.add(f32x4.mul(p, r), logConstant(8));
  p = f32x4.add(f32x4.mul(p, r), logConstant(9));
  p = f32x4.add(f32x4.mul(p, r), logConstant(10));
  p = f32x4.mul(f32x4.mul(p, r), z);
  p = f32x4.add(p, f32x4.mul(k, logConstant(11)));
  p = f32x4.sub(p, f32x4.mul(z, f32x4.splat(0.5)));
  const value = f32x4.add(f32x4.add(r, p), f32x4.mul(k, logConstant(12)));
  // Of infinity and NaN itself, of zero −∞, of negative numbers NaN.
  const usual = v128.bitselect(value, x, f32x4.lt(x, f32x4.splat(Infinity)));
  const positive = v128.bitselect(f32x4.splat(NaN), usual, f32x4.lt(x, zero));
  return v128.bitselect(f32x4.splat(-Infinity), positive, f32x4.eq(x, zero));
}

/** The least normal float. */
const LEAST = memory.data<f32>([1.17549435e-38]);

/** log(1 + v), v = exp(p0·x): what 1 + v loses by rounding is put back in first order. Above 30 it is p0·x. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function softplusLanes(x: v128, p0: v128, p1: v128): v128 {
  const scaled = f32x4.mul(x, p0);
  const v = expLanes(scaled);
  const one = logConstant(13);
  const u = f32x4.add(v, one);
  const lost = f32x4.div(f32x4.sub(v, f32x4.sub(u, one)), u);
  const value = f32x4.div(f32x4.add(logLanes(u), lost), p0);
  return v128.bitselect(x, value, f32x4.gt(scaled, f32x4.pmin(p1, f32x4.splat(30))));
}

/**
 * Coefficients from the highest power down: of (erf(x)/x − 1) in x² up to ⅞, relative error 8.6e-9; of log(erfc(x)) / x on [⅞, 4], where it
 * leaves a relative error of 3.2e-9 of erf. Both minimax, found by Lawson's reweighted least squares over 2000 Chebyshev points; with
 * the rounding of float32 the whole is within 1.2 units in the last place, tried on three million numbers. Then ⅞, 4 and 1.
 */
const ERF = memory.data<f32>([
  -6.2032669960e-4, 5.0321838489e-3, -2.6791465000e-2, 1.1282455397e-1, -3.7612550474e-1, 1.2837915750e-1,
  2.1522497865e-4, -3.2251236735e-3, 2.2922383143e-2, -1.0531209376e-1, -6.3568042876e-1, -1.1285254844, 0.875, 4, 1,
]);

// @ts-ignore: AssemblyScript allows decorators here
@inline
function erfConstant(number: usize): v128 {
  return v128.load32_splat(ERF + (number << 2));
}

/** A step of Horner's scheme. Written out below for every coefficient: a loop over them would stay a loop, and erf took a sixth longer. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function nextErf(p: v128, z: v128, number: usize): v128 {
  return f32x4.add(f32x4.mul(p, z), erfConstant(number));
}

/** Beyond 4 it is 1 to the last bit; pmin lets NaN through. The sign is put back at the end. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function erfLanes(x: v128): v128 {
  const a = f32x4.pmin(f32x4.abs(x), erfConstant(13));
  const z = f32x4.mul(a, a);
  let p = erfConstant(0);
  p = nextErf(p, z, 1);
  p = nextErf(p, z, 2);
  p = nextErf(p, z, 3);
  p = nextErf(p, z, 4);
  p = nextErf(p, z, 5);
  const near = f32x4.add(f32x4.mul(p, a), a);
  let q = erfConstant(6);
  q = nextErf(q, a, 7);
  q = nextErf(q, a, 8);
  q = nextErf(q, a, 9);
  q = nextErf(q, a, 10);
  q = nextErf(q, a, 11);
  const far = f32x4.sub(erfConstant(14), expLanes(f32x4.mul(q, a)));
  return v128.or(v128.bitselect(near, far, f32x4.lt(a, erfConstant(12))), v128.and(x, i32x4.splat(SIGN)));
}

/**
 * 2/π; 1.5 · 2⁵², which added to a small double leaves the nearest whole number in its low bits; π/2 as 25 bits and the rest; 1. Then
 * Taylor's coefficients of sin(r)/r and of cos(r) in r² from the highest down: |r| ≤ π/4, and the first terms left out are below 1e-11 and 2e-10.
 */
const SINE = memory.data<f64>([
  0.6366197723675814, 6755399441055744, 1.5707963109016418, 1.5893254773528197e-8, 1,
  -2.505210838544172e-8, 2.7557319223985893e-6, -1.984126984126984e-4, 8.333333333333333e-3, -0.16666666666666666, 1,
  -2.755731922398589e-7, 2.48015873015873e-5, -1.3888888888888889e-3, 4.1666666666666664e-2, -0.5, 1,
]);

// @ts-ignore: AssemblyScript allows decorators here
@inline
function sineConstant(number: usize): v128 {
  return v128.load64_splat(SINE + (number << 3));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function nextSine(p: v128, z: v128, number: usize): v128 {
  return f64x2.add(f64x2.mul(p, z), sineConstant(number));
}

/** sin(x + turn · π/2) of two doubles below SINE_END (Cody & Waite 1980: whole times the first part of π/2 is exact). */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function sinePair(x: v128, turn: i64): v128 {
  const magic = sineConstant(1);
  const t = f64x2.add(f64x2.mul(x, sineConstant(0)), magic);
  const whole = f64x2.sub(t, magic);
  const quarter = i64x2.add(t, i64x2.splat(turn));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(whole, sineConstant(2))), f64x2.mul(whole, sineConstant(3)));
  const z = f64x2.mul(r, r);
  let s = sineConstant(5);
  let c = sineConstant(11);
  s = nextSine(s, z, 6);
  c = nextSine(c, z, 12);
  s = nextSine(s, z, 7);
  c = nextSine(c, z, 13);
  s = nextSine(s, z, 8);
  c = nextSine(c, z, 14);
  s = nextSine(s, z, 9);
  c = nextSine(c, z, 15);
  s = nextSine(s, z, 10);
  c = nextSine(c, z, 16);
  const one = i64x2.splat(1);
  const odd = i64x2.eq(v128.and(quarter, one), one);
  const value = v128.bitselect(c, f64x2.mul(s, r), odd);
  return v128.xor(value, i64x2.shl(v128.and(quarter, i64x2.splat(2)), 62));
}

/** Of four floats, each rounded once from a double. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function sineLanes(x: v128, turn: i64): v128 {
  return narrow(sinePair(low(x), turn), sinePair(high(x), turn));
}

/** Whether one of n floats is too large for `sineLanes`, or infinite. */
export function f32_reaches(x: usize, n: i32, end: f32): i32 {
  const bound = f32x4.splat(end);
  let any = i32x4.splat(0);
  for (; n >= 4; n -= 4, x += 16) any = v128.or(any, f32x4.ge(f32x4.abs(v128.load(x)), bound));
  let found = v128.any_true(any);
  for (; n > 0; n--, x += 4) found = found || abs(load<f32>(x)) >= end;
  return <i32>found;
}

/** For log₂: the bits of √½ and of 1, of the exponent, of 2⁵², and 2⁵² + 1023. */
const BITS = memory.data<i64>([0x3fe6a09e667f3bcd, 0x3ff0000000000000, 0x7ff0000000000000, 0x4330000000000000, 0x43300000000003ff]);

/** 2·log₂(e)/k for k = 11, 9 … 1, of 2·artanh; then ln 2ᵏ/k! for k = 8, 7 … 0, of 2ᶠ; ±300, beyond which a float is 0 or infinite; 1.5 · 2⁵². */
const POWER = memory.data<f64>([
  0.26230818925253879, 0.32059889797532517, 0.4121985831111324, 0.57707801635558535, 0.9617966939259756, 2.8853900817779268,
  1.3215486790144307e-6, 1.5252733804059841e-5, 1.5403530393381609e-4, 1.3333558146428443e-3, 9.6181291076284772e-3, 5.5504108664821580e-2, 0.24022650695910072,
  0.69314718055994531, 1, -300, 300, 6755399441055744,
]);

// @ts-ignore: AssemblyScript allows decorators here
@inline
function powerConstant(number: usize): v128 {
  return v128.load64_splat(POWER + (number << 3));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function nextPower(p: v128, z: v128, number: usize): v128 {
  return f64x2.add(f64x2.mul(p, z), powerConstant(number));
}

/**
 * a to the power b of two doubles that were floats, a ≥ 0: 2 to the power b·log₂(a). log₂ by 2·artanh of (m − 1)/(m + 1), |·| ≤ 0.172, whose
 * first term left out is below 5e-11 of the result; 2ᶠ by Taylor, |f| ≤ ½, first term left out below 2e-10. The exponent reaches 150,
 * so the result is within 1e-8. Of 0 the logarithm is −∞; NaN and infinity are theirs.
 */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function powerPair(a: v128, b: v128): v128 {
  const biased = v128.and(i64x2.add(i64x2.sub(a, v128.load64_splat(BITS)), v128.load64_splat(BITS + 8)), v128.load64_splat(BITS + 16));
  const one = powerConstant(14);
  const m = i64x2.add(i64x2.sub(a, biased), v128.load64_splat(BITS + 8));
  const exponent = f64x2.sub(v128.or(i64x2.shr_u(biased, 52), v128.load64_splat(BITS + 24)), v128.load64_splat(BITS + 32));
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const z = f64x2.mul(s, s);
  let p = powerConstant(0);
  p = nextPower(p, z, 1);
  p = nextPower(p, z, 2);
  p = nextPower(p, z, 3);
  p = nextPower(p, z, 4);
  p = nextPower(p, z, 5);
  let log = f64x2.add(f64x2.mul(p, s), exponent);
  log = v128.bitselect(log, a, f64x2.lt(a, f64x2.splat(Infinity)));
  log = v128.bitselect(f64x2.splat(-Infinity), log, f64x2.eq(a, f64x2.splat(0)));
  // pmax and pmin let NaN through.
  const t = f64x2.pmin(f64x2.pmax(f64x2.mul(b, log), powerConstant(15)), powerConstant(16));
  const magic = powerConstant(17);
  const whole = f64x2.add(t, magic);
  const f = f64x2.sub(t, f64x2.sub(whole, magic));
  let q = powerConstant(6);
  q = nextPower(q, f, 7);
  q = nextPower(q, f, 8);
  q = nextPower(q, f, 9);
  q = nextPower(q, f, 10);
  q = nextPower(q, f, 11);
  q = nextPower(q, f, 12);
  q = nextPower(q, f, 13);
  q = nextPower(q, f, 14);
  return f64x2.mul(q, i64x2.add(i64x2.shl(whole, 52), one));
}

/** As C's pow has it. A function of its own, as the loops over two operands have many places that call it. */
export function powLanes(a: v128, b: v128): v128 {
  const size = f32x4.abs(a);
  const value = narrow(powerPair(low(size), low(b)), powerPair(high(size), high(b)));
  const infinity = f32x4.splat(Infinity);
  const half = f32x4.mul(b, f32x4.splat(0.5));
  const whole = f32x4.eq(f32x4.nearest(b), b);
  const odd = v128.andnot(whole, f32x4.eq(f32x4.nearest(half), half));
  const signed = v128.xor(value, v128.and(v128.and(a, i32x4.splat(SIGN)), odd));
  const undefined_ = v128.andnot(v128.and(f32x4.lt(a, f32x4.splat(0)), f32x4.lt(size, infinity)), whole);
  const one = f32x4.splat(1);
  const always = v128.or(v128.or(f32x4.eq(b, f32x4.splat(0)), f32x4.eq(a, one)), v128.and(f32x4.eq(size, one), f32x4.eq(f32x4.abs(b), infinity)));
  return v128.bitselect(one, v128.bitselect(f32x4.splat(NaN), signed, undefined_), always);
}
