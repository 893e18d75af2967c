/** Losses that ask for a margin: between distances, ranks, classes, and similarities of embeddings. */
import { checkFloats, checkTogether, eq, gatherAlong, minimum, sub, where } from '../../autograd/index.js';
import { ArgumentError, checkFlag, checkNumber, fmt, ShapeError } from '../../errors.js';
import { scope } from '../../memory/index.js';
import { arange, type Tensor } from '../../tensor/index.js';
import { checkOrder, pairwiseDistance } from './distance.js';
import { checkLabels, checkWeight, labelWeights } from './loss.js';
import { checkReduction, checkSameShape, reduceLosses, type ReductionOptions } from './lossCommon.js';

/** What is positive of x; at 0 the gradient passes, as PyTorch's clamp_min does. */
const positivePart = (x: Tensor): Tensor => x.clamp(0, null);

export interface MarginLossOptions extends ReductionOptions {
  margin?: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function marginSettings(op: string, margin: number, options: MarginLossOptions = {}): Required<MarginLossOptions> {
  const reduction = checkReduction(op, options, ['margin']);
  return { margin: checkNumber(op, 'margin', options.margin ?? margin), reduction };
}

/**
 * The input itself, a distance, where the target is 1, and max(0, margin − input) where it is −1. The margin is 1 by default.
 * @shape input and target the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input
 * @throws {ShapeError} CVY_SHAPE_MISMATCH
 * @source torch.nn.functional.hinge_embedding_loss
 */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, options: MarginLossOptions = {}): Tensor {
  const op = 'hingeEmbeddingLoss';
  const { margin, reduction } = marginSettings(op, 1, options);
  checkFloats(op, input);
  checkTogether(op, input, target);
  checkSameShape(op, input, 'target', target);
  return scope(() => reduceLosses(where(target.ne(1), positivePart(sub(margin, input)), 0).add(where(target.ne(-1), input, 0)), reduction));
}

/**
 * max(0, margin − target · (input1 − input2)): the target is 1 where the first should rank higher, −1 where the second. The margin is 0
 * by default.
 * @shape all the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input1, input2, a float target
 * @throws {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.margin_ranking_loss
 */
export function marginRankingLoss(input1: Tensor, input2: Tensor, target: Tensor, options: MarginLossOptions = {}): Tensor {
  const op = 'marginRankingLoss';
  const { margin, reduction } = marginSettings(op, 0, options);
  checkFloats(op, input1, input2);
  checkTogether(op, input1, target);
  checkSameShape(op, input1, 'input2', input2, 'input1');
  checkSameShape(op, input1, 'target', target, 'input1');
  return scope(() => reduceLosses(positivePart(target.to(input1.dtype).mul(input1.sub(input2)).neg().add(margin)), reduction));
}

/** Below the sums of squares of cosineEmbeddingLoss. */
const LEAST_SQUARE = 1e-12;

/**
 * 1 − cos(input1, input2) where the target is 1, max(0, cos − margin) where it is −1. The margin is 0 by default.
 * @shape inputs [N, D] and target [N], or [D] and []; returns [] for 'mean' and 'sum', the target's shape for 'none'
 * @grad input1, input2
 * @throws {ShapeError} CVY_SHAPE_MISMATCH, CVY_SHAPE_RANK; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.cosine_embedding_loss
 */
