/**
 * The embedding layer. The operation itself is nn/functional/embedding.ts.
 */
import { inject, injectable } from 'inversify';
import { noGrad } from '../../autograd/index.js';
import type { Backend, Rng } from '../../backend/index.js';
import { BACKEND, RNG, SPEC } from '../../di/tokens.js';
import { checkTuple } from '../../shape/index.js';
import { normal, type Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { checkEmbedding, embedding, type EmbeddingOptions, type EmbeddingSpec } from '../functional/embedding.js';
import { Layer } from '../layer.js';
import { parameter, type Parameter } from '../parameter.js';

export type EmbeddingLayerOptions = EmbeddingOptions;

export interface EmbeddingLayerSpec {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly options: EmbeddingSpec;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function embeddingSpec(numEmbeddings: number, embeddingDim: number, options: EmbeddingLayerOptions = {}): EmbeddingLayerSpec {
  checkTuple('Embedding', 'numEmbeddings', numEmbeddings, 1, 1);
  checkTuple('Embedding', 'embeddingDim', embeddingDim, 1, 1);
  return { numEmbeddings, embeddingDim, options: checkEmbedding('Embedding', numEmbeddings, options) };
}

/**
 * A table of vectors, looked up by number. Its gradients are dense: PyTorch's `sparse` is deliberately absent.
 *
 * @shape input [...] of int32, from 0 to numEmbeddings − 1; returns [..., embeddingDim]
 * The table is drawn from the standard normal distribution; row paddingIdx starts as zeros and gets no gradient.
 * @throws {ShapeError} CVY_SHAPE_AXIS; {DtypeError} CVY_DTYPE
 * @source torch.nn.Embedding
 */
@injectable()
export class Embedding extends Layer {
  /** [numEmbeddings, embeddingDim] */
  weight: Parameter;

  constructor(@inject(SPEC) readonly spec: EmbeddingLayerSpec, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(backend);
    const { numEmbeddings, embeddingDim, options: { paddingIdx } } = spec;
    this.weight = parameter(normal(backend, rng, [numEmbeddings, embeddingDim], 0, 1));
    if (paddingIdx !== null) noGrad(() => this.weight.set_([paddingIdx], 0));
  }

  protected compute(input: Tensor): Tensor {
    return embedding(input, this.weight, this.spec.options);
  }

  override extraRepr(): string {
    const { numEmbeddings, embeddingDim, options: { paddingIdx, maxNorm, normType, scaleGradByFreq } } = this.spec;
    const parts = [`${numEmbeddings}, ${embeddingDim}`];
    if (paddingIdx !== null) parts.push(`padding_idx=${paddingIdx}`);
    if (maxNorm !== null) parts.push(`max_norm=${maxNorm}`);
    if (normType !== 2) parts.push(`norm_type=${normType === Infinity ? 'inf' : normType}`);
    if (scaleGradByFreq) parts.push('scale_grad_by_freq=True');
    return parts.join(', ');
  }
}

export const factories = {
  /** See {@link Embedding}. */
  Embedding: factory(Embedding, embeddingSpec),
};
