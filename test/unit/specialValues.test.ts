/** Values and gradients at infinities, NaN and zeros on every backend, each PyTorch's: what rounding cannot reach and tolerances do not see. */
import { afterAll, describe, expect, it } from 'vitest';
import { batchNorm, createConvoy, div, grad, instanceNorm, l1Loss, layerNorm, mish, prod, softsign, type NN, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
afterAll(() => convoy.close());

const BACKENDS = { 'cpu-naive': { backend: 'cpu-naive' }, 'cpu-tiled': { backend: 'cpu-tiled' }, 'wasm-simd': { backend: 'wasm-simd' }, pool: { backend: 'worker-pool', threads: 2 } };
const plain = (x: Tensor): number[] => Array.from(x.dataSync(), (v) => v + 0);

/** Several times over, so that both whole vectors and their rest are met; `[values, slopes]` of the first time. */
function values(nn: NN, f: (x: Tensor) => Tensor, points: readonly number[]): [number[], number[]] {
  const x = nn.tensor([0, 1, 2].flatMap(() => [...points])).requiresGrad_();
  const y = f(x);
  const [y3, g3] = [plain(y), plain(grad(y.sum(), [x])[0]!)];
  for (const all of [y3, g3]) expect(all).toEqual([0, 1, 2].flatMap(() => all.slice(0, points.length)));
  return [y3.slice(0, points.length), g3.slice(0, points.length)];
}

/** The gradient of `f` at `x`, by rows. */
function slopes(nn: NN, f: (x: Tensor) => Tensor, x: number[] | number[][] | number): unknown {
  const leaf = nn.tensor(x).requiresGrad_();
  return grad(f(leaf).sum(), [leaf])[0]!.toArray();
}

describe.each(Object.entries(BACKENDS))('%s', async (_name, options) => {
  const nn = await convoy.nn({ ...options, seed: 1 });

  it('activations at infinities', () => {
    expect(values(nn, softsign, [Infinity, -Infinity, 1])).toEqual([[NaN, NaN, 0.5], [NaN, NaN, 0.25]]);
    expect(values(nn, mish, [Infinity, -Infinity, 1e30])).toEqual([[Infinity, NaN, Math.fround(1e30)], [NaN, NaN, 1]]);
  });

  it('signs, and the slopes that follow them', () => {
    const points = [NaN, 0, -0, -Infinity, 1e-40, 7];
    expect(values(nn, (x) => x.sign(), points)).toEqual([[0, 0, 0, -1, 1, 1], [0, 0, 0, 0, 0, 0]]);
    expect(values(nn, (x) => x.abs(), points)[1]).toEqual([0, 0, 0, -1, 1, 1]);
    expect(values(nn, (x) => l1Loss(x, nn.zeros(x.numel), { reduction: 'none' }), points)[1]).toEqual([0, 0, 0, -1, 1, 1]);
  });

  it('roots as powers, and quotients of infinities rounded down', () => {
    const points = [Infinity, -Infinity, NaN, 4, -4];
    expect(values(nn, (x) => x.pow(0.5), points)).toEqual([[Infinity, NaN, NaN, 2, NaN], [0, NaN, NaN, 0.25, NaN]]);
    expect(values(nn, (x) => x.pow(-0.5), points)).toEqual([[0, NaN, NaN, 0.5, NaN], [0, 0, NaN, -0.0625, NaN]]);
    expect(values(nn, (x) => x.pow(1.5), points)[1]).toEqual([Infinity, NaN, NaN, 3, NaN]);
    expect(values(nn, (x) => div(x, 3, { roundingMode: 'floor' }), [Infinity, -Infinity, NaN, 7, -7])[0]).toEqual([NaN, NaN, NaN, 2, -3]);
    expect(plain(div(nn.tensor([1, -1]), 0, { roundingMode: 'floor' }))).toEqual([Infinity, -Infinity]);
  });

  it('products with infinities and zeros', () => {
    const whole = (x: Tensor): Tensor => prod(x);
    expect(slopes(nn, whole, [Infinity, 0, 1])).toEqual([0, Infinity, NaN]);
    expect(slopes(nn, whole, [Infinity, 0, 0])).toEqual([0, 0, 0]);
    expect(slopes(nn, (x) => prod(x, 0), [Infinity, 0, 0])).toEqual([0, NaN, NaN]);
    expect(slopes(nn, (x) => prod(x, 1), [[2, 0, 3, 4, 5], [0, 1, 0, 7, 9], [1, 2, 3, 4, 5]])).toEqual([[0, 120, 0, 0, 0], [0, 0, 0, 0, 0], [120, 60, 40, 30, 24]]);
    for (const x of [Infinity, NaN, 0]) expect(slopes(nn, whole, x)).toBe(1);
  });

  it('the variance with an infinity', () => {
    expect(slopes(nn, (x) => x.var(), [1, Infinity, 2])).toEqual([-Infinity, NaN, -Infinity]);
    expect(slopes(nn, (x) => x.var(1), [[1, 3], [2, 2]])).toEqual([[-2, 2], [0, 0]]);
  });

  it('norms of constants without eps', () => {
    const x = nn.tensor([[3, 1], [3, 2], [3, 6]]).requiresGrad_();
    const [weight, bias] = [nn.tensor([2, 3]).requiresGrad_(), nn.tensor([0.5, -1]).requiresGrad_()];
    const mean = nn.zeros(2);
    const variance = nn.ones(2);
    const y = batchNorm(x, mean, variance, weight, bias, { training: true, eps: 0 });
    const upstream = nn.tensor([[1, 2], [3, -1], [5, 4]]);
    for (const createGraph of [false, true]) {
      const [gx, gw, gb] = grad(y, [x, weight, bias], { gradOutputs: [upstream], createGraph, retainGraph: true }).map((g) => plain(g!));
      expect([gx[0], gx[2], gx[4], gw[0], gb]).toEqual([0, 0, 0, 0, [9, 5]]);
      expect(gx.every(Number.isFinite)).toBe(true);
    }
    expect([plain(y)[0], plain(y)[2], plain(y)[4]]).toEqual([0.5, 0.5, 0.5]);
    expect(plain(variance)[0]).toBeCloseTo(0.9, 6);
    expect(plain(instanceNorm(nn.ones(1, 2, 5), null, null, null, null, { eps: 0 }))).toEqual(new Array(10).fill(0));
    expect(plain(layerNorm(nn.ones(1, 3), 3, null, null, { eps: 0 }))).toEqual([NaN, NaN, NaN]);
  });
});
