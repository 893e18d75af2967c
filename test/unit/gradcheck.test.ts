/** gradcheck passes right gradients, catches wrong ones of the first and second order, and says where. */
import { afterAll, describe, expect, it } from 'vitest';
import { gradcheck, gradgradcheck, record } from '../../dist/src/autograd/index.js';
import { createConvoy } from '../../dist/src/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const f64 = (data: number[], shape = [data.length]): Tensor => nn.tensor(data, shape, { dtype: 'float64', requiresGrad: true });

/** x² with a gradient of one's own. */
const square = (gradient: (g: Tensor, x: Tensor) => Tensor) => (x: Tensor): Tensor =>
  record('mySquare', x.detach().square(), [x], [x], (g, [s]) => [gradient(g, s)]);
const right = square((g, x) => g.mul(x).mul(2));

describe('product', () => {
  it('has right gradients of both orders where elements are zero', () => {
    for (const dim of [0, 1, null]) {
      const x = f64([0, 2, 3, 0, 1, 4], [3, 2]);
      expect(gradcheck((y) => y.prod(dim), x)).toBe(true);
      expect(gradgradcheck((y) => y.prod(dim), x)).toBe(true);
    }
    expect(gradgradcheck((y) => y.prod(1, true), f64([0, 2, 0, 1, 3, 5], [1, 3, 2]))).toBe(true);
    expect(gradgradcheck((y) => y.prod(), f64([0], []))).toBe(true);
  });
});

describe('gradcheck', () => {
  it('passes right gradients', () => {
    expect(gradcheck(right, f64([1, -2, 3]))).toBe(true);
    expect(gradcheck((a, b) => [a.matmul(b), a.exp().sum()], [f64([1, 2, 3, 4, 5, 6], [2, 3]), f64([1, 0.5, -1], [3, 1])])).toBe(true);
    expect(gradcheck((x) => x.mul(0).add(x.detach()).sub(x.detach()), f64([1]))).toBe(true);
  });

  it('catches wrong ones and says where', () => {
    const wrong = square((g, x) => g.mul(x).mul(nn.tensor([2, 2, 2.1], [3], { dtype: 'float64' })));
    expect(() => gradcheck(wrong, f64([1, -2, 3]))).toThrow(expect.objectContaining({
      code: 'CVY_GRAPH_GRADCHECK',
      message: expect.stringMatching(/output 0 × input 0: the recorded slope of output element \[2\] by input element \[2\] is 6\.3\d* but differences give (5\.99\d*|6\.0\d*|6) \(1 of 9 slopes differ/) as string,
    }));
    expect(() => gradcheck((a, b) => [a.mul(2), a.mul(square((g) => g.mul(NaN))(b))], [f64([1, 2]), f64([3, 4])])).toThrow(/output 1 × input 1: .* is NaN but differences give/);
    expect(() => gradcheck(square((g) => g.mul(0)), f64([1]))).toThrow('is 0 but differences give');
  });

  it('sees slopes that were not recorded', () => {
    expect(() => gradcheck((x) => x.detach().mul(2).add(x), f64([1]))).toThrow('is 1 but differences give 2.99');
  });

  it('leaves inputs as they were and no tensors behind', () => {
    const x = f64([1 / 3, 2 / 3]);
    gradcheck((t) => t.exp(), x);
    const { liveTensors } = convoy.memory();
    for (const fn of [(t: Tensor) => t.exp(), (): Tensor => { throw new Error('no'); }]) {
      try {
        gradcheck(fn, x);
      } catch (error) {
        expect((error as Error).message).toBe('no');
      }
    }
    expect(Array.from(x.dataSync())).toEqual([1 / 3, 2 / 3]);
    expect(x.grad).toBeNull();
    expect(convoy.memory().liveTensors).toBe(liveTensors);
  });

  it('keeps to its tolerances', () => {
    const near = square((g, x) => g.mul(x).mul(2.0005));
    expect(gradcheck(near, f64([1]))).toBe(true);
    expect(() => gradcheck(near, f64([1]), { rtol: 1e-5 })).toThrow('rtol 0.00001');
    expect(gradcheck(near, f64([1]), { rtol: 0, atol: 1e-2, eps: 1e-5 })).toBe(true);
  });

  it('refuses what it cannot check', () => {
    const code = (run: () => unknown): unknown => { try { run(); } catch (error) { return (error as { code: string }).code; } return null; };
    expect(code(() => gradcheck(right, nn.tensor([1]).requiresGrad_()))).toBe('CVY_DTYPE');
    expect(code(() => gradcheck(right, nn.tensor([1])))).toBe('CVY_GRAPH_LEAF');
    expect(code(() => gradcheck((x) => x.detach(), f64([1])))).toBe('CVY_GRAPH_LEAF');
    expect(code(() => gradcheck(right, [3 as never]))).toBe('CVY_ARG_TYPE');
    expect(code(() => gradcheck(right, f64([1]), { tol: 1 } as never))).toBe('CVY_ARG_OPTION');
    expect(code(() => gradcheck(right, f64([1]), { eps: 0 }))).toBe('CVY_ARG_VALUE');
  });

  it('holds inputs that require no gradient constant', () => {
    expect(gradcheck((x, i) => x.gather(0, i), [f64([1, 2, 3]), nn.tensor(Int32Array.of(2, 0, 2))])).toBe(true);
  });
});

describe('gradgradcheck', () => {
  it('passes right gradients of gradients', () => {
    expect(gradgradcheck(right, f64([1, -2, 3]))).toBe(true);
    expect(gradgradcheck((a, b) => a.mul(b).tanh(), [f64([0.1, 0.2]), f64([0.3, -0.4])])).toBe(true);
    expect(gradgradcheck((x) => x.mul(3), f64([1, 2]))).toBe(true);
  });

  it('catches a gradient that is right but forgets how it was computed', () => {
    const forgetful = square((g, x) => g.mul(x.detach()).mul(2));
    expect(gradcheck(forgetful, f64([1, 2]))).toBe(true);
    expect(() => gradgradcheck(forgetful, f64([1, 2]))).toThrow(/gradgradcheck: output 0 × input 0: .* is 0 but differences give/);
  });
});
