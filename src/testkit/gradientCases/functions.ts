/** Cases of differentiable operations: functions of single elements that are composed, steps, remainders and changes in place. */
import {
  acos, acosh, addcdiv, addcmul, asin, asinh, atan, atan2, atanh, ceil, clampMax, clampMin, clone, cosh, exp2, expm1, floor, floorDivide, fmod, frac, hypot, lerp,
  log10, log1p, log2, logaddexp, logit, mul, nanToNum, remainder, round, rsqrt, sign, sinh, tan, trunc,
} from '../../autograd/index.js';
import { over, pair, type GradientCase } from './gradientCase.js';

const POSITIVE = { domain: 'positive' } as const;
/** The gradient is 0 by definition, and nothing is recorded that could have another one. */
const STEP = { twice: false } as const;
/** Within (−1, 1). */
const unit = (name: string, run: Parameters<typeof over>[2]): GradientCase => over(name, [5], (x) => run(mul(x, 0.7)));

export const functionCases: readonly GradientCase[] = [
  over('log1p', [5], log1p, POSITIVE), over('expm1', [5], expm1), over('exp2', [5], exp2), over('log2', [5], log2, POSITIVE), over('log10', [5], log10, POSITIVE),
  over('rsqrt', [5], rsqrt, POSITIVE), over('tan', [5], tan), over('sinh', [5], sinh), over('cosh', [5], cosh), over('asinh', [5], asinh),
  over('acosh', [5], (x) => acosh(x.add(1)), POSITIVE), unit('atanh', atanh), unit('asin', asin), unit('acos', acos), over('atan', [5], (x) => atan(x.mul(3))),
  pair('atan2, broadcast', [2, 3], [3], atan2), pair('hypot', [2, 3], [3], hypot), pair('logaddexp', [2, 3], [3], logaddexp),
  over('logit', [5], (x) => logit(x.mul(0.4)), POSITIVE), over('logit, limited', [7], (x) => logit(x.abs(), 0.2)),
  { name: 'lerp, by a tensor', inputs: [[2, 3], [3], [2, 1]], run: ([a, b, w]) => lerp(a, b, w) },
  { name: 'addcmul', inputs: [[3], [2, 3], [3]], run: ([x, a, b]) => addcmul(x, a, b, { value: 0.5 }) },
  { name: 'addcdiv', inputs: [[3], [2, 3], [3]], run: ([x, a, b]) => addcdiv(x, a, b, { value: -2 }), ...POSITIVE },
  pair('remainder', [2, 3], [3], remainder, POSITIVE), pair('fmod', [2, 3], [3], fmod), over('frac', [5], (x) => frac(x.mul(3))),
  over('clampMin', [7], (x) => clampMin(x, 0.3)), over('clampMax', [7], (x) => clampMax(x, -0.3)), pair('clamp, by a tensor', [2, 5], [5], (x, bound) => x.clamp(bound, 0.9), { domain: 'distinct' }),
  over('floor', [5], floor, STEP), over('ceil', [5], ceil, STEP), over('trunc', [5], trunc, STEP), over('round', [5], round, STEP), over('sign', [5], sign, STEP),
  pair('floorDivide', [2, 3], [3], floorDivide, { ...STEP, ...POSITIVE }), pair('div, rounded', [2, 3], [3], (a, b) => a.div(b, { roundingMode: 'trunc' }), { ...STEP, ...POSITIVE }),
  over('nanToNum', [4], (x) => nanToNum(x.maskedFill(x.detach().gt(0), Infinity), { posinf: 2 })),
  over('clone', [3], clone), pair('copy_', [2, 3], [3], (x, v) => mul(x, 2).copy_(v)),
  pair('mul_', [2, 3], [3], (x, y) => mul(x, 2).mul_(y).exp_()), over('tanh_', [5], (x) => mul(x, 2).tanh_().mul(3)),
];
