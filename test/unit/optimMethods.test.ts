/** AdamW, NAdam, Adamax, RMSprop, Adagrad and Adadelta against their formulas in plain doubles; their options, groups and states. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import { Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RMSprop, SGD, type Optimizer, type Params, type RateOptions } from '../../dist/src/optim/index.js';
import { OPTIMIZERS } from '../../dist/src/cli/optimizers.js';
import { OPTIMIZER_NAMES } from '../../dist/src/cli/options.js';
import type { Parameter } from '../../dist/src/nn/index.js';
import { course, gradient, setGrad, START } from '../helpers/gradientCourse.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const parameter = (data: number[] = START): Parameter => nn.parameter(nn.tensor(data, [data.length], { dtype: 'float64' }));

type Options = Record<string, unknown>;
type Make = (params: Params<RateOptions>, options?: Options) => Optimizer;
/** What one element becomes; `s` remembers, `o` has all options. */
type Formula = (p: number, g: number, t: number, s: Record<string, number>, o: Record<string, number>) => number;

const averages = (s: Record<string, number>, g: number, b1: number, b2: number): void => {
  s.m = b1 * (s.m ?? 0) + (1 - b1) * g;
  s.v = b2 * (s.v ?? 0) + (1 - b2) * g * g;
};
const mu = (o: Record<string, number>, t: number): number => o.beta1 * (1 - 0.5 * 0.96 ** (t * o.momentumDecay));
const MOMENTS = { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0 };

const METHODS: Record<string, { make: Make; defaults: Record<string, number>; decoupled?: boolean; formula: Formula; options: Options[]; keys: string[] }> = {
  AdamW: {
    make: (p, o) => new AdamW(p, o), defaults: { ...MOMENTS, lr: 1e-3, weightDecay: 0.01 }, decoupled: true, keys: ['exp_avg', 'exp_avg_sq', 'step'],
    formula(p, g, t, s, o) {
      averages(s, g, o.beta1, o.beta2);
      s.top = Math.max(s.top ?? 0, s.v);
      return p - (o.lr * s.m) / (1 - o.beta1 ** t) / (Math.sqrt((o.amsgrad ? s.top : s.v) / (1 - o.beta2 ** t)) + o.eps);
    },
    options: [{}, { lr: 0.1, weightDecay: 0.3, betas: [0.5, 0.8] }, { lr: 0.1, amsgrad: true, betas: [0.7, 0.5], maximize: true }],
  },
  NAdam: {
    make: (p, o) => new NAdam(p, o), defaults: { ...MOMENTS, lr: 2e-3, momentumDecay: 4e-3 }, keys: ['exp_avg', 'exp_avg_sq', 'mu_product', 'step'],
    formula(p, g, t, s, o) {
      averages(s, g, o.beta1, o.beta2);
      s.product = (s.product ?? 1) * mu(o, t);
      const mean = (mu(o, t + 1) * s.m) / (1 - s.product * mu(o, t + 1)) + ((1 - mu(o, t)) * g) / (1 - s.product);
      return p - (o.lr * mean) / (Math.sqrt(s.v / (1 - o.beta2 ** t)) + o.eps);
    },
    options: [{}, { lr: 0.1, betas: [0.8, 0.9], momentumDecay: 0.1, weightDecay: 0.1 }, { lr: 0.1, maximize: true, weightDecay: 0.2, decoupledWeightDecay: true }],
  },
  Adamax: {
    make: (p, o) => new Adamax(p, o), defaults: { ...MOMENTS, lr: 2e-3 }, keys: ['exp_avg', 'exp_inf', 'step'],
    formula(p, g, t, s, o) {
      averages(s, g, o.beta1, 0);
      s.u = Math.max(o.beta2 * (s.u ?? 0), Math.abs(g) + o.eps);
      return p - ((o.lr / (1 - o.beta1 ** t)) * s.m) / s.u;
    },
    options: [{}, { lr: 0.1, betas: [0.8, 0.5], eps: 0.1, weightDecay: 0.1 }, { lr: 0.1, maximize: true }],
  },
  RMSprop: {
    make: (p, o) => new RMSprop(p, o), defaults: { lr: 0.01, alpha: 0.99, eps: 1e-8, momentum: 0, weightDecay: 0 }, keys: ['square_avg', 'step'],
    formula(p, g, _t, s, o) {
      s.v = o.alpha * (s.v ?? 0) + (1 - o.alpha) * g * g;
      s.a = o.alpha * (s.a ?? 0) + (1 - o.alpha) * g;
      s.b = o.momentum * (s.b ?? 0) + g / (Math.sqrt(s.v - (o.centered ? s.a ** 2 : 0)) + o.eps);
      return p - o.lr * s.b;
    },
    options: [{}, { lr: 0.1, alpha: 0.5, momentum: 0.9, weightDecay: 0.1 }, { lr: 0.1, alpha: 0.7, centered: true, momentum: 0.5, eps: 0.01, maximize: true }],
  },
  Adagrad: {
    make: (p, o) => new Adagrad(p, o), defaults: { lr: 0.01, lrDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, weightDecay: 0 }, keys: ['step', 'sum'],
    formula(p, g, t, s, o) {
      s.sum = (s.sum ?? o.initialAccumulatorValue) + g * g;
      return p - ((o.lr / (1 + (t - 1) * o.lrDecay)) * g) / (Math.sqrt(s.sum) + o.eps);
    },
    options: [{}, { lr: 0.1, lrDecay: 0.5, weightDecay: 0.1 }, { lr: 0.1, initialAccumulatorValue: 2, eps: 0.1, maximize: true }],
  },
  Adadelta: {
    make: (p, o) => new Adadelta(p, o), defaults: { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0 }, keys: ['acc_delta', 'square_avg', 'step'],
    formula(p, g, _t, s, o) {
      s.v = o.rho * (s.v ?? 0) + (1 - o.rho) * g * g;
      const delta = (g * Math.sqrt((s.u ?? 0) + o.eps)) / Math.sqrt(s.v + o.eps);
      s.u = o.rho * (s.u ?? 0) + (1 - o.rho) * delta ** 2;
      return p - o.lr * delta;
    },
    options: [{}, { lr: 0.5, rho: 0.5, eps: 0.01, weightDecay: 0.1 }, { maximize: true }],
  },
};

