/**
 * Max pooling over float32. Items are rows (plane, d, h) of what is written. Four windows side by side go together
 * wherever all their taps lie inside the row; the last four of a row may overlap the four before.
 */
import { four, isTwoByTwo, lastInside } from './poolWindows';

/** Of a window that begins at `start`: its first tap inside the input, and one past its last. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}
// @ts-ignore: AssemblyScript allows decorators here
@inline
function endTap(start: i32, dilation: i32, taps: i32, size: i32): i32 {
  return start >= size ? 0 : min(taps, (size - start + dilation - 1) / dilation);
}

/** NaN wins, the last of several; of equals the first. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function beats(value: v128, most: v128): v128 {
  return v128.or(f32x4.gt(value, most), f32x4.ne(value, value));
}

/** One row of windows of 2×2 with stride 2 from rows `top` and `below`; `at` is the position of `top` in its plane. At least 4 windows. */
function pairsOfRows(top: usize, below: usize, at: i32, iW: i32, y: usize, indices: usize, oW: i32): void {
  const steps = i32x4(0, 2, 4, 6);
  for (let ow = 0; ow < oW; ow += 4) {
    ow = min(ow, oW - 4);
    const from = <usize>ow << 3;
    const p = v128.load(top + from);
    const q = v128.load(top + from, 16);
    const r = v128.load(below + from);
    const s = v128.load(below + from, 16);
    const index = i32x4.add(i32x4.splat(at + 2 * ow), steps);
    let most = v128.shuffle<f32>(p, q, 0, 2, 4, 6);
    let best = index;
    let value = v128.shuffle<f32>(p, q, 1, 3, 5, 7);
    let take = beats(value, most);
    most = v128.bitselect(value, most, take);
    best = v128.bitselect(i32x4.add(index, i32x4.splat(1)), best, take);
    value = v128.shuffle<f32>(r, s, 0, 2, 4, 6);
    take = beats(value, most);
    most = v128.bitselect(value, most, take);
    best = v128.bitselect(i32x4.add(index, i32x4.splat(iW)), best, take);
    value = v128.shuffle<f32>(r, s, 1, 3, 5, 7);
    take = beats(value, most);
    most = v128.bitselect(value, most, take);
    best = v128.bitselect(i32x4.add(index, i32x4.splat(iW + 1)), best, take);
    v128.store(y + (<usize>ow << 2), most);
    v128.store(indices + (<usize>ow << 2), best);
  }
}

/** Four windows side by side whose first taps begin at `at`. K and S, where not 0, are the taps and the stride of a row, which unrolls it. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function fourMost(
  K: i32, S: i32, source: usize, at: i32, depths: i32, depthStep: i32, rows: i32, rowStep: i32, taps: i32, dilation: i32, stride: i32, y: usize, indices: usize,
): void {
  const step = S > 0 ? S : stride;
  let index = i32x4.add(i32x4.splat(at), i32x4(0, step, 2 * step, 3 * step));
  let most = four(source + (<usize>at << 2), step);
  let best = index;
  for (let d = 0; d < depths; d++, at += depthStep) {
    for (let h = 0, from = at; h < rows; h++, from += rowStep) {
      const p = source + (<usize>from << 2);
      index = i32x4.add(i32x4.splat(from), i32x4(0, step, 2 * step, 3 * step));
      if (K == 3) {
        const one = i32x4.splat(1);
        let value = four(p, S);
        let take = beats(value, most);
        most = v128.bitselect(value, most, take);
        best = v128.bitselect(index, best, take);
        value = four(p + 4, S);
        take = beats(value, most);
        most = v128.bitselect(value, most, take);
        index = i32x4.add(index, one);
        best = v128.bitselect(index, best, take);
        value = four(p + 8, S);
        take = beats(value, most);
        most = v128.bitselect(value, most, take);
        index = i32x4.add(index, one);
        best = v128.bitselect(index, best, take);
      } else {
        for (let t = 0, tap = p; t < taps; t++, tap += <usize>dilation << 2) {
          const value = four(tap, stride);
          const take = beats(value, most);
          most = v128.bitselect(value, most, take);
          best = v128.bitselect(index, best, take);
          index = i32x4.add(index, i32x4.splat(dilation));
        }
      }
    }
  }
  v128.store(y, most);
  v128.store(indices, best);
}

export function f32_maxPool(
  x: usize, y: usize, indices: usize, _nc: i32, iD: i32, iH: i32, iW: i32, kD: i32, kH: i32, kW: i32, oD: i32, oH: i32, oW: i32,
  sD: i32, sH: i32, sW: i32, pD: i32, pH: i32, pW: i32, dD: i32, dH: i32, dW: i32, first: i32, end: i32,
): void {
  const plain = isTwoByTwo(iH, iW, kD, kH, kW, oH, oW, sD, sH, sW, pD, pH, pW, dH, dW);
  // From the first of four windows to the last tap of the fourth; and the last place where such four lie inside a row.
  const reach = 3 * sW + (kW - 1) * dW;
  const last = min(oW - 4, lastInside(iW, reach, sW, pW));
  for (let row = first; row < end; row++) {
    const oh = row % oH;
    const rest = row / oH;
    const od = rest % oD;
    const source = x + (<usize>((rest / oD) * iD * iH * iW) << 2);
    const yRow = y + (<usize>(row * oW) << 2);
    const indexRow = indices + (<usize>(row * oW) << 2);
    if (plain) {
      const at = (od * iH + 2 * oh) * iW;
      const top = source + (<usize>at << 2);
      pairsOfRows(top, top + (<usize>iW << 2), at, iW, yRow, indexRow, oW);
      continue;
    }
    const startD = od * sD - pD;
    const d0 = firstTap(startD, dD);
    const d1 = endTap(startD, dD, kD, iD);
    const startH = oh * sH - pH;
    const h0 = firstTap(startH, dH);
    const h1 = endTap(startH, dH, kH, iH);
    const inside = d0 < d1 && h0 < h1;
    let ow = 0;
    while (ow < oW) {
      // The last four that lie inside overlap the four before; where depths or rows lie outside, no four ever take the step on.
      if (inside && ow > last && ow < last + 4 && last * sW >= pW) ow = last;
      const startW = ow * sW - pW;
      if (inside && ow <= last && startW >= 0) {
        const at = ((startD + d0 * dD) * iH + startH + h0 * dH) * iW + startW;
        const to = yRow + (<usize>ow << 2);
        const indexTo = indexRow + (<usize>ow << 2);
        if (kW == 3 && sW == 2 && dW == 1) fourMost(3, 2, source, at, d1 - d0, dD * iH * iW, h1 - h0, dH * iW, kW, dW, sW, to, indexTo);
        else if (kW == 3 && sW == 1 && dW == 1) fourMost(3, 1, source, at, d1 - d0, dD * iH * iW, h1 - h0, dH * iW, kW, dW, sW, to, indexTo);
        else fourMost(0, 0, source, at, d1 - d0, dD * iH * iW, h1 - h0, dH * iW, kW, dW, sW, to, indexTo);
        ow += 4;
        continue;
      }
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
      store<f32>(yRow + (<usize>ow << 2), most);
      store<i32>(indexRow + (<usize>ow << 2), best);
      ow++;
    }
  }
}
