/** Cases of differentiable operations: reductions. */
import { max, mean, min, prod, sum, variance } from '../../autograd/index.js';
import { over, type GradientCase } from './gradientCase.js';

export const reduceCases: readonly GradientCase[] = [
  over('sum of all', [2, 3], (x) => sum(x)), over('sum of the outer axes', [2, 3, 4], (x) => sum(x, [0, 2])), over('mean', [2, 3, 4], (x) => mean(x, 1, true)),
  over('variance', [3, 4], (x) => variance(x, 1)), over('biased variance', [3, 4], (x) => variance(x, [0, 1], { correction: 0 })), over('prod', [2, 4], (x) => prod(x, 1)),
  over('max of all', [2, 4], (x) => max(x), { domain: 'distinct' }), over('max along an axis', [3, 4], (x) => max(x, 1).values, { domain: 'distinct' }), over('min along an axis', [3, 4], (x) => min(x, 0, true).values, { domain: 'distinct' }),
];
