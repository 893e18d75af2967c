/**
 * Layers of pooling by p-norms. The operations themselves are nn/functional/lpPool.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { checkFlag, checkOptions } from '../../errors.js';
import { checkPoolOptions, type Sizes } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { checkNormType, lpPool1d, lpPool2d, lpPool3d, type LPPoolOptions } from '../functional/lpPool.js';
import { SpecLayer } from '../layer.js';
import { python } from '../options.js';

/** The arguments, checked; sizes as they were given, a stride of null being the window's size. */
export interface LPPoolSpec {
  readonly normType: number;
  readonly kernelSize: Sizes;
  readonly stride: Sizes | null;
  readonly ceilMode: boolean;
}

const spec = (op: string, axes: number) => (normType: number, kernelSize: Sizes, options: LPPoolOptions = {}): LPPoolSpec => {
  checkOptions(op, options, ['stride', 'ceilMode']);
  checkPoolOptions(op, kernelSize, axes, { stride: options.stride });
  return { normType: checkNormType(op, normType), kernelSize, stride: options.stride ?? null, ceilMode: checkFlag(op, 'ceilMode', options.ceilMode ?? false) };
};

/** What the layers of one to three axes share. */
@injectedAsBase
export abstract class LPPooling extends SpecLayer<LPPoolSpec> {
  protected pooled(pool: typeof lpPool2d, input: Tensor): Tensor {
    const { normType, kernelSize, ...options } = this.spec;
    return pool(input, normType, kernelSize, options);
  }

  override extraRepr(): string {
    const { normType, kernelSize, stride, ceilMode } = this.spec;
    return `norm_type=${python(normType)}, kernel_size=${python(kernelSize)}, stride=${python(stride)}, ceil_mode=${python(ceilMode)}`;
  }
}

/**
 * The p-norm of each window; p = 2 is the tutorials' 2-norm.
 *
 * @shape input [N, C, H, W] or [C, H, W]; returns [N, C, oH, oW], see lpPool2d
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source torch.nn.LPPool2d
 */
@injectedAsBase
export class LPPool2d extends LPPooling {
  protected compute(input: Tensor): Tensor {
    return this.pooled(lpPool2d, input);
  }
}

/** The same over [N, C, L]. @throws as LPPool2d. @source torch.nn.LPPool1d */
@injectedAsBase
export class LPPool1d extends LPPooling {
  protected compute(input: Tensor): Tensor {
    return this.pooled(lpPool1d, input);
  }
}

/** The same over [N, C, D, H, W]. @throws as LPPool2d. @source torch.nn.LPPool3d */
@injectedAsBase
export class LPPool3d extends LPPooling {
  protected compute(input: Tensor): Tensor {
    return this.pooled(lpPool3d, input);
  }
}

export const factories = {
  /** See {@link LPPool1d}. */
  LPPool1d: factory(LPPool1d, spec('LPPool1d', 1)),
  /** See {@link LPPool2d}. */
  LPPool2d: factory(LPPool2d, spec('LPPool2d', 2)),
  /** See {@link LPPool3d}. */
  LPPool3d: factory(LPPool3d, spec('LPPool3d', 3)),
};
