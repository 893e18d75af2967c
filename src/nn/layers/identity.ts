/** Identity, which does nothing. */
import { inject, injectable } from 'inversify';
import type { Backend } from '../../backend/index.js';
import { BACKEND, SPEC } from '../../di/tokens.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { Layer } from '../layer.js';
import { noSpec, type NoSpec } from '../options.js';

/** Returns its input. @source torch.nn.Identity */
@injectable()
export class Identity extends Layer {
  constructor(@inject(SPEC) readonly spec: NoSpec, @inject(BACKEND) backend: Backend) {
    super(backend);
  }

  protected compute(input: Tensor): Tensor {
    return input;
  }
}

export const factories = {
  /** See {@link Identity}. */
  Identity: factory(Identity, (options?: NoSpec) => noSpec('Identity', options)),
};
