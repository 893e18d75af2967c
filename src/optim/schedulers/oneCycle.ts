/**
 * The 1cycle policy: up to a high rate and down to almost nothing, in a given number of steps.
 */
import { ArgumentError, checkChoice, checkFlag, checkNumber, checkOptions } from '../../errors.js';
import { momentumRange, setMomentum, type MomentumRange } from './momentum.js';
import { checkCount, checkOptimizer, LRScheduler, perGroup, type Scheduled } from './scheduler.js';

export interface OneCycleOptions {
  /** Length of the cycle; or `epochs` and `stepsPerEpoch`, whose product it is. */
  totalSteps?: number;
  epochs?: number;
  stepsPerEpoch?: number;
  /** Share of the cycle that goes up; default 0.3. */
  pctStart?: number;
  /** Default 'cos'. */
  annealStrategy?: 'cos' | 'linear';
  /** Turn the momentum (of Adam and its kin the first beta) from maxMomentum down to baseMomentum and back; default true. */
  cycleMomentum?: boolean;
  /** Default 0.85; an array has one for each group. */
  baseMomentum?: number | readonly number[];
  /** Default 0.95; an array has one for each group. */
  maxMomentum?: number | readonly number[];
  /** The first rate is maxLr / divFactor; default 25. */
  divFactor?: number;
  /** The last rate is the first / finalDivFactor; default 1e4. */
  finalDivFactor?: number;
  /** Come down to the first rate as fast as up, and then to the last; default false. */
  threePhase?: boolean;
}

type Rate = 'first' | 'max' | 'last';

/** From one rate to another, until step `end`. */
interface Phase {
  end: number;
  rate: readonly [Rate, Rate];
  /** From the lower momentum (0) or the upper one (1) to which. */
  momentum: readonly [0 | 1, 0 | 1];
}

interface OneCycleSpec {
  totalSteps: number;
  phases: readonly Phase[];
  lrs: readonly Record<Rate, number>[];
  momenta: MomentumRange | null;
  anneal: (start: number, end: number, share: number) => number;
}

const ANNEAL: Record<'cos' | 'linear', OneCycleSpec['anneal']> = {
  cos: (start, end, share) => end + ((start - end) / 2) * (1 + Math.cos(Math.PI * share)),
  linear: (start, end, share) => (end - start) * share + start,
};

/**
 * Rates from maxLr / divFactor up to `maxLr` (for all groups, or an array with one for each) and down to maxLr / divFactor /
 * finalDivFactor; the momentum goes the other way. Step it once a batch.
 * @source torch.optim.lr_scheduler.OneCycleLR; Smith & Topin 2019, arXiv:1708.07120
 */
export class OneCycleLR extends LRScheduler<OneCycleSpec> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, also for an optimizer without momentum unless cycleMomentum is false; CVY_ARG_OPTION, CVY_ARG_TYPE. */
  constructor(optimizer: Scheduled, maxLr: number | readonly number[], options: OneCycleOptions) {
    const spec = oneCycle(optimizer, maxLr, options);
    spec.lrs.forEach(({ first }, i) => (optimizer.groups[i].initialLr = first));
    super(optimizer, spec);
  }

  /** @throws {ArgumentError} CVY_ARG_VALUE beyond the cycle's end. */
  override step(): void {
    const { totalSteps } = this.spec;
    if (this.lastEpoch >= totalSteps) throw new ArgumentError('CVY_ARG_VALUE', `OneCycleLR: this is step ${this.lastEpoch + 1} but the cycle has ${totalSteps}; give more totalSteps`);
    super.step();
  }

  protected rates(): number[] {
    const { phases, lrs, momenta, anneal } = this.spec;
    const t = this.lastEpoch;
    const now = phases.findIndex(({ end }, i) => t <= end || i === phases.length - 1);
    const { end, rate, momentum } = phases[now];
    const start = now === 0 ? 0 : phases[now - 1].end;
    const share = end === start ? 1 : (t - start) / (end - start);
    if (momenta) setMomentum(this.optimizer, momenta, (...bounds) => anneal(bounds[momentum[0]], bounds[momentum[1]], share));
    return lrs.map((lr) => anneal(lr[rate[0]], lr[rate[1]], share));
  }
}

function oneCycle(optimizer: Scheduled, maxLr: number | readonly number[], options: OneCycleOptions): OneCycleSpec {
  const op = 'OneCycleLR';
  checkOptions(op, options, [
    'totalSteps', 'epochs', 'stepsPerEpoch', 'pctStart', 'annealStrategy', 'cycleMomentum', 'baseMomentum', 'maxMomentum', 'divFactor', 'finalDivFactor', 'threePhase',
  ]);
  checkOptimizer(op, optimizer);
  const {
    pctStart = 0.3, annealStrategy = 'cos', cycleMomentum = true, baseMomentum = 0.85, maxMomentum = 0.95, divFactor = 25, finalDivFactor = 1e4, threePhase = false,
  } = options;
  const totalSteps = stepsOf(op, options);
  checkNumber(op, 'pctStart', pctStart, 0, 1);
  for (const [name, value] of Object.entries({ divFactor, finalDivFactor })) {
    if (!(checkNumber(op, name, value, 0) > 0)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} is 0 but must be above 0; rates are divided by it`);
  }
  const up = pctStart * totalSteps - 1;
  const rise: Phase = { end: up, rate: ['first', 'max'], momentum: [1, 0] };
  const phases: Phase[] = checkFlag(op, 'threePhase', threePhase)
    ? [rise, { end: 2 * up, rate: ['max', 'first'], momentum: [0, 1] }, { end: totalSteps - 1, rate: ['first', 'last'], momentum: [1, 1] }]
    : [rise, { end: totalSteps - 1, rate: ['max', 'last'], momentum: [0, 1] }];
  const maxLrs = perGroup(op, 'maxLr', maxLr, optimizer, (name, value) => checkNumber(op, name, value, 0));
  return {
    totalSteps, phases,
    anneal: ANNEAL[checkChoice(op, 'annealStrategy', annealStrategy, ['cos', 'linear'])],
    lrs: maxLrs.map((max) => ({ first: max / divFactor, max, last: max / divFactor / finalDivFactor })),
    momenta: checkFlag(op, 'cycleMomentum', cycleMomentum) ? momentumRange(op, optimizer, baseMomentum, maxMomentum) : null,
  };
}

function stepsOf(op: string, { totalSteps, epochs, stepsPerEpoch }: OneCycleOptions): number {
  if (totalSteps === undefined && epochs === undefined && stepsPerEpoch === undefined) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: the length of the cycle is not given but required; pass totalSteps, or epochs and stepsPerEpoch`);
  }
  if (totalSteps === undefined) return checkCount(op, 'epochs', epochs) * checkCount(op, 'stepsPerEpoch', stepsPerEpoch);
  if (epochs !== undefined || stepsPerEpoch !== undefined) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: totalSteps ${totalSteps} is given beside epochs ${String(epochs)} and stepsPerEpoch ${String(stepsPerEpoch)} but only one of both ways can be; leave one out`);
  }
  return checkCount(op, 'totalSteps', totalSteps);
}
