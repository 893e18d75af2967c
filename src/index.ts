/** The public surface of convoy-nn. Only re-exports. */
export * from './convoy/index.js';
export * from './errors.js';
export { defineBackend } from './backend/index.js';
export type { Backend, BackendDefinition, DType, Placement, TypedArray } from './backend/index.js';
export { keep, scope } from './memory/index.js';
export type { MemoryStatistics } from './memory/index.js';
export { Tensor } from './tensor/index.js';
export type { NestedArray, TensorData, TensorOptions } from './tensor/index.js';
export { NN } from './nn/nn.js';
export {
  abs, add, argmax, argmin, backward, cat, chunk, clamp, clone, cos, detach, div, enableGrad, eq, erf, exp, expand, gather, ge, grad, gt, indexAdd,
  indexSelect, isGradEnabled, le, leakyRelu, linear, log, logicalAnd, logicalNot, logicalOr, logSoftmax, lt, maskedFill, matmul, max, maximum,
  mean, min, minimum, mul, narrow, ne, neg, noGrad, permute, pow, prod, reciprocal, relu, reshape, round, select, sigmoid, sign, sin, slice,
  softmax, split, sqrt, square, squeeze, stack, sub, sum, t, tanh, transpose, unsqueeze, variance, where,
} from './autograd/index.js';
