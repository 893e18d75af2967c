/** Sums of float32 gathered in doubles, of columns all the way. Results are stored as floats, or as doubles (`wide`) where a later phase adds them up. */
import { both, high, lanesOf, low, narrow, storePart } from './lanes';

// @ts-ignore: AssemblyScript allows decorators here
@inline
function storeSum(out: usize, k: i32, sum: f64, wide: i32): void {
  if (wide) store<f64>(out + (<usize>k << 3), sum);
  else store<f32>(out + (<usize>k << 2), <f32>sum);
}

/**
 * Σ of n floats. Of sixteen, four sums are made as floats, rounded twice, and added in doubles. To widen every element, which rounds
 * only at the end, takes 1.6 times as long where the cache holds them.
 */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function sumOf(x: usize, n: i32): f64 {
  let a = f64x2.splat(0);
  let b = a;
  for (; n >= 16; n -= 16, x += 64) {
    const v = f32x4.add(f32x4.add(v128.load(x), v128.load(x, 16)), f32x4.add(v128.load(x, 32), v128.load(x, 48)));
    a = f64x2.add(a, low(v));
    b = f64x2.add(b, high(v));
  }
  for (; n > 0; n -= 4, x += 16) {
    const v = lanesOf(x, n);
    a = f64x2.add(a, low(v));
    b = f64x2.add(b, high(v));
  }
  return both(f64x2.add(a, b));
}

/** out[k] = Σ over `images` spans of `length` elements; strides are in elements. `own`: room for `count` doubles. Memory is read from end to end. */
export function f32_sumSpans(x: usize, out: usize, count: i32, images: i32, imageStride: i32, spanStride: i32, length: i32, wide: i32, own: usize): void {
  memory.fill(own, 0, <usize>count << 3);
  for (let image = 0; image < images; image++, x += <usize>imageStride << 2) {
    let at = x;
    for (let k: usize = 0; k < <usize>count << 3; k += 8, at += <usize>spanStride << 2) store<f64>(own + k, load<f64>(own + k) + sumOf(at, length));
  }
  for (let k = 0; k < count; k++) storeSum(out, k, load<f64>(own + (<usize>k << 3)), wide);
}

/** sums[k] += Σ over four rows of x, sums[k] being doubles; rows go together since each sum is loaded and stored but once. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function addFourRows(x: usize, step: usize, sums: usize, count: i32): void {
  let k = 0;
  for (; k + 4 <= count; k += 4, x += 16, sums += 32) {
    const p = v128.load(x);
    const q = v128.load(x + step);
    const r = v128.load(x + 2 * step);
    const s = v128.load(x + 3 * step);
    v128.store(sums, f64x2.add(f64x2.add(f64x2.add(f64x2.add(v128.load(sums), low(p)), low(q)), low(r)), low(s)));
    v128.store(sums, f64x2.add(f64x2.add(f64x2.add(f64x2.add(v128.load(sums, 16), high(p)), high(q)), high(r)), high(s)), 16);
  }
  for (; k < count; k++, x += 4, sums += 8) {
    store<f64>(sums, load<f64>(sums) + <f64>load<f32>(x) + <f64>load<f32>(x + step) + <f64>load<f32>(x + 2 * step) + <f64>load<f32>(x + 3 * step));
  }
}

/**
 * out[k] = Σ over `rows` of x[row · stride + k]. Rows are read from end to end: a walk down the columns would touch another page with
 * every step. `own`: room for `count` doubles.
 */
export function f32_sumColumns(x: usize, out: usize, count: i32, rows: i32, stride: i32, wide: i32, own: usize): void {
  const step = <usize>stride << 2;
  const sums = wide ? out : own;
  memory.fill(sums, 0, <usize>count << 3);
  for (; rows >= 4; rows -= 4, x += 4 * step) addFourRows(x, step, sums, count);
  for (; rows > 0; rows--, x += step) {
    for (let k = 0; k < count; k++) store<f64>(sums + (<usize>k << 3), load<f64>(sums + (<usize>k << 3)) + <f64>load<f32>(x + (<usize>k << 2)));
  }
  if (!wide) for (let k = 0; k < count; k++) store<f32>(out + (<usize>k << 2), <f32>load<f64>(own + (<usize>k << 3)));
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
