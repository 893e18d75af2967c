/** Layers and losses as plain functions of tensors. Only re-exports. */
export { flatten, leakyRelu, linear, logSoftmax, relu, sigmoid, softmax, softplus, tanh } from '../../autograd/index.js';
export {
  adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d,
} from './adaptivePool.js';
export type { AdaptiveMaxPoolOptions, AdaptiveSize } from './adaptivePool.js';
export { conv1d, conv2d, conv3d, corr2d } from './conv.js';
export type { ConvolutionOptions, PaddingMode } from './conv.js';
export { convTranspose1d, convTranspose2d, convTranspose3d } from './convTranspose.js';
export type { ConvTransposeOptions } from './convTranspose.js';
export { dropout } from './dropout.js';
export type { DropoutOptions } from './dropout.js';
export { embedding } from './embedding.js';
export type { EmbeddingOptions } from './embedding.js';
export { crossEntropy, mseLoss, nllLoss } from './loss.js';
export type { CrossEntropyOptions, MseLossOptions, NllLossOptions, Reduction } from './loss.js';
export { localResponseNorm } from './localResponseNorm.js';
export type { LocalResponseNormOptions } from './localResponseNorm.js';
export { fold, unfold } from './fold.js';
export type { FoldOptions } from './fold.js';
export { interpolate } from './interpolate.js';
export type { InterpolateOptions, InterpolationMode } from './interpolate.js';
export { lpPool1d, lpPool2d, lpPool3d } from './lpPool.js';
export type { LPPoolOptions } from './lpPool.js';
export { batchNorm } from './norm.js';
export type { BatchNormFunctionOptions } from './norm.js';
export { pad } from './pad.js';
export type { PadMode } from './pad.js';
export { avgPool1d, avgPool2d, avgPool3d, maxPool1d, maxPool2d, maxPool3d } from './pool.js';
export type { AvgPoolOptions, MaxPoolOptions } from './pool.js';
export { groupNorm, instanceNorm, layerNorm } from './rowNorm.js';
export type { InstanceNormFunctionOptions, NormFunctionOptions } from './rowNorm.js';
export { channelShuffle, pixelShuffle, pixelUnshuffle } from './shuffle.js';
export { maxUnpool1d, maxUnpool2d, maxUnpool3d } from './unpool.js';
export type { MaxUnpoolOptions } from './unpool.js';
