/** Embedding: what the reference cases do not know. Expected numbers of maxNorm are worked out here. */
import { afterAll, describe, expect, it } from 'vitest';
import { grad } from '../../dist/src/autograd/index.js';
import { createConvoy } from '../../dist/src/index.js';
import { embedding } from '../../dist/src/nn/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 3 });
afterAll(() => convoy.close());

const whole = (values: number[], shape = [values.length]): Tensor => nn.tensor(Int32Array.from(values), shape);

describe('embedding', () => {
  it('prints as in PyTorch; the padding row starts as zeros', () => {
    const layer = nn.Embedding(5, 3, { paddingIdx: -2, maxNorm: 2, normType: 1, scaleGradByFreq: true });
    expect(layer.toString()).toBe('Embedding(5, 3, padding_idx=3, max_norm=2, norm_type=1, scale_grad_by_freq=True)');
    expect(nn.Embedding(5, 3).toString()).toBe('Embedding(5, 3)');
    expect(list(layer.weight.select(0, 3))).toEqual([0, 0, 0]);
    expect(list(layer.weight.select(0, 2)).every((value) => value !== 0)).toBe(true);
    expect(Object.keys(layer.stateDict())).toEqual(['weight']);
  });

  it('takes indices of any shape', () => {
    const layer = nn.Embedding(4, 2);
    expect(layer.forward(whole([1, 2, 3, 0, 0, 1], [2, 1, 3])).shape).toEqual([2, 1, 3, 2]);
    expect(layer.forward(whole([], [0])).shape).toEqual([0, 2]);
    expect(list(layer.forward(nn.tensor(2, { dtype: 'int32' })))).toEqual(list(layer.weight.select(0, 2)));
  });

  it('gives each row its share of the gradient, and of the second one', () => {
    const w = nn.tensor([1, 2, 3, 4, 5, 6], [3, 2], { requiresGrad: true });
    const y = embedding(whole([1, 1, 2, 0, 2, 1]), w, { paddingIdx: 0, scaleGradByFreq: true });
    const upstream = nn.tensor([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6], [6, 2], { requiresGrad: true });
    const [gw] = grad(y, [w], { gradOutputs: [upstream], createGraph: true });
    expect(list(gw)).toEqual([0, 0, 3, 3, 4, 4]);
    const [again] = grad(gw!.mul(w.detach()).sum(), [upstream]);
    expect(list(again).map((value) => Math.round(value * 12) / 12)).toEqual([1, 16 / 12, 1, 16 / 12, 2.5, 3, 0, 0, 2.5, 3, 1, 16 / 12]);
  });

  it.each([[2, Math.hypot(3, 4)], [1, 7], [Infinity, 4], [3, Math.cbrt(27 + 64)]])('shortens rows that are looked up, by their %s-norm', (normType, norm) => {
    const w = nn.tensor([3, -4, 30, 40, 0.1, 0.2], [3, 2], { requiresGrad: true });
    const y = embedding(whole([0, 2, 0]), w, { maxNorm: 1, normType });
    const [a, b] = [3 / (norm + 1e-7), -4 / (norm + 1e-7)].map(Math.fround);
    [a, b, 0.1, 0.2, a, b].forEach((value, i) => expect(list(y)[i]).toBeCloseTo(value, 6));
    expect(list(w).slice(2, 4)).toEqual([30, 40]);
    expect(list(w)[0]).toBeCloseTo(a, 6);
    y.sum().backward();
    expect(list(w.grad)).toEqual([2, 2, 0, 0, 1, 1]);
  });

  it.each([
    ['CVY_SHAPE_AXIS', 'embedding: index 4 at position 1', () => nn.Embedding(4, 2).forward(whole([0, 4]))],
    ['CVY_SHAPE_AXIS', 'embedding: index -1', () => nn.Embedding(4, 2).forward(whole([-1]))],
    ['CVY_DTYPE', 'embedding: index has dtype float32', () => nn.Embedding(4, 2).forward(nn.ones(2))],
    ['CVY_SHAPE_RANK', 'embedding: weight has 1 axes', () => embedding(whole([0]), nn.ones(4))],
    ['CVY_ARG_VALUE', 'Embedding: paddingIdx is 4', () => nn.Embedding(4, 2, { paddingIdx: 4 })],
    ['CVY_ARG_VALUE', 'Embedding: normType is 0', () => nn.Embedding(4, 2, { normType: 0 })],
    ['CVY_ARG_VALUE', 'Embedding: maxNorm is -1', () => nn.Embedding(4, 2, { maxNorm: -1 })],
    ['CVY_ARG_TYPE', 'Embedding: scaleGradByFreq', () => nn.Embedding(4, 2, { scaleGradByFreq: 1 as never })],
    ['CVY_ARG_OPTION', "option 'sparse' is unknown", () => nn.Embedding(4, 2, { sparse: true } as object)],
  ])('%s %s', (code, text, run) => {
    expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) as string }));
  });
});
