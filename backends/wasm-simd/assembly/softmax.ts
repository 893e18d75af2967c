/**
 * Softmax and its logarithm along n of float32 [outer, n, inner], and their gradients. The largest element is subtracted first, so
 * exp never overflows; which number is subtracted does not matter where a NaN is about, since the sum is then NaN. With inner = 1 an item is a row, four of whose elements go together; else four neighbouring columns of a
 * slice, fewer at its end. Sums are gathered in doubles. `own` holds the n exponentials of a row, or 4·n of columns.
 */
import { both, expLanes, high, lanesOf, largest, loadPart, logOf, low, narrow, storeLanes, storePart } from './lanes';

/** Σ exp(x − top) over a row, `top` being its largest element in all lanes; the exponentials are kept at `into` if told so. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function exponentials(x: usize, n: i32, top: v128, into: usize, keep: bool): f64 {
  let a = f64x2.splat(0);
  let b = a;
  for (; n >= 4; n -= 4, x += 16) {
    const e = expLanes(f32x4.sub(v128.load(x), top));
    if (keep) {
      v128.store(into, e);
      into += 16;
    }
    a = f64x2.add(a, low(e));
    b = f64x2.add(b, high(e));
  }
  let sum = both(f64x2.add(a, b));
  if (n > 0) {
    const e = expLanes(f32x4.sub(loadPart(x, n), top));
    if (keep) storePart(into, e, n);
    sum += <f64>f32x4.extract_lane(e, 0);
    if (n > 1) sum += <f64>f32x4.extract_lane(e, 1);
    if (n > 2) sum += <f64>f32x4.extract_lane(e, 2);
  }
  return sum;
}

export function f32_softmaxRows(x: usize, y: usize, rows: i32, n: i32, own: usize): void {
  for (; rows > 0; rows--, x += <usize>n << 2) {
    const sum = f32x4.splat(<f32>exponentials(x, n, largest(x, n), own, true));
    for (let left = n, from = own; left > 0; left -= 4, from += 16) {
      storeLanes(y, f32x4.div(lanesOf(from, left), sum), left);
      y += <usize>min(left, 4) << 2;
    }
  }
}

export function f32_logSoftmaxRows(x: usize, y: usize, rows: i32, n: i32, _own: usize): void {
  for (; rows > 0; rows--) {
    const top = largest(x, n);
    const logSum = f32x4.splat(<f32>logOf(exponentials(x, n, top, 0, false)));
    for (let left = n; left > 0; left -= 4) {
      storeLanes(y, f32x4.sub(f32x4.sub(lanesOf(x, left), top), logSum), left);
      const bytes = <usize>min(left, 4) << 2;
      x += bytes;
      y += bytes;
    }
  }
}

/** `step` is the distance in bytes between elements of a column. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function largestOfColumns(x: usize, n: i32, step: usize, lanes: i32): v128 {
  let most = f32x4.splat(-Infinity);
  for (; n > 0; n--, x += step) most = f32x4.pmax(most, lanesOf(x, lanes));
  return most;
}

/** Item `group` of first … end − 1 is columns 4·(group % groups) and on of slice group / groups. */
export function f32_softmaxColumns(x: usize, y: usize, first: i32, end: i32, n: i32, inner: i32, own: usize): void {
  const step = <usize>inner << 2;
  const groups = (inner + 3) >> 2;
  for (let group = first; group < end; group++) {
    const column = (group % groups) << 2;
    const lanes = inner - column;
    const at = <usize>((group / groups) * n * inner + column) << 2;
    const most = largestOfColumns(x + at, n, step, lanes);
    let a = f64x2.splat(0);
    let b = a;
    for (let j = 0, from = x + at, into = own; j < n; j++, from += step, into += 16) {
      const e = expLanes(f32x4.sub(lanesOf(from, lanes), most));
      v128.store(into, e);
      a = f64x2.add(a, low(e));
      b = f64x2.add(b, high(e));
    }
    const sum = narrow(a, b);
    for (let j = 0, from = own, to = y + at; j < n; j++, from += 16, to += step) storeLanes(to, f32x4.div(v128.load(from), sum), lanes);
  }
}

