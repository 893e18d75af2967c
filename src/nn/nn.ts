/**
 * NN: what `convoy.nn()` returns. Every layer as a factory under PyTorch's class name, and tensors on the model's backend.
 * It knows no container: `build` is given to it by src/convoy.
 */
import { isFloat, type Backend, type DType, type Rng } from '../backend/index.js';
import { ArgumentError, checkFlag, checkOptions, DtypeError, fmt } from '../errors.js';
import { arange, eye, fromData, full, normal, Tensor, tensorOptions, uniform, type TensorData, type TensorOptions } from '../tensor/index.js';
import { checkShape, type PoolOptions } from '../shape/index.js';
import type { CrossEntropyOptions, MseLossOptions, NllLossOptions } from './functional/loss.js';
import type { AvgPoolOptions } from './functional/pool.js';
import { dimSpec, LeakyReLU, leakyReluSpec, LogSoftmax, ReLU, Sigmoid, Softmax, Softplus, softplusSpec, Tanh } from './layers/activation.js';
import { Sequential, sequentialSpec } from './layers/container.js';
import { Conv2d, convSpec, type ConvLayerOptions } from './layers/conv.js';
import { Dropout, dropoutSpec } from './layers/dropout.js';
import { Identity } from './layers/identity.js';
import { Flatten, flattenSpec, Linear, linearSpec, type LinearOptions } from './layers/linear.js';
import { CrossEntropyLoss, crossEntropySpec, MSELoss, mseSpec, NLLLoss, nllSpec } from './layers/loss.js';
import { BatchNorm1d, BatchNorm2d, batchNormSpec, type BatchNormOptions } from './layers/norm.js';
import { AvgPool2d, avgPoolSpec, MaxPool2d, maxPoolSpec } from './layers/pool.js';
import type { Module } from './module.js';
import { noSpec } from './options.js';
import { Parameter } from './parameter.js';

/** A class whose constructor takes SPEC, BACKEND and RNG by injection. */
export type LayerClass<M extends Module, S> = new (spec: S, backend: Backend, rng: Rng) => M;
type SizeArgs = (number | readonly number[] | TensorOptions)[];

export class NN {
  constructor(
    readonly backend: Backend,
    readonly rng: Rng,
    private readonly build: <M extends Module, S>(layer: LayerClass<M, S>, spec: S) => M,
  ) {}

  /** Builds a layer class of the user's with this backend and random numbers injected, as the factories do. */
  make<M extends Module, S>(layer: LayerClass<M, S>, spec: S): M {
    return this.build(layer, spec);
  }

  /** See {@link Conv2d}. */
  Conv2d(inChannels: number, outChannels: number, kernelSize: number | readonly number[], options?: ConvLayerOptions): Conv2d {
    return this.make(Conv2d, convSpec('Conv2d', 2, inChannels, outChannels, kernelSize, options));
  }

  /** See {@link Linear}. */
  Linear(inFeatures: number, outFeatures: number, options?: LinearOptions): Linear {
    return this.make(Linear, linearSpec(inFeatures, outFeatures, options));
  }

  /** See {@link Flatten}. */
  Flatten(startDim?: number | { startDim?: number; endDim?: number }, endDim?: number): Flatten {
    return this.make(Flatten, flattenSpec(startDim, endDim));
  }

  /** See {@link MaxPool2d}. */
  MaxPool2d(kernelSize: number | readonly number[], options?: PoolOptions): MaxPool2d {
    return this.make(MaxPool2d, maxPoolSpec('MaxPool2d', 2, kernelSize, options));
  }

  /** See {@link AvgPool2d}. */
  AvgPool2d(kernelSize: number | readonly number[], options?: AvgPoolOptions): AvgPool2d {
    return this.make(AvgPool2d, avgPoolSpec('AvgPool2d', 2, kernelSize, options));
  }

  /** See {@link BatchNorm1d}. */
  BatchNorm1d(numFeatures: number, options?: BatchNormOptions): BatchNorm1d {
    return this.make(BatchNorm1d, batchNormSpec('BatchNorm1d', numFeatures, options));
  }

  /** See {@link BatchNorm2d}. */
  BatchNorm2d(numFeatures: number, options?: BatchNormOptions): BatchNorm2d {
    return this.make(BatchNorm2d, batchNormSpec('BatchNorm2d', numFeatures, options));
  }

  /** See {@link Dropout}. */
  Dropout(p?: number | { p?: number }): Dropout {
    return this.make(Dropout, dropoutSpec(p));
  }

  /** See {@link ReLU}. */
  ReLU(options?: object): ReLU {
    return this.make(ReLU, noSpec('ReLU', options));
  }

  /** See {@link Tanh}. */
  Tanh(options?: object): Tanh {
    return this.make(Tanh, noSpec('Tanh', options));
  }

  /** See {@link Sigmoid}. */
  Sigmoid(options?: object): Sigmoid {
    return this.make(Sigmoid, noSpec('Sigmoid', options));
  }

  /** See {@link LeakyReLU}. */
  LeakyReLU(negativeSlope?: number | { negativeSlope?: number }): LeakyReLU {
    return this.make(LeakyReLU, leakyReluSpec(negativeSlope));
  }

  /** See {@link Softplus}. */
  Softplus(options?: { beta?: number; threshold?: number }): Softplus {
    return this.make(Softplus, softplusSpec(options));
  }

