/**
 * Losses of classes as functions of tensors: cross entropy and negative log likelihood. They are composed of recorded operations, so
 * gradients reach every float operand and can be differentiated themselves.
 */
import { checkFloats, checkTogether, crossEntropies, gatherAlong, intsOf, logSoftmax } from '../../autograd/index.js';
import { ArgumentError, checkNumber, DataError, DtypeError, fmt, ShapeError } from '../../errors.js';
import { numel, sameShape, unravel } from '../../shape/index.js';
import { fromData, type Tensor } from '../../tensor/index.js';
import { checkReduction, reduceLosses, type Reduction, type ReductionOptions } from './lossCommon.js';

export interface NllLossOptions extends ReductionOptions {
  /** [C]: how much each class counts; default: all the same. */
  weight?: Tensor | null;
  /** Positions with this label count for nothing; default −100. */
  ignoreIndex?: number;
}

export interface CrossEntropyOptions extends NllLossOptions {
  /** Share of the target that is spread evenly over all classes; default 0. */
  labelSmoothing?: number;
}

/** The options of a loss, checked and complete. */
export interface LossSettings {
  readonly reduction: Reduction;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function checkLossOptions(op: string, options: CrossEntropyOptions, known: readonly string[]): LossSettings {
  const reduction = checkReduction(op, options, known);
  const { ignoreIndex = -100, labelSmoothing = 0 } = options;
  if (!Number.isInteger(ignoreIndex)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ignoreIndex is ${String(ignoreIndex)} but must be an integer`);
  return { reduction, ignoreIndex, labelSmoothing: checkNumber(op, 'labelSmoothing', labelSmoothing, 0, 1) };
}

/** Labels that were found to fit: where each position reads among the classes, −1 where it is ignored. */
export interface Labels {
  /** int32, the input's shape with one entry on the axis of classes. */
  readonly index: Tensor;
  readonly shape: readonly number[];
  /** Positions that are not ignored. */
  readonly count: number;
}

/** The axis of classes: 1, or 0 without a batch. */
const classAxis = (x: Tensor): number => (x.ndim === 1 ? 0 : 1);
const without = (shape: readonly number[], axis: number): number[] => shape.filter((_, i) => i !== axis);

export function checkWeight(op: string, input: Tensor, weight: Tensor | null): void {
  const classes = input.shape[classAxis(input)];
  if (weight !== null && (weight.ndim !== 1 || weight.shape[0] !== classes)) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: weight has shape ${fmt(weight.shape)} but ${fmt([classes])} is required, one for each class (input ${fmt(input.shape)})`);
  }
}

export function checkLabels(op: string, input: Tensor, target: Tensor, ignoreIndex: number | null): Labels {
  const axis = classAxis(input);
  const shape = without(input.shape, axis);
  // A string that is made for nothing takes longer than the labels' check.
  const shapes = (): string => `input ${fmt(input.shape)}, target ${fmt(target.shape)}`;
  if (target.dtype !== 'int32') throw new DtypeError('CVY_DTYPE', `${op}: labels have dtype ${target.dtype} but int32 is required (${shapes()}); pass an Int32Array, or convert with to('int32')`);
  if (!sameShape(target.shape, shape)) throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: target has shape ${fmt(target.shape)} but ${fmt(shape)} is required, the input's without its axis ${axis} of classes (${shapes()})`);
  const classes = input.shape[axis];
  // They are copied only where some are ignored.
  const labels = intsOf(target);
  let kept: Int32Array | null = null;
  let count = labels.length;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label === ignoreIndex) {
      kept ??= Int32Array.from(labels);
      kept[i] = -1;
      count--;
    } else if (label < 0 || label >= classes) {
      throw new DataError('CVY_DATA_MISMATCH', `${op}: the label at position ${shape.length < 2 ? i : fmt(unravel(i, shape))} is ${label} but with ${classes} classes must be from 0 to ${classes - 1} (${shapes()}${ignoreIndex === null ? '' : `, ignoreIndex ${ignoreIndex}`})`);
    }
  }
  const at = input.shape.map((size, i) => (i === axis ? 1 : size));
  return { index: kept === null ? target.reshape(at) : fromData(input.backend, kept, at), shape, count };
}

/** Each label's weight, 0 where it is ignored; and their sum, by which a mean is divided. */
export function labelWeights(weight: Tensor | null, labels: Labels): { each: Tensor | null; total: Tensor | number } {
  if (weight === null) return { each: null, total: labels.count };
  const each = gatherAlong(weight, 0, labels.index.reshape([numel(labels.shape)])).reshape(labels.shape);
  return { each, total: each.sum() };
}

