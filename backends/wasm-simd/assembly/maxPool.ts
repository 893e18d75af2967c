/**
 * Max pooling over float32. Items are rows (plane, d, h) of what is written. First the columns of a row of windows are reduced, then the
 * windows, four side by side: their maximum, and the least of the positions that hold it. Rows with a NaN are done again, window by window.
 */
import { lanesOf, storeLanes } from './lanes';
import { f32_fill } from './move';
import { four, isTwoByTwo } from './poolWindows';

/** Of a window that begins at `start`: its first tap inside the input, and one past its last. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : dilation == 1 ? -start : (dilation - 1 - start) / dilation;
}
// @ts-ignore: AssemblyScript allows decorators here
@inline
function endTap(start: i32, dilation: i32, taps: i32, size: i32): i32 {
  return start >= size ? 0 : min(taps, dilation == 1 ? size - start : (size - start + dilation - 1) / dilation);
}

/** Whether no lane is NaN in `sum`, which is NaN where a summand was (and where infinities cancel). */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function areNumbers(sum: v128): bool {
  return i32x4.all_true(f32x4.eq(sum, sum));
}

/** Stores four windows of 2×2: of 8 columns of rows `top` and `below`, whose first element is at `place`. Returns the sum of them all, which is NaN where one is. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function pairs(top: usize, below: usize, place: v128, one: v128, fourth: v128, relu: v128, y: usize, indices: usize): v128 {
  const p = v128.load(top);
  const q = v128.load(top, 16);
  const r = v128.load(below);
  const s = v128.load(below, 16);
  const a = v128.shuffle<f32>(p, q, 0, 2, 4, 6);
  const b = v128.shuffle<f32>(p, q, 1, 3, 5, 7);
  const c = v128.shuffle<f32>(r, s, 0, 2, 4, 6);
  const most = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, v128.shuffle<f32>(r, s, 1, 3, 5, 7)));
  const cut = v128.and(relu, f32x4.le(most, f32x4.splat(0)));
  v128.store(y, v128.andnot(most, cut));
  // A comparison that holds is -1.
  const below2 = i32x4.add(fourth, f32x4.eq(c, most));
  const tap = v128.andnot(v128.bitselect(one, below2, f32x4.eq(b, most)), f32x4.eq(a, most));
  v128.store(indices, v128.or(i32x4.add(place, tap), cut));
  return f32x4.add(f32x4.add(p, q), f32x4.add(r, s));
}

/** Rows first … end − 1 of windows of 2×2 with stride 2, at least 4 to a row. False, and nothing of use written, if there may be a NaN. */
function pairsOfRows(x: usize, y: usize, indices: usize, iD: i32, iH: i32, iW: i32, oD: i32, oH: i32, oW: i32, first: i32, end: i32, relu: v128, one: v128): bool {
  const row = <usize>iW << 2;
  const fourth = i32x4.add(i32x4.splat(iW), one);
  const steps = i32x4(0, 2, 4, 6);
  const eight = i32x4.splat(8);
  const back = oW & 3 ? 4 - (oW & 3) : 0;
  const start = first / oH;
  let oh = first - start * oH;
  const plane = start / oD;
  let od = start - plane * oD;
  let top = x + <usize>((plane * iD + od) * iH + 2 * oh) * row;
  let at = (od * iH + 2 * oh) * iW;
  y += <usize>(first * oW) << 2;
  indices += <usize>(first * oW) << 2;
  let sum = f32x4.splat(0);
  for (let left = end - first; left > 0; left--) {
    let place = i32x4.add(i32x4.splat(at), steps);
    let from = top;
    for (let n = oW; n >= 4; n -= 4, from += 32, y += 16, indices += 16) {
      sum = f32x4.add(sum, pairs(from, from + row, place, one, fourth, relu, y, indices));
      place = i32x4.add(place, eight);
    }
    if (back) {
      // The last four overlap the four before.
      from -= <usize>back << 3;
      y -= <usize>back << 2;
      indices -= <usize>back << 2;
      sum = f32x4.add(sum, pairs(from, from + row, i32x4.sub(place, i32x4.splat(2 * back)), one, fourth, relu, y, indices));
      y += 16;
      indices += 16;
    }
    top += 2 * row;
    at += 2 * iW;
    if (++oh == oH) {
      oh = 0;
      top += <usize>(iH - 2 * oH) * row;
      at += (iH - 2 * oH) * iW;
      if (++od == oD) {
        od = 0;
        at = 0;
        top += <usize>((iD - oD) * iH) * row;
      }
    }
  }
  return areNumbers(sum);
}

/**
 * Of n columns under a row of windows: the maximum over its depths and rows to `values`, the first position that has it to `places`. `p`
 * is the first row, at position `at`. A column without a tap is -Infinity at -1. False if there may be a NaN.
 */
