/** Max and average pooling and their gradients, a plane a piece. */
import type { Kernel, OpArgs, PoolGeometry } from '../../src/backend/index.js';
import { each, type Store } from './loops.js';
import { covering, sliding, type Axis } from './window.js';

type Axes = readonly [d: Axis, h: Axis, w: Axis];

/** The geometry with its triples gathered. */
function geometry(args: PoolGeometry) {
  const [, iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW, dD, dH, dW] = args;
  return {
    input: [iD, iH, iW], kernel: [kD, kH, kW], output: [oD, oH, oW], stride: [sD, sH, sW], pad: [pD, pH, pW], dilation: [dD, dH, dW],
  } as const;
}
type Geometry = ReturnType<typeof geometry>;

/** For each output, the taps within the input. */
const windows = ({ input, kernel, output, stride, pad, dilation }: Geometry): Axes => {
  const axis = (r: 0 | 1 | 2): Axis => sliding(output[r], stride[r], pad[r], kernel[r], dilation[r], input[r]);
  return [axis(0), axis(1), axis(2)];
};

/**
 * A window with no tap in the input (dilation can do that) gives -Infinity and index -1, which maxPoolGrad skips.
 * Of several NaN the last one's index is kept, as in PyTorch.
 */
const maximum = (of: Store, relu: boolean): Kernel<OpArgs['maxPool']> =>
  each((args) => args[3], (heap, [x, y, indices, ...rest], begin, end) => {
    const view = of.view(heap);
    const shape = geometry(rest);
    const [axisD, axisH, axisW] = windows(shape);
    const { input: [iD, iH, iW], output: [oD, oH, oW] } = shape;
    for (let plane = begin; plane < end; plane++) {
      const source = (x >>> of.log2) + plane * iD * iH * iW;
      let element = plane * oD * oH * oW;
      for (let d = 0; d < oD; d++) {
        for (let h = 0; h < oH; h++) {
          for (let w = 0; w < oW; w++) {
            let most = -Infinity;
            let index = -1;
            for (let td = axisD.first[d], id = axisD.at[d]; td < axisD.end[d]; td++, id += axisD.step) {
              for (let th = axisH.first[h], ih = axisH.at[h]; th < axisH.end[h]; th++, ih += axisH.step) {
                for (let tw = axisW.first[w], at = (id * iH + ih) * iW + axisW.at[w]; tw < axisW.end[w]; tw++, at += axisW.step) {
                  const value = view[source + at];
                  if (value > most || index < 0 || Number.isNaN(value)) {
                    most = value;
                    index = at;
                  }
                }
              }
            }
            const cut = relu && most <= 0;
            view[(y >>> of.log2) + element] = cut ? 0 : most;
            heap.i32[(indices >>> 2) + element] = cut ? -1 : index;
            element++;
          }
        }
      }
    }
  });

export const maxPool = (of: Store) => maximum(of, false);
export const maxPoolRelu = (of: Store) => maximum(of, true);

/** Of each plane, g added up at its indices. */
export const maxPoolGrad = (of: Store): Kernel<OpArgs['maxPoolGrad']> => ({
  ...each((args) => args[3], (heap, [g, indices, gx, , iD, iH, iW, , , , oD, oH, oW], begin, end, work) => {
    const view = of.view(heap);
    const [plane, windowsOf] = [iD * iH * iW, oD * oH * oW];
    const sums = heap.f64.subarray(work.own >>> 3, (work.own >>> 3) + plane);
    for (let p = begin; p < end; p++) {
      sums.fill(0);
      for (let w = p * windowsOf; w < (p + 1) * windowsOf; w++) {
        const at = heap.i32[(indices >>> 2) + w];
        if (at >= 0) sums[at] += view[(g >>> of.log2) + w];
      }
      view.set(sums, (gx >>> of.log2) + p * plane);
    }
  }),
  workspace: ([, , , , iD, iH, iW]) => ({ own: 8 * iD * iH * iW }),
});

