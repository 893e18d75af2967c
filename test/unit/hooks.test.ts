/** Hooks on tensors and on modules: what they see, what they may replace, in which order, and that nothing stays of them. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, grad, scope, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());
const leaf = (data: number | number[]): Tensor => nn.tensor(data, undefined, { dtype: 'float64', requiresGrad: true });
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('tensor hooks', () => {
  it('see the gradient of a leaf once, summed over its uses, and may replace it', () => {
    const x = leaf([1, 2]);
    const seen: unknown[] = [];
    x.registerHook((g) => void seen.push(g.toArray()));
    const doubled = x.registerHook((g) => g.mul(2));
    x.mul(3).add(x).sum().backward();
    expect(seen).toEqual([[4, 4]]);
    expect(x.grad!.toArray()).toEqual([8, 8]);
    doubled.remove();
    doubled.remove();
    x.grad = null;
    x.sum().backward();
    expect(x.grad!.toArray()).toEqual([1, 1]);
  });

  it('run in the order of their registration, on results before what comes before them', () => {
    const x = leaf(3);
    const y = x.square();
    const order: string[] = [];
    x.registerHook(() => void order.push('x'));
    y.registerHook((g) => {
      order.push('y first');
      return g.mul(10);
    });
    y.registerHook((g) => void order.push(`y second ${g.item()}`));
    y.mul(2).backward();
    expect(order).toEqual(['y first', 'y second 20', 'x']);
    expect(x.grad!.item()).toBe(120);
  });

  it('may keep what they got and what they return', () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const kept: Tensor[] = [];
    y.registerHook((g) => {
      const half = g.mul(0.5);
      kept.push(g, half);
      return half;
    });
    y.sum().backward();
    expect(kept.map((g) => g.toArray())).toEqual([[1, 1], [0.5, 0.5]]);
    expect(x.grad!.toArray()).toEqual([1, 1]);
    // The gradient is not the kept tensor's bytes.
    x.grad!.mul_(5);
    expect(kept[1].toArray()).toEqual([0.5, 0.5]);
  });

  it('run for grad, also on what is asked for', () => {
    const x = leaf(2);
    const y = x.mul(3);
    x.registerHook((g) => g.add(1));
    y.registerHook((g) => g.mul(2));
    expect(grad(y.mul(5), [x, y]).map((g) => g!.item())).toEqual([31, 10]);
  });

  it('are differentiated with createGraph', () => {
    const x = leaf(2);
    x.registerHook((g) => g.mul(x));
    const [g] = grad(x.square(), [x], { createGraph: true });
    expect(g!.item()).toBe(8);
    // 2·x·x, whose slope is 4·x, through the hook once more.
    expect(grad(g!, [x])[0]!.item()).toBe(16);
  });

  it('can be removed by themselves, and at the end of a using', () => {
    const x = leaf(1);
    let calls = 0;
    const once = x.registerHook(() => {
      calls++;
      once.remove();
    });
    x.mul(1).backward();
    x.mul(1).backward();
    expect(calls).toBe(1);
    const other = x.registerHook(() => void calls++);
    other[Symbol.dispose]();
    x.mul(1).backward();
    expect(calls).toBe(1);
  });

  it('leave no tensor behind', () => {
    const x = leaf([1, 2, 3]);
    x.registerHook((g) => g.mul(2));
    x.mul(1).sum().backward();
    const before = convoy.memory().bytesInUse;
    scope(() => x.mul(1).sum().backward());
    expect(convoy.memory().bytesInUse).toBe(before);
  });

  it('refuse what has no gradient and what does not fit', () => {
    expect(() => nn.ones(1).registerHook(() => {})).toThrow(code('CVY_GRAPH_LEAF'));
    expect(() => leaf(1).registerHook(3 as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => leaf(1).registerHook((async () => {}) as never)).toThrow(code('CVY_ARG_ASYNC'));
    const x = leaf([1, 2]);
    const handle = x.registerHook(() => nn.ones([3], { dtype: 'float64' }));
    expect(() => x.sum().backward()).toThrow(/hook: it returned \[3\] float64 but the gradient is \[2\] float64/);
    handle.remove();
    x.registerHook(() => 2 as never);
    expect(() => x.sum().backward()).toThrow(code('CVY_ARG_TYPE'));
  });
});

describe('retainGrad', () => {
  it('accumulates into the gradient of a result, as its hooks leave it', () => {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    y.retainGrad();
    y.registerHook((g) => g.mul(10));
    const z = y.square().sum();
    z.backward(null, { retainGraph: true });
    expect(y.grad!.toArray()).toEqual([60, 120]);
    z.backward();
    expect(y.grad!.toArray()).toEqual([120, 240]);
    expect(x.grad!.toArray()).toEqual([360, 720]);
  });

  it('does nothing more for leaves, and refuses constants', () => {
    const x = leaf(1);
    x.retainGrad();
    x.mul(2).backward();
    expect(x.grad!.item()).toBe(2);
    expect(() => nn.ones(1).retainGrad()).toThrow(code('CVY_GRAPH_LEAF'));
  });
});
