/** Cases of differentiable operations: functions of single elements. */
import { abs, add, clamp, cos, div, erf, exp, leakyRelu, log, logSoftmax, maximum, minimum, mul, neg, pow, reciprocal, relu, sigmoid, sin, softmax, softplus, sqrt, square, sub, tanh } from '../../autograd/index.js';
import { FUSED, over, pair, type GradientCase } from './gradientCase.js';

export const elementwiseCases: readonly GradientCase[] = [
  pair('add, broadcast', [2, 3], [3], add), pair('sub, broadcast', [2, 1], [1, 3], sub), pair('mul, broadcast', [2, 3], [2, 1], mul), pair('div, broadcast', [2, 3], [3], div, { domain: 'positive' }),
  pair('pow', [2, 3], [3], pow, { domain: 'positive' }), over('pow with a number', [5], (x) => pow(x, 3)), over('pow of a number', [5], (x) => pow(2, x)),
  pair('maximum', [2, 3], [2, 3], maximum, { domain: 'distinct' }), pair('minimum', [2, 3], [3], minimum, { domain: 'distinct' }),
  over('sub, a number less a tensor', [4], (x) => sub(1, x)), over('div, a number over a tensor', [4], (x) => div(2, x), { domain: 'positive' }),

  over('neg', [5], neg), over('abs', [5], abs), over('exp', [5], exp), over('log', [5], log, { domain: 'positive' }), over('sqrt', [5], sqrt, { domain: 'positive' }),
  over('sin', [5], sin), over('cos', [5], cos), over('erf', [5], erf), over('square', [5], square), over('reciprocal', [5], reciprocal, { domain: 'positive' }),
  over('clamp', [7], (x) => clamp(x, -0.7, 0.9)), over('softplus', [7], (x) => softplus(x)),
  over('relu', [7], relu, FUSED), over('leakyRelu', [7], (x) => leakyRelu(x, 0.2), FUSED), over('leakyRelu, negative slope', [7], (x) => leakyRelu(x, -0.5), FUSED),
  over('tanh', [7], tanh, FUSED), over('sigmoid', [7], sigmoid, FUSED),
  ...[0, 1, -1].map((dim) => over(`softmax along ${dim}`, [3, 4, 2], (x) => softmax(x, dim), FUSED)),
  ...[0, 1, -1].map((dim) => over(`logSoftmax along ${dim}`, [3, 4, 2], (x) => logSoftmax(x, dim), FUSED)),
];
