/** A sparse matrix in compressed rows, applied along one axis of float32. An element is Σ weight · x in the order of the entries. */
import { lanesOf, loadApart, storeLanes, storeTurned } from './lanes';
import { madd } from './simd';

/** Rows first … end − 1 of y [outer, nY, inner]. Sixteen columns at a time wait less for each other's sums. */
export function f32_sparseColumns(
  x: usize, rowStart: usize, index: usize, weight: usize, y: usize, nX: i32, nY: i32, inner: i32, first: i32, end: i32,
): void {
  const width = <usize>inner << 2;
  let j = first % nY;
  let slab = x + <usize>(first / nY) * <usize>nX * width;
  y += <usize>first * width;
  for (let row = first; row < end; row++, y += width) {
    const from = load<i32>(rowStart + (<usize>j << 2));
    const to = load<i32>(rowStart + (<usize>j << 2), 4);
    if (to - from == 2) pairOf(slab, index + (<usize>from << 2), weight + (<usize>from << 2), y, inner);
    else rowOf(slab, index, weight, y, inner, from, to);
    if (++j == nY) {
      j = 0;
      slab += <usize>nX * width;
    }
  }
}

/** A row of two entries, as all those of a linear resize are: their weights stay in registers. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function pairOf(slab: usize, index: usize, weight: usize, y: usize, inner: i32): void {
  const width = <usize>inner << 2;
  let p = slab + <usize>load<i32>(index) * width;
  let q = slab + <usize>load<i32>(index, 4) * width;
  const a = v128.load32_splat(weight);
  const b = v128.load32_splat(weight, 4);
  let n = inner;
  for (; n >= 8; n -= 8, p += 32, q += 32, y += 32) {
    v128.store(y, madd(b, v128.load(q), f32x4.mul(a, v128.load(p))));
    v128.store(y, madd(b, v128.load(q, 16), f32x4.mul(a, v128.load(p, 16))), 16);
  }
  for (; n > 0; n -= 4, p += 16, q += 16, y += 16) storeLanes(y, madd(b, lanesOf(q, n), f32x4.mul(a, lanesOf(p, n))), n);
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function rowOf(slab: usize, index: usize, weight: usize, y: usize, inner: i32, from: i32, to: i32): void {
  const width = <usize>inner << 2;
  let n = inner;
  for (; n >= 16; n -= 16, slab += 64, y += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let t = from; t < to; t++) {
      const w = v128.load32_splat(weight + (<usize>t << 2));
      const p = slab + <usize>load<i32>(index + (<usize>t << 2)) * width;
      a = madd(w, v128.load(p), a);
      b = madd(w, v128.load(p, 16), b);
      c = madd(w, v128.load(p, 32), c);
      d = madd(w, v128.load(p, 48), d);
    }
    v128.store(y, a);
    v128.store(y, b, 16);
    v128.store(y, c, 32);
    v128.store(y, d, 48);
  }
  for (; n > 0; n -= 4, slab += 16, y += 16) {
    let a = f32x4.splat(0);
    for (let t = from; t < to; t++) {
      const p = slab + <usize>load<i32>(index + (<usize>t << 2)) * width;
      a = madd(v128.load32_splat(weight + (<usize>t << 2)), lanesOf(p, n), a);
    }
    storeLanes(y, a, n);
  }
}

/** Four slices x, x + step, … of nX floats as the lanes of nX vectors. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function turn(x: usize, step: usize, nX: i32, to: usize): void {
  let n = nX;
  for (; n >= 4; n -= 4, x += 16, to += 64) storeTurned(v128.load(x), v128.load(x + step), v128.load(x + 2 * step), v128.load(x + 3 * step), to, 16);
  for (; n > 0; n--, x += 4, to += 16) v128.store(to, loadApart(x, <i32>step));
}

/** The entry at `t` of four slices side by side. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function lanesAt(index: usize, t: i32, lanes: usize): v128 {
  return v128.load(lanes + (<usize>load<i32>(index + (<usize>t << 2)) << 4));
}

/** Σ of the entries from `t` up to `end`, two at a time. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function dot(index: usize, weight: usize, t: i32, end: i32, lanes: usize): v128 {
  let sum = f32x4.splat(0);
  for (; t + 2 <= end; t += 2) {
    sum = madd(v128.load32_splat(weight + (<usize>t << 2)), lanesAt(index, t, lanes), sum);
    sum = madd(v128.load32_splat(weight + (<usize>t << 2), 4), lanesAt(index, t + 1, lanes), sum);
  }
  if (t < end) sum = madd(v128.load32_splat(weight + (<usize>t << 2)), lanesAt(index, t, lanes), sum);
  return sum;
}

/** Slices first … end − 1 of x [outer, nX] to y [outer, nY], four at a time; `lanes` is room for four. Lanes of slices that do not exist are not stored. */
export function f32_sparseSlices(
  x: usize, rowStart: usize, index: usize, weight: usize, y: usize, nX: i32, nY: i32, first: i32, end: i32, lanes: usize,
): void {
  const xStep = <usize>nX << 2;
  const yStep = <usize>nY << 2;
  for (let slice = first; slice < end; slice += 4) {
    const n = min(4, end - slice);
    const from = x + <usize>slice * xStep;
    const to = y + <usize>slice * yStep;
    if (n == 4) turn(from, xStep, nX, lanes);
    else for (let s = 0; s < n; s++) for (let i = 0; i < nX; i++) store<f32>(lanes + (<usize>i << 4) + (<usize>s << 2), load<f32>(from + <usize>s * xStep + (<usize>i << 2)));
    let j = 0;
    for (; n == 4 && j + 4 <= nY; j += 4) {
      const at = rowStart + (<usize>j << 2);
      const t1 = load<i32>(at, 4);
      const t2 = load<i32>(at, 8);
      const t3 = load<i32>(at, 12);
      storeTurned(
        dot(index, weight, load<i32>(at), t1, lanes), dot(index, weight, t1, t2, lanes),
        dot(index, weight, t2, t3, lanes), dot(index, weight, t3, load<i32>(at, 16), lanes), to + (<usize>j << 2), yStep,
      );
    }
    for (; j < nY; j++) {
      const at = rowStart + (<usize>j << 2);
      let sum = dot(index, weight, load<i32>(at), load<i32>(at, 4), lanes);
      for (let s = 0; s < n; s++) {
        store<f32>(to + <usize>s * yStep + (<usize>j << 2), f32x4.extract_lane(sum, 0));
        sum = v128.shuffle<f32>(sum, sum, 1, 2, 3, 0);
      }
    }
  }
}
