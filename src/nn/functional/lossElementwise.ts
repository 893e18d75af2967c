/**
 * Losses between numbers, element by element: squared, absolute and Huber's, those of Poisson and normal distributions, and the
 * divergence of two distributions. Gradients reach the target too.
 */
import { checkFloats } from '../../autograd/index.js';
import { ArgumentError, checkChoice, checkFlag, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { scope } from '../../memory/index.js';
import { sameShape } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { checkPair, checkReduction, reduceLosses, REDUCTIONS, type Reduction, type ReductionOptions } from './lossCommon.js';
import { pointwise, pointwiseGradient } from './pointwise.js';

/**
 * Squared differences.
 * @shape input and target the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input, target
 * @throws {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.mse_loss, which warns where this refuses
 */
export function mseLoss(input: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  const reduction = checkReduction('mseLoss', options);
  checkPair('mseLoss', input, target);
  return scope(() => reduceLosses(input.sub(target).square(), reduction));
}

/**
 * Absolute differences; where both are equal the gradient is 0.
 * @shape input and target the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input, target
 * @throws {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.l1_loss
 */
export function l1Loss(input: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  const reduction = checkReduction('l1Loss', options);
  checkPair('l1Loss', input, target);
  return scope(() => reduceLosses(input.sub(target).abs(), reduction));
}

/** ½ d² where |d| ≤ delta, else delta · (|d| − ½ delta), both as c · (|d| − ½ c) with c = min(|d|, delta). */
const huber = (op: string, difference: Tensor, delta: number): Tensor => pointwise(op, difference,
  (d) => {
    const size = d.abs();
    const c = size.clamp(null, delta);
    return size.sub(c.mul(0.5)).mul(c);
  },
  (d) => d.clamp(-delta, delta));

export interface HuberLossOptions extends ReductionOptions {
  /** Where the square goes over into a line; default 1. */
  delta?: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE unless delta > 0, CVY_ARG_OPTION. */
export function huberSettings(op: string, options: HuberLossOptions = {}): Required<HuberLossOptions> {
  const reduction = checkReduction(op, options, ['delta']);
  const delta = checkNumber(op, 'delta', options.delta ?? 1, 0);
  if (delta === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: delta is 0 but must be positive`);
  return { delta, reduction };
}

/**
 * Half of squared differences up to delta, beyond it a line with the same slope.
 * @shape input and target the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input, target
 * @throws {ArgumentError} CVY_ARG_VALUE unless delta > 0; {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.huber_loss; Huber 1964
 */
export function huberLoss(input: Tensor, target: Tensor, options: HuberLossOptions = {}): Tensor {
  const { delta, reduction } = huberSettings('huberLoss', options);
  checkPair('huberLoss', input, target);
  return scope(() => reduceLosses(huber('huberLoss', input.sub(target), delta), reduction));
}

export interface SmoothL1LossOptions extends ReductionOptions {
  /** Where the square goes over into a line; 0 leaves the line alone, as in l1Loss. Default 1. */
  beta?: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE unless beta ≥ 0, CVY_ARG_OPTION. */
export function smoothL1Settings(op: string, options: SmoothL1LossOptions = {}): Required<SmoothL1LossOptions> {
  const reduction = checkReduction(op, options, ['beta']);
  return { beta: checkNumber(op, 'beta', options.beta ?? 1, 0), reduction };
}

/**
 * Huber's loss over beta: absolute differences, less ½ beta, but squares near 0.
 * @shape input and target the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input, target
 * @throws {ArgumentError} CVY_ARG_VALUE unless beta ≥ 0; {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.smooth_l1_loss; Girshick 2015
 */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1LossOptions = {}): Tensor {
  const { beta, reduction } = smoothL1Settings('smoothL1Loss', options);
  checkPair('smoothL1Loss', input, target);
  return scope(() => {
    const difference = input.sub(target);
    return reduceLosses(beta === 0 ? difference.abs() : huber('smoothL1Loss', difference, beta).div(beta), reduction);
  });
}

export interface KlDivOptions {
  /** Default 'mean', over all elements; 'batchmean' divides the sum by the first axis alone, which is the divergence of its definition. */
  reduction?: Reduction | 'batchmean';
  /** The target holds logarithms too; default false. */
  logTarget?: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function klDivSettings(op: string, options: KlDivOptions = {}): Required<KlDivOptions> {
  checkOptions(op, options, ['reduction', 'logTarget']);
  const reduction = checkChoice(op, 'reduction', options.reduction ?? 'mean', [...REDUCTIONS, 'batchmean']);
  return { reduction, logTarget: checkFlag(op, 'logTarget', options.logTarget ?? false) };
}

/**
 * Kullback and Leibler's divergence, target · (log target − input): the input holds log-probabilities, as logSoftmax gives them.
 * A target of 0 adds nothing; it has no gradient of its own there, NaN.
 * @shape input and target the same; returns [] unless reduction is 'none'
 * @grad input, target
 * @throws {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.kl_div
 */
export function klDiv(input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  const { reduction, logTarget } = klDivSettings('klDiv', options);
  checkPair('klDiv', input, target);
  return scope(() => {
    const losses = logTarget
      ? target.exp().mul(target.sub(input))
      : pointwise('klDiv', target, (t) => t.maskedFill(t.eq(0), 1).log().mul(t), (t) => t.log().add(t.div(t))).sub(target.mul(input));
    return reduction === 'batchmean' ? reduceLosses(losses, 'mean', input.shape[0] ?? 1) : reduceLosses(losses, reduction);
  });
}

export interface PoissonNllLossOptions extends ReductionOptions {
  /** The input is the logarithm of the expectation; default true. */
  logInput?: boolean;
  /** Adds Stirling's approximation of log(target!) where the target is above 1; default false. */
  full?: boolean;
  /** Keeps log(input + eps) finite without logInput; default 1e-8. */
  eps?: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function poissonNllSettings(op: string, options: PoissonNllLossOptions = {}): Required<PoissonNllLossOptions> {
  const reduction = checkReduction(op, options, ['logInput', 'full', 'eps']);
  const { logInput = true, full = false, eps = 1e-8 } = options;
  return { logInput: checkFlag(op, 'logInput', logInput), full: checkFlag(op, 'full', full), eps: checkNumber(op, 'eps', eps), reduction };
}

/**
 * Negative log likelihood of counts under Poisson distributions: exp(input) − target · input.
 * @shape input and target the same; returns [] for 'mean' and 'sum', their shape for 'none'
 * @grad input, target
 * @throws {ShapeError} CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.poisson_nll_loss
 */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonNllLossOptions = {}): Tensor {
  const { logInput, full, eps, reduction } = poissonNllSettings('poissonNllLoss', options);
  checkPair('poissonNllLoss', input, target);
  return scope(() => {
    const losses = logInput ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()));
    return reduceLosses(full ? losses.add(stirling(target)) : losses, reduction);
  });
}

/** t · log t − t + ½ log(2πt) above 1, else 0. */
function stirling(target: Tensor): Tensor {
  const small = target.detach().le(1);
  const t = target.maskedFill(small, 1);
  return t.mul(t.log()).sub(t).add(t.mul(2 * Math.PI).log().mul(0.5)).maskedFill(small, 0);
}

export interface GaussianNllLossOptions extends ReductionOptions {
  /** Adds the constant ½ log 2π; default false. */
  full?: boolean;
  /** What variances are raised to; default 1e-6. */
  eps?: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function gaussianNllSettings(op: string, options: GaussianNllLossOptions = {}): Required<GaussianNllLossOptions> {
  const reduction = checkReduction(op, options, ['full', 'eps']);
  return { full: checkFlag(op, 'full', options.full ?? false), eps: checkNumber(op, 'eps', options.eps ?? 1e-6, 0), reduction };
}

/**
 * Negative log likelihood under normal distributions: ½ (log variance + (input − target)² / variance). The gradient of a variance
 * that was raised to eps is that of eps.
 * @shape input and target the same; variance the same, or with 1 or nothing for the last axis
 * @shape returns [] for 'mean' and 'sum', the input's shape for 'none'
 * @grad input, target, variance
 * @throws {ShapeError} CVY_SHAPE_MISMATCH; {ArgumentError} CVY_ARG_VALUE for a negative variance; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.gaussian_nll_loss; Nix and Weigend 1994
 */
export function gaussianNllLoss(input: Tensor, target: Tensor, variance: Tensor, options: GaussianNllLossOptions = {}): Tensor {
  const op = 'gaussianNllLoss';
  const { full, eps, reduction } = gaussianNllSettings(op, options);
  checkFloats(op, input, target, variance);
  checkPair(op, input, target);
  const rows = input.shape.slice(0, -1);
  if (![input.shape, rows, [...rows, 1]].some((shape) => sameShape(shape, variance.shape))) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: variance has shape ${fmt(variance.shape)} but ${fmt(input.shape)}, ${fmt([...rows, 1])} or ${fmt(rows)} is required (input ${fmt(input.shape)})`);
  }
  return scope(() => {
    const least = variance.numel > 0 ? variance.detach().min().item() : 0;
    if (least < 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: variance has an element of ${least} but must not be negative (variance ${fmt(variance.shape)})`);
    const shaped = variance.ndim < input.ndim ? variance.unsqueeze(-1) : variance;
    const v = pointwiseGradient('raised', shaped, (x) => x.clamp(eps, null), (g) => g);
    const losses = v.log().add(input.sub(target).square().div(v)).mul(0.5);
    return reduceLosses(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
  });
}