function columns(p: usize, at: i32, n: i32, depths: i32, depthStep: i32, rows: i32, rowStep: i32, values: usize, places: usize): bool {
  let sum = f32x4.splat(0);
  const row = <usize>rowStep << 2;
  const one = i32x4.splat(rowStep);
  let place = i32x4.add(i32x4.splat(at), i32x4(0, 1, 2, 3));
  if (depths == 1 && rows == 3 && n >= 4) return threeRows(p, place, n, row, one, values, places);
  const four = i32x4.splat(4);
  for (let left = n; left > 0; left -= 4, p += 16, values += 16, places += 16) {
    let most = f32x4.splat(-Infinity);
    let best = i32x4.splat(-1);
    let depth = place;
    for (let d = 0, plane = p; d < depths; d++, plane += <usize>depthStep << 2) {
      let position = depth;
      for (let h = 0, tap = plane; h < rows; h++, tap += row) {
        const value = lanesOf(tap, left);
        const take = v128.or(f32x4.gt(value, most), i32x4.eq(best, i32x4.splat(-1)));
        most = v128.bitselect(value, most, take);
        best = v128.bitselect(position, best, take);
        sum = f32x4.add(sum, value);
        position = i32x4.add(position, one);
      }
      depth = i32x4.add(depth, i32x4.splat(depthStep));
    }
    storeLanes(values, most, left);
    storeLanes(places, best, left);
    place = i32x4.add(place, four);
  }
  return areNumbers(sum);
}

/** The same of three rows, with at least four columns. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function threeRows(p: usize, place: v128, n: i32, row: usize, one: v128, values: usize, places: usize): bool {
  const two = i32x4.add(one, one);
  const four = i32x4.splat(4);
  let sum = f32x4.splat(0);
  while (true) {
    const a = v128.load(p);
    const b = v128.load(p + row);
    const c = v128.load(p + 2 * row);
    const most = f32x4.pmax(f32x4.pmax(a, b), c);
    sum = f32x4.add(sum, f32x4.add(f32x4.add(a, b), c));
    v128.store(values, most);
    v128.store(places, i32x4.add(place, v128.andnot(v128.bitselect(one, two, f32x4.eq(b, most)), f32x4.eq(a, most))));
    n -= 4;
    if (n <= 0) break;
    // The last four columns overlap the four before.
    const step = min(n, 4);
    p += <usize>step << 2;
    values += <usize>step << 2;
    places += <usize>step << 2;
    place = i32x4.add(place, step == 4 ? four : i32x4.splat(step));
  }
  return areNumbers(sum);
}

/** Of the positions of two columns those that hold `most`, the lesser where both do; the largest number if neither. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function holders(most: v128, place: v128, value: v128, position: v128): v128 {
  return i32x4.min_u(place, v128.or(f32x4.ne(value, most), position));
}

/** A row of windows from what `columns` left. Windows beyond the last may be read. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function along(values: usize, places: usize, taps: i32, dilation: i32, step: i32, y: usize, indices: usize, oW: i32, relu: v128): void {
  const end = <usize>(taps * dilation) << 2;
  for (; oW > 0; oW -= 4, values += <usize>step << 4, places += <usize>step << 4, y += 16, indices += 16) {
    let most = four(values, step);
    for (let at: usize = 0; at < end; at += <usize>dilation << 2) most = f32x4.pmax(most, four(values + at, step));
    let best = i32x4.splat(-1);
    for (let at: usize = 0; at < end; at += <usize>dilation << 2) best = holders(most, best, four(values + at, step), four(places + at, step));
    const cut = v128.and(relu, f32x4.le(most, f32x4.splat(0)));
    storeLanes(y, v128.andnot(most, cut), oW);
    storeLanes(indices, v128.or(best, cut), oW);
  }
}

/** The same of three taps with stride 1 or 2, for at least four windows. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function alongThree(S: usize, values: usize, places: usize, y: usize, indices: usize, oW: i32, relu: v128): void {
  while (true) {
    let a = v128.load(values), b: v128, c: v128;
    let i = v128.load(places), j: v128, k: v128;
    if (S == 2) {
      const p = v128.load(values, 16);
      const q = v128.load(places, 16);
      b = v128.shuffle<f32>(a, p, 1, 3, 5, 7);
      j = v128.shuffle<f32>(i, q, 1, 3, 5, 7);
      a = v128.shuffle<f32>(a, p, 0, 2, 4, 6);
      i = v128.shuffle<f32>(i, q, 0, 2, 4, 6);
      c = v128.shuffle<f32>(a, v128.load32_zero(values, 32), 1, 2, 3, 4);
      k = v128.shuffle<f32>(i, v128.load32_zero(places, 32), 1, 2, 3, 4);
    } else {
      b = v128.load(values, 4);
      c = v128.load(values, 8);
      j = v128.load(places, 4);
      k = v128.load(places, 8);
    }
    const most = f32x4.pmax(f32x4.pmax(a, b), c);
    const cut = v128.and(relu, f32x4.le(most, f32x4.splat(0)));
    v128.store(y, v128.andnot(most, cut));
    // One of them holds it: where it is neither of the first two, the third.
    const best = i32x4.min_u(v128.or(f32x4.ne(a, most), i), i32x4.min_u(v128.or(f32x4.ne(b, most), j), v128.or(f32x4.ne(c, most), k)));
    v128.store(indices, v128.or(best, cut));
    oW -= 4;
    if (oW <= 0) return;
    // The last four windows overlap the four before.
    const step = <usize>min(oW, 4) << 2;
    values += S * step;
    places += S * step;
    y += step;
    indices += step;
  }
}

/** A row of windows one by one. NaN wins, the last of several; of equals the first; where there is no tap, -Infinity at -1. */
function oneByOne(
  source: usize, iH: i32, iW: i32, kW: i32, startD: i32, startH: i32, d0: i32, d1: i32, h0: i32, h1: i32, sW: i32, pW: i32, dD: i32, dH: i32, dW: i32,
  y: usize, indices: usize, oW: i32, relu: i32,
): void {
  for (let ow = 0; ow < oW; ow++) {
    const startW = ow * sW - pW;
    const w0 = firstTap(startW, dW);
    const w1 = endTap(startW, dW, kW, iW);
    let most: f32 = -Infinity;
    let best = -1;
    for (let td = d0; td < d1; td++) {
      for (let th = h0; th < h1; th++) {
        let at = ((startD + td * dD) * iH + startH + th * dH) * iW + startW + w0 * dW;
        for (let tw = w0; tw < w1; tw++, at += dW) {
          const value = load<f32>(source + (<usize>at << 2));
          if (value > most || best < 0 || value != value) {
            most = value;
            best = at;
          }
        }
      }
    }
    const cut = relu != 0 && most <= 0;
    store<f32>(y + (<usize>ow << 2), cut ? 0 : most);
    store<i32>(indices + (<usize>ow << 2), cut ? -1 : best);
  }
}

