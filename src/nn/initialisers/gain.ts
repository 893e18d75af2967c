/**
 * What the scale of first weights is computed from: how many inputs and outputs meet in an element, and what the activation does to
 * the spread.
 */
import { checkChoice, checkNumber } from '../../errors.js';
import { product } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { checkRank } from './fixed.js';

/**
 * Inputs that one output element is summed from, and outputs that one input element enters. They are taken from the shape as it is, so
 * those of a transposed convolution, [in, out / groups, kernel…], are exchanged, as in PyTorch.
 *
 * @shape tensor [out, in, kernel…]
 * @throws {ShapeError} CVY_SHAPE_RANK
 * @source torch.nn.init._calculate_fan_in_and_fan_out
 */
export function calculateFanInAndFanOut(tensor: Tensor): [fanIn: number, fanOut: number] {
  checkRank('calculateFanInAndFanOut', tensor, 2);
  const { shape } = tensor;
  const area = product(shape, 2, shape.length);
  return [shape[1] * area, shape[0] * area];
}

const ONE = ['linear', 'conv1d', 'conv2d', 'conv3d', 'conv_transpose1d', 'conv_transpose2d', 'conv_transpose3d', 'sigmoid'] as const;
const OTHERS = ['tanh', 'relu', 'leaky_relu', 'selu'] as const;

/** PyTorch's names. */
export type Nonlinearity = (typeof ONE)[number] | (typeof OTHERS)[number];

/**
 * By what the standard deviation of weights before this activation is multiplied.
 * @param param negative slope of 'leaky_relu', 0.01 unless given; the others have none
 * @throws {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.init.calculate_gain
 */
export function calculateGain(nonlinearity: Nonlinearity, param?: number): number {
  switch (checkChoice<Nonlinearity>('calculateGain', 'nonlinearity', nonlinearity, [...ONE, ...OTHERS])) {
    case 'tanh': return 5 / 3;
    case 'relu': return Math.SQRT2;
    case 'leaky_relu': return Math.sqrt(2 / (1 + checkNumber('calculateGain', 'param', param ?? 0.01) ** 2));
    case 'selu': return 3 / 4;
    default: return 1;
  }
}
