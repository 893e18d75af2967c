/**
 * One step of SGD and of Adam over n elements; new values are written beside the old ones. What is a difference of large numbers
 * (momentum and first moment) is computed in doubles and rounded once, the rest in floats.
 */
import { high, lanesOf, loadPart, low, narrow, storeLanes, storePart } from './lanes';
import { madd as multiplyAdd } from './simd';

// @ts-ignore: AssemblyScript allows decorators here
@inline
function madd(a: v128, x: v128, b: v128, y: v128): v128 {
  return f64x2.add(f64x2.mul(a, x), f64x2.mul(b, y));
}

/** p − rate · g: the step without momentum and decay, in a third of the time that doubles take. */
function plainStep(p: usize, g: usize, pOut: usize, n: i32, rate: f64): void {
  const down = f32x4.splat(<f32>-rate);
  for (; n >= 8; n -= 8, p += 32, g += 32, pOut += 32) {
    v128.store(pOut, multiplyAdd(down, v128.load(g), v128.load(p)));
    v128.store(pOut, multiplyAdd(down, v128.load(g, 16), v128.load(p, 16)), 16);
  }
  for (; n > 0; n -= 4, p += 16, g += 16, pOut += 16) storeLanes(pOut, multiplyAdd(down, lanesOf(g, n), lanesOf(p, n)), n);
}

/** `keep` 0 means that momentumIn is not read: it is garbage on a first step. momentumOut 0: no momentum. */
export function f32_sgdStep(
  p: usize, g: usize, momentumIn: usize, pOut: usize, momentumOut: usize, n: i32,
  lr: f64, momentum: f64, keep: f64, take: f64, weightDecay: f64, nesterov: i32, sign: f64,
): void {
  if (momentumOut === 0 && weightDecay === 0) {
    plainStep(p, g, pOut, n, sign * lr);
    return;
  }
  const rate = f64x2.splat(-lr);
  const decay = f64x2.splat(weightDecay);
  const one = f64x2.splat(1);
  const signs = f64x2.splat(sign);
  const mu = f64x2.splat(momentum);
  const kept = f64x2.splat(keep);
  const taken = f64x2.splat(take);
  for (; n > 0; n -= 4) {
    const whole = n >= 4;
    const value = whole ? v128.load(p) : loadPart(p, n);
    const arrived = whole ? v128.load(g) : loadPart(g, n);
    const value0 = low(value);
    const value1 = high(value);
    let step0 = f64x2.mul(signs, low(arrived));
    let step1 = f64x2.mul(signs, high(arrived));
    if (weightDecay != 0) {
      step0 = madd(one, step0, decay, value0);
      step1 = madd(one, step1, decay, value1);
    }
    if (momentumOut != 0) {
      let buffer0 = f64x2.mul(taken, step0);
      let buffer1 = f64x2.mul(taken, step1);
      if (keep != 0) {
        const before = whole ? v128.load(momentumIn) : loadPart(momentumIn, n);
        buffer0 = f64x2.add(f64x2.mul(kept, low(before)), buffer0);
        buffer1 = f64x2.add(f64x2.mul(kept, high(before)), buffer1);
        momentumIn += 16;
      }
      const buffer = narrow(buffer0, buffer1);
      if (whole) v128.store(momentumOut, buffer);
      else storePart(momentumOut, buffer, n);
      momentumOut += 16;
      step0 = nesterov ? madd(one, step0, mu, buffer0) : buffer0;
      step1 = nesterov ? madd(one, step1, mu, buffer1) : buffer1;
    }
    const result = narrow(f64x2.add(value0, f64x2.mul(rate, step0)), f64x2.add(value1, f64x2.mul(rate, step1)));
    if (whole) v128.store(pOut, result);
    else storePart(pOut, result, n);
    p += 16;
    g += 16;
    pOut += 16;
  }
}

/** `correction` is √(1 − beta2ᵗ), `shrink` 1 − lr·weightDecay for AdamW or 1; vMaxOut 0: no AMSGrad. */
export function f32_adamStep(
  p: usize, g: usize, mIn: usize, vIn: usize, vMaxIn: usize, pOut: usize, mOut: usize, vOut: usize, vMaxOut: usize, n: i32,
  beta1: f64, rest1: f64, beta2: f64, rest2: f64, stepSize: f64, correction: f64, eps: f64, shrink: f64, decay: f64, sign: f64,
): void {
  const keep = f64x2.splat(beta1);
  const take = f64x2.splat(rest1);
  const weight = f64x2.splat(decay);
  const signs = f64x2.splat(sign);
  const keepSquares = f32x4.splat(<f32>beta2);
  const takeSquares = f32x4.splat(<f32>rest2);
  const size = f32x4.splat(<f32>stepSize);
  const divisor = f32x4.splat(<f32>correction);
  const least = f32x4.splat(<f32>eps);
  const shrunk = f32x4.splat(<f32>shrink);
  for (; n > 0; n -= 4) {
    const whole = n >= 4;
    const value = whole ? v128.load(p) : loadPart(p, n);
    const arrived = whole ? v128.load(g) : loadPart(g, n);
    const moment = whole ? v128.load(mIn) : loadPart(mIn, n);
    const squares = whole ? v128.load(vIn) : loadPart(vIn, n);
    let grad0 = f64x2.mul(signs, low(arrived));
    let grad1 = f64x2.mul(signs, high(arrived));
    if (decay != 0) {
      grad0 = f64x2.add(grad0, f64x2.mul(weight, low(value)));
      grad1 = f64x2.add(grad1, f64x2.mul(weight, high(value)));
    }
    const m = narrow(madd(keep, low(moment), take, grad0), madd(keep, high(moment), take, grad1));
    const grad = narrow(grad0, grad1);
    const v = f32x4.add(f32x4.mul(keepSquares, squares), f32x4.mul(f32x4.mul(takeSquares, grad), grad));
    let spread = v;
    if (vMaxOut != 0) {
      spread = f32x4.max(whole ? v128.load(vMaxIn) : loadPart(vMaxIn, n), v);
      if (whole) v128.store(vMaxOut, spread);
      else storePart(vMaxOut, spread, n);
      vMaxIn += 16;
      vMaxOut += 16;
    }
    const down = f32x4.div(f32x4.mul(size, m), f32x4.add(f32x4.div(f32x4.sqrt(spread), divisor), least));
    const result = f32x4.sub(f32x4.mul(value, shrunk), down);
    if (whole) {
      v128.store(mOut, m);
      v128.store(vOut, v);
      v128.store(pOut, result);
    } else {
      storePart(mOut, m, n);
      storePart(vOut, v, n);
      storePart(pOut, result, n);
    }
    p += 16;
    g += 16;
    mIn += 16;
    vIn += 16;
    pOut += 16;
    mOut += 16;
    vOut += 16;
  }
}
