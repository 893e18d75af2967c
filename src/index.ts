/** The public surface of convoy-nn. Only re-exports. */
export * from './convoy/index.js';
export * from './errors.js';
export { defineBackend } from './backend/index.js';
export type { Backend, BackendDefinition, DType, Placement, TypedArray } from './backend/index.js';
export { keep, scope } from './memory/index.js';
export type { MemoryStatistics } from './memory/index.js';
export { Tensor } from './tensor/index.js';
export type { NestedArray, TensorData, TensorOptions } from './tensor/index.js';
export * from './nn/index.js';
export * from './optim/index.js';
export { DataLoader, digits, imageDataset, TensorDataset } from './data/index.js';
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
  abs, add, argmax, argmin, backward, cat, chunk, clamp, clone, cos, detach, div, enableGrad, eq, erf, exp, expand, gather, ge, grad, gradcheck,
  gradgradcheck, gt, indexAdd,
  indexSelect, isGradEnabled, le, leakyRelu, linear, log, logicalAnd, logicalNot, logicalOr, logSoftmax, lt, maskedFill, matmul, max, maximum,
  mean, min, minimum, mul, narrow, ne, neg, noGrad, permute, pow, prod, reciprocal, relu, reshape, round, select, sigmoid, sign, sin, slice,
  softmax, softplus, split, sqrt, square, squeeze, stack, sub, sum, t, tanh, transpose, unsqueeze, variance, where,
} from './autograd/index.js';
export type { BackwardOptions, Dim, Extreme, GradcheckOptions, VarianceOptions } from './autograd/index.js';
