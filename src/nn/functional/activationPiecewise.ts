/**
 * Activations made of pieces, as functions of a tensor. At kinks the gradient is PyTorch's.
 */
import { checkFloats, checkTogether, edgeOf, maskedFill, piecewiseLinear, record, where } from '../../autograd/index.js';
import { isFloat, type Rng } from '../../backend/index.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { scope } from '../../memory/index.js';
import { numel } from '../../shape/index.js';
import { uniform, type Tensor } from '../../tensor/index.js';
import { pointwise, pointwiseGradient } from './pointwise.js';

/** A piecewise linear function, of slope 0 where it is `flat` and of slope 1 elsewhere. */
const gated = (name: string, input: Tensor, value: (x: Tensor) => Tensor, flat: (x: Tensor) => Tensor): Tensor =>
  pointwiseGradient(name, input, value, (g, x) => piecewiseLinear(maskedFill(g, flat(x), 0), edgeOf(x)));

/**
 * x limited to [minVal, maxVal]; unlike clamp's, its gradient is 0 on the bounds.
 * @throws {ArgumentError} CVY_ARG_VALUE unless minVal < maxVal
 * @source torch.nn.functional.hardtanh
 */
export function hardtanh(input: Tensor, minVal = -1, maxVal = 1): Tensor {
  checkNumber('hardtanh', 'minVal', minVal);
  checkNumber('hardtanh', 'maxVal', maxVal);
  if (minVal >= maxVal) throw new ArgumentError('CVY_ARG_VALUE', `hardtanh: minVal is ${minVal} but must be less than maxVal, which is ${maxVal}`);
  return gated('hardtanh', input, (x) => x.clamp(minVal, maxVal), (x) => x.le(minVal).logicalOr(x.ge(maxVal)));
}

/** relu6(x + 3) / 6. @source torch.nn.functional.hardsigmoid; Howard et al. 2019 */
export const hardsigmoid = (input: Tensor): Tensor => pointwiseGradient('hardsigmoid', input,
  (x) => x.add(3).clamp(0, 6).div(6),
  (g, x) => where(x.abs().lt(3), g.div(6), 0));

/** x · relu6(x + 3) / 6. Its gradient at −3 is −½ and at 3 it is 1½, the limits from inside. @source torch.nn.functional.hardswish; Howard et al. 2019 */
export const hardswish = (input: Tensor): Tensor => pointwise('hardswish', input,
  (x) => x.add(3).clamp(0, 6).mul(x).div(6),
  (x) => where(x.abs().gt(3), x.sign().relu(), x.div(3).add(0.5)));

/** x where |x| > lambd, else 0. @source torch.nn.functional.hardshrink */
export function hardshrink(input: Tensor, lambd = 0.5): Tensor {
  checkNumber('hardshrink', 'lambd', lambd);
  const small = (x: Tensor): Tensor => x.abs().le(lambd);
  return gated('hardshrink', input, (x) => maskedFill(x, small(x), 0), small);
}

/**
 * x − lambd above lambd, x + lambd below −lambd, 0 between.
 * @throws {ArgumentError} CVY_ARG_VALUE unless lambd ≥ 0
 * @source torch.nn.functional.softshrink
 */
export function softshrink(input: Tensor, lambd = 0.5): Tensor {
  checkNumber('softshrink', 'lambd', lambd, 0);
  return gated('softshrink', input, (x) => x.sub(x.clamp(-lambd, lambd)), (x) => x.abs().le(lambd));
}

/** x where x > threshold, else `value`. @source torch.nn.functional.threshold */
export function threshold(input: Tensor, limit: number, value: number): Tensor {
  checkNumber('threshold', 'threshold', limit);
  checkNumber('threshold', 'value', value);
  checkTogether('threshold', input);
  const below = (x: Tensor): Tensor => x.le(limit);
  const set = (x: Tensor): Tensor => maskedFill(x, below(x), value);
  return isFloat(input.dtype) ? gated('threshold', input, set, below) : scope(() => set(input));
}

/**
 * x above 0, else weight · x, with one learned weight or one for each channel.
 * @shape input [N, C, …], or any for a single weight; weight [C] or [1]
 * @grad input, weight
 * @throws {ShapeError} CVY_SHAPE_CHANNELS; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.prelu; He et al. 2015
 */
export function prelu(input: Tensor, weight: Tensor): Tensor {
  checkFloats('prelu', input, weight);
  const shape = weightShape(input, weight);
  const y = scope(() => {
    const [x, w] = [input.detach(), weight.detach()];
    return where(x.gt(0), x, x.mul(w.reshape(shape)));
  });
  return record('prelu', y, [input, weight], [input, weight], (g, [x, w], needs) => [
    needs[0] ? piecewiseLinear(where(x.gt(0), g, g.mul(w.reshape(shape))), edgeOf(x)) : null,
    needs[1] ? piecewiseLinear(x.clamp(null, 0).mul(g).sumTo(shape).reshape(w.shape), edgeOf(w)) : null,
  ]);
}

/** The weight's shape beside the input's axes. */
function weightShape(input: Tensor, weight: Tensor): number[] {
  const shapes = `input ${fmt(input.shape)}, weight ${fmt(weight.shape)}`;
  if (weight.ndim > 1) throw new ShapeError('CVY_SHAPE_RANK', `prelu: weight has ${weight.ndim} axes but 1 is required (${shapes})`);
  const count = numel(weight.shape);
  if (count === 1) return input.shape.map(() => 1);
  const channels = input.ndim < 2 ? 1 : input.shape[1];
  if (count !== channels) throw new ShapeError('CVY_SHAPE_CHANNELS', `prelu: weight has ${count} entries but ${channels === 1 ? '1 is' : `1 or ${channels} are`} required, the channels on axis 1 (${shapes})`);
  return input.shape.map((_, axis) => (axis === 1 ? count : 1));
}

export interface RReLUFunctionOptions {
  /** Default false: the slope is the mean of the bounds. */
  training?: boolean;
  /** Where slopes are drawn from, e.g. `nn.rng`: the same seed gives the same slopes, on any number of threads. */
  rng?: Rng;
}

/**
 * x above 0, else a · x: in training every element draws its own a from [lower, upper).
 * @throws {ArgumentError} CVY_ARG_VALUE: lower above upper, or no rng in training
 * @source torch.nn.functional.rrelu; Xu et al. 2015
 */
export function rrelu(input: Tensor, lower = 1 / 8, upper = 1 / 3, options: RReLUFunctionOptions = {}): Tensor {
  checkOptions('rrelu', options, ['training', 'rng']);
  checkNumber('rrelu', 'lower', lower);
  if (checkNumber('rrelu', 'upper', upper) < lower) throw new ArgumentError('CVY_ARG_VALUE', `rrelu: lower is ${lower} but must be at most upper, which is ${upper}`);
  checkFloats('rrelu', input);
  if (!checkFlag('rrelu', 'training', options.training ?? false)) return input.leakyRelu((lower + upper) / 2);
  const { rng } = options;
  if (rng === undefined) throw new ArgumentError('CVY_ARG_VALUE', 'rrelu: no rng is given but training needs one; pass { rng: nn.rng }');
  return scope(() => input.mul(where(input.detach().gt(0), 1, uniform(input.backend, rng, input.shape, lower, upper, input.dtype))));
}
