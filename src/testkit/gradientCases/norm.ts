/** Cases of differentiable operations: normalisation. */
import { channelStatistics, noGrad, normOverBatch, normWithStatistics } from '../../autograd/index.js';
import { batchNorm, groupNorm, instanceNorm, layerNorm, localResponseNorm, normalize } from '../../nn/functional/index.js';
import type { Tensor } from '../../tensor/index.js';
import { FUSED, over, type GradientCase } from './gradientCase.js';

/** Statistics of a batch as the layer hands them on. */
const overBatch = (x: Tensor, weight: Tensor): Tensor => {
  const { mean: centre, variance: spread } = noGrad(() => channelStatistics(x));
  return normOverBatch(x, centre, spread, weight, null, 1e-5);
};
const fixed = (x: Tensor, value: number): Tensor => noGrad(() => x.detach().sum([0, 2]).mul(0).add(value));

export const normCases: readonly GradientCase[] = [
  { name: 'batchNorm in training', inputs: [[3, 2, 1, 3], [2], [2]], run: ([x, w, b]) => batchNorm(x, null, null, w, b, { training: true }), ...FUSED },
  over('batchNorm in training, plain', [5, 3], (x) => batchNorm(x, null, null, null, null, { training: true }), FUSED),
  { name: 'batchNorm with only a weight', inputs: [[4, 2, 3], [2]], run: ([x, w]) => overBatch(x, w), ...FUSED },
  { name: 'batchNorm in evaluation', inputs: [[3, 2, 4], [2], [2]], run: ([x, w, b]) => normWithStatistics(x, fixed(x, 0.3), fixed(x, 1.7), w, b, 1e-5) },
  { name: 'layerNorm', inputs: [[2, 3, 4], [3, 4], [3, 4]], run: ([x, w, b]) => layerNorm(x, [3, 4], w, b), ...FUSED },
  over('layerNorm, plain', [4, 3], (x) => layerNorm(x, 3), FUSED),
  { name: 'groupNorm', inputs: [[2, 4, 3], [4], [4]], run: ([x, w, b]) => groupNorm(x, 2, w, b, { eps: 0.01 }), ...FUSED },
  { name: 'instanceNorm', inputs: [[2, 2, 2, 2], [2], [2]], run: ([x, w, b]) => instanceNorm(x, null, null, w, b), ...FUSED },
  over('localResponseNorm', [2, 4, 3], (x) => localResponseNorm(x, 3, { alpha: 0.5, k: 2 })),
  over('normalize', [3, 4], (x) => normalize(x, { p: 3 })), over('normalize, over all', [3, 2], (x) => normalize(x, { dim: null })),
];
