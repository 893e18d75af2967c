/**
 * Rates that go up and down between two bounds.
 */
import { ArgumentError, checkChoice, checkFlag, checkNumber, checkOptions } from '../../errors.js';
import { momentumRange, setMomentum, type MomentumRange } from './momentum.js';
import { checkCount, checkOptimizer, LRScheduler, perGroup, type Scheduled } from './scheduler.js';

export interface CyclicOptions {
  /** Steps on the way up; default 2000. */
  stepSizeUp?: number;
  /** Steps on the way down; default stepSizeUp. */
  stepSizeDown?: number;
  /** All cycles alike, each half as high as the one before, or gammaᵗ as high at step t; default 'triangular'. */
  mode?: 'triangular' | 'triangular2' | 'exp_range';
  /** Of 'exp_range'; default 1. */
  gamma?: number;
  /** A height of your own, in place of `mode`: a function of the cycle, from 1, or of the step, from 0, as `scaleMode` says. */
  scaleFn?: (x: number) => number;
  /** What scaleFn is a function of; default 'cycle'. The modes have their own: exp_range goes by iterations, the others by cycles. */
  scaleMode?: 'cycle' | 'iterations';
  /** Turn the momentum (of Adam and its kin the first beta) the other way; default true. */
  cycleMomentum?: boolean;
  /** Default 0.8; an array has one for each group. */
  baseMomentum?: number | readonly number[];
  /** Default 0.9; an array has one for each group. */
  maxMomentum?: number | readonly number[];
}

interface CyclicSpec {
  base: number[];
  max: number[];
  up: number;
  down: number;
  scale: (cycle: number, step: number) => number;
  momenta: MomentumRange | null;
}

/**
 * Rates along a line from `baseLr` to `maxLr` and back, again and again; each is one number for all groups or an array with one for
 * each. The momentum goes the other way. Step it once a batch. `scaleFn` is not saved: build the schedule with it again.
 * @source torch.optim.lr_scheduler.CyclicLR; Smith 2017, arXiv:1506.01186
 */
export class CyclicLR extends LRScheduler<CyclicSpec> {
  /** @throws {ArgumentError} CVY_ARG_VALUE, also for an optimizer without momentum unless cycleMomentum is false; CVY_ARG_OPTION, CVY_ARG_TYPE. */
  constructor(optimizer: Scheduled, baseLr: number | readonly number[], maxLr: number | readonly number[], options: CyclicOptions = {}) {
    const spec = cyclic(optimizer, baseLr, maxLr, options);
    spec.base.forEach((lr, i) => (optimizer.groups[i].lr = lr));
    super(optimizer, spec);
  }

  protected rates(): number[] {
    const { base, max, up, down, scale, momenta } = this.spec;
    const t = this.lastEpoch;
    const [total, ratio] = [up + down, up / (up + down)];
    const cycle = Math.floor(1 + t / total);
    const x = 1 + t / total - cycle;
    const height = (x <= ratio ? x / ratio : (x - 1) / (ratio - 1)) * scale(cycle, t);
    if (momenta) setMomentum(this.optimizer, momenta, (lower, upper) => upper - (upper - lower) * height);
    return base.map((lr, i) => lr + (max[i] - lr) * height);
  }
}

function cyclic(optimizer: Scheduled, baseLr: number | readonly number[], maxLr: number | readonly number[], options: CyclicOptions): CyclicSpec {
  const op = 'CyclicLR';
  checkOptions(op, options, ['stepSizeUp', 'stepSizeDown', 'mode', 'gamma', 'scaleFn', 'scaleMode', 'cycleMomentum', 'baseMomentum', 'maxMomentum']);
  checkOptimizer(op, optimizer);
  const { stepSizeUp = 2000, stepSizeDown = stepSizeUp, cycleMomentum = true, baseMomentum = 0.8, maxMomentum = 0.9 } = options;
  const rate = (name: string, value: number): unknown => checkNumber(op, name, value, 0);
  return {
    base: perGroup(op, 'baseLr', baseLr, optimizer, rate), max: perGroup(op, 'maxLr', maxLr, optimizer, rate),
    up: checkCount(op, 'stepSizeUp', stepSizeUp), down: checkCount(op, 'stepSizeDown', stepSizeDown),
    scale: scaleOf(op, options),
    momenta: checkFlag(op, 'cycleMomentum', cycleMomentum) ? momentumRange(op, optimizer, baseMomentum, maxMomentum) : null,
  };
}

function scaleOf(op: string, { mode, gamma, scaleFn, scaleMode }: CyclicOptions): CyclicSpec['scale'] {
  const by = checkChoice(op, 'scaleMode', scaleMode ?? 'cycle', ['cycle', 'iterations']);
  if (scaleFn !== undefined) {
    if (typeof scaleFn !== 'function') throw new ArgumentError('CVY_ARG_TYPE', `${op}: scaleFn is ${scaleFn === null ? 'null' : typeof scaleFn} but must be a function`);
    if (mode !== undefined || gamma !== undefined) throw new ArgumentError('CVY_ARG_VALUE', `${op}: mode '${String(mode)}' with gamma ${String(gamma)} is given beside scaleFn but only one of both can shape the cycles; leave one out`);
    return by === 'cycle' ? (cycle) => scaleFn(cycle) : (_cycle, step) => scaleFn(step);
  }
  const base = checkNumber(op, 'gamma', gamma ?? 1);
  const shape = checkChoice(op, 'mode', mode ?? 'triangular', ['triangular', 'triangular2', 'exp_range']);
  // PyTorch's default, 'cycle', may be written out with any mode.
  if (by === 'iterations' && shape !== 'exp_range') throw new ArgumentError('CVY_ARG_VALUE', `${op}: scaleMode is 'iterations' but mode '${shape}' goes by cycles; give scaleFn, or leave scaleMode out`);
  switch (shape) {
    case 'triangular': return () => 1;
    case 'triangular2': return (cycle) => 1 / 2 ** (cycle - 1);
    case 'exp_range': return (_cycle, step) => base ** step;
  }
}
