/**
 * Layers that learn from their first input how many channels or features come in: see nn/lazy.ts. All that they differ in is their spec.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { fmt, ShapeError } from '../../errors.js';
import type { Sizes } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { factory, type LayerClass } from '../factory.js';
import type { Layer } from '../layer.js';
import { LazyLayer, type LazySpec } from '../lazy.js';
import { Conv1d, Conv2d, Conv3d, convSpec, type ConvLayerOptions, type ConvLayerSpec } from './conv.js';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, convTransposeSpec, type ConvTransposeLayerOptions, type ConvTransposeLayerSpec } from './convTranspose.js';
import { Linear, linearSpec, type LinearOptions, type LinearSpec } from './linear.js';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, batchNormSpec, type BatchNormOptions, type BatchNormSpec } from './norm.js';

/** {@link Conv1d} of as many input channels as its first input has. @source torch.nn.LazyConv1d */
@injectedAsBase
export class LazyConv1d extends LazyLayer<ConvLayerSpec> {}

/** {@link Conv2d} of as many input channels as its first input has. @source torch.nn.LazyConv2d */
@injectedAsBase
export class LazyConv2d extends LazyLayer<ConvLayerSpec> {}

/** {@link Conv3d} of as many input channels as its first input has. @source torch.nn.LazyConv3d */
@injectedAsBase
export class LazyConv3d extends LazyLayer<ConvLayerSpec> {}

/** {@link ConvTranspose1d} of as many input channels as its first input has. @source torch.nn.LazyConvTranspose1d */
@injectedAsBase
export class LazyConvTranspose1d extends LazyLayer<ConvTransposeLayerSpec> {}

/** {@link ConvTranspose2d} of as many input channels as its first input has. @source torch.nn.LazyConvTranspose2d */
@injectedAsBase
export class LazyConvTranspose2d extends LazyLayer<ConvTransposeLayerSpec> {}

/** {@link ConvTranspose3d} of as many input channels as its first input has. @source torch.nn.LazyConvTranspose3d */
@injectedAsBase
export class LazyConvTranspose3d extends LazyLayer<ConvTransposeLayerSpec> {}

/** {@link BatchNorm1d} of as many features as its first input has channels. @source torch.nn.LazyBatchNorm1d */
@injectedAsBase
export class LazyBatchNorm1d extends LazyLayer<BatchNormSpec> {}

/** {@link BatchNorm2d} of as many features as its first input has channels. @source torch.nn.LazyBatchNorm2d */
@injectedAsBase
export class LazyBatchNorm2d extends LazyLayer<BatchNormSpec> {}

/** {@link BatchNorm3d} of as many features as its first input has channels. @source torch.nn.LazyBatchNorm3d */
@injectedAsBase
export class LazyBatchNorm3d extends LazyLayer<BatchNormSpec> {}

/** {@link Linear} of as many input features as the last axis of its first input has. @source torch.nn.LazyLinear */
@injectedAsBase
export class LazyLinear extends LazyLayer<LinearSpec> {}

function checkRank(op: string, input: Tensor, ranks: readonly number[]): void {
  if (ranks.includes(input?.ndim)) return;
  throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input?.ndim} axes but ${ranks.join(' or ')} are required (input ${fmt(input?.shape ?? [])})`);
}

/** Input channels stand before the axes that the kernel has. */
const channels = (op: string, axes: number) => (input: Tensor): number => {
  checkRank(op, input, [axes + 1, axes + 2]);
  return input.shape[input.ndim - 1 - axes];
};

/** The spec of each size; the options are checked at once, with the least size that they could go with. */
function lazily<S extends object>(least: number, of: (size: number) => S, none: object): (size: number) => S {
  const usual = of(least);
  return (size) => (size === 0 ? { ...usual, ...none } : of(size));
}

type Becomes<S> = LayerClass<Layer, S>;

const convolution = (op: string, type: Becomes<ConvLayerSpec>, axes: number) =>
  (outChannels: number, kernelSize: Sizes, options?: ConvLayerOptions): LazySpec<ConvLayerSpec> => {
    const { groups = 1 } = options ?? {};
    const of = lazily(groups, (size) => convSpec(op, axes, size, outChannels, kernelSize, options), { inChannels: 0 });
    return { type, of, sizeOf: channels(op, axes), sizeIn: (weight) => weight[1] * groups };
  };

const transposed = (op: string, type: Becomes<ConvTransposeLayerSpec>, axes: number) =>
  (outChannels: number, kernelSize: Sizes, options?: ConvTransposeLayerOptions): LazySpec<ConvTransposeLayerSpec> => {
    const of = lazily(options?.groups ?? 1, (size) => convTransposeSpec(op, axes, size, outChannels, kernelSize, options), { inChannels: 0 });
    return { type, of, sizeOf: channels(op, axes), sizeIn: (weight) => weight[0] };
  };

const batchNorm = (op: string, type: Becomes<BatchNormSpec>, ranks: readonly number[]) => (options?: BatchNormOptions): LazySpec<BatchNormSpec> => ({
  type,
  of: lazily(1, (size) => batchNormSpec(op, size, options), { numFeatures: 0 }),
  sizeOf(input) {
    checkRank(op, input, ranks);
    return input.shape[1];
  },
  sizeIn: (weight) => weight[0],
});

const linear = (outFeatures: number, options?: LinearOptions): LazySpec<LinearSpec> => ({
  type: Linear,
  of: lazily(1, (size) => linearSpec(size, outFeatures, options), { inFeatures: 0 }),
  sizeOf(input) {
    if (!(input?.ndim >= 1)) throw new ShapeError('CVY_SHAPE_RANK', `LazyLinear: input has ${input?.ndim} axes but at least 1 is required (input ${fmt(input?.shape ?? [])})`);
    return input.shape[input.ndim - 1];
  },
  sizeIn: (weight) => weight[1],
});

export const factories = {
  /** See {@link LazyConv1d}. */
  LazyConv1d: factory(LazyConv1d, convolution('LazyConv1d', Conv1d, 1)),
  /** See {@link LazyConv2d}. */
  LazyConv2d: factory(LazyConv2d, convolution('LazyConv2d', Conv2d, 2)),
  /** See {@link LazyConv3d}. */
  LazyConv3d: factory(LazyConv3d, convolution('LazyConv3d', Conv3d, 3)),
  /** See {@link LazyConvTranspose1d}. */
  LazyConvTranspose1d: factory(LazyConvTranspose1d, transposed('LazyConvTranspose1d', ConvTranspose1d, 1)),
  /** See {@link LazyConvTranspose2d}. */
  LazyConvTranspose2d: factory(LazyConvTranspose2d, transposed('LazyConvTranspose2d', ConvTranspose2d, 2)),
  /** See {@link LazyConvTranspose3d}. */
  LazyConvTranspose3d: factory(LazyConvTranspose3d, transposed('LazyConvTranspose3d', ConvTranspose3d, 3)),
  /** See {@link LazyBatchNorm1d}. */
  LazyBatchNorm1d: factory(LazyBatchNorm1d, batchNorm('LazyBatchNorm1d', BatchNorm1d, [2, 3])),
  /** See {@link LazyBatchNorm2d}. */
  LazyBatchNorm2d: factory(LazyBatchNorm2d, batchNorm('LazyBatchNorm2d', BatchNorm2d, [4])),
  /** See {@link LazyBatchNorm3d}. */
  LazyBatchNorm3d: factory(LazyBatchNorm3d, batchNorm('LazyBatchNorm3d', BatchNorm3d, [5])),
  /** See {@link LazyLinear}. */
  LazyLinear: factory(LazyLinear, linear),
};
