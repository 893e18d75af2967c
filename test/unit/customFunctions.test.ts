/** Functions with a gradient of the user's own: one and several outputs, constants, second derivatives, and what is refused. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, defineFunction, grad, gradcheck, gradgradcheck, noGrad, type FunctionContext, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());
const leaf = (data: number | number[] | number[][]): Tensor => nn.tensor(data, undefined, { dtype: 'float64', requiresGrad: true });
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

const scaledExp = defineFunction({
  name: 'scaledExp',
  forward(ctx: FunctionContext<{ factor: number }>, x: Tensor, factor: number) {
    const y = x.mul(factor).exp();
    ctx.saveForBackward(y);
    ctx.state.factor = factor;
    return y;
  },
  backward: (ctx, g) => [g.mul(ctx.saved[0]).mul(ctx.state.factor), null],
});

/** Sum and product, of which backward is told one gradient each. */
const both = defineFunction({
  name: 'both',
  forward(ctx, a: Tensor, b: Tensor): Tensor[] {
    ctx.saveForBackward(a, b);
    return [a.add(b), a.mul(b)];
  },
  backward(ctx, gSum, gProduct) {
    const [a, b] = ctx.saved;
    return [gSum.add(gProduct.mul(b)), gSum.add(gProduct.mul(a))];
  },
});

