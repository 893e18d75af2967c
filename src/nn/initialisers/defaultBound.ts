/**
 * The range that layers draw their first weights from, unless a model draws them anew with init.*.
 */
import { product } from '../../shape/index.js';

/**
 * PyTorch's default for weights and biases of linear and convolution layers: uniform on ±1/√fanIn, which is
 * kaiming_uniform with a = √5.
 * @shape weight [out, in, …]
 * @source torch.nn.Linear.reset_parameters, torch.nn.Conv2d.reset_parameters
 */
export function defaultBound(weight: readonly number[]): number {
  const fanIn = product(weight, 1, weight.length);
  return fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
}
