/**
 * Pooling layers. The operations themselves are nn/functional/pool.ts.
 */
import { inject, injectable } from 'inversify';
import type { Backend } from '../../backend/index.js';
import { BACKEND, SPEC } from '../../di/tokens.js';
import { checkFlag, checkOptions } from '../../errors.js';
import { checkPoolOptions, type PoolOptions } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { avgPool2d, checkAvgOptions, maxPool2d, type AvgPoolOptions } from '../functional/pool.js';
import { Layer } from '../layer.js';
import { python } from '../options.js';

type Sizes = number | readonly number[];

/** The arguments of a pooling layer, checked; sizes as they were given. */
export interface MaxPoolSpec {
  readonly kernelSize: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly dilation: Sizes;
  readonly ceilMode: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function maxPoolSpec(op: string, axes: number, kernelSize: Sizes, options: PoolOptions = {}): MaxPoolSpec {
  checkOptions(op, options, ['stride', 'padding', 'dilation', 'ceilMode']);
  checkPoolOptions(op, kernelSize, axes, options);
  const { stride, padding = 0, dilation = 1, ceilMode = false } = options;
  return { kernelSize, stride: stride ?? kernelSize, padding, dilation, ceilMode: checkFlag(op, 'ceilMode', ceilMode) };
}

/**
 * Largest element of each window.
 *
 * @shape input [N, C, H, W] or [C, H, W]; returns [N, C, oH, oW], see maxPool2d
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source torch.nn.MaxPool2d
 */
@injectable()
export class MaxPool2d extends Layer {
  constructor(@inject(SPEC) readonly spec: MaxPoolSpec, @inject(BACKEND) backend: Backend) {
    super(backend);
  }

  protected compute(input: Tensor): Tensor {
    const { kernelSize, stride, padding, dilation, ceilMode } = this.spec;
    return maxPool2d(input, kernelSize, { stride, padding, dilation, ceilMode });
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this.spec;
    return `kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}, dilation=${python(dilation)}, ceil_mode=${python(ceilMode)}`;
  }
}

export interface AvgPoolSpec {
  readonly kernelSize: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | null;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function avgPoolSpec(op: string, axes: number, kernelSize: Sizes, options: AvgPoolOptions = {}): AvgPoolSpec {
  checkOptions(op, options, ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride']);
  checkPoolOptions(op, kernelSize, axes, options);
  const { countIncludePad, divisor } = checkAvgOptions(op, options);
  const { stride, padding = 0, ceilMode = false } = options;
  return { kernelSize, stride: stride ?? kernelSize, padding, ceilMode, countIncludePad, divisorOverride: divisor };
}

/**
 * Mean of each window.
 *
 * @shape input [N, C, H, W] or [C, H, W]; returns [N, C, oH, oW], see avgPool2d
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source torch.nn.AvgPool2d
 */
@injectable()
export class AvgPool2d extends Layer {
  constructor(@inject(SPEC) readonly spec: AvgPoolSpec, @inject(BACKEND) backend: Backend) {
    super(backend);
  }

  protected compute(input: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this.spec;
    return avgPool2d(input, kernelSize, { stride, padding, ceilMode, countIncludePad, divisorOverride });
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this.spec;
    return `kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}`;
  }
}

export const factories = {
  /** See {@link MaxPool2d}. */
  MaxPool2d: factory(MaxPool2d, (kernelSize: Sizes, options?: PoolOptions) => maxPoolSpec('MaxPool2d', 2, kernelSize, options)),
  /** See {@link AvgPool2d}. */
  AvgPool2d: factory(AvgPool2d, (kernelSize: Sizes, options?: AvgPoolOptions) => avgPoolSpec('AvgPool2d', 2, kernelSize, options)),
};
