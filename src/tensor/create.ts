/**
 * Making tensors: empty ones for results, from JavaScript data, filled, random. Nothing here is recorded.
 */
import { DTYPES, isFloat, normalAt, typedArray, uniformAt, type Backend, type DType, type Rng, type TypedArray } from '../backend/index.js';
import { nextStream } from '../backend/rng.js';
import { ArgumentError, checkOptions, DtypeError, fmt, ShapeError } from '../errors.js';
import { arenaOf } from '../memory/index.js';
import { checkShape, numel } from '../shape/index.js';
import { Tensor, type NestedArray } from './tensor.js';

export interface TensorOptions {
  dtype?: DType;
  requiresGrad?: boolean;
}

export type TensorData = TypedArray | number | boolean | readonly unknown[];

/** A tensor whose elements are garbage: the output of a kernel that is about to run. */
export function empty(backend: Backend, shape: readonly number[], dtype: DType): Tensor {
  return new Tensor(backend, arenaOf(backend.memory).allocate(dtype, numel(shape)), shape, dtype);
}

export function full(backend: Backend, shape: readonly number[], value: number, dtype: DType = 'float32'): Tensor {
  if (typeof value !== 'number') throw new ArgumentError('CVY_ARG_TYPE', `full: the value is ${value === null ? 'null' : typeof value} but must be a number (shape ${fmt(shape)})`);
  const y = empty(backend, shape, dtype);
  backend.run('fill', dtype, [y.ptr, y.numel, value]);
  return y;
}

/** A tensor like another in backend, shape and (unless given) dtype, all elements `value`. @source torch.full_like */
export function fullLike(x: Tensor, value: number, options?: TensorOptions): Tensor {
  if (!(x instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `fullLike: the example is ${x === null ? 'null' : typeof x} but must be a tensor`);
  const { dtype, requiresGrad } = tensorOptions('fullLike', options, x.dtype);
  return full(x.backend, x.shape, value, dtype).requiresGrad_(requiresGrad);
}

/** Zeros in another tensor's backend, shape and dtype. @source torch.zeros_like */
export const zerosLike = (x: Tensor, options?: TensorOptions): Tensor => fullLike(x, 0, options);
/** Ones in another tensor's backend, shape and dtype. @source torch.ones_like */
export const onesLike = (x: Tensor, options?: TensorOptions): Tensor => fullLike(x, 1, options);

/** Resolves and checks the options that creation functions share. */
export function tensorOptions(op: string, options: TensorOptions | undefined, fallback: DType = 'float32'): Required<TensorOptions> {
  checkOptions(op, options, ['dtype', 'requiresGrad']);
  const dtype = options?.dtype ?? fallback;
  if (!DTYPES.includes(dtype)) throw new DtypeError('CVY_DTYPE', `${op}: dtype is '${String(dtype)}' but must be one of ${DTYPES.join(', ')}`);
  return { dtype, requiresGrad: options?.requiresGrad ?? false };
}

/**
 * A tensor from typed arrays, numbers or nested arrays. Typed arrays keep their dtype (Uint8Array needs an explicit one),
 * booleans become bool, everything else float32.
 * @throws {ShapeError} CVY_SHAPE_NUMEL for ragged rows or a shape of another size; {DtypeError} CVY_DTYPE.
 */
export function fromData(backend: Backend, data: TensorData, shape?: readonly number[], options?: TensorOptions): Tensor {
  const { values, found, inferred } = flatten(data);
  const { dtype, requiresGrad } = tensorOptions('tensor', options, inferred ?? undefined);
  if (inferred === null && options?.dtype === undefined) {
    throw new DtypeError('CVY_DTYPE', `tensor: the data is a ${data.constructor.name} but a dtype is required with it; pass { dtype: 'float32' } or { dtype: 'int32' }`);
  }
  const to = shape === undefined ? found : checkShape('tensor', shape);
  if (numel(to) !== values.length) throw new ShapeError('CVY_SHAPE_NUMEL', `tensor: the data has ${values.length} elements but shape ${fmt(to)} needs ${numel(to)}`);
  const tensor = empty(backend, to, dtype);
  backend.memory.write(tensor.ptr, convert(values, dtype));
  if (requiresGrad) tensor.requiresGrad = true;
  return tensor;
}

/** `values` as the typed array of `dtype`, itself when it is one already. */
function convert(values: ArrayLike<number>, dtype: DType): TypedArray {
  const out = typedArray(dtype, 0);
  if (values.constructor === out.constructor && dtype !== 'bool') return values as TypedArray;
  const array = typedArray(dtype, values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (dtype === 'bool') array[i] = value ? 1 : 0;
    else if (dtype === 'int32' && (value | 0) !== value) throw new DtypeError('CVY_DTYPE', `tensor: element ${i} is ${value} but dtype int32 needs integers of 32 bits`);
    else array[i] = value;
  }
  return array;
}

function flatten(data: TensorData): { values: ArrayLike<number>; found: number[]; inferred: DType | null } {
  if (typeof data === 'number') return { values: [data], found: [], inferred: 'float32' };
  if (typeof data === 'boolean') return { values: [Number(data)], found: [], inferred: 'bool' };
  if (data instanceof Float32Array) return { values: data, found: [data.length], inferred: 'float32' };
  if (data instanceof Float64Array) return { values: data, found: [data.length], inferred: 'float64' };
  if (data instanceof Int32Array) return { values: data, found: [data.length], inferred: 'int32' };
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) return { values: data as Uint8Array, found: [(data as Uint8Array).length], inferred: null };
  if (!Array.isArray(data)) throw new ArgumentError('CVY_ARG_TYPE', `tensor: the data is ${data === null ? 'null' : typeof data} but must be a typed array, a number or nested arrays of numbers`);
  const shape: number[] = [];
  for (let level: unknown = data; Array.isArray(level) || ArrayBuffer.isView(level); level = (level as ArrayLike<unknown>)[0]) shape.push((level as unknown as ArrayLike<unknown>).length);
  const values: number[] = [];
  let booleans = false;
  const walk = (value: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (typeof value !== 'number' && typeof value !== 'boolean') throw new ArgumentError('CVY_ARG_TYPE', `tensor: an element is ${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value} but must be a number (shape so far ${fmt(shape)})`);
      if (typeof value === 'boolean') booleans = true;
      values.push(Number(value));
      return;
    }
    const row = value as ArrayLike<unknown>;
    if (value === null || typeof value !== 'object' || row.length !== shape[axis]) {
      throw new ShapeError('CVY_SHAPE_NUMEL', `tensor: a row along axis ${axis} has ${value !== null && typeof value === 'object' ? `${row.length} elements` : 'no elements'} but the first has ${shape[axis]}`);
    }
    for (let i = 0; i < row.length; i++) walk(row[i], axis + 1);
  };
  walk(data, 0);
  return { values, found: shape, inferred: booleans ? 'bool' : 'float32' };
}

