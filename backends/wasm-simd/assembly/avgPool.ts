/**
 * Average pooling and its gradient over float32. Items are rows (plane, d, h) of what is written. Four windows side by side go together
 * wherever all their taps lie inside the row; the last four of a row may overlap the four before.
 */
import { high, low, narrow, spanSum } from './lanes';
import { f32_fill } from './move';
import { four, isTwoByTwo, lastInside } from './poolWindows';

/** Positions that a mean divides by along one axis: with padding also those that it covers; at least 1. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function windowSize(start: i32, taps: i32, size: i32, pad: i32, includePad: bool): i32 {
  return max(1, includePad ? min(start + taps, size + pad) - start : min(start + taps, size) - max(start, 0));
}

/** One row of means over windows of 2×2 with stride 2. At least 4 windows. */
function meansOfRows(top: usize, below: usize, divisor: i32, y: usize, oW: i32): void {
  const by = f32x4.splat(<f32>divisor);
  for (let ow = 0; ow < oW; ow += 4) {
    ow = min(ow, oW - 4);
    const from = <usize>ow << 3;
    const p = f32x4.add(v128.load(top + from), v128.load(below + from));
    const q = f32x4.add(v128.load(top + from, 16), v128.load(below + from, 16));
    const sum = f32x4.add(v128.shuffle<f32>(p, q, 0, 2, 4, 6), v128.shuffle<f32>(p, q, 1, 3, 5, 7));
    v128.store(y + (<usize>ow << 2), f32x4.div(sum, by));
  }
}

/** The inverse: each window's share goes to 2 columns of the rows at `gx` and `more` bytes behind, which may be one and the same. At least 4 windows. */
function sharesOfRow(g: usize, divisor: i32, gx: usize, more: usize, oW: i32): void {
  const by = f32x4.splat(<f32>divisor);
  for (let ow = 0; ow < oW; ow += 4) {
    ow = min(ow, oW - 4);
    const share = f32x4.div(v128.load(g + (<usize>ow << 2)), by);
    const to = gx + (<usize>ow << 3);
    const p = v128.shuffle<f32>(share, share, 0, 0, 1, 1);
    const q = v128.shuffle<f32>(share, share, 2, 2, 3, 3);
    v128.store(to, p);
    v128.store(to, q, 16);
    v128.store(to + more, p);
    v128.store(to + more, q, 16);
  }
}

