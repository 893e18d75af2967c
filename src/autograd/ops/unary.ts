/**
 * Functions of single elements. Activations that networks use have gradient kernels; under createGraph, and for the rest,
 * the gradient is composed from other operations, so it can be differentiated itself.
 */
import { isFloat, type OpName } from '../../backend/index.js';
import { ArgumentError, DtypeError, checkNumber, fmt } from '../../errors.js';
import { broadcastShapes } from '../../shape/index.js';
import { empty, Tensor } from '../../tensor/index.js';
import { edgeOf, isGradEnabled, piecewiseLinear, record, recordingAs } from '../tape.js';
import { asFloat, checkTogether, promote, zerosFor } from './common.js';
import type { Operand } from './arithmetic.js';

function run(op: OpName, x: Tensor, p0 = 0, p1 = 0): Tensor {
  const y = empty(x.backend, x.shape, x.dtype);
  x.backend.run(op, x.dtype, [x.ptr, y.ptr, x.numel, p0, p1]);
  return y;
}

/** `gx` from a gradient kernel where one serves and nothing has to be recorded, else from `compose`. */
function fused(op: OpName, s: Tensor, g: Tensor, p0: number, compose: () => Tensor): Tensor {
  if (isGradEnabled() || !g.backend.has(op, g.dtype)) return compose();
  const gx = empty(g.backend, g.shape, g.dtype);
  g.backend.run(op, g.dtype, [s.ptr, g.ptr, gx.ptr, g.numel, p0]);
  return gx;
}

/** Defines a function from its gradient, given the saved input or output. */
const unary = (op: OpName, saves: 'input' | 'output' | 'nothing', gradient: (g: Tensor, s: Tensor) => Tensor, integers = false) => (input: Tensor): Tensor => {
  checkTogether(op, input);
  const x = integers && input.dtype === 'int32' ? input : asFloat(input);
  const y = run(op, x);
  return record(op, y, [x], saves === 'nothing' ? [] : [saves === 'input' ? x : y], (g, [s]) => [gradient(g, s)]);
};

export const neg = unary('neg', 'nothing', (g) => g.neg(), true);
export const abs = unary('abs', 'input', (g, x) => g.mul(x.sign()), true);
/** −1, 0 or 1, for NaN 0; its gradient is 0. @source torch.sign */
export const sign = unary('sign', 'nothing', zerosFor, true);
/** To the nearest integer, halves to even; its gradient is 0. @source torch.round */
export const round = (x: Tensor): Tensor => (x instanceof Tensor && x.dtype === 'int32' ? x.clone() : toNearest(x));
const toNearest = unary('round', 'nothing', zerosFor);
export const exp = unary('exp', 'output', (g, y) => g.mul(y));
export const log = unary('log', 'input', (g, x) => g.div(x));
export const sqrt = unary('sqrt', 'output', (g, y) => g.div(y.mul(2)));
export const sin = unary('sin', 'input', (g, x) => g.mul(x.cos()));
export const cos = unary('cos', 'input', (g, x) => g.mul(x.sin().neg()));
/** The error function. @source torch.erf */
export const erf = unary('erf', 'input', (g, x) => g.mul(x.square().neg().exp()).mul(2 / Math.sqrt(Math.PI)));
export const square = unary('square', 'input', (g, x) => g.mul(x).mul(2), true);
export const reciprocal = unary('reciprocal', 'output', (g, y) => g.mul(y.square().neg()));
export const tanh = unary('tanh', 'output', (g, y) => fused('tanhGrad', y, g, 0, () => g.mul(y.square().neg().add(1))));
export const sigmoid = unary('sigmoid', 'output', (g, y) => fused('sigmoidGrad', y, g, 0, () => g.mul(y).mul(y.neg().add(1))));
/** Gradient of relu's input from its output. */
export const reluGrad = (g: Tensor, y: Tensor): Tensor => fused('reluGrad', y, g, 0, () => piecewiseLinear(g.mul(y.gt(0).to(g.dtype)), edgeOf(y)));
export const relu = unary('relu', 'output', reluGrad, true);
/** Gradient of relu6's input from its output; 0 on both bounds. */
export const relu6Grad = (g: Tensor, y: Tensor): Tensor => maskedFill(reluGrad(g, y), y.ge(6), 0);
/** min(max(x, 0), 6). @source torch.nn.functional.relu6 */
export function relu6(input: Tensor): Tensor {
  checkTogether('relu6', input);
  const x = asFloat(input);
  const y = run('clamp', x, 0, 6);
  return record('relu6', y, [x], [y], (g, [s]) => [relu6Grad(g, s)]);
}

/** x where x > 0, else `negativeSlope` · x. @source torch.nn.functional.leaky_relu */
export function leakyRelu(input: Tensor, negativeSlope = 0.01): Tensor {
  checkTogether('leakyRelu', input);
  checkNumber('leakyRelu', 'negativeSlope', negativeSlope);
  const x = asFloat(input);
  return record('leakyRelu', run('leakyRelu', x, negativeSlope), [x], [x], (g, [s]) => [
    fused('leakyReluGrad', s, g, negativeSlope, () => piecewiseLinear(g.mul(s.gt(0).to(g.dtype).mul(1 - negativeSlope).add(negativeSlope)), edgeOf(s))),
  ]);
}

/**
 * log(1 + exp(beta · x)) / beta, a smooth relu; x itself where beta · x > threshold, so that nothing overflows.
 * @throws {ArgumentError} CVY_ARG_VALUE unless beta and threshold are finite and beta is not 0
 * @source torch.nn.functional.softplus
 */