describe('defineFunction', () => {
  it('takes its own gradient, in any order', () => {
    const x = leaf([0.5, -1]);
    const y = scaledExp(x, 3);
    expect([y.gradFn!.name, y.requiresGrad]).toEqual(['scaledExp', true]);
    y.sum().backward();
    x.grad!.dataSync().forEach((slope, i) => expect(slope).toBeCloseTo(3 * y.dataSync()[i], 12));
    gradcheck((t) => scaledExp(t, 3), [x]);
    gradgradcheck((t) => scaledExp(t, 3), [x]);
  });

  it('has several outputs; zeros stand for a gradient that did not arrive', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const [sum, product] = both(a, b);
    expect(sum.gradFn).toBe(product.gradFn);
    expect(grad(product.sum(), [a, b], { retainGraph: true }).map((g) => g!.toArray())).toEqual([[3, 4], [1, 2]]);
    expect(grad(sum.add(product.mul(2)).sum(), [a, b], { retainGraph: true }).map((g) => g!.toArray())).toEqual([[7, 9], [3, 5]]);
    // An output can itself be asked for, beside its sibling.
    expect(grad(sum.mul(5).add(product).sum(), [sum, product, a]).map((g) => g!.toArray())).toEqual([[5, 5], [1, 1], [8, 9]]);
    gradcheck((s, t) => both(s, t), [a, b]);
    gradgradcheck((s, t) => both(s, t), [a, b]);
  });

  it('knows hooks and retained gradients of each output', () => {
    const [a, b] = [leaf(2), leaf(3)];
    const [sum, product] = both(a, b);
    sum.retainGrad();
    product.registerHook((g) => g.mul(10));
    sum.mul(4).add(product).backward();
    expect([sum.grad!.item(), product.grad, a.grad!.item(), b.grad!.item()]).toEqual([4, null, 34, 24]);
  });

  it('has outputs without a gradient: marked ones and integers', () => {
    let seen: number[][] = [];
    const sorted = defineFunction({
      name: 'largest',
      forward(ctx, x: Tensor): Tensor[] {
        const { values, indices } = x.max(1);
        const count = x.gt(0).to(x.dtype).sum(1);
        ctx.markNonDifferentiable(count);
        ctx.saveForBackward(indices, x);
        return [indices, values, count];
      },
      backward(ctx, ...gs) {
        seen = gs.map((g) => [...g.dataSync()]);
        const [indices, x] = ctx.saved;
        expect(indices.toArray()).toEqual([1, 0]);
        return x.eq(x.max(1, true).values).to(x.dtype).mul(gs[1].unsqueeze(1));
      },
    });
    const x = leaf([[1, 5, 2], [7, -3, 4]]);
    const [indices, values, count] = sorted(x);
    expect([indices.requiresGrad, values.requiresGrad, count.requiresGrad]).toEqual([false, true, false]);
    values.sum().backward();
    expect(seen).toEqual([[0, 0], [1, 1], [0, 0]]);
    expect(x.grad!.toArray()).toEqual([[0, 1, 0], [1, 0, 0]]);
  });

  it('says which gradients are wanted, and takes null for the others', () => {
    const wanted: unknown[] = [];
    const times = defineFunction({
      name: 'times',
      forward(ctx, a: Tensor, label: string, b: Tensor) {
        wanted.push(label, ctx.needsInputGrad);
        ctx.saveForBackward(a, b);
        return a.mul(b);
      },
      backward(ctx, g) {
        wanted.push(ctx.needsInputGrad);
        return [null, null, ctx.needsInputGrad[2] ? g.mul(ctx.saved[0]) : null];
      },
    });
    const [a, b] = [nn.tensor([2, 3], undefined, { dtype: 'float64' }), leaf([1, 1])];
    times(a, 'x', b).sum().backward();
    expect(wanted).toEqual(['x', [false, false, true], [false, false, true]]);
    expect([a.grad, b.grad!.toArray()]).toEqual([null, [2, 3]]);
    expect(noGrad(() => times(a, 'x', b)).requiresGrad).toBe(false);
  });

  it('may return an input, and the same tensor twice', () => {
    const twin = defineFunction({
      name: 'twin',
      forward: (_ctx, x: Tensor): Tensor[] => {
        const y = x.mul(2);
        return [x, y, y];
      },
      backward: (_ctx, a, b, c) => a.add(b.mul(2)).add(c.mul(2)),
    });
    const x = leaf(1);
    const [a, b, c] = twin(x);
    expect([x.isLeaf, a.isLeaf, new Set([a, b, c]).size]).toEqual([true, false, 3]);
    a.add(b.mul(10)).add(c.mul(100)).backward();
    expect(x.grad!.item()).toBe(221);
    // Recorded changes of what shares an input's bytes are refused.
    expect(() => twin(leaf(1))[0].add_(1)).toThrow(code('CVY_GRAPH_LEAF'));
  });

  it('takes one tensor as two inputs', () => {
    const x = leaf(3);
    const [, product] = both(x, x);
    product.backward();
    expect(x.grad!.item()).toBe(6);
  });

  it('notices what was saved and changed, walked twice, or kept too long', () => {
    const x = leaf([1, 2]).mul(1);
    const [, product] = both(x, leaf([1, 1]));
    x.add_(1);
    expect(() => product.sum().backward()).toThrow(/both saved a tensor at version 0/);
    const y = scaledExp(leaf(1), 2);
    y.backward();
    expect(() => y.backward()).toThrow(code('CVY_GRAPH_TWICE'));
    let stolen: Tensor | undefined;
    const thief = defineFunction({
      name: 'thief',
      forward(ctx, t: Tensor) {
        const s = t.mul(2);
        ctx.saveForBackward(s);
        return s;
      },
      backward(ctx, g) {
        [stolen] = ctx.saved;
        return g;
      },
    });
    thief(leaf(1)).backward();
    expect(() => stolen!.item()).toThrow(code('CVY_MEMORY_DISPOSED'));
  });

  it.each<[string, (g: Tensor) => unknown, string, RegExp]>([
    ['nothing', () => undefined, 'CVY_GRAPH_FUNCTION', /^bad: backward returned no gradients but 2 are required.*inputs \[2\], no tensor/],
    ['too few', (g) => g, 'CVY_GRAPH_FUNCTION', /^bad: backward returned 1 gradients but 2/],
    ['too many', (g) => [g, null, null], 'CVY_GRAPH_FUNCTION', /^bad: backward returned 3 gradients/],
    ['one for a number', (g) => [g, g], 'CVY_GRAPH_FUNCTION', /^bad: backward returned a gradient \[2\] for input 1 but that is no tensor/],
    ['another shape', (g) => [g.sum(), null], 'CVY_SHAPE_MISMATCH', /^bad: gradient 0 .* is \[\] but its input is \[2\]/],
    ['another dtype', (g) => [g.to('float32'), null], 'CVY_DTYPE', /^bad: gradient 0 .* is float32 but its input is float64/],
    ['a number', () => [1, null], 'CVY_ARG_TYPE', /^bad: gradient 0 .* is number/],
  ])('refuses a backward that returns %s', (_, backward, expected, message) => {
    const bad = defineFunction({ name: 'bad', forward: (_ctx, x: Tensor, k: number) => x.mul(k), backward: (_ctx, g) => backward(g) as Tensor });
    const run = (): void => bad(leaf([1, 2]), 3).sum().backward();
    expect(run).toThrow(code(expected));
    expect(run).toThrow(message);
  });

  it('refuses a forward that breaks the rules', () => {
    const make = (forward: (ctx: FunctionContext, x: Tensor) => unknown): (() => unknown) => {
      const f = defineFunction({ name: 'bad', forward: (ctx, x: Tensor) => forward(ctx, x) as Tensor, backward: (_ctx, g) => g });
      return () => f(leaf([1, 2]));
    };
    expect(make(() => 3)).toThrow(/^bad: forward returned number/);
    expect(make(() => [])).toThrow(code('CVY_ARG_TYPE'));
    expect(make((ctx, x) => {
      ctx.saveForBackward(3 as never);
      return x.mul(2);
    })).toThrow(/^bad: saveForBackward was given something that is no tensor/);
    expect(make((_ctx, x) => x.add_(1))).toThrow(code('CVY_GRAPH_FUNCTION'));
    expect(() => defineFunction({ name: '', forward: (_c, x: Tensor) => x, backward: (_c, g) => g })).toThrow(code('CVY_ARG_TYPE'));
    expect(() => defineFunction({ name: 'x', forward: (async () => {}) as never, backward: (_c, g) => g })).toThrow(code('CVY_ARG_ASYNC'));
    expect(() => defineFunction(undefined as never)).toThrow(code('CVY_ARG_TYPE'));
  });
});

