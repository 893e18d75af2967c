/** Max and average pooling and their gradients. */
import type { Kernel, OpArgs, PoolGeometry } from '../../src/backend/index.js';
import { grouped } from './loops.js';
import { scatterAddElements } from './move.js';

/** Of each position along an axis: the taps inside the input as first … end − 1, and the source index of the first. */
interface Span {
  readonly first: Int32Array;
  readonly end: Int32Array;
  readonly at: Int32Array;
  readonly step: number;
}

function sliding(positions: number, stride: number, pad: number, taps: number, dilation: number, size: number): Span {
  const [first, end, at] = [new Int32Array(positions), new Int32Array(positions), new Int32Array(positions)];
  for (let p = 0; p < positions; p++) {
    const start = p * stride - pad;
    first[p] = Math.max(0, Math.ceil(-start / dilation));
    end[p] = Math.max(first[p], Math.min(taps, Math.ceil((size - start) / dilation)));
    at[p] = start + first[p] * dilation;
  }
  return { first, end, at, step: dilation };
}

const spans = ([, iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW, dD, dH, dW]: PoolGeometry): readonly [Span, Span, Span] =>
  [sliding(oD, sD, pD, kD, dD, iD), sliding(oH, sH, pH, kH, dH, iH), sliding(oW, sW, pW, kW, dW, iW)];

/** For each position of an axis, the length of the window that an average divides by; at least 1, so that one wholly in the padding gives 0. */
function lengths(positions: number, stride: number, pad: number, taps: number, size: number, includePad: number): Float64Array {
  return new Float64Array(positions).map((_, p) => {
    const start = p * stride - pad;
    const end = Math.min(start + taps, size + pad);
    return Math.max(1, includePad ? end - start : Math.min(end, size) - Math.max(start, 0));
  });
}

/** Rows (plane, d, h) of `width` elements are the items of pooling: a single large plane still makes many pieces. */
const rowsOfOutput = (geometry: PoolGeometry): number => (geometry[9] === 0 ? 0 : geometry[0] * geometry[7] * geometry[8]);
/** Elements read per row. */
const rowCost = ([, , , , kD, kH, kW, , , oW]: PoolGeometry): number => oW * kD * kH * kW;

/**
 * A window with no tap in the input (dilation can do that) gives -Infinity and index -1, which maxPoolGrad skips.
 * Of several NaN the last one's index is kept, as in PyTorch.
 */
export const maxPool: Kernel<OpArgs['maxPool']> = grouped(
  'f32_maxPool__js', ([, , , ...geometry]) => rowsOfOutput(geometry), ([, , , ...geometry]) => rowCost(geometry),
  ({ f32, i32 }, [x, y, indices, ...geometry], begin, end) => {
    const [, iD, iH, iW, , , , oD, oH, oW] = geometry;
    const [d, h, w] = spans(geometry);
    const simple = isTwoByTwo(geometry);
    for (let row = begin; row < end; row++) {
      const oh = row % oH;
      const od = Math.floor(row / oH) % oD;
      const source = (x >>> 2) + Math.floor(row / (oH * oD)) * iD * iH * iW;
      if (simple) {
        twoByTwo(f32, i32, source, (od * iH + 2 * oh) * iW, iW, (y >>> 2) + row * oW, (indices >>> 2) + row * oW, oW);
        continue;
      }
      for (let ow = 0, to = row * oW; ow < oW; ow++, to++) {
        let most = -Infinity;
        let index = -1;
        const taps = w.end[ow] - w.first[ow];
        for (let td = d.first[od], id = d.at[od]; td < d.end[od]; td++, id += d.step) {
          for (let th = h.first[oh], ih = h.at[oh]; th < h.end[oh]; th++, ih += h.step) {
            for (let tw = 0, at = (id * iH + ih) * iW + w.at[ow]; tw < taps; tw++, at += w.step) {
              const value = f32[source + at];
              if (value > most || index < 0 || Number.isNaN(value)) {
                most = value;
                index = at;
              }
            }
          }
        }
        f32[(y >>> 2) + to] = most;
        i32[(indices >>> 2) + to] = index;
      }
    }
  });

/** Windows of 2×2 side by side and wholly inside, MaxPool2d(2): unrolled, they take half the time. */
const isTwoByTwo = ([, , iH, iW, kD, kH, kW, , oH, oW, sD, sH, sW, pD, pH, pW, , dH, dW]: PoolGeometry): boolean =>
  kD === 1 && kH === 2 && kW === 2 && sD === 1 && sH === 2 && sW === 2 && pD + pH + pW === 0 && dH === 1 && dW === 1 && 2 * oH <= iH && 2 * oW <= iW;

/** One row of such windows; `at` is the first element of the upper input row within its plane. */
function twoByTwo(v: Float32Array, indices: Int32Array, source: number, at: number, iW: number, y: number, to: number, oW: number): void {
  for (let ow = 0; ow < oW; ow++, at += 2) {
    const a = v[source + at], b = v[source + at + 1];
    const c = v[source + at + iW], d = v[source + at + iW + 1];
    let most = a;
    let index = at;
    if (b > most || Number.isNaN(b)) {
      most = b;
      index = at + 1;
    }
    if (c > most || Number.isNaN(c)) {
      most = c;
      index = at + iW;
    }
    if (d > most || Number.isNaN(d)) {
      most = d;
      index = at + iW + 1;
    }
    v[y + ow] = most;
    indices[to + ow] = index;
  }
}