export function softplus(input: Tensor, beta = 1, threshold = 20): Tensor {
  checkTogether('softplus', input);
  if (checkNumber('softplus', 'beta', beta) === 0) throw new ArgumentError('CVY_ARG_VALUE', 'softplus: beta is 0 but must not be; it divides');
  checkNumber('softplus', 'threshold', threshold);
  const x = asFloat(input);
  const served = x.backend.has('softplus', x.dtype);
  const y = served ? run('softplus', x, beta, threshold) : recordingAs(false, () => composedSoftplus(x, beta, threshold));
  return record('softplus', y, [x], [x], (g, [s]) => {
    const scaled = beta === 1 ? s : s.mul(beta);
    const slope = scaled.sigmoid();
    // Where the threshold lies so far out, the sigmoid is 1 by itself, to the last bit.
    const whole = threshold >= (s.dtype === 'float32' ? 18 : 38);
    return [g.mul(whole ? slope : slope.maskedFill(scaled.gt(threshold), 1))];
  });
}

/** Takes exp of nothing positive. Without a log1p its error is that of 1 + exp: absolute, about an ulp of 1. */
function composedSoftplus(x: Tensor, beta: number, threshold: number): Tensor {
  const scaled = x.mul(beta);
  const smooth = scaled.relu().add(scaled.abs().neg().exp().add(1).log());
  return where(scaled.gt(threshold), x, smooth.div(beta));
}

/**
 * x limited to [min, max]; either may be left out, or a tensor that is broadcast. On the bounds the gradient passes.
 * @source torch.clamp
 */
export function clamp(input: Tensor, min?: Operand | null, max?: Operand | null): Tensor {
  checkTogether('clamp', input);
  if (min instanceof Tensor || max instanceof Tensor) {
    const raised = (min ?? null) === null ? input : where(input.lt(min!), min!, input);
    return (max ?? null) === null ? raised : where(raised.gt(max!), max!, raised);
  }
  if ((min ?? null) === null && (max ?? null) === null) throw new ArgumentError('CVY_ARG_VALUE', 'clamp: neither min nor max is given but one is required');
  const [lo, hi] = [min ?? -Infinity, max ?? Infinity];
  for (const bound of [lo, hi]) if (typeof bound !== 'number') throw new ArgumentError('CVY_ARG_TYPE', `clamp: a bound is ${typeof bound} but must be a number or null (input ${fmt(input.shape)})`);
  const x = [lo, hi].some((bound) => Number.isFinite(bound) && !Number.isInteger(bound)) ? asFloat(input) : input;
  return record('clamp', run('clamp', x, lo, hi), [x], [x], (g, [s]) => {
    const below = hi === Infinity ? g : where(s.le(hi), g, 0);
    return [lo === -Infinity ? below : where(s.ge(lo), below, 0)];
  });
}

/** x raised to `min` at least. @source torch.clamp_min */
export const clampMin = (x: Tensor, min: Operand): Tensor => clamp(x, min);
/** x lowered to `max` at most. @source torch.clamp_max */
export const clampMax = (x: Tensor, max: Operand): Tensor => clamp(x, null, max);

/** a where `condition` holds, else b; all three are broadcast. @source torch.where */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition instanceof Tensor && condition.dtype !== 'bool') {
    throw new DtypeError('CVY_DTYPE', `where: the condition is ${condition.dtype} but bool is required (condition ${fmt(condition.shape)}); compare, as in x.gt(0), or convert with to('bool')`);
  }
  checkTogether('where', condition, ...[a, b].filter((x) => x instanceof Tensor));
  const like = (a instanceof Tensor ? a : b instanceof Tensor ? b : null);
  const dtype = a instanceof Tensor && b instanceof Tensor ? promote(a.dtype, b.dtype) : like && (isFloat(like.dtype) || [a, b].every((x) => x instanceof Tensor || Number.isInteger(x))) ? like.dtype : 'float32';
  // Kernels know no bool.
  if (dtype === 'bool') return where(condition, ...([a, b].map((x) => (x instanceof Tensor ? x.to('int32') : x)) as [Operand, Operand])).to('bool');
  let shape = condition.shape;
  for (const x of [a, b]) if (x instanceof Tensor) shape = broadcastShapes('where', shape, x.shape);
  const operand = (x: Operand): Tensor => (x instanceof Tensor ? x.to(dtype).expand(shape) : constant(condition, shape, x, dtype));
  const [c, left, right] = [condition.expand(shape), operand(a), operand(b)];
  const y = empty(condition.backend, shape, dtype);
  condition.backend.run('where', dtype, [c.ptr, left.ptr, right.ptr, y.ptr, y.numel]);
  return record('where', y, [left, right], [c], (g, [mask], needs) => [
    needs[0] ? where(mask, g, 0) : null,
    needs[1] ? where(mask, 0, g) : null,
  ]);
}

function constant(like: Tensor, shape: readonly number[], value: number, dtype: Tensor['dtype']): Tensor {
  const y = empty(like.backend, shape, dtype);
  like.backend.run('fill', dtype, [y.ptr, y.numel, value]);
  return y;
}

/** `value` where `mask` holds, else x. @source torch.masked_fill */
export const maskedFill = (x: Tensor, mask: Tensor, value: Operand): Tensor => where(mask, value, x);

/** One mask holds and the other does not. @source torch.logical_xor */
export const logicalXor = (a: Tensor, b: Tensor): Tensor => a.to('bool').ne(b.to('bool'));
/** Both masks hold. @source torch.logical_and */
export const logicalAnd = (a: Tensor, b: Tensor): Tensor => logicalNot(a).lt(b.to('bool'));
/** One mask holds at least. @source torch.logical_or */
export const logicalOr = (a: Tensor, b: Tensor): Tensor => logicalNot(a).le(b.to('bool'));
/** The mask does not hold. @source torch.logical_not */
export const logicalNot = (x: Tensor): Tensor => x.eq(0);