describe('backward and grad', () => {
  it('take several roots, inputs to accumulate into, and zeros for what has no effect', async () => {
    const { backward } = await import('../../dist/src/index.js');
    const [x, w] = [leaf(2), leaf(5)];
    backward([x.mul(3), x.square().mul(w)], [null, nn.tensor(10, undefined, { dtype: 'float64' })]);
    expect([x.grad!.item(), w.grad!.item()]).toEqual([3 + 200, 40]);
    const y = x.mul(w);
    x.grad = w.grad = null;
    y.square().backward(null, { inputs: [w, y] });
    expect([x.grad, w.grad!.item(), y.grad!.item()]).toEqual([null, 40, 20]);
    w.mul(3).backward(null, { inputs: [w, w] });
    expect(w.grad!.item()).toBe(43);
    expect(grad(x.mul(2), [x, w], { materializeGrads: true }).map((g) => g!.item())).toEqual([2, 0]);
    expect(grad(x.mul(2), x, { gradOutputs: nn.tensor(7, undefined, { dtype: 'float64' }) })[0]!.item()).toBe(14);
    expect(() => backward([x.mul(2), x.mul(3)], [null])).toThrow(/1 gradients are given but the roots are 2/);
    expect(() => backward([])).toThrow(code('CVY_ARG_VALUE'));
    expect(() => grad(x.mul(2), [])).toThrow(code('CVY_ARG_VALUE'));
    expect(() => grad(x.mul(2), [3 as never])).toThrow(code('CVY_ARG_TYPE'));
  });
});