/** The scatter that it is. */
const asScatter = ([g, indices, gx, nc, iD, iH, iW, , , , oD, oH, oW]: OpArgs['maxPoolGrad']): OpArgs['scatterAddElements'] =>
  [g, indices, gx, nc, oD * oH * oW, iD * iH * iW, 1];

export const maxPoolGrad: Kernel<OpArgs['maxPoolGrad']> = {
  name: 'f32_maxPoolGrad__js',
  pieces: (args, phase) => scatterAddElements.pieces(asScatter(args), phase),
  workspace: (args) => scatterAddElements.workspace!(asScatter(args)),
  run: (heap, args, begin, end, work) => scatterAddElements.run(heap, asScatter(args), begin, end, work),
};

export const avgPool: Kernel<OpArgs['avgPool']> = grouped(
  'f32_avgPool__js', ([, , , , ...geometry]) => rowsOfOutput(geometry), ([, , , , ...geometry]) => rowCost(geometry),
  ({ f32 }, [x, y, includePad, divisor, ...geometry], begin, end) => {
    const [, iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW] = geometry;
    const [d, h, w] = spans(geometry);
    const [lenD, lenH, lenW] = [
      lengths(oD, sD, pD, kD, iD, includePad), lengths(oH, sH, pH, kH, iH, includePad), lengths(oW, sW, pW, kW, iW, includePad),
    ];
    for (let row = begin; row < end; row++) {
      const oh = row % oH;
      const od = Math.floor(row / oH) % oD;
      const source = (x >>> 2) + Math.floor(row / (oH * oD)) * iD * iH * iW;
      for (let ow = 0, to = (y >>> 2) + row * oW; ow < oW; ow++, to++) {
        let sum = 0;
        const taps = w.end[ow] - w.first[ow];
        for (let td = d.first[od], id = d.at[od]; td < d.end[od]; td++, id++) {
          for (let th = h.first[oh], ih = h.at[oh]; th < h.end[oh]; th++, ih++) {
            for (let tw = 0, at = source + (id * iH + ih) * iW + w.at[ow]; tw < taps; tw++, at++) sum += f32[at];
          }
        }
        f32[to] = sum / (divisor || lenD[od] * lenH[oh] * lenW[ow]);
      }
    }
  });

/** Of each input index, the positions whose windows cover it: first … end − 1. */
function covering(size: number, stride: number, pad: number, taps: number, positions: number): { first: Int32Array; end: Int32Array } {
  const [first, end] = [new Int32Array(size), new Int32Array(size)];
  for (let i = 0; i < size; i++) {
    first[i] = Math.max(0, Math.ceil((i + pad - taps + 1) / stride));
    end[i] = Math.min(positions, Math.floor((i + pad) / stride) + 1);
  }
  return { first, end };
}

export const avgPoolGrad: Kernel<OpArgs['avgPoolGrad']> = grouped(
  'f32_avgPoolGrad__js',
  ([, , , , nc, iD, iH, iW]) => (iW === 0 ? 0 : nc * iD * iH),
  ([, , , , , , , iW, kD, kH, kW, , , , sD, sH, sW]) => iW * Math.ceil(kD / sD) * Math.ceil(kH / sH) * Math.ceil(kW / sW),
  ({ f32 }, [g, gx, includePad, divisor, ...geometry], begin, end) => {
    const [, iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW] = geometry;
    const [d, h, w] = [covering(iD, sD, pD, kD, oD), covering(iH, sH, pH, kH, oH), covering(iW, sW, pW, kW, oW)];
    const [lenD, lenH, lenW] = [
      lengths(oD, sD, pD, kD, iD, includePad), lengths(oH, sH, pH, kH, iH, includePad), lengths(oW, sW, pW, kW, iW, includePad),
    ];
    for (let row = begin; row < end; row++) {
      const ih = row % iH;
      const id = Math.floor(row / iH) % iD;
      const source = (g >>> 2) + Math.floor(row / (iH * iD)) * oD * oH * oW;
      gradRow(f32, source, (gx >>> 2) + row * iW, iW, oH, oW, d.first[id], d.end[id], h.first[ih], h.end[ih], w.first, w.end, lenD, lenH, lenW, divisor);
    }
  });

/** One row of the input's gradient, which windows d0 … d1 − 1 by h0 … h1 − 1 cover. */
function gradRow(
  v: Float32Array, source: number, to: number, iW: number, oH: number, oW: number, d0: number, d1: number, h0: number, h1: number,
  first: Int32Array, end: Int32Array, lenD: Float64Array, lenH: Float64Array, lenW: Float64Array, divisor: number,
): void {
  for (let iw = 0; iw < iW; iw++) {
    const w0 = first[iw];
    const w1 = end[iw];
    let sum = 0;
    for (let od = d0; od < d1; od++) {
      for (let oh = h0; oh < h1; oh++) {
        const at = source + (od * oH + oh) * oW;
        const area = lenD[od] * lenH[oh];
        for (let ow = w0; ow < w1; ow++) sum += v[at + ow] / (divisor === 0 ? area * lenW[ow] : divisor);
      }
    }
    v[to + iw] = sum;
  }
}
