/** Cases of differentiable operations: convolutions and padding. */
import { convRelu, convRelu6 } from '../../autograd/index.js';
import { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, convTranspose3d, corr2d, pad } from '../../nn/functional/index.js';
import { convolve } from '../../nn/functional/conv.js';
import type { Tensor } from '../../tensor/index.js';
import { FUSED, over, pair, type GradientCase } from './gradientCase.js';

export const convCases: readonly GradientCase[] = [
  ...[{}, { stride: 2, padding: 1 }, { stride: [2, 1], padding: [1, 2], dilation: [1, 2] }].map((options) => ({
    name: `conv2d ${JSON.stringify(options)}`, inputs: [[2, 2, 5, 4], [3, 2, 3, 2], [3]], run: ([x, w, b]: readonly Tensor[]) => conv2d(x, w, b, options), ...FUSED,
  })),
  pair('conv2d in groups', [2, 4, 4, 5], [6, 2, 2, 3], (x, w) => conv2d(x, w, null, { groups: 2, padding: 'same' }), FUSED),
  pair('conv2d of every channel', [1, 3, 5, 4], [3, 1, 3, 3], (x, w) => conv2d(x, w, null, { groups: 3, stride: 2, padding: 1 }), FUSED),
  ...(['reflect', 'replicate', 'circular'] as const).map((paddingMode) => pair(`conv2d, ${paddingMode} padding`, [1, 2, 4, 5], [2, 2, 3, 3], (x, w) => conv2d(x, w, null, { padding: 1, paddingMode }), FUSED)),
  { name: 'convRelu', inputs: [[2, 2, 5, 4], [3, 2, 3, 2], [3]], run: ([x, w, b]) => convolve('conv2d', 2, x, w, b, { stride: [2, 1], padding: 1 }, convRelu), ...FUSED },
  { name: 'convRelu6', inputs: [[2, 2, 5, 4], [3, 2, 3, 2], [3]], run: ([x, w, b]) => convolve('conv2d', 2, x.mul(4), w, b, { stride: [2, 1], padding: 1 }, convRelu6), ...FUSED },
  pair('convRelu in groups, without bias', [1, 4, 5, 4], [4, 2, 2, 3], (x, w) => convolve('conv2d', 2, x, w, null, { groups: 2 }, convRelu), FUSED),
  pair('conv1d', [2, 3, 8], [2, 3, 3], (x, w) => conv1d(x, w, null, { stride: 2, padding: 2 }), FUSED), pair('conv3d', [1, 2, 3, 4, 3], [2, 2, 2, 2, 2], (x, w) => conv3d(x, w, null, { padding: [1, 0, 1] }), FUSED),
  {
    name: 'convTranspose2d', inputs: [[2, 3, 3, 2], [3, 2, 3, 2], [2]],
    run: ([x, w, b]) => convTranspose2d(x, w, b, { stride: [2, 3], padding: [1, 0], outputPadding: [1, 2] }), ...FUSED,
  },
  pair('convTranspose2d in groups, of a size', [1, 4, 3, 3], [4, 2, 2, 3], (x, w) => convTranspose2d(x, w, null, { groups: 2, stride: 2, outputSize: [7, 8] }), FUSED),
  pair('convTranspose1d', [3, 5], [3, 2, 3], (x, w) => convTranspose1d(x, w, null, { dilation: 2, padding: 1 }), FUSED),
  pair('convTranspose3d', [1, 2, 2, 3, 2], [2, 1, 2, 1, 2], (x, w) => convTranspose3d(x, w, null, { stride: [1, 2, 1] }), FUSED),
  pair('corr2d', [3, 4], [2, 2], corr2d, FUSED),
  over('pad', [2, 3, 4], (x) => pad(x, [1, 2, -1, 1], { value: 3 })),
];
