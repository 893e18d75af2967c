/** Schedules against their closed forms; combinations, cycles of the momentum, plateaus; errors; going on where one was left. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import {
  Adam, Adagrad, ChainedScheduler, ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR, ExponentialLR, LambdaLR, LinearLR, MultiplicativeLR,
  MultiStepLR, OneCycleLR, PolynomialLR, ReduceLROnPlateau, SequentialLR, SGD, StepLR, type LRScheduler, type Optimizer, type SGDOptions,
} from '../../dist/src/optim/index.js';
import { closeTo } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const group = (options: Partial<SGDOptions> = {}) => ({ params: [nn.parameter(nn.zeros(1))], ...options });
const sgd = (...lrs: number[]): SGD => new SGD((lrs.length === 0 ? [1] : lrs).map((lr) => group({ lr })));
/** The rates in use before each of `steps` steps, of one group. */
const rates = (schedule: LRScheduler, steps: number, i = 0): number[] =>
  Array.from({ length: steps }, () => {
    const lr = schedule.lastLr[i];
    schedule.step();
    return lr;
  });
const close = closeTo(12);
const each = (n: number, f: (t: number) => number): number[] => Array.from({ length: n }, (_, t) => f(t));
const code = (make: () => unknown): unknown => { try { make(); } catch (error) { return (error as { code: string }).code; } return null; };

describe('rates', () => {
  it.each<[string, (o: Optimizer) => LRScheduler, (t: number) => number]>([
    ['MultiStepLR', (o) => new MultiStepLR(o, [2, 5, 5], { gamma: 0.5 }), (t) => (t < 2 ? 1 : t < 5 ? 0.5 : 0.125)],
    ['MultiStepLR from the start', (o) => new MultiStepLR(o, [0]), () => 0.1],
    ['ConstantLR', (o) => new ConstantLR(o, { factor: 0.25, totalIters: 3 }), (t) => (t < 3 ? 0.25 : 1)],
    ['LinearLR', (o) => new LinearLR(o, { startFactor: 0.2, endFactor: 0.6, totalIters: 4 }), (t) => 0.2 + 0.1 * Math.min(t, 4)],
    ['LinearLR by default', (o) => new LinearLR(o), (t) => 1 / 3 + ((2 / 3) * Math.min(t, 5)) / 5],
    ['ExponentialLR', (o) => new ExponentialLR(o, 0.9), (t) => 0.9 ** t],
    ['PolynomialLR', (o) => new PolynomialLR(o, { totalIters: 6, power: 2 }), (t) => (1 - Math.min(t, 6) / 6) ** 2],
    ['LambdaLR', (o) => new LambdaLR(o, (t) => 1 / (1 + t)), (t) => 1 / (1 + t)],
    ['MultiplicativeLR', (o) => new MultiplicativeLR(o, (t) => (t % 2 ? 0.5 : 1)), (t) => 0.5 ** Math.ceil(t / 2)],
    ['CosineAnnealingWarmRestarts', (o) => new CosineAnnealingWarmRestarts(o, 3, { tMult: 2, etaMin: 0.1 }), (t) => {
      const [at, of] = t < 3 ? [t, 3] : t < 9 ? [t - 3, 6] : [t - 9, 12];
      return 0.1 + (0.9 * (1 + Math.cos((Math.PI * at) / of))) / 2;
    }],
    ['OneCycleLR', (o) => new OneCycleLR(o, 2, { totalSteps: 11, pctStart: 0.5, annealStrategy: 'linear', divFactor: 4, finalDivFactor: 10 }), (t) =>
      (t <= 4.5 ? 0.5 + (1.5 * t) / 4.5 : 2 - (1.95 * (t - 4.5)) / 5.5)],
    ['CyclicLR', (o) => new CyclicLR(o, 1, 3, { stepSizeUp: 2, stepSizeDown: 4, mode: 'triangular2' }), (t) => {
      const x = t % 6;
      return 1 + (x <= 2 ? x : (6 - x) / 2) * 0.5 ** Math.floor(t / 6);
    }],
    ['CyclicLR of exp_range', (o) => new CyclicLR(o, 1, 2, { stepSizeUp: 3, mode: 'exp_range', gamma: 0.9, scaleMode: 'cycle' }), (t) => 1 + ((3 - Math.abs((t % 6) - 3)) / 3) * 0.9 ** t],
    ['CyclicLR of a function', (o) => new CyclicLR(o, 1, 2, { stepSizeUp: 2, scaleFn: (x) => 1 / x }), (t) => 1 + (2 - Math.abs((t % 4) - 2)) / 2 / Math.floor(1 + t / 4)],
    ['CyclicLR of a function of the step', (o) => new CyclicLR(o, 1, 2, { stepSizeUp: 2, scaleFn: (t) => t, scaleMode: 'iterations' }), (t) => 1 + ((2 - Math.abs((t % 4) - 2)) / 2) * t],
  ])('of %s', (_name, make, formula) => {
    close(rates(make(sgd(1)), 11), each(11, formula));
  });

  it('are those of each group', () => {
    close(rates(new LambdaLR(sgd(1, 4), [(t) => 0.5 ** t, (t) => 1 + t]), 3, 1), [4, 8, 12]);
    close(rates(new CyclicLR(sgd(1, 1), [1, 2], [3, 10], { stepSizeUp: 2 }), 4, 1), [2, 6, 10, 6]);
    const optimizer = sgd(1, 1);
    const cycle = new OneCycleLR(optimizer, [2, 4], { totalSteps: 10, divFactor: 2, baseMomentum: [0.5, 0.6], maxMomentum: 0.9 });
    expect(cycle.lastLr).toEqual([1, 2]);
    for (let t = 0; t < 2; t++) cycle.step();
    expect(cycle.lastLr).toEqual([2, 4]);
    close(optimizer.groups.map(({ momentum }) => momentum), [0.5, 0.6]);
  });

  it('of warm restarts between epochs', () => {
    const schedule = new CosineAnnealingWarmRestarts(sgd(1), 4);
    const height = (t: number): number => (1 + Math.cos((Math.PI * (t % 4)) / 4)) / 2;
    for (const t of [0.25, 3.75, 5.5]) {
      schedule.step(t);
      close(schedule.lastLr, [height(t)]);
    }
    expect(schedule.lastEpoch).toBe(5);
    schedule.step();
    close(schedule.lastLr, [height(6.5)]);
    expect(schedule.lastEpoch).toBe(6);
    expect(() => schedule.step(-1)).toThrow('epoch is -1');
  });
});

