/**
 * Rounding and remainders, made of `round`, which is exact. Remainders follow from a quotient in float64: exact for float32 and int32, while one
 * of float64 that lies within an ulp of an integer counts as that integer.
 */
import { ArgumentError, checkChoice, checkOptions, fmt } from '../../errors.js';
import { full, Tensor } from '../../tensor/index.js';
import { record, recordingAs } from '../tape.js';
import { div as trueDivide, type Operand } from './arithmetic.js';
import { asFloat, cast, checkTogether, promote, zerosFor } from './common.js';
import { where } from './unary.js';

const rounding = (op: string, compute: (x: Tensor) => Tensor) => (input: Tensor): Tensor => {
  checkTogether(op, input);
  if (input.dtype === 'int32') return input.clone();
  const x = asFloat(input);
  return record(op, recordingAs(false, () => compute(x)), [x], [], (g) => [zerosFor(g)]);
};

const down = (x: Tensor): Tensor => {
  const near = x.round();
  return near.sub(near.gt(x).to(x.dtype));
};
const up = (x: Tensor): Tensor => {
  const near = x.round();
  return near.add(near.lt(x).to(x.dtype));
};
/** PyTorch takes the quotient's floor by way of the remainder, which infinities have none of. */
const floored = (x: Tensor, dividend: Operand): Tensor => down(x).add(typeof dividend === 'number' ? dividend - dividend : dividend.sub(dividend));
const towardsZero = (x: Tensor): Tensor => where(x.lt(0), up(x), down(x));

/** The next integer that is not larger; its gradient is 0. @source torch.floor */
export const floor = rounding('floor', down);
/** The next integer that is not smaller; its gradient is 0. @source torch.ceil */
export const ceil = rounding('ceil', up);
/** The integer part; its gradient is 0. @source torch.trunc */
export const trunc = rounding('trunc', towardsZero);
/** What trunc takes off. @source torch.frac */
export const frac = (x: Tensor): Tensor => x.sub(trunc(x));

/** One dtype for both, and float64 in between: there a quotient of float32 or int32 is never rounded across an integer. */
function quotient(op: string, a: Operand, b: Operand, toInteger: (x: Tensor, dividend: Operand) => Tensor): { whole: Tensor; dtype: Tensor['dtype'] } {
  const tensors = [a, b].filter((x) => x instanceof Tensor);
  if (tensors.length === 0) throw new ArgumentError('CVY_ARG_TYPE', `${op}: no operand is a tensor but one must be`);
  checkTogether(op, ...tensors);
  const common = tensors.map((x) => x.dtype).reduce(promote);
  const integers = (common === 'int32' || common === 'bool') && [a, b].every((x) => x instanceof Tensor || Number.isInteger(x));
  const dtype = integers ? 'int32' : common === 'float64' ? 'float64' : 'float32';
  if (integers && (b instanceof Tensor ? b.eq(0).sum().item() > 0 : b === 0)) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: an integer is divided by 0 but must not be (${tensors.map(({ shape }) => fmt(shape)).join(', ')})`);
  }
  const exact = (x: Operand): Operand => (x instanceof Tensor ? cast(x.detach(), 'float64') : dtype === 'float32' ? Math.fround(x) : x);
  return { whole: recordingAs(false, () => toInteger(trueDivide(exact(a), exact(b)), exact(a))), dtype };
}

/** What is left of a after whole b's. Not recorded through the quotient, whose own slope is 0 between its steps. */
const remaining = (op: string, toInteger: (x: Tensor) => Tensor) => (a: Operand, b: Operand): Tensor => {
  const { whole, dtype } = quotient(op, a, b, toInteger);
  const wide = (x: Operand): Operand => (x instanceof Tensor ? cast(x, 'float64') : dtype === 'float32' ? Math.fround(x) : x);
  const [left, right] = [wide(a), wide(b)];
  const taken = whole.mul(right);
  // Infinitely many divisors fit into none: a whole 0 times infinity must not become NaN.
  const fits = taken.maskedFill(whole.eq(0), 0);
  return (typeof left === 'number' ? fits.neg().add(left) : left.sub(fits)).to(dtype);
};

/** Remainder with the sign of the divisor, as Python's %. @source torch.remainder */
export const remainder = remaining('remainder', down);
/** Remainder with the sign of the dividend, as C's fmod. @source torch.fmod */
export const fmod = remaining('fmod', towardsZero);

const rounded = (op: string, toInteger: (x: Tensor, dividend: Operand) => Tensor) => (a: Operand, b: Operand): Tensor => {
  const { whole, dtype } = quotient(op, a, b, toInteger);
  const inputs = [a, b].filter((x) => x instanceof Tensor);
  const like = inputs.map((x) => [x.shape, x.dtype] as const);
  return record(op, whole.to(dtype), inputs, [], (g, _saved, needs) => like.map(([shape, type], i) => (needs[i] ? full(g.backend, shape, 0, type) : null)));
};

/**
 * The quotient rounded down, int32 for integers; its gradient is 0.
 * @throws {ArgumentError} CVY_ARG_VALUE when an integer is divided by 0
 * @source torch.floor_divide
 */
export const floorDivide = rounded('floorDivide', floored);

const ROUNDED = { floor: rounded('div', floored), trunc: rounded('div', towardsZero) };

export interface DivOptions {
  /** 'floor' rounds the quotient down, 'trunc' towards 0: integers of integers, with a gradient of 0. Default null, not at all. */
  roundingMode?: 'floor' | 'trunc' | null;
}

/**
 * a / b, in floating point unless it is rounded.
 * @throws {ArgumentError} CVY_ARG_VALUE when an integer is divided by 0 and rounded
 * @source torch.div
 */
export function div(a: Operand, b: Operand, options?: DivOptions): Tensor {
  if (options === undefined) return trueDivide(a, b);
  checkOptions('div', options, ['roundingMode']);
  const mode = options.roundingMode ?? null;
  return mode === null ? trueDivide(a, b) : ROUNDED[checkChoice('div', 'roundingMode', mode, ['floor', 'trunc'] as const)](a, b);
}