/** Losses of labels times their weights, reduced. */
const weighted = (losses: Tensor, { each, total }: ReturnType<typeof labelWeights>, reduction: Reduction): Tensor =>
  reduceLosses(each === null ? losses : losses.mul(each), reduction, total);

/**
 * Negative log likelihood of labels, from log-probabilities. A mean is weighted: the sum over Σ weight[label] of the
 * positions that are not ignored; without any it is NaN.
 *
 * @shape input [N, C], [N, C, d₁, …] or [C]; target [N], [N, d₁, …] or [], int32; weight [C]
 * @shape returns [] for 'mean' and 'sum', the target's shape for 'none'
 * @grad input, weight
 * @throws {DataError} CVY_DATA_MISMATCH for a label outside the classes; {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.nll_loss
 */
export function nllLoss(input: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  const { reduction, ignoreIndex } = checkLossOptions('nllLoss', options, ['weight', 'ignoreIndex']);
  const weight = options.weight ?? null;
  checkInput('nllLoss', input, target, weight);
  const labels = checkLabels('nllLoss', input, target, ignoreIndex);
  // Ignored positions read 0, whatever the input holds there.
  const losses = gatherAlong(input, classAxis(input), labels.index).reshape(labels.shape).neg();
  return weighted(losses, labelWeights(weight, labels), reduction);
}

function checkInput(op: string, input: Tensor, target: Tensor, weight: Tensor | null): void {
  checkTogether(op, input, target, weight);
  checkFloats(op, input, weight);
  if (input.ndim === 0) throw new ShapeError('CVY_SHAPE_RANK', `${op}: input is a scalar but an axis of classes is required (input [], target ${fmt(target.shape)})`);
  checkWeight(op, input, weight);
}

/**
 * Cross entropy between logits and labels, or between logits and probabilities of the classes (a float target of the input's
 * shape). With labels a mean is weighted as in nllLoss; with probabilities it is over positions.
 *
 * @shape input [N, C], [N, C, d₁, …] or [C], logits
 * @shape target [N], [N, d₁, …] or [], int32 labels; or as input, probabilities; weight [C]
 * @shape returns [] for 'mean' and 'sum', [N, d₁, …] for 'none'
 * @grad input, target when it holds probabilities, weight
 * @throws {DataError} CVY_DATA_MISMATCH for a label outside the classes; {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.cross_entropy
 */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const op = 'crossEntropy';
  const settings = checkLossOptions(op, options, ['weight', 'ignoreIndex', 'labelSmoothing']);
  const weight = options.weight ?? null;
  checkInput(op, input, target, weight);
  if (sameShape(input.shape, target.shape)) {
    if (settings.ignoreIndex >= 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ignoreIndex is ${settings.ignoreIndex} but the target holds probabilities, which have no label to ignore (target ${fmt(target.shape)})`);
    checkFloats(op, input, target);
    return withProbabilities(input, target, weight, settings);
  }
  const labels = checkLabels(op, input, target, settings.ignoreIndex);
  const weights = labelWeights(weight, labels);
  const { logs, losses } = crossEntropies(input, classAxis(input), labels.index, labels.shape);
  const loss = weighted(losses, weights, settings.reduction);
  const { labelSmoothing } = settings;
  if (labelSmoothing === 0) return loss;
  const smooth = spread(logs, labels, weight);
  return loss.mul(1 - labelSmoothing).add(reduceLosses(smooth, settings.reduction, weights.total).mul(labelSmoothing / input.shape[classAxis(input)]));
}

/** [C] along the axis of classes of `x`. */
const alongClasses = (weight: Tensor, x: Tensor): Tensor => weight.reshape([-1, ...new Array<number>(Math.max(0, x.ndim - 2)).fill(1)]);

/** −Σ over classes of (weighted) log-probabilities, 0 where the label is ignored. */
function spread(logs: Tensor, labels: Labels, weight: Tensor | null): Tensor {
  const sums = (weight === null ? logs : logs.mul(alongClasses(weight, logs))).sum(classAxis(logs)).neg();
  return labels.count === numel(labels.shape) ? sums : sums.maskedFill(labels.index.reshape(labels.shape).lt(0), 0);
}

function withProbabilities(input: Tensor, target: Tensor, weight: Tensor | null, { reduction, labelSmoothing }: LossSettings): Tensor {
  const axis = classAxis(input);
  const classes = input.shape[axis];
  const wanted = labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(labelSmoothing / classes);
  const products = logSoftmax(input, axis).mul(wanted);
  const losses = (weight === null ? products : products.mul(alongClasses(weight, input))).sum(axis).neg();
  return reduceLosses(losses, reduction, input.numel / classes);
}
