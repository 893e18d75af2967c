/** Cases of differentiable operations: selections by index and mask. */
import { gather, indexAdd, indexSelect, maskedFill, where } from '../../autograd/index.js';
import { embedding } from '../../nn/functional/index.js';
import { type GradientCase } from './gradientCase.js';

export const indexingCases: readonly GradientCase[] = [
  { name: 'indexSelect', inputs: [[4, 3]], run: ([x], whole) => indexSelect(x, 0, whole([3, 1, 1])) },
  { name: 'gather', inputs: [[3, 4]], run: ([x], whole) => gather(x, 1, whole([0, 3, 3, 1, 2, 2], [3, 2])) },
  { name: 'embedding', inputs: [[4, 3]], run: ([w], whole) => embedding(whole([3, 0, 3, 1], [2, 2]), w) },
  { name: 'indexAdd', inputs: [[4, 2], [3, 2]], run: ([x, s], whole) => indexAdd(x, 0, whole([1, 3, 1]), s, { alpha: 2 }) },
  { name: 'where', inputs: [[2, 3], [3]], run: ([a, b], whole) => where(whole([1, 0, 1, 0, 0, 1], [2, 3]).to('bool'), a, b) },
  { name: 'maskedFill', inputs: [[2, 3]], run: ([x], whole) => maskedFill(x, whole([1, 0, 1], [1, 3]).to('bool'), 7) },
];
