/** What all losses share: reductions, and checks of what belongs together. */
import { checkFloats } from '../../autograd/index.js';
import { checkChoice, checkOptions, fmt, ShapeError } from '../../errors.js';
import { sameShape } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';

export const REDUCTIONS = ['mean', 'sum', 'none'] as const;
export type Reduction = (typeof REDUCTIONS)[number];

export interface ReductionOptions {
  /** Default 'mean'. */
  reduction?: Reduction;
}

/** The reduction among `options`, none of which may be outside `known`. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function checkReduction(op: string, options: ReductionOptions, known: readonly string[] = []): Reduction {
  checkOptions(op, options, [...known, 'reduction']);
  return checkChoice(op, 'reduction', options.reduction ?? 'mean', REDUCTIONS);
}

/** All losses, their sum, or their sum over `total`, by default their number: over none of them it is NaN. */
export function reduceLosses(losses: Tensor, reduction: Reduction, total: Tensor | number = losses.numel): Tensor {
  if (reduction === 'none') return losses;
  if (reduction === 'sum') return losses.sum();
  return total === losses.numel ? losses.mean() : losses.sum().div(total);
}

/** Shapes must agree: what broadcasting would do to a loss is hardly ever meant. @throws {ShapeError} CVY_SHAPE_MISMATCH. */
export function checkSameShape(op: string, first: Tensor, name: string, other: Tensor, firstName = 'input'): void {
  if (sameShape(first.shape, other.shape)) return;
  throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: ${firstName} has shape ${fmt(first.shape)} but ${name} has ${fmt(other.shape)} and they must be equal; reshape one of them, or expand it`);
}

/** @throws {DtypeError} CVY_DTYPE, {ShapeError} CVY_SHAPE_MISMATCH unless both are of one float dtype and one shape. */
export function checkPair(op: string, input: Tensor, target: Tensor): void {
  checkFloats(op, input, target);
  checkSameShape(op, input, 'target', target);
}
