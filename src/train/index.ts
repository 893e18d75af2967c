/** Training, measuring, and the tutorials' models and benchmark. Only re-exports. */
export { benchmark } from './benchmark.js';
export type { BenchmarkOptions, BenchmarkResult, ModelFactory } from './benchmark.js';
export { accuracy, evaluate } from './metrics.js';
export type { Evaluation } from './metrics.js';
export { TUTORIAL_MODELS, tutorialModel } from './models.js';
export type { TutorialModelName } from './models.js';
export type { CheckpointOptions, EpochInfo, StepInfo, TrainOptions } from './options.js';
export type { Loss } from './outcome.js';
export { train } from './train.js';
export type { TrainResult } from './train.js';
