/** What a Sequential runs as one gives what its layers give one by one: values, gradients, names, errors; and where it must not fuse. */
import { afterAll, describe, expect, it } from 'vitest';
import { kernels as naive } from '../../dist/backends/cpu-naive/kernels.js';
import { gradcheck, gradgradcheck, grad, noGrad } from '../../dist/src/autograd/index.js';
import { inlineExecutor } from '../../dist/src/backend/inline.js';
import type { KernelTable } from '../../dist/src/backend/index.js';
import { HostBackend } from '../../dist/src/convoy/host.js';
import { createConvoy, fuse, scope, summary } from '../../dist/src/index.js';
import { Heap } from '../../dist/src/memory/heap.js';
import { Conv2d, Identity, type BatchNorm2d, type Module, type NN, type Sequential } from '../../dist/src/nn/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

/** The layers called one by one, as a module of the user's would. */
const apart = (model: Iterable<Module>, x: Tensor): Tensor => [...model].reduce((y, layer) => layer.forward(y), x);
/** Calls of each op while `fn` runs. */
function calls(of: NN, fn: () => void): Record<string, number> {
  const found: Record<string, number> = {};
  const add = (sign: number): void => {
    for (const { op, calls: n } of of.backend.placement()) found[op] = (found[op] ?? 0) + sign * n;
  };
  add(-1);
  fn();
  add(1);
  return Object.fromEntries(Object.entries(found).filter(([, n]) => n > 0));
}
function close(actual: Tensor, expected: Tensor, within = 1e-5): void {
  expect(actual.shape).toEqual(expected.shape);
  const [a, b] = [list(actual), list(expected)];
  // One expectation for all: one for each of tens of thousands of elements takes seconds.
  const far = a.flatMap((value, i) => (Math.abs(value - b[i]) <= within * Math.max(1, Math.abs(b[i])) ? [] : [`element ${i}: ${value}, ${b[i]}`]));
  expect(far).toEqual([]);
}
/** A norm that has seen something: statistics and weights of no special value. */
function seasoned(of: NN, channels: number, options: object = {}): BatchNorm2d {
  const norm = of.BatchNorm2d(channels, options);
  noGrad(() => {
    norm.runningMean?.copy_(of.rand(channels).sub(0.5));
    norm.runningVar?.copy_(of.rand(channels).add(0.3));
    norm.weight?.copy_(of.rand(channels).add(0.5));
    norm.bias?.copy_(of.randn(channels));
  });
  return norm;
}
const float64 = (layer: Module): void => {
  for (const [name, parameter] of layer.ownParameters()) Object.assign(layer, { [name]: nn.parameter(parameter.detach().to('float64')) });
};

