/** Losses between numbers by their definitions: every option, gradients at kinks, wrong calls. Second gradients: gradientCases. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import * as F from '../../dist/src/nn/functional/index.js';
import type { Reduction } from '../../dist/src/nn/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { closeTo, list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const f64 = (data: readonly number[], shape: readonly number[] = [data.length]): Tensor => nn.tensor([...data], shape, { dtype: 'float64', requiresGrad: true });
const close = closeTo(11);
const X = [-2, -0.5, 0.3, 0, 1.5, 4];
const T = [1, -0.7, 0.3, 0.5, 1.4, 1];
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

type Loss = (x: Tensor, t: Tensor, options?: F.ReductionOptions) => Tensor;
const SIMPLE: [string, Loss, (x: number, t: number) => number][] = [
  ['mseLoss', F.mseLoss, (x, t) => (x - t) ** 2],
  ['l1Loss', F.l1Loss, (x, t) => Math.abs(x - t)],
  ['huberLoss', F.huberLoss, (x, t) => (Math.abs(x - t) <= 1 ? (x - t) ** 2 / 2 : Math.abs(x - t) - 0.5)],
  ['huberLoss, delta 0.25', (x, t, options) => F.huberLoss(x, t, { delta: 0.25, ...options }), (x, t) => (Math.abs(x - t) <= 0.25 ? (x - t) ** 2 / 2 : 0.25 * (Math.abs(x - t) - 0.125))],
  ['smoothL1Loss', F.smoothL1Loss, (x, t) => (Math.abs(x - t) <= 1 ? (x - t) ** 2 / 2 : Math.abs(x - t) - 0.5)],
  ['smoothL1Loss, beta 2', (x, t, options) => F.smoothL1Loss(x, t, { beta: 2, ...options }), (x, t) => (Math.abs(x - t) <= 2 ? (x - t) ** 2 / 4 : Math.abs(x - t) - 1)],
  ['smoothL1Loss, beta 0', (x, t, options) => F.smoothL1Loss(x, t, { beta: 0, ...options }), (x, t) => Math.abs(x - t)],
  ['klDiv of logarithms', (x, t, options) => F.klDiv(x, t, { logTarget: true, ...options }), (x, t) => Math.exp(t) * (t - x)],
  ['poissonNllLoss', F.poissonNllLoss, (x, t) => Math.exp(x) - t * x],
];

describe.each(SIMPLE)('%s', (_name, run, value) => {
  it.each<Reduction>(['none', 'sum', 'mean'])('%s', (reduction) => {
    const losses = X.map((x, i) => value(x, T[i]));
    const loss = run(f64(X, [2, 3]), f64(T, [2, 3]), { reduction });
    expect(loss.shape).toEqual(reduction === 'none' ? [2, 3] : []);
    close(list(loss), reduction === 'none' ? losses : [reduction === 'sum' ? total(losses) : total(losses) / 6]);
    close(list(run(f64(X), f64(T))), [total(losses) / 6]);
  });

  it('takes scalars, and is NaN over nothing', () => {
    close(list(run(f64([0.5], []), f64([2], []))), [value(0.5, 2)]);
    expect(run(nn.zeros(0, 2), nn.zeros(0, 2)).item()).toBeNaN();
    expect(run(nn.zeros(0, 2), nn.zeros(0, 2), { reduction: 'sum' }).item()).toBe(0);
  });

  it('refuses shapes that would broadcast, other dtypes and reductions', () => {
    expect(() => run(nn.zeros(2, 1), nn.zeros(2))).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_MISMATCH', message: expect.stringContaining('input has shape [2, 1] but target has [2]') as string }));
    expect(() => run(nn.zeros(2), f64([0, 0]))).toThrow(expect.objectContaining({ code: 'CVY_DTYPE' }));
    expect(() => run(nn.zeros(2), nn.tensor(Int32Array.of(0, 1)))).toThrow(expect.objectContaining({ code: 'CVY_DTYPE' }));
    expect(() => run(nn.zeros(2), nn.zeros(2), { reduction: 'avg' as never })).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE' }));
    expect(() => run(nn.zeros(2), nn.zeros(2), { size_average: true } as never)).toThrow(expect.objectContaining({ code: 'CVY_ARG_OPTION' }));
  });
});

describe('slopes', () => {
  const slopes = (run: Loss, x: number[], t: number[]): number[][] => {
    const [a, b] = [f64(x), f64(t)];
    run(a, b, { reduction: 'sum' }).backward();
    return [list(a.grad!), list(b.grad!)];
  };
  it('are those of PyTorch at kinks, for the target too', () => {
    expect(slopes(F.l1Loss, [1, 1, 3], [1, 2, 1])).toEqual([[0, -1, 1], [-0, 1, -1]]);
    expect(slopes((x, t, o) => F.smoothL1Loss(x, t, { beta: 0, ...o }), [0, 1, -2], [0, 0, 0])[0]).toEqual([0, 1, -1]);
    expect(slopes((x, t, o) => F.huberLoss(x, t, { delta: 2, ...o }), [2, -2, 3, 1], [0, 0, 0, 0])).toEqual([[2, -2, 2, 1], [-2, 2, -2, -1]]);
    expect(slopes((x, t, o) => F.smoothL1Loss(x, t, { beta: 2, ...o }), [2, -2, 3, 1], [0, 0, 0, 0])[0]).toEqual([1, -1, 1, 0.5]);
  });

  it('stay finite far out, where a square would not', () => {
    const x = nn.tensor([1e30, -1e30], { requiresGrad: true });
    const loss = F.huberLoss(x, nn.zeros(2), { reduction: 'none' });
    expect(list(loss)).toEqual([1e30, 1e30].map(Math.fround));
    loss.sum().backward();
    expect(list(x.grad!)).toEqual([1, -1]);
  });

  it.each<[string, () => unknown]>([
    ['huberLoss: delta is 0 but must be positive', () => F.huberLoss(f64(X), f64(T), { delta: 0 })], ['delta is -1', () => F.huberLoss(f64(X), f64(T), { delta: -1 })],
    ['beta is -1 but must be a finite number ≥ 0', () => F.smoothL1Loss(f64(X), f64(T), { beta: -1 })], ['HuberLoss: delta is 0', () => nn.HuberLoss({ delta: 0 })], ['SmoothL1Loss: beta is NaN', () => nn.SmoothL1Loss({ beta: NaN })],
  ])('%s', (message, run) => expect(run).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE', message: expect.stringContaining(message) as string })));
});

describe('klDiv', () => {
  it('is target · (log target − input), and a target of 0 adds nothing', () => {
    const [x, t] = [f64([-1, -2, -0.5, -3], [2, 2]), f64([0.25, 0.75, 0, 1], [2, 2])];
    const losses = [0.25 * (Math.log(0.25) + 1), 0.75 * (Math.log(0.75) + 2), 0, 3];
    close(list(F.klDiv(x, t, { reduction: 'none' })), losses);
    close(list(F.klDiv(x, t, { reduction: 'batchmean' })), [total(losses) / 2]);
    close(list(F.klDiv(x, t)), [total(losses) / 4]);
    F.klDiv(x, t, { reduction: 'sum' }).backward();
    expect(list(x.grad!)).toEqual([-0.25, -0.75, -0, -1]);
    expect(list(t.grad!)[2]).toBeNaN();
    close(list(t.grad!).filter(Number.isFinite), [Math.log(0.25) + 2, Math.log(0.75) + 3, 4]);
    close(list(F.klDiv(f64([-1], []), f64([0.5], []), { reduction: 'batchmean' })), [0.5 * (Math.log(0.5) + 1)]);
    expect(() => F.klDiv(x, t, { reduction: 'batchMean' as never })).toThrow('must be one of mean, sum, none, batchmean');
  });
});

describe('poissonNllLoss', () => {
  it('takes expectations, and adds Stirling’s term above 1', () => {
    const [x, t] = [[0.5, 2, 3], [0, 1, 4]];
    close(list(F.poissonNllLoss(f64(x), f64(t), { logInput: false, eps: 0.1, reduction: 'none' })), x.map((v, i) => v - t[i] * Math.log(v + 0.1)));
    const stirling = 4 * Math.log(4) - 4 + 0.5 * Math.log(8 * Math.PI);
    close(list(F.poissonNllLoss(f64(x), f64(t), { full: true, reduction: 'none' })), [Math.exp(0.5), Math.exp(2) - 2, Math.exp(3) - 12 + stirling]);
    const target = f64([0, 1, 4]);
    F.poissonNllLoss(f64(x), target, { full: true, reduction: 'sum' }).backward();
    close(list(target.grad!), [-0.5, -2, -3 + Math.log(4) + 1 / 8]);
  });
});

describe('gaussianNllLoss', () => {
  const [x, t] = [[1, 2, 3, 4], [1.5, 2, 1, 4]];
  const value = (i: number, v: number, constant = 0): number => 0.5 * (Math.log(v) + (x[i] - t[i]) ** 2 / v) + constant;
  it('takes a variance for each element or for each row', () => {
    const each = [0.5, 1, 2, 0.1];
    close(list(F.gaussianNllLoss(f64(x, [2, 2]), f64(t, [2, 2]), f64(each, [2, 2]), { reduction: 'none' })), each.map((v, i) => value(i, v)));
    for (const shape of [[2], [2, 1]]) close(list(F.gaussianNllLoss(f64(x, [2, 2]), f64(t, [2, 2]), f64([0.5, 2], shape), { full: true, reduction: 'none' })), [0.5, 0.5, 2, 2].map((v, i) => value(i, v, 0.5 * Math.log(2 * Math.PI))));
  });

  it('raises small variances to eps and lets the gradient of eps through', () => {
    const variance = f64([0, 0.01, 1, 2]);
    const loss = F.gaussianNllLoss(f64(x), f64(t), variance, { eps: 0.1, reduction: 'sum' });
    close(list(loss), [total([0.1, 0.1, 1, 2].map((v, i) => value(i, v)))]);
    loss.backward();
    close(list(variance.grad!), [0.1, 0.1, 1, 2].map((v, i) => 0.5 / v - (0.5 * (x[i] - t[i]) ** 2) / v ** 2));
  });

  it('refuses other shapes and negative variances', () => {
    expect(() => F.gaussianNllLoss(nn.zeros(2, 3), nn.zeros(2, 3), nn.ones(3))).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_MISMATCH', message: expect.stringContaining('variance has shape [3] but [2, 3], [2, 1] or [2] is required') as string }));
    expect(() => F.gaussianNllLoss(f64(x), f64(t), f64([1, 1, -2, 1]))).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE', message: expect.stringContaining('an element of -2') as string }));
    expect(() => F.gaussianNllLoss(nn.zeros(2), nn.zeros(3), nn.ones(2))).toThrow('target has [3]');
  });
});

describe('as modules', () => {
  it('give what the functions give and print no options', () => {
    const [x, t] = [nn.tensor([0.2, 0.5, 3]), nn.tensor([0.1, 0.9, 1])];
    const pairs: [{ forward(x: Tensor, t: Tensor): Tensor }, Tensor, string][] = [
      [nn.MSELoss({ reduction: 'sum' }), F.mseLoss(x, t, { reduction: 'sum' }), 'MSELoss()'], [nn.L1Loss(), F.l1Loss(x, t), 'L1Loss()'],
      [nn.SmoothL1Loss({ beta: 0.5 }), F.smoothL1Loss(x, t, { beta: 0.5 }), 'SmoothL1Loss()'], [nn.HuberLoss({ delta: 0.3, reduction: 'none' }), F.huberLoss(x, t, { delta: 0.3, reduction: 'none' }), 'HuberLoss()'],
      [nn.KLDivLoss({ reduction: 'batchmean' }), F.klDiv(x, t, { reduction: 'batchmean' }), 'KLDivLoss()'], [nn.KLDivLoss({ logTarget: true }), F.klDiv(x, t, { logTarget: true }), 'KLDivLoss()'],
      [nn.PoissonNLLLoss({ logInput: false, full: true, eps: 0.1 }), F.poissonNllLoss(x, t, { logInput: false, full: true, eps: 0.1 }), 'PoissonNLLLoss()'],
    ];
    for (const [layer, wanted, text] of pairs) {
      expect(String(layer)).toBe(text);
      expect(list(layer.forward(x, t))).toEqual(list(wanted));
    }
    expect(nn.GaussianNLLLoss({ full: true, eps: 0.1 }).forward(x, t, x).item()).toBe(F.gaussianNllLoss(x, t, x, { full: true, eps: 0.1 }).item());
    expect(() => nn.L1Loss().forward(x, nn.zeros(2))).toThrow('; in layer L1Loss()');
    expect(() => nn.KLDivLoss({ log_target: true } as never)).toThrow(expect.objectContaining({ code: 'CVY_ARG_OPTION' }));
  });
});