export function f32_logSoftmaxColumns(x: usize, y: usize, first: i32, end: i32, n: i32, inner: i32, _own: usize): void {
  const step = <usize>inner << 2;
  const groups = (inner + 3) >> 2;
  for (let group = first; group < end; group++) {
    const column = (group % groups) << 2;
    const lanes = inner - column;
    const at = <usize>((group / groups) * n * inner + column) << 2;
    const most = largestOfColumns(x + at, n, step, lanes);
    let a = f64x2.splat(0);
    let b = a;
    for (let j = 0, from = x + at; j < n; j++, from += step) {
      const e = expLanes(f32x4.sub(lanesOf(from, lanes), most));
      a = f64x2.add(a, low(e));
      b = f64x2.add(b, high(e));
    }
    const logSum = f32x4(
      <f32>logOf(f64x2.extract_lane(a, 0)), <f32>logOf(f64x2.extract_lane(a, 1)),
      <f32>logOf(f64x2.extract_lane(b, 0)), <f32>logOf(f64x2.extract_lane(b, 1)),
    );
    for (let j = 0, offset = at; j < n; j++, offset += step) storeLanes(y + offset, f32x4.sub(f32x4.sub(lanesOf(x + offset, lanes), most), logSum), lanes);
  }
}

/** What both gradients sum along n: y·gy for softmax, gy for its logarithm, as doubles in lanes `a` or `b`. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function term(log: bool, y: v128, gy: v128): v128 {
  return log ? gy : f64x2.mul(y, gy);
}

/** gx = y · (gy − Σ y·gy) with y the softmax; gx = gy − exp(y) · Σ gy with y its logarithm. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function result(log: bool, y: v128, gy: v128, sum: v128): v128 {
  return log ? f32x4.sub(gy, f32x4.mul(expLanes(y), sum)) : f32x4.mul(y, f32x4.sub(gy, sum));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function gradRows(log: bool, y: usize, gy: usize, gx: usize, rows: i32, n: i32): void {
  for (; rows > 0; rows--) {
    let a = f64x2.splat(0);
    let b = a;
    // Lanes past the end hold 0 and add nothing.
    for (let left = n, p = y, q = gy; left > 0; left -= 4, p += 16, q += 16) {
      const v = lanesOf(p, left);
      const g = lanesOf(q, left);
      a = f64x2.add(a, term(log, low(v), low(g)));
      b = f64x2.add(b, term(log, high(v), high(g)));
    }
    const sum = f32x4.splat(<f32>both(f64x2.add(a, b)));
    for (let left = n; left > 0; left -= 4) {
      storeLanes(gx, result(log, lanesOf(y, left), lanesOf(gy, left), sum), left);
      const bytes = <usize>min(left, 4) << 2;
      y += bytes;
      gy += bytes;
      gx += bytes;
    }
  }
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function gradColumns(log: bool, y: usize, gy: usize, gx: usize, first: i32, end: i32, n: i32, inner: i32): void {
  const step = <usize>inner << 2;
  const groups = (inner + 3) >> 2;
  for (let group = first; group < end; group++) {
    const column = (group % groups) << 2;
    const lanes = inner - column;
    const at = <usize>((group / groups) * n * inner + column) << 2;
    let a = f64x2.splat(0);
    let b = a;
    for (let j = 0, offset = at; j < n; j++, offset += step) {
      const v = lanesOf(y + offset, lanes);
      const g = lanesOf(gy + offset, lanes);
      a = f64x2.add(a, term(log, low(v), low(g)));
      b = f64x2.add(b, term(log, high(v), high(g)));
    }
    const sum = narrow(a, b);
    for (let j = 0, offset = at; j < n; j++, offset += step) {
      storeLanes(gx + offset, result(log, lanesOf(y + offset, lanes), lanesOf(gy + offset, lanes), sum), lanes);
    }
  }
}

export function f32_softmaxGradRows(y: usize, gy: usize, gx: usize, rows: i32, n: i32): void { gradRows(false, y, gy, gx, rows, n); }
export function f32_logSoftmaxGradRows(y: usize, gy: usize, gx: usize, rows: i32, n: i32): void { gradRows(true, y, gy, gx, rows, n); }
export function f32_softmaxGradColumns(y: usize, gy: usize, gx: usize, first: i32, end: i32, n: i32, inner: i32): void { gradColumns(false, y, gy, gx, first, end, n, inner); }
export function f32_logSoftmaxGradColumns(y: usize, gy: usize, gx: usize, first: i32, end: i32, n: i32, inner: i32): void { gradColumns(true, y, gy, gx, first, end, n, inner); }
