/** Wrong calls of convolutions, transposed ones and linear layers. */
import { conv1d, conv2d, conv3d, convTranspose2d, linear, type Tensor } from '../../../dist/src/index.js';
import { wrong, type Family, type Place } from './wrongCall.js';

export function convolution({ nn }: Place): Family {
  const of = (...shape: number[]): Tensor => nn.ones(shape, { dtype: 'float64', requiresGrad: true });
  const [image, weight] = [nn.ones(1, 2, 5, 5), nn.ones(3, 2, 3, 3)];
  return {
    name: 'convolution',
    kinds: ['shape', 'dtype', 'option', 'value', 'type', 'mixed', 'disposed', 'twice', 'inPlace'],
    cases: [
      wrong('shape', 'channels that differ', () => conv2d(nn.ones(8, 4, 32, 32), nn.ones(16, 3, 3, 3)), 'CVY_SHAPE_CHANNELS', /^conv2d: input has 4 channels but weight expects 3 \(input \[8, 4, 32, 32\] NCHW, weight \[16, 3, 3, 3\] OIHW, groups 1\)/),
      wrong('shape', 'a kernel larger than the image', () => conv2d(nn.ones(1, 2, 2, 2), weight), 'CVY_SHAPE_KERNEL', /^conv2d: padded input is 2×2 but the kernel spans 3×3 .*; raise padding or shrink the kernel/),
      wrong('shape', 'a dilated kernel larger than the image', () => conv2d(image, weight, null, { dilation: 3 }), 'CVY_SHAPE_KERNEL', /the kernel spans 7×7/),
      wrong('shape', 'an image without channels', () => conv2d(nn.ones(5, 5), weight), 'CVY_SHAPE_RANK', /^conv2d: input has 2 axes/),
      wrong('shape', 'a bias of other channels', () => conv2d(image, weight, nn.ones(2)), 'CVY_SHAPE_MISMATCH', /^conv2d: bias has shape \[2\] but \[3\] is required/),
      wrong('value', 'groups that do not divide', () => nn.Conv2d(3, 4, 3, { groups: 2 }), 'CVY_ARG_VALUE', /^Conv2d: groups is 2 but must divide inChannels 3 and outChannels 4/),
      wrong('shape', 'channels of a transposed convolution', () => convTranspose2d(image, nn.ones(3, 2, 3, 3)), 'CVY_SHAPE_CHANNELS', /^convTranspose2d: input has 2 channels/),
      wrong('shape', 'a layer fed with other channels', () => nn.Conv2d(1, 2, 3).forward(image), 'CVY_SHAPE_CHANNELS', /^conv2d: input has 2 channels .*; in layer Conv2d\(1, 2, kernel_size=\(3, 3\), stride=\(1, 1\)\)/),
      wrong('shape', 'features that differ', () => linear(nn.ones(2, 4), nn.ones(3, 5)), 'CVY_SHAPE_FEATURES', /^linear: last axis of input is 4 but .* 5/),
      wrong('shape', 'a picture into a linear layer', () => nn.Linear(10, 2).forward(image), 'CVY_SHAPE_FEATURES', /^linear: last axis of input is 5 .*; in layer Linear/),
      wrong('dtype', 'an image of integers', () => conv2d(image.to('int32'), weight), 'CVY_DTYPE', /^conv2d: dtypes are int32, float32 but one of float32 or float64 is required for all/),
      wrong('dtype', 'float64 into a layer of float32', () => nn.Linear(2, 1).forward(of(1, 2)), 'CVY_DTYPE', /^linear: dtypes are float64, float32, float32 .*; convert with to\('float32'\); in layer Linear/),
      wrong('option', 'an option that is misspelt', () => nn.Conv2d(1, 2, 3, { pading: 1 } as never), 'CVY_ARG_OPTION', /^Conv2d: option 'pading' is unknown .*; did you mean 'padding'\?/),
      wrong('option', 'an option of another function', () => conv1d(nn.ones(1, 1, 5), nn.ones(1, 1, 3), null, { outputPadding: 1 } as never), 'CVY_ARG_OPTION', /^conv1d: option 'outputPadding' is unknown/),
      wrong('value', 'stride 0', () => nn.Conv2d(1, 2, 3, { stride: 0 }), 'CVY_ARG_VALUE', /^Conv2d: stride is 0/),
      wrong('value', 'a stride beyond 32 bits', () => conv2d(image, weight, null, { stride: [1, 2 ** 31] }), 'CVY_ARG_VALUE', /^conv2d: stride is \[1, 2147483648\] but must be at most 268435456/),
      wrong('shape', 'a kernel of no rows', () => conv2d(image, nn.ones(3, 2, 0, 3)), 'CVY_SHAPE_KERNEL', /^conv2d: the kernel is 0×3 but/),
      wrong('value', 'padding same with a stride', () => nn.Conv2d(1, 2, 3, { stride: 2, padding: 'same' }), 'CVY_ARG_VALUE', /^Conv2d: .*'same'.*stride/),
      wrong('value', 'a kernel size of three axes', () => nn.Conv2d(1, 2, [3, 3, 3] as never), 'CVY_ARG_VALUE', /^Conv2d: kernelSize is/),
      wrong('value', 'half a channel', () => nn.Conv2d(1.5, 2, 3), 'CVY_ARG_VALUE', /^Conv2d: inChannels is 1\.5/),
      wrong('value', 'an unknown padding mode', () => nn.Conv2d(1, 2, 3, { paddingMode: 'mirror' as never }), 'CVY_ARG_VALUE', /^Conv2d: paddingMode is 'mirror' but must be one of/),
      wrong('type', 'an array as the image', () => conv2d([[1]] as never, weight), 'CVY_ARG_TYPE', /^conv2d: an operand is object but must be a tensor; make one with nn\.tensor/),
    ],
    calls: [
      { name: 'conv1d', operands: () => [of(1, 2, 5), of(3, 2, 3), of(3)], call: (x, w, b) => conv1d(x, w, b), saved: [0, 1] },
      { name: 'conv2d', operands: () => [of(1, 2, 5, 5), of(3, 2, 3, 3), of(3)], call: (x, w, b) => conv2d(x, w, b, { padding: 1 }), saved: [0, 1] },
      { name: 'conv3d', operands: () => [of(1, 1, 3, 3, 3), of(1, 1, 2, 2, 2)], call: (x, w) => conv3d(x, w), saved: [0, 1] },
      { name: 'convTranspose2d', operands: () => [of(1, 2, 3, 3), of(2, 1, 2, 2)], call: (x, w) => convTranspose2d(x, w), saved: [0, 1] },
      { name: 'linear', operands: () => [of(2, 4), of(3, 4), of(3)], call: (x, w, b) => linear(x, w, b), saved: [0, 1] },
    ],
  };
}