export function cosineEmbeddingLoss(input1: Tensor, input2: Tensor, target: Tensor, options: MarginLossOptions = {}): Tensor {
  const op = 'cosineEmbeddingLoss';
  const { margin, reduction } = marginSettings(op, 0, options);
  checkFloats(op, input1, input2);
  checkTogether(op, input1, target);
  checkSameShape(op, input1, 'input2', input2, 'input1');
  if (input1.ndim !== 1 && input1.ndim !== 2) throw new ShapeError('CVY_SHAPE_RANK', `${op}: input1 has ${input1.ndim} axes but 1 or 2 are required: [D] or [N, D] (input1 ${fmt(input1.shape)}, target ${fmt(target.shape)})`);
  if (target.ndim !== input1.ndim - 1 || target.numel !== (input1.ndim === 1 ? 1 : input1.shape[0])) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: target has shape ${fmt(target.shape)} but ${fmt(input1.shape.slice(0, -1))} is required, one for each pair (input1 ${fmt(input1.shape)})`);
  }
  return scope(() => {
    const square = (x: Tensor): Tensor => x.square().sum(-1).add(LEAST_SQUARE);
    const cosine = input1.mul(input2).sum(-1).div(square(input1).mul(square(input2)).sqrt());
    return reduceLosses(where(target.eq(1), sub(1, cosine), 0).add(where(target.eq(-1), positivePart(cosine.sub(margin)), 0)), reduction);
  });
}

export interface TripletMarginLossOptions extends MarginLossOptions {
  /** The order of the distances' norm; default 2. */
  p?: number;
  /** Added to every difference; default 1e-6. */
  eps?: number;
  /** Takes the distance of positive and negative where it is the smaller one; default false. */
  swap?: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function tripletSettings(op: string, options: TripletMarginLossOptions = {}): Required<TripletMarginLossOptions> {
  const reduction = checkReduction(op, options, ['margin', 'p', 'eps', 'swap']);
  const { margin = 1, p = 2, eps = 1e-6, swap = false } = options;
  return { margin: checkNumber(op, 'margin', margin), p: checkOrder(op, p), eps: checkNumber(op, 'eps', eps), swap: checkFlag(op, 'swap', swap), reduction };
}

/**
 * max(0, margin + |anchor − positive| − |anchor − negative|), over the last axis. The margin is 1 by default.
 * @shape all [..., D]; returns [] for 'mean' and 'sum', [...] for 'none'
 * @grad anchor, positive, negative
 * @throws {ShapeError} CVY_SHAPE_MISMATCH, CVY_SHAPE_RANK; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.triplet_margin_loss; Balntas et al. 2016
 */
export function tripletMarginLoss(anchor: Tensor, positive: Tensor, negative: Tensor, options: TripletMarginLossOptions = {}): Tensor {
  const op = 'tripletMarginLoss';
  const { margin, p, eps, swap, reduction } = tripletSettings(op, options);
  checkFloats(op, anchor, positive, negative);
  checkSameShape(op, anchor, 'positive', positive, 'anchor');
  checkSameShape(op, anchor, 'negative', negative, 'anchor');
  return scope(() => {
    const near = pairwiseDistance(anchor, positive, { p, eps });
    const far = pairwiseDistance(anchor, negative, { p, eps });
    const other = swap ? minimum(far, pairwiseDistance(positive, negative, { p, eps })) : far;
    return reduceLosses(positivePart(near.sub(other).add(margin)), reduction);
  });
}

export interface MultiMarginLossOptions extends MarginLossOptions {
  /** 1 or 2: the power of what lacks from the margin; default 1. */
  p?: 1 | 2;
  /** [C]: how much each class counts; default: all the same. */
  weight?: Tensor | null;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function multiMarginSettings(op: string, options: MultiMarginLossOptions = {}): Required<MultiMarginLossOptions> {
  const reduction = checkReduction(op, options, ['margin', 'p', 'weight']);
  const { margin = 1, p = 1, weight = null } = options;
  if (p !== 1 && p !== 2) throw new ArgumentError('CVY_ARG_VALUE', `${op}: p is ${String(p)} but must be 1 or 2`);
  return { margin: checkNumber(op, 'margin', margin), p, weight, reduction };
}

/**
 * Σ over the other classes of max(0, margin − input[label] + input[class])ᵖ · weight[label] / C. The margin is 1 by default.
 * @shape input [N, C] and target [N], or [C] and [], int32; weight [C]
 * @shape returns [] for 'mean' and 'sum', the target's shape for 'none'
 * @grad input, weight
 * @throws {DataError} CVY_DATA_MISMATCH for a label outside the classes; {ShapeError} CVY_SHAPE_MISMATCH, CVY_SHAPE_RANK; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.multi_margin_loss
 */
export function multiMarginLoss(input: Tensor, target: Tensor, options: MultiMarginLossOptions = {}): Tensor {
  const op = 'multiMarginLoss';
  const { margin, p, weight, reduction } = multiMarginSettings(op, options);
  checkTogether(op, input, target, weight);
  checkFloats(op, input, weight);
  if (input.ndim !== 1 && input.ndim !== 2) throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input.ndim} axes but 1 or 2 are required: [C] or [N, C] (input ${fmt(input.shape)}, target ${fmt(target.shape)})`);
  checkWeight(op, input, weight);
  const labels = checkLabels(op, input, target, null);
  return scope(() => {
    const axis = input.ndim - 1;
    const classes = arange(input.backend, 0, input.shape[axis], 1, { dtype: 'int32' });
    // relu: at 0 nothing lacks, and nothing has a gradient.
    const lacking = input.sub(gatherAlong(input, axis, labels.index)).add(margin).relu();
    const others = where(eq(labels.index, classes), 0, p === 1 ? lacking : lacking.square()).mean(axis);
    const { each } = labelWeights(weight, labels);
    return reduceLosses(each === null ? others : others.mul(each), reduction);
  });
}
