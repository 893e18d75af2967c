/** Losses with a margin, distances and similarities, by their definitions; slopes where they are not smooth; wrong calls. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import * as F from '../../dist/src/nn/functional/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { closeTo, list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const f64 = (data: readonly number[], shape: readonly number[] = [data.length]): Tensor => nn.tensor([...data], shape, { dtype: 'float64', requiresGrad: true });
const labels = (...data: number[]): Tensor => nn.tensor(Int32Array.from(data));
const close = closeTo(10);
const A = [1, -2, 0.5, 3, 0, -1];
const B = [0.5, 1, 2, -1, 1, 1];
const C = [2, -1.5, 0, 2, 0.5, -3];
const row = (values: readonly number[], i: number): number[] => values.slice(3 * i, 3 * i + 3);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i], 0);
const length = (a: readonly number[], p: number): number => (p === Infinity ? Math.max(...a.map(Math.abs)) : p === -Infinity ? Math.min(...a.map(Math.abs)) : a.reduce((sum, v) => sum + Math.abs(v) ** p, 0) ** (1 / p));
const apart = (a: readonly number[], b: readonly number[], p: number, eps: number): number => length(a.map((v, i) => v - b[i] + eps), p);
const cosine = (a: readonly number[], b: readonly number[]): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

describe('pairwiseDistance', () => {
  it.each([1, 2, 3, 1.5, Infinity, -Infinity, -1])('is the norm of order %d', (p) => {
    const wanted = [0, 1].map((i) => apart(row(A, i), row(B, i), p, 0.01));
    const found = F.pairwiseDistance(f64(A, [2, 3]), f64(B, [2, 3]), { p, eps: 0.01 });
    expect(found.shape).toEqual([2]);
    close(list(found), wanted);
    expect(F.pairwiseDistance(f64(A, [2, 3]), f64(B, [2, 3]), { p, keepdim: true }).shape).toEqual([2, 1]);
  });

  it('counts with p = 0, broadcasts, and adds 1e-6 by default', () => {
    close(list(F.pairwiseDistance(f64([1, 2, 3, 4], [2, 2]), f64([1, 4]), { p: 0, eps: 0 })), [1, 1]);
    close(list(F.pairwiseDistance(f64([1]), f64([0]))), [1.000001]);
  });

  it.each<[number, number[]]>([[1, [1, -1, 0]], [2, [Math.SQRT1_2, -Math.SQRT1_2, 0]], [Infinity, [0.5, -0.5, 0]]])('has the slope of PyTorch for p = %d: 0 where nothing is apart, shared among equal extremes', (p, wanted) => {
    const x = f64([1, -1, 0, 0, 0, 0], [2, 3]);
    F.pairwiseDistance(x, nn.zeros(2, 3, { dtype: 'float64' }), { p, eps: 0 }).sum().backward();
    close(list(x.grad!), [...wanted, 0, 0, 0]);
  });

  it('refuses scalars and orders that are no numbers', () => {
    expect(() => F.pairwiseDistance(nn.tensor(1), nn.tensor(2))).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_RANK' }));
    expect(() => F.pairwiseDistance(nn.zeros(1), nn.zeros(1), { p: NaN })).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE' }));
  });
});

describe('cosineSimilarity', () => {
  it('is the cosine along any axis, broadcast', () => {
    close(list(F.cosineSimilarity(f64(A, [2, 3]), f64(B, [2, 3]))), [0, 1].map((i) => cosine(row(A, i), row(B, i))));
    close(list(F.cosineSimilarity(f64(A, [2, 3]), f64(B.slice(0, 3)), { dim: -1 })), [0, 1].map((i) => cosine(row(A, i), row(B, 0))));
    expect(F.cosineSimilarity(f64(A, [2, 3]), f64(B, [2, 3]), { dim: 0 }).shape).toEqual([3]);
  });

  it('raises short lengths to eps, each by itself, with PyTorch’s gradient', () => {
    const [x, y] = [f64([1e-9, 0], [1, 2]), f64([1e-4, 1e-4], [1, 2])];
    const found = F.cosineSimilarity(x, y);
    close(list(found), [0.1 * Math.SQRT1_2]);
    found.sum().backward();
    close(list(x.grad!).map((v) => v / 1e7), [7.0003571337468207, 7.0710678118654758], 9);
    const zero = f64([0, 0], [1, 2]);
    F.cosineSimilarity(zero, f64([1, 1], [1, 2])).sum().backward();
    close(list(zero.grad!).map((v) => v * 1e-8), [Math.SQRT1_2, Math.SQRT1_2]);
  });
});

describe('losses', () => {
  it('tripletMarginLoss', () => {
    for (const [p, margin, eps, swap] of [[2, 1, 1e-6, false], [1, 5, 0.1, false], [3, 4, 0.01, true], [Infinity, 2, 0, true]] as const) {
      const wanted = [0, 1].map((i) => {
        const [a, b, c] = [row(A, i), row(B, i), row(C, i)];
        const far = swap ? Math.min(apart(a, c, p, eps), apart(b, c, p, eps)) : apart(a, c, p, eps);
        return Math.max(0, margin + apart(a, b, p, eps) - far);
      });
      close(list(F.tripletMarginLoss(f64(A, [2, 3]), f64(B, [2, 3]), f64(C, [2, 3]), { p, margin, eps, swap, reduction: 'none' })), wanted);
      close(list(F.tripletMarginLoss(f64(A, [2, 3]), f64(B, [2, 3]), f64(C, [2, 3]), { p, margin, eps, swap })), [(wanted[0] + wanted[1]) / 2]);
    }
  });

  it('cosineEmbeddingLoss, of pairs and of one pair', () => {
    const cosines = [0, 1].map((i) => cosine(row(A, i), row(B, i)));
    close(list(F.cosineEmbeddingLoss(f64(A, [2, 3]), f64(B, [2, 3]), labels(1, -1), { margin: -0.8, reduction: 'none' })), [1 - cosines[0], Math.max(0, cosines[1] + 0.8)]);
    close(list(F.cosineEmbeddingLoss(f64(A, [2, 3]), f64(B, [2, 3]), nn.tensor([-1, -1]))), [(Math.max(0, cosines[0]) + Math.max(0, cosines[1])) / 2]);
    close(list(F.cosineEmbeddingLoss(f64(row(A, 0)), f64(row(B, 0)), nn.tensor(1))), [1 - cosines[0]]);
  });

  it('hingeEmbeddingLoss and marginRankingLoss', () => {
    close(list(F.hingeEmbeddingLoss(f64([0.5, 2, 0.25, 1]), labels(1, -1, -1, -1), { reduction: 'none' })), [0.5, 0, 0.75, 0]);
    close(list(F.hingeEmbeddingLoss(f64([0.5, 2]), labels(-1, -1), { margin: 3 })), [1.75]);
    close(list(F.marginRankingLoss(f64([1, 2, 3]), f64([2, 2, 1]), labels(1, -1, 1), { margin: 0.5, reduction: 'none' })), [1.5, 0.5, 0]);
    const [x, t] = [f64([1, 0]), f64([1, 1])];
    F.marginRankingLoss(x, f64([1, 2]), t, { reduction: 'sum' }).backward();
    expect([list(x.grad!), list(t.grad!)]).toEqual([[-1, -1], [-0, 2]]);
  });

  it('multiMarginLoss', () => {
    const x = [0.1, 0.2, 0.4, 0.8, 0.3, 0.35];
    const loss = (i: number, y: number, margin: number, p: number, w = 1): number =>
      [0, 1, 2].reduce((sum, j) => sum + (j === y ? 0 : w * Math.max(0, margin - row(x, i)[y] + row(x, i)[j]) ** p), 0) / 3;
    close(list(F.multiMarginLoss(f64(x, [2, 3]), labels(2, 0), { reduction: 'none' })), [loss(0, 2, 1, 1), loss(1, 0, 1, 1)]);
    close(list(F.multiMarginLoss(f64(x, [2, 3]), labels(2, 0), { p: 2, margin: 0.5, weight: f64([3, 1, 0.5]) })), [(loss(0, 2, 0.5, 2, 0.5) + loss(1, 0, 0.5, 2, 3)) / 2]);
    close(list(F.multiMarginLoss(f64(row(x, 0)), nn.tensor(Int32Array.of(1), []))), [loss(0, 1, 1, 1)]);
  });
});

describe('mistakes', () => {
  const m = (): Tensor => nn.zeros(2, 3);
  it.each<[string, string, () => unknown]>([
    ['CVY_SHAPE_MISMATCH', 'anchor has shape [2, 3] but negative has [3]', () => F.tripletMarginLoss(m(), m(), nn.zeros(3))],
    ['CVY_SHAPE_MISMATCH', 'input1 has shape [2, 3] but input2 has [3]', () => F.marginRankingLoss(m(), nn.zeros(3), m())],
    ['CVY_SHAPE_MISMATCH', 'target has shape [3] but [2] is required', () => F.cosineEmbeddingLoss(m(), m(), nn.ones(3))],
    ['CVY_SHAPE_RANK', 'input1 has 3 axes but 1 or 2 are required', () => F.cosineEmbeddingLoss(nn.zeros(1, 2, 3), nn.zeros(1, 2, 3), nn.ones(1))],
    ['CVY_SHAPE_MISMATCH', 'input has shape [2, 3] but target has [2]', () => F.hingeEmbeddingLoss(m(), labels(1, 1))],
    ['CVY_DATA_MISMATCH', 'the label at position 1 is 3 but with 3 classes must be from 0 to 2', () => F.multiMarginLoss(m(), labels(0, 3))],
    ['CVY_DTYPE', 'labels have dtype float32 but int32 is required', () => F.multiMarginLoss(m(), nn.zeros(2))],
    ['CVY_SHAPE_RANK', 'input has 3 axes', () => F.multiMarginLoss(nn.zeros(1, 2, 3), labels(0))],
    ['CVY_SHAPE_MISMATCH', 'weight has shape [2] but [3] is required', () => F.multiMarginLoss(m(), labels(0, 1), { weight: nn.ones(2) })],
    ['CVY_ARG_VALUE', 'p is 3 but must be 1 or 2', () => F.multiMarginLoss(m(), labels(0, 1), { p: 3 as never })],
    ['CVY_ARG_VALUE', 'TripletMarginLoss: margin is NaN', () => nn.TripletMarginLoss({ margin: NaN })],
    ['CVY_ARG_TYPE', 'swap is number but must be true or false', () => nn.TripletMarginLoss({ swap: 1 as never })],
    ['CVY_ARG_VALUE', 'CosineSimilarity: dim is 0.5', () => nn.CosineSimilarity({ dim: 0.5 })],
    ['CVY_ARG_OPTION', 'MarginRankingLoss: option', () => nn.MarginRankingLoss({ p: 1 } as never)],
    ['CVY_ARG_TYPE', 'an operand is undefined but must be a tensor', () => nn.TripletMarginLoss().forward(m(), m(), undefined as never)],
  ])('%s: %s', (code, message, run) => expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string })));
});

describe('as modules', () => {
  it('give what the functions give, with their own margins', () => {
    const [a, b, c] = [A, B, C].map((values) => nn.tensor(values, [2, 3]));
    const [signs, one] = [labels(1, -1), labels(1, -1, 1, -1, 1, -1).reshape([2, 3])];
    const weight = nn.tensor([1, 2, 3]);
    expect(nn.TripletMarginLoss({ p: 1, swap: true }).forward(a, b, c).item()).toBe(F.tripletMarginLoss(a, b, c, { p: 1, swap: true }).item());
    expect(nn.CosineEmbeddingLoss({ margin: 0.2 }).forward(a, b, signs).item()).toBe(F.cosineEmbeddingLoss(a, b, signs, { margin: 0.2 }).item());
    expect(nn.HingeEmbeddingLoss().forward(a, one).item()).toBe(F.hingeEmbeddingLoss(a, one, { margin: 1 }).item());
    expect(nn.MarginRankingLoss().forward(a, b, one).item()).toBe(F.marginRankingLoss(a, b, one, { margin: 0 }).item());
    expect(nn.MultiMarginLoss({ weight, p: 2 }).forward(a, labels(0, 2)).item()).toBe(F.multiMarginLoss(a, labels(0, 2), { weight, p: 2 }).item());
    expect(Object.keys(nn.MultiMarginLoss({ weight }).stateDict())).toEqual(['weight']);
    expect(list(nn.CosineSimilarity({ dim: 0 }).forward(a, b))).toEqual(list(F.cosineSimilarity(a, b, { dim: 0 })));
    expect(list(nn.PairwiseDistance({ p: 3, keepdim: true }).forward(a, b))).toEqual(list(F.pairwiseDistance(a, b, { p: 3, keepdim: true })));
    expect([nn.TripletMarginLoss(), nn.CosineEmbeddingLoss(), nn.CosineSimilarity(), nn.PairwiseDistance()].map(String)).toEqual(['TripletMarginLoss()', 'CosineEmbeddingLoss()', 'CosineSimilarity()', 'PairwiseDistance()']);
  });
});
