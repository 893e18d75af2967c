/**
 * Options that several optimizers have: what they mean, and their checks.
 */
import { ArgumentError, checkFlag, checkNumber } from '../errors.js';
import type { Tensor } from '../tensor/index.js';
import type { ParamState, RateOptions } from './optimizer.js';

export interface DecayOptions extends RateOptions {
  /** Share of the parameter that is added to its gradient; default 0. */
  weightDecay: number;
  /** Climb instead of descend; default false. */
  maximize: boolean;
}

export interface MomentsOptions extends DecayOptions {
  /** Decay of the averages of gradients and of their sizes; default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Keeps the divisor above 0; default 1e-8. */
  eps: number;
}

export function checkDecay(op: string, options: Readonly<DecayOptions>): void {
  checkNumber(op, 'weightDecay', options.weightDecay, 0);
  checkFlag(op, 'maximize', options.maximize);
}

export function checkMoments(op: string, options: Readonly<MomentsOptions>): void {
  const { betas } = options;
  if (!Array.isArray(betas) || betas.length !== 2) throw new ArgumentError('CVY_ARG_TYPE', `${op}: betas is ${String(betas)} but must be two numbers`);
  betas.forEach((beta, i) => checkNumber(op, `betas[${i}]`, beta, 0, 1, true));
  checkNumber(op, 'eps', options.eps, 0);
  checkDecay(op, options);
}

/** The gradient of what is minimised: turned round to climb, and with the weight decay's share of the parameter. */
export function decayed(p: Tensor, g: Tensor, { weightDecay, maximize }: Readonly<DecayOptions>): Tensor {
  const gradient = maximize ? g.neg() : g;
  return weightDecay === 0 ? gradient : gradient.add(p.mul(weightDecay));
}

/** `rate` · old + (1 − `rate`) · entry. */
export const average = (old: Tensor, entry: Tensor, rate: number): Tensor => old.mul(rate).add(entry.mul(1 - rate));

/** Number of the step that is about to be made, from 1. */
export const nextStep = (state: Readonly<ParamState>): number => ((state.step as number | undefined) ?? 0) + 1;
