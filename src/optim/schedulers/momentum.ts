/**
 * The momentum that OneCycleLR and CyclicLR turn against the rate: `momentum` of a group, or the first of its `betas`.
 */
import { ArgumentError, checkNumber } from '../../errors.js';
import { perGroup, type Scheduled } from './scheduler.js';

interface WithMomentum {
  momentum?: number;
  betas?: readonly [number, number];
}

/** Lower and upper momentum of every group, in [0, 1). */
export interface MomentumRange {
  base: number[];
  max: number[];
}

/** @throws {ArgumentError} CVY_ARG_VALUE, also for an optimizer without momentum. */
export function momentumRange(op: string, optimizer: Scheduled, base: number | readonly number[], max: number | readonly number[]): MomentumRange {
  const check = (name: string, value: number): unknown => checkNumber(op, name, value, 0, 1, true);
  const range = { base: perGroup(op, 'baseMomentum', base, optimizer, check), max: perGroup(op, 'maxMomentum', max, optimizer, check) };
  if (!optimizer.groups.every((group) => 'momentum' in group || 'betas' in group)) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: cycleMomentum is true but ${optimizer.constructor.name} has neither momentum nor betas; pass { cycleMomentum: false }`);
  }
  return range;
}

/** Sets the momentum of the groups that there were when the range was made: `at` of its lower and upper bound. */
export function setMomentum(optimizer: Scheduled, { base, max }: MomentumRange, at: (base: number, max: number) => number): void {
  base.forEach((lower, i) => {
    const group = optimizer.groups[i] as WithMomentum;
    const value = at(lower, max[i]);
    if (group.betas === undefined) group.momentum = value;
    else group.betas = [value, group.betas[1]];
  });
}
