/** What the module exports, one file of kernels after the other. */
export * from './compare';
export * from './depthwise';
export * from './depthwiseWeight';
export * from './elementwise';
export * from './extreme';
export * from './gemm';
export * from './gemv';
export * from './move';
export * from './norm';
export * from './optim';
export * from './maxPool';
export * from './maxPoolGrad';
export * from './avgPool';
export * from './random';
export * from './reduce';
export * from './softmax';
export * from './sparse';
export * from './strided';
export { f32_reaches } from './special';
export * from './whole';
export * from './conv';
export { pairRows } from './panels';
export { splat } from './store';
export * from './winograd';
export * from './winogradWeight';
// For the self-check alone.
export { dots4Of, dots8Of, packedTile, packedTwins, pairsOf, spotsTile, spotsTwins, tableTile, tableTwins } from './micro';
export * from './inner';