describe('the momentum', () => {
  it('of SGD goes against the rate', () => {
    const optimizer = sgd(1);
    const schedule = new CyclicLR(optimizer, 1, 2, { stepSizeUp: 2, baseMomentum: 0.5, maxMomentum: 0.7 });
    close(each(5, () => {
      const { momentum } = optimizer.groups[0];
      schedule.step();
      return momentum;
    }), [0.7, 0.6, 0.5, 0.6, 0.7]);
  });

  it('of Adam is its first beta', () => {
    const optimizer = new Adam([nn.parameter(nn.zeros(1))], { betas: [0.9, 0.99] });
    const schedule = new OneCycleLR(optimizer, 1, { epochs: 2, stepsPerEpoch: 10, pctStart: 0.5, threePhase: true });
    expect(optimizer.groups[0].betas).toEqual([0.95, 0.99]);
    for (let t = 0; t < 9; t++) schedule.step();
    close(optimizer.groups[0].betas, [0.85, 0.99]);
  });

  it('stays where cycleMomentum is false, and must be there otherwise', () => {
    const optimizer = sgd(1);
    new CyclicLR(optimizer, 1, 2, { cycleMomentum: false }).step();
    expect(optimizer.groups[0].momentum).toBe(0);
    const without = new Adagrad([nn.parameter(nn.zeros(1))], { lr: 7 });
    expect(() => new OneCycleLR(without, 1, { totalSteps: 3 })).toThrow('OneCycleLR: cycleMomentum is true but Adagrad has neither momentum nor betas');
    expect(() => new CyclicLR(without, 1, 2)).toThrow('Adagrad has neither');
    expect(without.groups[0]).toMatchObject({ lr: 7 });
    expect(without.groups[0].initialLr).toBeUndefined();
  });
});

