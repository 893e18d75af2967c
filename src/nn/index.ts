/** Modules, layers, their functional forms and the factories that build them. Only re-exports. */
export * from './functional/index.js';
export { BackendModule, Layer } from './layer.js';
export { LeakyReLU, LogSoftmax, ReLU, Sigmoid, Softmax, Softplus, Tanh } from './layers/activation.js';
export { Identity, Sequential } from './layers/container.js';
export { Conv2d } from './layers/conv.js';
export type { ConvLayerOptions } from './layers/conv.js';
export { Dropout } from './layers/dropout.js';
export { Flatten, Linear } from './layers/linear.js';
export type { LinearOptions } from './layers/linear.js';
export { CrossEntropyLoss, MSELoss, NLLLoss } from './layers/loss.js';
export { BatchNorm1d, BatchNorm2d } from './layers/norm.js';
export type { BatchNormOptions } from './layers/norm.js';
export { AvgPool2d, MaxPool2d } from './layers/pool.js';
export { Module } from './module.js';
export type { StateDict } from './module.js';
export { NN } from './nn.js';
export type { LayerClass } from './nn.js';
export { Parameter } from './parameter.js';
