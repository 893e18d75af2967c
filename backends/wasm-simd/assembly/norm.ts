/**
 * Batch normalisation of float32 [n, c, s] per channel, and its gradients. Sums are gathered in doubles, of four floats each where elements of a
 * channel lie side by side. With s = 1 channels do, and four of them go together.
 */
import { both, high, lanesOf, low, storeLanes } from './lanes';
import { madd } from './simd';

/** 1 / √(variance + eps) of a channel. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function inverse(variance: usize, channel: i32, eps: f64): f64 {
  return 1 / sqrt(<f64>load<f32>(variance + (<usize>channel << 2)) + eps);
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function parameterOf(ptr: usize, channel: i32, absent: f32): f32 {
  return ptr == 0 ? absent : load<f32>(ptr + (<usize>channel << 2));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function affine(x: v128, centre: v128, scale: v128, shift: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.sub(x, centre), scale), shift);
}

/** Rows (n, c) first … end − 1. `table`: room for c floats with s = 1. */
export function f32_batchNorm(
  x: usize, mean: usize, variance: usize, gamma: usize, beta: usize, y: usize, c: i32, s: i32, eps: f64, first: i32, end: i32, table: usize,
): void {
  x += <usize>(first * s) << 2;
  y += <usize>(first * s) << 2;
  let channel = first % c;
  if (s == 1) {
    for (let k = 0; k < c; k++) store<f32>(table + (<usize>k << 2), <f32>(<f64>parameterOf(gamma, k, 1) * inverse(variance, k, eps)));
    for (let left = end - first; left > 0; channel = 0) {
      const count = min(left, c - channel);
      rowOfChannels(x, y, channel, count, mean, table, beta);
      x += <usize>count << 2;
      y += <usize>count << 2;
      left -= count;
    }
    return;
  }
  for (let row = first; row < end; row++) {
    const centre = f32x4.splat(parameterOf(mean, channel, 0));
    const scale = f32x4.splat(<f32>(<f64>parameterOf(gamma, channel, 1) * inverse(variance, channel, eps)));
    const shift = f32x4.splat(parameterOf(beta, channel, 0));
    let n = s;
    for (; n >= 8; n -= 8, x += 32, y += 32) {
      const p = affine(v128.load(x), centre, scale, shift);
      const q = affine(v128.load(x, 16), centre, scale, shift);
      v128.store(y, p);
      v128.store(y, q, 16);
    }
    for (; n > 0; n -= 4) {
      storeLanes(y, affine(lanesOf(x, n), centre, scale, shift), n);
      const bytes = <usize>min(n, 4) << 2;
      x += bytes;
      y += bytes;
    }
    if (++channel == c) channel = 0;
  }
}

function rowOfChannels(x: usize, y: usize, channel: i32, n: i32, mean: usize, scales: usize, beta: usize): void {
  const zero = f32x4.splat(0);
  for (let k = 0; k < n; k += 4) {
    const at = <usize>k << 2;
    const parameter = <usize>(channel + k) << 2;
    const lanes = n - k;
    const shift = beta == 0 ? zero : lanesOf(beta + parameter, lanes);
    storeLanes(y + at, affine(lanesOf(x + at, lanes), lanesOf(mean + parameter, lanes), lanesOf(scales + parameter, lanes), shift), lanes);
  }
}

/** Leaves what the second phase needs of a channel in `kept` [3, c]: scale, Σ g / N and Σ g·x̂ / N / √(variance + eps). */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function finish(
  channel: i32, sum: f64, product: f64, variance: usize, gamma: usize, ggamma: usize, gbeta: usize, c: i32, count: f64, eps: f64, kept: usize,
): void {
  const factor = inverse(variance, channel, eps);
  const at = <usize>channel << 2;
  store<f32>(gbeta + at, <f32>sum);
  store<f32>(ggamma + at, <f32>(product * factor));
  store<f32>(kept + at, <f32>(<f64>parameterOf(gamma, channel, 1) * factor));
  store<f32>(kept + (<usize>c << 2) + at, <f32>(sum / count));
  store<f32>(kept + (<usize>c << 3) + at, <f32>(product * factor * factor / count));
}

/**
 * First phase, channels first … end − 1. With x̂ = (x − mean) / √(variance + eps) and N = n·s: gbeta = Σ g, ggamma = Σ g·x̂ and
 * gx = gamma / √(variance + eps) · (g − gbeta/N − x̂·ggamma/N), since mean and variance depend on x too (Ioffe & Szegedy 2015).
 */
