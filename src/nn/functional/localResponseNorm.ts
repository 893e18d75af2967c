/**
 * Local response normalisation across channels, as AlexNet has it.
 */
import { checkFloats } from '../../autograd/index.js';
import { checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkTuple, product } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { pad } from './pad.js';
import { avgPool2d } from './pool.js';

export interface LocalResponseNormOptions {
  /** Factor of the mean of squares; default 1e-4. */
  alpha?: number;
  /** Power of the divisor; default 0.75. */
  beta?: number;
  /** Added to the scaled mean; default 1. */
  k?: number;
}

export type LocalResponseNormSpec = Required<LocalResponseNormOptions> & { readonly size: number };

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function checkLocalResponseNorm(op: string, size: number, options: LocalResponseNormOptions): LocalResponseNormSpec {
  checkOptions(op, options, ['alpha', 'beta', 'k']);
  checkTuple(op, 'size', size, 1, 1);
  const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
  return { size, alpha: checkNumber(op, 'alpha', alpha), beta: checkNumber(op, 'beta', beta), k: checkNumber(op, 'k', k) };
}

/**
 * x / (k + alpha · mean of x² over `size` neighbouring channels)^beta; channels beyond the first and the last count as zeros.
 *
 * @shape input [N, C, …]; returns the same
 * @grad input
 * @throws {ShapeError} CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.local_response_norm; Krizhevsky, Sutskever & Hinton 2012
 */
export function localResponseNorm(input: Tensor, size: number, options: LocalResponseNormOptions = {}): Tensor {
  const { alpha, beta, k } = checkLocalResponseNorm('localResponseNorm', size, options);
  checkFloats('localResponseNorm', input);
  if (input.ndim < 3) throw new ShapeError('CVY_SHAPE_RANK', `localResponseNorm: input has ${input.ndim} axes but at least 3 are required (input ${fmt(input.shape)}, expected [N, C, L, …])`);
  if (input.numel === 0) return input;
  const [n, channels] = input.shape;
  const squares = input.mul(input).reshape([n, 1, channels, product(input.shape, 2, input.ndim)]);
  const means = avgPool2d(pad(squares, [0, 0, Math.floor(size / 2), Math.floor((size - 1) / 2)]), [size, 1], { stride: 1 });
  return input.div(means.reshape(input.shape).mul(alpha).add(k).pow(beta));
}
