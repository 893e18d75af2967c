/** Spatial axes of convolutions as plain integers: where windows stand and which taps they have. No data is touched here. */
import type { ConvGeometry } from '../../src/backend/index.js';

/**
 * Position j and tap t meet source index start + j·step + taps[t]; outside 0 … size − 1 the source is 0. Position j is output
 * index first + j·jump. Tap t is number kernelTaps[t] of the kernel's axis.
 */
export interface Axis {
  readonly size: number;
  readonly count: number;
  readonly start: number;
  readonly step: number;
  readonly taps: readonly number[];
  readonly kernelTaps: readonly number[];
  /** Extremes of `taps`, 0 when there are none. */
  readonly least: number;
  readonly most: number;
  readonly first: number;
  readonly jump: number;
}

export type Axes = readonly [d: Axis, h: Axis, w: Axis];

const axis = (given: Omit<Axis, 'least' | 'most'>): Axis =>
  ({ ...given, least: given.taps.length ? Math.min(...given.taps) : 0, most: given.taps.length ? Math.max(...given.taps) : 0 });

const forwardAxis = (size: number, kernel: number, count: number, stride: number, pad: number, dilation: number): Axis => axis({
  size, count, start: -pad, step: stride, first: 0, jump: 1,
  taps: Array.from({ length: kernel }, (_, k) => k * dilation), kernelTaps: Array.from({ length: kernel }, (_, k) => k),
});

/** The windows that a convolution slides over its input. */
export function forwardAxes([, , , , iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW, dD, dH, dW]: ConvGeometry): Axes {
  return [forwardAxis(iD, kD, oD, sD, pD, dD), forwardAxis(iH, kH, oH, sH, pH, dH), forwardAxis(iW, kW, oW, sW, pW, dW)];
}

/**
 * Input index i takes part in output o = (i + pad − k·dilation) / stride where that is whole. The indices with the same
 * remainder modulo the stride share their taps, and for them o steps by one: each remainder is a correlation of stride 1.
 */
function inverse(size: number, kernel: number, outputs: number, stride: number, pad: number, dilation: number): Axis[] {
  return Array.from({ length: Math.min(stride, size) }, (_, first): Axis => {
    const kernelTaps = Array.from({ length: kernel }, (_k, k) => k).filter((k) => (first + pad - k * dilation) % stride === 0);
    return axis({
      size: outputs, count: Math.ceil((size - first) / stride), start: 0, step: 1, first, jump: stride,
      taps: kernelTaps.map((k) => (first + pad - k * dilation) / stride), kernelTaps,
    });
  });
}

/** The correlations over the output that an input gradient consists of. */
export function inverseAxes([, , , , iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW, dD, dH, dW]: ConvGeometry): Axes[] {
  return inverse(iD, kD, oD, sD, pD, dD).flatMap((d) => inverse(iH, kH, oH, sH, pH, dH).flatMap((h) => inverse(iW, kW, oW, sW, pW, dW).map((w): Axes => [d, h, w])));
}

/** Planes whose windows are single pixels, each where it comes from, are one long row: longer tiles, and no halo. */
export function flatten(axes: Axes): Axes {
  const plain = axes.every(({ size, count, start, step, taps, jump }) => taps.length === 1 && start + taps[0] === 0 && step === 1 && jump === 1 && size === count);
  if (!plain) return axes;
  const size = axes.reduce((product, { count }) => product * count, 1);
  const one = { ...axes[0], size: 1, count: 1 };
  return [one, one, { ...axes[2], size, count: size }];
}