/**
 * Per axis and window, how many positions the mean divides by: taps in the input, or with padding also those it covers.
 * At least 1, so that a window with no tap at all gives 0 and not 0/0.
 */
function windowSizes({ input, kernel, output, stride, pad }: Geometry, axes: Axes, includePad: boolean): Int32Array[] {
  return axes.map(({ first, end }, r) => Int32Array.from({ length: output[r] }, (_, o) => {
    const start = o * stride[r] - pad[r];
    return Math.max(1, includePad ? Math.min(start + kernel[r], input[r] + pad[r]) - start : end[o] - first[o]);
  }));
}

export const avgPool = (of: Store): Kernel<OpArgs['avgPool']> =>
  each((args) => args[4], (heap, [x, y, includePad, divisor, ...rest], begin, end) => {
    const view = of.view(heap);
    const shape = geometry(rest);
    const axes = windows(shape);
    const [axisD, axisH, axisW] = axes;
    const [sizeD, sizeH, sizeW] = windowSizes(shape, axes, includePad !== 0);
    const { input: [iD, iH, iW], output: [oD, oH, oW] } = shape;
    for (let plane = begin; plane < end; plane++) {
      const source = (x >>> of.log2) + plane * iD * iH * iW;
      let element = (y >>> of.log2) + plane * oD * oH * oW;
      for (let d = 0; d < oD; d++) {
        for (let h = 0; h < oH; h++) {
          for (let w = 0; w < oW; w++) {
            let sum = 0;
            for (let td = axisD.first[d], id = axisD.at[d]; td < axisD.end[d]; td++, id++) {
              for (let th = axisH.first[h], ih = axisH.at[h]; th < axisH.end[h]; th++, ih++) {
                const row = source + (id * iH + ih) * iW + axisW.at[w];
                const count = axisW.end[w] - axisW.first[w];
                for (let i = 0; i < count; i++) sum += view[row + i];
              }
            }
            view[element++] = sum / (divisor || sizeD[d] * sizeH[h] * sizeW[w]);
          }
        }
      }
    }
  });

/** For each input, the sum over the windows it lies in of their gradient by their divisor. */
export const avgPoolGrad = (of: Store): Kernel<OpArgs['avgPoolGrad']> =>
  each((args) => args[4], (heap, [g, gx, includePad, divisor, ...rest], begin, end) => {
    const view = of.view(heap);
    const shape = geometry(rest);
    const [sizeD, sizeH, sizeW] = windowSizes(shape, windows(shape), includePad !== 0);
    const { input, kernel, output, stride, pad, dilation } = shape;
    const [axisD, axisH, axisW] = ([0, 1, 2] as const).map((r) => covering(input[r], stride[r], pad[r], kernel[r], dilation[r], output[r]));
    const [iD, iH, iW] = input;
    const [oD, oH, oW] = output;
    for (let plane = begin; plane < end; plane++) {
      const source = (g >>> of.log2) + plane * oD * oH * oW;
      let element = (gx >>> of.log2) + plane * iD * iH * iW;
      for (let d = 0; d < iD; d++) {
        for (let h = 0; h < iH; h++) {
          for (let w = 0; w < iW; w++) {
            let sum = 0;
            for (let td = axisD.first[d], od = axisD.at[d]; td < axisD.end[d]; td += axisD.tapStep, od += axisD.step) {
              for (let th = axisH.first[h], oh = axisH.at[h]; th < axisH.end[h]; th += axisH.tapStep, oh += axisH.step) {
                for (let tw = axisW.first[w], ow = axisW.at[w]; tw < axisW.end[w]; tw += axisW.tapStep, ow += axisW.step) {
                  sum += view[source + (od * oH + oh) * oW + ow] / (divisor || sizeD[od] * sizeH[oh] * sizeW[ow]);
                }
              }
            }
            view[element++] = sum;
          }
        }
      }
    }
  });
