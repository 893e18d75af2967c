/** What loss modules share: settings, of which tensors are buffers, and inputs dispatched to the module's backend. */
import { inject } from 'inversify';
import type { Backend } from '../../backend/index.js';
import { BACKEND, SPEC } from '../../di/tokens.js';
import { ArgumentError } from '../../errors.js';
import { Tensor } from '../../tensor/index.js';
import { BackendModule } from '../layer.js';

/** Settings that may hold tensors: they are saved with the module under PyTorch's names. */
interface Weights {
  readonly weight?: Tensor | null;
  readonly posWeight?: Tensor | null;
}

export abstract class LossModule<S extends object, A extends Tensor[] = [input: Tensor, target: Tensor]> extends BackendModule {
  constructor(@inject(SPEC) readonly spec: S, @inject(BACKEND) backend: Backend) {
    super(backend);
    const { weight, posWeight }: Weights = spec;
    if (weight) this.registerBuffer('weight', weight);
    if (posWeight) this.registerBuffer('pos_weight', posWeight);
  }

  forward(...inputs: A): Tensor {
    return this.named(() => this.compute(...(inputs.map((input) => this.here(input)) as A)));
  }

  /** What weighs classes or elements, or null. */
  get weight(): Tensor | null {
    return (this.spec as Weights).weight ? this.buffer('weight') : null;
  }

  protected abstract compute(...inputs: A): Tensor;
}

/** @throws {ArgumentError} CVY_ARG_TYPE unless it is a tensor or null. */
export function checkTensor(op: string, name: string, value: unknown): Tensor | null {
  if (value === undefined || value === null) return null;
  if (!(value instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: ${name} is ${typeof value} but must be a tensor or null; make one with nn.tensor(…)`);
  return value;
}
