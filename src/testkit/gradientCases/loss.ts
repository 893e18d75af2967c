/** Cases of differentiable operations: losses. */
import { crossEntropy, mseLoss, nllLoss } from '../../nn/functional/index.js';
import { pair, type GradientCase } from './gradientCase.js';

export const lossCases: readonly GradientCase[] = [
  { name: 'crossEntropy', inputs: [[4, 3]], run: ([x], whole) => crossEntropy(x, whole([2, 0, 1, 1])) },
  { name: 'crossEntropy, smoothed, one ignored', inputs: [[4, 3]], run: ([x], whole) => crossEntropy(x, whole([2, 0, -100, 1]), { labelSmoothing: 0.1, weight: whole([1, 2, 3]).to(x.dtype) }) },
  pair('crossEntropy of probabilities', [2, 3], [2, 3], (x, t) => crossEntropy(x, t), { domain: 'positive' }),
  { name: 'nllLoss', inputs: [[3, 4]], run: ([x], whole) => nllLoss(x, whole([3, 0, 2]), { reduction: 'sum' }) },
  pair('mseLoss', [2, 3], [2, 3], (x, t) => mseLoss(x, t)),
];
