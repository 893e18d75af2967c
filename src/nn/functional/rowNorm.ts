/**
 * Layer, group and instance normalisation: rows of a tensor, each by its own mean and variance. A row is a channel of a batch of one
 * for batch normalisation, whose kernels and gradients (src/autograd/ops/norm.ts) these are; weight and bias that are not a row's own are
 * applied on top.
 */
import { channelStatistics, checkFloats, normOverBatch, normWithStatistics } from '../../autograd/index.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkTuple, product, sameShape } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { checkPerChannel, checkRunning, update } from './norm.js';

export interface NormFunctionOptions {
  /** Added to the variance; default 1e-5. */
  eps?: number;
}

export interface InstanceNormFunctionOptions extends NormFunctionOptions {
  /** Use each instance's own statistics and update the running ones, if there are any; default true. */
  useInputStats?: boolean;
  /** Share of the batch in the updated running statistics; default 0.1. */
  momentum?: number;
}

/** The input as `rows` rows, each less its mean and over its deviation, times gamma and plus beta [rows]; `seen` looks at the statistics [rows]: those of batch norm's kind. */
function normaliseRows(
  input: Tensor, rows: number, eps: number, gamma: Tensor | null = null, beta: Tensor | null = null, seen?: (mean: Tensor, variance: Tensor) => void,
): Tensor {
  if (input.numel === 0) return input;
  const x = input.reshape([1, rows, input.numel / rows]);
  const { mean, variance } = channelStatistics(x);
  const y = normOverBatch(x, mean, variance, gamma, beta, eps, seen !== undefined).reshape(input.shape);
  seen?.(mean, variance);
  mean.dispose();
  variance.dispose();
  return y;
}

function affine(x: Tensor, weight: Tensor | null, bias: Tensor | null, shape: readonly number[]): Tensor {
  const y = weight === null ? x : x.mul(weight.reshape(shape));
  return bias === null ? y : y.add(bias.reshape(shape));
}

