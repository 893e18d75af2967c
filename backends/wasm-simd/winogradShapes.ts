/** Which convolutions Winograd's algorithm serves, and the kernels that choose. Shapes alone decide, so bits do not depend on threads. */
import type { ConvGeometry } from '../../src/backend/index.js';

/** 'high': only where every tolerance that the direct kernels keep is kept with a margin; 'fast': wherever it is faster. */
export type Precision = 'high' | 'fast';

/** Whether a geometry is one that the algorithm can do: a plane, stride 1, no dilation, 3 × 3 or 5 × 5. */
export function feasible([n, , , , iD, , , kD, kH, kW, oD, oH, oW, , sH, sW, pD, , , , dH, dW]: ConvGeometry): boolean {
  return n > 0 && iD === 1 && kD === 1 && oD === 1 && pD === 0 && kH === kW && (kH === 3 || kH === 5) && oH > 0 && oW > 0 && sH === 1 && sW === 1 && dH === 1 && dW === 1;
}
