/**
 * Batch and instance normalisation layers: weights, running statistics under PyTorch's keys, and when they are updated.
 * Norms without running statistics are rowNorm.ts.
 */
import { inject } from 'inversify';
import { isRecomputing } from '../../autograd/index.js';
import type { Backend } from '../../backend/index.js';
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { BACKEND, SPEC } from '../../di/tokens.js';
import { checkFlag, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkTuple } from '../../shape/index.js';
import { full, type Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { batchNorm } from '../functional/norm.js';
import { instanceNorm } from '../functional/rowNorm.js';
import { Layer } from '../layer.js';
import { python } from '../options.js';
import { parameter, type Parameter } from '../parameter.js';

export interface BatchNormOptions {
  /** Added to the variance; default 1e-5. */
  eps?: number;
  /** Share of each batch in the running statistics; null for the cumulative average. Default 0.1. */
  momentum?: number | null;
  /** Whether there are weight and bias; default true. */
  affine?: boolean;
  /** Whether there are running statistics; without them the batch's own serve evaluation too. Default true. */
  trackRunningStats?: boolean;
}

export type BatchNormSpec = Required<BatchNormOptions> & { readonly numFeatures: number };

/** Options as of a batch norm; `affine` and `trackRunningStats` are false by default. */
export type InstanceNormOptions = BatchNormOptions;

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
function normSpec(op: string, numFeatures: number, options: BatchNormOptions, usual: boolean): BatchNormSpec {
  checkOptions(op, options, ['eps', 'momentum', 'affine', 'trackRunningStats']);
  checkTuple(op, 'numFeatures', numFeatures, 1, 1);
  const { eps = 1e-5, momentum = 0.1, affine = usual, trackRunningStats = usual } = options;
  return {
    numFeatures,
    eps: checkNumber(op, 'eps', eps),
    momentum: momentum === null ? null : checkNumber(op, 'momentum', momentum),
    affine: checkFlag(op, 'affine', affine),
    trackRunningStats: checkFlag(op, 'trackRunningStats', trackRunningStats),
  };
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export const batchNormSpec = (op: string, numFeatures: number, options: BatchNormOptions = {}): BatchNormSpec => normSpec(op, numFeatures, options, true);

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export const instanceNormSpec = (op: string, numFeatures: number, options: InstanceNormOptions = {}): BatchNormSpec => normSpec(op, numFeatures, options, false);

/** What norms over channels have in common; each says which shapes it takes. */
abstract class ChannelNorm extends Layer {
  /** [C], or null; starts as ones */
  readonly weight: Parameter | null;
  /** [C], or null; starts as zeros */
  readonly bias: Parameter | null;

  constructor(@inject(SPEC) readonly spec: BatchNormSpec, @inject(BACKEND) backend: Backend) {
    super(backend);
    const shape = [spec.numFeatures];
    this.weight = spec.affine ? parameter(full(backend, shape, 1)) : null;
    this.bias = spec.affine ? parameter(full(backend, shape, 0)) : null;
    if (spec.trackRunningStats) {
      this.registerBuffer('running_mean', full(backend, shape, 0));
      this.registerBuffer('running_var', full(backend, shape, 1));
      this.registerBuffer('num_batches_tracked', full(backend, [], 0, 'int32'));
    }
  }

  /** Running mean [C], or null. */
  get runningMean(): Tensor | null {
    return this.spec.trackRunningStats ? this.buffer('running_mean') : null;
  }

  /** Running unbiased variance [C], or null. */
  get runningVar(): Tensor | null {
    return this.spec.trackRunningStats ? this.buffer('running_var') : null;
  }

  /** How many batches the running statistics have seen, an int32 scalar, or null. */
  get numBatchesTracked(): Tensor | null {
    return this.spec.trackRunningStats ? this.buffer('num_batches_tracked') : null;
  }

  /** Shapes this layer takes, as numbers of axes, and how they are written in messages. */
  protected abstract readonly takes: { readonly ranks: readonly number[]; readonly layout: string };

  protected compute(input: Tensor): Tensor {
    const { ranks, layout } = this.takes;
    const op = this.constructor.name;
    if (input?.shape && !ranks.includes(input.ndim)) {
      const hint = input.ndim === Math.max(...ranks) - 1 ? '; add the batch axis with unsqueeze(0)' : '';
      throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input.ndim} axes but ${ranks.join(' or ')} are required (input ${fmt(input.shape)}, expected ${layout})${hint}`);
    }
    return this.normalise(input);
  }

  /** The operation on an input of a rank that the layer takes. */
  protected abstract normalise(input: Tensor): Tensor;

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this.spec;
    return `${numFeatures}, eps=${python(eps)}, momentum=${python(momentum)}, affine=${python(affine)}, track_running_stats=${python(trackRunningStats)}`;
  }
}

/** What the batch norms have in common. */
@injectedAsBase
export abstract class BatchNorm extends ChannelNorm {
  protected normalise(input: Tensor): Tensor {
    const { eps, momentum, trackRunningStats } = this.spec;
    const training = this.training || !trackRunningStats;
    const counts = this.training && trackRunningStats;
    const share = momentum ?? (counts ? 1 / (this.numBatchesTracked!.item() + 1) : 0);
    const y = batchNorm(input, this.runningMean, this.runningVar, this.weight, this.bias, { training, momentum: share, eps });
    if (counts && !isRecomputing()) this.setBuffer('num_batches_tracked', this.numBatchesTracked!.add(1));
    return y;
  }
}

/**
 * Batch normalisation of images.
 *
 * @shape input [N, C, H, W]; returns the same
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS, CVY_SHAPE_NUMEL for one value per channel in training
 * @source torch.nn.BatchNorm2d
 */
@injectedAsBase
export class BatchNorm2d extends BatchNorm {
  protected get takes(): { ranks: number[]; layout: string } {
    return { ranks: [4], layout: 'NCHW' };
  }
}

/** Batch normalisation of features [N, C] or sequences [N, C, L]. @throws as BatchNorm2d. @source torch.nn.BatchNorm1d */
@injectedAsBase
export class BatchNorm1d extends BatchNorm {
  protected get takes(): { ranks: number[]; layout: string } {
    return { ranks: [2, 3], layout: 'NC or NCL' };
  }
}

/** Batch normalisation of volumes [N, C, D, H, W]. @throws as BatchNorm2d. @source torch.nn.BatchNorm3d */
@injectedAsBase
export class BatchNorm3d extends BatchNorm {
  protected get takes(): { ranks: number[]; layout: string } {
    return { ranks: [5], layout: 'NCDHW' };
  }
}

/** What the instance norms have in common. `momentum: null` leaves the running statistics as they are, as in PyTorch. */
@injectedAsBase
export abstract class InstanceNorm extends ChannelNorm {
  protected normalise(input: Tensor): Tensor {
    const { eps, momentum, trackRunningStats } = this.spec;
    const { ranks } = this.takes;
    if (input.ndim === ranks[0]) return this.normalise(input.unsqueeze(0)).squeeze(0);
    return instanceNorm(input, this.runningMean, this.runningVar, this.weight, this.bias, {
      useInputStats: this.training || !trackRunningStats, momentum: momentum ?? 0, eps,
    });
  }
}

/**
 * Normalisation of each channel of each sequence by itself.
 *
 * @shape input [N, C, L] or [C, L]; returns the same
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS, CVY_SHAPE_NUMEL for one value per channel
 * @source torch.nn.InstanceNorm1d
 */
@injectedAsBase
export class InstanceNorm1d extends InstanceNorm {
  protected get takes(): { ranks: number[]; layout: string } {
    return { ranks: [2, 3], layout: 'NCL or CL' };
  }
}

/** The same of images [N, C, H, W] or [C, H, W]. @throws as InstanceNorm1d. @source torch.nn.InstanceNorm2d */
@injectedAsBase
export class InstanceNorm2d extends InstanceNorm {
  protected get takes(): { ranks: number[]; layout: string } {
    return { ranks: [3, 4], layout: 'NCHW or CHW' };
  }
}

/** The same of volumes [N, C, D, H, W] or [C, D, H, W]. @throws as InstanceNorm1d. @source torch.nn.InstanceNorm3d */
@injectedAsBase
export class InstanceNorm3d extends InstanceNorm {
  protected get takes(): { ranks: number[]; layout: string } {
    return { ranks: [4, 5], layout: 'NCDHW or CDHW' };
  }
}

export const factories = {
  /** See {@link BatchNorm1d}. */
  BatchNorm1d: factory(BatchNorm1d, (numFeatures: number, options?: BatchNormOptions) => batchNormSpec('BatchNorm1d', numFeatures, options)),
  /** See {@link BatchNorm2d}. */
  BatchNorm2d: factory(BatchNorm2d, (numFeatures: number, options?: BatchNormOptions) => batchNormSpec('BatchNorm2d', numFeatures, options)),
  /** See {@link BatchNorm3d}. */
  BatchNorm3d: factory(BatchNorm3d, (numFeatures: number, options?: BatchNormOptions) => batchNormSpec('BatchNorm3d', numFeatures, options)),
  /** See {@link InstanceNorm1d}. */
  InstanceNorm1d: factory(InstanceNorm1d, (numFeatures: number, options?: InstanceNormOptions) => instanceNormSpec('InstanceNorm1d', numFeatures, options)),
  /** See {@link InstanceNorm2d}. */
  InstanceNorm2d: factory(InstanceNorm2d, (numFeatures: number, options?: InstanceNormOptions) => instanceNormSpec('InstanceNorm2d', numFeatures, options)),
  /** See {@link InstanceNorm3d}. */
  InstanceNorm3d: factory(InstanceNorm3d, (numFeatures: number, options?: InstanceNormOptions) => instanceNormSpec('InstanceNorm3d', numFeatures, options)),
};
