/**
 * Batch normalisation as a function of tensors, with PyTorch's running statistics. The arithmetic is src/autograd/ops/norm.ts.
 */
import { channelStatistics, checkFloats, isRecomputing, noGrad, normOverBatch, normWithStatistics } from '../../autograd/index.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { scope } from '../../memory/index.js';
import { full, type Tensor } from '../../tensor/index.js';

export interface BatchNormFunctionOptions {
  /** Use the batch's own statistics and update the running ones; default false. */
  training?: boolean;
  /** Share of the batch in the updated running statistics; default 0.1. */
  momentum?: number;
  /** Added to the variance; default 1e-5. */
  eps?: number;
}

/**
 * (x − mean) / √(variance + eps) · weight + bias for each channel. In training, mean and biased variance are the batch's, and
 * the running tensors are updated in place, the variance with the unbiased one.
 *
 * @shape input [N, C] or [N, C, …]; runningMean, runningVar, weight, bias [C] or null
 * @grad input, weight, bias
 * @throws {ShapeError} CVY_SHAPE_CHANNELS, CVY_SHAPE_RANK, CVY_SHAPE_NUMEL for one value per channel in training
 * @source torch.nn.functional.batch_norm; Ioffe & Szegedy 2015, arXiv:1502.03167
 */
export function batchNorm(
  input: Tensor, runningMean: Tensor | null, runningVar: Tensor | null, weight: Tensor | null = null, bias: Tensor | null = null,
  options: BatchNormFunctionOptions = {},
): Tensor {
  checkOptions('batchNorm', options, ['training', 'momentum', 'eps']);
  const training = checkFlag('batchNorm', 'training', options.training ?? false);
  const momentum = checkNumber('batchNorm', 'momentum', options.momentum ?? 0.1);
  const eps = checkNumber('batchNorm', 'eps', options.eps ?? 1e-5);
  checkFloats('batchNorm', input, runningMean, runningVar, weight, bias);
  if (input.ndim < 2) throw new ShapeError('CVY_SHAPE_RANK', `batchNorm: input has ${input.ndim} axes but at least 2 are required (input ${fmt(input.shape)}, expected [N, C, …])`);
  const channels = input.shape[1];
  checkPerChannel('batchNorm', input, { runningMean, runningVar, weight, bias });
  checkRunning('batchNorm', input, runningMean, runningVar, training ? null : ' outside of training');
  if (!training) return normWithStatistics(input, runningMean!, runningVar!, weight, bias, eps);
  const count = input.numel / (channels || 1);
  if (count === 1) throw new ShapeError('CVY_SHAPE_NUMEL', `batchNorm: the input has 1 value per channel but training needs more (input ${fmt(input.shape)}); use a larger batch, or eval()`);
  // Nothing to learn from; the running statistics stay, as PyTorch's do.
  if (count === 0) return normWithStatistics(input, full(input.backend, [channels], 0, input.dtype), full(input.backend, [channels], 1, input.dtype), weight, bias, eps);
  const { mean, variance } = channelStatistics(input);
  const y = normOverBatch(input, mean, variance, weight, bias, eps, true);
  if (runningMean !== null && runningVar !== null) {
    update(runningMean, mean, momentum, momentum);
    update(runningVar, variance, momentum, momentum * (count / (count - 1)));
  }
  mean.dispose();
  variance.dispose();
  return y;
}

/** @throws {ShapeError} CVY_SHAPE_CHANNELS unless each has as many elements as the input has channels. */
export function checkPerChannel(op: string, input: Tensor, tensors: Record<string, Tensor | null>): void {
  const [, channels] = input.shape;
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor !== null && (tensor.ndim !== 1 || tensor.shape[0] !== channels)) {
      throw new ShapeError('CVY_SHAPE_CHANNELS', `${op}: input has ${channels} channels but ${name} is ${fmt(tensor.shape)} (input ${fmt(input.shape)}, required ${fmt([channels])})`);
    }
  }
}

/** Both are required, or neither; `needed` says when neither is not enough. @throws {ArgumentError} CVY_ARG_VALUE. */
export function checkRunning(op: string, input: Tensor, mean: Tensor | null, variance: Tensor | null, needed: string | null): void {
  if ((mean === null) === (variance === null) && (mean !== null || needed === null)) return;
  throw new ArgumentError('CVY_ARG_VALUE', `${op}: runningMean is ${mean === null ? 'null' : 'given'} and runningVar is ${variance === null ? 'null' : 'given'} but both are required${needed ?? ', or neither'} (input ${fmt(input.shape)})`);
}

/** running ← (1 − momentum) · running + share · value, written aside. */
export function update(running: Tensor, value: Tensor, momentum: number, share: number): void {
  if (isRecomputing()) return;
  noGrad(() => scope(() => running.storage.swap(running.mul(1 - momentum).add(value.mul(share)).storage)));
}
