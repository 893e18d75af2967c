/**
 * Smooth activations as layers. None works in place: a result is a new tensor, as gradients need. The functions are nn/functional/activation.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { ArgumentError, checkChoice, checkNumber } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { celu, elu, gelu, GELU_FORMS, logSigmoid, mish, selu, silu, softsign, tanhshrink, type GeluApproximation } from '../functional/activation.js';
import { SpecLayer } from '../layer.js';
import { keyword, noSpec, pythonFloat, type NoSpec } from '../options.js';

export interface AlphaSpec {
  readonly alpha: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export const alphaSpec = (op: string, alpha?: number | { alpha?: number }): AlphaSpec => ({ alpha: checkNumber(op, 'alpha', keyword(op, 'alpha', alpha, 1)) });

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function celuSpec(alpha?: number | { alpha?: number }): AlphaSpec {
  const spec = alphaSpec('CELU', alpha);
  if (spec.alpha === 0) throw new ArgumentError('CVY_ARG_VALUE', 'CELU: alpha is 0 but must not be; it divides');
  return spec;
}

/** x above 0, else alpha · (eˣ − 1). @source torch.nn.ELU */
@injectedAsBase
export class ELU extends SpecLayer<AlphaSpec> {
  protected compute(input: Tensor): Tensor {
    return elu(input, this.spec.alpha);
  }

  override extraRepr(): string {
    return `alpha=${pythonFloat(this.spec.alpha)}`;
  }
}

/** elu scaled so that layers keep mean 0 and variance 1. @source torch.nn.SELU */
@injectedAsBase
export class SELU extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return selu(input);
  }
}

/** An elu whose slope at 0 is 1 for every alpha. @source torch.nn.CELU */
@injectedAsBase
export class CELU extends SpecLayer<AlphaSpec> {
  protected compute(input: Tensor): Tensor {
    return celu(input, this.spec.alpha);
  }

  override extraRepr(): string {
    return `alpha=${pythonFloat(this.spec.alpha)}`;
  }
}

export interface GELUSpec {
  readonly approximate: GeluApproximation;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export const geluSpec = (approximate?: GeluApproximation | { approximate?: GeluApproximation }): GELUSpec =>
  ({ approximate: checkChoice('GELU', 'approximate', keyword('GELU', 'approximate', approximate, 'none'), GELU_FORMS) });

/** x · Φ(x), exactly or by a tanh. @source torch.nn.GELU */
@injectedAsBase
export class GELU extends SpecLayer<GELUSpec> {
  protected compute(input: Tensor): Tensor {
    return gelu(input, this.spec.approximate);
  }

  override extraRepr(): string {
    return `approximate='${this.spec.approximate}'`;
  }
}

/** x · sigmoid(x). @source torch.nn.SiLU */
@injectedAsBase
export class SiLU extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return silu(input);
  }
}

/** x · tanh(log(1 + eˣ)). @source torch.nn.Mish */
@injectedAsBase
export class Mish extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return mish(input);
  }
}

/** log(sigmoid(x)). @source torch.nn.LogSigmoid */
@injectedAsBase
export class LogSigmoid extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return logSigmoid(input);
  }
}

/** x / (1 + |x|). @source torch.nn.Softsign */
@injectedAsBase
export class Softsign extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return softsign(input);
  }
}

/** x − tanh(x). @source torch.nn.Tanhshrink */
@injectedAsBase
export class Tanhshrink extends SpecLayer<NoSpec> {
  protected compute(input: Tensor): Tensor {
    return tanhshrink(input);
  }
}

export const factories = {
  /** See {@link ELU}. */
  ELU: factory(ELU, (alpha?: number | { alpha?: number }) => alphaSpec('ELU', alpha)),
  /** See {@link SELU}. */
  SELU: factory(SELU, (options?: NoSpec) => noSpec('SELU', options)),
  /** See {@link CELU}. */
  CELU: factory(CELU, celuSpec),
  /** See {@link GELU}. */
  GELU: factory(GELU, geluSpec),
  /** See {@link SiLU}. */
  SiLU: factory(SiLU, (options?: NoSpec) => noSpec('SiLU', options)),
  /** See {@link Mish}. */
  Mish: factory(Mish, (options?: NoSpec) => noSpec('Mish', options)),
  /** See {@link LogSigmoid}. */
  LogSigmoid: factory(LogSigmoid, (options?: NoSpec) => noSpec('LogSigmoid', options)),
  /** See {@link Softsign}. */
  Softsign: factory(Softsign, (options?: NoSpec) => noSpec('Softsign', options)),
  /** See {@link Tanhshrink}. */
  Tanhshrink: factory(Tanhshrink, (options?: NoSpec) => noSpec('Tanhshrink', options)),
};