describe('convolution and ReLU', () => {
  it.each([
    ['cpu-naive', 1], ['cpu-tiled', 1], ['wasm-simd', 1], ['worker-pool', 1], ['worker-pool', 2], ['worker-pool', 3],
  ] as const)('on %s with %i threads: the same bits, forward and backward', async (backend, threads) => {
    const at = await convoy.nn(backend === 'worker-pool' ? { backend, threads, seed: 3 } : { backend, seed: 3 });
    const many = [{ padding: 2 }, { stride: 2, groups: 2 }, { bias: false, dilation: 2, padding: 'same' as const }, { padding: 1, paddingMode: 'reflect' as const }];
    for (const [options, op] of many.flatMap((one) => [[one, 'convRelu'], [one, 'convRelu6']] as const)) {
      const model = at.Sequential(at.Conv2d(4, 6, 5, options), op === 'convRelu' ? at.ReLU() : at.ReLU6());
      const x = at.randn(3, 4, 13, 12).mul(8).detach().requiresGrad_();
      const leaves = [x, ...model.parameters()];
      let fused!: Tensor;
      const ops = calls(at, () => { fused = model.forward(x); });
      expect([ops[op], ops.conv, ops.relu, ops.clamp]).toEqual([1, undefined, undefined, undefined]);
      const plain = apart(model, x);
      expect(list(fused)).toEqual(list(plain));
      expect(list(fused)).toContain(0);
      if (op === 'convRelu6') expect(list(fused)).toContain(6);
      const g = at.randn(...fused.shape);
      const slopes = (y: Tensor): number[][] => grad([y], leaves, { gradOutputs: [g] }).map((slope) => list(slope!));
      expect(slopes(fused)).toEqual(slopes(plain));
    }
  });

  it('takes a single image, NaN, and an empty batch', () => {
    const model = nn.Sequential(nn.Conv2d(1, 2, 2), nn.ReLU());
    expect(model.forward(nn.rand(1, 4, 4)).shape).toEqual([2, 3, 3]);
    expect(model.forward(nn.rand(0, 1, 4, 4)).shape).toEqual([0, 2, 3, 3]);
    noGrad(() => model.parameters()[1].fill_(NaN));
    expect(list(model.forward(nn.rand(1, 1, 4, 4)))).toEqual(new Array(18).fill(NaN));
  });

  it('runs a ReLU within the maximum pooling beside it: the same bits, forward and backward, ties and NaN included', () => {
    for (const options of [{}, { stride: 1, padding: 1 }, { stride: 2, ceilMode: true }, { dilation: 2 }]) {
      const model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Identity(), nn.ReLU(), nn.Identity(), nn.MaxPool2d(3, options), nn.Flatten());
      const x = nn.randn(2, 2, 13, 11).mul(2).round().requiresGrad_();
      // Whole numbers: windows full of zeros and of equals.
      noGrad(() => model.parameters().forEach((parameter) => parameter.copy_(parameter.mul(4).round())));
      const leaves = [x, ...model.parameters()];
      let fused!: Tensor;
      const ops = calls(nn, () => { fused = model.forward(x); });
      expect([ops.convRelu, ops.conv, ops.maxPoolRelu, ops.maxPool, ops.relu]).toEqual([undefined, 1, 1, undefined, undefined]);
      const plain = apart(model, x);
      expect(list(fused)).toEqual(list(plain));
      const g = nn.randn(...fused.shape);
      const slopes = (y: Tensor): number[][] => grad([y], leaves, { gradOutputs: [g] }).map((slope) => list(slope!));
      expect(slopes(fused)).toEqual(slopes(plain));
    }
    const model = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2));
    const x = nn.tensor([1, NaN, 2, -1, -3, -4, -1, -2], [1, 2, 2, 2]);
    expect(list(model.forward(x))).toEqual(list(apart(model, x)));
    expect(list(model.forward(x))).toEqual([NaN, 0]);
    const behind = nn.Sequential(nn.MaxPool2d(2), nn.ReLU());
    expect(calls(nn, () => { expect(list(behind.forward(x))).toEqual([NaN, 0]); })).toEqual({ maxPoolRelu: 1 });
    expect(() => nn.Sequential(nn.ReLU(), nn.MaxPool2d(5)).forward(x)).toThrow(/MaxPool2d/);
  });

  it('leaves a ReLU in front where a window may have no tap in the input: that is -Infinity', () => {
    const options = { padding: 1, dilation: 3, stride: 1 };
    const x = nn.tensor([1, -2, 3, 4], [1, 1, 2, 2]);
    // PyTorch 1.13 gives the same.
    expect(list(nn.Sequential(nn.ReLU(), nn.MaxPool2d(2, options)).forward(x))).toEqual([-Infinity]);
    expect(list(nn.Sequential(nn.MaxPool2d(2, options), nn.ReLU()).forward(x))).toEqual([0]);
  });

  it('calls a compute that somebody put in', () => {
    const model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2));
    let calls = 0;
    const relu = model.at(1) as unknown as { compute(x: Tensor): Tensor };
    const { compute } = relu;
    relu.compute = (x) => {
      calls++;
      return compute.call(relu, x);
    };
    const x = nn.randn(1, 1, 6, 6);
    expect(list(model.forward(x))).toEqual(list(apart(model, x)));
    expect(calls).toBe(2);
  });

  it('in float64: gradients of both orders', () => {
    const model = nn.Sequential(nn.Conv2d(2, 3, 2, { padding: 1 }), nn.ReLU());
    float64([...model][0]);
    const x = nn.rand([2, 2, 3, 3], { dtype: 'float64', requiresGrad: true });
    expect(model.forward(x).dtype).toBe('float64');
    expect(calls(nn, () => { gradcheck((input) => model.forward(input), [x]); }).conv).toBeUndefined();
    gradgradcheck((input) => model.forward(input).square(), [x]);
  });

  it('adds up the gradients of a convolution that stands there twice', () => {
    const conv = nn.Conv2d(2, 2, 3, { padding: 1 });
    const model = nn.Sequential(conv, nn.ReLU(), conv, nn.ReLU());
    const x = nn.randn(2, 2, 5, 5);
    model.forward(x).sum().backward();
    const slopes = model.parameters().map(({ grad: slope }) => list(slope!));
    model.zeroGrad();
    apart(model, x).sum().backward();
    expect(slopes).toEqual(model.parameters().map(({ grad: slope }) => list(slope!)));
  });

  it('keeps one buffer less until backward', () => {
    const model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU());
    const x = nn.rand(8, 1, 10, 10);
    const held = (forward: () => Tensor): number => scope(() => {
      const before = convoy.memory().bytesInUse;
      forward();
      return convoy.memory().bytesInUse - before;
    });
    const [fused, plain] = [held(() => model.forward(x)), held(() => apart(model, x))];
    expect(plain - fused).toBe(8 * 4 * 8 * 8 * 4);
  });

  it('leaves names, state and the model as it is printed alone, and goes into Sequentials within', () => {
    const make = (): Sequential => nn.Sequential(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Identity(), nn.ReLU()), nn.MaxPool2d(2), nn.Conv2d(2, 2, 2), nn.ReLU());
    const model = make();
    const [keys, text] = [Object.keys(model.stateDict()), model.toString()];
    let y!: Tensor;
    const ops = calls(nn, () => { y = model.forward(nn.ones(1, 1, 8, 8)); });
    expect([ops.convRelu, ops.relu, y.shape]).toEqual([2, undefined, [1, 2, 2, 2]]);
    expect([Object.keys(model.stateDict()), model.toString()]).toEqual([keys, text]);
    expect(keys).toEqual(['0.0.weight', '0.0.bias', '2.weight', '2.bias']);
  });
});

