/**
 * Learning-rate schedules. A schedule sets `lr` of an optimizer's groups; call its `step` after the optimizer's, once an epoch
 * (or once a batch, as you count).
 */
import { ArgumentError, checkNumber, checkOptions, DataError, fmt } from '../errors.js';
import { Optimizer, type ParamGroup, type RateOptions } from './optimizer.js';

/** An optimizer as a schedule sees it. */
export interface Scheduled {
  readonly groups: ParamGroup<RateOptions>[];
}

/** What `stateDict` of a schedule holds. The optimizer's own state has the rates. */
export interface SchedulerState {
  lastEpoch: number;
  baseLrs: number[];
}

/**
 * Base of schedules. A subclass defines `rates`, the learning rate of every group at `lastEpoch`; what it needs for that is in
 * `spec`, which is there when `rates` is first called, at the end of construction (a subclass's own fields are not).
 * @source torch.optim.lr_scheduler.LRScheduler
 */
export abstract class LRScheduler<S = unknown> {
  /** Steps so far. */
  lastEpoch = -1;
  /** The rates that the schedule started from. */
  readonly baseLrs: number[];

  protected constructor(protected readonly optimizer: Scheduled, protected readonly spec: S) {
    if (!(optimizer instanceof Optimizer)) throw new ArgumentError('CVY_ARG_TYPE', `${this.constructor.name}: the optimizer is ${optimizer === null ? 'null' : typeof optimizer} but must be an optimizer`);
    for (const group of optimizer.groups) group.initialLr ??= group.lr;
    this.baseLrs = optimizer.groups.map(({ initialLr }) => initialLr!);
    this.step();
  }

  /** Goes one step on and sets the rates of all groups. */
  step(): void {
    this.lastEpoch++;
    this.rates().forEach((lr, i) => (this.optimizer.groups[i].lr = lr));
  }

  /** The rates in use, one for each group. */
  get lastLr(): number[] {
    return this.optimizer.groups.map(({ lr }) => lr);
  }

  stateDict(): SchedulerState {
    return { lastEpoch: this.lastEpoch, baseLrs: [...this.baseLrs] };
  }

  /** Goes on where a saved schedule stood; load the optimizer too, which has the rates. @throws {DataError} CVY_DATA_MISMATCH. */
  loadStateDict({ lastEpoch, baseLrs }: SchedulerState): this {
    if (!Array.isArray(baseLrs) || baseLrs.length !== this.baseLrs.length || !Number.isInteger(lastEpoch)) {
      throw new DataError('CVY_DATA_MISMATCH', `${this.constructor.name}.loadStateDict: epoch ${String(lastEpoch)} with rates ${Array.isArray(baseLrs) ? fmt(baseLrs) : typeof baseLrs} was saved but ${this.baseLrs.length} groups are scheduled`);
    }
    this.lastEpoch = lastEpoch;
    this.baseLrs.splice(0, baseLrs.length, ...baseLrs);
    return this;
  }

  /** The rate of every group at `lastEpoch`, from `baseLrs` or from the rates in use. */
  protected abstract rates(): number[];
}

/** Each group's rate times `gamma` every `stepSize` steps. `gamma` is 0.1 unless given. @source torch.optim.lr_scheduler.StepLR */
export class StepLR extends LRScheduler<{ stepSize: number; gamma: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
  constructor(optimizer: Scheduled, stepSize: number, options: { gamma?: number } = {}) {
    checkOptions('StepLR', options, ['gamma']);
    if (!Number.isInteger(stepSize) || stepSize < 1) throw new ArgumentError('CVY_ARG_VALUE', `StepLR: stepSize is ${String(stepSize)} but must be an integer ≥ 1`);
    super(optimizer, { stepSize, gamma: checkNumber('StepLR', 'gamma', options.gamma ?? 0.1) });
  }

  protected rates(): number[] {
    const { stepSize, gamma } = this.spec;
    return this.lastEpoch === 0 || this.lastEpoch % stepSize !== 0 ? this.lastLr : this.lastLr.map((lr) => lr * gamma);
  }
}

/**
 * Half a cosine from each group's rate down to `etaMin` (default 0) in `tMax` steps, and on from there. Computed from the rate
 * before, as PyTorch does, so that it can be combined with other changes of the rate.
 * @source torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov & Hutter 2017, arXiv:1608.03983
 */
export class CosineAnnealingLR extends LRScheduler<{ tMax: number; etaMin: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
  constructor(optimizer: Scheduled, tMax: number, options: { etaMin?: number } = {}) {
    checkOptions('CosineAnnealingLR', options, ['etaMin']);
    if (!Number.isInteger(tMax) || tMax < 1) throw new ArgumentError('CVY_ARG_VALUE', `CosineAnnealingLR: tMax is ${String(tMax)} but must be an integer ≥ 1`);
    super(optimizer, { tMax, etaMin: checkNumber('CosineAnnealingLR', 'etaMin', options.etaMin ?? 0) });
  }

  protected rates(): number[] {
    const { tMax, etaMin } = this.spec;
    const t = this.lastEpoch;
    if (t === 0) return this.lastLr;
    // At the valley the rate before is etaMin, and the quotient below would be 0 / 0.
    if ((t - 1 - tMax) % (2 * tMax) === 0) return this.lastLr.map((lr, i) => lr + ((this.baseLrs[i] - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2);
    const ratio = (1 + Math.cos((Math.PI * t) / tMax)) / (1 + Math.cos((Math.PI * (t - 1)) / tMax));
    return this.lastLr.map((lr) => ratio * (lr - etaMin) + etaMin);
  }
}
