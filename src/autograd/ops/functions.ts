/**
 * Functions of single elements that are composed from core ops to nearly full precision, each with a gradient of its own: exponentials and
 * logarithms near their zeros, hyperbolic functions and their inverses.
 */
import { checkNumber, checkOptions } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { record, recordingAs } from '../tape.js';
import { maximum, pow } from './arithmetic.js';
import { asFloat, checkTogether } from './common.js';
import { where } from './unary.js';

/** Defines a function from its forward value, which is not recorded, and its gradient from the saved input or output. */
export const composed = (op: string, forward: (x: Tensor) => Tensor, saves: 'input' | 'output', gradient: (g: Tensor, s: Tensor) => Tensor) => (input: Tensor): Tensor => {
  checkTogether(op, input);
  const x = asFloat(input);
  const y = recordingAs(false, () => forward(x));
  return record(op, y, [x], [saves === 'input' ? x : y], (g, [s]) => [gradient(g, s)]);
};

/** Kahan's: the error of 1 + x cancels in log(u) / (u − 1). */
const precise1p = (x: Tensor): Tensor => {
  const u = x.add(1);
  const d = u.sub(1);
  return where(d.eq(0), x, where(d.eq(x), u.log(), u.log().mul(x.div(d))));
};

/** The same the other way round: (u − 1) · x / log(u) with u = exp(x). */
const preciseM1 = (x: Tensor): Tensor => {
  const u = x.exp();
  const d = u.sub(1);
  const l = u.log();
  const plain = u.eq(Infinity).logicalOr(d.le(-0.5));
  return where(d.eq(0), x, where(plain, d, d.mul(x.div(l))));
};

/** log(1 + x), precise near 0. @source torch.log1p */
export const log1p = composed('log1p', precise1p, 'input', (g, x) => g.div(x.add(1)));
/** exp(x) − 1, precise near 0. @source torch.expm1 */
export const expm1 = composed('expm1', preciseM1, 'output', (g, y) => g.mul(y.add(1)));
/** 2 to the power x. @source torch.exp2 */
export const exp2 = (x: Tensor): Tensor => {
  checkTogether('exp2', x);
  return pow(2, asFloat(x));
};
/** @source torch.log2 */
export const log2 = (x: Tensor): Tensor => x.log().mul(Math.LOG2E);
/** @source torch.log10 */
export const log10 = (x: Tensor): Tensor => x.log().mul(Math.LOG10E);
/** 1 / √x. @source torch.rsqrt */
export const rsqrt = composed('rsqrt', (x) => x.sqrt().reciprocal(), 'output', (g, y) => g.mul(y.mul(y).mul(y)).mul(-0.5));

/** log(x / (1 − x)), with x first limited to [eps, 1 − eps] where eps is given. @source torch.logit */
export function logit(x: Tensor, eps?: number | null): Tensor {
  checkTogether('logit', x);
  const limited = (eps ?? null) === null ? asFloat(x) : asFloat(x).clamp(checkNumber('logit', 'eps', eps, 0, 0.5), 1 - eps!);
  return plainLogit(limited);
}

const plainLogit = composed('logit', (x) => x.div(x.neg().add(1)).log(), 'input', (g, x) => g.div(x.mul(x.neg().add(1))));

/** log(exp(a) + exp(b)) without overflow. @source torch.logaddexp */
export function logaddexp(a: Tensor, b: Tensor): Tensor {
  checkTogether('logaddexp', a, b);
  const [x, y] = [asFloat(a), asFloat(b)];
  const gap = x.sub(y).abs();
  // Equal infinities have no difference.
  return where(x.eq(y), x.add(y).mul(0.5).add(Math.LN2), where(x.ge(y), x, y).add(log1p(gap.neg().exp())));
}

/** √(a² + b²), of which no square overflows. @source torch.hypot */
export function hypot(a: Tensor, b: Tensor): Tensor {
  checkTogether('hypot', a, b);
  const [x, y] = [asFloat(a), asFloat(b)];
  // A constant of the gradient: the result is the same for any scale.
  const scale = recordingAs(false, () => {
    const larger = maximum(x.abs(), y.abs());
    return where(larger.gt(0).logicalAnd(larger.lt(Infinity)), larger, 1);
  });
  return x.div(scale).square().add(y.div(scale).square()).sqrt().mul(scale);
}

/** exp(x) / 2 where exp(x) itself overflows. */
const halfExp = (x: Tensor): Tensor => {
  const root = x.mul(0.5).exp();
  return root.mul(0.5).mul(root);
};

export const tan = composed('tan', (x) => x.sin().div(x.cos()), 'output', (g, y) => g.mul(y.square().add(1)));
export const sinh = composed('sinh', (x) => {
  const e = preciseM1(x.abs());
  return where(e.eq(Infinity), halfExp(x.abs()), e.add(e.div(e.add(1))).mul(0.5)).mul(x.sign());
}, 'input', (g, x) => g.mul(cosh(x)));
export const cosh = composed('cosh', (x) => {
  const y = x.exp().add(x.neg().exp()).mul(0.5);
  return where(y.eq(Infinity), halfExp(x.abs()), y);
}, 'input', (g, x) => g.mul(sinh(x)));
export const asinh = composed('asinh', (x) => {
  const a = x.abs();
  const small = precise1p(a.add(a.square().div(a.square().add(1).sqrt().add(1))));
  return where(a.gt(1e9), a.log().add(Math.LN2), small).mul(x.sign());
}, 'input', (g, x) => g.div(x.square().add(1).sqrt()));
export const acosh = composed('acosh', (x) => {
  const d = x.sub(1);
  return where(x.gt(1e9), x.log().add(Math.LN2), precise1p(d.add(d.mul(d.add(2)).sqrt())));
}, 'input', (g, x) => g.div(x.sub(1).sqrt().mul(x.add(1).sqrt())));
export const atanh = composed('atanh', (x) => precise1p(x.mul(2).div(x.neg().add(1))).mul(0.5), 'input', (g, x) => g.div(x.square().neg().add(1)));

/** x + weight · (end − x): between x and end. @source torch.lerp */
export function lerp(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  checkTogether('lerp', x, end);
  if (typeof weight === 'number') checkNumber('lerp', 'weight', weight);
  return x.add(end.sub(x).mul(weight));
}

const fused = (op: string, combine: (a: Tensor, b: Tensor) => Tensor) => (x: Tensor, a: Tensor, b: Tensor, options: { value?: number } = {}): Tensor => {
  checkTogether(op, x, a, b);
  checkOptions(op, options, ['value']);
  const factor = checkNumber(op, 'value', options.value ?? 1);
  const y = combine(a, b);
  return x.add(factor === 1 ? y : y.mul(factor));
};

/** x + value · a · b. @source torch.addcmul */
export const addcmul = fused('addcmul', (a, b) => a.mul(b));
/** x + value · a / b. @source torch.addcdiv */
export const addcdiv = fused('addcdiv', (a, b) => a.div(b));
