/** Optimizers and learning-rate schedules. Only re-exports. */
export { Adam } from './adam.js';
export type { AdamOptions } from './adam.js';
export { Optimizer } from './optimizer.js';
export type { OptimizerState, ParamGroup, Params, ParamState, RateOptions } from './optimizer.js';
export { CosineAnnealingLR, LRScheduler, StepLR } from './scheduler.js';
export type { Scheduled, SchedulerState } from './scheduler.js';
export { SGD } from './sgd.js';
export type { SGDOptions } from './sgd.js';
