/**
 * The fully connected layer; Flatten, which leads to it, and Unflatten, which leads back.
 */
import { inject, injectable } from 'inversify';
import { flatten, linear, unflatten } from '../../autograd/index.js';
import type { Backend, Rng } from '../../backend/index.js';
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { BACKEND, RNG, SPEC } from '../../di/tokens.js';
import { ArgumentError, checkFlag, checkOptions, fmt } from '../../errors.js';
import { checkTuple } from '../../shape/index.js';
import { uniform, type Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { defaultBound } from '../initialisers/defaultBound.js';
import { Layer, SpecLayer } from '../layer.js';
import { python } from '../options.js';
import { parameter, type Parameter } from '../parameter.js';

export interface LinearOptions {
  /** Default true. */
  bias?: boolean;
}

export interface LinearSpec {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bias: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function linearSpec(inFeatures: number, outFeatures: number, options: LinearOptions = {}): LinearSpec {
  checkOptions('Linear', options, ['bias']);
  checkTuple('Linear', 'inFeatures', inFeatures, 1, 1);
  checkTuple('Linear', 'outFeatures', outFeatures, 1, 1);
  return { inFeatures, outFeatures, bias: checkFlag('Linear', 'bias', options.bias ?? true) };
}

/**
 * x · weightᵀ + bias over the last axis.
 *
 * @shape input [..., in]; returns [..., out]
 * Weight and bias are drawn uniformly from ±1/√in.
 * @throws {ShapeError} CVY_SHAPE_FEATURES
 * @source torch.nn.Linear
 */
@injectable()
export class Linear extends Layer {
  /** [out, in] */
  weight: Parameter;
  /** [out], or null */
  readonly bias: Parameter | null;

  constructor(@inject(SPEC) readonly spec: LinearSpec, @inject(BACKEND) backend: Backend, @inject(RNG) rng: Rng) {
    super(backend);
    const shape = [spec.outFeatures, spec.inFeatures];
    const bound = defaultBound(shape);
    this.weight = parameter(uniform(backend, rng, shape, -bound, bound));
    this.bias = spec.bias ? parameter(uniform(backend, rng, [spec.outFeatures], -bound, bound)) : null;
  }

  protected compute(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.spec.inFeatures}, out_features=${this.spec.outFeatures}, bias=${python(this.spec.bias)}`;
  }
}

export interface FlattenSpec {
  readonly startDim: number;
  readonly endDim: number;
}

/** Axes by position, or `{ startDim, endDim }`. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function flattenSpec(startDim: number | { startDim?: number; endDim?: number } = 1, endDim?: number): FlattenSpec {
  if (typeof startDim === 'object') checkOptions('Flatten', startDim, ['startDim', 'endDim']);
  const given = typeof startDim === 'object' ? startDim : { startDim, endDim };
  const spec = { startDim: given.startDim ?? 1, endDim: given.endDim ?? endDim ?? -1 };
  for (const [name, axis] of Object.entries(spec)) {
    if (!Number.isInteger(axis)) throw new ArgumentError('CVY_ARG_VALUE', `Flatten: ${name} is ${String(axis)} but must be an integer`);
  }
  return spec;
}

/** Merges the axes from startDim (default 1) to endDim (default −1). @source torch.nn.Flatten */
@injectedAsBase
export class Flatten extends SpecLayer<FlattenSpec> {
  protected compute(input: Tensor): Tensor {
    return flatten(input, this.spec.startDim, this.spec.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.spec.startDim}, end_dim=${this.spec.endDim}`;
  }
}

export interface UnflattenSpec {
  readonly dim: number;
  readonly unflattenedSize: readonly number[];
}

/** @throws {ArgumentError} CVY_ARG_VALUE. */
export function unflattenSpec(dim: number, unflattenedSize: readonly number[]): UnflattenSpec {
  if (!Number.isInteger(dim)) throw new ArgumentError('CVY_ARG_VALUE', `Unflatten: dim is ${String(dim)} but must be an integer`);
  if (!Array.isArray(unflattenedSize) || unflattenedSize.length === 0 || unflattenedSize.some((size) => !Number.isInteger(size) || size < -1)) {
    throw new ArgumentError('CVY_ARG_VALUE', `Unflatten: unflattenedSize is ${Array.isArray(unflattenedSize) ? fmt(unflattenedSize) : String(unflattenedSize)} but must be sizes, of which one may be -1`);
  }
  return { dim, unflattenedSize: [...unflattenedSize as number[]] };
}

/** Makes several axes of one. @throws {ShapeError} CVY_SHAPE_AXIS, CVY_SHAPE_NUMEL. @source torch.nn.Unflatten */
@injectedAsBase
export class Unflatten extends SpecLayer<UnflattenSpec> {
  protected compute(input: Tensor): Tensor {
    return unflatten(input, this.spec.dim, this.spec.unflattenedSize);
  }

  override extraRepr(): string {
    return `dim=${this.spec.dim}, unflattened_size=${python(this.spec.unflattenedSize)}`;
  }
}

export const factories = {
  /** See {@link Linear}. */
  Linear: factory(Linear, linearSpec),
  /** See {@link Flatten}. */
  Flatten: factory(Flatten, flattenSpec),
  /** See {@link Unflatten}. */
  Unflatten: factory(Unflatten, unflattenSpec),
};
