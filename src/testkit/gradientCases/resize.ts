/** Cases of differentiable operations: resizing, pooling to a size and by norms, unpooling, columns of windows, shuffles. */
import {
  adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d, channelShuffle, fold, interpolate,
  lpPool1d, lpPool2d, lpPool3d, maxUnpool1d, maxUnpool2d, maxUnpool3d, pixelShuffle, pixelUnshuffle, unfold, type InterpolateOptions,
} from '../../nn/functional/index.js';
import { FUSED, image, over, type GradientCase } from './gradientCase.js';

const DISTINCT = { domain: 'distinct', fused: true } as const;
const POSITIVE = { domain: 'positive', fused: true } as const;
const line = [2, 2, 7];
const solid = [1, 2, 3, 4, 3];

const resized = (shape: readonly number[], options: InterpolateOptions): GradientCase => over(`interpolate ${JSON.stringify(options)}`, shape, (x) => interpolate(x, options));

export const resizeCases: readonly GradientCase[] = [
  resized(line, { size: 12 }), resized(line, { scaleFactor: 0.6, mode: 'linear' }), resized(line, { size: 4, mode: 'nearest-exact' }), resized(image, { scaleFactor: [2, 1.5] }),
  resized(image, { scaleFactor: 2, mode: 'bilinear' }), resized(image, { size: [4, 9], mode: 'bilinear', alignCorners: true }), resized(image, { scaleFactor: [1.7, 0.6], mode: 'bicubic' }),
  resized(image, { size: [3, 4], mode: 'bilinear', antialias: true }), resized(image, { size: 3, mode: 'bicubic', antialias: true }), resized(image, { size: 4, mode: 'area' }),
  resized(solid, { size: [5, 3, 4], mode: 'trilinear' }), resized(solid, { scaleFactor: 2 }),
  over('adaptiveAvgPool1d', line, (x) => adaptiveAvgPool1d(x, 3)), over('adaptiveAvgPool2d to one', image, (x) => adaptiveAvgPool2d(x, 1), FUSED),
  over('adaptiveAvgPool2d', image, (x) => adaptiveAvgPool2d(x, [3, null])), over('adaptiveAvgPool3d', solid, (x) => adaptiveAvgPool3d(x, [2, 3, 4])),
  over('adaptiveMaxPool1d', line, (x) => adaptiveMaxPool1d(x, 3), DISTINCT), over('adaptiveMaxPool2d', image, (x) => adaptiveMaxPool2d(x, [3, 4]), DISTINCT),
  over('adaptiveMaxPool2d, even windows', image, (x) => adaptiveMaxPool2d(x, [7, 3]), DISTINCT), over('adaptiveMaxPool3d', solid, (x) => adaptiveMaxPool3d(x, 2), DISTINCT),
  over('lpPool1d', line, (x) => lpPool1d(x, 2, 3, { stride: 2 }), FUSED), over('lpPool2d, third power', image, (x) => lpPool2d(x, 3, 2, { ceilMode: true }), POSITIVE), over('lpPool3d', solid, (x) => lpPool3d(x, 2, [2, 2, 1]), FUSED),
  { name: 'maxUnpool1d', inputs: [[1, 2, 3]], run: ([x], whole) => maxUnpool1d(x, whole([1, 2, 5, 0, 3, 4], [1, 2, 3]), 2) },
  { name: 'maxUnpool2d', inputs: [[2, 2, 2]], run: ([x], whole) => maxUnpool2d(x, whole([0, 3, 9, 13, 6, 2, 8, 15], [2, 2, 2]), 2, { outputSize: [4, 5] }) },
  { name: 'maxUnpool3d', inputs: [[1, 1, 2, 1]], run: ([x], whole) => maxUnpool3d(x, whole([5, 9], [1, 1, 2, 1]), 2) },
  over('unfold', image, (x) => unfold(x, [3, 2], { dilation: [2, 1], padding: [1, 2], stride: 2 })), over('fold', [2, 8, 12], (x) => fold(x, [5, 4], 2)),
  over('fold, padded', [8, 6], (x) => fold(x, [5, 6], [2, 4], { padding: 1, stride: [3, 2] })),
  over('pixelShuffle', [2, 8, 2, 3], (x) => pixelShuffle(x, 2)), over('pixelUnshuffle', [2, 4, 6], (x) => pixelUnshuffle(x, 2)), over('channelShuffle', [2, 6, 3], (x) => channelShuffle(x, 3)),
];
