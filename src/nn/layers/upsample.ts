/**
 * Layers that resize. The operation itself is nn/functional/interpolate.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { checkInterpolateOptions, resize, type InterpolateOptions, type ResizeSpec } from '../functional/interpolate.js';
import { SpecLayer } from '../layer.js';
import { python, pythonFloat } from '../options.js';

export type UpsampleOptions = Omit<InterpolateOptions, 'antialias'>;
type SizeOptions = Pick<InterpolateOptions, 'size' | 'scaleFactor'>;

/**
 * Resizes the spatial axes, to a size or by a factor.
 *
 * @shape input [N, C, L], [N, C, H, W] or [N, C, D, H, W]; see interpolate
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION
 * @source torch.nn.Upsample
 */
@injectedAsBase
export class Upsample extends SpecLayer<ResizeSpec> {
  protected compute(input: Tensor): Tensor {
    return resize('interpolate', input, this.spec);
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this.spec;
    if (scaleFactor === null) return `size=${python(size)}, mode=${mode}`;
    return `scale_factor=${typeof scaleFactor === 'number' ? pythonFloat(scaleFactor) : `(${scaleFactor.map(pythonFloat).join(', ')}${scaleFactor.length === 1 ? ',' : ''})`}, mode=${mode}`;
  }
}

/** Upsample with mode 'nearest', of images. @throws as Upsample. @source torch.nn.UpsamplingNearest2d */
@injectedAsBase
export class UpsamplingNearest2d extends Upsample {}

/** Upsample with mode 'bilinear' and alignCorners, of images. @throws as Upsample. @source torch.nn.UpsamplingBilinear2d */
@injectedAsBase
export class UpsamplingBilinear2d extends Upsample {}

const SIZES = ['size', 'scaleFactor'];

/** @throws {ArgumentError} CVY_ARG_OPTION for anything but a size or a factor. */
const fixed = (op: string, mode: Pick<ResizeSpec, 'mode' | 'alignCorners'>) => (options: SizeOptions): ResizeSpec => ({ ...checkInterpolateOptions(op, options, SIZES), ...mode });

export const factories = {
  /** See {@link Upsample}. */
  Upsample: factory(Upsample, (options: UpsampleOptions) => checkInterpolateOptions('Upsample', options, [...SIZES, 'mode', 'alignCorners', 'recomputeScaleFactor'])),
  /** See {@link UpsamplingNearest2d}. */
  UpsamplingNearest2d: factory(UpsamplingNearest2d, fixed('UpsamplingNearest2d', { mode: 'nearest', alignCorners: null })),
  /** See {@link UpsamplingBilinear2d}. */
  UpsamplingBilinear2d: factory(UpsamplingBilinear2d, fixed('UpsamplingBilinear2d', { mode: 'bilinear', alignCorners: true })),
};
