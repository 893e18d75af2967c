/**
 * Matrix products that take one rank only, and those that add to a tensor: matmul with stricter checks.
 */
import { checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { checkTogether } from './common.js';
import { matmul } from './matmul.js';

function checkRanks(op: string, a: Tensor, b: Tensor, ranks: readonly [number, number]): void {
  checkTogether(op, a, b);
  if (a.ndim !== ranks[0] || b.ndim !== ranks[1]) {
    throw new ShapeError('CVY_SHAPE_RANK', `${op}: the operands have ${a.ndim} and ${b.ndim} axes but ${ranks[0]} and ${ranks[1]} are required (a ${fmt(a.shape)}, b ${fmt(b.shape)}); matmul takes any`);
  }
}

/** Product of two matrices. @source torch.mm */
export function mm(a: Tensor, b: Tensor): Tensor {
  checkRanks('mm', a, b, [2, 2]);
  return matmul(a, b);
}

/** Products of the matrices of two batches of one size. @source torch.bmm */
export function bmm(a: Tensor, b: Tensor): Tensor {
  checkRanks('bmm', a, b, [3, 3]);
  if (a.shape[0] !== b.shape[0]) throw new ShapeError('CVY_SHAPE_MISMATCH', `bmm: the batches are ${a.shape[0]} and ${b.shape[0]} but must be equal (a ${fmt(a.shape)}, b ${fmt(b.shape)}); matmul repeats a batch of 1`);
  return matmul(a, b);
}

/** Product of a matrix and a vector. @source torch.mv */
export function mv(a: Tensor, b: Tensor): Tensor {
  checkRanks('mv', a, b, [2, 1]);
  return matmul(a, b);
}

/** Scalar product of two vectors. @source torch.dot */
export function dot(a: Tensor, b: Tensor): Tensor {
  checkRanks('dot', a, b, [1, 1]);
  return matmul(a, b);
}

/** All products of an element of one vector and one of the other. @source torch.outer */
export function outer(a: Tensor, b: Tensor): Tensor {
  checkRanks('outer', a, b, [1, 1]);
  return a.unsqueeze(1).mul(b);
}

export interface AddmmOptions {
  /** Factor of what is added to; default 1. Where it is 0, NaN and infinities there do not count. */
  beta?: number;
  /** Factor of the product; default 1. */
  alpha?: number;
}

const adding = (op: string, product: (a: Tensor, b: Tensor) => Tensor) => (input: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor => {
  checkTogether(op, input, a, b);
  checkOptions(op, options, ['beta', 'alpha']);
  const beta = checkNumber(op, 'beta', options.beta ?? 1);
  const alpha = checkNumber(op, 'alpha', options.alpha ?? 1);
  const y = product(a, b);
  const scaled = alpha === 1 ? y : y.mul(alpha);
  const base = input.expand(y.shape);
  return beta === 0 ? scaled : scaled.add(beta === 1 ? base : base.mul(beta));
};

/** beta · input + alpha · (a · b) of matrices; input is broadcast. @source torch.addmm */
export const addmm = adding('addmm', mm);
/** The same of batches of matrices. @source torch.baddbmm */
export const baddbmm = adding('baddbmm', bmm);
