/** Recorded operations, the tape and the walk over it. Importing this binds the operations to Tensor. Only re-exports. */
import './methods.js';
export { to } from './methods.js';
export type { BoundMethods, OnBackend } from './methods.js';
export { backward, grad } from './backward.js';
export type { BackwardOptions } from './backward.js';
export { gradcheck, gradgradcheck } from './gradcheck.js';
export type { GradcheckOptions } from './gradcheck.js';
export { enableGrad, isGradEnabled, noGrad, record } from './tape.js';
export type { Gradient } from './tape.js';
export * from './ops/arithmetic.js';
export { asFloat, cast, checkFloats, checkTogether, on } from './ops/common.js';
export { conv, convGradInput, convGradWeight, convRelu } from './ops/conv.js';
export { gather, gatherAlong, indexAdd, indexSelect, pickRows, scatterAlong } from './ops/indexing.js';
export { linear, matmul } from './ops/matmul.js';
export { channelStatistics, normOverBatch, normWithStatistics } from './ops/norm.js';
export { avgPool, maxPool } from './ops/pool.js';
export type { AvgSpec } from './ops/pool.js';
export { argmax, argmin, max, mean, min, prod, sum, variance } from './ops/reduce.js';
export type { Dim, Extreme, VarianceOptions } from './ops/reduce.js';
export {
  cat, chunk, clone, detach, expand, flatten, narrow, permute, reshape, select, slice, split, squeeze, stack, t, transpose, unsqueeze, view,
} from './ops/shape.js';
export { logSoftmax, softmax } from './ops/softmax.js';
export {
  abs, clamp, cos, erf, exp, leakyRelu, log, logicalAnd, logicalNot, logicalOr, maskedFill, neg, reciprocal, relu, round, sigmoid, sign, sin,
  softplus, sqrt, square, tanh, where,
} from './ops/unary.js';
