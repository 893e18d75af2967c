/** Cases of differentiable operations: matrix products. */
import { linear, matmul } from '../../autograd/index.js';
import { bilinear } from '../../nn/functional/index.js';
import { pair, type GradientCase } from './gradientCase.js';

export const matmulCases: readonly GradientCase[] = [
  pair('matmul', [3, 4], [4, 2], matmul), pair('matmul, vector', [4], [4, 3], matmul), pair('matmul, batches repeated', [2, 1, 3, 4], [3, 4, 2], matmul), pair('matmul, batches', [2, 3, 4], [2, 4, 2], matmul),
  { name: 'linear', inputs: [[3, 4], [2, 4], [2]], run: ([x, w, b]) => linear(x, w, b) }, pair('linear without bias', [2, 3, 4], [5, 4], (x, w) => linear(x, w)),
  { name: 'bilinear', inputs: [[2, 2, 3], [2, 2, 2], [2, 3, 2], [2]], run: ([a, b, w, c]) => bilinear(a, b, w, c) },
];
