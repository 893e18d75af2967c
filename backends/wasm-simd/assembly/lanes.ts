/**
 * What the float32 kernels share: the last, incomplete vector of a run, sums in doubles, and exp. All of it is inlined; nothing
 * here has state. The last vector goes through the same arithmetic as the others, so no result depends on where a run ends.
 */

/** The 1, 2 or 3 floats at p; the lanes above hold 0. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function loadPart(p: usize, n: i32): v128 {
  let v = v128.load32_zero(p);
  if (n > 1) v = v128.load_lane<f32>(p + 4, v, 1);
  if (n > 2) v = v128.load_lane<f32>(p + 8, v, 2);
  return v;
}

/** Stores the first 1, 2 or 3 lanes. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function storePart(p: usize, v: v128, n: i32): void {
  v128.store_lane<f32>(p, v, 0);
  if (n > 1) v128.store_lane<f32>(p + 4, v, 1);
  if (n > 2) v128.store_lane<f32>(p + 8, v, 2);
}

/** The next four floats of a run, or what is left of them. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function lanesOf(p: usize, left: i32): v128 {
  return left >= 4 ? v128.load(p) : loadPart(p, left);
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
export function storeLanes(p: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(p, v);
  else storePart(p, v, left);
}

/** Four floats `step` bytes apart. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function loadApart(p: usize, step: i32): v128 {
  let v = v128.load32_zero(p);
  v = v128.load_lane<f32>(p + step, v, 1);
  v = v128.load_lane<f32>(p + 2 * step, v, 2);
  return v128.load_lane<f32>(p + 3 * step, v, 3);
}

/** Lanes 0 and 1 as doubles. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** Lanes 2 and 3 as doubles. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(v, v, 1, 0));
}

/** Two pairs of doubles as four floats. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function narrow(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

/** Four rows of four become columns: lane i of vector j goes to `to` + i · step, place j. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function storeTurned(a: v128, b: v128, c: v128, d: v128, to: usize, step: usize): void {
  const p = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const q = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const r = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const s = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(p, r, 0, 2));
  v128.store(to + step, v128.shuffle<f64>(p, r, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<f64>(q, s, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<f64>(q, s, 1, 3));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
export function both(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** The largest of n ≥ 1 floats in all lanes; some number or NaN if there is a NaN. Scalar maxima would branch on the data. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function largest(x: usize, n: i32): v128 {
  let v = v128.load32_splat(x);
  if (n >= 4) {
    // The last vector may overlap the one before.
    const last = x + (<usize>(n - 4) << 2);
    for (; x < last; x += 16) v = f32x4.pmax(v, v128.load(x));
    v = f32x4.pmax(v, v128.load(last));
  } else {
    if (n > 1) v = v128.load_lane<f32>(x + 4, v, 1);
    if (n > 2) v = v128.load_lane<f32>(x + 8, v, 2);
  }
  v = f32x4.pmax(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.pmax(v, v128.shuffle<f32>(v, v, 1, 0, 3, 2));
}

/** Σ of n floats in doubles: eight sums side by side, since one would wait for each addition before the next. */
export function spanSum(x: usize, n: i32): f64 {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (; n >= 8; n -= 8, x += 32) {
    const p = v128.load(x);
    const q = v128.load(x, 16);
    a = f64x2.add(a, low(p));
    b = f64x2.add(b, high(p));
    c = f64x2.add(c, low(q));
    d = f64x2.add(d, high(q));
  }
  let sum = both(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  for (; n > 0; n--, x += 4) sum += <f64>load<f32>(x);
  return sum;
}

/**
 * Constants of exp, in memory: V8 builds a vector constant anew at each use, in four instructions where a load takes one
 * (exp took twice as long). First 1.5 · 2²³, which added to a small float leaves the nearest whole number in its low bits.
 */
const EXP = memory.data<f32>([
  12582912, -104, 89, 1.44269504, 0.693359375, -2.12194440e-4, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2,
  1.6666665459e-1, 5.0000001201e-1, 1,
]);

// @ts-ignore: AssemblyScript allows decorators here
@inline
function constant(offset: usize): v128 {
  return v128.load32_splat(EXP + offset);
}

/**
 * exp of four floats, within 1 unit in the last place, denormal results included: exp(x) = 2ᵏ · exp(r), k = round(x / ln 2),
 * |r| ≤ ln 2 / 2. ln 2 is split so that k times its first part is exact (Cody & Waite 1980); the polynomial is the minimax one of
 * degree 5 for (exp(r) − 1 − r) / r² with the coefficients of Moshier's Cephes. 2ᵏ is two factors, since k reaches −150 and 128.
 */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function expLanes(x: v128): v128 {
  const whole = constant(0);
  // pmin and pmax, as they are written here, let NaN through.
  const c = f32x4.pmin(f32x4.pmax(x, constant(4)), constant(8));
  const t = f32x4.add(f32x4.mul(c, constant(12)), whole);
  const k = f32x4.sub(t, whole);
  const r = f32x4.sub(f32x4.sub(c, f32x4.mul(k, constant(16))), f32x4.mul(k, constant(20)));
  let p = f32x4.add(f32x4.mul(constant(24), r), constant(28));
  p = f32x4.add(f32x4.mul(p, r), constant(32));
  p = f32x4.add(f32x4.mul(p, r), constant(36));
  p = f32x4.add(f32x4.mul(p, r), constant(40));
  p = f32x4.add(f32x4.mul(p, r), constant(44));
  const one = constant(48);
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), one);
  // k + 127 << 23 are the bits of 2ᵏ, and those of 1 are 127 << 23.
  const number = i32x4.sub(t, whole);
  const half = i32x4.shr_s(number, 1);
  const first = i32x4.add(i32x4.shl(half, 23), one);
  const second = i32x4.add(i32x4.shl(i32x4.sub(number, half), 23), one);
  return f32x4.mul(f32x4.mul(p, first), second);
}

/**
 * log of a double of at least 1, NaN or infinity, to nine digits: 2·artanh of (m − 1)/(m + 1) for x = 2ᵏ·m, m near 1, where the
 * first term left out is below 5·10⁻¹¹ of the result.
 */
export function logOf(x: f64): f64 {
  if (!(x < Infinity)) return x;
  let k = <i32>((reinterpret<u64>(x) >> 52) - 1023);
  let m = reinterpret<f64>((reinterpret<u64>(x) & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k++;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let p: f64 = 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  return <f64>k * 0.6931471805599453 + 2 * s * (p * z + 1);
}
