/** Losses with a margin, distances and similarities as modules. The functions are nn/functional/lossMargin.ts and distance.ts. */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import {
  cosineSimilarity, cosineSimilaritySettings, pairwiseDistance, pairwiseDistanceSettings, type CosineSimilarityOptions, type PairwiseDistanceOptions,
} from '../functional/distance.js';
import {
  cosineEmbeddingLoss, hingeEmbeddingLoss, marginRankingLoss, marginSettings, multiMarginLoss, multiMarginSettings, tripletMarginLoss, tripletSettings,
  type MarginLossOptions, type MultiMarginLossOptions, type TripletMarginLossOptions,
} from '../functional/lossMargin.js';
import { checkTensor, LossModule } from './lossModule.js';

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export const multiMarginSpec = (options: MultiMarginLossOptions = {}): Required<MultiMarginLossOptions> =>
  ({ ...multiMarginSettings('MultiMarginLoss', options), weight: checkTensor('MultiMarginLoss', 'weight', options.weight) });

/** See cosineEmbeddingLoss. @source torch.nn.CosineEmbeddingLoss */
@injectedAsBase
export class CosineEmbeddingLoss extends LossModule<Required<MarginLossOptions>, [input1: Tensor, input2: Tensor, target: Tensor]> {
  protected compute(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(input1, input2, target, this.spec);
  }
}

/** See hingeEmbeddingLoss. @source torch.nn.HingeEmbeddingLoss */
@injectedAsBase
export class HingeEmbeddingLoss extends LossModule<Required<MarginLossOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, this.spec);
  }
}

/** See marginRankingLoss. @source torch.nn.MarginRankingLoss */
@injectedAsBase
export class MarginRankingLoss extends LossModule<Required<MarginLossOptions>, [input1: Tensor, input2: Tensor, target: Tensor]> {
  protected compute(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(input1, input2, target, this.spec);
  }
}

/** See multiMarginLoss. @source torch.nn.MultiMarginLoss */
@injectedAsBase
export class MultiMarginLoss extends LossModule<Required<MultiMarginLossOptions>> {
  protected compute(input: Tensor, target: Tensor): Tensor {
    return multiMarginLoss(input, target, { ...this.spec, weight: this.weight });
  }
}

/** See tripletMarginLoss. @source torch.nn.TripletMarginLoss */
@injectedAsBase
export class TripletMarginLoss extends LossModule<Required<TripletMarginLossOptions>, [anchor: Tensor, positive: Tensor, negative: Tensor]> {
  protected compute(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return tripletMarginLoss(anchor, positive, negative, this.spec);
  }
}

/** See cosineSimilarity. @source torch.nn.CosineSimilarity */
@injectedAsBase
export class CosineSimilarity extends LossModule<Required<CosineSimilarityOptions>, [x1: Tensor, x2: Tensor]> {
  protected compute(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, this.spec);
  }
}

/** See pairwiseDistance. @source torch.nn.PairwiseDistance */
@injectedAsBase
export class PairwiseDistance extends LossModule<Required<PairwiseDistanceOptions>, [x1: Tensor, x2: Tensor]> {
  protected compute(x1: Tensor, x2: Tensor): Tensor {
    return pairwiseDistance(x1, x2, this.spec);
  }
}

export const factories = {
  /** See {@link CosineEmbeddingLoss}. */
  CosineEmbeddingLoss: factory(CosineEmbeddingLoss, (options?: MarginLossOptions) => marginSettings('CosineEmbeddingLoss', 0, options)),
  /** See {@link HingeEmbeddingLoss}. */
  HingeEmbeddingLoss: factory(HingeEmbeddingLoss, (options?: MarginLossOptions) => marginSettings('HingeEmbeddingLoss', 1, options)),
  /** See {@link MarginRankingLoss}. */
  MarginRankingLoss: factory(MarginRankingLoss, (options?: MarginLossOptions) => marginSettings('MarginRankingLoss', 0, options)),
  /** See {@link MultiMarginLoss}. */
  MultiMarginLoss: factory(MultiMarginLoss, multiMarginSpec),
  /** See {@link TripletMarginLoss}. */
  TripletMarginLoss: factory(TripletMarginLoss, (options?: TripletMarginLossOptions) => tripletSettings('TripletMarginLoss', options)),
  /** See {@link CosineSimilarity}. */
  CosineSimilarity: factory(CosineSimilarity, (options?: CosineSimilarityOptions) => cosineSimilaritySettings('CosineSimilarity', options)),
  /** See {@link PairwiseDistance}. */
  PairwiseDistance: factory(PairwiseDistance, (options?: PairwiseDistanceOptions) => pairwiseDistanceSettings('PairwiseDistance', options)),
};
