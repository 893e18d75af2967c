/** Cases of differentiable operations: selections by index and mask. */
import { gather, index, indexAdd, indexPut, indexSelect, maskedFill, maskedSelect, mul, scatter, scatterAdd, takeAlongDim, where } from '../../autograd/index.js';
import { embedding } from '../../nn/functional/index.js';
import { type GradientCase } from './gradientCase.js';

export const indexingCases: readonly GradientCase[] = [
  { name: 'indexSelect', inputs: [[4, 3]], run: ([x], whole) => indexSelect(x, 0, whole([3, 1, 1])) },
  { name: 'gather', inputs: [[3, 4]], run: ([x], whole) => gather(x, 1, whole([0, 3, 3, 1, 2, 2], [3, 2])) },
  { name: 'embedding', inputs: [[4, 3]], run: ([w], whole) => embedding(whole([3, 0, 3, 1], [2, 2]), w) },
  { name: 'indexAdd', inputs: [[4, 2], [3, 2]], run: ([x, s], whole) => indexAdd(x, 0, whole([1, 3, 1]), s, { alpha: 2 }) },
  { name: 'where', inputs: [[2, 3], [3]], run: ([a, b], whole) => where(whole([1, 0, 1, 0, 0, 1], [2, 3]).to('bool'), a, b) },
  { name: 'maskedFill', inputs: [[2, 3]], run: ([x], whole) => maskedFill(x, whole([1, 0, 1], [1, 3]).to('bool'), 7) },
  { name: 'scatter, a position twice', inputs: [[2, 4], [2, 3]], run: ([x, s], whole) => scatter(x, 1, whole([0, 3, 3, 1, 2, 0], [2, 3]), s) },
  { name: 'scatter, a smaller part', inputs: [[3, 4], [3, 3]], run: ([x, s], whole) => scatter(x, 0, whole([2, 0], [1, 2]), s) },
  { name: 'scatterAdd', inputs: [[2, 4], [3, 3]], run: ([x, s], whole) => scatterAdd(x, 0, whole([1, 0, 1, 1, 1, 0], [3, 2]), s) },
  { name: 'scatter_', inputs: [[2, 3], [2, 1]], run: ([x, s], whole) => mul(x, 2).scatter_(1, whole([2, 0], [2, 1]), s) },
  { name: 'takeAlongDim', inputs: [[1, 4]], run: ([x], whole) => takeAlongDim(x, whole([0, 3, 3, 1], [2, 2]), 1) },
  { name: 'maskedSelect', inputs: [[2, 3]], run: ([x], whole) => maskedSelect(x, whole([1, 0, 1]).to('bool')) },
  { name: 'index, positions apart', inputs: [[3, 2, 4]], run: ([x], whole) => index(x, whole([2, 0, 2]), null, whole([-1, 1, 1])) },
  { name: 'index, a mask', inputs: [[3, 4]], run: ([x], whole) => index(x, [1, null], whole([1, 0, 0, 1]).to('bool')) },
  { name: 'indexPut', inputs: [[3, 4], [2, 1]], run: ([x, v], whole) => indexPut(x, [null, whole([3, 0])], v.reshape([2])) },
  { name: 'indexPut, accumulated', inputs: [[3, 4], [3]], run: ([x, v], whole) => indexPut(x, [whole([1, 1, 0]), whole([2, 2, 0])], v, { accumulate: true }) },
];
