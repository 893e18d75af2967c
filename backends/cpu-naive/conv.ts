/**
 * Convolution and its two gradients: one loop, told by three tables of window positions which of the three tensors slides over
 * which. Sums run over channels or images first, then over depth, height and width.
 */
import type { ConvGeometry, Kernel, OpArgs, TypedArray } from '../../src/backend/index.js';
import { each, type Store } from './loops.js';
import { covering, sliding, type Axis } from './window.js';

type Extent = readonly [d: number, h: number, w: number];
type Axes = readonly [d: Axis, h: Axis, w: Axis];

/** A row of planes in the heap: where the first begins, how far they lie apart, and what one plane's extent is. */
interface Planes {
  readonly at: number;
  readonly apart: number;
  readonly extent: Extent;
}

/** For every position of the plane at `target`: initial + Σ over pairs of planes, Σ over the taps that count, of source · tap; limited to `least` … `most`. */
function correlate(
  view: TypedArray, target: number, extent: Extent, [axisD, axisH, axisW]: Axes,
  source: Planes, taps: Planes, planes: number, initial: number, least = -Infinity, most = Infinity,
): void {
  const [, sourceH, sourceW] = source.extent;
  const [, tapsH, tapsW] = taps.extent;
  const { tapStep: tapStepD, step: stepD } = axisD;
  const { tapStep: tapStepH, step: stepH } = axisH;
  const { tapStep: tapStepW, step: stepW } = axisW;
  let element = target;
  for (let d = 0; d < extent[0]; d++) {
    const [firstD, endD, atD] = [axisD.first[d], axisD.end[d], axisD.at[d]];
    for (let h = 0; h < extent[1]; h++) {
      const [firstH, endH, atH] = [axisH.first[h], axisH.end[h], axisH.at[h]];
      for (let w = 0; w < extent[2]; w++) {
        const [firstW, endW, atW] = [axisW.first[w], axisW.end[w], axisW.at[w]];
        let sum = initial;
        for (let plane = 0; plane < planes; plane++) {
          const sourcePlane = source.at + plane * source.apart;
          const tapsPlane = taps.at + plane * taps.apart;
          for (let td = firstD, sd = atD; td < endD; td += tapStepD, sd += stepD) {
            for (let th = firstH, sh = atH; th < endH; th += tapStepH, sh += stepH) {
              const sourceRow = sourcePlane + (sd * sourceH + sh) * sourceW;
              const tapsRow = tapsPlane + (td * tapsH + th) * tapsW;
              for (let tw = firstW, sw = atW; tw < endW; tw += tapStepW, sw += stepW) {
                sum += view[sourceRow + sw] * view[tapsRow + tw];
              }
            }
          }
        }
        view[element++] = sum <= least ? least : sum > most ? most : sum;
      }
    }
  }
}

const size = ([d, h, w]: Extent): number => d * h * w;

/** The geometry with its triples gathered, and with the group that a channel belongs to. */
function geometry(args: ConvGeometry) {
  const [n, groups, cin, cout, iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW, dD, dH, dW] = args;
  const triples = {
    input: [iD, iH, iW], kernel: [kD, kH, kW], output: [oD, oH, oW], stride: [sD, sH, sW], pad: [pD, pH, pW], dilation: [dD, dH, dW],
  } as const;
  return { n, cin, cout, cinGroup: cin / groups, coutGroup: cout / groups, ...triples };
}

const overAxes = (axis: (r: 0 | 1 | 2) => Axis): Axes => [axis(0), axis(1), axis(2)];

/** Output positions slide over the input; taps are the kernel. A piece is one (image, output channel) plane of y. */
const forward = (least: number, most: number) => (of: Store): Kernel<OpArgs['conv']> =>
  each(([, , , , n, , , cout]) => n * cout, (heap, [x, w, bias, y, ...rest], begin, end) => {
    const view = of.view(heap);
    const { cin, cout, cinGroup, coutGroup, input, kernel, output, stride, pad, dilation } = geometry(rest);
    const axes = overAxes((r) => sliding(output[r], stride[r], pad[r], kernel[r], dilation[r], input[r]));
    for (let piece = begin; piece < end; piece++) {
      const image = Math.floor(piece / cout);
      const o = piece - image * cout;
      const c = Math.floor(o / coutGroup) * cinGroup;
      const source = { at: (x >>> of.log2) + (image * cin + c) * size(input), apart: size(input), extent: input };
      const taps = { at: (w >>> of.log2) + o * cinGroup * size(kernel), apart: size(kernel), extent: kernel };
      const initial = bias === 0 ? 0 : view[(bias >>> of.log2) + o];
      correlate(view, (y >>> of.log2) + piece * size(output), output, axes, source, taps, cinGroup, initial, least, most);
    }
  });

export const conv = forward(-Infinity, Infinity);
export const convRelu = forward(0, Infinity);
export const convRelu6 = forward(0, 6);

/** Input positions look back at the outputs they went into; taps are the kernel. A piece is one (image, input channel) plane of gx. */
export const convGradInput = (of: Store): Kernel<OpArgs['convGradInput']> =>
  each(([, , , , n, , cin]) => n * cin, (heap, [g, w, bias, gx, ...rest], begin, end) => {
    const view = of.view(heap);
    const { cin, cout, cinGroup, coutGroup, input, kernel, output, stride, pad, dilation } = geometry(rest);
    const axes = overAxes((r) => covering(input[r], stride[r], pad[r], kernel[r], dilation[r], output[r]));
    for (let piece = begin; piece < end; piece++) {
      const image = Math.floor(piece / cin);
      const c = piece - image * cin;
      const o = Math.floor(c / cinGroup) * coutGroup;
      const source = { at: (g >>> of.log2) + (image * cout + o) * size(output), apart: size(output), extent: output };
      const slice = o * cinGroup + (c % cinGroup);
      const taps = { at: (w >>> of.log2) + slice * size(kernel), apart: cinGroup * size(kernel), extent: kernel };
      const initial = bias === 0 ? 0 : view[(bias >>> of.log2) + c];
      correlate(view, (gx >>> of.log2) + piece * size(input), input, axes, source, taps, coutGroup, initial);
    }
  });

/**
 * Kernel positions slide over the input, one dilation apart; taps are the output's gradient, one stride apart.
 * A piece is one filter slice: a pair of an output and an input channel.
 */
export const convGradWeight = (of: Store): Kernel<OpArgs['convGradWeight']> =>
  each(([, , , , groups, cin, cout]) => cout * (cin / groups), (heap, [x, g, gw, ...rest], begin, end) => {
    const view = of.view(heap);
    const { n, cin, cout, cinGroup, coutGroup, input, kernel, output, stride, pad, dilation } = geometry(rest);
    const axes = overAxes((r) => sliding(kernel[r], dilation[r], pad[r], output[r], stride[r], input[r]));
    for (let piece = begin; piece < end; piece++) {
      const o = Math.floor(piece / cinGroup);
      const c = Math.floor(o / coutGroup) * cinGroup + (piece - o * cinGroup);
      const source = { at: (x >>> of.log2) + c * size(input), apart: cin * size(input), extent: input };
      const taps = { at: (g >>> of.log2) + o * size(output), apart: cout * size(output), extent: output };
      correlate(view, (gw >>> of.log2) + piece * size(kernel), kernel, axes, source, taps, n, 0);
    }
  });
