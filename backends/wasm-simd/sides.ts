/** The two directions in which a convolution's kernels slide: over its input, and over its output for the input gradient. */
import type { ConvGeometry } from '../../src/backend/index.js';
import { forwardAxes, inverseAxes, type Axes } from './axes.js';

/** What is slid over and what is written: channels and rows per group, strides of the weights, in elements. */
export interface Sides {
  readonly sets: readonly Axes[];
  readonly channels: number;
  readonly rows: number;
  readonly rowStride: number;
  readonly channelStride: number;
  readonly out: readonly [d: number, h: number, w: number];
}

export const forwardSides = (geometry: ConvGeometry): Sides => {
  const [, groups, cin, cout, , , , kD, kH, kW, oD, oH, oW] = geometry;
  const taps = kD * kH * kW;
  return { sets: [forwardAxes(geometry)], channels: cin / groups, rows: cout / groups, rowStride: (cin / groups) * taps, channelStride: taps, out: [oD, oH, oW] };
};
export const inverseSides = (geometry: ConvGeometry): Sides => {
  const [, groups, cin, cout, iD, iH, iW, kD, kH, kW] = geometry;
  const taps = kD * kH * kW;
  return { sets: inverseAxes(geometry), channels: cout / groups, rows: cin / groups, rowStride: taps, channelStride: (cin / groups) * taps, out: [iD, iH, iW] };
};

/** Elements of a convolution's output, input and weights. */
export const outputsOf = ([n, , , cout, , , , , , , oD, oH, oW]: ConvGeometry): number => n * cout * oD * oH * oW;
export const inputsOf = ([n, , cin, , iD, iH, iW]: ConvGeometry): number => n * cin * iD * iH * iW;
export const weightsOf = ([, groups, cin, cout, , , , kD, kH, kW]: ConvGeometry): number => cout * (cin / groups) * kD * kH * kW;

/** The ops that are a convolution's forward pass. */
export type Forward = 'conv' | 'convRelu' | 'convRelu6';

/** What an op's results are limited to, from 0 on; 0 where they are not. */
export const limitOf = (op: string): number => (op === 'convRelu' ? Infinity : op === 'convRelu6' ? 6 : 0);