class OwnConv2d extends Conv2d {}

describe('ReLU6', () => {
  it('keeps NaN, and takes no gradient on or beyond its bounds', () => {
    const model = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU6());
    const conv = model.at(0) as Conv2d;
    noGrad(() => { conv.weight.fill_(1); conv.bias!.fill_(0); });
    const x = nn.tensor([-1, 0, 3, 6, 7, NaN, -Infinity, Infinity], [1, 1, 2, 4]).requiresGrad_();
    const y = model.forward(x);
    expect(list(y)).toEqual([0, 0, 3, 6, 6, NaN, 0, 6]);
    y.sum().backward();
    expect(list(x.grad!)).toEqual([0, 0, 1, 0, 0, 1, 0, 0]);
  });

  it('by Winograd, and behind a folded batch norm', async () => {
    const at = await convoy.nn({ backend: 'wasm-simd', seed: 4 });
    const model = at.Sequential(at.Conv2d(16, 32, 3, { padding: 1 }), seasoned(at, 32), at.ReLU6()).eval();
    const x = at.randn(2, 16, 30, 30).mul(4);
    noGrad(() => {
      let y!: Tensor;
      const ops = calls(at, () => { y = model.forward(x); });
      expect([ops.convRelu6, ops.conv, ops.clamp]).toEqual([1, undefined, undefined]);
      expect(at.backend.placement().find(({ op }) => op === 'convRelu6')!.kernel).toContain('winograd');
      close(y, apart(model, x), 1e-4);
    });
  });
});

