/**
 * Layers that learn from their first input how many channels or features come in: see nn/lazy.ts.
 */
import { inject, injectable } from 'inversify';
import type { Backend, Rng } from '../../backend/index.js';
import { BACKEND, RNG, SPEC } from '../../di/tokens.js';
import { fmt, ShapeError } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { LazyLayer, type LazySpec } from '../lazy.js';
import { Conv1d, Conv2d, Conv3d, convSpec, type ConvLayerOptions, type ConvLayerSpec } from './conv.js';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, convTransposeSpec, type ConvTransposeLayerOptions, type ConvTransposeLayerSpec } from './convTranspose.js';
import { Linear, linearSpec, type LinearOptions, type LinearSpec } from './linear.js';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, batchNormSpec, type BatchNormOptions, type BatchNormSpec } from './norm.js';

/** The size of the axis so many before the last one, when the input has one of `ranks` axes. */
function sizeAt(op: string, input: Tensor, ranks: readonly number[], before: number): number {
  if (!ranks.includes(input?.ndim)) {
    throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input?.ndim} axes but ${ranks.join(' or ')} are required (input ${fmt(input?.shape ?? [])})`);
  }
  return input.shape[input.ndim - 1 - before];
}

abstract class LazyConvolution extends LazyLayer<ConvLayerSpec> {
  protected abstract readonly axes: number;

  protected sizeOf(input: Tensor): number {
    return sizeAt(this.constructor.name, input, [this.axes + 1, this.axes + 2], this.axes);
  }

  protected sizeIn(weight: readonly number[], { groups }: ConvLayerSpec): number {
    return weight[1] * groups;
  }
}

abstract class LazyTransposed extends LazyLayer<ConvTransposeLayerSpec> {
  protected abstract readonly axes: number;

  protected sizeOf(input: Tensor): number {
    return sizeAt(this.constructor.name, input, [this.axes + 1, this.axes + 2], this.axes);
  }

  protected sizeIn(weight: readonly number[]): number {
    return weight[0];
  }
}

abstract class LazyBatchNorm extends LazyLayer<BatchNormSpec> {
  protected abstract readonly ranks: readonly number[];

  protected sizeOf(input: Tensor): number {
    sizeAt(this.constructor.name, input, this.ranks, 0);
    return input.shape[1];
  }

  protected sizeIn(weight: readonly number[]): number {
    return weight[0];
  }
}

/** {@link Conv1d} of as many input channels as its first input has. @source torch.nn.LazyConv1d */
@injectable()
export class LazyConv1d extends LazyConvolution {
  constructor(@inject(SPEC) spec: LazySpec<ConvLayerSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof Conv1d {
    return Conv1d;
  }

  protected get axes(): number {
    return 1;
  }
}

/** {@link ConvTranspose1d} of as many input channels as its first input has. @source torch.nn.LazyConvTranspose1d */
@injectable()
export class LazyConvTranspose1d extends LazyTransposed {
  constructor(@inject(SPEC) spec: LazySpec<ConvTransposeLayerSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof ConvTranspose1d {
    return ConvTranspose1d;
  }

  protected get axes(): number {
    return 1;
  }
}

/** {@link Conv2d} of as many input channels as its first input has. @source torch.nn.LazyConv2d */
@injectable()
export class LazyConv2d extends LazyConvolution {
  constructor(@inject(SPEC) spec: LazySpec<ConvLayerSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof Conv2d {
    return Conv2d;
  }

  protected get axes(): number {
    return 2;
  }
}

/** {@link ConvTranspose2d} of as many input channels as its first input has. @source torch.nn.LazyConvTranspose2d */
@injectable()
export class LazyConvTranspose2d extends LazyTransposed {
  constructor(@inject(SPEC) spec: LazySpec<ConvTransposeLayerSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof ConvTranspose2d {
    return ConvTranspose2d;
  }

  protected get axes(): number {
    return 2;
  }
}

/** {@link Conv3d} of as many input channels as its first input has. @source torch.nn.LazyConv3d */
@injectable()
export class LazyConv3d extends LazyConvolution {
  constructor(@inject(SPEC) spec: LazySpec<ConvLayerSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof Conv3d {
    return Conv3d;
  }

  protected get axes(): number {
    return 3;
  }
}

/** {@link ConvTranspose3d} of as many input channels as its first input has. @source torch.nn.LazyConvTranspose3d */
@injectable()
export class LazyConvTranspose3d extends LazyTransposed {
  constructor(@inject(SPEC) spec: LazySpec<ConvTransposeLayerSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof ConvTranspose3d {
    return ConvTranspose3d;
  }

  protected get axes(): number {
    return 3;
  }
}

/** {@link BatchNorm1d} of as many features as its first input has channels. @source torch.nn.LazyBatchNorm1d */
@injectable()
export class LazyBatchNorm1d extends LazyBatchNorm {
  constructor(@inject(SPEC) spec: LazySpec<BatchNormSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof BatchNorm1d {
    return BatchNorm1d;
  }

  protected get ranks(): number[] {
    return [2, 3];
  }
}

/** {@link BatchNorm2d} of as many features as its first input has channels. @source torch.nn.LazyBatchNorm2d */
@injectable()
export class LazyBatchNorm2d extends LazyBatchNorm {
  constructor(@inject(SPEC) spec: LazySpec<BatchNormSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof BatchNorm2d {
    return BatchNorm2d;
  }

  protected get ranks(): number[] {
    return [4];
  }
}

/** {@link BatchNorm3d} of as many features as its first input has channels. @source torch.nn.LazyBatchNorm3d */
@injectable()
export class LazyBatchNorm3d extends LazyBatchNorm {
  constructor(@inject(SPEC) spec: LazySpec<BatchNormSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof BatchNorm3d {
    return BatchNorm3d;
  }

  protected get ranks(): number[] {
    return [5];
  }
}

/** {@link Linear} of as many input features as the last axis of its first input has. @source torch.nn.LazyLinear */
@injectable()
export class LazyLinear extends LazyLayer<LinearSpec> {
  constructor(@inject(SPEC) spec: LazySpec<LinearSpec>, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(spec, backend, rng);
  }

  protected get type(): typeof Linear {
    return Linear;
  }

  protected sizeOf(input: Tensor): number {
    if (!(input?.ndim >= 1)) throw new ShapeError('CVY_SHAPE_RANK', `LazyLinear: input has ${input?.ndim} axes but at least 1 is required (input ${fmt(input?.shape ?? [])})`);
    return input.shape[input.ndim - 1];
  }

  protected sizeIn(weight: readonly number[]): number {
    return weight[1];
  }
}

/** The spec of each size; the options are checked at once, with the least size that they could go with. */
function lazily<S extends object>(least: number, of: (size: number) => S, none: object): LazySpec<S> {
  const usual = of(least);
  return { of: (size) => (size === 0 ? { ...usual, ...none } : of(size)) };
}

type Kernel = number | readonly number[];
const convolution = (op: string, axes: number) => (outChannels: number, kernelSize: Kernel, options?: ConvLayerOptions): LazySpec<ConvLayerSpec> =>
  lazily(options?.groups ?? 1, (size) => convSpec(op, axes, size, outChannels, kernelSize, options), { inChannels: 0 });
const transposed = (op: string, axes: number) => (outChannels: number, kernelSize: Kernel, options?: ConvTransposeLayerOptions): LazySpec<ConvTransposeLayerSpec> =>
  lazily(options?.groups ?? 1, (size) => convTransposeSpec(op, axes, size, outChannels, kernelSize, options), { inChannels: 0 });
const batchNorm = (op: string) => (options?: BatchNormOptions): LazySpec<BatchNormSpec> => lazily(1, (size) => batchNormSpec(op, size, options), { numFeatures: 0 });
const linear = (outFeatures: number, options?: LinearOptions): LazySpec<LinearSpec> => lazily(1, (size) => linearSpec(size, outFeatures, options), { inFeatures: 0 });

export const factories = {
  /** See {@link LazyConv1d}. */
  LazyConv1d: factory(LazyConv1d, convolution('LazyConv1d', 1)),
  /** See {@link LazyConv2d}. */
  LazyConv2d: factory(LazyConv2d, convolution('LazyConv2d', 2)),
  /** See {@link LazyConv3d}. */
  LazyConv3d: factory(LazyConv3d, convolution('LazyConv3d', 3)),
  /** See {@link LazyConvTranspose1d}. */
  LazyConvTranspose1d: factory(LazyConvTranspose1d, transposed('LazyConvTranspose1d', 1)),
  /** See {@link LazyConvTranspose2d}. */
  LazyConvTranspose2d: factory(LazyConvTranspose2d, transposed('LazyConvTranspose2d', 2)),
  /** See {@link LazyConvTranspose3d}. */
  LazyConvTranspose3d: factory(LazyConvTranspose3d, transposed('LazyConvTranspose3d', 3)),
  /** See {@link LazyBatchNorm1d}. */
  LazyBatchNorm1d: factory(LazyBatchNorm1d, batchNorm('LazyBatchNorm1d')),
  /** See {@link LazyBatchNorm2d}. */
  LazyBatchNorm2d: factory(LazyBatchNorm2d, batchNorm('LazyBatchNorm2d')),
  /** See {@link LazyBatchNorm3d}. */
  LazyBatchNorm3d: factory(LazyBatchNorm3d, batchNorm('LazyBatchNorm3d')),
  /** See {@link LazyLinear}. */
  LazyLinear: factory(LazyLinear, linear),
};
