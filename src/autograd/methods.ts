/**
 * Binds the differentiable operations to Tensor as methods, in one table, so that src/tensor need not know src/autograd.
 */
import { DTYPES, type Backend, type DType } from '../backend/index.js';
import { ArgumentError, DtypeError } from '../errors.js';
import { fromData, Tensor } from '../tensor/index.js';
import { backward, grad } from './backward.js';
import { registerHook, retainGrad } from './hooks.js';
import * as advancedIndex from './ops/advancedIndex.js';
import * as arithmetic from './ops/arithmetic.js';
import * as arrange from './ops/arrange.js';
import { cast, on } from './ops/common.js';
import { nanToNum, tensordot } from './ops/contract.js';
import * as cumulative from './ops/cumulative.js';
import * as functions from './ops/functions.js';
import * as index from './ops/indexing.js';
import * as inplace from './ops/inplace.js';
import { matmul } from './ops/matmul.js';
import * as predicates from './ops/predicates.js';
import * as products from './ops/products.js';
import * as reduce from './ops/reduce.js';
import * as rounding from './ops/rounding.js';
import * as scatter from './ops/scatter.js';
import * as shape from './ops/shape.js';
import { logSoftmax, softmax } from './ops/softmax.js';
import { argsort, sort, topk } from './ops/sort.js';
import * as statistics from './ops/statistics.js';
import * as trigonometry from './ops/trigonometry.js';
import * as unary from './ops/unary.js';
import { record } from './tape.js';

/** Anything that names a backend: an `nn`, or a tensor. */
export interface OnBackend {
  readonly backend: Backend;
}

/** Another dtype, or the backend of an `nn`: the same bytes within one convoy, a recorded copy between memories. */
export function to(x: Tensor, target: DType | OnBackend): Tensor {
  if (typeof target === 'string') {
    if (!DTYPES.includes(target)) throw new DtypeError('CVY_DTYPE', `to: dtype is '${String(target)}' but must be one of ${DTYPES.join(', ')}`);
    return cast(x, target);
  }
  if (!target?.backend) throw new ArgumentError('CVY_ARG_TYPE', `to: the target is ${target === null ? 'null' : typeof target} but must be a dtype or an nn`);
  const { backend } = target;
  if (backend.memory === x.backend.memory) return on(x, backend);
  const y = fromData(backend, x.dataSync(), x.shape, { dtype: x.dtype });
  return record('to', y, [x], [], (g) => [to(g, x)]);
}

/** The gradient of this tensor with respect to `input`, from its own gradient `g`; differentiable. */
const gradientOf = (x: Tensor, input: Tensor, g: Tensor): Tensor => grad(x, input, { gradOutputs: [g], createGraph: true })[0]!;

