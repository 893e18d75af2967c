/**
 * NN: what `convoy.nn()` returns. Every layer as a factory under PyTorch's class name, and tensors on the model's backend.
 * It knows no container: `build` is given to it by src/convoy.
 */
import type { Backend, DType, Rng } from '../backend/index.js';
import { ArgumentError } from '../errors.js';
import { arange, eye, fromData, full, normal, tensorOptions, uniform, type Tensor, type TensorData, type TensorOptions } from '../tensor/index.js';
import { checkShape } from '../shape/index.js';
import { Conv2d, convSpec, type ConvLayerOptions } from './layers/conv.js';
import type { Module } from './module.js';
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

  /** A parameter over the tensor's storage: a module that has it as a property trains it. */
  parameter(tensor: Tensor, options?: { requiresGrad?: boolean }): Parameter {
    return new Parameter(tensor, options?.requiresGrad ?? true);
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

  /** `nn.arange(end)` or `nn.arange(start, end, step?)`. */
  arange(start: number, end?: number, step = 1, options?: TensorOptions): Tensor {
    return end === undefined ? arange(this.backend, 0, start, step, options) : arange(this.backend, start, end, step, options);
  }

  eye(n: number, m: number = n, options?: TensorOptions): Tensor {
    return eye(this.backend, n, m, options);
  }

  private filled(op: string, value: number, size: SizeArgs): Tensor {
    const { shape, dtype, requiresGrad } = sizeArgs(op, size);
    return full(this.backend, shape, value, dtype).requiresGrad_(requiresGrad);
  }
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
