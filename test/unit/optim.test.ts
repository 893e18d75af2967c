/** Optimizers and schedules against their formulas in plain doubles, with the kernels and composed without them. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import { Adam, AdamW, CosineAnnealingLR, LRScheduler, SGD, StepLR, type AdamOptions, type Optimizer, type Scheduled, type SGDOptions } from '../../dist/src/optim/index.js';
import type { Parameter } from '../../dist/src/nn/index.js';
import { course, gradient, setGrad, START } from '../helpers/gradientCourse.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const parameter = (data: number[] = START): Parameter => nn.parameter(nn.tensor(data, [data.length], { dtype: 'float64' }));

function sgd(steps: number, { lr = 1e-3, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false, maximize = false }: Partial<SGDOptions>): number[][] {
  const p = [...START];
  const b: (number | null)[] = p.map(() => null);
  return Array.from({ length: steps }, (_, t) => {
    gradient(t).forEach((raw, i) => {
      let g = (maximize ? -raw : raw) + weightDecay * p[i];
      if (momentum) {
        b[i] = b[i] === null ? g : momentum * b[i]! + (1 - dampening) * g;
        g = nesterov ? g + momentum * b[i]! : b[i]!;
      }
      p[i] -= lr * g;
    });
    return [...p];
  });
}

function adam(steps: number, { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0, amsgrad = false, maximize = false }: Partial<AdamOptions>, decoupled = false): number[][] {
  const p = [...START];
  const [m, v, top] = [0, 0, 0].map((zero) => p.map(() => zero));
  return Array.from({ length: steps }, (_, t) => {
    gradient(t).forEach((raw, i) => {
      const g = (maximize ? -raw : raw) + (decoupled ? 0 : weightDecay * p[i]);
      if (decoupled) p[i] *= 1 - lr * weightDecay;
      m[i] = betas[0] * m[i] + (1 - betas[0]) * g;
      v[i] = betas[1] * v[i] + (1 - betas[1]) * g * g;
      top[i] = Math.max(top[i], v[i]);
      const spread = Math.sqrt((amsgrad ? top[i] : v[i]) / (1 - betas[1] ** (t + 1)));
      p[i] -= (lr * m[i]) / (1 - betas[0] ** (t + 1)) / (spread + eps);
    });
    return [...p];
  });
}

const matches = (actual: number[][], expected: number[][]): void => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((row, t) => row.forEach((value, i) => expect(value, `step ${t}, element ${i}`).toBeCloseTo(expected[t][i], 11)));
};

const SGD_CASES: Partial<SGDOptions>[] = [
  {}, { lr: 0.1 }, { lr: 0.1, momentum: 0.9 }, { lr: 0.1, momentum: 0.9, dampening: 0.5 }, { lr: 0.1, momentum: 0.9, nesterov: true },
  { lr: 0.1, weightDecay: 0.05 }, { lr: 0.1, momentum: 0.8, weightDecay: 0.1, nesterov: true, maximize: true }, { lr: 0 },
];
const ADAM_CASES: Partial<AdamOptions>[] = [
  {}, { lr: 0.05, betas: [0.8, 0.95], eps: 1e-6 }, { lr: 0.1, weightDecay: 0.1 }, { lr: 0.1, amsgrad: true, betas: [0.7, 0.8] },
  { lr: 0.1, maximize: true, amsgrad: true, weightDecay: 0.05 }, { betas: [0, 0] },
];

describe.each(['kernels', 'composition'])('steps by %s', (way) => {
  const { has } = nn.backend;
  beforeEach(() => {
    const steps = ['sgdStep', 'adamStep'];
    if (way === 'composition') nn.backend.has = (op, dtype) => !steps.includes(op) && has.call(nn.backend, op, dtype);
    return () => { nn.backend.has = has; };
  });

  it.each(SGD_CASES)('SGD %o', (options) => {
    const p = parameter();
    matches(course(new SGD([p], options), p, 6), sgd(6, options));
  });

  it.each(ADAM_CASES)('Adam %o', (options) => {
    const p = parameter();
    matches(course(new Adam([p], options), p, 6), adam(6, options));
  });

  it.each(ADAM_CASES)('AdamW %o', (options) => {
    const p = parameter();
    matches(course(new AdamW([p], options), p, 6), adam(6, { weightDecay: 0.01, ...options }, true));
  });

  it.each([['SGD', (p: Parameter) => new SGD([p], { momentum: 0.9 })], ['Adam', (p: Parameter) => new Adam([p], { amsgrad: true })]] as const)('%s uses no more memory with every step', (_name, make) => {
    const p = parameter();
    const optimizer = make(p);
    setGrad(p, 0);
    optimizer.step();
    const { bytesInUse, liveTensors } = convoy.memory();
    for (let t = 0; t < 5; t++) optimizer.step();
    expect(convoy.memory()).toMatchObject({ bytesInUse, liveTensors });
  });
});

describe('parameters', () => {
  it('without a gradient are left alone, and so is their state', () => {
    const [p, q] = [parameter([1]), parameter([1])];
    const optimizer = new SGD([p, q], { lr: 0.1, momentum: 0.9 });
    p.grad = nn.tensor([1], [1], { dtype: 'float64' });
    optimizer.step();
    optimizer.step();
    expect(list(p)[0]).toBeCloseTo(1 - 0.1 - 0.19, 12);
    expect(list(q)).toEqual([1]);
    expect(Object.keys(optimizer.stateDict().state)).toEqual(['0']);
    optimizer.zeroGrad();
    expect(p.grad).toBeNull();
    const value = list(p);
    optimizer.step();
    expect(list(p)).toEqual(value);
  });

  it('are trained by groups with options of their own, changeable between steps', () => {
    const [p, q, r] = [parameter([1]), parameter([1]), parameter([1])];
    const optimizer = new SGD([{ params: [p] }, { params: [q], lr: 0.5, weightDecay: 1 }], { lr: 0.1 });
    optimizer.addParamGroup({ params: [r], lr: 0 });
    for (const x of [p, q, r]) x.grad = nn.tensor([1], [1], { dtype: 'float64' });
    optimizer.step();
    expect([p, q, r].map((x) => list(x)[0])).toEqual([0.9, 0, 1]);
    optimizer.groups[0].lr = 0.4;
    optimizer.step();
    expect(list(p)[0]).toBeCloseTo(0.5, 12);
  });

  it('of a module learn', () => {
    const model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1));
    const x = nn.tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
    const y = nn.tensor([[0], [1], [1], [0]]);
    const optimizer = new Adam(model.parameters(), { lr: 0.05 });
    const losses = Array.from({ length: 200 }, () => {
      const loss = model.forward(x).sub(y).square().mean();
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.item();
    });
    expect(losses[0]).toBeGreaterThan(0.1);
    expect(losses[199]).toBeLessThan(0.01);
  });

  it('give their gradients back with zeroGrad', () => {
    const p = parameter();
    const optimizer = new SGD([p], { lr: 0.1 });
    const { bytesInUse } = convoy.memory();
    const loss = p.sum();
    loss.backward();
    loss.dispose();
    expect(convoy.memory().bytesInUse).toBeGreaterThan(bytesInUse);
    optimizer.step();
    optimizer.zeroGrad();
    expect(convoy.memory().bytesInUse).toBe(bytesInUse);
  });

  it('are refused unless they are leaves, once each', () => {
    const p = parameter();
    const code = (make: () => unknown): unknown => { try { make(); } catch (error) { return (error as { code: string }).code; } return null; };
    expect(code(() => new SGD([]))).toBe('CVY_ARG_VALUE');
    expect(code(() => new SGD([p, p]))).toBe('CVY_ARG_VALUE');
    expect(code(() => new SGD([{ params: [p] }, { params: [p] }]))).toBe('CVY_ARG_VALUE');
    expect(code(() => new SGD(p as never))).toBe('CVY_ARG_TYPE');
    expect(code(() => new SGD([p, 3 as never]))).toBe('CVY_ARG_TYPE');
    expect(code(() => new SGD([p.mul(2)]))).toBe('CVY_GRAPH_LEAF');
    expect(code(() => new SGD(new Set([p])))).toBeNull();
  });
});

describe('options', () => {
  const p = parameter();
  it.each<[string, () => unknown]>([
    ['lr is -1 but must be a finite number ≥ 0', () => new SGD([p], { lr: -1 })],
    ['lr is NaN', () => new Adam([p], { lr: NaN })],
    ['momentum is -0.1', () => new SGD([p], { momentum: -0.1 })],
    ['weightDecay is -1', () => new Adam([p], { weightDecay: -1 })],
    ['betas[1] is 1 but must be a finite number ≥ 0 and < 1', () => new Adam([p], { betas: [0.9, 1] })],
    ['eps is -1', () => new Adam([p], { eps: -1 })],
    ['nesterov is set with momentum 0', () => new SGD([p], { nesterov: true })],
    ['nesterov is set with momentum 0.9 and dampening 0.1', () => new SGD([p], { nesterov: true, momentum: 0.9, dampening: 0.1 })],
    ["option 'weight_decay' is unknown", () => new SGD([p], { weight_decay: 1 } as never)],
    ["option 'beta' is unknown", () => new Adam([{ params: [p], beta: 1 } as never])],
    ['lr is -2', () => new SGD([{ params: [p], lr: -2 }])],
    ['stepSize is 0', () => new StepLR(new SGD([p]), 0)],
    ["option 'eta' is unknown", () => new CosineAnnealingLR(new SGD([p]), 3, { eta: 1 } as never)],
    ['the optimizer is object but must be an optimizer', () => new StepLR({ groups: [] }, 1)],
  ])('%s', (message, make) => {
    expect(make).toThrow(message);
  });
});

describe('state', () => {
  it.each([
    ['SGD', (p: Parameter) => new SGD([p], { lr: 0.1, momentum: 0.9, nesterov: true })],
    ['Adam', (p: Parameter) => new Adam([p], { lr: 0.1, amsgrad: true })],
  ] as const)('of %s is taken up where it was left, to the bit', (_name, make) => {
    const [p, q] = [parameter(), parameter([0, 0, 0, 0])];
    const [first, second] = [make(p), make(q)];
    course(first, p, 3);
    first.groups[0].lr = 0.03;
    q.storage.swap(nn.tensor(list(p), [4], { dtype: 'float64' }).storage);
    second.loadStateDict(first.stateDict());
    expect(second.groups[0].lr).toBe(0.03);
    expect(second.groups[0].params[0]).toBe(q);
    expect(course(second, q, 3, 3)).toEqual(course(first, p, 3, 3));
  });

  it('has PyTorch’s names, and is refused where it does not fit', () => {
    const p = parameter();
    const optimizer = new Adam([p], { amsgrad: true });
    course(optimizer, p, 2);
    const saved = optimizer.stateDict();
    expect(Object.keys(saved.state[0]).sort()).toEqual(['exp_avg', 'exp_avg_sq', 'max_exp_avg_sq', 'step']);
    expect(saved.state[0].step).toBe(2);
    expect(saved.groups[0].params).toEqual([0]);
    expect(() => new Adam([parameter(), parameter()]).loadStateDict(saved)).toThrow('the saved groups have [1] parameters but the optimizer\'s have [2]');
    expect(() => new Adam([parameter([1])]).loadStateDict(saved)).toThrow('exp_avg is [4] but its parameter is [1]');
    expect(() => new SGD([parameter()]).loadStateDict(saved)).toThrow("option 'betas' is unknown");
  });
});

describe('schedules', () => {
  const rates = (schedule: LRScheduler, optimizer: Optimizer, steps: number): number[] =>
    Array.from({ length: steps }, () => {
      const { lr } = optimizer.groups[0];
      schedule.step();
      return lr;
    });

  it('StepLR', () => {
    const optimizer = new SGD([{ params: [parameter()] }, { params: [parameter()], lr: 8 }], { lr: 1 });
    const schedule = new StepLR(optimizer, 3, { gamma: 0.5 });
    expect(rates(schedule, optimizer, 8)).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]);
    expect(schedule.lastLr).toEqual([0.25, 2]);
    expect(schedule.lastEpoch).toBe(8);
  });

  it.each([[10, 0], [7, 0.01], [1, 0]])('CosineAnnealingLR over %i steps to %d, and on', (tMax, etaMin) => {
    const optimizer = new SGD([parameter()], { lr: 0.1 });
    const found = rates(new CosineAnnealingLR(optimizer, tMax, { etaMin }), optimizer, 4 * tMax + 3);
    found.forEach((lr, t) => expect(lr, `step ${t}`).toBeCloseTo(etaMin + ((0.1 - etaMin) * (1 + Math.cos((Math.PI * t) / tMax))) / 2, 14));
  });

  it('can be written by users, and taken up where they were left', () => {
    class Halving extends LRScheduler<{ by: number }> {
      constructor(optimizer: Scheduled, by: number) {
        super(optimizer, { by });
      }
      protected rates(): number[] {
        return this.baseLrs.map((lr) => lr * this.spec.by ** this.lastEpoch);
      }
    }
    const optimizer = new SGD([parameter()], { lr: 1 });
    const schedule = new Halving(optimizer, 0.5);
    expect(rates(schedule, optimizer, 3)).toEqual([1, 0.5, 0.25]);

    const resumed = new SGD([parameter()], { lr: 77 });
    const again = new Halving(resumed, 0.5);
    resumed.loadStateDict(optimizer.stateDict());
    again.loadStateDict(schedule.stateDict());
    expect(rates(again, resumed, 2)).toEqual([0.125, 0.0625]);
    expect(() => again.loadStateDict({ lastEpoch: 1, baseLrs: [] })).toThrow('1 groups are scheduled');
  });
});