/** Windows of more taps are summed in doubles, one by one. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
const FEW_TAPS = 64;

export function f32_avgPool(
  x: usize, y: usize, includePad: i32, divisor: i32, _nc: i32, iD: i32, iH: i32, iW: i32, kD: i32, kH: i32, kW: i32, oD: i32, oH: i32, oW: i32,
  sD: i32, sH: i32, sW: i32, pD: i32, pH: i32, pW: i32, _dD: i32, _dH: i32, _dW: i32, first: i32, end: i32,
): void {
  const padded = includePad != 0;
  const plain = isTwoByTwo(iH, iW, kD, kH, kW, oH, oW, sD, sH, sW, pD, pH, pW, 1, 1);
  const few = kD * kH * kW <= FEW_TAPS;
  const last = few ? min(oW - 4, lastInside(iW, 3 * sW + kW - 1, sW, pW)) : -1;
  for (let row = first; row < end; row++) {
    const rest = row / oH;
    const oh = row - rest * oH;
    const plane = rest / oD;
    const od = rest - plane * oD;
    const source = x + (<usize>(plane * iD * iH * iW) << 2);
    const yRow = y + (<usize>(row * oW) << 2);
    if (plain) {
      const top = source + (<usize>((od * iH + 2 * oh) * iW) << 2);
      meansOfRows(top, top + (<usize>iW << 2), divisor != 0 ? divisor : 4, yRow, oW);
      continue;
    }
    const startD = od * sD - pD;
    const startH = oh * sH - pH;
    const d0 = max(startD, 0);
    const d1 = min(startD + kD, iD);
    const h0 = max(startH, 0);
    const h1 = min(startH + kH, iH);
    const area = windowSize(startD, kD, iD, pD, padded) * windowSize(startH, kH, iH, pH, padded);
    let ow = 0;
    while (ow < oW) {
      if (ow > last && ow < last + 4 && last * sW >= pW) ow = last;
      const startW = ow * sW - pW;
      if (ow <= last && startW >= 0) {
        let sum = f32x4.splat(0);
        for (let id = d0; id < d1; id++) {
          for (let ih = h0; ih < h1; ih++) {
            let at = source + (<usize>((id * iH + ih) * iW + startW) << 2);
            if (kW == 3 && sW == 2) sum = f32x4.add(f32x4.add(f32x4.add(sum, four(at, 2)), four(at + 4, 2)), four(at + 8, 2));
            else if (kW == 3 && sW == 1) sum = f32x4.add(f32x4.add(f32x4.add(sum, v128.load(at)), v128.load(at, 4)), v128.load(at, 8));
            else for (let tw = 0; tw < kW; tw++, at += 4) sum = f32x4.add(sum, four(at, sW));
          }
        }
        v128.store(yRow + (<usize>ow << 2), f32x4.div(sum, f32x4.splat(<f32>(divisor != 0 ? divisor : area * kW))));
        ow += 4;
        continue;
      }
      const w0 = max(startW, 0);
      const w1 = min(startW + kW, iW);
      let sum: f64 = 0;
      for (let id = d0; id < d1; id++) {
        // Whole rows lie one behind the other: global pooling is one sum.
        if (w1 - w0 == iW) sum += spanSum(source + (<usize>((id * iH + h0) * iW) << 2), max(0, h1 - h0) * iW);
        else for (let ih = h0; ih < h1; ih++) sum += spanSum(source + (<usize>((id * iH + ih) * iW + w0) << 2), w1 - w0);
      }
      store<f32>(yRow + (<usize>ow << 2), <f32>(sum / <f64>(divisor != 0 ? divisor : area * windowSize(startW, kW, iW, pW, padded))));
      ow++;
    }
  }
}

/** sums[ow] = Σ over the windows d0 … d1 − 1 by h0 … h1 − 1 of g / their size, or the divisor. */
function sharesOf(
  g: usize, sums: usize, divisor: i32, padded: bool, iD: i32, iH: i32, iW: i32, kD: i32, kH: i32, kW: i32, oH: i32, oW: i32,
  sD: i32, sH: i32, sW: i32, pD: i32, pH: i32, pW: i32, d0: i32, d1: i32, h0: i32, h1: i32,
): void {
  memory.fill(sums, 0, <usize>oW << 3);
  for (let od = d0; od < d1; od++) {
    const depth = windowSize(od * sD - pD, kD, iD, pD, padded);
    for (let oh = h0; oh < h1; oh++) {
      const size = divisor != 0 ? divisor : depth * windowSize(oh * sH - pH, kH, iH, pH, padded) * kW;
      const by = f64x2.splat(1 / <f64>size);
      let at = g + (<usize>((od * oH + oh) * oW) << 2);
      let sum = sums;
      let n = oW;
      for (; n >= 4; n -= 4, at += 16, sum += 32) {
        const v = v128.load(at);
        v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(low(v), by)));
        v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.mul(high(v), by)), 16);
      }
      for (; n > 0; n--, at += 4, sum += 8) store<f64>(sum, load<f64>(sum) + <f64>load<f32>(at) / <f64>size);
    }
  }
  if (divisor != 0) return;
  // Windows that reach beyond the row are less wide.
  let ow = 0;
  for (; ow < oW && ow * sW < pW; ow++) widen(sums, ow, kW, windowSize(ow * sW - pW, kW, iW, pW, padded));
  for (let last = oW - 1; last >= ow && last * sW - pW + kW > iW; last--) widen(sums, last, kW, windowSize(last * sW - pW, kW, iW, pW, padded));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function widen(sums: usize, at: i32, from: i32, to: i32): void {
  const sum = sums + (<usize>at << 3);
  store<f64>(sum, load<f64>(sum) * <f64>from / <f64>to);
}

/** Column iw sums the windows (iw + pad − tap) / stride that are whole; around the sums lie zeros. */
function spreadRow(sums: usize, to: usize, size: i32, taps: i32, stride: i32, pad: i32): void {
  let o = pad / stride;
  let r = pad - o * stride;
  const each = taps / stride;
  const more = taps - each * stride;
  for (let iw = 0; iw < size;) {
    const at = sums + (<usize>o << 3);
    const n = each + <i32>(r < more);
    if (stride == 1 && iw + 4 <= size) {
      let a = f64x2.splat(0);
      let b = a;
      for (let m = 0, p = at; m < n; m++, p -= 8) {
        a = f64x2.add(a, v128.load(p));
        b = f64x2.add(b, v128.load(p, 16));
      }
      v128.store(to, narrow(a, b));
      iw += 4;
      o += 4;
      to += 16;
      continue;
    }
    if (stride == 2 && r == 0 && iw + 4 <= size) {
      let even = f64x2.splat(0);
      let odd = even;
      for (let m = 0, p = at; m < n; m++, p -= 8) even = f64x2.add(even, v128.load(p));
      for (let m = 0, p = at; m < taps >> 1; m++, p -= 8) odd = f64x2.add(odd, v128.load(p));
      v128.store(to, v128.shuffle<f32>(f32x4.demote_f64x2_zero(even), f32x4.demote_f64x2_zero(odd), 0, 4, 1, 5));
      iw += 4;
      o += 2;
      to += 16;
      continue;
    }
    let sum: f64 = 0;
    for (let m = 0, p = at; m < n; m++, p -= 8) sum += load<f64>(p);
    store<f32>(to, <f32>sum);
    iw++;
    to += 4;
    if (++r == stride) {
      r = 0;
      o++;
    }
  }
}

