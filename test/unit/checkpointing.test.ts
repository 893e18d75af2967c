/** Checkpointing: the same gradients from less memory, with everything that a function may contain. */
import { afterAll, describe, expect, it } from 'vitest';
import { checkpoint, createConvoy, grad, gradcheck, gradgradcheck, noGrad, scope, type BatchNorm2d, type Module, type Tensor } from '../../dist/src/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-tiled', seed: 0 });
afterAll(() => convoy.close());
const leaf = (data: number | number[] | number[][]): Tensor => nn.tensor(data, undefined, { dtype: 'float64', requiresGrad: true });
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

/** Gradients of a model's parameters and of `x`. */
function slopes(model: Module, x: Tensor, forward: (x: Tensor) => Tensor): number[][] {
  model.zeroGrad();
  x.grad = null;
  forward(x).square().mean().backward();
  return [...model.parameters(), x].map((p) => list(p.grad!));
}

describe('checkpoint', () => {
  it('gives the gradients of parameters and inputs to the bit', () => {
    const model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 4), nn.Tanh());
    const x = nn.randn([2, 2, 6, 6], { requiresGrad: true });
    const plain = slopes(model, x, (input) => model.forward(input));
    expect(slopes(model, x, (input) => checkpoint((t: Tensor) => model.forward(t), input))).toEqual(plain);
    // The input may also come from outside of the list.
    expect(slopes(model, x, (input) => checkpoint(() => model.forward(input)))).toEqual(plain);
    // Nothing but the parameters needs to require a gradient.
    const constant = x.detach();
    model.zeroGrad();
    checkpoint((t: Tensor) => model.forward(t), constant).square().mean().backward();
    expect(model.parameters().map((p) => list(p.grad!))).toEqual(plain.slice(0, -1));
  });

  it('keeps less until backward, and lets go of all afterwards', () => {
    const blocks = Array.from({ length: 6 }, () => nn.Sequential(nn.Conv2d(4, 4, 3, { padding: 1 }), nn.Tanh(), nn.Conv2d(4, 4, 3, { padding: 1 }), nn.Tanh(), nn.Sigmoid()));
    const model = nn.Sequential(...blocks);
    const x = nn.randn(4, 4, 16, 16);
    const image = 4 * 4 * 16 * 16 * 4;
    const measured = (forward: () => Tensor): { held: number; left: number; peak: number } => {
      model.parameters().forEach((p) => { p.grad = nn.zeros(p.shape); });
      const before = convoy.memory().bytesInUse;
      let [held, peak] = [0, 0];
      scope(() => {
        const y = scope(forward);
        held = convoy.memory().bytesInUse - before;
        y.registerHook(() => {});
        y.sum().backward();
        peak = convoy.memory().bytesInUse - before;
      });
      return { held, left: convoy.memory().bytesInUse - before, peak };
    };
    const plain = measured(() => model.forward(x));
    const sparing = measured(() => blocks.reduce((t, block) => checkpoint((s: Tensor) => block.forward(s), t), x));
    // Every block saves its input and the outputs of all its layers but convolutions' own; then only its output.
    expect(plain.held / image).toBeGreaterThanOrEqual(18);
    expect(sparing.held / image).toBeLessThanOrEqual(6.1);
    expect([plain.left, sparing.left]).toEqual([0, 0]);
    const one = measured(() => checkpoint((t: Tensor) => model.forward(t), x));
    expect(one.held / image).toBeLessThanOrEqual(1.1);
  });

  it('repeats the masks of dropout, and what is drawn next is as if nothing was repeated', () => {
    const model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.Linear(8, 8), nn.Dropout(0.3));
    const x = nn.randn([3, 8], { requiresGrad: true });
    const at = nn.rng.position;
    const plain = slopes(model, x, (input) => model.forward(input));
    const behind = nn.rng.position;
    nn.rng.position = at;
    expect(slopes(model, x, (input) => checkpoint((t: Tensor) => model.forward(t), input))).toEqual(plain);
    expect(nn.rng.position).toBe(behind);
  });

  it('updates running statistics once', () => {
    const norm = nn.BatchNorm2d(2);
    const twin = nn.BatchNorm2d(2);
    const x = nn.randn([4, 2, 3, 3], { requiresGrad: true });
    checkpoint((t: Tensor) => norm.forward(t), x).square().sum().backward();
    twin.forward(x);
    const state = ({ runningMean, runningVar, numBatchesTracked }: BatchNorm2d): number[][] => [runningMean, runningVar, numBatchesTracked].map((t) => list(t!));
    expect(state(norm)).toEqual(state(twin));
  });

  it('may stand in checkpoints', () => {
    const model = nn.Sequential(...Array.from({ length: 4 }, () => nn.Sequential(nn.Linear(6, 6), nn.Dropout(0.2), nn.Tanh())));
    const x = nn.randn([2, 6], { requiresGrad: true });
    const halves = (input: Tensor): Tensor => checkpoint((t: Tensor) => {
      const middle = checkpoint((s: Tensor) => model.at(1).forward(model.at(0).forward(s)), t);
      return checkpoint((s: Tensor) => checkpoint((r: Tensor) => model.at(3).forward(r), model.at(2).forward(s)), middle);
    }, input);
    const at = nn.rng.position;
    const plain = slopes(model, x, (input) => model.forward(input));
    nn.rng.position = at;
    const before = scope(() => {
      const bytes = convoy.memory().bytesInUse;
      const y = halves(x);
      // The input is its own; nothing but the output is new.
      expect(convoy.memory().bytesInUse - bytes).toBe(y.numel * 4);
      return bytes;
    });
    expect(convoy.memory().bytesInUse).toBe(before);
    nn.rng.position = at;
    expect(slopes(model, x, halves)).toEqual(plain);
  });

  it('serves grad, hooks, retained graphs and second derivatives', () => {
    const w = leaf([0.3, -0.2]);
    const f = (x: Tensor): Tensor => checkpoint((t: Tensor) => t.mul(w).sin().exp(), x);
    const x = leaf([0.5, 1.5]);
    gradcheck((t) => f(t), [x]);
    gradgradcheck((t) => f(t), [x]);
    gradcheck((a, b) => checkpoint((s: Tensor, t: Tensor) => [s.mul(t).tanh(), s.div(t)], a, b), [leaf([1, 2]), leaf([3, 4])]);
    let runs = 0;
    const counted = (t: Tensor): Tensor => {
      runs++;
      return t.square().exp();
    };
    const y = checkpoint(counted, x).sum();
    const first = grad(y, [x], { retainGraph: true })[0]!;
    const second = grad(y, [x])[0]!;
    expect([runs, list(first)]).toEqual([2, list(second)]);
    expect(() => grad(y, [x])).toThrow(code('CVY_GRAPH_TWICE'));
    const seen: number[] = [];
    checkpoint((t: Tensor) => {
      const inner = t.square();
      inner.registerHook((g) => void seen.push(g.item()));
      return inner.exp();
    }, leaf(0)).backward();
    expect(seen).toEqual([1]);
  });

  it('passes what is no tensor, returns what it is given, and records nothing under noGrad', () => {
    const x = leaf([1, 2]);
    const { values, label } = checkpoint((t: Tensor, by: number, name: string) => ({ values: t.mul(by).square(), label: name }), x, 3, 'three');
    values.sum().backward();
    expect([label, x.grad!.toArray()]).toEqual(['three', [18, 36]]);
    expect(noGrad(() => checkpoint((t: Tensor) => t.mul(2), x)).requiresGrad).toBe(false);
    expect(checkpoint((t: Tensor) => t.mul(2), nn.ones(1)).requiresGrad).toBe(false);
  });

  it('notices changes in between and functions that do not repeat', () => {
    const x = leaf([1, 2]).mul(1);
    const y = checkpoint((t: Tensor) => t.mul(2).square(), x).sum();
    x.add_(1);
    expect(() => y.backward()).toThrow(code('CVY_GRAPH_VERSION'));

    const linear = nn.Linear(2, 2);
    const z = checkpoint((t: Tensor) => linear.forward(t), nn.ones([1, 2], { requiresGrad: true })).sum();
    noGrad(() => linear.weight.mul_(2));
    expect(() => z.backward()).toThrow(code('CVY_GRAPH_VERSION'));

    for (const other of [(t: Tensor) => t.exp().exp(), (t: Tensor) => t.square().mul(1), (t: Tensor) => t.mul(1), (t: Tensor) => t.square().square().square()]) {
      let again = false;
      const changed = checkpoint((t: Tensor) => {
        if (again) return other(t);
        again = true;
        return t.square().square();
      }, leaf([1, 2]));
      expect(() => changed.sum().backward()).toThrow(code('CVY_GRAPH_CHECKPOINT'));
    }
    expect(() => checkpoint((t: Tensor) => grad(t.square().sum(), [t], { createGraph: true })[0]!, leaf([1, 2]))).toThrow(/a gradient is asked for inside/);
    expect(() => checkpoint(async () => {})).toThrow(code('CVY_ARG_ASYNC'));
    expect(() => checkpoint(3 as never)).toThrow(code('CVY_ARG_TYPE'));
  });
});
