/** Cases of differentiable operations: losses. */
import {
  binaryCrossEntropy, binaryCrossEntropyWithLogits, cosineEmbeddingLoss, cosineSimilarity, crossEntropy, gaussianNllLoss, hingeEmbeddingLoss, huberLoss, klDiv,
  l1Loss, marginRankingLoss, mseLoss, multilabelSoftMarginLoss, multiMarginLoss, nllLoss, pairwiseDistance, poissonNllLoss, smoothL1Loss, softMarginLoss,
  tripletMarginLoss,
} from '../../nn/functional/index.js';
import type { Tensor } from '../../tensor/index.js';
import { pair, type GradientCase } from './gradientCase.js';

/** Probabilities between 0.2 and 0.8. */
const probability = (x: Tensor): Tensor => x.sigmoid().mul(0.6).add(0.2);

export const lossCases: readonly GradientCase[] = [
  { name: 'crossEntropy', inputs: [[4, 3]], run: ([x], whole) => crossEntropy(x, whole([2, 0, 1, 1])) },
  { name: 'crossEntropy, smoothed, one ignored', inputs: [[4, 3]], run: ([x], whole) => crossEntropy(x, whole([2, 0, -100, 1]), { labelSmoothing: 0.1, weight: whole([1, 2, 3]).to(x.dtype) }) },
  pair('crossEntropy of probabilities', [2, 3], [2, 3], (x, t) => crossEntropy(x, t), { domain: 'positive' }),
  { name: 'nllLoss', inputs: [[3, 4]], run: ([x], whole) => nllLoss(x, whole([3, 0, 2]), { reduction: 'sum' }) },
  pair('mseLoss', [2, 3], [2, 3], (x, t) => mseLoss(x, t)), pair('l1Loss', [2, 3], [2, 3], (x, t) => l1Loss(x, t), { domain: 'distinct' }),
  pair('huberLoss', [3, 4], [3, 4], (x, t) => huberLoss(x, t, { delta: 0.55 })), pair('smoothL1Loss', [3, 4], [3, 4], (x, t) => smoothL1Loss(x, t, { beta: 0.55, reduction: 'sum' })),
  pair('klDiv', [2, 3], [2, 3], (x, t) => klDiv(x, t, { reduction: 'batchmean' }), { domain: 'positive' }), pair('klDiv of logarithms', [2, 3], [2, 3], (x, t) => klDiv(x, t, { logTarget: true })),
  pair('poissonNllLoss', [2, 3], [2, 3], (x, t) => poissonNllLoss(x, t, { full: true }), { domain: 'positive' }),
  pair('poissonNllLoss of expectations', [2, 3], [2, 3], (x, t) => poissonNllLoss(x, t, { logInput: false }), { domain: 'positive' }),
  { name: 'gaussianNllLoss', inputs: [[2, 3], [2, 3], [2, 3]], domain: 'positive', run: ([x, t, v]) => gaussianNllLoss(x, t, v, { full: true }) },
  { name: 'gaussianNllLoss, one variance for a row', inputs: [[2, 3], [2, 3], [2]], domain: 'positive', run: ([x, t, v]) => gaussianNllLoss(x, t, v) },
  { name: 'binaryCrossEntropy', inputs: [[2, 3], [2, 3], [3]], run: ([x, t, w]) => binaryCrossEntropy(probability(x), probability(t), { weight: w }) },
  pair('binaryCrossEntropyWithLogits', [2, 3], [2, 3], (x, t) => binaryCrossEntropyWithLogits(x, t)),
  { name: 'binaryCrossEntropyWithLogits, weighted', inputs: [[2, 3], [2, 3], [2, 1], [3]], run: ([x, t, weight, posWeight]) => binaryCrossEntropyWithLogits(x, t, { weight, posWeight }) },
  pair('softMarginLoss', [2, 3], [2, 3], (x, t) => softMarginLoss(x, t)),
  { name: 'multilabelSoftMarginLoss', inputs: [[2, 3], [2, 3], [3]], run: ([x, t, weight]) => multilabelSoftMarginLoss(x, t, { weight }) },
  { name: 'hingeEmbeddingLoss', inputs: [[2, 3]], run: ([x], whole) => hingeEmbeddingLoss(x, whole([1, -1, 1, -1, -1, 1], [2, 3]), { margin: 0.35 }) },
  { name: 'marginRankingLoss', inputs: [[6], [6]], run: ([a, b], whole) => marginRankingLoss(a, b, whole([1, -1, 1, -1, -1, 1]), { margin: 0.35 }) },
  { name: 'cosineEmbeddingLoss', inputs: [[3, 4], [3, 4]], run: ([a, b], whole) => cosineEmbeddingLoss(a, b, whole([1, -1, -1]), { margin: -0.9 }) },
  // Distances have a kink where vectors meet, near which samples of one shape lie: one of them is turned round.
  ...[1, 2, 2.5, Infinity].map((p): GradientCase => ({ name: `tripletMarginLoss, p ${p}`, inputs: [[3, 4], [3, 4], [3, 4]], run: ([a, b, c]) => tripletMarginLoss(a, b.neg(), c.mul(0.3), { p, swap: true, margin: 3 }) })),
  { name: 'multiMarginLoss', inputs: [[3, 4], [4]], run: ([x, weight], whole) => multiMarginLoss(x, whole([3, 0, 2]), { weight, margin: 0.45 }) },
  { name: 'multiMarginLoss, squared', inputs: [[3, 4]], run: ([x], whole) => multiMarginLoss(x, whole([3, 0, 2]), { p: 2, margin: 0.45 }) },
  pair('cosineSimilarity', [2, 3, 2], [3, 1], (a, b) => cosineSimilarity(a, b)), pair('pairwiseDistance', [2, 3], [3], (a, b) => pairwiseDistance(a, b.neg(), { p: 3 })),
];
