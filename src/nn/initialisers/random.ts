/**
 * Initialisers that draw from a uniform or a normal distribution. All write into the tensor, unrecorded, and return it.
 */
import { permutation, type Rng } from '../../backend/index.js';
import { ArgumentError, checkChoice, checkNumber, checkOptions } from '../../errors.js';
import { normal, uniform, type Tensor } from '../../tensor/index.js';
import { checkRank, checkTensor, put, write } from './fixed.js';
import { calculateFanInAndFanOut, calculateGain, type Nonlinearity } from './gain.js';

export interface DrawOptions {
  /** Where the numbers come from, e.g. `nn.rng`: the same seed gives the same bits, on any number of threads. */
  rng: Rng;
}

export interface UniformOptions extends DrawOptions {
  /** Lower bound; default 0. */
  a?: number;
  /** Upper bound; default 1. */
  b?: number;
}

export interface NormalOptions extends DrawOptions {
  /** Default 0. */
  mean?: number;
  /** Standard deviation; default 1. */
  std?: number;
}

export interface XavierOptions extends DrawOptions {
  /** Default 1; see calculateGain. */
  gain?: number;
}

export interface KaimingOptions extends DrawOptions {
  /** Negative slope of 'leaky_relu'; default 0. */
  a?: number;
  /** What keeps its spread: activations on the way forward ('fan_in', the default) or gradients on the way back ('fan_out'). */
  mode?: 'fan_in' | 'fan_out';
  /** The activation that follows; default 'leaky_relu'. */
  nonlinearity?: Nonlinearity;
}

/** Uniform on [a, b). @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION, CVY_ARG_TYPE; {DtypeError} CVY_DTYPE. @source torch.nn.init.uniform_ */
export function uniform_(tensor: Tensor, options: UniformOptions): Tensor {
  const rng = checkDraw('uniform_', tensor, options, ['a', 'b']);
  const { a = 0, b = 1 } = options;
  checkNumber('uniform_', 'a', a);
  return put(tensor, uniform(tensor.backend, rng, tensor.shape, a, checkNumber('uniform_', 'b', b, a), tensor.dtype));
}

/** Normal. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION, CVY_ARG_TYPE; {DtypeError} CVY_DTYPE. @source torch.nn.init.normal_ */
export function normal_(tensor: Tensor, options: NormalOptions): Tensor {
  const rng = checkDraw('normal_', tensor, options, ['mean', 'std']);
  const { mean = 0, std = 1 } = options;
  return put(tensor, normal(tensor.backend, rng, tensor.shape, checkNumber('normal_', 'mean', mean), checkNumber('normal_', 'std', std, 0), tensor.dtype));
}

/** Uniform with the standard deviation of xavierNormal_. @throws as xavierNormal_. @source torch.nn.init.xavier_uniform_ */
export const xavierUniform_ = (tensor: Tensor, options: XavierOptions): Tensor =>
  spreadUniform(tensor, xavierStd('xavierUniform_', tensor, options), options.rng);

/**
 * Normal with the standard deviation gain · √(2 / (fanIn + fanOut)).
 * @shape tensor [out, in, kernel…]
 * @throws {ShapeError} CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION, CVY_ARG_TYPE
 * @source torch.nn.init.xavier_normal_; Glorot & Bengio 2010
 */
export const xavierNormal_ = (tensor: Tensor, options: XavierOptions): Tensor =>
  spreadNormal(tensor, xavierStd('xavierNormal_', tensor, options), options.rng);

/** Uniform with the standard deviation of kaimingNormal_. @throws as kaimingNormal_. @source torch.nn.init.kaiming_uniform_ */
export const kaimingUniform_ = (tensor: Tensor, options: KaimingOptions): Tensor =>
  spreadUniform(tensor, kaimingStd('kaimingUniform_', tensor, options), options.rng);

/**
 * Normal with the standard deviation gain / √fan, of the gain of the activation and the fan of `mode`.
 * @shape tensor [out, in, kernel…]
 * @throws {ShapeError} CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION, CVY_ARG_TYPE
 * @source torch.nn.init.kaiming_normal_; He et al. 2015, arXiv:1502.01852
 */
export const kaimingNormal_ = (tensor: Tensor, options: KaimingOptions): Tensor =>
  spreadNormal(tensor, kaimingStd('kaimingNormal_', tensor, options), options.rng);

/**
 * Normal with standard deviation `std` (0.01 unless given), but in each column the share `sparsity` of the elements, rounded up, is 0.
 * @shape tensor [out, in]
 * @throws {ShapeError} CVY_SHAPE_RANK; {ArgumentError} CVY_ARG_VALUE: a sparsity outside [0, 1]; CVY_ARG_OPTION, CVY_ARG_TYPE
 * @source torch.nn.init.sparse_; Martens 2010
 */
export function sparse_(tensor: Tensor, sparsity: number, options: DrawOptions & { std?: number }): Tensor {
  const rng = checkDraw('sparse_', tensor, options, ['std']);
  checkRank('sparse_', tensor, 2, 2);
  const [rows, columns] = tensor.shape;
  const zeros = Math.ceil(checkNumber('sparse_', 'sparsity', sparsity, 0, 1) * rows);
  normal_(tensor, { std: options.std ?? 0.01, rng });
  const values = Float64Array.from(tensor.dataSync());
  for (let column = 0; column < columns; column++) {
    for (const row of permutation(rows, rng.seed, rng.next()).subarray(0, zeros)) values[row * columns + column] = 0;
  }
  return write(tensor, values);
}

/** The rng, once tensor and options are in order. @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_OPTION, CVY_ARG_VALUE without an rng. */
export function checkDraw(op: string, tensor: Tensor, options: DrawOptions, known: readonly string[]): Rng {
  checkTensor(op, tensor);
  checkOptions(op, options, [...known, 'rng']);
  if (typeof options?.rng?.next !== 'function') throw new ArgumentError('CVY_ARG_VALUE', `${op}: no rng is given but one is required to draw from; pass { rng: nn.rng }`);
  return options.rng;
}

function xavierStd(op: string, tensor: Tensor, options: XavierOptions): number {
  checkDraw(op, tensor, options, ['gain']);
  checkRank(op, tensor, 2);
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  return checkNumber(op, 'gain', options.gain ?? 1, 0) * Math.sqrt(2 / (fanIn + fanOut));
}

function kaimingStd(op: string, tensor: Tensor, options: KaimingOptions): number {
  checkDraw(op, tensor, options, ['a', 'mode', 'nonlinearity']);
  checkRank(op, tensor, 2);
  const { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' } = options;
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  return calculateGain(nonlinearity, a) / Math.sqrt(checkChoice(op, 'mode', mode, ['fan_in', 'fan_out']) === 'fan_in' ? fanIn : fanOut);
}

/** Without elements the fans may be 0 and the deviation infinite; there is nothing to draw. */
const spreadNormal = (tensor: Tensor, std: number, rng: Rng): Tensor => (tensor.numel === 0 ? tensor : normal_(tensor, { std, rng }));

function spreadUniform(tensor: Tensor, std: number, rng: Rng): Tensor {
  const bound = Math.sqrt(3) * std;
  return tensor.numel === 0 ? tensor : uniform_(tensor, { a: -bound, b: bound, rng });
}
