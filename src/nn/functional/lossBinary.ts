/** Losses of yes and no: of probabilities, of logits, of signs. Gradients reach the target and the weights too. */
import { checkFloats, record, sub } from '../../autograd/index.js';
import { ArgumentError, fmt, ShapeError } from '../../errors.js';
import { scope } from '../../memory/index.js';
import { broadcastShapes, sameShape } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { logSigmoid } from './activation.js';
import { checkPair, checkReduction, reduceLosses, type ReductionOptions } from './lossCommon.js';

export interface WeightedLossOptions extends ReductionOptions {
  /** Broadcast to the input's shape: how much each element counts; default: all the same. */
  weight?: Tensor | null;
}

/** @throws {ShapeError} CVY_SHAPE_MISMATCH unless the tensor, if any, can be broadcast to the input's shape. */
function checkFactor(op: string, name: string, input: Tensor, factor: Tensor | null): void {
  if (factor === null) return;
  checkFloats(op, input, factor);
  if (!sameShape(broadcastShapes(op, input.shape, factor.shape), input.shape)) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: ${name} has shape ${fmt(factor.shape)} but must fit the input when it is broadcast (input ${fmt(input.shape)})`);
  }
}

/**
 * Cross entropy of probabilities of yes: −(target · log input + (1 − target) · log(1 − input)). Logarithms are limited to −100, and the
 * gradient's denominator to 10⁻¹². After a sigmoid, binaryCrossEntropyWithLogits of its input is more exact.
 * @shape input and target the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input, target, weight
 * @throws {ArgumentError} CVY_ARG_VALUE for an input outside [0, 1]; {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.binary_cross_entropy
 */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  const op = 'binaryCrossEntropy';
  const reduction = checkReduction(op, options, ['weight']);
  const weight = options.weight ?? null;
  checkPair(op, input, target);
  checkFactor(op, 'weight', input, weight);
  return scope(() => {
    checkProbabilities(op, input);
    const [x, t] = [input.detach(), target.detach()];
    const y = t.sub(1).mul(sub(1, x).log().clamp(-100, null)).sub(t.mul(x.log().clamp(-100, null)));
    const losses = record(op, y, [input, target], [input, target], (g, [p, q], needs) => [
      needs[0] ? g.mul(p.sub(q)).div(sub(1, p).mul(p).clamp(1e-12, null)) : null,
      needs[1] ? g.mul(sub(1, p).log().sub(p.log())) : null,
    ]);
    return reduceLosses(weight === null ? losses : losses.mul(weight), reduction);
  });
}

function checkProbabilities(op: string, input: Tensor): void {
  if (input.numel === 0) return;
  const x = input.detach();
  for (const extreme of [x.min().item(), x.max().item()]) {
    // Not NaN either.
    if (!(extreme >= 0 && extreme <= 1)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the input has an element of ${extreme} but all must be from 0 to 1 (input ${fmt(input.shape)}); for logits use binaryCrossEntropyWithLogits`);
  }
}

export interface BinaryCrossEntropyWithLogitsOptions extends WeightedLossOptions {
  /** Broadcast to the input's shape: how much a yes counts, e.g. one number for each class of the last axis. */
  posWeight?: Tensor | null;
}

/**
 * Cross entropy of logits of yes, exact however far out they are.
 * @shape input and target the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input, target, weight, posWeight
 * @throws {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.binary_cross_entropy_with_logits
 */
export function binaryCrossEntropyWithLogits(input: Tensor, target: Tensor, options: BinaryCrossEntropyWithLogitsOptions = {}): Tensor {
  const op = 'binaryCrossEntropyWithLogits';
  const reduction = checkReduction(op, options, ['weight', 'posWeight']);
  const { weight = null, posWeight = null } = options;
  checkPair(op, input, target);
  checkFactor(op, 'weight', input, weight);
  checkFactor(op, 'posWeight', input, posWeight);
  return scope(() => {
    const losses = ofLogits(input, target, posWeight);
    return reduceLosses(weight === null ? losses : losses.mul(weight), reduction);
  });
}

/** (1 − t) · x − (1 + t · (posWeight − 1)) · log sigmoid(x). */
function ofLogits(x: Tensor, t: Tensor, posWeight: Tensor | null): Tensor {
  const logs = logSigmoid(x);
  return sub(1, t).mul(x).sub(posWeight === null ? logs : posWeight.sub(1).mul(t).add(1).mul(logs));
}

/**
 * Binary cross entropy of logits for every class of the last axis, averaged over the classes.
 * @shape input and target [..., C]; weight [C], or whatever fits when it is broadcast
 * @shape returns [] for 'mean' and 'sum', [...] for 'none'
 * @grad input, target, weight
 * @throws {ShapeError} CVY_SHAPE_MISMATCH, CVY_SHAPE_RANK; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.multilabel_soft_margin_loss
 */
export function multilabelSoftMarginLoss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  const op = 'multilabelSoftMarginLoss';
  const reduction = checkReduction(op, options, ['weight']);
  const weight = options.weight ?? null;
  checkPair(op, input, target);
  checkFactor(op, 'weight', input, weight);
  if (input.ndim === 0) throw new ShapeError('CVY_SHAPE_RANK', `${op}: input is a scalar but an axis of classes is required (input [])`);
  return scope(() => {
    const losses = ofLogits(input, target, null);
    return reduceLosses((weight === null ? losses : losses.mul(weight)).mean(-1), reduction);
  });
}

/**
 * log(1 + exp(−target · input)) for targets of 1 and −1, which overflows nowhere.
 * @shape input and target the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input, target
 * @throws {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.soft_margin_loss
 */
export function softMarginLoss(input: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  const reduction = checkReduction('softMarginLoss', options);
  checkPair('softMarginLoss', input, target);
  return scope(() => reduceLosses(logSigmoid(input.mul(target)).neg(), reduction));
}
