/** The tape: gradients, graphs walked twice, in-place changes, second derivatives. Numbers by hand. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, enableGrad, grad, maximum, minimum, noGrad, pow, type Tensor } from '../../dist/src/index.js';
import * as F from '../../dist/src/nn/functional/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());
const leaf = (data: number | number[] | number[][]): Tensor => nn.tensor(data, undefined, { dtype: 'float64', requiresGrad: true });
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('backward', () => {
  it('accumulates into leaves, in place of the gradient that the user holds', () => {
    const x = leaf([1, 2, 3]);
    x.square().sum().backward();
    const held = x.grad!;
    expect(held.toArray()).toEqual([2, 4, 6]);
    x.sum().backward();
    expect(held.toArray()).toEqual([3, 5, 7]);
    x.grad = null;
    expect(x.grad).toBeNull();
    expect(held.toArray()).toEqual([3, 5, 7]);
  });

  it('adds up gradients of a tensor that is used several times', () => {
    const x = leaf(3);
    const y = x.mul(x).add(x);
    y.mul(y).backward();
    expect(x.grad!.item()).toBe(2 * 12 * 7);
  });

  it('does not share the bytes of one gradient between leaves', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    a.add(b).sum().backward();
    noGrad(() => a.grad!.mul_(10));
    expect(b.grad!.toArray()).toEqual([1, 1]);
  });

  it('sums over broadcast axes', () => {
    const [a, b] = [leaf([[1, 2, 3], [4, 5, 6]]), leaf([1, 10, 100])];
    a.mul(b).sum().backward();
    expect(b.grad!.toArray()).toEqual([5, 7, 9]);
    expect(a.grad!.toArray()).toEqual([[1, 10, 100], [1, 10, 100]]);
  });

  it('refuses what has no gradient, and a second pass over what it let go of', () => {
    expect(() => nn.ones(1).backward()).toThrow(code('CVY_GRAPH_LEAF'));
    expect(() => leaf([1, 2]).mul(2).backward()).toThrow(code('CVY_GRAPH_SCALAR'));
    const y = leaf(2).square();
    y.backward(null, { retainGraph: true });
    y.backward();
    expect(() => y.backward()).toThrow(code('CVY_GRAPH_TWICE'));
    expect(() => leaf([1]).sum().backward(nn.ones(2))).toThrow(code('CVY_SHAPE_MISMATCH'));
  });

  it('records nothing under noGrad, and again under enableGrad', () => {
    const x = leaf(2);
    expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
    expect(noGrad(() => enableGrad(() => x.mul(2))).requiresGrad).toBe(true);
    expect(x.detach().requiresGrad).toBe(false);
  });
});

describe('in place', () => {
  it('changes a weight under noGrad, and only there', () => {
    const w = leaf([1, 2]);
    expect(() => w.sub_(1)).toThrow(code('CVY_GRAPH_LEAF'));
    noGrad(() => w.sub_(nn.tensor([1, 1], undefined, { dtype: 'float64' })));
    expect(w.toArray()).toEqual([0, 1]);
    expect(w.requiresGrad).toBe(true);
  });

  it('notices that a saved tensor was changed', () => {
    const x = leaf([1, 2]);
    const y = x.mul(1);
    const z = y.square().sum();
    y.add_(1);
    expect(() => z.backward()).toThrow(code('CVY_GRAPH_VERSION'));
  });

  it('records arithmetic on results', () => {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    y.add_(1).mul_(2);
    y.sum().backward();
    expect(y.toArray()).toEqual([8, 14]);
    expect(x.grad!.toArray()).toEqual([6, 6]);
  });

  it('records assignment to elements and slices', () => {
    const [a, b] = [leaf(5), leaf([1, 2])];
    const y = nn.zeros([2, 3], { dtype: 'float64' });
    y.set_([0, 1], a);
    y.set_([1, [0, 2]], b);
    y.set_([null, 2], 9);
    expect(y.toArray()).toEqual([[0, 5, 9], [1, 2, 9]]);
    y.square().sum().backward();
    expect(a.grad!.item()).toBe(10);
    expect(b.grad!.toArray()).toEqual([2, 4]);
  });

  it('gives no gradient to what was overwritten', () => {
    const x = leaf([1, 2, 3]);
    const y = x.mul(2);
    y.set_([1], 0);
    y.sum().backward();
    expect(x.grad!.toArray()).toEqual([2, 0, 2]);
  });

  it('assigns backwards, and parts of itself', () => {
    const y = nn.arange(5);
    y.set_([[null, null, -1]], nn.arange(5));
    expect(y.toArray()).toEqual([4, 3, 2, 1, 0]);
    y.set_([[0, 4]], y.slice([1, 5]));
    expect(y.toArray()).toEqual([3, 2, 1, 0, 0]);
  });

  it('refuses recorded changes of tensors that recorded views share', () => {
    const x = leaf([1, 2]).mul(1);
    const view = x.reshape(2, 1);
    expect(() => view.add_(1)).toThrow(code('CVY_GRAPH_LEAF'));
    expect(() => x.add_(1)).toThrow(code('CVY_GRAPH_LEAF'));
  });

  it('is seen by every view', () => {
    const x = nn.zeros(4);
    const view = x.view(2, 2);
    x.fill_(3).add_(1);
    expect(view.toArray()).toEqual([[4, 4], [4, 4]]);
    expect(view.zero_().sum().item()).toBe(0);
    expect(x.toArray()).toEqual([0, 0, 0, 0]);
  });
});

describe('grad', () => {
  it('returns gradients and leaves .grad alone', () => {
    const [x, y] = [leaf(3), leaf(4)];
    const [gx, gy] = grad(x.mul(y), [x, y]);
    expect([gx!.item(), gy!.item(), x.grad, y.grad]).toEqual([4, 3, null, null]);
    expect(() => grad(x.mul(2), [y])).toThrow(code('CVY_GRAPH_LEAF'));
    expect(grad(x.mul(2), [y], { allowUnused: true })).toEqual([null]);
  });

  it('differentiates gradients: the third derivative of x⁴', () => {
    const x = leaf(2);
    let y = x.pow(4);
    for (const expected of [32, 48, 48]) {
      y = grad(y, [x], { createGraph: true })[0]!;
      expect(y.item()).toBeCloseTo(expected, 10);
    }
  });

  it('goes through intermediate results', () => {
    const x = leaf(2);
    const y = x.square();
    const z = y.mul(y);
    expect(grad(z, [y], { retainGraph: true })[0]!.item()).toBe(8);
    expect(grad(z, [x])[0]!.item()).toBe(32);
  });

  it('differentiates a convolution twice', () => {
    const conv = nn.Conv2d(1, 1, 2, { bias: false });
    const x = nn.ones([1, 1, 3, 3], { requiresGrad: true });
    const y = conv.forward(x).square().sum();
    const [gx] = grad(y, [x], { createGraph: true });
    gx!.sum().backward();
    // Σ gx = Σ_p 2·s·s with s the sum of weights at each of 4 places, so its slope is 16·s for each weight.
    const s = conv.weight.sum().item();
    for (const slope of conv.weight.grad!.dataSync()) expect(slope).toBeCloseTo(16 * s, 4);
  });
});

describe('piecewise linear functions', () => {
  const image = (): Tensor => nn.tensor(Float64Array.from({ length: 32 }, (_, i) => Math.sin(i * 7)), [1, 2, 4, 4], { dtype: 'float64', requiresGrad: true });
  const penalised = (x: Tensor, f: (x: Tensor) => Tensor): Tensor => {
    const [first] = grad(f(x).sum(), x, { createGraph: true });
    return first!.square().sum();
  };

  it.each<[string, (x: Tensor) => Tensor]>([
    ['relu', (x) => x.relu()], ['relu6', (x) => F.relu6(x.mul(9))], ['leakyRelu', (x) => x.leakyRelu(0.1)], ['hardtanh', (x) => F.hardtanh(x)], ['threshold', (x) => F.threshold(x, 0.1, 3)],
    ['hardshrink', (x) => F.hardshrink(x)], ['softshrink', (x) => F.softshrink(x)], ['maxPool2d', (x) => F.maxPool2d(x, 2)], ['avgPool2d', (x) => F.avgPool2d(x, 2)],
    ['adaptiveAvgPool2d', (x) => F.adaptiveAvgPool2d(x, 3)], ['adaptiveMaxPool2d', (x) => F.adaptiveMaxPool2d(x, 3)], ['area', (x) => F.interpolate(x, { mode: 'area', size: 3 })],
    ['reflect', (x) => F.pad(x, [1, 1], { mode: 'reflect' })], ['replicate', (x) => F.pad(x, [1, 1], { mode: 'replicate' })],
    ['prelu', (x) => F.prelu(x, nn.tensor([0.2], [1], { dtype: 'float64' }))],
  ])('%s: a penalty on the gradient has a gradient of zeros, as in PyTorch', (_name, f) => {
    const x = image();
    penalised(x, f).backward();
    expect(x.grad!.shape).toEqual(x.shape);
    expect(x.grad!.abs().max().item()).toBe(0);
  });

  it.each<[string, (x: Tensor) => Tensor]>([
    ['a sum', (x) => x], ['clamp', (x) => x.clamp(-0.5, 0.5)], ['circular', (x) => F.pad(x, [1, 1], { mode: 'circular' })], ['nearest', (x) => F.interpolate(x, { mode: 'nearest', size: 3 })],
  ])('%s has none at all', (_name, f) => {
    expect(() => penalised(image(), f).backward()).toThrow(code('CVY_GRAPH_LEAF'));
  });

  it('leave their zeros to biases before a relu, and none behind it', () => {
    const [x, b, c] = [leaf([1, -2, 3]), leaf([0.5, 0.5, 0.5]), leaf([1, 1, 1])];
    penalised(x, (t) => t.mul(2).add(b).relu().add(c)).backward();
    expect(b.grad!.toArray()).toEqual([0, 0, 0]);
    expect(c.grad).toBeNull();
  });
});

describe('gradients at NaN and infinity', () => {
  it('maximum and minimum hand the whole of it to both beside a NaN', () => {
    for (const run of [maximum, minimum]) {
      const [a, b] = [leaf([NaN, 1, 2, Infinity]), leaf([1, NaN, 2, Infinity])];
      run(a, b).backward(leaf([3, 5, 7, 9]).detach());
      expect([a.grad!.toArray(), b.grad!.toArray()]).toEqual([[3, 5, 3.5, 4.5], [3, 5, 3.5, 4.5]]);
    }
  });

  it('max of everything gives it to the NaNs', () => {
    const x = leaf([1, NaN, 3]);
    x.max().backward();
    expect(x.grad!.toArray()).toEqual([0, 1, 0]);
  });

  it('prod of infinities, and of a zero among them', () => {
    const x = leaf([[Infinity, 2, -1], [Infinity, 0, 3]]);
    x.prod(1).sum().backward();
    expect(x.grad!.toArray()).toEqual([[-2, -Infinity, Infinity], [0, Infinity, NaN]]);
  });

  it('powers of 0, and to the power 0', () => {
    const x = leaf([-1, 0, 2]);
    nn.tensor(0, [], { dtype: 'float64' }).pow(x).sum().backward();
    const y = leaf([-1, 0, 2]);
    pow(0, y).sum().backward();
    expect([x.grad!.toArray(), y.grad!.toArray()]).toEqual([[-Infinity, 0, 0], [-Infinity, 0, 0]]);
    const z = leaf([1, 2]);
    z.pow(0).backward(leaf([Infinity, 1]).detach());
    expect(z.grad!.toArray()).toEqual([0, 0]);
  });
});
