/** softplus, the op that docs/adding-an-op.md adds: kernel, gradient, second gradient, composition, layer, wrong calls. */
import { afterAll, describe, expect, it } from 'vitest';
import { kernels } from '../../dist/backends/cpu-naive/kernels.js';
import { BLOCK } from '../../dist/src/backend/index.js';
import type { Backend } from '../../dist/src/backend/index.js';
import { createConvoy, grad, softplus, type Tensor } from '../../dist/src/index.js';
import { array, call, out, range } from '../helpers/kernels.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const POINTS = [-700, -20, -1.5, -0.25, 0, 0.3, 0.66, 0.67, 2, 7, 25];
/** Away from the kinks: 2/3 with beta 3 and threshold 2, -20 with beta -1. */
const SMOOTH = [-19, -1.5, -0.25, 0, 0.3, 0.6, 0.75, 2, 25];
const doubles = (values: readonly number[], requiresGrad = false): Tensor => nn.tensor([...values], undefined, { dtype: 'float64', requiresGrad });

describe('the kernel', () => {
  it.each(['float32', 'float64'] as const)('is log1p(exp(βx))/β up to the threshold and x beyond, for %s', (dtype) => {
    const one = (x: number, beta: number, threshold: number): number => call(kernels, 'softplus', dtype, array(dtype, [x]), out(1), 1, beta, threshold)[0][0];
    expect(one(25, 1, 20)).toBe(25);
    expect(one(0.75, 3, 2)).toBe(0.75);
    expect(one(1000, 1, 20)).toBe(1000);
    expect(one(NaN, 1, 20)).toBeNaN();
    expect(one(-Infinity, 1, 20)).toBe(0);
    expect(one(0, 1, 20)).toBeCloseTo(Math.LN2, 7);
    // Far below zero it is exp(x): 1 + exp(x) would have lost it.
    expect(one(-30, 1, 20) / Math.exp(-30)).toBeCloseTo(1, 6);
  });

  it.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1])('writes all of %i elements', (n) => {
    const y = call(kernels, 'softplus', 'float32', array('float32', range(n).map(() => 0)), out(n), n, 2, 20)[0];
    expect(y.every((value) => value === Math.fround(Math.LN2 / 2))).toBe(true);
  });
});

describe.each([[1, 20], [3, 2], [-1, 20]])('the operation with beta %d, threshold %d', (beta, threshold) => {
  const f = (x: number): number => (x * beta > threshold ? x : Math.log1p(Math.exp(x * beta)) / beta);
  const slope = (x: number): number => (x * beta > threshold ? 1 : 1 / (1 + Math.exp(-x * beta)));

  it('has the values of its definition', () => {
    expect(doubles(POINTS).softplus(beta, threshold).toArray()).toEqual(POINTS.map(f));
  });

  it('has the gradient of its definition, and central differences agree', () => {
    const x = doubles(SMOOTH, true);
    const g = doubles(SMOOTH.map((_, i) => i + 1));
    softplus(x, beta, threshold).backward(g);
    const found = x.grad!.toArray() as number[];
    const h = 1e-5;
    SMOOTH.forEach((point, i) => {
      expect(found[i]).toBeCloseTo((i + 1) * slope(point), 12);
      expect(found[i]).toBeCloseTo((i + 1) * (f(point + h) - f(point - h)) / (2 * h), 4);
    });
  });

  it('has a second gradient: β σ(βx) (1 − σ(βx)), 0 beyond the threshold', () => {
    const x = doubles(SMOOTH, true);
    const [first] = grad(softplus(x, beta, threshold).sum(), x, { createGraph: true });
    const [second] = grad(first!.sum(), x);
    (second!.toArray() as number[]).forEach((value, i) => {
      const s = slope(SMOOTH[i]);
      expect(value).toBeCloseTo(SMOOTH[i] * beta > threshold ? 0 : beta * s * (1 - s), 10);
    });
  });

  it('is composed from core ops where no kernel serves it, with the same gradient', () => {
    const without: Backend = Object.create(nn.backend, { has: { value: (op: string) => op !== 'softplus' } }) as Backend;
    const x = doubles(SMOOTH, true);
    const y = softplus(x.to({ backend: without }), beta, threshold);
    (y.toArray() as number[]).forEach((value, i) => expect(value).toBeCloseTo(f(SMOOTH[i]), 14));
    y.sum().backward();
    (x.grad!.toArray() as number[]).forEach((value, i) => expect(value).toBeCloseTo(slope(SMOOTH[i]), 12));
  });
});

describe('the layer', () => {
  it('takes PyTorch’s options and prints them', () => {
    const layer = nn.Softplus({ beta: 3, threshold: 2 });
    expect(layer.forward(nn.tensor([0.75, 0])).toArray()).toEqual([0.75, Math.fround(Math.LN2 / 3)]);
    expect(String(layer)).toBe('Softplus(beta=3, threshold=2)');
    expect(String(nn.Softplus())).toBe('Softplus(beta=1, threshold=20)');
    expect(nn.backend.placement().map(({ op, servedBy }) => [op, servedBy])).toContainEqual(['softplus', 'cpu-naive']);
  });

  it('takes integers as float32', () => {
    expect(nn.tensor(Int32Array.of(25)).softplus().dtype).toBe('float32');
  });

  it('refuses what cannot be', () => {
    expect(() => nn.Softplus({ beta: 0 })).toThrow(code('CVY_ARG_VALUE'));
    expect(() => nn.Softplus({ betta: 1 } as object)).toThrow(code('CVY_ARG_OPTION'));
    expect(() => nn.tensor([1]).softplus(0)).toThrow(code('CVY_ARG_VALUE'));
    expect(() => nn.tensor([1]).softplus(1, NaN)).toThrow(code('CVY_ARG_VALUE'));
  });
});
