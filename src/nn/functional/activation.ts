/**
 * Smooth activations as functions of a tensor. Where the tape would record more steps than the function has, one is recorded with its own gradient.
 */
import { asFloat, checkTogether, softmax, softplus, sub, where } from '../../autograd/index.js';
import { ArgumentError, checkChoice, checkNumber, fmt, ShapeError } from '../../errors.js';
import { scope } from '../../memory/index.js';
import { checkAxis } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { pointwise, pointwiseGradient } from './pointwise.js';

/** The function that exponential units share: scale · x above 0, size · (exp(rate · x) − 1) up to it; `steepness` = size · rate is its slope at 0 from below. */
function exponentialUnit(name: string, input: Tensor, scale: number, size: number, rate: number, steepness: number): Tensor {
  // exp of what is at most 0: the side that `where` drops must not overflow.
  const power = (x: Tensor): Tensor => {
    const below = x.clamp(null, 0);
    return (rate === 1 ? below : below.mul(rate)).exp();
  };
  return pointwise(name, input,
    (x) => {
      const below = power(x).sub(1);
      return where(x.gt(0), scale === 1 ? x : x.mul(scale), size === 1 ? below : below.mul(size));
    },
    // Above 0 the power is 1, which is the slope there if both sides meet without a kink.
    (x) => (scale === 1 && steepness === 1 ? power(x) : where(x.gt(0), scale, power(x).mul(steepness))));
}

/**
 * x above 0, else alpha · (eˣ − 1).
 * @throws {ArgumentError} CVY_ARG_VALUE unless alpha is finite
 * @source torch.nn.functional.elu; Clevert et al. 2015
 */
export function elu(input: Tensor, alpha = 1): Tensor {
  checkNumber('elu', 'alpha', alpha);
  return exponentialUnit('elu', input, 1, alpha, 1, alpha);
}

const SELU_ALPHA = 1.6732632423543772848170429916717;
const SELU_SCALE = 1.0507009873554804934193349852946;

/** elu scaled so that layers keep mean 0 and variance 1. @source torch.nn.functional.selu; Klambauer et al. 2017 */
export const selu = (input: Tensor): Tensor => exponentialUnit('selu', input, SELU_SCALE, SELU_SCALE * SELU_ALPHA, 1, SELU_SCALE * SELU_ALPHA);

/**
 * max(0, x) + min(0, alpha · (exp(x / alpha) − 1)): an elu whose slope at 0 is 1 for every alpha.
 * @throws {ArgumentError} CVY_ARG_VALUE unless alpha is finite and not 0
 * @source torch.nn.functional.celu; Barron 2017
 */
export function celu(input: Tensor, alpha = 1): Tensor {
  if (checkNumber('celu', 'alpha', alpha) === 0) throw new ArgumentError('CVY_ARG_VALUE', 'celu: alpha is 0 but must not be; it divides');
  return exponentialUnit('celu', input, 1, alpha, 1 / alpha, 1);
}

export const GELU_FORMS = ['none', 'tanh'] as const;
/** 'none' is the exact function, 'tanh' an approximation that needs no erf. */
export type GeluApproximation = (typeof GELU_FORMS)[number];

/** u = 2 · √(2/π) · (x + 0.044715 · x³): then ½ · (1 + tanh(u / 2)) = sigmoid(u). */
const GELU_LINEAR = 2 * Math.sqrt(2 / Math.PI);
const GELU_CUBIC = GELU_LINEAR * 0.044715;

/**
 * x · Φ(x), Φ the distribution function of the standard normal distribution.
 * @throws {ArgumentError} CVY_ARG_VALUE for another approximation
 * @source torch.nn.functional.gelu; Hendrycks and Gimpel 2016
 */
export function gelu(input: Tensor, approximate: GeluApproximation = 'none'): Tensor {
  checkChoice('gelu', 'approximate', approximate, GELU_FORMS);
  const distribution = (x: Tensor): Tensor => x.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
  if (approximate === 'none') {
    const density = (x: Tensor): Tensor => x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
    return pointwise('gelu', input, (x) => distribution(x).mul(x), (x) => distribution(x).add(density(x).mul(x)));
  }
  return pointwise('gelu', input,
    (x) => x.square().mul(GELU_CUBIC).add(GELU_LINEAR).mul(x).sigmoid().mul(x),
    (x) => {
      const square = x.square();
      const s = square.mul(GELU_CUBIC).add(GELU_LINEAR).mul(x).sigmoid();
      // s · (1 − s) first: far out it is 0, which what follows it must meet before it overflows.
      return sub(1, s).mul(s).mul(square.mul(3 * GELU_CUBIC).add(GELU_LINEAR)).mul(x).add(s);
    });
}

