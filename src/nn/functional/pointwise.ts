/** Functions of single elements that are one step on the tape, composed though they are. */
import { asFloat, checkTogether, noGrad, record } from '../../autograd/index.js';
import { scope } from '../../memory/index.js';
import type { Tensor } from '../../tensor/index.js';

/**
 * Records `value(x)` as one operation that saves x alone and whose gradient is g · slope(x). Both are composed of recorded operations;
 * those of `value` are dropped at once, those of `slope` can be differentiated again.
 */
export function pointwise(name: string, input: Tensor, value: (x: Tensor) => Tensor, slope: (x: Tensor) => Tensor): Tensor {
  return pointwiseGradient(name, input, value, (g, x) => g.mul(slope(x)));
}

/** The same from the gradient itself, for slopes of 0 that must stop infinities too. */
export function pointwiseGradient(name: string, input: Tensor, value: (x: Tensor) => Tensor, gradient: (g: Tensor, x: Tensor) => Tensor): Tensor {
  checkTogether(name, input);
  const x = asFloat(input);
  const y = noGrad(() => scope(() => value(x)));
  return record(name, y, [x], [x], (g, [saved]) => [gradient(g, saved)]);
}
