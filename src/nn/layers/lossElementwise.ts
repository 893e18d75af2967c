/** Losses between numbers as modules. The functions themselves are nn/functional/lossElementwise.ts. */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { checkReduction, type ReductionOptions } from '../functional/lossCommon.js';
import {
  gaussianNllLoss, gaussianNllSettings, huberLoss, huberSettings, klDiv, klDivSettings, l1Loss, mseLoss, poissonNllLoss, poissonNllSettings, smoothL1Loss,
  smoothL1Settings, type GaussianNllLossOptions, type HuberLossOptions, type KlDivOptions, type PoissonNllLossOptions, type SmoothL1LossOptions,
} from '../functional/lossElementwise.js';
import { LossModule } from './lossModule.js';

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export const reductionSpec = (op: string, options: ReductionOptions = {}): Required<ReductionOptions> => ({ reduction: checkReduction(op, options) });

/** See mseLoss. @source torch.nn.MSELoss */
@injectedAsBase
export class MSELoss extends LossModule<Required<ReductionOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this.spec);
  }
}

/** See l1Loss. @source torch.nn.L1Loss */
@injectedAsBase
export class L1Loss extends LossModule<Required<ReductionOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, this.spec);
  }
}

/** See smoothL1Loss. @source torch.nn.SmoothL1Loss */
@injectedAsBase
export class SmoothL1Loss extends LossModule<Required<SmoothL1LossOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, this.spec);
  }
}

/** See huberLoss. @source torch.nn.HuberLoss */
@injectedAsBase
export class HuberLoss extends LossModule<Required<HuberLossOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, this.spec);
  }
}

/** See klDiv. @source torch.nn.KLDivLoss */
@injectedAsBase
export class KLDivLoss extends LossModule<Required<KlDivOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, this.spec);
  }
}

/** See poissonNllLoss. @source torch.nn.PoissonNLLLoss */
@injectedAsBase
export class PoissonNLLLoss extends LossModule<Required<PoissonNllLossOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return poissonNllLoss(input, target, this.spec);
  }
}

/** See gaussianNllLoss. @source torch.nn.GaussianNLLLoss */
@injectedAsBase
export class GaussianNLLLoss extends LossModule<Required<GaussianNllLossOptions>, [input: Tensor, target: Tensor, variance: Tensor]> {
  protected compute(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    return gaussianNllLoss(input, target, variance, this.spec);
  }
}

export const factories = {
  /** See {@link MSELoss}. */
  MSELoss: factory(MSELoss, (options?: ReductionOptions) => reductionSpec('MSELoss', options)),
  /** See {@link L1Loss}. */
  L1Loss: factory(L1Loss, (options?: ReductionOptions) => reductionSpec('L1Loss', options)),
  /** See {@link SmoothL1Loss}. */
  SmoothL1Loss: factory(SmoothL1Loss, (options?: SmoothL1LossOptions) => smoothL1Settings('SmoothL1Loss', options)),
  /** See {@link HuberLoss}. */
  HuberLoss: factory(HuberLoss, (options?: HuberLossOptions) => huberSettings('HuberLoss', options)),
  /** See {@link KLDivLoss}. */
  KLDivLoss: factory(KLDivLoss, (options?: KlDivOptions) => klDivSettings('KLDivLoss', options)),
  /** See {@link PoissonNLLLoss}. */
  PoissonNLLLoss: factory(PoissonNLLLoss, (options?: PoissonNllLossOptions) => poissonNllSettings('PoissonNLLLoss', options)),
  /** See {@link GaussianNLLLoss}. */
  GaussianNLLLoss: factory(GaussianNLLLoss, (options?: GaussianNllLossOptions) => gaussianNllSettings('GaussianNLLLoss', options)),
};
