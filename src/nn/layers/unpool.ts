/**
 * Layers that put the maxima of a pooling back. The operations themselves are nn/functional/unpool.ts.
 */
import { inject } from 'inversify';
import type { Backend } from '../../backend/index.js';
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { BACKEND, SPEC } from '../../di/tokens.js';
import { checkOptions } from '../../errors.js';
import { checkWindow, type Sizes, type WindowSpec } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { maxUnpool1d, maxUnpool2d, maxUnpool3d, type MaxUnpoolWindow } from '../functional/unpool.js';
import { BackendModule } from '../layer.js';
import { python } from '../options.js';

const spec = (op: string, axes: number) => (kernelSize: Sizes, options: MaxUnpoolWindow = {}): WindowSpec => {
  checkOptions(op, options, ['stride', 'padding']);
  return checkWindow(op, kernelSize, axes, options);
};

export abstract class MaxUnpooling extends BackendModule {
  constructor(@inject(SPEC) readonly spec: WindowSpec, @inject(BACKEND) backend: Backend) {
    super(backend);
  }

  /** `indices` as the pooling gave them; `outputSize` where the sizes that the window gives are not meant. */
  forward(input: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    return this.named(() => this.compute(this.here(input), this.here(indices), outputSize));
  }

  protected abstract compute(input: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor;

  protected unpooled(unpool: typeof maxUnpool2d, input: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    const { kernel, stride, padding } = this.spec;
    return unpool(input, indices, kernel, { stride, padding, outputSize });
  }

  override extraRepr(): string {
    const { kernel, stride, padding } = this.spec;
    return `kernel_size=${python(kernel)}, stride=${python(stride)}, padding=${python(padding)}`;
  }
}

/**
 * Zeros with the elements of a maximum pooling's output where their maxima were.
 *
 * @shape input, indices [N, C, H, W] or [C, H, W]; returns [N, C, oH, oW], see maxUnpool2d
 * @throws {ArgumentError} CVY_ARG_VALUE; {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_MISMATCH; {DtypeError} CVY_DTYPE
 * @source torch.nn.MaxUnpool2d
 */
@injectedAsBase
export class MaxUnpool2d extends MaxUnpooling {
  protected compute(input: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    return this.unpooled(maxUnpool2d, input, indices, outputSize);
  }
}

/** The same over [N, C, L]. @throws as MaxUnpool2d. @source torch.nn.MaxUnpool1d */
@injectedAsBase
export class MaxUnpool1d extends MaxUnpooling {
  protected compute(input: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    return this.unpooled(maxUnpool1d, input, indices, outputSize);
  }
}

/** The same over [N, C, D, H, W]. @throws as MaxUnpool2d. @source torch.nn.MaxUnpool3d */
@injectedAsBase
export class MaxUnpool3d extends MaxUnpooling {
  protected compute(input: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    return this.unpooled(maxUnpool3d, input, indices, outputSize);
  }
}

export const factories = {
  /** See {@link MaxUnpool1d}. */
  MaxUnpool1d: factory(MaxUnpool1d, spec('MaxUnpool1d', 1)),
  /** See {@link MaxUnpool2d}. */
  MaxUnpool2d: factory(MaxUnpool2d, spec('MaxUnpool2d', 2)),
  /** See {@link MaxUnpool3d}. */
  MaxUnpool3d: factory(MaxUnpool3d, spec('MaxUnpool3d', 3)),
};
