/** Hooks on tensors and on modules: what they see, what they may replace, in which order, and that nothing stays of them. */
import { afterAll, describe, expect, it } from 'vitest';
import { checkpoint, createConvoy, deepCopy, fuse, grad, gradcheck, Module, noGrad, scope, type Tensor } from '../../dist/src/index.js';

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
  it('follows the tensor through in-place changes', () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    y.retainGrad();
    y.square_();
    y.mul(5).sum().backward();
    expect(y.grad!.toArray()).toEqual([5, 5]);
    expect(x.grad!.toArray()).toEqual([40, 80]);
    const z = x.mul(2);
    z.retainGrad();
    const before = z.mul(3).sum();
    before.backward(null, { retainGraph: true });
    z.add_(1);
    expect(z.grad!.toArray()).toEqual([3, 3]);
    z.mul(4).sum().backward();
    expect(z.grad!.toArray()).toEqual([7, 7]);
  });

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

/** A user's module of two inputs, with a layer and a function. */
class Gate extends Module {
  readonly linear = nn.Linear(2, 2, { bias: false });

  forward(x: Tensor, y: Tensor): Tensor {
    return this.linear.forward(x).mul(y);
  }
}

const ones = (...shape: number[]): Tensor => nn.ones(shape, { requiresGrad: true });

