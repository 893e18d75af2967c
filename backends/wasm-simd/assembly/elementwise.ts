/**
 * Elementwise kernels over float32: functions of one operand, arithmetic on two with broadcasting, gradients of activations.
 * Operands lie 4-byte aligned and do not overlap the result; every element of the result is written, none is read.
 * Each loop is written once, over a type that says which function. A type, since the compiler itself drops the branches of the others;
 * of a number, though constant, only the optimizer would, and it took half as long again.
 */
import { expLanes, loadApart, loadPart, storePart } from './lanes';
import { erfLanes, logLanes, powLanes, sigmoidLanes, sineLanes, softplusLanes, tanhLanes } from './special';

class Neg {} class Abs {} class Sign {} class Square {} class Sqrt {} class Reciprocal {} class Round {} class Relu {} class LeakyRelu {} class Clamp {} class Exp {} class Log {} class Softplus {} class Tanh {} class Sigmoid {}
class Erf {} class Sin {} class Cos {}
class Add {} class Sub {} class Mul {} class Div {} class Maximum {} class Minimum {} class Pow {}
class AddInt {} class SubInt {} class MulInt {} class MaximumInt {} class MinimumInt {}
class ReluGrad {} class LeakyReluGrad {} class TanhGrad {} class SigmoidGrad {}

