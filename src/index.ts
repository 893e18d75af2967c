/** The public surface of convoy-nn. Only re-exports. */
export * from './convoy/index.js';
export {
  ArgumentError, BackendError, ConvoyError, DataError, DtypeError, ERROR_CODES, GraphError, MemoryError, PluginError, ShapeError, TrainError,
} from './errors.js';
export type { ErrorCode } from './errors.js';
export { defineBackend } from './backend/index.js';
export type { Backend, BackendDefinition, DType, Placement, TypedArray } from './backend/index.js';
export { keep, scope } from './memory/index.js';
export type { MemoryStatistics } from './memory/index.js';
export { fullLike, onesLike, Tensor, zerosLike } from './tensor/index.js';
export type { GradHook, NestedArray, TensorData, TensorOptions } from './tensor/index.js';
export * from './nn/index.js';
export * from './optim/index.js';
export { DataLoader, digits, imageDataset, randomSplit, Subset, TensorDataset } from './data/index.js';
export type { DataLoaderOptions, Dataset, DigitsOptions, LabelledImages } from './data/index.js';
export {
  downloadMnist, loadCheckpoint, loadMnist, loadWeights, parseSafetensors, readCheckpoint, readIdx, readSafetensors, saveCheckpoint, saveWeights,
  serializeSafetensors,
} from './io/index.js';
export type {
  Checkpoint, CheckpointParts, CheckpointPlace, IdxArray, LoaderState, Mnist, MnistOptions, SafetensorsDType, SafetensorsEntry, SafetensorsFile,
  SafetensorsInput, SavedOptimizer,
} from './io/index.js';
export * from './inspect/index.js';
export { accuracy, benchmark, evaluate, train, TUTORIAL_MODELS, tutorialModel } from './train/index.js';
export type {
  BenchmarkOptions, BenchmarkResult, CheckpointOptions, EpochInfo, Evaluation, Loss, ModelFactory, StepInfo, TrainOptions, TrainResult, TutorialModelName,
} from './train/index.js';
export {
  abs, add, argmax, argmin, backward, cat, checkpoint, chunk, clamp, clone, cos, defineFunction, detach, detectAnomaly, div, enableGrad, eq, erf, exp, expand, gather, ge, grad, gradcheck,
  gradgradcheck, gt, HookHandle, indexAdd, isAnomalyEnabled, setDetectAnomaly,
  indexSelect, isGradEnabled, le, leakyRelu, linear, log, logicalAnd, logicalNot, logicalOr, logSoftmax, lt, maskedFill, matmul, max, maximum,
  mean, min, minimum, mul, narrow, ne, neg, noGrad, permute, pow, prod, reciprocal, relu, reshape, round, select, sigmoid, sign, sin, slice,
  softmax, softplus, split, sqrt, square, squeeze, stack, sub, sum, t, tanh, transpose, unsqueeze, variance, where,
} from './autograd/index.js';
export {
  acos, acosh, addcdiv, addcmul, addmm, all, allclose, amax, amin, any, argsort, asin, asinh, atan, atan2, atanh, baddbmm, bmm, ceil, clampMax, clampMin,
  cosh, countNonzero, cumprod, cumsum, diag, diagEmbed, diagonal, dot, einsum, equal, exp2, expandAs, expm1, flip, floor, floorDivide, fmod, frac, hypot,
  index, indexPut, isclose, isfinite, isinf, isnan, lerp, meshgrid, nanToNum, log10, log1p, log2, logaddexp, logicalXor, logit, logsumexp, maskedSelect, mm, movedim, mv,
  nansum, nonzero, norm, outer, ravel, remainder, repeat, repeatInterleave, reshapeAs, roll, rsqrt, scatter, scatterAdd, sinh, sort, std, takeAlongDim,
  tan, tensordot, tile, topk, trace, tril, triu, trunc, unbind, unflatten, vectorNorm,
} from './autograd/index.js';
export type { AddmmOptions, AlphaOptions, CloseOptions, DivOptions, NanToNumOptions, SortOptions, TensorIndex, TopkOptions } from './autograd/index.js';
export type { AnomalyOptions, BackwardOptions, Dim, Extreme, FunctionContext, FunctionDefinition, GradcheckOptions, VarianceOptions } from './autograd/index.js';
