/**
 * In-place forms (a trailing underscore): the result is written aside and the storage swapped, since kernels never read what
 * they write. Every handle and view of the storage sees the change.
 */
import { isFloat, type DType } from '../../backend/index.js';
import { DtypeError, fmt, ShapeError } from '../../errors.js';
import type { Storage } from '../../memory/index.js';
import { sameShape } from '../../shape/index.js';
import { full, Tensor, type AutogradMeta } from '../../tensor/index.js';
import { nextSequence, nodeOf, recordingAs, type Node } from '../tape.js';
import * as arithmetic from './arithmetic.js';
import { indexPut } from './advancedIndex.js';
import type { AlphaOptions, Operand } from './arithmetic.js';
import { tril, triu } from './arrange.js';
import { checkTogether } from './common.js';
import * as functions from './functions.js';
import { indexAdd } from './indexing.js';
import * as rounding from './rounding.js';
import { scatter, scatterAdd } from './scatter.js';
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
  const since = nextSequence();
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
  if (recorded) {
    follow(result.gradFn as Node | null, since, y.storage, result.storage);
    if (y.meta?.retainsGrad && result.meta !== null) moveRetained(y.meta, result.meta);
    y.meta = result.meta;
  }
  result.dispose();
  return y;
}

/** `retainGrad` was asked of the tensor: its `grad` is that of its newest value. */
function moveRetained(from: AutogradMeta, to: AutogradMeta): void {
  [to.retainsGrad, to.grad, to.gradSeen] = [true, from.grad, from.gradSeen];
  [from.retainsGrad, from.grad] = [false, null];
}

/** What the operation itself saved of the two storages has changed places too; what others saved before is lost, and `backward` says so. */
function follow(node: Node | null, since: number, a: Storage, b: Storage, seen = new Set<Node>()): void {
  if (node === null || node.sequence < since || seen.has(node)) return;
  seen.add(node);
  node.follow(a, b);
  for (const edge of node.edges) follow(edge === null ? null : nodeOf(edge), since, a, b, seen);
}

/** The in-place form of an operation on a tensor and further arguments, of which tensors take part in the recording. */
const inPlaceOf = <A extends readonly unknown[]>(op: string, compute: (y: Tensor, ...rest: A) => Tensor) => (y: Tensor, ...rest: A): Tensor =>
  inPlace(op, y, rest.filter((x) => x instanceof Tensor), () => compute(y, ...rest));

export const add_ = inPlaceOf('add_', (y, x: Operand, options?: AlphaOptions) => arithmetic.add(y, x, options));
export const sub_ = inPlaceOf('sub_', (y, x: Operand, options?: AlphaOptions) => arithmetic.sub(y, x, options));
export const mul_ = inPlaceOf('mul_', (y, x: Operand) => arithmetic.mul(y, x));
export const div_ = inPlaceOf('div_', (y, x: Operand) => arithmetic.div(y, x));
export const pow_ = inPlaceOf('pow_', (y, x: Operand) => arithmetic.pow(y, x));
export const remainder_ = inPlaceOf('remainder_', (y, x: Operand) => rounding.remainder(y, x));
export const lerp_ = inPlaceOf('lerp_', functions.lerp);
export const addcmul_ = inPlaceOf('addcmul_', functions.addcmul);
export const addcdiv_ = inPlaceOf('addcdiv_', functions.addcdiv);
export const neg_ = inPlaceOf('neg_', unary.neg);
export const abs_ = inPlaceOf('abs_', unary.abs);
export const exp_ = inPlaceOf('exp_', unary.exp);
export const log_ = inPlaceOf('log_', unary.log);
export const sqrt_ = inPlaceOf('sqrt_', unary.sqrt);
export const square_ = inPlaceOf('square_', unary.square);
export const reciprocal_ = inPlaceOf('reciprocal_', unary.reciprocal);
export const sign_ = inPlaceOf('sign_', unary.sign);
export const round_ = inPlaceOf('round_', unary.round);
export const floor_ = inPlaceOf('floor_', rounding.floor);
export const ceil_ = inPlaceOf('ceil_', rounding.ceil);
export const trunc_ = inPlaceOf('trunc_', rounding.trunc);
export const relu_ = inPlaceOf('relu_', unary.relu);
export const sigmoid_ = inPlaceOf('sigmoid_', unary.sigmoid);
export const tanh_ = inPlaceOf('tanh_', unary.tanh);
export const maskedFill_ = inPlaceOf('maskedFill_', unary.maskedFill);
export const indexAdd_ = inPlaceOf('indexAdd_', indexAdd);
export const scatter_ = inPlaceOf('scatter_', scatter);
export const scatterAdd_ = inPlaceOf('scatterAdd_', scatterAdd);
/** The tensors among the indices are positions: only `values` can ask for a gradient. */
export const indexPut_ = (y: Tensor, indices: readonly (Tensor | null)[], values: Operand, options: { accumulate?: boolean } = {}): Tensor =>
  inPlace('indexPut_', y, [values], () => indexPut(y, indices, values, options));
export const tril_ = inPlaceOf('tril_', tril);
export const triu_ = inPlaceOf('triu_', triu);
/** All elements become `value`; what they were computed from gets no gradient through them. */
export const fill_ = (y: Tensor, value: number): Tensor => copy_(y, value);
/** All elements become 0. */
export const zero_ = (y: Tensor): Tensor => copy_(y, 0);
/** Elements of `x` (broadcast and converted), or one number for all. */
export const copy_ = (y: Tensor, x: Operand): Tensor =>
  inPlace('copy_', y, [x], () => (x instanceof Tensor ? x.to(y.dtype).expand(y.shape).clone() : full(y.backend, y.shape, x, y.dtype)));
/** Limited to [min, max]. */
export const clamp_ = inPlaceOf('clamp_', unary.clamp);
export const clampMin_ = inPlaceOf('clampMin_', unary.clampMin);
export const clampMax_ = inPlaceOf('clampMax_', unary.clampMax);
