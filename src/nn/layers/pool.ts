/**
 * Layers of maximum and average pooling. The operations themselves are nn/functional/pool.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { checkFlag, checkOptions } from '../../errors.js';
import { checkPoolOptions, checkTuple, type Sizes } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { avgPool1d, avgPool2d, avgPool3d, checkAvgOptions, maxPool1d, maxPool2d, maxPool3d, maxPoolRelu2d, type AvgPoolOptions, type MaxPoolOptions } from '../functional/pool.js';
import { SpecLayer } from '../layer.js';
import type { Module } from '../module.js';
import { python } from '../options.js';

/** The arguments of a pooling layer, checked; sizes as they were given. */
export interface MaxPoolSpec {
  readonly kernelSize: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly dilation: Sizes;
  readonly returnIndices: boolean;
  readonly ceilMode: boolean;
}

/** A layer that was made with `returnIndices`: its forward gives the maxima and their positions. A Sequential cannot go on from those. */
export type WithIndices<M extends Module> = Omit<M, 'forward'> & { forward(input: Tensor): [y: Tensor, indices: Tensor] };

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function maxPoolSpec(op: string, axes: number, kernelSize: Sizes, options: MaxPoolOptions = {}): MaxPoolSpec {
  checkOptions(op, options, ['stride', 'padding', 'dilation', 'returnIndices', 'ceilMode']);
  checkPoolOptions(op, kernelSize, axes, options);
  const { stride, padding = 0, dilation = 1, returnIndices = false, ceilMode = false } = options;
  return {
    kernelSize, stride: stride ?? kernelSize, padding, dilation,
    returnIndices: checkFlag(op, 'returnIndices', returnIndices), ceilMode: checkFlag(op, 'ceilMode', ceilMode),
  };
}

/** What the layers of one to three axes share. */
@injectedAsBase
export abstract class MaxPooling extends SpecLayer<MaxPoolSpec> {
  protected pooled(pool: typeof maxPool2d, input: Tensor): Tensor {
    const { kernelSize, returnIndices, ...options } = this.spec;
    if (!returnIndices) return pool(input, kernelSize, options);
    // A pair, which the factories' types say: see WithIndices.
    return pool(input, kernelSize, { ...options, returnIndices }) as unknown as Tensor;
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this.spec;
    return `kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}, dilation=${python(dilation)}, ceil_mode=${python(ceilMode)}`;
  }
}

/**
 * Largest element of each window.
 *
 * @shape input [N, C, H, W] or [C, H, W]; returns [N, C, oH, oW], see maxPool2d; with `returnIndices` that and the positions, int32
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source torch.nn.MaxPool2d
 */
@injectedAsBase
export class MaxPool2d extends MaxPooling {
  protected compute(input: Tensor): Tensor {
    return this.pooled(maxPool2d, input);
  }

  /** `forward` with a ReLU behind it: what a Sequential calls for layers that it runs as one. */
  forwardRelu(input: Tensor): Tensor {
    const { kernelSize, returnIndices: _none, ...options } = this.spec;
    return this.named(() => maxPoolRelu2d(this.here(input), kernelSize, options));
  }
}

/** The same over [N, C, L]. @throws as MaxPool2d. @source torch.nn.MaxPool1d */
@injectedAsBase
export class MaxPool1d extends MaxPooling {
  protected compute(input: Tensor): Tensor {
    return this.pooled(maxPool1d, input);
  }
}

/** The same over [N, C, D, H, W]. @throws as MaxPool2d. @source torch.nn.MaxPool3d */
@injectedAsBase
export class MaxPool3d extends MaxPooling {
  protected compute(input: Tensor): Tensor {
    return this.pooled(maxPool3d, input);
  }
}

