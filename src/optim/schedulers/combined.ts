/**
 * Schedules made of schedules of one optimizer: one after another, or all at once.
 */
import { ArgumentError, DataError } from '../../errors.js';
import { ReduceLROnPlateau } from './plateau.js';
import { LRScheduler, type Scheduled, type SchedulerState } from './scheduler.js';
import { checkMilestones } from './steps.js';

export interface CombinedState extends SchedulerState {
  schedulers: SchedulerState[];
}

abstract class Combined<S extends { schedulers: readonly LRScheduler[] }> extends LRScheduler<S> {
  override stateDict(): CombinedState {
    return { ...super.stateDict(), schedulers: this.spec.schedulers.map((part) => part.stateDict()) };
  }

  override loadStateDict(state: CombinedState): this {
    const { schedulers } = this.spec;
    if (state.schedulers?.length !== schedulers.length) {
      throw new DataError('CVY_DATA_MISMATCH', `${this.constructor.name}.loadStateDict: ${state.schedulers?.length ?? 'no'} schedules were saved but there are ${schedulers.length}`);
    }
    super.loadStateDict(state);
    schedulers.forEach((part, i) => part.loadStateDict(state.schedulers[i]));
    return this;
  }

  /** Every part sets the rates itself. */
  protected rates(): number[] {
    return this.lastLr;
  }
}

/**
 * The first schedule up to milestone 0, the second from there to milestone 1, and so on; each begins from its first rates. A warm-up
 * is a LinearLR before another schedule.
 *
 * @param milestones steps at which the next schedule begins, ascending, one fewer than schedules
 * @source torch.optim.lr_scheduler.SequentialLR
 */
export class SequentialLR extends Combined<{ schedulers: readonly LRScheduler[]; milestones: readonly number[] }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, also for schedules of another optimizer; CVY_ARG_TYPE, also for ReduceLROnPlateau. */
  constructor(optimizer: Scheduled, schedulers: readonly LRScheduler[], milestones: readonly number[]) {
    const op = 'SequentialLR';
    checkParts(op, optimizer, schedulers);
    checkMilestones(op, milestones, 1);
    if (milestones.some((epoch, i) => i > 0 && epoch < milestones[i - 1])) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the milestones are ${milestones.join(', ')} but must ascend`);
    if (milestones.length !== schedulers.length - 1) throw new ArgumentError('CVY_ARG_VALUE', `${op}: there are ${milestones.length} milestones for ${schedulers.length} schedules but there must be ${schedulers.length - 1}`);
    super(optimizer, { schedulers: [...schedulers], milestones: [...milestones] });
  }

  override start(): void {
    this.lastEpoch = 0;
    this.spec.schedulers[0].start();
  }

  override step(): void {
    const { schedulers, milestones } = this.spec;
    this.lastEpoch++;
    const now = milestones.filter((epoch) => epoch <= this.lastEpoch).length;
    if (milestones[now - 1] === this.lastEpoch) schedulers[now].restart();
    else schedulers[now].step();
  }

  /** Undoes the first steps that the parts took when they were made. */
  protected override begin(): void {
    this.restart();
  }
}

/** All schedules at once, each changing the rates that the one before left. @source torch.optim.lr_scheduler.ChainedScheduler */
export class ChainedScheduler extends Combined<{ schedulers: readonly LRScheduler[] }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE for no schedules or those of several optimizers; CVY_ARG_TYPE, also for ReduceLROnPlateau. */
  constructor(schedulers: readonly LRScheduler[]) {
    super(checkParts('ChainedScheduler', null, schedulers), { schedulers: [...schedulers] });
  }

  override start(): void {
    this.lastEpoch = 0;
    for (const part of this.spec.schedulers) part.start();
  }

  override step(): void {
    this.lastEpoch++;
    for (const part of this.spec.schedulers) part.step();
  }

  /** The parts took their first steps when they were made. */
  protected override begin(): void {
    this.lastEpoch = 0;
  }
}

/** The optimizer of the parts, which must be `optimizer` unless that is null. */
function checkParts(op: string, optimizer: Scheduled | null, schedulers: readonly LRScheduler[]): Scheduled {
  if (!Array.isArray(schedulers)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: the schedules are ${typeof schedulers} but must be an array`);
  if (schedulers.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: there are 0 schedules but at least one is required`);
  schedulers.forEach((part: unknown, i) => {
    if (!(part instanceof LRScheduler)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: schedule ${i} is ${part === null ? 'null' : typeof part} but must be a schedule`);
    if (part instanceof ReduceLROnPlateau) throw new ArgumentError('CVY_ARG_TYPE', `${op}: schedule ${i} is a ReduceLROnPlateau but must need no metric; step it on its own`);
  });
  const found = optimizer ?? schedulers[0].optimizer;
  const other = schedulers.findIndex((part) => part.optimizer !== found);
  if (other >= 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: schedule ${other} is of another optimizer but all must be of one`);
  return found;
}
