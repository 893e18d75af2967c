/**
 * Schedules along a cosine: once down, or with warm restarts.
 */
import { checkNumber, checkOptions, DataError } from '../../errors.js';
import { checkCount, LRScheduler, type Scheduled, type SchedulerState } from './scheduler.js';

/**
 * Half a cosine from each group's rate down to `etaMin` (default 0) in `tMax` steps, and on from there. Computed from the rate
 * before, as PyTorch does, so that it can be combined with other changes of the rate.
 * @source torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov & Hutter 2017, arXiv:1608.03983
 */
export class CosineAnnealingLR extends LRScheduler<{ tMax: number; etaMin: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
  constructor(optimizer: Scheduled, tMax: number, options: { etaMin?: number } = {}) {
    checkOptions('CosineAnnealingLR', options, ['etaMin']);
    super(optimizer, { tMax: checkCount('CosineAnnealingLR', 'tMax', tMax), etaMin: checkNumber('CosineAnnealingLR', 'etaMin', options.etaMin ?? 0) });
  }

  protected rates(): number[] {
    const { tMax, etaMin } = this.spec;
    const t = this.lastEpoch;
    if (t === 0) return this.lastLr;
    // At the valley the rate before is etaMin, and the quotient below would be 0 / 0.
    if ((t - 1 - tMax) % (2 * tMax) === 0) return this.baseLrs.map((base, i) => this.lastLr[i] + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2);
    const ratio = (1 + Math.cos((Math.PI * t) / tMax)) / (1 + Math.cos((Math.PI * (t - 1)) / tMax));
    return this.lastLr.map((lr) => ratio * (lr - etaMin) + etaMin);
  }
}

export interface WarmRestartsState extends SchedulerState {
  /** The step in fractions, where `step` was given some; lastEpoch is its whole part. */
  at: number;
}

/**
 * Half a cosine from each group's first rate down to `etaMin` (default 0) in `t0` steps, then from the top again, each time `tMult`
 * (default 1) times as long.
 * @source torch.optim.lr_scheduler.CosineAnnealingWarmRestarts; Loshchilov & Hutter 2017, arXiv:1608.03983
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<{ t0: number; tMult: number; etaMin: number; at: number }> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
  constructor(optimizer: Scheduled, t0: number, options: { tMult?: number; etaMin?: number } = {}) {
    const op = 'CosineAnnealingWarmRestarts';
    checkOptions(op, options, ['tMult', 'etaMin']);
    const { tMult = 1, etaMin = 0 } = options;
    super(optimizer, { t0: checkCount(op, 't0', t0), tMult: checkCount(op, 'tMult', tMult), etaMin: checkNumber(op, 'etaMin', etaMin), at: -1 });
  }

  /** @param epoch where to go instead of one step on; fractions stand between epochs, as in `step(epoch + batch / batches)`. @throws {ArgumentError} CVY_ARG_VALUE. */
  override step(epoch?: number): void {
    this.spec.at = epoch === undefined ? this.spec.at + 1 : checkNumber('CosineAnnealingWarmRestarts', 'epoch', epoch, 0);
    // One less, because the step below counts on.
    this.lastEpoch = Math.floor(this.spec.at) - 1;
    super.step();
  }

  override start(): void {
    this.step(0);
  }

  override stateDict(): WarmRestartsState {
    return { ...super.stateDict(), at: this.spec.at };
  }

  override loadStateDict(state: WarmRestartsState): this {
    if (!(Math.floor(state.at) === state.lastEpoch)) throw new DataError('CVY_DATA_MISMATCH', `CosineAnnealingWarmRestarts.loadStateDict: step ${state.at} of epoch ${state.lastEpoch} was saved but it must lie in that epoch`);
    super.loadStateDict(state);
    this.spec.at = state.at;
    return this;
  }

  protected rates(): number[] {
    const { t0, tMult, etaMin, at } = this.spec;
    let [t, length] = [at, t0];
    while (t >= length) [t, length] = [t - length, length * tMult];
    const height = (1 + Math.cos((Math.PI * t) / length)) / 2;
    return this.baseLrs.map((lr) => etaMin + (lr - etaMin) * height);
  }
}
