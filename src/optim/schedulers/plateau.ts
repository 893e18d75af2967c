/**
 * Lower rates where a metric no longer gets better.
 */
import { ArgumentError, checkChoice, checkNumber, checkOptions, DataError } from '../../errors.js';
import { Tensor } from '../../tensor/index.js';
import { checkCount, checkOptimizer, LRScheduler, perGroup, type Scheduled, type SchedulerState } from './scheduler.js';

export interface PlateauOptions {
  /** Whether a smaller metric is better or a larger one; default 'min'. */
  mode?: 'min' | 'max';
  /** Rates are multiplied by it; default 0.1. */
  factor?: number;
  /** Steps without improvement that are borne; the next one lowers the rates; default 10. */
  patience?: number;
  /** How much better counts as better; default 1e-4. */
  threshold?: number;
  /** Whether the threshold is a share of the best metric or an amount; default 'rel'. */
  thresholdMode?: 'rel' | 'abs';
  /** Steps after a reduction in which nothing is counted; default 0. */
  cooldown?: number;
  /** Rates are not lowered further; default 0; an array has one for each group. */
  minLr?: number | readonly number[];
  /** Smaller changes of a rate are left out; default 1e-8. */
  eps?: number;
}

/** `best` is null before the first step. */
export interface PlateauState extends SchedulerState {
  best: number | null;
  numBadEpochs: number;
  cooldownCounter: number;
}

type PlateauSpec = Required<Omit<PlateauOptions, 'minLr'>> & { minLrs: number[] };

/**
 * Multiplies each group's rate by `factor` when the metric given to `step` has not improved for more than `patience` steps.
 * @source torch.optim.lr_scheduler.ReduceLROnPlateau
 */
export class ReduceLROnPlateau extends LRScheduler<PlateauSpec> {
  private best: number | null = null;
  private numBadEpochs = 0;
  private cooldownCounter = 0;

  /** @throws {ArgumentError} CVY_ARG_VALUE: a factor outside [0, 1), negative numbers; CVY_ARG_OPTION, CVY_ARG_TYPE. */
  constructor(optimizer: Scheduled, options: PlateauOptions = {}) {
    super(optimizer, plateau(optimizer, options));
  }

  /** @param metric a number or a tensor of one element, such as the loss on images not trained on. @throws {ArgumentError} CVY_ARG_TYPE. */
  override step(metric?: number | Tensor): void {
    const value = metric instanceof Tensor ? metric.item() : metric;
    if (typeof value !== 'number') throw new ArgumentError('CVY_ARG_TYPE', `ReduceLROnPlateau: the metric is ${value === null ? 'null' : typeof value} but must be a number; pass it, as in schedule.step(loss)`);
    const { patience, cooldown, factor, minLrs, eps } = this.spec;
    this.lastEpoch++;
    if (this.isBetter(value)) {
      this.best = value;
      this.numBadEpochs = 0;
    } else this.numBadEpochs++;
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs <= patience) return;
    minLrs.forEach((least, i) => {
      const group = this.optimizer.groups[i];
      const lr = Math.max(group.lr * factor, least);
      if (group.lr - lr > eps) group.lr = lr;
    });
    this.cooldownCounter = cooldown;
    this.numBadEpochs = 0;
  }

  override start(): void {
    this.lastEpoch = 0;
  }

  override stateDict(): PlateauState {
    const { best, numBadEpochs, cooldownCounter } = this;
    return { ...super.stateDict(), best, numBadEpochs, cooldownCounter };
  }

  override loadStateDict(state: PlateauState): this {
    const { best, numBadEpochs, cooldownCounter } = state;
    if ((best !== null && typeof best !== 'number') || !Number.isInteger(numBadEpochs) || !Number.isInteger(cooldownCounter)) {
      throw new DataError('CVY_DATA_MISMATCH', `ReduceLROnPlateau.loadStateDict: best ${String(best)}, numBadEpochs ${numBadEpochs} and cooldownCounter ${cooldownCounter} were saved but all must be numbers`);
    }
    super.loadStateDict(state);
    Object.assign(this, { best, numBadEpochs, cooldownCounter });
    return this;
  }

  protected rates(): number[] {
    return this.lastLr;
  }

  private isBetter(value: number): boolean {
    const { mode, threshold, thresholdMode } = this.spec;
    const sign = mode === 'min' ? -1 : 1;
    const best = this.best ?? -sign * Infinity;
    const bound = thresholdMode === 'rel' ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === 'min' ? value < bound : value > bound;
  }
}

function plateau(optimizer: Scheduled, options: PlateauOptions): PlateauSpec {
  const op = 'ReduceLROnPlateau';
  checkOptions(op, options, ['mode', 'factor', 'patience', 'threshold', 'thresholdMode', 'cooldown', 'minLr', 'eps']);
  checkOptimizer(op, optimizer);
  const { mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode = 'rel', cooldown = 0, minLr = 0, eps = 1e-8 } = options;
  return {
    mode: checkChoice(op, 'mode', mode, ['min', 'max']), thresholdMode: checkChoice(op, 'thresholdMode', thresholdMode, ['rel', 'abs']),
    factor: checkNumber(op, 'factor', factor, 0, 1, true), patience: checkCount(op, 'patience', patience, 0), cooldown: checkCount(op, 'cooldown', cooldown, 0),
    threshold: checkNumber(op, 'threshold', threshold, 0), eps: checkNumber(op, 'eps', eps, 0),
    minLrs: perGroup(op, 'minLr', minLr, optimizer, (name, value) => checkNumber(op, name, value, 0)),
  };
}
