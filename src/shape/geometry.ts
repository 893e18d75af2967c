/**
 * The numbers that describe a window sliding over an image, in the order in which kernels get them: conv.ts and pool.ts compute
 * them, the contract's ops end with them.
 */

/** Numbers of one to three spatial axes as three; `fill` is what an axis has that is not there. */
export const three = (list: readonly number[], fill: number): [number, number, number] =>
  [...new Array<number>(3 - list.length).fill(fill), ...list] as [number, number, number];

/** Geometry of a convolution in three spatial dimensions; 2d has depth 1, 1d has depth and height 1. Pads are those in front. */
export type ConvGeometry = [
  n: number, groups: number, cin: number, cout: number,
  iD: number, iH: number, iW: number, kD: number, kH: number, kW: number, oD: number, oH: number, oW: number,
  sD: number, sH: number, sW: number, pD: number, pH: number, pW: number, dD: number, dH: number, dW: number,
];

/** Geometry of a pooling window in three spatial dimensions; `nc` planes are pooled each for itself. */
export type PoolGeometry = [
  nc: number,
  iD: number, iH: number, iW: number, kD: number, kH: number, kW: number, oD: number, oH: number, oW: number,
  sD: number, sH: number, sW: number, pD: number, pH: number, pW: number, dD: number, dH: number, dW: number,
];