/** Rows of planes that one window covers. */
function sharesOfPlanes(g: usize, gx: usize, size: i32, rows: i32, iW: i32, first: i32, end: i32): void {
  gx += <usize>(first * iW) << 2;
  for (let plane = first / rows; first < end; plane++) {
    const last = min(end, (plane + 1) * rows);
    const count = (last - first) * iW;
    f32_fill(gx, count, <f32>(<f64>load<f32>(g + (<usize>plane << 2)) / <f64>size));
    gx += <usize>count << 2;
    first = last;
  }
}

/**
 * Each input sums what the windows over it give: d0 … d1 − 1 by h0 … h1 − 1, gathered for each column of windows in the doubles
 * in `room` (oW doubles, with room for as many zeros on both sides as ../pool.ts says), then along the row.
 */
export function f32_avgPoolGrad(
  g: usize, gx: usize, includePad: i32, divisor: i32, _nc: i32, iD: i32, iH: i32, iW: i32, kD: i32, kH: i32, kW: i32, oD: i32, oH: i32, oW: i32,
  sD: i32, sH: i32, sW: i32, pD: i32, pH: i32, pW: i32, _dD: i32, _dH: i32, _dW: i32, first: i32, end: i32, room: usize, margin: i32,
): void {
  const padded = includePad != 0;
  if (oD * oH * oW == 1 && kD - pD >= iD && kH - pH >= iH && kW - pW >= iW) {
    const size = divisor != 0 ? divisor
      : windowSize(-pD, kD, iD, pD, padded) * windowSize(-pH, kH, iH, pH, padded) * windowSize(-pW, kW, iW, pW, padded);
    sharesOfPlanes(g, gx, size, iD * iH, iW, first, end);
    return;
  }
  const plain = isTwoByTwo(iH, iW, kD, kH, kW, oH, oW, sD, sH, sW, pD, pH, pW, 1, 1);
  const sums = room + (<usize>margin << 3);
  memory.fill(room, 0, <usize>(oW + 2 * margin) << 3);
  let lastPlane = -1, lastD0 = 0, lastD1 = 0, lastH0 = 0, lastH1 = 0;
  for (let row = first; row < end; row++) {
    const rest = row / iH;
    const ih = row - rest * iH;
    const plane = rest / iD;
    const id = rest - plane * iD;
    const source = g + (<usize>(plane * oD * oH * oW) << 2);
    let to = gx + (<usize>(row * iW) << 2);
    if (plain && ih < 2 * oH) {
      const more = (ih & 1) == 0 && row + 1 < end ? <usize>iW << 2 : 0;
      sharesOfRow(source + (<usize>((id * oH + (ih >> 1)) * oW) << 2), divisor != 0 ? divisor : 4, to, more, oW);
      for (let iw = 2 * oW; iw < iW; iw++) {
        store<f32>(to + (<usize>iw << 2), 0);
        store<f32>(to + (<usize>iw << 2) + more, 0);
      }
      if (more) row++;
      continue;
    }
    const d0 = id + pD < kD ? 0 : (id + pD - kD) / sD + 1;
    const d1 = min(oD, (id + pD) / sD + 1);
    const h0 = ih + pH < kH ? 0 : (ih + pH - kH) / sH + 1;
    const h1 = min(oH, (ih + pH) / sH + 1);
    // Rows under the same windows are copies of each other, but are written from the sums: nothing is read that is written.
    if (plane != lastPlane || d0 != lastD0 || d1 != lastD1 || h0 != lastH0 || h1 != lastH1) {
      sharesOf(source, sums, divisor, padded, iD, iH, iW, kD, kH, kW, oH, oW, sD, sH, sW, pD, pH, pW, d0, d1, h0, h1);
      lastPlane = plane;
      lastD0 = d0;
      lastD1 = d1;
      lastH0 = h0;
      lastH1 = h1;
    }
    if (oW == 1) {
      // One window to a row, from its start on: pW covers no column of x.
      const whole = min(iW, kW - pW);
      const share = f32x4.splat(<f32>load<f64>(sums));
      let iw = 0;
      for (; iw + 4 <= whole; iw += 4, to += 16) v128.store(to, share);
      for (; iw < iW; iw++, to += 4) store<f32>(to, iw < whole ? f32x4.extract_lane(share, 0) : 0);
    } else spreadRow(sums, to, iW, kW, sW, pW);
  }
}
