/** Losses of yes and no: limits of logarithms, weights, logits far out, modules with their buffers, wrong calls. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import * as F from '../../dist/src/nn/functional/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { closeTo, list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const f64 = (data: readonly number[], shape: readonly number[] = [data.length]): Tensor => nn.tensor([...data], shape, { dtype: 'float64', requiresGrad: true });
const close = closeTo(11);
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const P = [0.1, 0.5, 0.9, 0.7];
const Z = [-2, 0, 3, -0.4];
const T = [0, 1, 0.25, 1];
const entropy = (p: number, t: number): number => -(t * Math.log(p) + (1 - t) * Math.log(1 - p));

describe('binaryCrossEntropy', () => {
  it('is the cross entropy, weighted by what is broadcast', () => {
    const losses = P.map((p, i) => entropy(p, T[i]));
    close(list(F.binaryCrossEntropy(f64(P), f64(T), { reduction: 'none' })), losses);
    close(list(F.binaryCrossEntropy(f64(P), f64(T))), [total(losses) / 4]);
    close(list(F.binaryCrossEntropy(f64(P, [2, 2]), f64(T, [2, 2]), { weight: f64([2, 3]), reduction: 'sum' })), [2 * losses[0] + 3 * losses[1] + 2 * losses[2] + 3 * losses[3]]);
  });

  it('limits logarithms to −100 and the gradient’s denominator to 1e-12', () => {
    const x = f64([0, 1, 0, 1]);
    const losses = F.binaryCrossEntropy(x, f64([0, 1, 1, 0]), { reduction: 'none' });
    expect(list(losses)).toEqual([0, -0, 100, 100]);
    losses.sum().backward();
    expect(list(x.grad!)).toEqual([0, 0, -1e12, 1e12]);
  });

  it('has gradients for input, target and weight', () => {
    const [x, t, w] = [f64(P), f64(T), f64([1, 2, 3, 4])];
    F.binaryCrossEntropy(x, t, { weight: w, reduction: 'sum' }).backward();
    close(list(x.grad!), P.map((p, i) => ((i + 1) * (p - T[i])) / (p * (1 - p))));
    close(list(t.grad!), P.map((p, i) => (i + 1) * (Math.log(1 - p) - Math.log(p))));
    close(list(w.grad!), P.map((p, i) => entropy(p, T[i])));
  });

  it.each<[string, string, () => unknown]>([
    ['CVY_ARG_VALUE', 'an element of 1.5 but all must be from 0 to 1 (input [2]); for logits use', () => F.binaryCrossEntropy(nn.tensor([0.5, 1.5]), nn.zeros(2))],
    ['CVY_ARG_VALUE', 'an element of -0.5', () => F.binaryCrossEntropy(nn.tensor([-0.5, 0]), nn.zeros(2))],
    ['CVY_ARG_VALUE', 'an element of NaN', () => F.binaryCrossEntropy(nn.tensor([NaN, 0]), nn.zeros(2))],
    ['CVY_SHAPE_MISMATCH', 'input has shape [2] but target has [2, 1]', () => F.binaryCrossEntropy(nn.zeros(2), nn.zeros(2, 1))],
    ['CVY_SHAPE_MISMATCH', 'weight has shape [3, 2] but must fit', () => F.binaryCrossEntropy(nn.zeros(2), nn.zeros(2), { weight: nn.zeros(3, 2) })],
    ['CVY_SHAPE_BROADCAST', '', () => F.binaryCrossEntropy(nn.zeros(2), nn.zeros(2), { weight: nn.zeros(3) })],
    ['CVY_DTYPE', '', () => F.binaryCrossEntropy(nn.zeros(2), nn.tensor(Int32Array.of(0, 1)))],
    ['CVY_ARG_OPTION', "option 'posWeight' is unknown", () => F.binaryCrossEntropy(nn.zeros(2), nn.zeros(2), { posWeight: nn.zeros(2) } as never)],
  ])('%s: %s', (code, message, run) => expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string })));

  it('takes nothing at all', () => expect(F.binaryCrossEntropy(nn.zeros(0), nn.zeros(0), { reduction: 'sum' }).item()).toBe(0));
});

describe('binaryCrossEntropyWithLogits', () => {
  it('is binaryCrossEntropy of the sigmoid, with weights of elements and of yes', () => {
    const losses = Z.map((z, i) => entropy(sigmoid(z), T[i]));
    close(list(F.binaryCrossEntropyWithLogits(f64(Z), f64(T), { reduction: 'none' })), losses);
    const both = Z.map((z, i) => (i < 2 ? 2 : 0.5) * -(T[i] * [3, 0.1][i % 2] * Math.log(sigmoid(z)) + (1 - T[i]) * Math.log(1 - sigmoid(z))));
    close(list(F.binaryCrossEntropyWithLogits(f64(Z, [2, 2]), f64(T, [2, 2]), { weight: f64([2, 0.5], [2, 1]), posWeight: f64([3, 0.1]), reduction: 'none' })), both);
  });

  it('is exact far out, and so is its gradient: sigmoid − target', () => {
    const x = nn.tensor([-1000, 1000, -1000, 1000], { requiresGrad: true });
    const losses = F.binaryCrossEntropyWithLogits(x, nn.tensor([0, 1, 1, 0]), { reduction: 'none' });
    expect(list(losses)).toEqual([0, 0, 1000, 1000]);
    losses.sum().backward();
    expect(list(x.grad!)).toEqual([0, 0, -1, 1]);
    const t = f64(T);
    F.binaryCrossEntropyWithLogits(f64(Z), t, { reduction: 'sum' }).backward();
    close(list(t.grad!), Z.map((z) => -z));
  });
});

describe('of signs and of several labels', () => {
  it('softMarginLoss is log(1 + exp(−t · x)), without overflow', () => {
    close(list(F.softMarginLoss(f64(Z), f64([1, -1, -1, 1]), { reduction: 'none' })), [2, 0, 3, 0.4].map((v) => Math.log1p(Math.exp(v))));
    expect(F.softMarginLoss(nn.tensor([1000]), nn.tensor([-1])).item()).toBe(1000);
  });

  it('multilabelSoftMarginLoss averages over the classes, then over the rest', () => {
    const losses = Z.map((z, i) => entropy(sigmoid(z), T[i]));
    close(list(F.multilabelSoftMarginLoss(f64(Z, [2, 2]), f64(T, [2, 2]), { reduction: 'none' })), [(losses[0] + losses[1]) / 2, (losses[2] + losses[3]) / 2]);
    close(list(F.multilabelSoftMarginLoss(f64(Z, [2, 2]), f64(T, [2, 2]), { weight: f64([2, 0]) })), [(losses[0] + losses[2]) / 2]);
    expect(() => F.multilabelSoftMarginLoss(nn.tensor(1), nn.tensor(1))).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_RANK' }));
  });
});

describe('as modules', () => {
  it('give what the functions give, and save their weights under PyTorch’s names', () => {
    const [x, p, t] = [nn.tensor(Z, [2, 2]), nn.tensor(P, [2, 2]), nn.tensor(T, [2, 2])];
    const [weight, posWeight] = [nn.tensor([2, 3]), nn.tensor([0.5, 4])];
    const logits = nn.BCEWithLogitsLoss({ weight, posWeight, reduction: 'sum' });
    expect(Object.keys(logits.stateDict())).toEqual(['weight', 'pos_weight']);
    expect(logits.forward(x, t).item()).toBe(F.binaryCrossEntropyWithLogits(x, t, { weight, posWeight, reduction: 'sum' }).item());
    logits.loadStateDict({ weight, pos_weight: nn.ones(2) });
    expect(logits.forward(x, t).item()).toBe(F.binaryCrossEntropyWithLogits(x, t, { weight, reduction: 'sum' }).item());
    expect(nn.BCEWithLogitsLoss().posWeight).toBeNull();
    const bce = nn.BCELoss({ weight });
    expect(Object.keys(bce.stateDict())).toEqual(['weight']);
    expect(bce.forward(p, t).item()).toBe(F.binaryCrossEntropy(p, t, { weight }).item());
    expect(nn.MultiLabelSoftMarginLoss({ weight }).forward(x, t).item()).toBe(F.multilabelSoftMarginLoss(x, t, { weight }).item());
    expect(nn.SoftMarginLoss().forward(x, t).item()).toBe(F.softMarginLoss(x, t).item());
    expect([nn.BCELoss(), nn.BCEWithLogitsLoss(), nn.MultiLabelSoftMarginLoss(), nn.SoftMarginLoss()].map(String)).toEqual(['BCELoss()', 'BCEWithLogitsLoss()', 'MultiLabelSoftMarginLoss()', 'SoftMarginLoss()']);
  });

  it('refuse weights that are no tensors', () => {
    expect(() => nn.BCEWithLogitsLoss({ posWeight: 3 as never })).toThrow(expect.objectContaining({ code: 'CVY_ARG_TYPE', message: expect.stringContaining('posWeight is number') as string }));
    expect(() => nn.BCELoss({ pos_weight: 3 } as never)).toThrow(expect.objectContaining({ code: 'CVY_ARG_OPTION' }));
  });
});