export function f32_batchNormSums(
  x: usize, g: usize, mean: usize, variance: usize, gamma: usize, ggamma: usize, gbeta: usize, n: i32, c: i32, s: i32, eps: f64,
  first: i32, end: i32, kept: usize,
): void {
  const count = <f64>n * <f64>s;
  const step = <usize>(c * s) << 2;
  for (let channel = first; channel < end; channel += s == 1 ? 4 : 1) {
    const from = <usize>(channel * s) << 2;
    const lanes = s == 1 ? min(4, end - channel) : 1;
    const centres = s == 1 ? lanesOf(mean + (<usize>channel << 2), lanes) : v128.load32_splat(mean + (<usize>channel << 2));
    const centre0 = low(centres);
    const centre1 = high(centres);
    let sum0 = f64x2.splat(0);
    let sum1 = sum0, product0 = sum0, product1 = sum0;
    for (let image = 0, xAt = x + from, gAt = g + from; image < n; image++, xAt += step, gAt += step) {
      if (s == 1) {
        const arriving = lanesOf(gAt, lanes);
        const v = lanesOf(xAt, lanes);
        sum0 = f64x2.add(sum0, low(arriving));
        sum1 = f64x2.add(sum1, high(arriving));
        product0 = f64x2.add(product0, f64x2.mul(low(arriving), f64x2.sub(low(v), centre0)));
        product1 = f64x2.add(product1, f64x2.mul(high(arriving), f64x2.sub(high(v), centre1)));
        continue;
      }
      let p = xAt;
      let q = gAt;
      let left = s;
      for (; left >= 16; left -= 16, p += 64, q += 64) {
        const g0 = v128.load(q);
        const g1 = v128.load(q, 16);
        const g2 = v128.load(q, 32);
        const g3 = v128.load(q, 48);
        const sum = f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3));
        const product = f32x4.add(
          madd(g0, f32x4.sub(v128.load(p), centres), f32x4.mul(g1, f32x4.sub(v128.load(p, 16), centres))),
          madd(g2, f32x4.sub(v128.load(p, 32), centres), f32x4.mul(g3, f32x4.sub(v128.load(p, 48), centres))),
        );
        sum0 = f64x2.add(sum0, low(sum));
        sum1 = f64x2.add(sum1, high(sum));
        product0 = f64x2.add(product0, low(product));
        product1 = f64x2.add(product1, high(product));
      }
      // Past the end of the row no gradient arrives.
      for (; left > 0; left -= 4, p += 16, q += 16) {
        const arriving = lanesOf(q, left);
        const v = lanesOf(p, left);
        sum0 = f64x2.add(sum0, low(arriving));
        sum1 = f64x2.add(sum1, high(arriving));
        product0 = f64x2.add(product0, f64x2.mul(low(arriving), f64x2.sub(low(v), centre0)));
        product1 = f64x2.add(product1, f64x2.mul(high(arriving), f64x2.sub(high(v), centre1)));
      }
    }
    if (s == 1) {
      finish(channel, f64x2.extract_lane(sum0, 0), f64x2.extract_lane(product0, 0), variance, gamma, ggamma, gbeta, c, count, eps, kept);
      if (lanes > 1) finish(channel + 1, f64x2.extract_lane(sum0, 1), f64x2.extract_lane(product0, 1), variance, gamma, ggamma, gbeta, c, count, eps, kept);
      if (lanes > 2) finish(channel + 2, f64x2.extract_lane(sum1, 0), f64x2.extract_lane(product1, 0), variance, gamma, ggamma, gbeta, c, count, eps, kept);
      if (lanes > 3) finish(channel + 3, f64x2.extract_lane(sum1, 1), f64x2.extract_lane(product1, 1), variance, gamma, ggamma, gbeta, c, count, eps, kept);
    } else {
      finish(channel, both(f64x2.add(sum0, sum1)), both(f64x2.add(product0, product1)), variance, gamma, ggamma, gbeta, c, count, eps, kept);
    }
  }
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function inputGrad(x: v128, g: v128, centre: v128, scale: v128, meanGrad: v128, slope: v128): v128 {
  return f32x4.mul(scale, f32x4.sub(f32x4.sub(g, meanGrad), f32x4.mul(f32x4.sub(x, centre), slope)));
}

/** Second phase: rows (n, c) first … end − 1 of gx, every `step`-th: all of them, or those of one channel. */
export function f32_batchNormInputs(x: usize, g: usize, mean: usize, gx: usize, c: i32, s: i32, first: i32, end: i32, step: i32, kept: usize): void {
  const from = <usize>(first * s) << 2;
  x += from;
  g += from;
  gx += from;
  const scales = kept;
  const meanGrads = kept + (<usize>c << 2);
  const slopes = kept + (<usize>c << 3);
  let channel = first % c;
  if (s == 1) {
    for (let left = end - first; left > 0; channel = 0) {
      const count = min(left, c - channel);
      for (let k = 0; k < count; k += 4) {
        const lanes = count - k;
        const at = <usize>k << 2;
        const parameter = <usize>(channel + k) << 2;
        storeLanes(gx + at, inputGrad(
          lanesOf(x + at, lanes), lanesOf(g + at, lanes), lanesOf(mean + parameter, lanes),
          lanesOf(scales + parameter, lanes), lanesOf(meanGrads + parameter, lanes), lanesOf(slopes + parameter, lanes),
        ), lanes);
      }
      const bytes = <usize>count << 2;
      x += bytes;
      g += bytes;
      gx += bytes;
      left -= count;
    }
    return;
  }
  const skip = <usize>((step - 1) * s) << 2;
  for (let row = first; row < end; row += step, x += skip, g += skip, gx += skip) {
    const parameter = <usize>channel << 2;
    const centre = v128.load32_splat(mean + parameter);
    const scale = v128.load32_splat(scales + parameter);
    const meanGrad = v128.load32_splat(meanGrads + parameter);
    const slope = v128.load32_splat(slopes + parameter);
    let n = s;
    for (; n >= 8; n -= 8, x += 32, g += 32, gx += 32) {
      const p = inputGrad(v128.load(x), v128.load(g), centre, scale, meanGrad, slope);
      const q = inputGrad(v128.load(x, 16), v128.load(g, 16), centre, scale, meanGrad, slope);
      v128.store(gx, p);
      v128.store(gx, q, 16);
    }
    for (; n > 0; n -= 4) {
      storeLanes(gx, inputGrad(lanesOf(x, n), lanesOf(g, n), centre, scale, meanGrad, slope), n);
      const bytes = <usize>min(n, 4) << 2;
      x += bytes;
      g += bytes;
      gx += bytes;
    }
    if (step == 1 && ++channel == c) channel = 0;
  }
}
