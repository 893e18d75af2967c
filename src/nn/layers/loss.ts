/**
 * Losses as modules, of an input and a target. The functions themselves are nn/functional/loss.ts.
 */
import { inject, injectable } from 'inversify';
import type { Backend } from '../../backend/index.js';
import { BACKEND, SPEC } from '../../di/tokens.js';
import { ArgumentError } from '../../errors.js';
import { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { checkLossOptions, crossEntropy, mseLoss, nllLoss, type CrossEntropyOptions, type LossSettings, type MseLossOptions, type NllLossOptions } from '../functional/loss.js';
import { BackendModule } from '../layer.js';

/** The options of a loss module, checked and complete. */
export interface LossSpec extends LossSettings {
  readonly weight: Tensor | null;
}

function lossSpec(op: string, options: CrossEntropyOptions, known: readonly string[]): LossSpec {
  const settings = checkLossOptions(op, options, known);
  const weight = options.weight ?? null;
  if (weight !== null && !(weight instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: weight is ${typeof weight} but must be a tensor or null; make one with nn.tensor(…)`);
  return { ...settings, weight };
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export const crossEntropySpec = (options: CrossEntropyOptions = {}): LossSpec => lossSpec('CrossEntropyLoss', options, ['weight', 'ignoreIndex', 'labelSmoothing', 'reduction']);
export const nllSpec = (options: NllLossOptions = {}): LossSpec => lossSpec('NLLLoss', options, ['weight', 'ignoreIndex', 'reduction']);
export const mseSpec = (options: MseLossOptions = {}): LossSpec => lossSpec('MSELoss', options, ['reduction']);

abstract class Loss extends BackendModule {
  constructor(readonly spec: LossSpec, backend: Backend) {
    super(backend);
    if (spec.weight !== null) this.registerBuffer('weight', spec.weight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return this.named(() => this.compute(this.here(input), this.here(target)));
  }

  /** The class weights [C], which are saved with the module, or null. */
  get weight(): Tensor | null {
    return this.spec.weight === null ? null : this.buffer('weight');
  }

  protected abstract compute(input: Tensor, target: Tensor): Tensor;
}

/** See crossEntropy. @source torch.nn.CrossEntropyLoss */
@injectable()
export class CrossEntropyLoss extends Loss {
  constructor(@inject(SPEC) spec: LossSpec, @inject(BACKEND) backend: Backend) {
    super(spec, backend);
  }

  protected compute(input: Tensor, target: Tensor): Tensor {
    const { ignoreIndex, labelSmoothing, reduction } = this.spec;
    return crossEntropy(input, target, { weight: this.weight, ignoreIndex, labelSmoothing, reduction });
  }
}

/** See nllLoss. @source torch.nn.NLLLoss */
@injectable()
export class NLLLoss extends Loss {
  constructor(@inject(SPEC) spec: LossSpec, @inject(BACKEND) backend: Backend) {
    super(spec, backend);
  }

  protected compute(input: Tensor, target: Tensor): Tensor {
    const { ignoreIndex, reduction } = this.spec;
    return nllLoss(input, target, { weight: this.weight, ignoreIndex, reduction });
  }
}

/** See mseLoss. @source torch.nn.MSELoss */
@injectable()
export class MSELoss extends Loss {
  constructor(@inject(SPEC) spec: LossSpec, @inject(BACKEND) backend: Backend) {
    super(spec, backend);
  }

  protected compute(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.spec.reduction });
  }
}

export const factories = {
  /** See {@link CrossEntropyLoss}. */
  CrossEntropyLoss: factory(CrossEntropyLoss, crossEntropySpec),
  /** See {@link NLLLoss}. */
  NLLLoss: factory(NLLLoss, nllSpec),
  /** See {@link MSELoss}. */
  MSELoss: factory(MSELoss, mseSpec),
};
