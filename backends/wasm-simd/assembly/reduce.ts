/** Sums of float32 gathered in doubles. Results are stored as floats, or as doubles (`wide`) where a later phase adds them up. */
import { high, low, narrow, spanSum, storePart } from './lanes';

// @ts-ignore: AssemblyScript allows decorators here
@inline
function storeSum(out: usize, k: i32, sum: f64, wide: i32): void {
  if (wide) store<f64>(out + (<usize>k << 3), sum);
  else store<f32>(out + (<usize>k << 2), <f32>sum);
}

/** out[k] = Σ over `images` spans of `length` elements; strides are in elements. */
export function f32_sumSpans(x: usize, out: usize, count: i32, images: i32, imageStride: i32, spanStride: i32, length: i32, wide: i32): void {
  for (let k = 0; k < count; k++) {
    let sum: f64 = 0;
    let at = x + (<usize>(k * spanStride) << 2);
    for (let image = 0; image < images; image++, at += <usize>imageStride << 2) sum += spanSum(at, length);
    storeSum(out, k, sum, wide);
  }
}

/** out[k] = Σ over `rows` of x[row · stride + k]; sixteen columns at a time are one cache line. */
export function f32_sumColumns(x: usize, out: usize, count: i32, rows: i32, stride: i32, wide: i32): void {
  const step = <usize>stride << 2;
  const zero = f64x2.splat(0);
  let k = 0;
  for (; k + 16 <= count; k += 16) {
    let a = zero, b = zero, c = zero, d = zero, e = zero, f = zero, g = zero, h = zero;
    for (let row = 0, at = x + (<usize>k << 2); row < rows; row++, at += step) {
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
    if (wide) {
      const to = out + (<usize>k << 3);
      v128.store(to, a);
      v128.store(to, b, 16);
      v128.store(to, c, 32);
      v128.store(to, d, 48);
      v128.store(to, e, 64);
      v128.store(to, f, 80);
      v128.store(to, g, 96);
      v128.store(to, h, 112);
    } else {
      const to = out + (<usize>k << 2);
      v128.store(to, narrow(a, b));
      v128.store(to, narrow(c, d), 16);
      v128.store(to, narrow(e, f), 32);
      v128.store(to, narrow(g, h), 48);
    }
  }
  for (; k < count; k++) {
    let sum: f64 = 0;
    for (let row = 0, at = x + (<usize>k << 2); row < rows; row++, at += step) sum += <f64>load<f32>(at);
    storeSum(out, k, sum, wide);
  }
}

/** y[k] = Σ over chunks of partials[chunk, k], for `count` of the `results`. */
export function f32_sumPartials(partials: usize, y: usize, count: i32, results: i32, chunks: i32): void {
  const step = <usize>results << 3;
  for (let k = 0; k < count; k += 2, partials += 16, y += 8) {
    const pair = k + 1 < count;
    let sum = f64x2.splat(0);
    for (let chunk = 0, at = partials; chunk < chunks; chunk++, at += step) sum = f64x2.add(sum, pair ? v128.load(at) : v128.load64_zero(at));
    storePart(y, f32x4.demote_f64x2_zero(sum), pair ? 2 : 1);
  }
}
