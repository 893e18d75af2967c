/**
 * What learning-rate schedules share. A schedule sets `lr` of an optimizer's groups; call its `step` after the optimizer's, once an
 * epoch (or once a batch, as you count). The schedules themselves are in the files beside this one.
 */
import { ArgumentError, DataError, fmt } from '../../errors.js';
import { Optimizer, type ParamGroup, type RateOptions } from '../optimizer.js';

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

  protected constructor(readonly optimizer: Scheduled, protected readonly spec: S) {
    checkOptimizer(this.constructor.name, optimizer);
    for (const group of optimizer.groups) group.initialLr ??= group.lr;
    this.baseLrs = optimizer.groups.map(({ initialLr }) => initialLr!);
    this.begin();
  }

  /** Takes the first step from the rates in use; for schedules that combine others. */
  start(): void {
    this.lastEpoch = -1;
    this.step();
  }

  /** Begins anew, from the rates that it started from; for schedules that combine others. */
  restart(): void {
    this.baseLrs.forEach((lr, i) => (this.optimizer.groups[i].lr = lr));
    this.start();
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

  /** What construction does in the end. */
  protected begin(): void {
    this.start();
  }

  /** The rate of every group at `lastEpoch`, from `baseLrs` or from the rates in use. */
  protected abstract rates(): number[];
}

/** @throws {ArgumentError} CVY_ARG_TYPE. */
export function checkOptimizer(op: string, optimizer: unknown): void {
  if (!(optimizer instanceof Optimizer)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: the optimizer is ${optimizer === null ? 'null' : typeof optimizer} but must be an optimizer`);
}

/** @throws {ArgumentError} CVY_ARG_VALUE unless `value` is an integer from `least`. */
export function checkCount(op: string, name: string, value: unknown, least = 1): number {
  if (!Number.isSafeInteger(value) || (value as number) < least) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} is ${String(value)} but must be an integer ≥ ${least}`);
  return value as number;
}

/** One value for all groups, or one for each. @throws {ArgumentError} CVY_ARG_VALUE for another number of them; what `check` throws. */
export function perGroup<T>(op: string, name: string, value: T | readonly T[], optimizer: Scheduled, check: (name: string, value: T) => void): T[] {
  const n = optimizer.groups.length;
  const list = Array.isArray(value) ? [...(value as readonly T[])] : new Array<T>(n).fill(value as T);
  if (list.length !== n) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} has ${list.length} values but the optimizer has ${n} groups; give one value for all, or one for each`);
  list.forEach((entry, i) => check(Array.isArray(value) ? `${name}[${i}]` : name, entry));
  return list;
}
