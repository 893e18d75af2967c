/** Dropouts of channels and alpha dropouts: statistics, whole channels, reproducibility, modes, wrong calls. Dropout itself: layers.test.ts. */
import { afterAll, describe, expect, it } from 'vitest';
import { createRng } from '../../dist/src/backend/index.js';
import { createConvoy } from '../../dist/src/index.js';
import * as F from '../../dist/src/nn/functional/index.js';
import type { Module, NN } from '../../dist/src/nn/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

type Run = (x: Tensor, options: F.DropoutOptions) => Tensor;
const ALL: [string, Run, number[]][] = [
  ['dropout', F.dropout, [40, 50]], ['dropout1d', F.dropout1d, [40, 50, 2]], ['dropout2d', F.dropout2d, [40, 50, 2, 1]], ['dropout3d', F.dropout3d, [40, 50, 1, 2, 1]],
  ['alphaDropout', F.alphaDropout, [40, 50]], ['featureAlphaDropout', F.featureAlphaDropout, [40, 50, 2]],
];

describe.each(ALL)('%s', (_name, run, shape) => {
  const x = nn.ones(...shape);

  it('does nothing in evaluation and with p = 0, zeros with p = 1, draws from the rng it is given', () => {
    const rng = createRng(1);
    expect(run(x, { p: 0.4, training: false, rng }) === x).toBe(true);
    expect(run(x, { p: 0, rng }) === x).toBe(true);
    expect(list(run(x, { p: 1, rng })).every((v) => v === 0)).toBe(true);
    expect(rng.position).toBe(0);
    expect(list(run(x, { p: 0.4, rng }))).not.toEqual(list(run(x, { p: 0.4, rng })));
    expect(rng.position).toBe(2);
    expect(() => run(x, { p: 0.5 })).toThrow('pass { rng: nn.rng }');
    expect(() => run(x, { p: 1.1, rng })).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE' }));
    expect(() => run(x, { q: 1 } as never)).toThrow(expect.objectContaining({ code: 'CVY_ARG_OPTION' }));
    expect(() => run(x.to('int32'), {})).toThrow(expect.objectContaining({ code: 'CVY_DTYPE' }));
  });

  it('drops a share p to one value and keeps the rest at another', () => {
    const found = list(run(x, { p: 0.3, rng: createRng(2) }));
    const values = [...new Set(found)].sort((a, b) => a - b);
    expect(values).toHaveLength(2);
    expect(found.filter((v) => v === values[0]).length / found.length).toBeCloseTo(0.3, 1.3);
  });

  it('gives the same bits for the same seed on every backend and number of threads', async () => {
    const wanted = list(run(x, { p: 0.3, rng: createRng(5) }));
    for (const options of [{ backend: 'wasm-simd' }, { backend: 'cpu-tiled' }, { backend: 'worker-pool', threads: 1 }, { backend: 'worker-pool', threads: 3 }]) {
      const own = await convoy.nn({ ...options, seed: 0 });
      expect(list(run(own.ones(...shape), { p: 0.3, rng: createRng(5) }))).toEqual(wanted);
    }
  });
});

