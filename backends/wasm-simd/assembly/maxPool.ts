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

/**
 * One row of windows of 2×2 with stride 2 from rows `top` and `below`; `at` is the position of `top` in its plane. At least 4 windows.
 * False, and nothing of use written, if there may be a NaN.
 */
function pairsOfRows(top: usize, below: usize, at: i32, iW: i32, y: usize, indices: usize, oW: i32, relu: v128): bool {
  const steps = i32x4.add(i32x4.splat(at), i32x4(0, 2, 4, 6));
  const one = i32x4.splat(1);
  const fourth = i32x4.splat(iW + 1);
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let ow = 0; ow < oW; ow += 4) {
    ow = min(ow, oW - 4);
    const from = <usize>ow << 3;
    const p = v128.load(top + from);
    const q = v128.load(top + from, 16);
    const r = v128.load(below + from);
    const s = v128.load(below + from, 16);
    sum = f32x4.add(sum, f32x4.add(f32x4.add(p, q), f32x4.add(r, s)));
    const a = v128.shuffle<f32>(p, q, 0, 2, 4, 6);
    const b = v128.shuffle<f32>(p, q, 1, 3, 5, 7);
    const c = v128.shuffle<f32>(r, s, 0, 2, 4, 6);
    const most = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, v128.shuffle<f32>(r, s, 1, 3, 5, 7)));
    const cut = v128.and(relu, f32x4.le(most, zero));
    v128.store(y + (<usize>ow << 2), v128.andnot(most, cut));
    // A comparison that holds is -1.
    const below2 = i32x4.add(fourth, f32x4.eq(c, most));
    const place = v128.andnot(v128.bitselect(one, below2, f32x4.eq(b, most)), f32x4.eq(a, most));
    v128.store(indices + (<usize>ow << 2), v128.or(i32x4.add(i32x4.add(steps, i32x4.splat(2 * ow)), place), cut));
  }
  return areNumbers(sum);
}

/**
 * Of n columns under a row of windows: the maximum over its depths and rows to `values`, the first position that has it to `places`. `p`
 * is the first row, at position `at`. A column without a tap is -Infinity at -1. False if there may be a NaN.
 */
function columns(p: usize, at: i32, n: i32, depths: i32, depthStep: i32, rows: i32, rowStep: i32, values: usize, places: usize): bool {
  let sum = f32x4.splat(0);
  const three = depths == 1 && rows == 3;
  const row = <usize>rowStep << 2;
  const one = i32x4.splat(rowStep);
  const two = i32x4.splat(2 * rowStep);
  const lanes = i32x4.add(i32x4.splat(at), i32x4(0, 1, 2, 3));
  for (let w = 0; w < n; w += 4) {
    // The last four columns overlap the four before.
    if (n >= 4) w = min(w, n - 4);
    const place = i32x4.add(lanes, i32x4.splat(w));
    const from = p + (<usize>w << 2);
    const to = <usize>w << 2;
    if (three && n >= 4) {
      const a = v128.load(from);
      const b = v128.load(from + row);
      const c = v128.load(from + 2 * row);
      const most = f32x4.pmax(f32x4.pmax(a, b), c);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(a, b), c));
      v128.store(values + to, most);
      v128.store(places + to, i32x4.add(place, v128.andnot(v128.bitselect(one, two, f32x4.eq(b, most)), f32x4.eq(a, most))));
      continue;
    }
    let most = f32x4.splat(-Infinity);
    let best = i32x4.splat(-1);
    let depth = place;
    for (let d = 0, plane = from; d < depths; d++, plane += <usize>depthStep << 2) {
      let position = depth;
      for (let h = 0, tap = plane; h < rows; h++, tap += row) {
        const value = lanesOf(tap, n);
        const take = v128.or(f32x4.gt(value, most), i32x4.eq(best, i32x4.splat(-1)));
        most = v128.bitselect(value, most, take);
        best = v128.bitselect(position, best, take);
        sum = f32x4.add(sum, value);
        position = i32x4.add(position, one);
      }
      depth = i32x4.add(depth, i32x4.splat(depthStep));
    }
    storeLanes(values + to, most, n);
    storeLanes(places + to, best, n);
  }
  return areNumbers(sum);
}

/** Of the positions of two columns those that hold `most`, the lesser where both do; the largest number if neither. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function holders(most: v128, place: v128, value: v128, position: v128): v128 {
  return i32x4.min_u(place, v128.or(f32x4.ne(value, most), position));
}

/** A row of windows from what `columns` left. K and S, where not 0, are the taps and the stride of a row. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function along(K: i32, S: i32, values: usize, places: usize, taps: i32, dilation: i32, stride: i32, y: usize, indices: usize, oW: i32, relu: v128): void {
  const step = S > 0 ? S : stride;
  const none = i32x4.splat(-1);
  const zero = f32x4.splat(0);
  for (let ow = 0; ow < oW; ow += 4) {
    if (oW >= 4) ow = min(ow, oW - 4);
    const from = <usize>(ow * step) << 2;
    let most: v128;
    let best: v128;
    if (K == 3) {
      const a = four(values + from, S);
      const b = four(values + from + 4, S);
      const c = four(values + from + 8, S);
      most = f32x4.pmax(f32x4.pmax(a, b), c);
      best = holders(most, none, a, four(places + from, S));
      best = holders(most, best, b, four(places + from + 4, S));
      best = holders(most, best, c, four(places + from + 8, S));
    } else {
      const end = from + (<usize>(taps * dilation) << 2);
      most = four(values + from, step);
      for (let at = from; at < end; at += <usize>dilation << 2) most = f32x4.pmax(most, four(values + at, step));
      best = none;
      for (let at = from; at < end; at += <usize>dilation << 2) best = holders(most, best, four(values + at, step), four(places + at, step));
    }
    const cut = v128.and(relu, f32x4.le(most, zero));
    storeLanes(y + (<usize>ow << 2), v128.andnot(most, cut), oW);
    storeLanes(indices + (<usize>ow << 2), v128.or(best, cut), oW);
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
    if (plain) {
      const at = (od * iH + 2 * oh) * iW;
      const top = source + (<usize>at << 2);
      if (pairsOfRows(top, top + (<usize>iW << 2), at, iW, yRow, indexRow, oW, cut)) continue;
    }
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
    } else if (kW == 3 && sW == 2 && dW == 1) along(3, 2, room, places, kW, dW, sW, yRow, indexRow, oW, cut);
    else if (kW == 3 && sW == 1 && dW == 1) along(3, 1, room, places, kW, dW, sW, yRow, indexRow, oW, cut);
    else if (sW == 1) along(0, 1, room, places, kW, dW, sW, yRow, indexRow, oW, cut);
    else along(0, 0, room, places, kW, dW, sW, yRow, indexRow, oW, cut);
  }
}
