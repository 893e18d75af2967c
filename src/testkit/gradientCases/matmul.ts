/** Cases of differentiable operations: matrix products. */
import { addmm, baddbmm, bmm, dot, einsum, linear, matmul, mm, mv, outer, tensordot } from '../../autograd/index.js';
import { bilinear } from '../../nn/functional/index.js';
import { over, pair, type GradientCase } from './gradientCase.js';

export const matmulCases: readonly GradientCase[] = [
  pair('matmul', [3, 4], [4, 2], matmul), pair('matmul, vector', [4], [4, 3], matmul), pair('matmul, batches repeated', [2, 1, 3, 4], [3, 4, 2], matmul), pair('matmul, batches', [2, 3, 4], [2, 4, 2], matmul),
  { name: 'linear', inputs: [[3, 4], [2, 4], [2]], run: ([x, w, b]) => linear(x, w, b) }, pair('linear without bias', [2, 3, 4], [5, 4], (x, w) => linear(x, w)),
  pair('mm', [2, 3], [3, 4], mm), pair('bmm', [2, 2, 3], [2, 3, 2], bmm), pair('mv', [2, 3], [3], mv), pair('dot', [4], [4], dot), pair('outer', [2], [3], outer),
  { name: 'addmm', inputs: [[4], [2, 3], [3, 4]], run: ([x, a, b]) => addmm(x, a, b, { beta: 0.5, alpha: 2 }) },
  { name: 'baddbmm', inputs: [[2, 1], [2, 2, 3], [2, 3, 2]], run: ([x, a, b]) => baddbmm(x, a, b) },
  pair('tensordot', [2, 3, 4], [4, 2, 3], (a, b) => tensordot(a, b, [[0, -1], [1, 0]])),
  pair('einsum of matrices, transposed', [4, 2], [3, 4], (a, b) => einsum('ki,jk->ij', a, b)), over('einsum of a diagonal', [3, 3, 2], (x) => einsum('iij->ji', x)),
  pair('einsum with an ellipsis', [2, 1, 2, 3], [3, 3, 2], (a, b) => einsum('...ij,...jk', a, b)), pair('einsum without a sum', [2, 3], [3], (a, b) => einsum('ij,j->ji', a, b)),
  { name: 'einsum of three', inputs: [[2, 3], [3, 2], [2, 4]], run: ([a, b, c]) => einsum('ij,jk,kl->il', a, b, c) },
  { name: 'bilinear', inputs: [[2, 2, 3], [2, 2, 2], [2, 3, 2], [2]], run: ([a, b, w, c]) => bilinear(a, b, w, c) },
];
