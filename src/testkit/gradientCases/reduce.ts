/** Cases of differentiable operations: reductions. */
import { amax, amin, logsumexp, max, mean, min, nansum, prod, std, sum, sumTo, variance, vectorNorm } from '../../autograd/index.js';
import { over, type GradientCase } from './gradientCase.js';

export const reduceCases: readonly GradientCase[] = [
  over('sum of all', [2, 3], (x) => sum(x)), over('sum of the outer axes', [2, 3, 4], (x) => sum(x, [0, 2])), over('mean', [2, 3, 4], (x) => mean(x, 1, true)),
  over('variance', [3, 4], (x) => variance(x, 1)), over('variance, biased', [3, 4], (x) => variance(x, [0, 1], { correction: 0 })), over('prod', [2, 4], (x) => prod(x, 1)),
  over('max of all', [2, 4], (x) => max(x), { domain: 'distinct' }), over('max along an axis', [3, 4], (x) => max(x, 1).values, { domain: 'distinct' }), over('min along an axis', [3, 4], (x) => min(x, 0, true).values, { domain: 'distinct' }),
  over('std', [3, 4], (x) => std(x, 1)), over('amax', [2, 3, 2], (x) => amax(x, [0, 2]), { domain: 'distinct' }), over('amin', [2, 4], (x) => amin(x), { domain: 'distinct' }),
  over('logsumexp', [2, 3, 2], (x) => logsumexp(x, [0, 2], true)), over('nansum', [2, 3], (x) => nansum(x, 0)), over('sumTo', [2, 3, 4], (x) => sumTo(x, [3, 1])),
  ...[2, 1, 3, 0.5, -1, Infinity].map((p) => over(`vectorNorm of order ${p}`, [2, 4], (x) => vectorNorm(x, p, 1), { domain: 'positive' })),
  over('vectorNorm of order 0', [5], (x) => vectorNorm(x, 0), { twice: false }),
];
