/** Learning-rate schedules. Only re-exports. */
export { ChainedScheduler, SequentialLR } from './combined.js';
export type { CombinedState } from './combined.js';
export { CosineAnnealingLR, CosineAnnealingWarmRestarts } from './cosine.js';
export type { WarmRestartsState } from './cosine.js';
export { CyclicLR } from './cyclic.js';
export type { CyclicOptions } from './cyclic.js';
export { LambdaLR, MultiplicativeLR } from './lambda.js';
export type { LrLambda } from './lambda.js';
export { OneCycleLR } from './oneCycle.js';
export type { OneCycleOptions } from './oneCycle.js';
export { ReduceLROnPlateau } from './plateau.js';
export type { PlateauOptions, PlateauState } from './plateau.js';
export { LRScheduler } from './scheduler.js';
export type { Scheduled, SchedulerState } from './scheduler.js';
export { ConstantLR, ExponentialLR, LinearLR, MultiStepLR, PolynomialLR, StepLR } from './steps.js';
