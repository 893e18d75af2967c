/** Initialisers: what they write where, how what they draw is spread, that a seed repeats it, and their errors. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, init, type Tensor } from '../../dist/src/index.js';
import { normalCdf, normalQuantile } from '../../dist/src/nn/initialisers/truncNormal.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const { rng } = nn;
const mean = (x: number[]): number => x.reduce((a, b) => a + b, 0) / x.length;
const std = (x: number[]): number => {
  const middle = mean(x);
  return Math.sqrt(mean(x.map((v) => (v - middle) ** 2)));
};
const code = (make: () => unknown): unknown => { try { make(); } catch (error) { return (error as { code: string }).code; } return null; };

describe('fixed', () => {
  it('constant_, ones_, zeros_ and eye_ write into the tensor', () => {
    const w = nn.parameter(nn.rand(2, 3));
    expect(init.constant_(w, 0.5)).toBe(w);
    expect(list(w)).toEqual(new Array(6).fill(0.5));
    expect(list(init.ones_(w))).toEqual(new Array(6).fill(1));
    expect(list(init.zeros_(w))).toEqual(new Array(6).fill(0));
    expect(init.eye_(w).toArray()).toEqual([[1, 0, 0], [0, 1, 0]]);
    expect(w.requiresGrad && w.isLeaf).toBe(true);
    expect(list(init.constant_(nn.zeros(2, { dtype: 'int32' }), 7))).toEqual([7, 7]);
  });

  it('dirac_ passes the input on, group by group', () => {
    const ones = (w: Tensor): number[] => list(w).flatMap((v, i) => (v === 1 ? [i] : []));
    const w = init.dirac_(nn.rand(4, 3, 3, 2));
    expect(ones(w)).toEqual([0, 1, 2].map((d) => (d * 3 + d) * 6 + 3));
    expect(list(w).filter((v) => v !== 0).length).toBe(3);
    expect(ones(init.dirac_(nn.rand(6, 2, 3), { groups: 2 }))).toEqual([0, 1, 3, 4].map((o) => (o * 2 + (o % 3)) * 3 + 1));
    const x = nn.randn(1, 3, 5, 5);
    const conv = nn.Conv2d(3, 3, 3, { padding: 1, bias: false });
    init.dirac_(conv.weight);
    expect(conv.forward(x).toArray()).toEqual(x.toArray());
  });
});

describe('fans and gains', () => {
  it('are PyTorch’s', () => {
    expect(init.calculateFanInAndFanOut(nn.zeros(8, 3, 5, 7))).toEqual([105, 280]);
    expect(init.calculateFanInAndFanOut(nn.zeros(8, 3))).toEqual([3, 8]);
    expect(init.calculateGain('leaky_relu')).toBeCloseTo(Math.sqrt(2 / 1.0001), 15);
    expect(init.calculateGain('leaky_relu', 1)).toBe(1);
    expect(init.calculateGain('conv_transpose3d')).toBe(1);
  });
});

describe('draws', () => {
  it.each<[string, (w: Tensor) => Tensor, { mean?: number; std: number; within?: [number, number] }]>([
    ['uniform_', (w) => init.uniform_(w, { rng }), { mean: 0.5, std: 1 / Math.sqrt(12), within: [0, 1] }],
    ['uniform_ from -3 to 1', (w) => init.uniform_(w, { a: -3, b: 1, rng }), { mean: -1, std: 4 / Math.sqrt(12), within: [-3, 1] }],
    ['normal_', (w) => init.normal_(w, { mean: 3, std: 0.1, rng }), { mean: 3, std: 0.1 }],
    ['xavierUniform_', (w) => init.xavierUniform_(w, { gain: 2, rng }), { std: 2 * Math.sqrt(2 / (450 + 1800)), within: [-0.10329, 0.10329] }],
    ['xavierNormal_', (w) => init.xavierNormal_(w, { rng }), { std: Math.sqrt(2 / (450 + 1800)) }],
    ['kaimingUniform_', (w) => init.kaimingUniform_(w, { nonlinearity: 'relu', rng }), { std: Math.sqrt(2 / 450), within: [-0.1155, 0.1155] }],
    ['kaimingNormal_', (w) => init.kaimingNormal_(w, { mode: 'fan_out', nonlinearity: 'tanh', rng }), { std: 5 / 3 / Math.sqrt(1800) }],
    ['kaimingNormal_ by default', (w) => init.kaimingNormal_(w, { rng }), { std: Math.sqrt(2 / 450) }],
    ['truncNormal_', (w) => init.truncNormal_(w, { rng }), { std: 0.879626, within: [-2, 2] }],
    ['truncNormal_ far out', (w) => init.truncNormal_(w, { a: 5, b: 6, rng }), { mean: 5.18477, std: 0.17488, within: [5, 6] }],
    ['truncNormal_ on one side', (w) => init.truncNormal_(w, { a: -Infinity, b: 0, rng }), { mean: -Math.sqrt(2 / Math.PI), std: Math.sqrt(1 - 2 / Math.PI), within: [-Infinity, 0] }],
  ])('%s', (_name, draw, wanted) => {
    const values = list(draw(nn.zeros(200, 50, 3, 3)));
    const { mean: m = 0, std: s, within = [-Infinity, Infinity] } = wanted;
    expect(Math.abs(mean(values) - m)).toBeLessThan(0.02 * s);
    expect(Math.abs(std(values) / s - 1)).toBeLessThan(0.02);
    expect(values.every((v) => v >= within[0] && v <= within[1])).toBe(true);
  });

  it('sparse_ leaves a share of every column 0', () => {
    const w = init.sparse_(nn.ones(11, 40), 0.3, { std: 2, rng }).toArray<number[][]>();
    for (let column = 0; column < 40; column++) expect(w.filter((row) => row[column] === 0).length).toBe(4);
    expect(new Set(w.map((row) => row.filter((v) => v === 0).length)).size).toBeGreaterThan(1);
    expect(Math.abs(std(w.flat().filter((v) => v !== 0)) / 2 - 1)).toBeLessThan(0.2);
  });

  it.each([[[7, 20], 1], [[20, 7], 0.5], [[6, 3, 2, 2], 2], [[1, 4], -1], [[5, 5], 1]])('orthogonal_ of %j, gain %d', (shape, gain) => {
    const w = init.orthogonal_(nn.zeros(shape, { dtype: 'float64' }), { gain, rng }).flatten(1);
    const gram = (w.shape[0] <= w.shape[1] ? w.matmul(w.t()) : w.t().matmul(w)).toArray<number[][]>();
    gram.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(i === j ? gain ** 2 : 0, 12)));
  });

  it('orthogonal_ prefers no direction', () => {
    // Without the signs of R's diagonal the first entry would always be of one sign.
    const corner = Array.from({ length: 400 }, () => list(init.orthogonal_(nn.zeros(3, 3), { rng }))[0]);
    expect(Math.abs(mean(corner))).toBeLessThan(0.1);
    expect(std(corner)).toBeCloseTo(Math.sqrt(1 / 3), 1);
  });

  it('leaves a tensor without elements alone', () => {
    const w = nn.zeros(0, 3);
    for (const draw of [init.kaimingNormal_, init.xavierUniform_, init.orthogonal_, init.truncNormal_]) expect(draw(w, { rng })).toBe(w);
  });

  it('repeats with the seed, on any number of threads', async () => {
    const bits: number[][] = [];
    for (const threads of [1, 3]) {
      const pool = await convoy.nn({ backend: 'worker-pool', kernels: 'wasm-simd', threads, seed: 7 });
      const w = pool.zeros(60, 70);
      const draws = [init.kaimingUniform_, init.xavierNormal_, init.truncNormal_, init.orthogonal_].flatMap((draw) => list(draw(w, { rng: pool.rng })));
      bits.push([...draws, ...list(init.sparse_(w, 0.5, { rng: pool.rng }))]);
    }
    expect(bits[1]).toEqual(bits[0]);
    const w = nn.zeros(20);
    expect(list(init.normal_(w, { rng }))).not.toEqual(list(init.normal_(w, { rng })));
  });
});

it('the normal distribution and its inverse agree with tables', () => {
  for (const [x, p] of [[0, 0.5], [1, 0.8413447460685429], [-1.96, 0.024997895148220435], [-3.5, 2.3262907903552504e-4], [-8, 6.22096057427178e-16], [2.5, 0.9937903346742238]]) {
    expect(normalCdf(x) / p).toBeCloseTo(1, 12);
    if (p < 1) expect(normalQuantile(p)).toBeCloseTo(x, 10);
  }
  expect(normalQuantile(1e-300)).toBeCloseTo(-37.0471, 4);
  expect(normalCdf(-60)).toBe(0);
  expect(normalCdf(60)).toBe(1);
});

describe('errors', () => {
  const w = nn.zeros(4, 3);
  it.each<[string, string, () => unknown]>([
    ['normal_: no rng is given but one is required to draw from; pass { rng: nn.rng }', 'CVY_ARG_VALUE', () => init.normal_(w, {} as never)],
    ['kaimingUniform_: no rng is given', 'CVY_ARG_VALUE', () => init.kaimingUniform_(w, undefined as never)],
    ["uniform_: option 'low' is unknown", 'CVY_ARG_OPTION', () => init.uniform_(w, { low: 1, rng } as never)],
    ['uniform_: b is 0 but must be a finite number ≥ 1', 'CVY_ARG_VALUE', () => init.uniform_(w, { a: 1, b: 0, rng })],
    ['normal_: std is -1', 'CVY_ARG_VALUE', () => init.normal_(w, { std: -1, rng })],
    ['constant_: value is undefined', 'CVY_ARG_VALUE', () => init.constant_(w, undefined as never)],
    ['constant_: the first argument is number', 'CVY_ARG_TYPE', () => init.constant_(3 as never, 1)],
    ['xavierNormal_: the tensor has 1 axes but at least 2 are required (tensor [3])', 'CVY_SHAPE_RANK', () => init.xavierNormal_(nn.zeros(3), { rng })],
    ['calculateFanInAndFanOut: the tensor has 1 axes', 'CVY_SHAPE_RANK', () => init.calculateFanInAndFanOut(nn.zeros(3))],
    ['eye_: the tensor has 3 axes but 2 are required', 'CVY_SHAPE_RANK', () => init.eye_(nn.zeros(1, 2, 3))],
    ['dirac_: the tensor has 2 axes but 3 to 5 are required', 'CVY_SHAPE_RANK', () => init.dirac_(w)],
    ['dirac_: there are 4 output channels but 3 groups must divide them', 'CVY_SHAPE_CHANNELS', () => init.dirac_(nn.zeros(4, 2, 3), { groups: 3 })],
    ['dirac_: groups is 0', 'CVY_ARG_VALUE', () => init.dirac_(nn.zeros(4, 2, 3), { groups: 0 })],
    ["kaimingNormal_: mode is 'fan_avg'", 'CVY_ARG_VALUE', () => init.kaimingNormal_(w, { mode: 'fan_avg' as never, rng })],
    ["calculateGain: nonlinearity is 'gelu'", 'CVY_ARG_VALUE', () => init.calculateGain('gelu' as never)],
    ['sparse_: sparsity is 2', 'CVY_ARG_VALUE', () => init.sparse_(w, 2, { rng })],
    ['truncNormal_: the bounds are 1 and 1', 'CVY_ARG_VALUE', () => init.truncNormal_(w, { a: 1, b: 1, rng })],
    ['truncNormal_: std is 0', 'CVY_ARG_VALUE', () => init.truncNormal_(w, { std: 0, rng })],
    ['uniform: dtype is int32', 'CVY_DTYPE', () => init.uniform_(nn.zeros(2, { dtype: 'int32' }), { rng })],
  ])('%s', (message, wanted, make) => {
    expect(make).toThrow(message);
    expect(code(make)).toBe(wanted);
  });
});