describe('combinations', () => {
  it('SequentialLR warms up, then follows the next schedule from its start', () => {
    const optimizer = sgd(1, 2);
    const schedule = new SequentialLR(optimizer, [new LinearLR(optimizer, { startFactor: 0.25, totalIters: 3 }), new ExponentialLR(optimizer, 0.5)], [3]);
    close(rates(schedule, 6), [0.25, 0.5, 0.75, 1, 0.5, 0.25]);
    expect(schedule.lastLr).toEqual([0.125, 0.25]);
  });

  it('nest', () => {
    const optimizer = sgd(1);
    const chained = new ChainedScheduler([new ConstantLR(optimizer, { factor: 0.5, totalIters: 2 }), new ExponentialLR(optimizer, 0.1)]);
    const inner = new SequentialLR(optimizer, [new ConstantLR(optimizer, { factor: 0.1, totalIters: 9 }), chained], [1]);
    const schedule = new SequentialLR(optimizer, [new ExponentialLR(optimizer, 0.5), inner], [2]);
    close(rates(schedule, 6), [1, 0.5, 0.1, 0.5, 0.05, 0.01]);
  });

  it('ChainedScheduler does all at once', () => {
    const optimizer = sgd(1);
    close(rates(new ChainedScheduler([new ConstantLR(optimizer, { factor: 0.1, totalIters: 2 }), new ExponentialLR(optimizer, 0.9)]), 4), [0.1, 0.09, 0.81, 0.729]);
  });
});

describe('ReduceLROnPlateau', () => {
  const follow = (metrics: readonly number[], options: ConstructorParameters<typeof ReduceLROnPlateau>[1], optimizer = sgd(1)): number[] => {
    const schedule = new ReduceLROnPlateau(optimizer, options);
    return metrics.map((metric) => {
      schedule.step(metric);
      return optimizer.groups[0].lr;
    });
  };

  it('bears with `patience` steps', () => {
    expect(follow([3, 2, 2, 2, 2, 1, 1], { patience: 1, factor: 0.5 })).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.5]);
    expect(follow([3, 3, 3], { patience: 0, factor: 0.5 })).toEqual([1, 0.5, 0.25]);
  });

  it('takes an improvement for one where it passes the threshold', () => {
    const steps = [1, 0.95, 0.9, 0.85];
    expect(follow(steps, { patience: 0, factor: 0.5, threshold: 0.08 })).toEqual([1, 0.5, 0.5, 0.25]);
    expect(follow(steps, { patience: 0, factor: 0.5, threshold: 0.08, thresholdMode: 'abs' })).toEqual([1, 0.5, 0.5, 0.25]);
    expect(follow([1, 1.05, 1.2], { mode: 'max', patience: 0, factor: 0.5, threshold: 0.1 })).toEqual([1, 0.5, 0.5]);
    expect(follow([-1, -0.95], { mode: 'max', patience: 0, factor: 0.5, threshold: 0.1, thresholdMode: 'abs' })).toEqual([1, 0.5]);
  });

  it('cools down, and stops at minLr', () => {
    expect(follow([1, 1, 1, 1, 1, 1], { patience: 0, cooldown: 2, factor: 0.5 })).toEqual([1, 0.5, 0.5, 0.5, 0.25, 0.25]);
    const optimizer = sgd(1, 1);
    follow([1, 1, 1, 1], { patience: 0, factor: 0.5, minLr: [0.25, 0.6], eps: 0.2 }, optimizer);
    expect(optimizer.groups.map(({ lr }) => lr)).toEqual([0.25, 0.6]);
  });

  it('counts NaN as no improvement, and takes tensors', () => {
    expect(follow([1, NaN, NaN], { patience: 1, factor: 0.5 })).toEqual([1, 1, 0.5]);
    const optimizer = sgd(1);
    const schedule = new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5 });
    schedule.step(nn.tensor(3));
    schedule.step(nn.tensor([4]));
    expect(optimizer.groups[0].lr).toBe(0.5);
    expect(() => schedule.step()).toThrow('the metric is undefined but must be a number');
    expect(schedule.lastEpoch).toBe(2);
  });
});

