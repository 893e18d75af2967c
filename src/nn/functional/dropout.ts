/**
 * Dropouts as functions of a tensor: of single elements or of whole channels, to 0 or to what keeps mean and variance.
 */
import { checkFloats } from '../../autograd/index.js';
import type { Rng } from '../../backend/index.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { scope } from '../../memory/index.js';
import { uniform, type Tensor } from '../../tensor/index.js';

export interface DropoutOptions {
  /** Probability that an element, or a channel, is dropped; default 0.5. */
  p?: number;
  /** Default true; otherwise the input is returned as it is. */
  training?: boolean;
  /** Where the mask is drawn from, e.g. `nn.rng`: the same seed gives the same mask, on any number of threads. */
  rng?: Rng;
}

/** What becomes of the input, by a mask that is 1 for what is kept and 0 for what is dropped. */
type Drop = (input: Tensor, kept: Tensor, p: number) => Tensor;

function droppingOut(op: string, input: Tensor, options: DropoutOptions, maskShape: readonly number[], drop: Drop): Tensor {
  checkOptions(op, options, ['p', 'training', 'rng']);
  const p = checkNumber(op, 'p', options.p ?? 0.5, 0, 1);
  if (!checkFlag(op, 'training', options.training ?? true) || p === 0) return input;
  if (p === 1) return input.mul(0);
  const { rng } = options;
  if (rng === undefined) throw new ArgumentError('CVY_ARG_VALUE', `${op}: no rng is given but training needs one; pass { rng: nn.rng }`);
  return scope(() => drop(input, uniform(input.backend, rng, maskShape, 0, 1, input.dtype).ge(p).to(input.dtype), p));
}

/** Divides by the probability of staying, so that the expectation stays. */
const rescaled: Drop = (input, kept, p) => input.mul(kept.mul(1 / (1 - p)));

/** What selu tends to far below 0. */
const SELU_FLOOR = -1.7580993408473766;

/** Puts selu's floor in place of what is dropped; then a linear map brings mean 0 and variance 1 back. */
const alpha: Drop = (input, kept, p) => {
  const a = 1 / Math.sqrt((1 - p) * (1 + p * SELU_FLOOR * SELU_FLOOR));
  const b = -a * p * SELU_FLOOR;
  return input.mul(kept.mul(a)).add(kept.mul(-a * SELU_FLOOR).add(a * SELU_FLOOR + b));
};

/** One entry for each channel. */
const perChannel = ({ shape }: Tensor, batched: boolean): number[] => shape.map((size, axis) => (axis < (batched ? 2 : 1) ? size : 1));

function checkRank(op: string, input: Tensor, ranks: readonly number[], layouts: string): void {
  checkFloats(op, input);
  if (!ranks.includes(input.ndim)) throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input.ndim} axes but ${ranks.join(' or ')} are required: ${layouts} (input ${fmt(input.shape)})`);
}

/**
 * Elements become 0 with probability p, the others are divided by 1 − p, so that the expectation stays.
 * @throws {ArgumentError} CVY_ARG_VALUE: p outside [0, 1], or no rng in training
 * @source torch.nn.functional.dropout; Srivastava et al. 2014
 */
export function dropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  checkFloats('dropout', input);
  return droppingOut('dropout', input, options, input.shape, rescaled);
}

/**
 * dropout of whole channels.
 * @shape input [N, C, L] or [C, L]
 * @throws {ShapeError} CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE: p outside [0, 1], or no rng in training
 * @source torch.nn.functional.dropout1d; Tompson et al. 2015
 */
export function dropout1d(input: Tensor, options: DropoutOptions = {}): Tensor {
  checkRank('dropout1d', input, [2, 3], '[C, L] or [N, C, L]');
  return droppingOut('dropout1d', input, options, perChannel(input, input.ndim === 3), rescaled);
}

/**
 * dropout of whole channels. Three axes are a batch of sequences here, as in PyTorch 1.13, and not one image.
 * @shape input [N, C, H, W] or [N, C, L]
 * @throws {ShapeError} CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE: p outside [0, 1], or no rng in training
 * @source torch.nn.functional.dropout2d; Tompson et al. 2015
 */
export function dropout2d(input: Tensor, options: DropoutOptions = {}): Tensor {
  checkRank('dropout2d', input, [3, 4], '[N, C, L] or [N, C, H, W]');
  return droppingOut('dropout2d', input, options, perChannel(input, true), rescaled);
}

/**
 * dropout of whole channels.
 * @shape input [N, C, D, H, W] or [C, D, H, W]
 * @throws {ShapeError} CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE: p outside [0, 1], or no rng in training
 * @source torch.nn.functional.dropout3d; Tompson et al. 2015
 */
export function dropout3d(input: Tensor, options: DropoutOptions = {}): Tensor {
  checkRank('dropout3d', input, [4, 5], '[C, D, H, W] or [N, C, D, H, W]');
  return droppingOut('dropout3d', input, options, perChannel(input, input.ndim === 5), rescaled);
}

/**
 * Elements become the floor of selu with probability p; the result is scaled and moved so that mean 0 and variance 1 stay what they are.
 * @throws {ArgumentError} CVY_ARG_VALUE: p outside [0, 1], or no rng in training
 * @source torch.nn.functional.alpha_dropout; Klambauer et al. 2017
 */
export function alphaDropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  checkFloats('alphaDropout', input);
  return droppingOut('alphaDropout', input, options, input.shape, alpha);
}

/**
 * alphaDropout of whole channels.
 * @shape input [N, C, …]
 * @throws {ShapeError} CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE: p outside [0, 1], or no rng in training
 * @source torch.nn.functional.feature_alpha_dropout
 */
export function featureAlphaDropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  checkFloats('featureAlphaDropout', input);
  if (input.ndim < 2) throw new ShapeError('CVY_SHAPE_RANK', `featureAlphaDropout: input has ${input.ndim} axes but at least 2 are required: [N, C, …] (input ${fmt(input.shape)})`);
  return droppingOut('featureAlphaDropout', input, options, perChannel(input, true), alpha);
}
