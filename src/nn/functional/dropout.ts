/**
 * Dropout as a function of a tensor.
 */
import { checkFloats } from '../../autograd/index.js';
import type { Rng } from '../../backend/index.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions } from '../../errors.js';
import { uniform, type Tensor } from '../../tensor/index.js';

export interface DropoutOptions {
  /** Probability that an element becomes 0; default 0.5. */
  p?: number;
  /** Default true; otherwise the input is returned as it is. */
  training?: boolean;
  /** Where the mask is drawn from, e.g. `nn.rng`: the same seed gives the same mask, on any number of threads. */
  rng?: Rng;
}

/**
 * Elements become 0 with probability p, the others are divided by 1 − p, so that the expectation stays.
 * @throws {ArgumentError} CVY_ARG_VALUE: p outside [0, 1], or no rng in training
 * @source torch.nn.functional.dropout; Srivastava et al. 2014
 */
export function dropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  checkOptions('dropout', options, ['p', 'training', 'rng']);
  const p = checkNumber('dropout', 'p', options.p ?? 0.5, 0, 1);
  checkFloats('dropout', input);
  if (!checkFlag('dropout', 'training', options.training ?? true) || p === 0) return input;
  if (p === 1) return input.mul(0);
  if (options.rng === undefined) throw new ArgumentError('CVY_ARG_VALUE', 'dropout: no rng is given but training needs one; pass { rng: nn.rng }');
  return input.mul(uniform(input.backend, options.rng, input.shape, 0, 1, input.dtype).ge(p).to(input.dtype).mul(1 / (1 - p)));
}
