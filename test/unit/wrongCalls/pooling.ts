/** Wrong calls of pooling. */
import { avgPool2d, maxPool2d, type Tensor } from '../../../dist/src/index.js';
import { wrong, type Family, type Place } from './wrongCall.js';

export function pooling({ nn }: Place): Family {
  const image = nn.ones(1, 2, 4, 4);
  return {
    name: 'pooling',
    kinds: ['shape', 'dtype', 'option', 'value', 'type', 'disposed'],
    cases: [
      wrong('shape', 'a window larger than the image', () => maxPool2d(image, 5), 'CVY_SHAPE_KERNEL', /^maxPool2d: the output would be 0×0 but every size must be at least 1 \(input \[1, 2, 4, 4\], .*\); shrink the window/),
      wrong('shape', 'an image of too few axes', () => avgPool2d(nn.ones(4, 4), 2), 'CVY_SHAPE_RANK', /^avgPool2d: input has 2 axes/),
      wrong('shape', 'a layer whose input shrank away', () => nn.Sequential(nn.MaxPool2d(2), nn.MaxPool2d(4)).forward(image), 'CVY_SHAPE_KERNEL', /; in layer '1' MaxPool2d\(kernel_size=4/),
      wrong('dtype', 'an image of integers', () => avgPool2d(image.to('int32'), 2), 'CVY_DTYPE', /^avgPool2d: dtypes are int32/),
      wrong('option', 'an unknown option', () => nn.MaxPool2d(2, { ceil: true } as never), 'CVY_ARG_OPTION', /^MaxPool2d: option 'ceil' is unknown/),
      wrong('option', 'an option of the other pooling', () => avgPool2d(image, 2, { dilation: 2 } as never), 'CVY_ARG_OPTION', /^avgPool2d: option 'dilation' is unknown/),
      wrong('value', 'more padding than half the window', () => maxPool2d(image, 2, { padding: 2 }), 'CVY_ARG_VALUE', /^maxPool2d: padding/),
      wrong('value', 'divisor 0', () => avgPool2d(image, 2, { divisorOverride: 0 }), 'CVY_ARG_VALUE', /^avgPool2d: divisorOverride is 0/),
      wrong('value', 'a window of no size', () => nn.MaxPool2d(0), 'CVY_ARG_VALUE', /^MaxPool2d: kernelSize is 0/),
      wrong('type', 'a number as the image', () => maxPool2d(3 as never, 2), 'CVY_ARG_TYPE', /^maxPool2d: an operand is number but must be a tensor/),
    ],
    calls: [
      { name: 'maxPool2d', operands: () => [nn.ones([1, 1, 4, 4], { requiresGrad: true })], call: (x: Tensor) => maxPool2d(x, 2) as Tensor },
      { name: 'avgPool2d', operands: () => [nn.ones([1, 1, 4, 4], { requiresGrad: true })], call: (x) => avgPool2d(x, 2) },
    ],
  };
}