describe('what must not be fused', () => {
  it('a subclass, a forward that somebody watches, a ReLU elsewhere', async () => {
    const { spec } = nn.Conv2d(1, 1, 2);
    const x = nn.rand(1, 1, 4, 4);
    const fuses = (model: Sequential): boolean => calls(nn, () => void model.forward(x)).convRelu === 1;
    expect(fuses(nn.Sequential(nn.Conv2d(1, 1, 2), nn.ReLU()))).toBe(true);
    expect(fuses(nn.Sequential(new OwnConv2d(spec, nn.backend, nn.rng), nn.ReLU()))).toBe(false);
    const elsewhere = await convoy.nn({ backend: 'cpu-tiled' });
    expect(fuses(nn.Sequential(nn.Conv2d(1, 1, 2), elsewhere.ReLU()))).toBe(false);
    expect(fuses(nn.Sequential(nn.Conv2d(1, 1, 2), nn.LeakyReLU()))).toBe(false);
    for (const watched of [0, 1]) {
      const model = nn.Sequential(nn.Conv2d(1, 1, 2), nn.ReLU());
      let seen = 0;
      const layer = model.at(watched);
      const forward = layer.forward.bind(layer);
      layer.forward = (input: Tensor): Tensor => {
        seen++;
        return forward(input);
      };
      expect([fuses(model), seen]).toEqual([false, 1]);
    }
  });

  it('summaries still see every layer', () => {
    const model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU());
    expect(summary(model, [1, 5, 5]).rows.map(({ type }) => type)).toEqual(['Conv2d', 'BatchNorm2d', 'ReLU']);
  });

  it('kernel sets with a convolution or a relu of their own, and what would be a fallback', () => {
    const heap = new Heap(1 << 20);
    const set = (name: string, table: KernelTable) => ({ name, index: 0, table, determinism: 'bitwise' as const });
    const whole = set('whole', naive);
    const has = (...chain: KernelTable[]): boolean[] => {
      const backend = new HostBackend('chosen', heap, chain.map((table) => set('part', table)), whole, inlineExecutor(heap), 'error');
      return (['float32', 'float64'] as const).map((dtype) => backend.has('convRelu', dtype));
    };
    const { conv, relu, convRelu } = naive;
    expect(has(naive)).toEqual([true, true]);
    expect(has({}, naive)).toEqual([true, true]);
    expect(has({ conv: { float32: conv!.float32! } }, naive)).toEqual([false, true]);
    expect(has({ relu: { float32: relu!.float32! } }, naive)).toEqual([false, true]);
    expect(has({ conv: { float32: conv!.float32! }, convRelu: { float32: convRelu!.float32! } }, naive)).toEqual([true, true]);
    expect(has({ convRelu: { float32: convRelu!.float32! } }, naive)).toEqual([true, true]);
    expect(has({ relu: relu! })).toEqual([false, false]);
  });
});

