/** Cases of differentiable operations: activations and dropouts of nn, with bounds that no sample is near. */
import { createRng, type Rng } from '../../backend/index.js';
import {
  alphaDropout, celu, dropout, dropout1d, dropout2d, dropout3d, elu, featureAlphaDropout, gelu, glu, hardshrink, hardsigmoid, hardswish, hardtanh, logSigmoid, mish, prelu, relu6,
  rrelu, selu, silu, softmin, softshrink, softsign, tanhshrink, threshold,
} from '../../nn/functional/index.js';
import { over, pair, type GradientCase } from './gradientCase.js';

/** The same numbers for every call: central differences compare calls. */
const fixed = (): Rng => createRng(5);

export const activationCases: readonly GradientCase[] = [
  over('elu', [7], (x) => elu(x)), over('elu, alpha 0.4', [7], (x) => elu(x, 0.4)), over('selu', [7], selu),
  over('celu', [7], (x) => celu(x)), over('celu, alpha 2.5', [7], (x) => celu(x, 2.5)), over('celu, negative alpha', [7], (x) => celu(x, -0.6)),
  over('gelu', [7], (x) => gelu(x)), over('gelu by tanh', [7], (x) => gelu(x, 'tanh')), over('silu', [7], silu), over('mish', [7], mish),
  over('logSigmoid', [7], logSigmoid), over('softsign', [7], softsign), over('tanhshrink', [7], tanhshrink), over('softmin', [3, 4], (x) => softmin(x, 1)),
  over('glu', [2, 4, 3], (x) => glu(x, 1)),
  over('hardtanh', [7], (x) => hardtanh(x, -0.7, 0.9)), over('relu6', [7], (x) => relu6(x.mul(9))), over('hardsigmoid', [7], (x) => hardsigmoid(x.mul(4))),
  over('hardswish', [9], (x) => hardswish(x.mul(4))), over('hardshrink', [7], (x) => hardshrink(x, 0.6)), over('softshrink', [7], (x) => softshrink(x, 0.6)),
  over('threshold', [7], (x) => threshold(x, 0.4, 3)),
  pair('prelu, one weight', [2, 3, 2], [1], prelu), pair('prelu by channels', [2, 3, 2], [3], prelu), pair('prelu without channels', [4], [1], prelu),
  over('rrelu', [7], (x) => rrelu(x, 0.1, 0.3)), over('rrelu in training', [7], (x) => rrelu(x, 0.1, 0.3, { training: true, rng: fixed() })),
  over('dropout', [9], (x) => dropout(x, { p: 0.3, rng: fixed() })), over('dropout2d', [2, 3, 2, 1], (x) => dropout2d(x, { p: 0.4, rng: fixed() })),
  over('dropout1d', [2, 3, 2], (x) => dropout1d(x, { p: 0.4, rng: fixed() })), over('dropout3d', [2, 3, 1, 2, 1], (x) => dropout3d(x, { p: 0.4, rng: fixed() })),
  over('alphaDropout', [9], (x) => alphaDropout(x, { p: 0.3, rng: fixed() })), over('featureAlphaDropout', [3, 2, 2], (x) => featureAlphaDropout(x, { p: 0.4, rng: fixed() })),
];
