/** Recorded operations, the tape and the walk over it. Importing this binds the operations to Tensor. Only re-exports. */
import './methods.js';
export { to } from './methods.js';
export type { BoundMethods, OnBackend } from './methods.js';
export { detectAnomaly, inLayer, isAnomalyEnabled, setDetectAnomaly } from './anomaly.js';
export type { AnomalyOptions } from './anomaly.js';
export { backward, grad } from './backward.js';
export type { BackwardOptions } from './backward.js';
export { checkpoint, isRecomputing } from './checkpoint.js';
export { defineFunction } from './customFunction.js';
export type { FunctionContext, FunctionDefinition } from './customFunction.js';
export { gradcheck, gradgradcheck } from './gradcheck.js';
export type { GradcheckOptions } from './gradcheck.js';
export { addHook, HookHandle } from './hooks.js';
export type { Hook } from './hooks.js';
export { edgeOf, enableGrad, isGradEnabled, noGrad, piecewiseLinear, record, recordAll } from './tape.js';
export type { Gradient, Gradients } from './tape.js';
export { index, indexPut, maskedSelect, nonzero, takeAlongDim } from './ops/advancedIndex.js';
export type { TensorIndex } from './ops/advancedIndex.js';
export * from './ops/arithmetic.js';
export {
  diag, diagEmbed, diagonal, expandAs, flip, movedim, ravel, repeat, repeatInterleave, reshapeAs, roll, tile, trace, tril, triu, unbind, unflatten,
} from './ops/arrange.js';
export { asFloat, cast, checkFloats, checkTogether, intsOf, on } from './ops/common.js';
export { meshgrid, nanToNum, tensordot } from './ops/contract.js';
export type { NanToNumOptions } from './ops/contract.js';
export { cumprod, cumsum } from './ops/cumulative.js';
export { einsum } from './ops/einsum.js';
export {
  acosh, addcdiv, addcmul, asinh, atanh, cosh, exp2, expm1, hypot, lerp, log10, log1p, log2, logaddexp, logit, rsqrt, sinh, tan,
} from './ops/functions.js';
export { conv, convGradInput, convGradWeight, convRelu, convRelu6 } from './ops/conv.js';
export { gather, gatherAlong, indexAdd, indexSelect, pick, pickRows, scatterAlong } from './ops/indexing.js';
export { linear, matmul } from './ops/matmul.js';
export { channelStatistics, normOverBatch, normWithStatistics } from './ops/norm.js';
export { avgPool, maxPool, maxPoolRelu } from './ops/pool.js';
export type { AvgSpec } from './ops/pool.js';
export { addmm, baddbmm, bmm, dot, mm, mv, outer } from './ops/products.js';
export type { AddmmOptions } from './ops/products.js';
export { allclose, equal, isclose, isfinite, isinf, isnan } from './ops/predicates.js';
export type { CloseOptions } from './ops/predicates.js';
export { argmax, argmin, max, mean, min, prod, sum, sumTo, variance } from './ops/reduce.js';
export type { Dim, Extreme, VarianceOptions } from './ops/reduce.js';
export { ceil, div, floor, floorDivide, fmod, frac, remainder, trunc } from './ops/rounding.js';
export type { DivOptions } from './ops/rounding.js';
export { scatter, scatterAdd } from './ops/scatter.js';
export {
  cat, chunk, clone, detach, expand, flatten, narrow, permute, reshape, select, slice, split, squeeze, stack, t, transpose, unsqueeze, view,
} from './ops/shape.js';
export { argsort, sort, topk } from './ops/sort.js';
export type { SortOptions, TopkOptions } from './ops/sort.js';
export { all, amax, amin, any, countNonzero, logsumexp, nansum, norm, std, vectorNorm } from './ops/statistics.js';
export { acos, asin, atan, atan2 } from './ops/trigonometry.js';
export { crossEntropies, logSoftmax, softmax } from './ops/softmax.js';
export { SparseMatrix, sparseMatmul } from './ops/sparse.js';
export type { SparseRow } from './ops/sparse.js';
export {
  abs, clamp, clampMax, clampMin, cos, erf, exp, leakyRelu, log, logicalAnd, logicalNot, logicalOr, logicalXor, maskedFill, neg, reciprocal, relu, relu6, round, sigmoid, sign, sin,
  softplus, sqrt, square, tanh, where,
} from './ops/unary.js';
export { maxUnpool } from './ops/unpool.js';
export { columnsBack, windows } from './ops/windows.js';