/** `room`: space for the columns of a row, `reach` of them with those that lie outside, twice: values and positions. With `relu`, 0 at -1 where the maximum is not positive. */
export function f32_maxPool(
  x: usize, y: usize, indices: usize, _nc: i32, iD: i32, iH: i32, iW: i32, kD: i32, kH: i32, kW: i32, oD: i32, oH: i32, oW: i32,
  sD: i32, sH: i32, sW: i32, pD: i32, pH: i32, pW: i32, dD: i32, dH: i32, dW: i32, first: i32, end: i32, room: usize, reach: i32, relu: i32,
): void {
  const plain = isTwoByTwo(iH, iW, kD, kH, kW, oH, oW, sD, sH, sW, pD, pH, pW, dH, dW);
  const places = room + (<usize>reach << 2);
  const cut = i32x4.splat(relu != 0 ? -1 : 0);
  if (plain && pairsOfRows(x, y, indices, iD, iH, iW, oD, oH, oW, first, end, cut, i32x4.splat(kD))) return;
  f32_fill(room, reach, -Infinity);
  memory.fill(places, 0xff, <usize>reach << 2);
  for (let row = first; row < end; row++) {
    const rest = row / oH;
    const oh = row - rest * oH;
    const plane = rest / oD;
    const od = rest - plane * oD;
    const source = x + (<usize>(plane * iD * iH * iW) << 2);
    const yRow = y + (<usize>(row * oW) << 2);
    const indexRow = indices + (<usize>(row * oW) << 2);
    const startD = od * sD - pD;
    const d0 = firstTap(startD, dD);
    const d1 = endTap(startD, dD, kD, iD);
    const startH = oh * sH - pH;
    const h0 = firstTap(startH, dH);
    const h1 = endTap(startH, dH, kH, iH);
    const at = ((startD + d0 * dD) * iH + startH + h0 * dH) * iW;
    const inside = <usize>pW << 2;
    if (plain || !columns(source + (<usize>at << 2), at, iW, d1 - d0, dD * iH * iW, h1 - h0, dH * iW, room + inside, places + inside)) {
      oneByOne(source, iH, iW, kW, startD, startH, d0, d1, h0, h1, sW, pW, dD, dH, dW, yRow, indexRow, oW, relu);
    } else if (kW == 3 && sW == 2 && dW == 1 && oW >= 4) alongThree(2, room, places, yRow, indexRow, oW, cut);
    else if (kW == 3 && sW == 1 && dW == 1 && oW >= 4) alongThree(1, room, places, yRow, indexRow, oW, cut);
    else if (sW == 1) along(room, places, kW, dW, 1, yRow, indexRow, oW, cut);
    else if (sW == 2) along(room, places, kW, dW, 2, yRow, indexRow, oW, cut);
    else along(room, places, kW, dW, sW, yRow, indexRow, oW, cut);
  }
}
