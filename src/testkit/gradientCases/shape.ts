/** Cases of differentiable operations: changes of shape and slices. */
import { cat, chunk, expand, flatten, mul, narrow, permute, reshape, select, slice, split, stack, transpose } from '../../autograd/index.js';
import { over, pair, type GradientCase } from './gradientCase.js';

export const shapeCases: readonly GradientCase[] = [
  over('reshape', [2, 6], (x) => reshape(x, [3, 4])), over('flatten', [2, 3, 2], (x) => flatten(x, 1)), over('permute', [2, 3, 4], (x) => permute(x, [2, 0, 1])), over('transpose', [2, 3], (x) => transpose(x, 0, 1)),
  over('expand', [3, 1], (x) => expand(x, [2, 3, 4])), pair('cat', [2, 3], [2, 1], (a, b) => cat([a, b, a], 1)), pair('stack', [2, 3], [2, 3], (a, b) => stack([a, b], -1)),
  over('split', [5, 2], (x) => split(x, 2)), over('chunk', [2, 5], (x) => chunk(x, 2, 1)), over('narrow', [2, 5], (x) => narrow(x, 1, 1, 3)), over('select', [3, 4], (x) => select(x, 1, 2)),
  over('slice', [6, 5], (x) => slice(x, [4, null, -2], [null, null, 2])), over('slice by an integer', [3, 4], (x) => slice(x, 1, [1, 3])),
  pair('set_', [4, 5], [2, 1], (x, v) => mul(x, 2).set_([[1, 3], [0, 4, 2]], v)),
];