describe('batch norm behind a convolution', () => {
  const x = nn.randn(8, 3, 60, 50);
  const make = (options: object = {}, conv: object = {}): Sequential => nn.Sequential(nn.Conv2d(3, 4, 3, conv), seasoned(nn, 4, options), nn.ReLU());

  it.each([[{}, {}], [{ affine: false }, {}], [{ eps: 0.1 }, { bias: false }], [{}, { groups: 1, stride: 2, paddingMode: 'circular', padding: 1 }]])('is folded in evaluation %j %j', (options, conv) => {
    const model = make(options, conv).eval();
    noGrad(() => {
      let y!: Tensor;
      const ops = calls(nn, () => { y = model.forward(x); });
      // The norm is applied to weight and bias.
      expect([ops.convRelu, ops.conv, ops.batchNorm, ops.relu]).toEqual([1, undefined, 2, undefined]);
      close(y, apart(model, x));
      const first = nn.Sequential(model.at(0), model.at(1)).eval();
      close(first.forward(x), apart(first, x));
      expect(list(first.forward(x)).some((value) => value < 0)).toBe(true);
    });
  });

  it.each([1, 2, 3] as const)('is folded over %i axes, in groups, with and without bias, into transposed convolutions too', (axes) => {
    const input = [[8, 4, 2500], [8, 4, 50, 50], [4, 4, 16, 16, 16]][axes - 1];
    for (const groups of [1, 2]) for (const bias of [true, false]) {
      for (const layer of [nn[`Conv${axes}d`](4, 6, 3, { groups, bias, paddingMode: 'replicate', padding: 1 }), nn[`ConvTranspose${axes}d`](4, 6, 3, { groups, bias, stride: 2, outputPadding: 1 })]) {
        const norm = nn[`BatchNorm${axes}d`](6);
        noGrad(() => {
          norm.runningMean!.copy_(nn.randn(6));
          norm.runningVar!.copy_(nn.rand(6).add(0.3));
          norm.weight!.copy_(nn.randn(6));
          norm.bias!.copy_(nn.randn(6));
        });
        const model = nn.Sequential(layer, norm, nn.ReLU()).eval() as Sequential;
        const data = nn.randn(input);
        noGrad(() => {
          let y!: Tensor;
          const plain = apart(model, data);
          const ops = calls(nn, () => { y = model.forward(data); });
          // The norm is applied to weight and bias alone; the ReLU behind a transposed convolution is a pass of its own.
          expect([ops.batchNorm, ops.convRelu, ops.convGradInput, ops.relu]).toEqual(!layer.constructor.name.includes('Transpose') ? [2, 1, undefined, undefined] : [2, undefined, 1, 1]);
          close(y, plain, 1e-4);
        });
        const done = fuse(model);
        noGrad(() => close(done.forward(data), apart(model, data), 1e-4));
        expect((done as Sequential).at(1)).toBeInstanceOf(Identity);
      }
    }
  });

  it('is not where a hook watches, which fires once a call', () => {
    for (const watched of [0, 1, 2]) {
      const model = make().eval();
      let seen = 0;
      const handle = model.at(watched).registerForwardHook(() => void seen++);
      const ops = calls(nn, () => void noGrad(() => close(model.forward(x), apart(model, x))));
      expect([watched, seen, (ops.convRelu ?? 0)]).toEqual([watched, 2, 0]);
      handle.remove();
      expect(calls(nn, () => void noGrad(() => model.forward(x))).convRelu).toBe(1);
    }
  });

  it('is never stale', () => {
    const model = make().eval();
    noGrad(() => {
      model.forward(x);
      (model.at(1) as BatchNorm2d).runningMean!.copy_(nn.ones(4));
      (model.at(0) as Conv2d).weight.copy_(nn.randn(4, 3, 3, 3));
      close(model.forward(x), apart(model, x));
      model.train().forward(x);
      model.eval();
      close(model.forward(x), apart(model, x));
    });
  });

  it('is not in training: statistics of the batch count, and are kept', () => {
    const [model, twin] = [make(), make()];
    twin.loadStateDict(model.stateDict());
    const ops = calls(nn, () => void model.forward(x));
    expect([ops.convRelu, ops.conv, ops.batchNorm]).toEqual([undefined, 1, 1]);
    apart(twin, x);
    for (const [name, tensor] of Object.entries(model.stateDict())) expect(list(tensor), name).toEqual(list(twin.stateDict()[name]));
    expect((model.at(1) as BatchNorm2d).numBatchesTracked!.item()).toBe(1);
    // The mode of the norm alone decides.
    model.at(1).eval();
    expect(calls(nn, () => void noGrad(() => model.forward(x))).convRelu).toBe(1);
  });

  it('is not without running statistics, nor for other channels', () => {
    noGrad(() => {
      expect(calls(nn, () => void make({ trackRunningStats: false }).eval().forward(x)).convRelu).toBeUndefined();
      const wrong = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(5)).eval();
      expect(() => wrong.forward(x)).toThrow(/batchNorm: .*; in layer '1' BatchNorm2d/);
      const model = nn.Sequential(make()).eval();
      expect(() => model.forward(nn.rand(3, 6, 5))).toThrow(/input has 3 axes .*; in layer '0\.1' BatchNorm2d/);
      expect(() => model.forward(nn.rand(2, 2, 6, 5))).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_CHANNELS', message: expect.stringMatching(/^conv2d: .*; in layer '0\.0' Conv2d\(3, 4, /) as string }) as Error);
    });
  });

  it('is not where its own parameters learn, and gradients pass where they do not', () => {
    const model = make().eval();
    const slopes = (forward: (x: Tensor) => Tensor, leaves: Tensor[]): Tensor[] => grad([forward(x).square().mean()], leaves).map((slope) => slope!);
    const all = model.parameters();
    const ops = calls(nn, () => slopes((input) => model.forward(input), all).forEach((slope, i) => close(slope, slopes((input) => apart(model, input), all)[i])));
    expect(ops.convRelu).toBeUndefined();
    model.at(1).requiresGrad_(false);
    const [weight, bias] = all;
    const frozen = calls(nn, () => {
      const fused = slopes((input) => model.forward(input), [weight, bias]);
      slopes((input) => apart(model, input), [weight, bias]).forEach((slope, i) => close(fused[i], slope, 1e-4));
    });
    expect(frozen.convRelu).toBe(1);
  });

  it('is not where folding would be more work than it saves', () => {
    const fused = (shape: number[]): number | undefined => calls(nn, () => void noGrad(() => make().eval().forward(nn.rand(shape)))).convRelu;
    // 108 weights, and 16492 outputs at least.
    expect([fused([7, 3, 24, 24]), fused([8, 3, 24, 24])]).toEqual([undefined, 1]);
  });

  it('leaves no tensor behind', () => {
    const model = make().eval();
    noGrad(() => {
      model.forward(x).dispose();
      const before = convoy.memory().bytesInUse;
      const y = model.forward(x);
      expect(convoy.memory().bytesInUse - before).toBe(y.numel * 4);
      y.dispose();
    });
  });
});