describe('a schedule goes on where it was left', () => {
  it.each<[string, (o: Optimizer) => LRScheduler]>([
    ['MultiStepLR', (o) => new MultiStepLR(o, [2, 7, 8])], ['LinearLR', (o) => new LinearLR(o, { totalIters: 8 })],
    ['PolynomialLR', (o) => new PolynomialLR(o, { totalIters: 9 })], ['LambdaLR', (o) => new LambdaLR(o, (t) => 1 / (t + 1))],
    ['CosineAnnealingWarmRestarts', (o) => new CosineAnnealingWarmRestarts(o, 3, { tMult: 2 })],
    ['OneCycleLR', (o) => new OneCycleLR(o, 3, { totalSteps: 12 })], ['CyclicLR', (o) => new CyclicLR(o, 1, 2, { stepSizeUp: 3 })],
    ['ReduceLROnPlateau', (o) => new ReduceLROnPlateau(o, { patience: 2, cooldown: 1 })],
    ['SequentialLR', (o) => new SequentialLR(o, [new LinearLR(o, { totalIters: 3 }), new CosineAnnealingLR(o, 5), new ConstantLR(o, { totalIters: 2 })], [3, 7])],
    ['ChainedScheduler', (o) => new ChainedScheduler([new LinearLR(o, { totalIters: 7 }), new StepLR(o, 2)])],
  ])('%s', (_name, make) => {
    const metrics = [1, 0.9, 0.95, 0.96, 0.97, 0.98, 0.99, 1, 0.5, 0.6, 0.7, 0.8];
    const step = (schedule: LRScheduler, t: number): void => (schedule instanceof ReduceLROnPlateau ? schedule.step(metrics[t]) : schedule.step());
    for (let cut = 0; cut < 8; cut++) {
      const optimizer = sgd(1, 2);
      const schedule = make(optimizer);
      for (let t = 0; t < cut; t++) step(schedule, t);
      const saved = JSON.parse(JSON.stringify({ optimizer: { ...optimizer.stateDict() }, schedule: schedule.stateDict() })) as never as {
        optimizer: ReturnType<Optimizer['stateDict']>; schedule: ReturnType<LRScheduler['stateDict']>;
      };
      const again = sgd(5, 7);
      const resumed = make(again);
      again.loadStateDict(saved.optimizer);
      resumed.loadStateDict(saved.schedule);
      for (let t = cut; t < 11; t++) {
        expect(again.groups.map(({ lr, momentum }) => [lr, momentum]), `cut ${cut}, step ${t}`).toEqual(optimizer.groups.map(({ lr, momentum }) => [lr, momentum]));
        step(schedule, t);
        step(resumed, t);
      }
      expect(resumed.stateDict()).toEqual(schedule.stateDict());
    }
  });

  it('unless the state is of another one', () => {
    const optimizer = sgd(1);
    const chained = new ChainedScheduler([new StepLR(optimizer, 2)]);
    expect(() => chained.loadStateDict(new StepLR(optimizer, 2).stateDict() as never)).toThrow('no schedules were saved but there are 1');
    expect(() => new ReduceLROnPlateau(optimizer).loadStateDict(new StepLR(optimizer, 2).stateDict() as never)).toThrow('best undefined');
    expect(() => new CosineAnnealingWarmRestarts(optimizer, 2).loadStateDict({ lastEpoch: 3, baseLrs: [1], at: 2 })).toThrow('step 2 of epoch 3');
    expect(() => new OneCycleLR(optimizer, 1, { totalSteps: 5 }).loadStateDict({ lastEpoch: 1, baseLrs: [1, 2] })).toThrow('1 groups are scheduled');
  });
});

it.each<[string, (o: Optimizer) => LRScheduler]>([
  ['OneCycleLR', (o) => new OneCycleLR(o, 3, { totalSteps: 12 })], ['CyclicLR', (o) => new CyclicLR(o, 1, 2, { stepSizeUp: 1 })],
  ['LambdaLR', (o) => new LambdaLR(o, () => 0.5)], ['MultiplicativeLR', (o) => new MultiplicativeLR(o, () => 0.5)],
  ['CosineAnnealingWarmRestarts', (o) => new CosineAnnealingWarmRestarts(o, 2)], ['ReduceLROnPlateau', (o) => new ReduceLROnPlateau(o, { patience: 0 })],
])('a group that is added later has its own rate beside %s', (_name, make) => {
  const optimizer = sgd(1);
  const schedule = make(optimizer);
  optimizer.addParamGroup(group({ lr: 7, momentum: 0.25 }));
  for (let t = 0; t < 5; t++) {
    if (schedule instanceof ReduceLROnPlateau) schedule.step(t);
    else schedule.step();
  }
  expect(optimizer.groups[0].lr).not.toBe(1);
  expect(optimizer.groups[1]).toMatchObject({ lr: 7, momentum: 0.25 });
});