export interface AvgPoolSpec {
  readonly kernelSize: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  /** Absent for one axis, where there is no such option. */
  readonly divisorOverride?: number | null;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function avgPoolSpec(op: string, axes: number, kernelSize: Sizes, options: AvgPoolOptions = {}): AvgPoolSpec {
  checkOptions(op, options, ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride']);
  checkPoolOptions(op, kernelSize, axes, options);
  const { countIncludePad, divisor } = checkAvgOptions(op, options);
  const { stride, padding = 0, ceilMode = false } = options;
  return { kernelSize, stride: stride ?? kernelSize, padding, ceilMode, countIncludePad, divisorOverride: divisor };
}

/** Over one axis PyTorch keeps sizes as tuples, and takes no divisor. */
function avgPool1dSpec(kernelSize: Sizes, options: Omit<AvgPoolOptions, 'divisorOverride'> = {}): AvgPoolSpec {
  checkOptions('AvgPool1d', options, ['stride', 'padding', 'ceilMode', 'countIncludePad']);
  const { divisorOverride: _none, ...spec } = avgPoolSpec('AvgPool1d', 1, kernelSize, options);
  const single = (name: string, value: Sizes): number[] => checkTuple('AvgPool1d', name, value, 1, 0);
  return { ...spec, kernelSize: single('kernelSize', spec.kernelSize), stride: single('stride', spec.stride), padding: single('padding', spec.padding) };
}

/** What the layers of one to three axes share. */
@injectedAsBase
export abstract class AvgPooling extends SpecLayer<AvgPoolSpec> {
  protected pooled(pool: (input: Tensor, kernelSize: Sizes, options: AvgPoolOptions) => Tensor, input: Tensor): Tensor {
    const { kernelSize, ...options } = this.spec;
    return pool(input, kernelSize, options);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this.spec;
    return `kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}`;
  }
}

/**
 * Mean of each window.
 *
 * @shape input [N, C, H, W] or [C, H, W]; returns [N, C, oH, oW], see avgPool2d
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source torch.nn.AvgPool2d
 */
@injectedAsBase
export class AvgPool2d extends AvgPooling {
  protected compute(input: Tensor): Tensor {
    return this.pooled(avgPool2d, input);
  }
}

/** The same over [N, C, L], without a divisor. @throws as AvgPool2d. @source torch.nn.AvgPool1d */
@injectedAsBase
export class AvgPool1d extends AvgPooling {
  protected compute(input: Tensor): Tensor {
    return this.pooled(avgPool1d, input);
  }
}

/** The same over [N, C, D, H, W]. @throws as AvgPool2d. @source torch.nn.AvgPool3d */
@injectedAsBase
export class AvgPool3d extends AvgPooling {
  protected compute(input: Tensor): Tensor {
    return this.pooled(avgPool3d, input);
  }
}

type Plain = MaxPoolOptions & { returnIndices?: false };
type Indexed = MaxPoolOptions & { returnIndices: true };

declare module '../nn.js' {
  interface NN {
    MaxPool1d(kernelSize: Sizes, options: Indexed): WithIndices<MaxPool1d>;
    MaxPool1d(kernelSize: Sizes, options?: Plain): MaxPool1d;
    MaxPool2d(kernelSize: Sizes, options: Indexed): WithIndices<MaxPool2d>;
    MaxPool2d(kernelSize: Sizes, options?: Plain): MaxPool2d;
    MaxPool3d(kernelSize: Sizes, options: Indexed): WithIndices<MaxPool3d>;
    MaxPool3d(kernelSize: Sizes, options?: Plain): MaxPool3d;
  }
}

export const factories = {
  /** See {@link MaxPool1d}. */
  MaxPool1d: factory(MaxPool1d, (kernelSize: Sizes, options?: Plain) => maxPoolSpec('MaxPool1d', 1, kernelSize, options)),
  /** See {@link MaxPool2d}. */
  MaxPool2d: factory(MaxPool2d, (kernelSize: Sizes, options?: Plain) => maxPoolSpec('MaxPool2d', 2, kernelSize, options)),
  /** See {@link MaxPool3d}. */
  MaxPool3d: factory(MaxPool3d, (kernelSize: Sizes, options?: Plain) => maxPoolSpec('MaxPool3d', 3, kernelSize, options)),
  /** See {@link AvgPool1d}. */
  AvgPool1d: factory(AvgPool1d, avgPool1dSpec),
  /** See {@link AvgPool2d}. */
  AvgPool2d: factory(AvgPool2d, (kernelSize: Sizes, options?: AvgPoolOptions) => avgPoolSpec('AvgPool2d', 2, kernelSize, options)),
  /** See {@link AvgPool3d}. */
  AvgPool3d: factory(AvgPool3d, (kernelSize: Sizes, options?: AvgPoolOptions) => avgPoolSpec('AvgPool3d', 3, kernelSize, options)),
};