describe('module hooks', () => {
  it('run around forward, in the order of their registration, and may replace inputs and output', () => {
    const relu = nn.ReLU();
    const seen: string[] = [];
    const handles = [
      relu.registerForwardPreHook((module, inputs) => {
        seen.push(`${module.constructor.name} ${(inputs[0] as Tensor).item()}`);
        return (inputs[0] as Tensor).add(1);
      }),
      relu.registerForwardPreHook((_, [x]) => [(x as Tensor).mul(10)]),
      relu.registerForwardHook((_, [x], y) => {
        seen.push(`${(x as Tensor).item()} ${y.item()}`);
        return y.add(0.5);
      }),
      relu.registerForwardHook((_, __, y) => void seen.push(`${y.item()}`)),
    ];
    expect(relu.forward(nn.tensor(2)).item()).toBe(30.5);
    expect(seen).toEqual(['ReLU 2', '30 30', '30.5']);
    handles.forEach((handle) => handle.remove());
    expect(relu.forward(nn.tensor(2)).item()).toBe(2);
    expect(Object.hasOwn(relu, 'forward')).toBe(false);
  });

  it('run for users’ modules, in Sequentials, and for a forward of the module’s own', () => {
    const gate = new Gate();
    let calls = 0;
    const handle = gate.registerForwardHook((module, inputs) => {
      expect([module, inputs.length]).toEqual([gate, 2]);
      calls++;
    });
    gate.forward(ones(1, 2), ones(1, 2));
    const layer = nn.ReLU();
    const model = nn.Sequential(nn.Conv2d(1, 1, 1), layer);
    model.forward(nn.ones(1, 1, 2, 2));
    layer.registerForwardHook(() => void calls++);
    model.registerForwardHook(() => void calls++);
    // Neither layer is fused away now.
    model.forward(nn.ones(1, 1, 2, 2));
    expect(calls).toBe(3);
    handle.remove();
    const replaced = nn.ReLU();
    replaced.forward = (x: Tensor): Tensor => x.mul(3);
    const hook = replaced.registerForwardHook((_, __, y) => y.add(1));
    expect(replaced.forward(nn.tensor(2)).item()).toBe(7);
    hook.remove();
    expect(replaced.forward(nn.tensor(2)).item()).toBe(6);
  });

  it('run once for a lazy layer’s first call, and go on for the layer that it becomes', () => {
    const lazy = nn.LazyLinear(2);
    const model = nn.Sequential(lazy, nn.ReLU());
    const seen: string[] = [];
    lazy.registerForwardHook((module, _, y) => void seen.push(`${module.constructor.name} ${y.shape.join()}`));
    model.forward(nn.ones(1, 3));
    model.forward(nn.ones(4, 3));
    expect(seen).toEqual(['Linear 1,2', 'Linear 4,2']);
    expect(model.parameters().length).toBe(2);
  });

  it('keep layers from being fused, for a call and for good', () => {
    const model = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.ReLU()).eval();
    expect(fuse(model).at(1).constructor.name).toBe('Identity');
    const handle = model.at(1).registerForwardHook(() => {});
    expect(fuse(model).at(1).constructor.name).toBe('BatchNorm2d');
    handle.remove();
    const whole = model.registerForwardPreHook(() => {});
    expect(fuse(model).at(1).constructor.name).toBe('BatchNorm2d');
    whole.remove();
    expect(fuse(model).at(1).constructor.name).toBe('Identity');
  });

  it('are not parameters, not printed, and go with a copy', () => {
    const linear = nn.Linear(1, 1);
    const text = linear.toString();
    let calls = 0;
    const handle = linear.registerForwardHook((module) => {
      calls++;
      expect(module.weight).toBeDefined();
    });
    expect([linear.toString(), Object.keys(linear.stateDict())]).toEqual([text, ['weight', 'bias']]);
    const copy = deepCopy(linear);
    handle.remove();
    linear.forward(nn.ones(1));
    expect(calls).toBe(0);
    copy.forward(nn.ones(1));
    expect(calls).toBe(1);
  });

  it('backward: see the gradients of inputs and outputs as PyTorch does', () => {
    const gate = new Gate();
    noGrad(() => gate.linear.weight.copy_(nn.tensor([[1, 2], [3, 4]])));
    const [x, y] = [ones(1, 2), nn.tensor([[5, 6]], undefined, { requiresGrad: true })];
    const seen: unknown[] = [];
    gate.registerFullBackwardHook((module, gradInput, gradOutput) => {
      expect(module).toBe(gate);
      seen.push(gradInput.map((g) => g?.toArray()), gradOutput.map((g) => g?.toArray()));
    });
    gate.forward(x, y).sum().backward();
    expect(seen).toEqual([[[[23, 34]], [[3, 7]]], [[[1, 1]]]]);
    expect([x.grad!.toArray(), y.grad!.toArray()]).toEqual([[[23, 34]], [[3, 7]]]);
  });

  it('backward: null for what has no gradient, and called at the output when no input has one', () => {
    const linear = nn.Linear(2, 1);
    const seen: unknown[] = [];
    linear.registerFullBackwardHook((_, gradInput, gradOutput) => void seen.push([gradInput, gradOutput[0]!.toArray()]));
    linear.forward(nn.ones(1, 2)).mul(3).sum().backward();
    expect(seen).toEqual([[[null], [[3]]]]);
    expect(linear.weight.grad!.toArray()).toEqual([[3, 3]]);
    noGrad(() => linear.forward(nn.ones(1, 2)));
    expect(linear.forward(nn.ones(1, 2)).detach().requiresGrad).toBe(false);
    expect(seen.length).toBe(1);
    const gate = new Gate();
    gate.registerFullBackwardHook((_, gradInput) => void seen.push(gradInput.map((g) => g === null)));
    gate.forward(nn.ones(1, 2), ones(1, 2)).sum().backward();
    expect(seen[1]).toEqual([true, false]);
  });

  it('backward: may replace the inputs’ gradients, several in a row, and keep what they get', () => {
    const relu = nn.ReLU();
    const kept: Tensor[] = [];
    relu.registerFullBackwardHook((_, [g], [out]) => {
      kept.push(g!, out!);
      return [g!.mul(2)];
    });
    relu.registerFullBackwardHook((_, [g]) => g!.add(1));
    const x = nn.tensor([-1, 2], undefined, { requiresGrad: true });
    relu.forward(x).mul(5).sum().backward();
    expect(x.grad!.toArray()).toEqual([1, 11]);
    expect(kept.map((g) => g.toArray())).toEqual([[0, 5], [5, 5]]);
  });

  it('backward: run once for each call, and inside checkpoints', () => {
    const linear = nn.Linear(2, 2);
    let calls = 0;
    linear.registerFullBackwardHook(() => void calls++);
    const x = ones(1, 2);
    linear.forward(linear.forward(x)).sum().backward();
    expect(calls).toBe(2);
    checkpoint((t: Tensor) => linear.forward(t).tanh(), x).sum().backward();
    expect(calls).toBe(3);
    gradcheck((t) => {
      const act = nn.Tanh();
      act.registerFullBackwardHook(() => void calls++);
      return act.forward(t);
    }, [leaf([0.1, 0.2])]);
    expect(calls).toBe(5);
  });

  it('refuse what is no function, and gradients that do not fit', () => {
    const relu = nn.ReLU();
    for (const register of ['registerForwardHook', 'registerForwardPreHook', 'registerFullBackwardHook'] as const) {
      expect(() => relu[register](3 as never)).toThrow(code('CVY_ARG_TYPE'));
      expect(() => relu[register]((async () => {}) as never)).toThrow(code('CVY_ARG_ASYNC'));
    }
    expect(Object.hasOwn(relu, 'forward')).toBe(false);
    const late = relu.registerForwardHook((() => Promise.resolve()) as never);
    expect(() => relu.forward(nn.ones(1))).toThrow(code('CVY_ARG_ASYNC'));
    late.remove();
    const run = (hook: () => unknown): (() => void) => () => {
      const act = nn.Sigmoid();
      act.registerFullBackwardHook(hook as never);
      act.forward(ones(2)).sum().backward();
    };
    expect(run(() => [])).toThrow(/backward hook: it returned 0 gradients but 1 are required.*Sigmoid/);
    expect(run(() => [nn.ones(3)])).toThrow(code('CVY_SHAPE_MISMATCH'));
    expect(run(() => [3])).toThrow(code('CVY_ARG_TYPE'));
  });
});
