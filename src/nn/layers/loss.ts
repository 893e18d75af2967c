/**
 * Losses of classes as modules, of an input and a target. The functions themselves are nn/functional/loss.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { checkLossOptions, crossEntropy, nllLoss, type CrossEntropyOptions, type LossSettings, type NllLossOptions } from '../functional/loss.js';
import { checkTensor, LossModule } from './lossModule.js';

/** The options of a loss module, checked and complete. */
export interface LossSpec extends LossSettings {
  readonly weight: Tensor | null;
}

const lossSpec = (op: string, options: CrossEntropyOptions, known: readonly string[]): LossSpec =>
  ({ ...checkLossOptions(op, options, known), weight: checkTensor(op, 'weight', options.weight) });

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export const crossEntropySpec = (options: CrossEntropyOptions = {}): LossSpec => lossSpec('CrossEntropyLoss', options, ['weight', 'ignoreIndex', 'labelSmoothing']);
export const nllSpec = (options: NllLossOptions = {}): LossSpec => lossSpec('NLLLoss', options, ['weight', 'ignoreIndex']);

/** See crossEntropy. @source torch.nn.CrossEntropyLoss */
@injectedAsBase
export class CrossEntropyLoss extends LossModule<LossSpec> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, { ...this.spec, weight: this.weight });
  }
}

/** See nllLoss. @source torch.nn.NLLLoss */
@injectedAsBase
export class NLLLoss extends LossModule<LossSpec> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    const { ignoreIndex, reduction } = this.spec;
    return nllLoss(input, target, { weight: this.weight, ignoreIndex, reduction });
  }
}

export const factories = {
  /** See {@link CrossEntropyLoss}. */
  CrossEntropyLoss: factory(CrossEntropyLoss, crossEntropySpec),
  /** See {@link NLLLoss}. */
  NLLLoss: factory(NLLLoss, nllSpec),
};
