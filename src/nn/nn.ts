/**
 * NN: what `convoy.nn()` returns. It makes tensors on the model's backend and builds layers; the layers' factories are bound to it
 * by factories.ts. It knows no container: `build` is given to it by src/convoy.
 */
import { isFloat, type Backend, type DType, type Rng } from '../backend/index.js';
import { ArgumentError, checkFlag, checkOptions, DtypeError, fmt } from '../errors.js';
import { arange, eye, fromData, full, linspace, normal, Tensor, tensorOptions, uniform, type TensorData, type TensorOptions } from '../tensor/index.js';
import { checkShape } from '../shape/index.js';
import type { LayerClass, LayerMaker } from './factory.js';
import type { Module } from './module.js';
import { Parameter } from './parameter.js';

type SizeArgs = (number | readonly number[] | TensorOptions)[];

export class NN implements LayerMaker {
  constructor(
    readonly backend: Backend,
    readonly rng: Rng,
    private readonly build: <M extends Module, S>(layer: LayerClass<M, S>, spec: S) => M,
  ) {}

  /** Builds a layer class of the user's with this backend and random numbers injected, as the factories do. */
  make<M extends Module, S>(layer: LayerClass<M, S>, spec: S): M {
    return this.build(layer, spec);
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

  /** `steps` evenly spaced numbers from `start` to `end`, both included. */
  linspace(start: number, end: number, steps: number, options?: TensorOptions): Tensor {
    return linspace(this.backend, start, end, steps, options);
  }

  /** Uniform on [0, 1) in the shape and, unless given, the dtype of another tensor. */
  randLike(x: Tensor, options?: TensorOptions): Tensor {
    return this.rand(x.shape, { dtype: x.dtype, ...options });
  }

  /** Standard normal in the shape and, unless given, the dtype of another tensor. */
  randnLike(x: Tensor, options?: TensorOptions): Tensor {
    return this.randn(x.shape, { dtype: x.dtype, ...options });
  }

  /** int32 numbers from `low` to `high` − 1, each as likely. `nn.randint(high, shape)` starts from 0. @source torch.randint */
  randint(...args: [low: number, high: number, shape: readonly number[]] | [high: number, shape: readonly number[]]): Tensor {
    const [low, high, shape] = args.length === 2 ? [0, ...args] : args;
    if (!Number.isInteger(low) || !Number.isInteger(high) || high <= low) throw new ArgumentError('CVY_ARG_VALUE', `randint: the bounds are ${low} and ${high} but must be integers, the second larger`);
    const drawn = uniform(this.backend, this.rng, checkShape('randint', shape), 0, 1, 'float64').dataSync();
    return fromData(this.backend, Int32Array.from(drawn, (u) => low + Math.floor(u * (high - low))), shape);
  }

  /** The numbers from 0 to n − 1 in random order, int32. @source torch.randperm */
  randperm(n: number): Tensor {
    const drawn = uniform(this.backend, this.rng, checkShape('randperm', [n]), 0, 1, 'float64').dataSync();
    return fromData(this.backend, Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => drawn[a] - drawn[b] || a - b));
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
