/**
 * Schedules whose factors are functions of the user's. The functions are not saved: build the schedule with them again.
 */
import { ArgumentError } from '../../errors.js';
import { checkOptimizer, LRScheduler, perGroup, type Scheduled } from './scheduler.js';

/** A factor of the rate at a step, counted from 0. */
export type LrLambda = (epoch: number) => number;

abstract class ByFunction extends LRScheduler<{ lrLambdas: LrLambda[] }> {
  protected constructor(op: string, optimizer: Scheduled, lrLambda: LrLambda | readonly LrLambda[]) {
    checkOptimizer(op, optimizer);
    const lrLambdas = perGroup(op, 'lrLambda', lrLambda, optimizer, (name, value) => {
      if (typeof value !== 'function') throw new ArgumentError('CVY_ARG_TYPE', `${op}: ${name} is ${value === null ? 'null' : typeof value} but must be a function of the epoch`);
    });
    super(optimizer, { lrLambdas });
  }

  protected scaled(lrs: readonly number[]): number[] {
    return this.spec.lrLambdas.map((lrLambda, i) => {
      const factor = lrLambda(this.lastEpoch);
      if (typeof factor !== 'number' || !Number.isFinite(factor)) {
        throw new ArgumentError('CVY_ARG_VALUE', `${this.constructor.name}: the factor of group ${i} at epoch ${this.lastEpoch} is ${String(factor)} but must be a finite number`);
      }
      return lrs[i] * factor;
    });
  }
}

/** Each group's first rate times a function of the epoch, one for all groups or one for each. @source torch.optim.lr_scheduler.LambdaLR */
export class LambdaLR extends ByFunction {
  /** @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_VALUE. */
  constructor(optimizer: Scheduled, lrLambda: LrLambda | readonly LrLambda[]) {
    super('LambdaLR', optimizer, lrLambda);
  }

  protected rates(): number[] {
    return this.scaled(this.baseLrs);
  }
}

/** Each group's rate times a function of the epoch, from epoch 1 on. @source torch.optim.lr_scheduler.MultiplicativeLR */
export class MultiplicativeLR extends ByFunction {
  /** @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_VALUE. */
  constructor(optimizer: Scheduled, lrLambda: LrLambda | readonly LrLambda[]) {
    super('MultiplicativeLR', optimizer, lrLambda);
  }

  /** Goes on from the rates in use: in PyTorch a SequentialLR does not set them back either where this one's turn comes. */
  override restart(): void {
    this.start();
  }

  protected rates(): number[] {
    return this.lastEpoch === 0 ? this.lastLr : this.scaled(this.lastLr);
  }
}
