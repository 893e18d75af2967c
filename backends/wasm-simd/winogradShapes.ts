/** Which convolutions Winograd's algorithm serves: by shape and precision alone, so that bits do not depend on threads. */
import type { ConvGeometry, Precision } from '../../src/backend/index.js';

export type WinogradOp = 'conv' | 'convGradInput' | 'convGradWeight';

/** Whether the algorithm can do it: a plane, stride 1, no dilation, 3 × 3 or 5 × 5, and something to compute. */
export function feasible([n, , , , iD, , , kD, kH, kW, oD, oH, oW, , sH, sW, pD, , , , dH, dW]: ConvGeometry): boolean {
  return iD === 1 && kD === 1 && oD === 1 && pD === 0 && kH === kW && (kH === 3 || kH === 5) && sH === 1 && sW === 1 && dH === 1 && dW === 1 && n * oH * oW > 0;
}

export function usesWinograd(op: WinogradOp, geometry: ConvGeometry, precision: Precision): boolean {
  return feasible(geometry) && op !== 'conv' && precision === 'fast' && false;
}
