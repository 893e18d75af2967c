/**
 * The truncated normal distribution, by its inverse: a uniform number between the bounds' probabilities, through the normal quantile.
 */
import { uniformAt } from '../../backend/index.js';
import { ArgumentError, checkNumber } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { write } from './fixed.js';
import { checkDraw, type DrawOptions } from './random.js';

export interface TruncNormalOptions extends DrawOptions {
  /** Of the normal distribution before it is cut; default 0. */
  mean?: number;
  /** Of the normal distribution before it is cut; default 1. */
  std?: number;
  /** Lower bound; default -2. */
  a?: number;
  /** Upper bound; default 2. */
  b?: number;
}

/** Half the step of the 24-bit uniform numbers: neither 0 nor 1 is drawn, whose quantiles are infinite. */
const HALF_STEP = 2 ** -25;

/**
 * Normal with `mean` and `std`, but only what lies within [a, b]; either bound may be infinite.
 * @throws {ArgumentError} CVY_ARG_VALUE: std not above 0, a not below b; CVY_ARG_OPTION, CVY_ARG_TYPE
 * @source torch.nn.init.trunc_normal_
 */
export function truncNormal_(tensor: Tensor, options: TruncNormalOptions): Tensor {
  const op = 'truncNormal_';
  const rng = checkDraw(op, tensor, options, ['mean', 'std', 'a', 'b']);
  const { mean = 0, std = 1, a = -2, b = 2 } = options;
  checkNumber(op, 'mean', mean);
  if (!(checkNumber(op, 'std', std, 0) > 0)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: std is 0 but must be above 0`);
  if (!(a < b)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the bounds are ${String(a)} and ${String(b)} but the first must be below the second`);
  // Right of the middle probabilities come so near to 1 that their distance to it is lost; left of it they do not.
  const side = a > mean ? -1 : 1;
  const [low, high] = [(a - mean) / std, (b - mean) / std].map((x) => normalCdf(side * x)).sort((x, y) => x - y);
  const stream = rng.next();
  const values = Float64Array.from({ length: tensor.numel }, (_, i) => {
    const p = low + (high - low) * (uniformAt(rng.seed, stream, i) + HALF_STEP);
    return Math.min(Math.max(mean + std * side * normalQuantile(p), a), b);
  });
  return write(tensor, values);
}

/**
 * The normal distribution function: near the middle by its series, in the tails by Laplace's continued fraction, whose relative
 * error stays small however far out.
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (size > 3) {
    if (density === 0) return x < 0 ? 0 : 1;
    let fraction = size;
    // 100 levels are more than a double can tell at 3, where it converges most slowly.
    for (let k = 100; k > 0; k--) fraction = size + k / fraction;
    return x < 0 ? density / fraction : 1 - density / fraction;
  }
  let sum = 0;
  for (let term = x, k = 1; sum + term !== sum; k += 2) {
    sum += term;
    term *= (x * x) / (k + 2);
  }
  return 0.5 + density * sum;
}

/** Where the distribution function is `p`, by Newton's method; `p` in (0, 1). */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  // Left of the quantile, by the bound exp(-x²/2) / 2 on the tail. The function's logarithm is concave, so Newton's steps rise and never pass it.
  let x = -Math.sqrt(-2 * Math.log(2 * p));
  for (let previous = -Infinity; x > previous;) {
    previous = x;
    const value = normalCdf(x);
    x -= (Math.log(value / p) * value) / (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI));
  }
  return x;
}
