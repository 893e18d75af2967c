/**
 * What the op files share: which backend runs an operation, promotion of dtypes, and views.
 */
import { isFloat, type Backend, type DType } from '../../backend/index.js';
import { ArgumentError, BackendError, DtypeError, fmt } from '../../errors.js';
import { empty, Tensor } from '../../tensor/index.js';
import { isGradEnabled, record } from '../tape.js';

const RANK: Record<DType, number> = { bool: 0, int32: 1, float32: 2, float64: 3 };

/** @throws {ArgumentError} CVY_ARG_TYPE when an operand is not a tensor, {BackendError} CVY_BACKEND_MIXED when memories differ. */
export function checkTogether(op: string, ...tensors: readonly (Tensor | null)[]): void {
  let first: Tensor | null = null;
  for (const tensor of tensors) {
    if (tensor === null) continue;
    if (!(tensor instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: an operand is ${typeof tensor} but must be a tensor; make one with nn.tensor(…)`);
    first ??= tensor;
    if (tensor.backend.memory !== first.backend.memory) {
      throw new BackendError('CVY_BACKEND_MIXED', `${op}: its tensors live in different convoys or devices (${first.backend.name} ${fmt(first.shape)}, ${tensor.backend.name} ${fmt(tensor.shape)}) but must share one; move one with tensor.to(nn)`);
    }
  }
}

/** @throws {DtypeError} CVY_DTYPE unless all are of one float dtype. */
export function checkFloats(op: string, ...tensors: readonly (Tensor | null)[]): DType {
  checkTogether(op, ...tensors);
  const present = tensors.filter((tensor) => tensor !== null);
  const { dtype } = present[0];
  if (!isFloat(dtype) || present.some((tensor) => tensor.dtype !== dtype)) {
    throw new DtypeError('CVY_DTYPE', `${op}: dtypes are ${present.map((tensor) => tensor.dtype).join(', ')} but one of float32 or float64 is required for all (${present.map((tensor) => fmt(tensor.shape)).join(', ')}); convert with to('float32')`);
  }
  return dtype;
}

/** The dtype in which two operands are computed: bool < int32 < float32 < float64. */
export const promote = (a: DType, b: DType): DType => (RANK[a] >= RANK[b] ? a : b);

/** The tensor in another dtype; itself when it has it. Gradients are converted back. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  const y = empty(x.backend, x.shape, dtype);
  x.backend.run('cast', x.dtype, [x.ptr, y.ptr, x.numel, ['float32', 'float64', 'int32', 'bool'].indexOf(dtype)]);
  const from = x.dtype;
  return record('cast', y, [x], [], (g) => [cast(g, from)]);
}

/** Integers and masks become float32, as PyTorch's true division and functions do. */
export const asFloat = (x: Tensor): Tensor => (isFloat(x.dtype) ? x : cast(x, 'float32'));

/** A tensor of another shape over the same storage. */
export function viewAs(name: string, x: Tensor, shape: readonly number[]): Tensor {
  const y = new Tensor(x.backend, x.storage, shape, x.dtype);
  if (isGradEnabled() && x.requiresGrad) x.storage.viewed = true;
  const from = x.shape;
  return record(name, y, [x], [], (g) => [viewAs(name, g, from)]);
}

/** The same tensor dispatched to another backend of the same memory; shares history and storage. */
export const on = (x: Tensor, backend: Backend): Tensor =>
  x.backend === backend ? x : new Tensor(backend, x.storage, x.shape, x.dtype, x.meta);

/** The elements of an int32 tensor: where they lie if the host can see them, so only to be read, else a copy. */
export const intsOf = (x: Tensor): Int32Array => (x.backend.memory.view?.(x.ptr, 'int32', x.numel) ?? x.dataSync()) as Int32Array;

/** The gradient of a step: zeros like `g`, whatever `g` holds. */
export function zerosFor(g: Tensor): Tensor {
  const y = empty(g.backend, g.shape, g.dtype);
  g.backend.run('fill', g.dtype, [y.ptr, y.numel, 0]);
  return y;
}
