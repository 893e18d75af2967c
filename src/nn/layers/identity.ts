/** Identity, which does nothing. */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { SpecLayer } from '../layer.js';
import { noSpec, type NoSpec } from '../options.js';

/** Returns its input. @source torch.nn.Identity */
@injectedAsBase
export class Identity extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return input;
  }
}

export const factories = {
  /** See {@link Identity}. */
  Identity: factory(Identity, (options?: NoSpec) => noSpec('Identity', options)),
};