function expected(name: string, options: Options, steps: number): number[][] {
  const { defaults, formula, decoupled = options.decoupledWeightDecay === true } = METHODS[name];
  const { betas = [defaults.beta1, defaults.beta2], ...rest } = options as { betas?: number[] };
  const o: Record<string, number> = { ...defaults, ...(rest as Record<string, number>), beta1: betas[0], beta2: betas[1] };
  const p = [...START];
  const memory = p.map((): Record<string, number> => ({}));
  return Array.from({ length: steps }, (_, t) => {
    gradient(t).forEach((raw, i) => {
      const g = (options.maximize ? -raw : raw) + (decoupled ? 0 : o.weightDecay * p[i]);
      const start = decoupled ? p[i] * (1 - o.lr * o.weightDecay) : p[i];
      p[i] = formula(start, g, t + 1, memory[i], o);
    });
    return [...p];
  });
}

describe.each(Object.entries(METHODS))('%s', (name, { make, options: all, keys }) => {
  it.each(all)('%o', (options) => {
    const p = parameter();
    const found = course(make([p], options), p, 6);
    expected(name, options, 6).forEach((row, t) => row.forEach((value, i) => expect(found[t][i], `step ${t}, element ${i}`).toBeCloseTo(value, 11)));
  });

  it('has PyTorch’s state, and is taken up where it was left, to the bit', () => {
    const p = parameter();
    const first = make([p], all[1]);
    course(first, p, 3);
    const saved = first.stateDict();
    expect(Object.keys(saved.state[0])).toEqual(expect.arrayContaining(keys));
    expect(saved.state[0].step).toBe(3);
    const q = parameter(list(p));
    const second = make([q]).loadStateDict(saved);
    expect(course(second, q, 3, 3)).toEqual(course(first, p, 3, 3));
  });

  it('uses no more memory with every step, and leaves a parameter without a gradient alone', () => {
    const [p, q] = [parameter(), parameter()];
    const optimizer = make([p, q], all[2]);
    setGrad(p, 0);
    optimizer.step();
    const { bytesInUse, liveTensors } = convoy.memory();
    for (let t = 0; t < 5; t++) optimizer.step();
    expect(convoy.memory()).toMatchObject({ bytesInUse, liveTensors });
    expect(list(q)).toEqual(START);
    expect(Object.keys(optimizer.stateDict().state)).toEqual(['0']);
  });

  it('has options for each group', () => {
    const [p, q] = [parameter(), parameter()];
    const optimizer = make([{ params: [p] }, { params: [q], lr: 0 }]);
    for (const x of [p, q]) setGrad(x, 0);
    optimizer.step();
    expect(list(q)).toEqual(START);
    expect(list(p)).not.toEqual(START);
  });

  it('refuses what no optimizer takes', () => {
    const p = parameter();
    expect(() => make([p], { weightDecay: -1 })).toThrow(`${name}: weightDecay is -1 but must be a finite number ≥ 0`);
    expect(() => make([p], { lr: Infinity })).toThrow(`${name}: lr is Infinity`);
    expect(() => make([p], { maximize: 1 })).toThrow(expect.objectContaining({ code: 'CVY_ARG_TYPE' }));
    expect(() => make([p], { foreach: true })).toThrow(expect.objectContaining({ code: 'CVY_ARG_OPTION' }));
    expect(() => make([{ params: [p], eps: -1 } as never])).toThrow(`${name}: eps is -1`);
  });
});

