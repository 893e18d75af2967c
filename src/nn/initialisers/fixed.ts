/**
 * Initialisers that draw nothing. All write into the tensor, unrecorded, and return it.
 */
import { noGrad } from '../../autograd/index.js';
import { ArgumentError, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { product } from '../../shape/index.js';
import { eye, fromData, Tensor } from '../../tensor/index.js';

/** All elements become `value`. @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_VALUE; {DtypeError} CVY_DTYPE. @source torch.nn.init.constant_ */
export function constant_(tensor: Tensor, value: number): Tensor {
  checkTensor('constant_', tensor);
  checkNumber('constant_', 'value', value);
  return noGrad(() => tensor.fill_(value));
}

/** @source torch.nn.init.ones_ */
export const ones_ = (tensor: Tensor): Tensor => constant_(tensor, 1);

/** @source torch.nn.init.zeros_ */
export const zeros_ = (tensor: Tensor): Tensor => constant_(tensor, 0);

/**
 * Ones on the diagonal of a matrix: a linear layer that passes on its first inputs.
 * @shape tensor [out, in]
 * @throws {ShapeError} CVY_SHAPE_RANK
 * @source torch.nn.init.eye_
 */
export function eye_(tensor: Tensor): Tensor {
  checkRank('eye_', tensor, 2, 2);
  return put(tensor, eye(tensor.backend, tensor.shape[0], tensor.shape[1], { dtype: tensor.dtype }));
}

/**
 * A convolution that passes on its input: a one in the middle of the kernel from input channel i of each group to its output channel i.
 * @shape tensor [out, in / groups, kernel…]
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS when groups do not divide the output channels; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION
 * @source torch.nn.init.dirac_
 */
export function dirac_(tensor: Tensor, options: { groups?: number } = {}): Tensor {
  checkOptions('dirac_', options, ['groups']);
  const { groups = 1 } = options;
  checkRank('dirac_', tensor, 3, 5);
  if (!Number.isInteger(groups) || groups < 1) throw new ArgumentError('CVY_ARG_VALUE', `dirac_: groups is ${String(groups)} but must be an integer ≥ 1`);
  const [outputs, inputs, ...kernel] = tensor.shape;
  if (outputs % groups !== 0) throw new ShapeError('CVY_SHAPE_CHANNELS', `dirac_: there are ${outputs} output channels but ${groups} groups must divide them (weight ${fmt(tensor.shape)})`);
  const values = new Float64Array(tensor.numel);
  const area = product(kernel, 0, kernel.length);
  const middle = kernel.reduce((at, size) => at * size + Math.floor(size / 2), 0);
  const each = outputs / groups;
  for (let o = 0; o < outputs; o++) if (o % each < inputs) values[(o * inputs + (o % each)) * area + middle] = 1;
  return write(tensor, values);
}

/** @throws {ArgumentError} CVY_ARG_TYPE. */
export function checkTensor(op: string, tensor: unknown): void {
  if (!(tensor instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: the first argument is ${tensor === null ? 'null' : typeof tensor} but must be a tensor, such as a layer's weight`);
}

/** @throws {ArgumentError} CVY_ARG_TYPE, {ShapeError} CVY_SHAPE_RANK. */
export function checkRank(op: string, tensor: Tensor, least: number, most = Infinity): void {
  checkTensor(op, tensor);
  if (tensor.ndim >= least && tensor.ndim <= most) return;
  const range = most === least ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  throw new ShapeError('CVY_SHAPE_RANK', `${op}: the tensor has ${tensor.ndim} axes but ${range} are required (tensor ${fmt(tensor.shape)})`);
}

/** Puts the value of `from`, which was made for it, into `tensor`. */
export function put(tensor: Tensor, from: Tensor): Tensor {
  noGrad(() => tensor.copy_(from));
  from.dispose();
  return tensor;
}

/** Puts numbers that were computed here into `tensor`. */
export const write = (tensor: Tensor, values: Float64Array): Tensor => put(tensor, fromData(tensor.backend, values, tensor.shape, { dtype: tensor.dtype }));
