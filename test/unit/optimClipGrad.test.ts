/** Clipping of gradients by norm and by value. */
import { afterAll, describe, expect, it } from 'vitest';
import { clipGradNorm_, clipGradValue_, createConvoy, SGD, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const withGrad = (values: number[] | null, dtype: 'float32' | 'float64' = 'float64'): Tensor => {
  const p = nn.parameter(nn.zeros([values?.length ?? 1], { dtype }));
  if (values) p.grad = nn.tensor(values, [values.length], { dtype });
  return p;
};
const grads = (...list: Tensor[]): (number[] | null)[] => list.map((p) => p.grad && Array.from(p.grad.dataSync()));
const code = (make: () => unknown): unknown => { try { make(); } catch (error) { return (error as { code: string }).code; } return null; };

describe('clipGradNorm_', () => {
  it('scales all gradients by one factor, and leaves parameters without one alone', () => {
    const [p, q, none] = [withGrad([3, 0]), withGrad([0, -4]), withGrad(null)];
    const norm = clipGradNorm_([p, none, q], 2.5);
    expect(norm.shape).toEqual([]);
    expect(norm.item()).toBeCloseTo(5, 12);
    expect(p.grad!.toArray<number[]>()[0]).toBeCloseTo(1.5, 6);
    expect(q.grad!.toArray<number[]>()[1]).toBeCloseTo(-2, 6);
    expect(none.grad).toBeNull();
  });

  it('leaves smaller gradients as they are, to the bit', () => {
    const p = withGrad([0.1, 0.7]);
    expect(clipGradNorm_(p, 1).item()).toBeCloseTo(Math.sqrt(0.5), 12);
    expect(grads(p)).toEqual([[0.1, 0.7]]);
    clipGradNorm_([p], Infinity);
    expect(grads(p)).toEqual([[0.1, 0.7]]);
  });

  it.each([[1, 11], [3, (216 + 8 + 27) ** (1 / 3)], [Infinity, 6], [-Infinity, 2], [0, 2], [0.5, (Math.sqrt(6) + Math.sqrt(2) + Math.sqrt(3)) ** 2], [-1, 1 / (1 / 6 + 1 / 2 + 1 / 3)]])('measures with normType %d', (normType, norm) => {
    const [p, q] = [withGrad([-6]), withGrad([2, 3])];
    expect(clipGradNorm_([p, q], Infinity, { normType }).item()).toBeCloseTo(norm, 12);
  });

  it('spreads a norm that is not finite, or refuses it before it changes anything', () => {
    for (const bad of [NaN, Infinity]) {
      const [p, q] = [withGrad([bad]), withGrad([1])];
      expect(() => clipGradNorm_([p, q], 1, { errorIfNonfinite: true })).toThrow(`clipGradNorm_: the norm of 2 gradients is ${bad}`);
      expect(grads(p, q)).toEqual([[bad], [1]]);
      clipGradNorm_([p, q], 1);
      expect(grads(p, q)).toEqual([[NaN], [Number.isNaN(bad) ? NaN : 0]]);
    }
  });

  it('is 0 without gradients, and takes dtypes together', () => {
    expect(clipGradNorm_([withGrad(null)], 1).item()).toBe(0);
    const [p, q] = [withGrad([3], 'float32'), withGrad([4])];
    const norm = clipGradNorm_([p, q], 1);
    expect(norm.dtype).toBe('float64');
    expect(norm.item()).toBeCloseTo(5, 6);
    expect([p.grad!.dtype, q.grad!.dtype]).toEqual(['float32', 'float64']);
  });

  it('does not take gradients out of zeroGrad’s hands', () => {
    const p = nn.parameter(nn.ones(1000));
    const { bytesInUse } = convoy.memory();
    const loss = p.sum();
    loss.backward();
    loss.dispose();
    clipGradNorm_([p], 1).dispose();
    clipGradValue_([p], 0.001);
    new SGD([p]).zeroGrad();
    expect(convoy.memory().bytesInUse).toBe(bytesInUse);
  });

  it('changes a recorded gradient without recording', () => {
    const p = nn.parameter(nn.tensor([2, 3], [2], { dtype: 'float64' }));
    p.mul(p).sum().backward(undefined, { createGraph: true });
    clipGradNorm_([p], 1);
    expect(Math.hypot(...p.grad!.toArray<number[]>())).toBeCloseTo(1, 5);
  });
});

describe('clipGradValue_', () => {
  it('limits every element', () => {
    const [p, none] = [withGrad([-3, 0.5, 2, NaN]), withGrad(null)];
    clipGradValue_([p, none], 1);
    expect(grads(p)).toEqual([[-1, 0.5, 1, NaN]]);
    clipGradValue_(p, 0);
    expect(grads(p)[0]!.slice(0, 3).map(Math.abs)).toEqual([0, 0, 0]);
  });
});

it('refuses other arguments', () => {
  const p = withGrad([1]);
  expect(() => clipGradNorm_([p], -1)).toThrow('clipGradNorm_: maxNorm is -1 but must be a number ≥ 0');
  expect(() => clipGradValue_([p], NaN)).toThrow('clipGradValue_: clipValue is NaN');
  expect(() => clipGradNorm_([p], 1, { normType: 'inf' as never })).toThrow('normType is inf');
  expect(() => clipGradNorm_([p], 1, { foreach: true } as never)).toThrow("option 'foreach' is unknown");
  expect(code(() => clipGradNorm_([], 1))).toBe('CVY_ARG_VALUE');
  expect(code(() => clipGradNorm_(3 as never, 1))).toBe('CVY_ARG_TYPE');
  expect(code(() => clipGradValue_([p, 3 as never], 1))).toBe('CVY_ARG_TYPE');
  expect(code(() => clipGradNorm_([p], 1, { errorIfNonfinite: 1 as never }))).toBe('CVY_ARG_TYPE');
  expect(grads(p)).toEqual([[1]]);
});
