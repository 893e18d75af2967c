/**
 * Schedules that multiply the rate before by a factor, as PyTorch does, so that they can be chained: in steps, along a line, a power.
 */
import { ArgumentError, checkNumber, checkOptions } from '../../errors.js';
import { checkCount, LRScheduler, type Scheduled } from './scheduler.js';

/** Each group's rate times `gamma` every `stepSize` steps. `gamma` is 0.1 unless given. @source torch.optim.lr_scheduler.StepLR */
export class StepLR extends LRScheduler<{ stepSize: number; gamma: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
  constructor(optimizer: Scheduled, stepSize: number, options: { gamma?: number } = {}) {
    checkOptions('StepLR', options, ['gamma']);
    super(optimizer, { stepSize: checkCount('StepLR', 'stepSize', stepSize), gamma: checkNumber('StepLR', 'gamma', options.gamma ?? 0.1) });
  }

  protected rates(): number[] {
    const { stepSize, gamma } = this.spec;
    return this.lastEpoch === 0 || this.lastEpoch % stepSize !== 0 ? this.lastLr : this.lastLr.map((lr) => lr * gamma);
  }
}

/**
 * Each group's rate times `gamma` (0.1 unless given) at each of the milestones; twice at one that is given twice.
 * @source torch.optim.lr_scheduler.MultiStepLR
 */
export class MultiStepLR extends LRScheduler<{ milestones: readonly number[]; gamma: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
  constructor(optimizer: Scheduled, milestones: readonly number[], options: { gamma?: number } = {}) {
    checkOptions('MultiStepLR', options, ['gamma']);
    checkMilestones('MultiStepLR', milestones, 0);
    super(optimizer, { milestones: [...milestones], gamma: checkNumber('MultiStepLR', 'gamma', options.gamma ?? 0.1) });
  }

  protected rates(): number[] {
    const { milestones, gamma } = this.spec;
    const factor = gamma ** milestones.filter((epoch) => epoch === this.lastEpoch).length;
    return this.lastLr.map((lr) => lr * factor);
  }
}

/** @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_VALUE. */
export function checkMilestones(op: string, milestones: unknown, least: number): void {
  if (!Array.isArray(milestones)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: the milestones are ${typeof milestones} but must be an array of integers`);
  milestones.forEach((epoch, i) => checkCount(op, `milestones[${i}]`, epoch, least));
}

/** Each group's rate times `factor` (1/3 unless given) for the first `totalIters` steps (5). @source torch.optim.lr_scheduler.ConstantLR */
export class ConstantLR extends LRScheduler<{ factor: number; totalIters: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE: a factor outside (0, 1]; CVY_ARG_OPTION. */
  constructor(optimizer: Scheduled, options: { factor?: number; totalIters?: number } = {}) {
    checkOptions('ConstantLR', options, ['factor', 'totalIters']);
    const { factor = 1 / 3, totalIters = 5 } = options;
    super(optimizer, { factor: checkFraction('ConstantLR', 'factor', factor), totalIters: checkCount('ConstantLR', 'totalIters', totalIters, 0) });
  }

  protected rates(): number[] {
    const { factor, totalIters } = this.spec;
    if (this.lastEpoch === 0) return this.lastLr.map((lr) => lr * factor);
    return this.lastEpoch === totalIters ? this.lastLr.map((lr) => lr * (1 / factor)) : this.lastLr;
  }
}

/**
 * Each group's rate times a factor that goes from `startFactor` (1/3 unless given) to `endFactor` (1) in `totalIters` steps (5): the
 * usual warm-up, see SequentialLR.
 * @source torch.optim.lr_scheduler.LinearLR
 */
export class LinearLR extends LRScheduler<{ startFactor: number; endFactor: number; totalIters: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE: startFactor outside (0, 1], endFactor outside [0, 1]; CVY_ARG_OPTION. */
  constructor(optimizer: Scheduled, options: { startFactor?: number; endFactor?: number; totalIters?: number } = {}) {
    checkOptions('LinearLR', options, ['startFactor', 'endFactor', 'totalIters']);
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = options;
    super(optimizer, {
      startFactor: checkFraction('LinearLR', 'startFactor', startFactor),
      endFactor: checkNumber('LinearLR', 'endFactor', endFactor, 0, 1),
      totalIters: checkCount('LinearLR', 'totalIters', totalIters, 0),
    });
  }

  protected rates(): number[] {
    const { startFactor, endFactor, totalIters } = this.spec;
    const t = this.lastEpoch;
    if (t === 0) return this.lastLr.map((lr) => lr * startFactor);
    if (t > totalIters) return this.lastLr;
    const change = endFactor - startFactor;
    const factor = 1 + change / (totalIters * startFactor + (t - 1) * change);
    return this.lastLr.map((lr) => lr * factor);
  }
}

/** Each group's rate times `gamma` every step. @source torch.optim.lr_scheduler.ExponentialLR */
export class ExponentialLR extends LRScheduler<{ gamma: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE. */
  constructor(optimizer: Scheduled, gamma: number) {
    super(optimizer, { gamma: checkNumber('ExponentialLR', 'gamma', gamma) });
  }

  protected rates(): number[] {
    return this.lastEpoch === 0 ? this.lastLr : this.lastLr.map((lr) => lr * this.spec.gamma);
  }
}

/**
 * Each group's rate times (1 − t / totalIters)^power at step t, 0 from `totalIters` on (5 unless given; `power` 1).
 * @source torch.optim.lr_scheduler.PolynomialLR
 */
export class PolynomialLR extends LRScheduler<{ totalIters: number; power: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
  constructor(optimizer: Scheduled, options: { totalIters?: number; power?: number } = {}) {
    checkOptions('PolynomialLR', options, ['totalIters', 'power']);
    const { totalIters = 5, power = 1 } = options;
    super(optimizer, { totalIters: checkCount('PolynomialLR', 'totalIters', totalIters, 0), power: checkNumber('PolynomialLR', 'power', power, 0) });
  }

  protected rates(): number[] {
    const { totalIters, power } = this.spec;
    const t = this.lastEpoch;
    if (t === 0 || t > totalIters) return this.lastLr;
    const factor = ((1 - t / totalIters) / (1 - (t - 1) / totalIters)) ** power;
    return this.lastLr.map((lr) => lr * factor);
  }
}

/** In (0, 1]: the rate is later divided by it. */
function checkFraction(op: string, name: string, value: unknown): number {
  if (checkNumber(op, name, value, 0, 1) === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} is 0 but must be above 0; rates are divided by it`);
  return value as number;
}