describe('channels', () => {
  /** Whether the elements that share their first `axes` indices are dropped together, and others are not. */
  const blocks = (y: Tensor, axes: number): number => {
    const size = y.shape.slice(axes).reduce((a, b) => a * b, 1);
    const found = list(y);
    let changes = 0;
    for (let i = 0; i < found.length; i += size) {
      expect(new Set(found.slice(i, i + size)).size).toBe(1);
      if (i > 0 && found[i] !== found[i - 1]) changes++;
    }
    return changes;
  };
  it.each<[string, Run, number[], number]>([
    ['dropout1d [N, C, L]', F.dropout1d, [8, 6, 5], 2], ['dropout1d [C, L]', F.dropout1d, [40, 5], 1], ['dropout2d [N, C, H, W]', F.dropout2d, [8, 6, 3, 4], 2],
    ['dropout2d [N, C, L]', F.dropout2d, [8, 6, 5], 2], ['dropout3d [N, C, D, H, W]', F.dropout3d, [8, 6, 2, 3, 2], 2], ['dropout3d [C, D, H, W]', F.dropout3d, [40, 2, 3, 2], 1],
    ['featureAlphaDropout [N, C, L]', F.featureAlphaDropout, [8, 6, 5], 2], ['featureAlphaDropout [N, C]', F.featureAlphaDropout, [8, 6], 2],
  ])('%s go as a whole, each for itself', (_name, run, shape, axes) => {
    expect(blocks(run(nn.ones(...shape), { p: 0.5, rng: createRng(3) }), axes)).toBeGreaterThan(8);
  });

  it('keep the expectation and pass the gradient where they were kept', () => {
    const x = nn.ones(100, 50, 2, 2).requiresGrad_();
    const y = F.dropout2d(x, { p: 0.25, rng: createRng(4) });
    expect(mean(list(y))).toBeCloseTo(1, 1.5);
    expect(new Set(list(y))).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    y.sum().backward();
    expect(list(x.grad!)).toEqual(list(y));
  });

  it.each<[string, () => unknown]>([
    ['input has 4 axes but 2 or 3 are required', () => F.dropout1d(nn.ones(1, 1, 1, 1))], ['input has 2 axes but 3 or 4 are required', () => F.dropout2d(nn.ones(1, 1))],
    ['input has 3 axes but 4 or 5 are required', () => F.dropout3d(nn.ones(1, 1, 1))], ['input has 1 axes but at least 2 are required', () => F.featureAlphaDropout(nn.ones(1))],
  ])('%s', (message, run) => {
    expect(run).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_RANK', message: expect.stringContaining(message) as string }));
  });
});

describe('alpha dropouts', () => {
  it.each([['alphaDropout', F.alphaDropout], ['featureAlphaDropout', F.featureAlphaDropout]] as [string, Run][])('%s keeps mean 0 and variance 1', (_name, run) => {
    const x = nn.randn(200, 200, 1);
    for (const p of [0.1, 0.5]) {
      const y = list(run(x, { p, rng: createRng(6) }));
      const centre = mean(y);
      expect(centre).toBeCloseTo(0, 1.3);
      expect(mean(y.map((v) => (v - centre) ** 2))).toBeCloseTo(1, 1.2);
    }
  });

  it('are a · x + b where they keep and a · floor + b where they drop', () => {
    const [p, floor] = [0.2, -1.7580993408473766];
    const a = 1 / Math.sqrt((1 - p) * (1 + p * floor * floor));
    const b = -a * floor * p;
    const x = nn.full([1000], 3, { dtype: 'float64' });
    const found = [...new Set(list(F.alphaDropout(x, { p, rng: createRng(8) })))].sort((u, v) => u - v);
    expect(found[0]).toBeCloseTo(a * floor + b, 12);
    expect(found[1]).toBeCloseTo(a * 3 + b, 12);
  });
});

describe('layers', () => {
  it.each<[string, (b: NN) => Module]>([
    ['Dropout1d(p=0.5, inplace=False)', (b) => b.Dropout1d()], ['Dropout2d(p=0.25, inplace=False)', (b) => b.Dropout2d(0.25)], ['Dropout3d(p=0.1, inplace=False)', (b) => b.Dropout3d({ p: 0.1 })],
    ['AlphaDropout(p=0.5, inplace=False)', (b) => b.AlphaDropout()], ['FeatureAlphaDropout(p=0.5, inplace=False)', (b) => b.FeatureAlphaDropout()],
  ])('%s', async (text, build) => {
    const first = await convoy.nn({ backend: 'cpu-naive', seed: 11 });
    const second = await convoy.nn({ backend: 'cpu-naive', seed: 11 });
    const layer = build(first);
    expect(String(layer)).toBe(text);
    const x = first.ones(...(text.startsWith('Dropout3d') ? [4, 50, 1, 1, 2] : [4, 50, 2]));
    const y = list(layer.forward(x));
    expect(list(build(second).forward(x))).toEqual(y);
    expect(new Set(y).size).toBe(2);
    expect(layer.eval().forward(x) === x).toBe(true);
  });

  it('refuse what Dropout refuses, by their own names', () => {
    expect(() => nn.Dropout2d(2)).toThrow('Dropout2d: p is 2 but must be a finite number ≥ 0 and ≤ 1');
    expect(() => nn.AlphaDropout({ q: 1 } as never)).toThrow(expect.objectContaining({ code: 'CVY_ARG_OPTION' }));
  });
});
