/** Modules, layers, their functional forms and the factories that build them. Only re-exports. */
import './factories.js';
export * from './functional/index.js';
export { deepCopy } from './copy.js';
export type { LayerClass } from './factory.js';
export { fuse } from './fuse.js';
export * as init from './initialisers/index.js';
export {
  AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d,
} from './layers/adaptivePool.js';
export { BackendModule, Layer, RandomLayer } from './layer.js';
export { LeakyReLU, LogSoftmax, ReLU, Sigmoid, Softmax, Softmax2d, Softmin, Softplus, Tanh } from './layers/activation.js';
export { GLU, PReLU, RReLU } from './layers/activationGated.js';
export { Hardshrink, Hardsigmoid, Hardswish, Hardtanh, ReLU6, Softshrink, Threshold } from './layers/activationPiecewise.js';
export { CELU, ELU, GELU, LogSigmoid, Mish, SELU, SiLU, Softsign, Tanhshrink } from './layers/activationSmooth.js';
export { Bilinear } from './layers/bilinear.js';
export { Sequential } from './layers/container.js';
export { Conv1d, Conv2d, Conv3d } from './layers/conv.js';
export type { ConvLayerOptions } from './layers/conv.js';
export { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './layers/convTranspose.js';
export type { ConvTransposeLayerOptions } from './layers/convTranspose.js';
export { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from './layers/dropout.js';
export { Embedding } from './layers/embedding.js';
export type { EmbeddingLayerOptions } from './layers/embedding.js';
export { Fold, Unfold } from './layers/fold.js';
export { Identity } from './layers/identity.js';
export {
  LazyBatchNorm1d, LazyBatchNorm2d, LazyBatchNorm3d, LazyConv1d, LazyConv2d, LazyConv3d, LazyConvTranspose1d, LazyConvTranspose2d, LazyConvTranspose3d,
  LazyLinear,
} from './layers/lazy.js';
export { Flatten, Linear, Unflatten } from './layers/linear.js';
export type { LinearOptions } from './layers/linear.js';
export { LPPool1d, LPPool2d, LPPool3d } from './layers/lpPool.js';
export { ModuleDict, ModuleList, ParameterList } from './layers/lists.js';
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from './layers/norm.js';
export type { BatchNormOptions, InstanceNormOptions } from './layers/norm.js';
export { AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d } from './layers/pool.js';
export type { WithIndices } from './layers/pool.js';
export { CrossEntropyLoss, NLLLoss } from './layers/loss.js';
export { BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss, SoftMarginLoss } from './layers/lossBinary.js';
export { GaussianNLLLoss, HuberLoss, KLDivLoss, L1Loss, MSELoss, PoissonNLLLoss, SmoothL1Loss } from './layers/lossElementwise.js';
export {
  CosineEmbeddingLoss, CosineSimilarity, HingeEmbeddingLoss, MarginRankingLoss, MultiMarginLoss, PairwiseDistance, TripletMarginLoss,
} from './layers/lossMargin.js';
export {
  CircularPad1d, CircularPad2d, CircularPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, ReflectionPad1d, ReflectionPad2d, ReflectionPad3d,
  ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, ZeroPad1d, ZeroPad2d, ZeroPad3d,
} from './layers/pad.js';
export type { PadSize } from './layers/pad.js';
export { GroupNorm, LayerNorm, LocalResponseNorm } from './layers/rowNorm.js';
export type { GroupNormOptions, LayerNormOptions } from './layers/rowNorm.js';
export { ChannelShuffle, PixelShuffle, PixelUnshuffle } from './layers/shuffle.js';
export { MaxUnpool1d, MaxUnpool2d, MaxUnpool3d } from './layers/unpool.js';
export { Upsample, UpsamplingBilinear2d, UpsamplingNearest2d } from './layers/upsample.js';
export type { UpsampleOptions } from './layers/upsample.js';
export { Module } from './module.js';
export type { ModuleInput } from './module.js';
export type { BackwardHook, ForwardHook, ForwardPreHook } from './hooks.js';
export { NN } from './nn.js';
export { Parameter } from './parameter.js';
export type { LoadResult, StateDict } from './stateDict.js';