/** x · sigmoid(x). @source torch.nn.functional.silu */
export function silu(input: Tensor): Tensor {
  checkTogether('silu', input);
  return scope(() => {
    const x = asFloat(input);
    return x.mul(x.sigmoid());
  });
}

/** From here on mish is x and its slope 1 to the last bit also of float64, for every x that is no giant, while the square of eˣ is far from overflow. */
const MISH_LINEAR = 40;

/** x · tanh(log(1 + eˣ)). @source torch.nn.functional.mish; Misra 2019 */
export const mish = (input: Tensor): Tensor => {
  // tanh(log(1 + e)) = n / (n + 2) with n = e · (e + 2): one exp, and no logarithm that tanh undoes.
  const power = (x: Tensor): Tensor => x.clamp(null, MISH_LINEAR).exp();
  return pointwise('mish', input,
    (x) => {
      const e = power(x);
      const n = e.add(2).mul(e);
      return n.div(n.add(2)).mul(x);
    },
    (x) => {
      const e = power(x);
      const n = e.add(2).mul(e);
      const d = n.add(2);
      // t + x · (1 − t²) · sigmoid(x), where 1 − t² = 4 · (e + 1)² / d².
      return e.add(1).mul(e).div(d).mul(x.clamp(null, MISH_LINEAR)).mul(4).add(n).div(d).add(x.sub(x));
    });
};

/** Beyond this softplus is x to the last bit also of float64. */
const LINEAR_FROM = 40;

/** log(sigmoid(x)), without overflow and without loss where sigmoid(x) is near 0 or 1. @source torch.nn.functional.logsigmoid */
export const logSigmoid = (input: Tensor): Tensor => pointwise('logSigmoid', input, (x) => softplus(x.neg(), 1, LINEAR_FROM).neg(), (x) => x.neg().sigmoid());

/** x / (1 + |x|). @source torch.nn.functional.softsign */
export const softsign = (input: Tensor): Tensor =>
  pointwiseGradient('softsign', input, (x) => x.div(x.abs().add(1)), (g, x) => g.div(x.abs().add(1).square().add(x.sub(x))));

/** x − tanh(x). @source torch.nn.functional.tanhshrink */
export function tanhshrink(input: Tensor): Tensor {
  checkTogether('tanhshrink', input);
  return scope(() => {
    const x = asFloat(input);
    return x.sub(x.tanh());
  });
}

/** softmax(−x) along `dim`. @source torch.nn.functional.softmin */
export function softmin(input: Tensor, dim: number): Tensor {
  checkTogether('softmin', input);
  return scope(() => softmax(asFloat(input).neg(), dim));
}

/**
 * The first half along `dim` times the sigmoid of the second: a gated linear unit.
 * @shape input [..., 2n, ...]; returns [..., n, ...]
 * @throws {ShapeError} CVY_SHAPE_MISMATCH where the axis has no two halves; CVY_SHAPE_AXIS
 * @source torch.nn.functional.glu; Dauphin et al. 2016
 */
export function glu(input: Tensor, dim = -1): Tensor {
  checkTogether('glu', input);
  if (input.ndim === 0) throw new ShapeError('CVY_SHAPE_RANK', 'glu: the input is a scalar but an axis with two halves is required (input [])');
  const axis = checkAxis('glu', dim, input.ndim, input.shape);
  const size = input.shape[axis];
  if (size % 2 !== 0) throw new ShapeError('CVY_SHAPE_MISMATCH', `glu: axis ${axis} has ${size} entries but an even number is required, as its second half gates the first (input ${fmt(input.shape)})`);
  return scope(() => {
    const x = asFloat(input);
    return x.narrow(axis, 0, size / 2).mul(x.narrow(axis, size / 2, size / 2).sigmoid());
  });
}
