/**
 * Normalisation layers without running statistics: layer, group and local response norm.
 */
import { inject, injectable } from 'inversify';
import type { Backend } from '../../backend/index.js';
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { BACKEND, SPEC } from '../../di/tokens.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions } from '../../errors.js';
import { checkTuple } from '../../shape/index.js';
import { full, type Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { checkLocalResponseNorm, localResponseNorm, type LocalResponseNormOptions, type LocalResponseNormSpec } from '../functional/localResponseNorm.js';
import { checkNormalizedShape, groupNorm, layerNorm } from '../functional/rowNorm.js';
import { Layer, SpecLayer } from '../layer.js';
import { python } from '../options.js';
import { parameter, type Parameter } from '../parameter.js';

export interface LayerNormOptions {
  /** Added to the variance; default 1e-5. */
  eps?: number;
  /** Whether there are weight and bias; default true. */
  elementwiseAffine?: boolean;
}

export interface GroupNormOptions {
  /** Added to the variance; default 1e-5. */
  eps?: number;
  /** Whether there are weight and bias; default true. */
  affine?: boolean;
}

export interface LayerNormSpec {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly elementwiseAffine: boolean;
}

export interface GroupNormSpec {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly affine: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function layerNormSpec(normalizedShape: number | readonly number[], options: LayerNormOptions = {}): LayerNormSpec {
  checkOptions('LayerNorm', options, ['eps', 'elementwiseAffine']);
  const { eps = 1e-5, elementwiseAffine = true } = options;
  return {
    normalizedShape: checkNormalizedShape('LayerNorm', normalizedShape), eps: checkNumber('LayerNorm', 'eps', eps),
    elementwiseAffine: checkFlag('LayerNorm', 'elementwiseAffine', elementwiseAffine),
  };
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function groupNormSpec(numGroups: number, numChannels: number, options: GroupNormOptions = {}): GroupNormSpec {
  checkOptions('GroupNorm', options, ['eps', 'affine']);
  checkTuple('GroupNorm', 'numGroups', numGroups, 1, 1);
  checkTuple('GroupNorm', 'numChannels', numChannels, 1, 1);
  if (numChannels % numGroups !== 0) throw new ArgumentError('CVY_ARG_VALUE', `GroupNorm: numGroups is ${numGroups} but must divide numChannels ${numChannels}`);
  const { eps = 1e-5, affine = true } = options;
  return { numGroups, numChannels, eps: checkNumber('GroupNorm', 'eps', eps), affine: checkFlag('GroupNorm', 'affine', affine) };
}

/**
 * Normalisation over the last axes, each example by itself.
 *
 * @shape input [..., *normalizedShape]; returns the same
 * @throws {ShapeError} CVY_SHAPE_FEATURES
 * @source torch.nn.LayerNorm
 */
@injectable()
export class LayerNorm extends Layer {
  /** normalizedShape, or null; starts as ones */
  readonly weight: Parameter | null;
  /** normalizedShape, or null; starts as zeros */
  readonly bias: Parameter | null;

  constructor(@inject(SPEC) readonly spec: LayerNormSpec, @inject(BACKEND) backend: Backend) {
    super(backend);
    this.weight = spec.elementwiseAffine ? parameter(full(backend, spec.normalizedShape, 1)) : null;
    this.bias = spec.elementwiseAffine ? parameter(full(backend, spec.normalizedShape, 0)) : null;
  }

  protected compute(input: Tensor): Tensor {
    return layerNorm(input, this.spec.normalizedShape, this.weight, this.bias, { eps: this.spec.eps });
  }

  override extraRepr(): string {
    const { normalizedShape, eps, elementwiseAffine } = this.spec;
    return `${python(normalizedShape)}, eps=${python(eps)}, elementwise_affine=${python(elementwiseAffine)}`;
  }
}

/**
 * Normalisation over groups of channels, each example by itself.
 *
 * @shape input [N, C, …]; returns the same
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS, CVY_SHAPE_NUMEL
 * @source torch.nn.GroupNorm
 */
@injectable()
export class GroupNorm extends Layer {
  /** [C], or null; starts as ones */
  readonly weight: Parameter | null;
  /** [C], or null; starts as zeros */
  readonly bias: Parameter | null;

  constructor(@inject(SPEC) readonly spec: GroupNormSpec, @inject(BACKEND) backend: Backend) {
    super(backend);
    this.weight = spec.affine ? parameter(full(backend, [spec.numChannels], 1)) : null;
    this.bias = spec.affine ? parameter(full(backend, [spec.numChannels], 0)) : null;
  }

  protected compute(input: Tensor): Tensor {
    return groupNorm(input, this.spec.numGroups, this.weight, this.bias, { eps: this.spec.eps });
  }

  override extraRepr(): string {
    const { numGroups, numChannels, eps, affine } = this.spec;
    return `${numGroups}, ${numChannels}, eps=${python(eps)}, affine=${python(affine)}`;
  }
}

/** Normalisation over neighbouring channels. @shape input [N, C, …]; returns the same. @throws {ShapeError} CVY_SHAPE_RANK. @source torch.nn.LocalResponseNorm */
@injectedAsBase
export class LocalResponseNorm extends SpecLayer<LocalResponseNormSpec> {
  protected compute(input: Tensor): Tensor {
    const { size, alpha, beta, k } = this.spec;
    return localResponseNorm(input, size, { alpha, beta, k });
  }

  override extraRepr(): string {
    const { size, alpha, beta, k } = this.spec;
    // PyTorch's default is a float and prints as one.
    return `${size}, alpha=${python(alpha)}, beta=${python(beta)}, k=${k === 1 ? '1.0' : python(k)}`;
  }
}

export const factories = {
  /** See {@link LayerNorm}. */
  LayerNorm: factory(LayerNorm, layerNormSpec),
  /** See {@link GroupNorm}. */
  GroupNorm: factory(GroupNorm, groupNormSpec),
  /** See {@link LocalResponseNorm}. */
  LocalResponseNorm: factory(LocalResponseNorm, (size: number, options: LocalResponseNormOptions = {}) => checkLocalResponseNorm('LocalResponseNorm', size, options)),
};