describe('options of one method', () => {
  const p = parameter();
  it.each<[string, () => unknown]>([
    ['NAdam: betas[0] is 1 but must be a finite number ≥ 0 and < 1', () => new NAdam([p], { betas: [1, 0.9] })],
    ['NAdam: momentumDecay is -1', () => new NAdam([p], { momentumDecay: -1 })],
    ['NAdam: decoupledWeightDecay is number', () => new NAdam([p], { decoupledWeightDecay: 1 as never })],
    ['Adamax: betas is 0.9 but must be two numbers', () => new Adamax([p], { betas: 0.9 as never })],
    ['AdamW: amsgrad is string', () => new AdamW([p], { amsgrad: 'yes' as never })],
    ['RMSprop: alpha is -1', () => new RMSprop([p], { alpha: -1 })],
    ['RMSprop: momentum is -1', () => new RMSprop([p], { momentum: -1 })],
    ['RMSprop: centered is null', () => new RMSprop([{ params: [p], centered: null as never }])],
    ['Adagrad: lrDecay is -1', () => new Adagrad([p], { lrDecay: -1 })],
    ['Adagrad: initialAccumulatorValue is NaN', () => new Adagrad([p], { initialAccumulatorValue: NaN })],
    ['Adadelta: rho is 1.5 but must be a finite number ≥ 0 and ≤ 1', () => new Adadelta([p], { rho: 1.5 })],
  ])('%s', (message, make) => {
    expect(make).toThrow(message);
  });
});

describe('a step', () => {
  it.each([
    ['SGD', (params: Parameter[]) => new SGD(params, { lr: 1, momentum: 0.9 })], ['Adam', (params: Parameter[]) => new Adam(params, { lr: 1 })],
    ['RMSprop', (params: Parameter[]) => new RMSprop(params, { lr: 1 })],
  ])('of %s that throws changes nothing', (_name, make) => {
    const [p, q] = [parameter(), parameter()];
    const optimizer = make([p, q]);
    for (const x of [p, q]) setGrad(x, 0);
    q.grad!.dispose();
    expect(() => optimizer.step()).toThrow(expect.objectContaining({ code: 'CVY_MEMORY_DISPOSED' }));
    expect(list(p)).toEqual(START);
    expect(optimizer.stateDict().state).toEqual({});
  });

  it('gives the same bits on any number of threads', async () => {
    const bits: number[][] = [];
    for (const threads of [1, 2, 3]) {
      const pool = await convoy.nn({ backend: 'worker-pool', kernels: 'wasm-simd', threads, seed: 3 });
      const p = pool.parameter(pool.randn(70_001));
      const optimizers = [new AdamW([p]), new NAdam([p]), new Adamax([p]), new RMSprop([p], { centered: true, momentum: 0.5 }), new Adagrad([p]), new Adadelta([p])];
      p.grad = pool.randn(70_001);
      for (const optimizer of optimizers) for (let t = 0; t < 2; t++) optimizer.step();
      bits.push(Array.from(p.dataSync()));
    }
    expect(bits[1]).toEqual(bits[0]);
    expect(bits[2]).toEqual(bits[0]);
  });
});

it('the command’s names are those of the classes', () => {
  const p = parameter();
  expect(Object.keys(OPTIMIZERS)).toEqual([...OPTIMIZER_NAMES]);
  for (const name of OPTIMIZER_NAMES) {
    const optimizer = OPTIMIZERS[name].make([p], 0.25, 0.5);
    expect(optimizer.constructor.name.toLowerCase()).toBe(name);
    expect(optimizer.groups[0]).toMatchObject({ lr: 0.25, ...(name === 'sgd' ? { momentum: 0.5 } : {}) });
  }
});
