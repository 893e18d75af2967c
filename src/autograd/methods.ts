/**
 * Binds the differentiable operations to Tensor as methods, in one table, so that src/tensor need not know src/autograd.
 */
import { DTYPES, type Backend, type DType } from '../backend/index.js';
import { ArgumentError, DtypeError } from '../errors.js';
import { fromData, Tensor } from '../tensor/index.js';
import { backward, grad } from './backward.js';
import { registerHook, retainGrad } from './hooks.js';
import * as arithmetic from './ops/arithmetic.js';
import { cast, on } from './ops/common.js';
import * as index from './ops/indexing.js';
import * as inplace from './ops/inplace.js';
import { matmul } from './ops/matmul.js';
import * as reduce from './ops/reduce.js';
import * as shape from './ops/shape.js';
import { logSoftmax, softmax } from './ops/softmax.js';
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

const METHODS = {
  ...arithmetic,
  neg: unary.neg, abs: unary.abs, sign: unary.sign, round: unary.round, exp: unary.exp, log: unary.log, sqrt: unary.sqrt,
  sin: unary.sin, cos: unary.cos, erf: unary.erf, square: unary.square, reciprocal: unary.reciprocal, tanh: unary.tanh,
  sigmoid: unary.sigmoid, relu: unary.relu, leakyRelu: unary.leakyRelu, softplus: unary.softplus, clamp: unary.clamp, maskedFill: unary.maskedFill,
  logicalAnd: unary.logicalAnd, logicalOr: unary.logicalOr, logicalNot: unary.logicalNot,
  sum: reduce.sum, mean: reduce.mean, var: reduce.variance, prod: reduce.prod, max: reduce.max, min: reduce.min,
  argmax: reduce.argmax, argmin: reduce.argmin, sumTo: reduce.sumTo,
  reshape: shape.reshape, view: shape.view, flatten: shape.flatten, unsqueeze: shape.unsqueeze, squeeze: shape.squeeze,
  permute: shape.permute, transpose: shape.transpose, t: shape.t, expand: shape.expand, clone: shape.clone, detach: shape.detach,
  slice: shape.slice, set_: shape.set_, narrow: shape.narrow, select: shape.select, split: shape.split, chunk: shape.chunk,
  indexSelect: index.indexSelect, indexAdd: index.indexAdd, gather: index.gather,
  add_: inplace.add_, sub_: inplace.sub_, mul_: inplace.mul_, div_: inplace.div_, fill_: inplace.fill_, zero_: inplace.zero_,
  copy_: inplace.copy_, clamp_: inplace.clamp_,
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
