/** Losses of yes and no as modules. The functions themselves are nn/functional/lossBinary.ts. */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import {
  binaryCrossEntropy, binaryCrossEntropyWithLogits, multilabelSoftMarginLoss, softMarginLoss, type BinaryCrossEntropyWithLogitsOptions, type WeightedLossOptions,
} from '../functional/lossBinary.js';
import { checkReduction, type ReductionOptions } from '../functional/lossCommon.js';
import { reductionSpec } from './lossElementwise.js';
import { checkTensor, LossModule } from './lossModule.js';

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export const weightedSpec = (op: string, options: WeightedLossOptions = {}): Required<WeightedLossOptions> =>
  ({ reduction: checkReduction(op, options, ['weight']), weight: checkTensor(op, 'weight', options.weight) });

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export const withLogitsSpec = (op: string, options: BinaryCrossEntropyWithLogitsOptions = {}): Required<BinaryCrossEntropyWithLogitsOptions> => ({
  reduction: checkReduction(op, options, ['weight', 'posWeight']),
  weight: checkTensor(op, 'weight', options.weight),
  posWeight: checkTensor(op, 'posWeight', options.posWeight),
});

/** See binaryCrossEntropy. @source torch.nn.BCELoss */
@injectedAsBase
export class BCELoss extends LossModule<Required<WeightedLossOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, { ...this.spec, weight: this.weight });
  }
}

/** See binaryCrossEntropyWithLogits. @source torch.nn.BCEWithLogitsLoss */
@injectedAsBase
export class BCEWithLogitsLoss extends LossModule<Required<BinaryCrossEntropyWithLogitsOptions>> {
  /** How much a yes counts, or null. */
  get posWeight(): Tensor | null {
    return this.spec.posWeight ? this.buffer('pos_weight') : null;
  }

  protected compute(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(input, target, { ...this.spec, weight: this.weight, posWeight: this.posWeight });
  }
}

/** See multilabelSoftMarginLoss. @source torch.nn.MultiLabelSoftMarginLoss */
@injectedAsBase
export class MultiLabelSoftMarginLoss extends LossModule<Required<WeightedLossOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return multilabelSoftMarginLoss(input, target, { ...this.spec, weight: this.weight });
  }
}

/** See softMarginLoss. @source torch.nn.SoftMarginLoss */
@injectedAsBase
export class SoftMarginLoss extends LossModule<Required<ReductionOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, this.spec);
  }
}

export const factories = {
  /** See {@link BCELoss}. */
  BCELoss: factory(BCELoss, (options?: WeightedLossOptions) => weightedSpec('BCELoss', options)),
  /** See {@link BCEWithLogitsLoss}. */
  BCEWithLogitsLoss: factory(BCEWithLogitsLoss, (options?: BinaryCrossEntropyWithLogitsOptions) => withLogitsSpec('BCEWithLogitsLoss', options)),
  /** See {@link MultiLabelSoftMarginLoss}. */
  MultiLabelSoftMarginLoss: factory(MultiLabelSoftMarginLoss, (options?: WeightedLossOptions) => weightedSpec('MultiLabelSoftMarginLoss', options)),
  /** See {@link SoftMarginLoss}. */
  SoftMarginLoss: factory(SoftMarginLoss, (options?: ReductionOptions) => reductionSpec('SoftMarginLoss', options)),
};