/** Sign bits. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
const SIGN: i32 = 0x80000000;

// @ts-ignore: AssemblyScript allows decorators here
@inline
function unary<Op>(x: v128, p0: v128, p1: v128): v128 {
  const zero = f32x4.splat(0);
  if (idof<Op>() == idof<Neg>()) return f32x4.neg(x);
  if (idof<Op>() == idof<Abs>()) return f32x4.abs(x);
  if (idof<Op>() == idof<Sign>()) return v128.and(v128.or(v128.and(x, i32x4.splat(SIGN)), f32x4.splat(1)), v128.or(f32x4.lt(x, zero), f32x4.gt(x, zero)));
  if (idof<Op>() == idof<Square>()) return f32x4.mul(x, x);
  if (idof<Op>() == idof<Sqrt>()) return f32x4.sqrt(x);
  if (idof<Op>() == idof<Reciprocal>()) return f32x4.div(f32x4.splat(1), x);
  if (idof<Op>() == idof<Round>()) return f32x4.nearest(x);
  // NaN is not ≤ 0, so it stays; -0 becomes 0.
  if (idof<Op>() == idof<Relu>()) return v128.andnot(x, f32x4.le(x, zero));
  if (idof<Op>() == idof<LeakyRelu>()) return v128.bitselect(x, f32x4.mul(x, p0), f32x4.gt(x, zero));
  // Written so that NaN stays.
  if (idof<Op>() == idof<Clamp>()) return f32x4.pmin(f32x4.pmax(x, p0), p1);
  if (idof<Op>() == idof<Exp>()) return expLanes(x);
  if (idof<Op>() == idof<Log>()) return logLanes(x);
  if (idof<Op>() == idof<Softplus>()) return softplusLanes(x, p0, p1);
  if (idof<Op>() == idof<Tanh>()) return tanhLanes(x);
  if (idof<Op>() == idof<Erf>()) return erfLanes(x);
  if (idof<Op>() == idof<Sin>()) return sineLanes(x, 0);
  if (idof<Op>() == idof<Cos>()) return sineLanes(x, 1);
  return sigmoidLanes(x);
}

/** Two vectors a turn, side by side: more would spill in exp, and V8 can fuse neighbours into one of 256 bits. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function map<Op>(x: usize, y: usize, n: i32, p0: f32, p1: f32): void {
  const p = f32x4.splat(p0);
  const q = f32x4.splat(p1);
  for (; n >= 8; n -= 8, x += 32, y += 32) {
    const a = unary<Op>(v128.load(x), p, q);
    const b = unary<Op>(v128.load(x, 16), p, q);
    v128.store(y, a);
    v128.store(y, b, 16);
  }
  if (n >= 4) {
    v128.store(y, unary<Op>(v128.load(x), p, q));
    n -= 4;
    x += 16;
    y += 16;
  }
  if (n > 0) storePart(y, unary<Op>(loadPart(x, n), p, q), n);
}

export function f32_neg(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Neg>(x, y, n, p0, p1); }
export function f32_abs(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Abs>(x, y, n, p0, p1); }
export function f32_sign(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Sign>(x, y, n, p0, p1); }
export function f32_square(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Square>(x, y, n, p0, p1); }
export function f32_sqrt(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Sqrt>(x, y, n, p0, p1); }
export function f32_reciprocal(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Reciprocal>(x, y, n, p0, p1); }
export function f32_round(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Round>(x, y, n, p0, p1); }
export function f32_relu(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Relu>(x, y, n, p0, p1); }
export function f32_leakyRelu(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<LeakyRelu>(x, y, n, p0, p1); }
export function f32_clamp(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Clamp>(x, y, n, p0, p1); }
export function f32_exp(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Exp>(x, y, n, p0, p1); }
export function f32_log(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Log>(x, y, n, p0, p1); }
export function f32_softplus(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Softplus>(x, y, n, p0, p1); }
export function f32_tanh(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Tanh>(x, y, n, p0, p1); }
export function f32_sigmoid(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Sigmoid>(x, y, n, p0, p1); }
export function f32_erf(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Erf>(x, y, n, p0, p1); }
export function f32_sin(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Sin>(x, y, n, p0, p1); }
export function f32_cos(x: usize, y: usize, n: i32, p0: f32, p1: f32): void { map<Cos>(x, y, n, p0, p1); }

// @ts-ignore: AssemblyScript allows decorators here
@inline
function gradient<Op>(s: v128, g: v128, p0: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (idof<Op>() == idof<ReluGrad>()) return v128.andnot(g, f32x4.le(s, zero));
  if (idof<Op>() == idof<LeakyReluGrad>()) return v128.bitselect(g, f32x4.mul(g, p0), f32x4.gt(s, zero));
  // 1 − s² in this form does not cancel where s is near ±1.
  if (idof<Op>() == idof<TanhGrad>()) return f32x4.mul(g, f32x4.mul(f32x4.sub(one, s), f32x4.add(one, s)));
  return f32x4.mul(f32x4.mul(g, s), f32x4.sub(one, s));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function mapGrad<Op>(s: usize, g: usize, gx: usize, n: i32, p0: f32): void {
  const p = f32x4.splat(p0);
  for (; n >= 8; n -= 8, s += 32, g += 32, gx += 32) {
    const a = gradient<Op>(v128.load(s), v128.load(g), p);
    const b = gradient<Op>(v128.load(s, 16), v128.load(g, 16), p);
    v128.store(gx, a);
    v128.store(gx, b, 16);
  }
  if (n >= 4) {
    v128.store(gx, gradient<Op>(v128.load(s), v128.load(g), p));
    n -= 4;
    s += 16;
    g += 16;
    gx += 16;
  }
  if (n > 0) storePart(gx, gradient<Op>(loadPart(s, n), loadPart(g, n), p), n);
}

export function f32_reluGrad(s: usize, g: usize, gx: usize, n: i32, p0: f32): void { mapGrad<ReluGrad>(s, g, gx, n, p0); }
export function f32_leakyReluGrad(s: usize, g: usize, gx: usize, n: i32, p0: f32): void { mapGrad<LeakyReluGrad>(s, g, gx, n, p0); }
export function f32_tanhGrad(s: usize, g: usize, gx: usize, n: i32, p0: f32): void { mapGrad<TanhGrad>(s, g, gx, n, p0); }
export function f32_sigmoidGrad(s: usize, g: usize, gx: usize, n: i32, p0: f32): void { mapGrad<SigmoidGrad>(s, g, gx, n, p0); }

// @ts-ignore: AssemblyScript allows decorators here
@inline
function binary<Op>(a: v128, b: v128): v128 {
  if (idof<Op>() == idof<Add>()) return f32x4.add(a, b);
  if (idof<Op>() == idof<Sub>()) return f32x4.sub(a, b);
  if (idof<Op>() == idof<Mul>()) return f32x4.mul(a, b);
  if (idof<Op>() == idof<Div>()) return f32x4.div(a, b);
  if (idof<Op>() == idof<Maximum>()) return f32x4.max(a, b);
  if (idof<Op>() == idof<Pow>()) return powLanes(a, b);
  if (idof<Op>() == idof<AddInt>()) return i32x4.add(a, b);
  if (idof<Op>() == idof<SubInt>()) return i32x4.sub(a, b);
  if (idof<Op>() == idof<MulInt>()) return i32x4.mul(a, b);
  if (idof<Op>() == idof<MaximumInt>()) return i32x4.max_s(a, b);
  if (idof<Op>() == idof<MinimumInt>()) return i32x4.min_s(a, b);
  return f32x4.min(a, b);
}

/** n results from contiguous operands. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function pairs<Op>(a: usize, b: usize, y: usize, n: i32): void {
  for (; n >= 8; n -= 8, a += 32, b += 32, y += 32) {
    const p = binary<Op>(v128.load(a), v128.load(b));
    const q = binary<Op>(v128.load(a, 16), v128.load(b, 16));
    v128.store(y, p);
    v128.store(y, q, 16);
  }
  if (n >= 4) {
    v128.store(y, binary<Op>(v128.load(a), v128.load(b)));
    n -= 4;
    a += 16;
    b += 16;
    y += 16;
  }
  if (n > 0) storePart(y, binary<Op>(loadPart(a, n), loadPart(b, n)), n);
}

/** n results from contiguous x and one number, which stands on the left or on the right. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function withOne<Op>(left: bool, x: usize, one: v128, y: usize, n: i32): void {
  for (; n >= 8; n -= 8, x += 32, y += 32) {
    const p = left ? binary<Op>(one, v128.load(x)) : binary<Op>(v128.load(x), one);
    const q = left ? binary<Op>(one, v128.load(x, 16)) : binary<Op>(v128.load(x, 16), one);
    v128.store(y, p);
    v128.store(y, q, 16);
  }
  if (n >= 4) {
    v128.store(y, left ? binary<Op>(one, v128.load(x)) : binary<Op>(v128.load(x), one));
    n -= 4;
    x += 16;
    y += 16;
  }
  if (n > 0) storePart(y, left ? binary<Op>(one, loadPart(x, n)) : binary<Op>(loadPart(x, n), one), n);
}

/** n results from operands whose strides are in bytes. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function apart<Op>(a: usize, as: i32, b: usize, bs: i32, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, a += 4 * as, b += 4 * bs, y += 16) v128.store(y, binary<Op>(loadApart(a, as), loadApart(b, bs)));
  for (; n > 0; n--, a += as, b += bs, y += 4) v128.store_lane<f32>(y, binary<Op>(v128.load32_zero(a), v128.load32_zero(b)), 0);
}

/**
 * Elements first … end − 1 of y [·, n1, n2] from operands with strides in elements; an operand at 0 is the number `one`, and its
 * strides are 0.
 */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function walk<Op>(
  a: usize, b: usize, y: usize, one: f32, first: i32, end: i32, n1: i32, n2: i32,
  a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32,
): void {
  let i = first / n2;
  let column = first - i * n2;
  let plane = i / n1;
  i -= plane * n1;
  const scalar = f32x4.splat(one);
  y += <usize>first << 2;
  while (first < end) {
    const count = min(n2 - column, end - first);
    const aAt = a + ((plane * a0 + i * a1 + column * a2) << 2);
    const bAt = b + ((plane * b0 + i * b1 + column * b2) << 2);
    if (a2 == 1 && b2 == 1) pairs<Op>(aAt, bAt, y, count);
    else if (a2 == 1 && b2 == 0) withOne<Op>(false, aAt, b == 0 ? scalar : v128.load32_splat(bAt), y, count);
    else if (a2 == 0 && b2 == 1) withOne<Op>(true, bAt, a == 0 ? scalar : v128.load32_splat(aAt), y, count);
    else if (a == 0) for (let k = 0; k < count; k++) v128.store_lane<f32>(y + (k << 2), binary<Op>(scalar, v128.load32_zero(bAt + ((k * b2) << 2))), 0);
    else if (b == 0) for (let k = 0; k < count; k++) v128.store_lane<f32>(y + (k << 2), binary<Op>(v128.load32_zero(aAt + ((k * a2) << 2)), scalar), 0);
    else apart<Op>(aAt, a2 << 2, bAt, b2 << 2, y, count);
    first += count;
    y += <usize>count << 2;
    column = 0;
    if (++i == n1) {
      i = 0;
      plane++;
    }
  }
}