  /** See {@link Softmax}. */
  Softmax(dim: number | { dim: number }): Softmax {
    return this.make(Softmax, dimSpec('Softmax', dim));
  }

  /** See {@link LogSoftmax}. */
  LogSoftmax(dim: number | { dim: number }): LogSoftmax {
    return this.make(LogSoftmax, dimSpec('LogSoftmax', dim));
  }

  /** See {@link Identity}. */
  Identity(options?: object): Identity {
    return this.make(Identity, noSpec('Identity', options));
  }

  /** See {@link Sequential}. */
  Sequential(...modules: Module[]): Sequential {
    return this.make(Sequential, sequentialSpec(modules));
  }

  /** See {@link CrossEntropyLoss}. */
  CrossEntropyLoss(options?: CrossEntropyOptions): CrossEntropyLoss {
    return this.make(CrossEntropyLoss, crossEntropySpec(options));
  }

  /** See {@link NLLLoss}. */
  NLLLoss(options?: NllLossOptions): NLLLoss {
    return this.make(NLLLoss, nllSpec(options));
  }

  /** See {@link MSELoss}. */
  MSELoss(options?: MseLossOptions): MSELoss {
    return this.make(MSELoss, mseSpec(options));
  }

  /** A parameter over the tensor's storage: a module that has it as a property trains it. */
  parameter(tensor: Tensor, options?: { requiresGrad?: boolean }): Parameter {
    if (!(tensor instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `parameter: the data is ${Array.isArray(tensor) ? 'an array' : typeof tensor} but must be a tensor; make one with nn.tensor(…)`);
    checkOptions('parameter', options, ['requiresGrad']);
    const requiresGrad = checkFlag('parameter', 'requiresGrad', options?.requiresGrad ?? true);
    if (requiresGrad && !isFloat(tensor.dtype)) throw new DtypeError('CVY_DTYPE', `parameter: dtype is ${tensor.dtype} but float32 or float64 is required (tensor ${fmt(tensor.shape)}); convert with to('float32'), or pass { requiresGrad: false }`);
    return new Parameter(tensor, requiresGrad);
  }

  /** See {@link fromData}. */
  tensor(data: TensorData, shape?: readonly number[] | TensorOptions, options?: TensorOptions): Tensor {
    return Array.isArray(shape) || shape === undefined ? fromData(this.backend, data, shape as readonly number[] | undefined, options) : fromData(this.backend, data, undefined, shape as TensorOptions);
  }

  /** `nn.zeros(2, 3)` or `nn.zeros([2, 3], { dtype })`. */
  zeros(...size: SizeArgs): Tensor {
    return this.filled('zeros', 0, size);
  }

  ones(...size: SizeArgs): Tensor {
    return this.filled('ones', 1, size);
  }

  full(shape: readonly number[], value: number, options?: TensorOptions): Tensor {
    return this.filled('full', value, [shape, ...(options ? [options] : [])]);
  }

  /** Uniform on [0, 1). */
  rand(...size: SizeArgs): Tensor {
    const { shape, dtype, requiresGrad } = sizeArgs('rand', size);
    return uniform(this.backend, this.rng, shape, 0, 1, dtype).requiresGrad_(requiresGrad);
  }

  /** Standard normal. */
  randn(...size: SizeArgs): Tensor {
    const { shape, dtype, requiresGrad } = sizeArgs('randn', size);
    return normal(this.backend, this.rng, shape, 0, 1, dtype).requiresGrad_(requiresGrad);
  }

  /** `nn.arange(end)` or `nn.arange(start, end, step?)`; options come last. */
  arange(...args: (number | TensorOptions)[]): Tensor {
    const { numbers, options } = withoutOptions(args);
    const [start, end, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
    return arange(this.backend, start, end, step, options);
  }

  /** Ones on the diagonal of [n, n] or [n, m]; options come last. */
  eye(...args: (number | TensorOptions)[]): Tensor {
    const { numbers: [n, m = n], options } = withoutOptions(args);
    return eye(this.backend, n, m, options);
  }

  private filled(op: string, value: number, size: SizeArgs): Tensor {
    const { shape, dtype, requiresGrad } = sizeArgs(op, size);
    return full(this.backend, shape, value, dtype).requiresGrad_(requiresGrad);
  }
}

function withoutOptions(args: (number | TensorOptions)[]): { numbers: number[]; options: TensorOptions | undefined } {
  const last = args.at(-1);
  const options = typeof last === 'object' ? last : undefined;
  return { numbers: (options ? args.slice(0, -1) : args) as number[], options };
}

/** Sizes one by one or as an array, then options. */
function sizeArgs(op: string, args: SizeArgs): { shape: number[]; dtype: DType; requiresGrad: boolean } {
  const last = args.at(-1);
  const options = typeof last === 'object' && !Array.isArray(last) ? (last as TensorOptions) : undefined;
  const sizes = options ? args.slice(0, -1) : args;
  if (Array.isArray(sizes[0]) && sizes.length > 1) throw new ArgumentError('CVY_ARG_TYPE', `${op}: a shape and further sizes are given but either an array or single sizes are required`);
  const shape = checkShape(op, (Array.isArray(sizes[0]) ? sizes[0] : sizes) as number[]);
  return { shape, ...tensorOptions(op, options) };
}