it('the valley of a cosine leaves no rate undefined', () => {
  const optimizer = sgd(1);
  const schedule = new CosineAnnealingLR(optimizer, 2);
  optimizer.addParamGroup(group({ lr: 1 }));
  for (let t = 0; t < 9; t++) schedule.step();
  expect(schedule.lastLr.every(Number.isFinite)).toBe(true);
});

describe('errors', () => {
  const o = sgd(1, 2);
  const before = (): unknown => o.groups.map(({ lr, initialLr, momentum }) => [lr, initialLr, momentum]);
  it.each<[string, string, () => unknown]>([
    ['MultiStepLR: the milestones are number', 'CVY_ARG_TYPE', () => new MultiStepLR(o, 3 as never)],
    ['MultiStepLR: milestones[1] is 1.5 but must be an integer ≥ 0', 'CVY_ARG_VALUE', () => new MultiStepLR(o, [1, 1.5])],
    ['ConstantLR: factor is 0 but must be above 0', 'CVY_ARG_VALUE', () => new ConstantLR(o, { factor: 0 })],
    ['ConstantLR: totalIters is 0 but must be an integer ≥ 1', 'CVY_ARG_VALUE', () => new ConstantLR(o, { totalIters: 0 })],
    ['LinearLR: startFactor is 1.5', 'CVY_ARG_VALUE', () => new LinearLR(o, { startFactor: 1.5 })],
    ['LinearLR: endFactor is -1', 'CVY_ARG_VALUE', () => new LinearLR(o, { endFactor: -1 })],
    ["LinearLR: option 'lastEpoch' is unknown", 'CVY_ARG_OPTION', () => new LinearLR(o, { lastEpoch: 3 } as never)],
    ['ExponentialLR: gamma is undefined', 'CVY_ARG_VALUE', () => new ExponentialLR(o, undefined as never)],
    ['PolynomialLR: power is -1', 'CVY_ARG_VALUE', () => new PolynomialLR(o, { power: -1 })],
    ['CosineAnnealingWarmRestarts: tMult is 1.5', 'CVY_ARG_VALUE', () => new CosineAnnealingWarmRestarts(o, 3, { tMult: 1.5 })],
    ['LambdaLR: lrLambda is number', 'CVY_ARG_TYPE', () => new LambdaLR(o, 3 as never)],
    ['LambdaLR: lrLambda has 1 values but the optimizer has 2 groups', 'CVY_ARG_VALUE', () => new LambdaLR(o, [() => 1])],
    ['OneCycleLR: the length of the cycle is not given', 'CVY_ARG_VALUE', () => new OneCycleLR(o, 1, {})],
    ['OneCycleLR: stepsPerEpoch is undefined', 'CVY_ARG_VALUE', () => new OneCycleLR(o, 1, { epochs: 2 })],
    ['OneCycleLR: totalSteps 3 is given beside epochs 2', 'CVY_ARG_VALUE', () => new OneCycleLR(o, 1, { totalSteps: 3, epochs: 2 })],
    ['OneCycleLR: pctStart is 2', 'CVY_ARG_VALUE', () => new OneCycleLR(o, 1, { totalSteps: 3, pctStart: 2 })],
    ["OneCycleLR: annealStrategy is 'sine'", 'CVY_ARG_VALUE', () => new OneCycleLR(o, 1, { totalSteps: 3, annealStrategy: 'sine' as never })],
    ['OneCycleLR: divFactor is 0 but must be above 0', 'CVY_ARG_VALUE', () => new OneCycleLR(o, 1, { totalSteps: 3, divFactor: 0 })],
    ['OneCycleLR: maxLr has 3 values but the optimizer has 2 groups', 'CVY_ARG_VALUE', () => new OneCycleLR(o, [1, 2, 3], { totalSteps: 3 })],
    ['OneCycleLR: maxMomentum[1] is 1', 'CVY_ARG_VALUE', () => new OneCycleLR(o, 1, { totalSteps: 3, maxMomentum: [0.5, 1] })],
    ['CyclicLR: maxLr is undefined', 'CVY_ARG_VALUE', () => new CyclicLR(o, 1, undefined as never)],
    ['CyclicLR: stepSizeUp is 0', 'CVY_ARG_VALUE', () => new CyclicLR(o, 1, 2, { stepSizeUp: 0 })],
    ["CyclicLR: mode is 'square'", 'CVY_ARG_VALUE', () => new CyclicLR(o, 1, 2, { mode: 'square' as never })],
    ['CyclicLR: scaleFn is number', 'CVY_ARG_TYPE', () => new CyclicLR(o, 1, 2, { scaleFn: 1 as never })],
    ["CyclicLR: mode 'triangular' with gamma undefined is given beside scaleFn", 'CVY_ARG_VALUE', () => new CyclicLR(o, 1, 2, { scaleFn: () => 1, mode: 'triangular' })],
    ["CyclicLR: scaleMode is 'iterations' but mode 'triangular' goes by cycles", 'CVY_ARG_VALUE', () => new CyclicLR(o, 1, 2, { scaleMode: 'iterations' })],
    ["CyclicLR: scaleMode is 'steps'", 'CVY_ARG_VALUE', () => new CyclicLR(o, 1, 2, { scaleMode: 'steps' as 'cycle' })],
    ['SequentialLR: the schedules are undefined', 'CVY_ARG_TYPE', () => new SequentialLR(o, undefined as never, [])],
    ['SequentialLR: there are 0 milestones for 2 schedules', 'CVY_ARG_VALUE', () => new SequentialLR(o, [new StepLR(o, 1), new StepLR(o, 1)], [])],
    ['SequentialLR: milestones[0] is 0', 'CVY_ARG_VALUE', () => new SequentialLR(o, [new StepLR(o, 1), new StepLR(o, 1)], [0])],
    ['SequentialLR: the milestones are 3, 2 but must ascend', 'CVY_ARG_VALUE', () => new SequentialLR(o, [new StepLR(o, 1), new StepLR(o, 1), new StepLR(o, 1)], [3, 2])],
    ['SequentialLR: schedule 0 is of another optimizer', 'CVY_ARG_VALUE', () => new SequentialLR(o, [new StepLR(sgd(1), 1)], [])],
    ['ChainedScheduler: there are 0 schedules', 'CVY_ARG_VALUE', () => new ChainedScheduler([])],
    ['ChainedScheduler: schedule 0 is object', 'CVY_ARG_TYPE', () => new ChainedScheduler([o as never])],
    ['ChainedScheduler: schedule 0 is a ReduceLROnPlateau', 'CVY_ARG_TYPE', () => new ChainedScheduler([new ReduceLROnPlateau(sgd(1))])],
    ['ReduceLROnPlateau: factor is 1', 'CVY_ARG_VALUE', () => new ReduceLROnPlateau(o, { factor: 1 })],
    ['ReduceLROnPlateau: patience is -1', 'CVY_ARG_VALUE', () => new ReduceLROnPlateau(o, { patience: -1 })],
    ['ReduceLROnPlateau: minLr has 1 values', 'CVY_ARG_VALUE', () => new ReduceLROnPlateau(o, { minLr: [0] })],
    ["ReduceLROnPlateau: mode is 'best'", 'CVY_ARG_VALUE', () => new ReduceLROnPlateau(o, { mode: 'best' as never })],
    ['OneCycleLR: the optimizer is undefined', 'CVY_ARG_TYPE', () => new OneCycleLR(undefined as never, 1, { totalSteps: 3 })],
  ])('%s', (message, wanted, make) => {
    const was = before();
    expect(make).toThrow(message);
    expect(code(make)).toBe(wanted);
    // StepLR, which is made on the way, notes where it started from.
    if (!message.startsWith('SequentialLR')) expect(before()).toEqual(was);
  });

  it('of steps beyond the end, and of factors that are no numbers', () => {
    const cycle = new OneCycleLR(sgd(1), 1, { totalSteps: 2 });
    cycle.step();
    cycle.step();
    expect(() => cycle.step()).toThrow('OneCycleLR: this is step 3 but the cycle has 2');
    expect(cycle.lastEpoch).toBe(2);
    expect(() => new LambdaLR(sgd(1), () => NaN)).toThrow('LambdaLR: the factor of group 0 at epoch 0 is NaN but must be a finite number');
  });
});
