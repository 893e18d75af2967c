/**
 * A tensor that a module trains: it appears in `parameters()` and requires a gradient. A plain tensor in a module does not.
 */
import { keep } from '../memory/index.js';
import { AutogradMeta, Tensor } from '../tensor/index.js';

export class Parameter extends Tensor {
  /** Shares the storage of `data`, whose handle is left alone. Scopes never drop a parameter. */
  constructor(data: Tensor, requiresGrad = true) {
    super(data.backend, data.storage, data.shape, data.dtype, new AutogradMeta(requiresGrad, null));
    keep(this);
  }
}

/** The parameter over a tensor that was just made for it. */
export function parameter(data: Tensor, requiresGrad = true): Parameter {
  const result = new Parameter(data, requiresGrad);
  data.dispose();
  return result;
}
