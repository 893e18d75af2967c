/**
 * Layers of windows as columns, and back. The operations themselves are nn/functional/fold.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { checkTuple, type Sizes } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { checkFoldOptions, fold, unfold, type FoldOptions } from '../functional/fold.js';
import { SpecLayer } from '../layer.js';
import { python } from '../options.js';

/** The arguments, checked; sizes as they were given. */
export interface UnfoldSpec extends Required<FoldOptions> {
  readonly kernelSize: Sizes;
}

export interface FoldSpec extends UnfoldSpec {
  readonly outputSize: Sizes;
}

function unfoldSpec(op: string, kernelSize: Sizes, options: FoldOptions = {}): UnfoldSpec {
  checkFoldOptions(op, kernelSize, options);
  return { kernelSize, dilation: options.dilation ?? 1, padding: options.padding ?? 0, stride: options.stride ?? 1 };
}

function foldSpec(outputSize: Sizes, kernelSize: Sizes, options?: FoldOptions): FoldSpec {
  checkTuple('Fold', 'outputSize', outputSize, 2, 1);
  return { outputSize, ...unfoldSpec('Fold', kernelSize, options) };
}

const windowRepr = ({ kernelSize, dilation, padding, stride }: UnfoldSpec): string =>
  `kernel_size=${python(kernelSize)}, dilation=${python(dilation)}, padding=${python(padding)}, stride=${python(stride)}`;

/**
 * Every window of an image as a column.
 *
 * @shape input [N, C, H, W] or [C, H, W]; returns [N, C·kH·kW, L], see unfold
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source torch.nn.Unfold
 */
@injectedAsBase
export class Unfold extends SpecLayer<UnfoldSpec> {
  protected compute(input: Tensor): Tensor {
    const { kernelSize, ...options } = this.spec;
    return unfold(input, kernelSize, options);
  }

  override extraRepr(): string {
    return windowRepr(this.spec);
  }
}

/**
 * Columns added up into an image of `outputSize`.
 *
 * @shape input [N, C·kH·kW, L] or [C·kH·kW, L]; returns [N, C, oH, oW], see fold
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS, CVY_SHAPE_MISMATCH, CVY_SHAPE_KERNEL
 * @source torch.nn.Fold
 */
@injectedAsBase
export class Fold extends SpecLayer<FoldSpec> {
  protected compute(input: Tensor): Tensor {
    const { outputSize, kernelSize, ...options } = this.spec;
    return fold(input, outputSize, kernelSize, options);
  }

  override extraRepr(): string {
    return `output_size=${python(this.spec.outputSize)}, ${windowRepr(this.spec)}`;
  }
}

export const factories = {
  /** See {@link Unfold}. */
  Unfold: factory(Unfold, (kernelSize: Sizes, options?: FoldOptions) => unfoldSpec('Unfold', kernelSize, options)),
  /** See {@link Fold}. */
  Fold: factory(Fold, foldSpec),
};