/** What is bound, by name. */
export const METHODS = {
  ...arithmetic,
  neg: unary.neg, abs: unary.abs, sign: unary.sign, round: unary.round, exp: unary.exp, log: unary.log, sqrt: unary.sqrt,
  sin: unary.sin, cos: unary.cos, erf: unary.erf, square: unary.square, reciprocal: unary.reciprocal, tanh: unary.tanh,
  sigmoid: unary.sigmoid, relu: unary.relu, leakyRelu: unary.leakyRelu, softplus: unary.softplus, clamp: unary.clamp, maskedFill: unary.maskedFill,
  logicalAnd: unary.logicalAnd, logicalOr: unary.logicalOr, logicalNot: unary.logicalNot, logicalXor: unary.logicalXor,
  clampMin: unary.clampMin, clampMax: unary.clampMax,
  floor: rounding.floor, ceil: rounding.ceil, trunc: rounding.trunc, frac: rounding.frac,
  div: rounding.div, remainder: rounding.remainder, fmod: rounding.fmod, floorDivide: rounding.floorDivide,
  log1p: functions.log1p, expm1: functions.expm1, exp2: functions.exp2, log2: functions.log2, log10: functions.log10, rsqrt: functions.rsqrt,
  logit: functions.logit, logaddexp: functions.logaddexp, hypot: functions.hypot, tan: functions.tan, sinh: functions.sinh, cosh: functions.cosh,
  asinh: functions.asinh, acosh: functions.acosh, atanh: functions.atanh, lerp: functions.lerp, addcmul: functions.addcmul, addcdiv: functions.addcdiv,
  asin: trigonometry.asin, acos: trigonometry.acos, atan: trigonometry.atan, atan2: trigonometry.atan2,
  isnan: predicates.isnan, isinf: predicates.isinf, isfinite: predicates.isfinite, equal: predicates.equal, isclose: predicates.isclose,
  allclose: predicates.allclose,
  sum: reduce.sum, mean: reduce.mean, var: reduce.variance, prod: reduce.prod, max: reduce.max, min: reduce.min,
  argmax: reduce.argmax, argmin: reduce.argmin, sumTo: reduce.sumTo,
  std: statistics.std, amax: statistics.amax, amin: statistics.amin, norm: statistics.norm, vectorNorm: statistics.vectorNorm,
  logsumexp: statistics.logsumexp, any: statistics.any, all: statistics.all, countNonzero: statistics.countNonzero, nansum: statistics.nansum,
  cumsum: cumulative.cumsum, cumprod: cumulative.cumprod, nanToNum, tensordot, sort, argsort, topk,
  reshape: shape.reshape, view: shape.view, flatten: shape.flatten, unsqueeze: shape.unsqueeze, squeeze: shape.squeeze,
  permute: shape.permute, transpose: shape.transpose, t: shape.t, expand: shape.expand, clone: shape.clone, detach: shape.detach,
  slice: shape.slice, set_: shape.set_, narrow: shape.narrow, select: shape.select, split: shape.split, chunk: shape.chunk,
  flip: arrange.flip, roll: arrange.roll, repeat: arrange.repeat, tile: arrange.tile, repeatInterleave: arrange.repeatInterleave,
  movedim: arrange.movedim, swapaxes: shape.transpose, unbind: arrange.unbind, unflatten: arrange.unflatten, diagonal: arrange.diagonal,
  diagEmbed: arrange.diagEmbed, diag: arrange.diag, trace: arrange.trace, tril: arrange.tril, triu: arrange.triu,
  expandAs: arrange.expandAs, reshapeAs: arrange.reshapeAs, viewAs: arrange.reshapeAs, ravel: arrange.ravel,
  indexSelect: index.indexSelect, indexAdd: index.indexAdd, gather: index.gather,
  scatter: scatter.scatter, scatterAdd: scatter.scatterAdd, index: advancedIndex.index, indexPut: advancedIndex.indexPut,
  maskedSelect: advancedIndex.maskedSelect, nonzero: advancedIndex.nonzero, takeAlongDim: advancedIndex.takeAlongDim,
  mm: products.mm, bmm: products.bmm, mv: products.mv, dot: products.dot, outer: products.outer, addmm: products.addmm, baddbmm: products.baddbmm,
  ...inplace,
  matmul, softmax, logSoftmax, to, backward, gradientOf, registerHook, retainGrad,
};

type Methods = typeof METHODS;
/** A function of a tensor and more, as a method of the tensor. Overloads and generics are written out below. */
type Method<F> = F extends (x: Tensor, ...rest: infer R) => infer Y ? (...rest: R) => Y : never;
type Overloaded = 'max' | 'min';

declare module '../tensor/tensor.js' {
  interface Tensor extends BoundMethods {}
}

export type BoundMethods = { [K in Exclude<keyof Methods, Overloaded>]: Method<Methods[K]> } & {
  max(): Tensor;
  max(dim: number, keepdim?: boolean): reduce.Extreme;
  min(): Tensor;
  min(dim: number, keepdim?: boolean): reduce.Extreme;
};

for (const [name, operation] of Object.entries(METHODS)) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...rest: unknown[]): unknown {
      return (operation as (x: Tensor, ...rest: unknown[]) => unknown)(this, ...rest);
    },
    writable: true, configurable: true,
  });
}
