/** Public entry `convoy-nn/testkit`: what proves a backend and its gradients right. Needs no test runner. Only re-exports. */
export { opCases } from './cases.js';
export type { Fill, OpCase, Slot, Tolerance } from './cases.js';
export { conformance, uncoveredOps } from './conformance.js';
export type { Conformance, ConformanceOptions, ConformanceReport, ConformanceTest, Coverage, Skip } from './conformance.js';
export { fuzzCases } from './fuzz.js';
export type { FuzzOptions } from './fuzz.js';
export { GuardedCall } from './guard.js';
export type { Garbage } from './guard.js';
export type { TableTarget, Target } from './target.js';
export { coreDevice } from './coreDevice.js';
export { gradientCases } from './gradientCases/index.js';
export { operations } from './operations.js';
export type { Operation } from './operations.js';
export type { Domain, GradientCase } from './gradientCases/gradientCase.js';
export { gradientTests } from './gradients.js';
export type { GradientTest } from './gradients.js';
