/**
 * Activations made of pieces, as layers. None works in place. The functions are nn/functional/activationPiecewise.ts.
 */
import { relu6 } from '../../autograd/index.js';
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { ArgumentError, checkNumber } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { hardshrink, hardsigmoid, hardswish, hardtanh, softshrink, threshold } from '../functional/activationPiecewise.js';
import { SpecLayer } from '../layer.js';
import { keyword, keywords, noSpec, python, pythonFloat, type NoSpec } from '../options.js';

/** min(max(x, 0), 6). @source torch.nn.ReLU6 */
@injectedAsBase
export class ReLU6 extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return relu6(input);
  }
}

/** x · relu6(x + 3) / 6. @source torch.nn.Hardswish */
@injectedAsBase
export class Hardswish extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return hardswish(input);
  }
}

/** relu6(x + 3) / 6. @source torch.nn.Hardsigmoid */
@injectedAsBase
export class Hardsigmoid extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return hardsigmoid(input);
  }
}

export interface HardtanhSpec {
  readonly minVal: number;
  readonly maxVal: number;
}

/** Bounds by position or as `{ minVal, maxVal }`. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function hardtanhSpec(minVal?: number | { minVal?: number; maxVal?: number }, maxVal?: number | { maxVal?: number }): HardtanhSpec {
  const given = keywords('Hardtanh', ['minVal', 'maxVal'], [minVal, maxVal]);
  const spec = { minVal: checkNumber('Hardtanh', 'minVal', given.minVal ?? -1), maxVal: checkNumber('Hardtanh', 'maxVal', given.maxVal ?? 1) };
  if (spec.minVal >= spec.maxVal) throw new ArgumentError('CVY_ARG_VALUE', `Hardtanh: minVal is ${spec.minVal} but must be less than maxVal, which is ${spec.maxVal}`);
  return spec;
}

/** x limited to [minVal, maxVal]. @source torch.nn.Hardtanh */
@injectedAsBase
export class Hardtanh extends SpecLayer<HardtanhSpec> {
  protected compute(input: Tensor): Tensor {
    return hardtanh(input, this.spec.minVal, this.spec.maxVal);
  }

  override extraRepr(): string {
    return `min_val=${pythonFloat(this.spec.minVal)}, max_val=${pythonFloat(this.spec.maxVal)}`;
  }
}

export interface ShrinkSpec {
  readonly lambd: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export const shrinkSpec = (op: string, least: number, lambd?: number | { lambd?: number }): ShrinkSpec => ({ lambd: checkNumber(op, 'lambd', keyword(op, 'lambd', lambd, 0.5), least) });

/** x where |x| > lambd, else 0. @source torch.nn.Hardshrink */
@injectedAsBase
export class Hardshrink extends SpecLayer<ShrinkSpec> {
  protected compute(input: Tensor): Tensor {
    return hardshrink(input, this.spec.lambd);
  }

  override extraRepr(): string {
    return `${python(this.spec.lambd)}`;
  }
}

/** x less lambd in the direction of 0, 0 where |x| ≤ lambd. @source torch.nn.Softshrink */
@injectedAsBase
export class Softshrink extends SpecLayer<ShrinkSpec> {
  protected compute(input: Tensor): Tensor {
    return softshrink(input, this.spec.lambd);
  }

  override extraRepr(): string {
    return `${python(this.spec.lambd)}`;
  }
}

export interface ThresholdSpec {
  readonly threshold: number;
  readonly value: number;
}

/** Both by position or as `{ threshold, value }`; neither has a default. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function thresholdSpec(limit: number | { threshold: number; value: number }, value?: number | { value: number }): ThresholdSpec {
  const given = keywords('Threshold', ['threshold', 'value'], [limit, value]);
  return { threshold: checkNumber('Threshold', 'threshold', given.threshold), value: checkNumber('Threshold', 'value', given.value) };
}

/** x where x > threshold, else `value`. @source torch.nn.Threshold */
@injectedAsBase
export class Threshold extends SpecLayer<ThresholdSpec> {
  protected compute(input: Tensor): Tensor {
    return threshold(input, this.spec.threshold, this.spec.value);
  }

  override extraRepr(): string {
    return `threshold=${python(this.spec.threshold)}, value=${python(this.spec.value)}`;
  }
}

export const factories = {
  /** See {@link ReLU6}. */
  ReLU6: factory(ReLU6, (options?: NoSpec) => noSpec('ReLU6', options)),
  /** See {@link Hardswish}. */
  Hardswish: factory(Hardswish, (options?: NoSpec) => noSpec('Hardswish', options)),
  /** See {@link Hardsigmoid}. */
  Hardsigmoid: factory(Hardsigmoid, (options?: NoSpec) => noSpec('Hardsigmoid', options)),
  /** See {@link Hardtanh}. */
  Hardtanh: factory(Hardtanh, hardtanhSpec),
  /** See {@link Hardshrink}. */
  Hardshrink: factory(Hardshrink, (lambd?: number | { lambd?: number }) => shrinkSpec('Hardshrink', -Infinity, lambd)),
  /** See {@link Softshrink}. */
  Softshrink: factory(Softshrink, (lambd?: number | { lambd?: number }) => shrinkSpec('Softshrink', 0, lambd)),
  /** See {@link Threshold}. */
  Threshold: factory(Threshold, thresholdSpec),
};