export function f32_add(a: usize, b: usize, y: usize, one: f32, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<Add>(a, b, y, one, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function f32_sub(a: usize, b: usize, y: usize, one: f32, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<Sub>(a, b, y, one, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function f32_mul(a: usize, b: usize, y: usize, one: f32, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<Mul>(a, b, y, one, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function f32_div(a: usize, b: usize, y: usize, one: f32, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<Div>(a, b, y, one, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function f32_maximum(a: usize, b: usize, y: usize, one: f32, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<Maximum>(a, b, y, one, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function f32_minimum(a: usize, b: usize, y: usize, one: f32, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<Minimum>(a, b, y, one, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function f32_pow(a: usize, b: usize, y: usize, one: f32, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<Pow>(a, b, y, one, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }

/** int32, modulo 2³²; a number lies somewhere with strides of 0. */
export function i32_add(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<AddInt>(a, b, y, 0, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function i32_sub(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<SubInt>(a, b, y, 0, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function i32_mul(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<MulInt>(a, b, y, 0, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function i32_maximum(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<MaximumInt>(a, b, y, 0, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
export function i32_minimum(a: usize, b: usize, y: usize, first: i32, end: i32, n1: i32, n2: i32, a0: i32, a1: i32, a2: i32, b0: i32, b1: i32, b2: i32): void { walk<MinimumInt>(a, b, y, 0, first, end, n1, n2, a0, a1, a2, b0, b1, b2); }