/** The positive sizes that a layer norm takes. @throws {ArgumentError} CVY_ARG_VALUE. */
export function checkNormalizedShape(op: string, shape: number | readonly number[]): number[] {
  const list = typeof shape === 'number' ? [shape] : Array.isArray(shape) ? shape as readonly number[] : [];
  if (list.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: normalizedShape is ${Array.isArray(shape) ? fmt(shape) : String(shape)} but must be an integer ≥ 1 or several of them`);
  return checkTuple(op, 'normalizedShape', list, list.length, 1);
}

/**
 * (x − mean) / √(variance + eps) · weight + bias, with mean and biased variance over the last axes.
 *
 * @shape input [..., *normalizedShape]; weight, bias normalizedShape or null; returns the input's shape
 * @grad input, weight, bias
 * @throws {ShapeError} CVY_SHAPE_FEATURES, CVY_SHAPE_MISMATCH; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.layer_norm; Ba, Kiros & Hinton 2016, arXiv:1607.06450
 */
export function layerNorm(
  input: Tensor, normalizedShape: number | readonly number[], weight: Tensor | null = null, bias: Tensor | null = null, options: NormFunctionOptions = {},
): Tensor {
  checkOptions('layerNorm', options, ['eps']);
  const eps = checkNumber('layerNorm', 'eps', options.eps ?? 1e-5);
  const shape = checkNormalizedShape('layerNorm', normalizedShape);
  checkFloats('layerNorm', input, weight, bias);
  const leading = input.ndim - shape.length;
  if (leading < 0 || !sameShape(input.shape.slice(leading), shape)) {
    throw new ShapeError('CVY_SHAPE_FEATURES', `layerNorm: input ends in ${fmt(input.shape.slice(Math.max(leading, 0)))} but normalizedShape is ${fmt(shape)} (input ${fmt(input.shape)})`);
  }
  for (const [name, tensor] of Object.entries({ weight, bias })) {
    if (tensor !== null && !sameShape(tensor.shape, shape)) throw new ShapeError('CVY_SHAPE_MISMATCH', `layerNorm: ${name} is ${fmt(tensor.shape)} but ${fmt(shape)} is required (input ${fmt(input.shape)})`);
  }
  return affine(normaliseRows(input, product(input.shape, 0, leading), eps), weight, bias, shape);
}

/**
 * The same over groups of channels, of each example by itself.
 *
 * @shape input [N, C, …]; weight, bias [C] or null; returns the input's shape
 * @grad input, weight, bias
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS, CVY_SHAPE_NUMEL for a single value; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.group_norm; Wu & He 2018, arXiv:1803.08494
 */
export function groupNorm(input: Tensor, numGroups: number, weight: Tensor | null = null, bias: Tensor | null = null, options: NormFunctionOptions = {}): Tensor {
  checkOptions('groupNorm', options, ['eps']);
  const eps = checkNumber('groupNorm', 'eps', options.eps ?? 1e-5);
  checkTuple('groupNorm', 'numGroups', numGroups, 1, 1);
  checkFloats('groupNorm', input, weight, bias);
  checkBatch('groupNorm', input, 2, '[N, C, …]');
  const [n, channels] = input.shape;
  if (channels % numGroups !== 0) throw new ShapeError('CVY_SHAPE_CHANNELS', `groupNorm: input has ${channels} channels but numGroups ${numGroups} must divide them (input ${fmt(input.shape)})`);
  checkPerChannel('groupNorm', input, { weight, bias });
  if (input.numel === numGroups) throw new ShapeError('CVY_SHAPE_NUMEL', `groupNorm: a batch of one has 1 value per group but more are required (input ${fmt(input.shape)}, numGroups ${numGroups})`);
  return affine(normaliseRows(input, n * numGroups, eps), weight, bias, [-1, ...input.shape.slice(2).map(() => 1)]);
}

/**
 * The same over each channel of each example. Running statistics are averaged over the batch and updated in place, the variance with
 * the unbiased one; with `useInputStats: false` they take the place of the instances' own.
 *
 * @shape input [N, C, …]; runningMean, runningVar, weight, bias [C] or null; returns the input's shape
 * @grad input, weight, bias
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS, CVY_SHAPE_NUMEL for one value per channel; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.instance_norm; Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022
 */
export function instanceNorm(
  input: Tensor, runningMean: Tensor | null = null, runningVar: Tensor | null = null, weight: Tensor | null = null, bias: Tensor | null = null,
  options: InstanceNormFunctionOptions = {},
): Tensor {
  checkOptions('instanceNorm', options, ['useInputStats', 'momentum', 'eps']);
  const own = checkFlag('instanceNorm', 'useInputStats', options.useInputStats ?? true);
  const momentum = checkNumber('instanceNorm', 'momentum', options.momentum ?? 0.1);
  const eps = checkNumber('instanceNorm', 'eps', options.eps ?? 1e-5);
  checkFloats('instanceNorm', input, runningMean, runningVar, weight, bias);
  checkBatch('instanceNorm', input, 3, '[N, C, L, …]');
  checkPerChannel('instanceNorm', input, { runningMean, runningVar, weight, bias });
  checkRunning('instanceNorm', input, runningMean, runningVar, own ? null : ' with useInputStats: false');
  if (!own) return normWithStatistics(input, runningMean!, runningVar!, weight, bias, eps);
  const [n, channels] = input.shape;
  const count = product(input.shape, 2, input.ndim);
  if (count === 1) throw new ShapeError('CVY_SHAPE_NUMEL', `instanceNorm: the input has 1 value per channel and example but more are required (input ${fmt(input.shape)})`);
  // Each row is of one channel, so weight and bias are a row's own.
  const ofRows = (tensor: Tensor | null): Tensor | null => tensor && tensor.expand([n, channels]).reshape([n * channels]);
  return normaliseRows(input, n * channels, eps, ofRows(weight), ofRows(bias), (mean, variance) => {
    if (runningMean === null || runningVar === null) return;
    update(runningMean, mean.reshape([n, channels]).mean(0), momentum, momentum);
    update(runningVar, variance.reshape([n, channels]).mean(0), momentum, momentum * (count / (count - 1)));
  });
}

function checkBatch(op: string, input: Tensor, least: number, layout: string): void {
  if (input.ndim < least) throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input.ndim} axes but at least ${least} are required (input ${fmt(input.shape)}, expected ${layout})`);
}
