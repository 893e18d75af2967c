/** Cases of differentiable operations: pooling. */
import { avgPool1d, avgPool2d, avgPool3d, maxPool1d, maxPool2d, maxPool3d } from '../../nn/functional/index.js';
import { maxPoolRelu2d } from '../../nn/functional/pool.js';
import { FUSED, image, over, type GradientCase } from './gradientCase.js';

export const poolCases: readonly GradientCase[] = [
  over('maxPool2d', image, (x) => maxPool2d(x, 2), { domain: 'distinct', fused: true }), over('maxPool2d, overlapping', image, (x) => maxPool2d(x, [3, 2], { stride: [2, 1], padding: 1, ceilMode: true }), { domain: 'distinct', fused: true }),
  over('maxPool2d, dilated', image, (x) => maxPool2d(x, 2, { stride: 1, dilation: [3, 2] }), { domain: 'distinct', fused: true }),
  over('maxPool2d with relu', image, (x) => maxPoolRelu2d(x.sub(0.5), [3, 2], { stride: [2, 1], padding: 1 }), { domain: 'distinct', fused: true }),
  over('maxPool1d', [2, 3, 9], (x) => maxPool1d(x, 4, { stride: 3 }), { domain: 'distinct', fused: true }), over('maxPool3d', [1, 2, 4, 3, 5], (x) => maxPool3d(x, 2, { padding: 1 }), { domain: 'distinct', fused: true }),
  over('avgPool2d', image, (x) => avgPool2d(x, 2), FUSED), over('avgPool2d, overlapping', image, (x) => avgPool2d(x, 3, { stride: 2, padding: 1, ceilMode: true }), FUSED),
  over('avgPool2d without padding', image, (x) => avgPool2d(x, [2, 3], { padding: 1, countIncludePad: false }), FUSED), over('avgPool2d, divisor', image, (x) => avgPool2d(x, 2, { divisorOverride: 3 }), FUSED),
  over('avgPool1d', [2, 3, 9], (x) => avgPool1d(x, 4, { stride: 3 }), FUSED), over('avgPool3d', [1, 2, 4, 3, 5], (x) => avgPool3d(x, 2, { padding: 1 }), FUSED),
];
