/**
 * Means and variances of float32 [n, c, s] per channel. Sums are gathered in doubles, of four floats each where elements of a channel lie side
 * by side. With s = 1 channels do, and four of them go together.
 */
import { both, high, lanesOf, low, narrow, spanSum, storeLanes } from './lanes';
import { madd } from './simd';

/** Σ (x − centre)² over n floats. */
function spanSquares(x: usize, n: i32, centre: f64): f64 {
  const mid = f64x2.splat(centre);
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (; n >= 8; n -= 8, x += 32) {
    const p = v128.load(x);
    const q = v128.load(x, 16);
    const p0 = f64x2.sub(low(p), mid);
    const p1 = f64x2.sub(high(p), mid);
    const q0 = f64x2.sub(low(q), mid);
    const q1 = f64x2.sub(high(q), mid);
    a = f64x2.add(a, f64x2.mul(p0, p0));
    b = f64x2.add(b, f64x2.mul(p1, p1));
    c = f64x2.add(c, f64x2.mul(q0, q0));
    d = f64x2.add(d, f64x2.mul(q1, q1));
  }
  let sum = both(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  for (; n > 0; n--, x += 4) {
    const difference = <f64>load<f32>(x) - centre;
    sum += difference * difference;
  }
  return sum;
}

/** Elements that are looked at twice at the beginning of a channel, and at most at a time. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
const BLOCK: i32 = 1024;

/** Σ d and Σ d² with d = x − centre, in two doubles. */
function moments(x: usize, n: i32, centre: f32): v128 {
  const mid = f32x4.splat(centre);
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (; n >= 16; n -= 16, x += 64) {
    const p = f32x4.sub(v128.load(x), mid);
    const q = f32x4.sub(v128.load(x, 16), mid);
    const r = f32x4.sub(v128.load(x, 32), mid);
    const s = f32x4.sub(v128.load(x, 48), mid);
    const sum = f32x4.add(f32x4.add(p, q), f32x4.add(r, s));
    const squares = f32x4.add(madd(p, p, f32x4.mul(q, q)), madd(r, r, f32x4.mul(s, s)));
    a = f64x2.add(a, low(sum));
    b = f64x2.add(b, high(sum));
    c = f64x2.add(c, low(squares));
    d = f64x2.add(d, high(squares));
  }
  for (; n >= 4; n -= 4, x += 16) {
    const p = f32x4.sub(v128.load(x), mid);
    const squares = f32x4.mul(p, p);
    a = f64x2.add(a, low(p));
    b = f64x2.add(b, high(p));
    c = f64x2.add(c, low(squares));
    d = f64x2.add(d, high(squares));
  }
  let sum = both(f64x2.add(a, b));
  let squares = both(f64x2.add(c, d));
  for (; n > 0; n--, x += 4) {
    const difference = <f64>load<f32>(x) - <f64>centre;
    sum += difference;
    squares += difference * difference;
  }
  return f64x2.replace_lane(f64x2.splat(sum), 1, squares);
}

/**
 * The mean of squares less the square of the mean would cancel. So squares are of differences from the mean of what came before, and the blocks
 * are put together as Chan, Golub and LeVeque do (1979): what is added for a block whose mean differs is at least half of what cancels in it.
 */
export function f32_batchNormStats(x: usize, mean: usize, variance: usize, n: i32, c: i32, s: i32, first: i32, end: i32): void {
  const count = <f64>n * <f64>s;
  const step = <usize>(c * s) << 2;
  if (s == 1) {
    statsOfColumns(x, mean, variance, n, step, first, end);
    return;
  }
  for (let channel = first; channel < end; channel++) {
    const from = x + (<usize>(channel * s) << 2);
    const some = min(BLOCK, s);
    let centre = spanSum(from, some) / <f64>some;
    let squares: f64 = 0;
    let seen: f64 = 0;
    for (let image = 0, at = from; image < n; image++, at += step) {
      for (let i = 0; i < s; i += BLOCK) {
        const size = min(BLOCK, s - i);
        const near = <f32>centre;
        const found = moments(at + (<usize>i << 2), size, near);
        const sum = f64x2.extract_lane(found, 0);
        const apart = sum / <f64>size;
        const share = <f64>size / (seen + <f64>size);
        const off = <f64>near - centre + apart;
        squares += f64x2.extract_lane(found, 1) - sum * apart + off * off * seen * share;
        centre += off * share;
        seen += <f64>size;
      }
    }
    // Not a number, or one that overflowed as a float.
    if (!(squares < Infinity)) {
      centre = 0;
      for (let image = 0, at = from; image < n; image++, at += step) centre += spanSum(at, s);
      centre /= count;
      squares = 0;
      for (let image = 0, at = from; image < n; image++, at += step) squares += spanSquares(at, s, centre);
    }
    store<f32>(mean + (<usize>channel << 2), <f32>centre);
    store<f32>(variance + (<usize>channel << 2), <f32>(max(0, squares) / count));
  }
}

/** A cache line of channels. */
function sixteenColumns(x: usize, mean: usize, variance: usize, n: i32, step: usize, count: v128): void {
  const zero = f64x2.splat(0);
  let a = zero, b = zero, c = zero, d = zero, e = zero, f = zero, g = zero, h = zero;
  for (let image = 0, at = x; image < n; image++, at += step) {
    const p = v128.load(at);
    const q = v128.load(at, 16);
    const r = v128.load(at, 32);
    const s = v128.load(at, 48);
    a = f64x2.add(a, low(p));
    b = f64x2.add(b, high(p));
    c = f64x2.add(c, low(q));
    d = f64x2.add(d, high(q));
    e = f64x2.add(e, low(r));
    f = f64x2.add(f, high(r));
    g = f64x2.add(g, low(s));
    h = f64x2.add(h, high(s));
  }
  squaresOf(x, mean, variance, n, step, count, f64x2.div(a, count), f64x2.div(b, count));
  squaresOf(x + 16, mean + 16, variance + 16, n, step, count, f64x2.div(c, count), f64x2.div(d, count));
  squaresOf(x + 32, mean + 32, variance + 32, n, step, count, f64x2.div(e, count), f64x2.div(f, count));
  squaresOf(x + 48, mean + 48, variance + 48, n, step, count, f64x2.div(g, count), f64x2.div(h, count));
}

/** Stores four means and variances. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function squaresOf(x: usize, mean: usize, variance: usize, n: i32, step: usize, count: v128, centre0: v128, centre1: v128): void {
  let a = f64x2.splat(0);
  let b = a;
  for (let image = 0, at = x; image < n; image++, at += step) {
    const v = v128.load(at);
    const p = f64x2.sub(low(v), centre0);
    const q = f64x2.sub(high(v), centre1);
    a = f64x2.add(a, f64x2.mul(p, p));
    b = f64x2.add(b, f64x2.mul(q, q));
  }
  v128.store(mean, narrow(centre0, centre1));
  v128.store(variance, narrow(f64x2.div(a, count), f64x2.div(b, count)));
}

function statsOfColumns(x: usize, mean: usize, variance: usize, n: i32, step: usize, first: i32, end: i32): void {
  const count = f64x2.splat(<f64>n);
  let whole = first;
  for (; whole + 16 <= end; whole += 16) sixteenColumns(x + (<usize>whole << 2), mean + (<usize>whole << 2), variance + (<usize>whole << 2), n, step, count);
  for (let channel = whole; channel < end; channel += 4) {
    const lanes = end - channel;
    const from = x + (<usize>channel << 2);
    let a = f64x2.splat(0);
    let b = a;
    for (let image = 0, at = from; image < n; image++, at += step) {
      const v = lanesOf(at, lanes);
      a = f64x2.add(a, low(v));
      b = f64x2.add(b, high(v));
    }
    const centre0 = f64x2.div(a, count);
    const centre1 = f64x2.div(b, count);
    a = f64x2.splat(0);
    b = a;
    for (let image = 0, at = from; image < n; image++, at += step) {
      const v = lanesOf(at, lanes);
      const p = f64x2.sub(low(v), centre0);
      const q = f64x2.sub(high(v), centre1);
      a = f64x2.add(a, f64x2.mul(p, p));
      b = f64x2.add(b, f64x2.mul(q, q));
    }
    storeLanes(mean + (<usize>channel << 2), narrow(centre0, centre1), lanes);
    storeLanes(variance + (<usize>channel << 2), narrow(f64x2.div(a, count), f64x2.div(b, count)), lanes);
  }
}
