/**
 * In-place forms (a trailing underscore): the result is written aside and the storage swapped, since kernels never read what
 * they write. Every handle and view of the storage sees the change.
 */
import { isFloat, type DType } from '../../backend/index.js';
import { DtypeError, fmt, ShapeError } from '../../errors.js';
import { sameShape } from '../../shape/index.js';
import { full, Tensor } from '../../tensor/index.js';
import { recordingAs } from '../tape.js';
import * as arithmetic from './arithmetic.js';
import type { Operand } from './arithmetic.js';
import { checkTogether } from './common.js';
import { checkInPlace } from './shape.js';
import * as unary from './unary.js';

/** What is stored in place must not be of a later kind: fractions would be cut off without a word. */
const kind = (dtype: DType): number => (isFloat(dtype) ? 2 : dtype === 'int32' ? 1 : 0);

/** Gives `y` the value and history of `compute()`. */
function inPlace(op: string, y: Tensor, others: readonly Operand[], compute: () => Tensor): Tensor {
  const tensors = others.filter((x) => x instanceof Tensor);
  // Also for copy_: storage that was swapped between two heaps would corrupt both.
  checkTogether(op, y, ...tensors);
  const recorded = checkInPlace(op, y, tensors);
  const raw = recordingAs(recorded, compute);
  if (kind(raw.dtype) > kind(y.dtype)) {
    const { dtype } = raw;
    raw.dispose();
    throw new DtypeError('CVY_DTYPE', `${op}: the result is ${dtype} but the tensor changed in place is ${y.dtype} and must keep its dtype (tensor ${fmt(y.shape)}); use the form without the underscore, or to('${dtype}') first`);
  }
  const result = recordingAs(recorded, () => raw.to(y.dtype));
  if (result !== raw) raw.dispose();
  if (!sameShape(result.shape, y.shape)) {
    throw new ShapeError('CVY_SHAPE_BROADCAST', `${op}: the result is ${fmt(result.shape)} but the tensor changed in place is ${fmt(y.shape)}`);
  }
  y.storage.swap(result.storage);
  if (recorded) y.meta = result.meta;
  result.dispose();
  return y;
}

const withOperand = (op: string, compute: (y: Tensor, x: Operand) => Tensor) => (y: Tensor, x: Operand): Tensor => inPlace(op, y, [x], () => compute(y, x));

export const add_ = withOperand('add_', arithmetic.add);
export const sub_ = withOperand('sub_', arithmetic.sub);
export const mul_ = withOperand('mul_', arithmetic.mul);
export const div_ = withOperand('div_', arithmetic.div);
/** All elements become `value`; what they were computed from gets no gradient through them. */
export const fill_ = (y: Tensor, value: number): Tensor => copy_(y, value);
/** All elements become 0. */
export const zero_ = (y: Tensor): Tensor => copy_(y, 0);
/** Elements of `x` (broadcast and converted), or one number for all. */
export const copy_ = (y: Tensor, x: Operand): Tensor =>
  inPlace('copy_', y, [x], () => (x instanceof Tensor ? x.to(y.dtype).expand(y.shape).clone() : full(y.backend, y.shape, x, y.dtype)));
/** Limited to [min, max]. */
export const clamp_ = (y: Tensor, min?: number | null, max?: number | null): Tensor => inPlace('clamp_', y, [], () => unary.clamp(y, min, max));
