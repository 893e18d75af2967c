/**
 * Layers of pooling to a given output size. The operations themselves are nn/functional/adaptivePool.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { checkFlag, checkOptions } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import {
  adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d, checkAdaptiveSize,
  type AdaptiveSize,
} from '../functional/adaptivePool.js';
import { SpecLayer } from '../layer.js';
import { python } from '../options.js';
import type { WithIndices } from './pool.js';

type Plain = { returnIndices?: false };
type Indexed = { returnIndices: true };

/** The arguments, checked; the size as it was given. */
export interface AdaptivePoolSpec {
  readonly outputSize: AdaptiveSize;
  readonly returnIndices: boolean;
}

const maxSpec = (op: string, axes: number) => (outputSize: AdaptiveSize, options: Plain = {}): AdaptivePoolSpec => {
  checkOptions(op, options, ['returnIndices']);
  checkAdaptiveSize(op, outputSize, axes);
  return { outputSize, returnIndices: checkFlag(op, 'returnIndices', options.returnIndices ?? false) };
};
const avgSpec = (op: string, axes: number) => (outputSize: AdaptiveSize, options?: object): AdaptivePoolSpec => {
  checkOptions(op, options, []);
  checkAdaptiveSize(op, outputSize, axes);
  return { outputSize, returnIndices: false };
};

/** What the layers of both kinds share. */
@injectedAsBase
export abstract class AdaptivePooling extends SpecLayer<AdaptivePoolSpec> {
  protected maxima(pool: typeof adaptiveMaxPool2d, input: Tensor): Tensor {
    const { outputSize, returnIndices } = this.spec;
    // With positions a pair, which the factories' types say: see WithIndices.
    return returnIndices ? pool(input, outputSize, { returnIndices }) as unknown as Tensor : pool(input, outputSize);
  }

  override extraRepr(): string {
    return `output_size=${python(this.spec.outputSize)}`;
  }
}

/**
 * Means over windows that divide the input into outputSize parts; 1 is global pooling, null keeps an axis.
 *
 * @shape input [N, C, H, W] or [C, H, W]; returns [N, C, oH, oW], see adaptiveAvgPool2d
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source torch.nn.AdaptiveAvgPool2d
 */
@injectedAsBase
export class AdaptiveAvgPool2d extends AdaptivePooling {
  protected compute(input: Tensor): Tensor {
    return adaptiveAvgPool2d(input, this.spec.outputSize);
  }
}

/** The same over [N, C, L]. @throws as AdaptiveAvgPool2d. @source torch.nn.AdaptiveAvgPool1d */
@injectedAsBase
export class AdaptiveAvgPool1d extends AdaptivePooling {
  protected compute(input: Tensor): Tensor {
    return adaptiveAvgPool1d(input, this.spec.outputSize);
  }
}

/** The same over [N, C, D, H, W]. @throws as AdaptiveAvgPool2d. @source torch.nn.AdaptiveAvgPool3d */
@injectedAsBase
export class AdaptiveAvgPool3d extends AdaptivePooling {
  protected compute(input: Tensor): Tensor {
    return adaptiveAvgPool3d(input, this.spec.outputSize);
  }
}

/**
 * Maxima over the same windows.
 *
 * @shape input [N, C, H, W] or [C, H, W]; returns [N, C, oH, oW], see adaptiveMaxPool2d; with `returnIndices` that and the positions, int32
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source torch.nn.AdaptiveMaxPool2d
 */
@injectedAsBase
export class AdaptiveMaxPool2d extends AdaptivePooling {
  protected compute(input: Tensor): Tensor {
    return this.maxima(adaptiveMaxPool2d, input);
  }
}

/** The same over [N, C, L]. @throws as AdaptiveMaxPool2d. @source torch.nn.AdaptiveMaxPool1d */
@injectedAsBase
export class AdaptiveMaxPool1d extends AdaptivePooling {
  protected compute(input: Tensor): Tensor {
    return this.maxima(adaptiveMaxPool1d, input);
  }
}

/** The same over [N, C, D, H, W]. @throws as AdaptiveMaxPool2d. @source torch.nn.AdaptiveMaxPool3d */
@injectedAsBase
export class AdaptiveMaxPool3d extends AdaptivePooling {
  protected compute(input: Tensor): Tensor {
    return this.maxima(adaptiveMaxPool3d, input);
  }
}

declare module '../nn.js' {
  interface NN {
    AdaptiveMaxPool1d(outputSize: AdaptiveSize, options: Indexed): WithIndices<AdaptiveMaxPool1d>;
    AdaptiveMaxPool1d(outputSize: AdaptiveSize, options?: Plain): AdaptiveMaxPool1d;
    AdaptiveMaxPool2d(outputSize: AdaptiveSize, options: Indexed): WithIndices<AdaptiveMaxPool2d>;
    AdaptiveMaxPool2d(outputSize: AdaptiveSize, options?: Plain): AdaptiveMaxPool2d;
    AdaptiveMaxPool3d(outputSize: AdaptiveSize, options: Indexed): WithIndices<AdaptiveMaxPool3d>;
    AdaptiveMaxPool3d(outputSize: AdaptiveSize, options?: Plain): AdaptiveMaxPool3d;
  }
}

export const factories = {
  /** See {@link AdaptiveAvgPool1d}. */
  AdaptiveAvgPool1d: factory(AdaptiveAvgPool1d, avgSpec('AdaptiveAvgPool1d', 1)),
  /** See {@link AdaptiveAvgPool2d}. */
  AdaptiveAvgPool2d: factory(AdaptiveAvgPool2d, avgSpec('AdaptiveAvgPool2d', 2)),
  /** See {@link AdaptiveAvgPool3d}. */
  AdaptiveAvgPool3d: factory(AdaptiveAvgPool3d, avgSpec('AdaptiveAvgPool3d', 3)),
  /** See {@link AdaptiveMaxPool1d}. */
  AdaptiveMaxPool1d: factory(AdaptiveMaxPool1d, maxSpec('AdaptiveMaxPool1d', 1)),
  /** See {@link AdaptiveMaxPool2d}. */
  AdaptiveMaxPool2d: factory(AdaptiveMaxPool2d, maxSpec('AdaptiveMaxPool2d', 2)),
  /** See {@link AdaptiveMaxPool3d}. */
  AdaptiveMaxPool3d: factory(AdaptiveMaxPool3d, maxSpec('AdaptiveMaxPool3d', 3)),
};