/** Evenly spaced numbers from `start` up to, not including, `end`. */
export function arange(backend: Backend, start: number, end: number, step: number, options?: TensorOptions): Tensor {
  if (![start, end, step].every(Number.isFinite) || step === 0) throw new ArgumentError('CVY_ARG_VALUE', `arange: start, end and step are ${start}, ${end} and ${step} but must be finite, step not 0`);
  const { dtype, requiresGrad } = tensorOptions('arange', options);
  const n = Math.max(0, Math.ceil((end - start) / step));
  const tensor = fromData(backend, Float64Array.from({ length: n }, (_, i) => start + i * step), [n], { dtype });
  return requiresGrad ? tensor.requiresGrad_() : tensor;
}

/** `steps` evenly spaced numbers from `start` to `end`, both included; the second half is counted from the end, as PyTorch does. */
export function linspace(backend: Backend, start: number, end: number, steps: number, options?: TensorOptions): Tensor {
  if (!Number.isFinite(start) || !Number.isFinite(end) || !Number.isInteger(steps) || steps < 0) {
    throw new ArgumentError('CVY_ARG_VALUE', `linspace: start, end and steps are ${start}, ${end} and ${steps} but must be finite, steps an integer ≥ 0`);
  }
  const { dtype, requiresGrad } = tensorOptions('linspace', options);
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  const values = Float64Array.from({ length: steps }, (_, i) => (i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step));
  if (dtype === 'int32') values.forEach((value, i) => (values[i] = Math.trunc(value)));
  return fromData(backend, values, [steps], { dtype, requiresGrad });
}

export function eye(backend: Backend, n: number, m: number, options?: TensorOptions): Tensor {
  const { dtype, requiresGrad } = tensorOptions('eye', options);
  const [rows, columns] = checkShape('eye', [n, m]);
  const values = typedArray(dtype, rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return fromData(backend, values, [rows, columns], { dtype, requiresGrad });
}

/** Uniform on [lo, hi), from a fresh stream of `rng`. */
export function uniform(backend: Backend, rng: Rng, shape: readonly number[], lo: number, hi: number, dtype: DType = 'float32'): Tensor {
  return random('uniform', backend, rng, shape, lo, hi, dtype);
}

/** Normal with mean and standard deviation, from a fresh stream of `rng`. */
export function normal(backend: Backend, rng: Rng, shape: readonly number[], mean: number, std: number, dtype: DType = 'float32'): Tensor {
  return random('normal', backend, rng, shape, mean, std, dtype);
}

function random(op: 'uniform' | 'normal', backend: Backend, rng: Rng, shape: readonly number[], p: number, q: number, dtype: DType): Tensor {
  if (!isFloat(dtype)) throw new DtypeError('CVY_DTYPE', `${op}: dtype is ${dtype} but float32 or float64 is required`);
  const y = empty(backend, shape, dtype);
  const stream = nextStream(rng);
  if (backend.has(op, dtype)) {
    backend.run(op, dtype, [y.ptr, y.numel, rng.seed, stream, p, q]);
  } else {
    // The numbers are defined by the counter, not by who computes them.
    const values = typedArray(dtype, y.numel);
    for (let i = 0; i < values.length; i++) values[i] = op === 'uniform' ? p + (q - p) * uniformAt(rng.seed, stream, i) : p + q * normalAt(rng.seed, stream, i);
    backend.memory.write(y.ptr, values);
  }
  return y;
}

export type { NestedArray };
