/** Layers against numbers worked out by hand and independent loops; options, messages and names as PyTorch has them. */
import { afterAll, describe, expect, it } from 'vitest';
import { gradcheck, gradgradcheck, noGrad } from '../../dist/src/autograd/index.js';
import { createConvoy } from '../../dist/src/index.js';
import { avgPool1d, avgPool2d, avgPool3d, batchNorm, dropout, maxPool1d, maxPool2d, maxPool3d, Module, type BatchNorm1d, type NN } from '../../dist/src/nn/index.js';
import { SGD } from '../../dist/src/optim/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { closeTo, list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

/** Values of no pattern in [−2, 2), the same every time. */
const values = (n: number, step = 0.73): number[] => Array.from({ length: n }, (_, i) => ((i * step * 7.13) % 4) - 2);
const f64 = (data: number[], shape: number[], requiresGrad = true): Tensor => nn.tensor(data, shape, { dtype: 'float64', requiresGrad });
const close = closeTo(6);

describe('wrong calls', () => {
  const code = (expected: string): unknown => expect.objectContaining({ code: expected });

  it('loadStateDict takes tensors only, and own names only', () => {
    const layer = nn.Linear(1, 1);
    for (const state of [null, 'weights', { weight: [[1]], bias: nn.zeros(1) }]) expect(() => layer.loadStateDict(state as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => layer.loadStateDict({ weight: nn.ones(1, 1) })).toThrow(code('CVY_DATA_MISMATCH'));
    expect(() => layer.loadStateDict({ ...layer.stateDict(), toString: nn.ones(1) })).toThrow(/unexpected toString/);
  });

  it('a shared module stands in the state under each of its names, as in PyTorch', () => {
    const layer = nn.Linear(1, 1);
    const model = nn.Sequential(layer, layer);
    expect(Object.keys(model.stateDict())).toEqual(['0.weight', '0.bias', '1.weight', '1.bias']);
    expect(model.namedParameters().map(([name]) => name)).toEqual(['0.weight', '0.bias']);
    model.loadStateDict(nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)).stateDict());
    class Ring extends Module {
      readonly inner = layer;
      readonly self = this;
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(Object.keys(new Ring().stateDict())).toEqual(['inner.weight', 'inner.bias']);
  });

  it('parameters are float tensors', () => {
    expect(() => nn.parameter([1, 2] as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => nn.parameter(nn.tensor(Int32Array.of(1)))).toThrow(code('CVY_DTYPE'));
    expect(() => nn.parameter(nn.ones(1), { requireGrad: false } as object)).toThrow(code('CVY_ARG_OPTION'));
    expect(nn.parameter(nn.tensor(Int32Array.of(1)), { requiresGrad: false }).requiresGrad).toBe(false);
  });
});

describe('activations', () => {
  const x = [-3, -0.5, 0, 0.25, 2];
  it.each([
    ['ReLU', nn.ReLU(), (v: number) => Math.max(v, 0)],
    ['Tanh', nn.Tanh(), Math.tanh],
    ['Sigmoid', nn.Sigmoid(), (v: number) => 1 / (1 + Math.exp(-v))],
    ['LeakyReLU(negative_slope=0.01)', nn.LeakyReLU(), (v: number) => (v > 0 ? v : 0.01 * v)],
    ['LeakyReLU(negative_slope=0.2)', nn.LeakyReLU(0.2), (v: number) => (v > 0 ? v : 0.2 * v)],
    ['LeakyReLU(negative_slope=1e-05)', nn.LeakyReLU({ negativeSlope: 1e-5 }), (v: number) => (v > 0 ? v : 1e-5 * v)],
    ['Identity', nn.Identity(), (v: number) => v],
  ])('%s', (name, layer, f) => {
    close(list(layer.forward(nn.tensor(x))), x.map(f));
    expect(layer.toString()).toBe(name.includes('(') ? name : `${name}()`);
    expect(gradcheck((t) => layer.forward(t), f64([-3, -0.5, 0.25, 2], [4]))).toBe(true);
  });

  it('Softmax and LogSoftmax along any axis', () => {
    const data = values(24);
    const [a, b, c] = [2, 3, 4];
    const expected = data.map((_, at) => {
      const [i, k] = [Math.floor(at / (b * c)), at % c];
      const column = Array.from({ length: b }, (_e, j) => Math.exp(data[(i * b + j) * c + k]));
      return Math.exp(data[at]) / column.reduce((p, q) => p + q);
    });
    close(list(nn.Softmax(1).forward(f64(data, [a, b, c]))), expected, 12);
    close(list(nn.Softmax({ dim: -2 }).forward(f64(data, [a, b, c]))), expected, 12);
    close(list(nn.LogSoftmax(1).forward(f64(data, [a, b, c]))), expected.map(Math.log), 12);
    expect(nn.Softmax(1).toString()).toBe('Softmax(dim=1)');
    for (const layer of [nn.Softmax(1), nn.LogSoftmax(1)]) {
      expect(gradcheck((t) => layer.forward(t), f64(values(6), [1, 3, 2]))).toBe(true);
      expect(gradgradcheck((t) => layer.forward(t), f64(values(6), [1, 3, 2]))).toBe(true);
    }
  });
});

describe('pooling', () => {
  it('takes maxima, the first of equals', () => {
    const x = nn.tensor([[[[1, 5, 2, 0], [5, 3, 7, 7], [0, 0, -1, -2], [0, 0, -3, -4]]]], { requiresGrad: true });
    const [y, indices] = maxPool2d(x, 2, { returnIndices: true });
    expect(y.toArray()).toEqual([[[[5, 7], [0, -1]]]]);
    expect(indices.toArray()).toEqual([[[[1, 6], [8, 10]]]]);
    expect(indices.dtype).toBe('int32');
    y.sum().backward();
    expect(x.grad!.toArray()).toEqual([[[[0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]]]]);
    expect(nn.MaxPool2d(2).forward(x).toArray()).toEqual([[[[5, 7], [0, -1]]]]);
  });

  it('takes maxima with every option, padding being less than anything', () => {
    const data = values(7 * 5).map((v) => v - 3);
    const [kernel, stride, padding, dilation] = [[3, 2], [2, 1], [1, 1], [2, 3]];
    for (const ceilMode of [false, true]) {
      const size = (n: number, i: number): number => Math[ceilMode ? 'ceil' : 'floor']((n + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i]) + 1;
      const expected: number[] = [];
      for (let oy = 0; oy < size(7, 0); oy++) {
        for (let ox = 0; ox < size(5, 1); ox++) {
          let best = -Infinity;
          for (let ky = 0; ky < kernel[0]; ky++) {
            for (let kx = 0; kx < kernel[1]; kx++) {
              const [iy, ix] = [oy * stride[0] - padding[0] + ky * dilation[0], ox * stride[1] - padding[1] + kx * dilation[1]];
              if (iy >= 0 && iy < 7 && ix >= 0 && ix < 5) best = Math.max(best, data[iy * 5 + ix]);
            }
          }
          expected.push(best);
        }
      }
      const layer = nn.MaxPool2d(kernel, { stride, padding, dilation, ceilMode });
      const y = layer.forward(f64(data, [1, 7, 5]));
      expect(list(y)).toEqual(expected);
      expect(layer.toString()).toBe(`MaxPool2d(kernel_size=(3, 2), stride=(2, 1), padding=(1, 1), dilation=(2, 3), ceil_mode=${ceilMode ? 'True' : 'False'})`);
      expect(gradcheck((t) => layer.forward(t), f64(data, [1, 1, 7, 5]))).toBe(true);
    }
  });

  it('averages, with and without the padding, over a divisor of one’s own', () => {
    const x = nn.ones(1, 1, 3, 3);
    const mean = (options?: Parameters<typeof avgPool2d>[2]): unknown => avgPool2d(x, 2, options).toArray();
    expect(mean({ padding: 1 })).toEqual([[[[0.25, 0.5], [0.5, 1]]]]);
    expect(mean({ padding: 1, countIncludePad: false })).toEqual([[[[1, 1], [1, 1]]]]);
    expect(mean({ padding: 1, divisorOverride: 2 })).toEqual([[[[0.5, 1], [1, 2]]]]);
    expect(mean({ ceilMode: true })).toEqual([[[[1, 1], [1, 1]]]]);
    expect(mean({ stride: 1, divisorOverride: -1 })).toEqual([[[[-4, -4], [-4, -4]]]]);
    expect(nn.AvgPool2d(2, { padding: 1, countIncludePad: false }).forward(x).toArray()).toEqual([[[[1, 1], [1, 1]]]]);
    expect(nn.AvgPool2d(3, { stride: 2 }).toString()).toBe('AvgPool2d(kernel_size=3, stride=2, padding=0)');
    expect(gradcheck((t) => avgPool2d(t, 2, { stride: 1, padding: 1, countIncludePad: false }), f64(values(12), [1, 3, 4]))).toBe(true);
    expect(gradgradcheck((t) => avgPool2d(t, 2, { stride: 1, padding: 1 }).square(), f64(values(6), [1, 2, 3]))).toBe(true);
  });

  it('works along one axis and three', () => {
    expect(maxPool1d(nn.tensor([[[1, 4, 2, 3, 9]]]), 2).toArray()).toEqual([[[4, 3]]]);
    expect(avgPool1d(nn.tensor([[[1, 4, 2, 3, 9]]]), 3, { stride: 2 }).toArray()).toEqual([[[7 / 3, 14 / 3].map(Math.fround)]]);
    const cube = nn.arange(8).reshape([1, 1, 2, 2, 2]);
    expect(maxPool3d(cube, 2).toArray()).toEqual([[[[[7]]]]]);
    expect(avgPool3d(cube, 2).toArray()).toEqual([[[[[3.5]]]]]);
  });
});

describe('Linear and Flatten', () => {
  it('multiplies and adds', () => {
    const layer = nn.Linear(3, 2);
    noGrad(() => {
      layer.weight.copy_(nn.tensor([[1, 2, 3], [4, 5, 6]]));
      layer.bias!.copy_(nn.tensor([10, -10]));
    });
    expect(layer.forward(nn.tensor([[1, 1, 1], [1, 0, -1]])).toArray()).toEqual([[16, 5], [8, -12]]);
    expect(layer.forward(nn.tensor([1, 1, 1])).toArray()).toEqual([16, 5]);
    expect(Object.keys(layer.stateDict())).toEqual(['weight', 'bias']);
    expect(layer.toString()).toBe('Linear(in_features=3, out_features=2, bias=True)');
    expect(nn.Linear(3, 2, { bias: false }).bias).toBeNull();
  });

  it('starts uniformly within ±1/√in, the same for the same seed', async () => {
    const [a, b] = [await convoy.nn({ backend: 'cpu-naive', seed: 5 }), await convoy.nn({ backend: 'cpu-tiled', seed: 5 })];
    const layer = a.Linear(100, 400);
    const weights = list(layer.weight);
    expect(Math.max(...weights)).toBeLessThan(0.1);
    expect(Math.max(...weights)).toBeGreaterThan(0.0999);
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(-0.1);
    expect(Math.min(...weights)).toBeLessThan(-0.0999);
    expect(Math.max(...list(layer.bias!).map(Math.abs))).toBeLessThanOrEqual(Math.fround(0.1));
    expect(list(b.Linear(100, 400).weight)).toEqual(weights);
  });

  it('flattens from startDim to endDim', () => {
    const x = nn.zeros(2, 3, 4, 5);
    expect(nn.Flatten().forward(x).shape).toEqual([2, 60]);
    expect(nn.Flatten(0, 1).forward(x).shape).toEqual([6, 4, 5]);
    expect(nn.Flatten({ endDim: -2 }).forward(x).shape).toEqual([2, 12, 5]);
    expect(nn.Flatten().toString()).toBe('Flatten(start_dim=1, end_dim=-1)');
  });
});

describe('batch normalisation', () => {
  const x = [[1, 10], [2, 20], [6, 60]];
  /** Mean 3 and biased variance 14/3, times 10 and 100 in the second column; unbiased 7. */
  const normed = (eps: number): number[][] => x.map(([a, b]) => [(a - 3) / Math.sqrt(14 / 3 + eps), (b - 30) / Math.sqrt(1400 / 3 + eps)]);

  it('normalises a batch and follows its statistics, the variance unbiased', () => {
    const layer = nn.BatchNorm1d(2);
    close(list(layer.forward(nn.tensor(x))), normed(1e-5).flat(), 5);
    close(list(layer.runningMean!), [0.3, 3]);
    close(list(layer.runningVar!), [0.9 + 0.7, 0.9 + 70], 5);
    expect(layer.numBatchesTracked!.item()).toBe(1);
    layer.forward(nn.tensor(x));
    close(list(layer.runningMean!), [0.3 * 0.9 + 0.3, 3 * 0.9 + 3]);
    expect(Object.keys(layer.stateDict())).toEqual(['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']);
    expect(layer.stateDict().num_batches_tracked.dtype).toBe('int32');
    expect(layer.toString()).toBe('BatchNorm1d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)');

    layer.eval();
    noGrad(() => {
      layer.runningMean!.copy_(nn.tensor([1, 2]));
      layer.runningVar!.copy_(nn.tensor([4, 9]));
      layer.weight!.copy_(nn.tensor([2, 3]));
      layer.bias!.copy_(nn.tensor([-1, 1]));
    });
    const expected = x.flatMap(([a, b]) => [2 * (a - 1) / Math.sqrt(4 + 1e-5) - 1, 3 * (b - 2) / Math.sqrt(9 + 1e-5) + 1]);
    close(list(layer.forward(nn.tensor(x))), expected, 4);
    close(list(noGrad(() => layer.forward(nn.tensor(x)))), expected, 4);
    expect(layer.numBatchesTracked!.item()).toBe(2);
    expect(list(layer.runningMean!)).toEqual([1, 2]);
  });

  it('averages all batches when momentum is null', () => {
    const layer = nn.BatchNorm1d(1, { momentum: null, affine: false });
    for (const batch of [[1, 3], [5, 9], [0, 30]]) layer.forward(nn.tensor(batch, [2, 1]));
    close(list(layer.runningMean!), [(2 + 7 + 15) / 3], 5);
    close(list(layer.runningVar!), [(2 + 8 + 450) / 3], 4);
    expect(layer.numBatchesTracked!.item()).toBe(3);
    expect(layer.parameters()).toEqual([]);
    expect(layer.toString()).toBe('BatchNorm1d(1, eps=1e-05, momentum=None, affine=False, track_running_stats=True)');
  });

  it('uses the batch in evaluation too when nothing is tracked', () => {
    const layer = nn.BatchNorm1d(2, { trackRunningStats: false, eps: 0.5 }).eval();
    close(list(layer.forward(nn.tensor(x))), normed(0.5).flat(), 5);
    expect(Object.keys(layer.stateDict())).toEqual(['weight', 'bias']);
  });

  it('treats images and sequences channel by channel', () => {
    const data = values(2 * 3 * 4);
    const expected: number[] = new Array<number>(24);
    for (let c = 0; c < 3; c++) {
      const at = [0, 1].flatMap((n) => [0, 1, 2, 3].map((s) => (n * 3 + c) * 4 + s));
      const mean = at.reduce((sum, i) => sum + data[i], 0) / 8;
      const variance = at.reduce((sum, i) => sum + (data[i] - mean) ** 2, 0) / 8;
      for (const i of at) expected[i] = (data[i] - mean) / Math.sqrt(variance + 1e-5);
    }
    close(list(nn.BatchNorm2d(3).forward(nn.tensor(data, [2, 3, 2, 2]))), expected, 5);
    close(list(nn.BatchNorm1d(3).forward(nn.tensor(data, [2, 3, 4]))), expected, 5);
  });

  it('has the right gradients, and gradients of gradients, in both modes', () => {
    const all = [f64(values(12), [2, 2, 3]), f64([0.5, 2], [2]), f64([0, -1], [2])];
    const train = (t: Tensor, w: Tensor, b: Tensor): Tensor => batchNorm(t, null, null, w, b, { training: true });
    const evaluate = (t: Tensor, w: Tensor, b: Tensor): Tensor => batchNorm(t, f64([0, 1], [2], false), f64([1, 4], [2], false), w, b);
    for (const fn of [train, evaluate]) {
      expect(gradcheck(fn as (...inputs: Tensor[]) => Tensor, all)).toBe(true);
      expect(gradgradcheck(fn as (...inputs: Tensor[]) => Tensor, all)).toBe(true);
    }
  });

  it('refuses what has no statistics', () => {
    const code = (run: () => unknown): unknown => { try { run(); } catch (error) { return (error as { code: string }).code; } return null; };
    expect(code(() => nn.BatchNorm1d(2).forward(nn.zeros(1, 2)))).toBe('CVY_SHAPE_NUMEL');
    expect(code(() => nn.BatchNorm2d(2).forward(nn.zeros(1, 2, 1, 1)))).toBe('CVY_SHAPE_NUMEL');
    expect(code(() => nn.BatchNorm2d(2).eval().forward(nn.zeros(1, 2, 1, 1)))).toBeNull();
    expect(code(() => nn.BatchNorm2d(3).forward(nn.zeros(2, 4, 2, 2)))).toBe('CVY_SHAPE_CHANNELS');
    expect(code(() => nn.BatchNorm2d(3).forward(nn.zeros(3, 2, 2)))).toBe('CVY_SHAPE_RANK');
    expect(code(() => nn.BatchNorm1d(3).forward(nn.zeros(3)))).toBe('CVY_SHAPE_RANK');
    expect(code(() => batchNorm(nn.zeros(2, 2), null, null))).toBe('CVY_ARG_VALUE');
    const empty = nn.BatchNorm1d(2);
    expect(empty.forward(nn.zeros(0, 2)).shape).toEqual([0, 2]);
    expect(list(empty.runningMean!)).toEqual([0, 0]);
  });

  it('holds no memory from step to step', () => {
    const layer: BatchNorm1d = nn.BatchNorm1d(2);
    const input = nn.tensor(x);
    const step = (): number => {
      const y = layer.forward(input);
      const loss = y.sum();
      loss.backward();
      for (const tensor of [y, loss]) tensor.dispose();
      layer.zeroGrad();
      return convoy.memory().bytesInUse;
    };
    step();
    const after = step();
    for (let i = 0; i < 5; i++) expect(step()).toBe(after);
  });
});

describe('Dropout', () => {
  it('drops a share p, scales the rest, and passes the gradient where it kept', async () => {
    const own = await convoy.nn({ backend: 'cpu-naive', seed: 3 });
    const layer = own.Dropout(0.25);
    const x = own.ones(100, 100).requiresGrad_();
    const y = layer.forward(x);
    const kept = list(y);
    const scale = Math.fround(1 / 0.75);
    expect(kept.every((v) => v === 0 || v === scale)).toBe(true);
    expect(kept.filter((v) => v === 0).length / kept.length).toBeCloseTo(0.25, 1.5);
    y.sum().backward();
    expect(list(x.grad!)).toEqual(kept);
    expect(list(layer.forward(x))).not.toEqual(kept);
    const again = (await convoy.nn({ backend: 'cpu-tiled', seed: 3 })).Dropout({ p: 0.25 });
    expect(list(again.forward(x))).toEqual(kept);
    expect(layer.toString()).toBe('Dropout(p=0.25, inplace=False)');
  });

  it('does nothing in evaluation or with p = 0, and zeros with p = 1', () => {
    const x = nn.tensor([1, 2, 3]);
    const before = nn.rng.position;
    expect(nn.Dropout().eval().forward(x)).toBe(x);
    expect(nn.Dropout(0).forward(x)).toBe(x);
    expect(list(nn.Dropout(1).forward(x))).toEqual([0, 0, 0]);
    expect(nn.rng.position).toBe(before);
    expect(() => dropout(x, { p: 0.5 })).toThrow('pass { rng: nn.rng }');
    expect(dropout(x, { p: 0.5, training: false })).toBe(x);
  });
});

describe('Sequential', () => {
  it('runs its modules in turn, numbered, indexed and iterated', () => {
    const [first, relu] = [nn.Linear(2, 3), nn.ReLU()];
    const model = nn.Sequential(first, relu, nn.Sequential(nn.Linear(3, 4, { bias: false }), relu));
    expect(Object.keys(model.stateDict())).toEqual(['0.weight', '0.bias', '2.0.weight']);
    expect(model.length).toBe(3);
    expect(model.at(0)).toBe(first);
    expect(model.at(-2)).toBe(relu);
    expect([...model].map((m) => m.constructor.name)).toEqual(['Linear', 'ReLU', 'Sequential']);
    expect(() => model.at(3)).toThrow('index is 3 but must be an integer from -3 to 2');
    expect(model.forward(nn.zeros(5, 2)).shape).toEqual([5, 4]);
    const x = nn.zeros(1);
    expect(nn.Sequential().forward(x)).toBe(x);
    expect(model.toString()).toBe([
      'Sequential(', '  (0): Linear(in_features=2, out_features=3, bias=True)', '  (1): ReLU()', '  (2): Sequential(',
      '    (0): Linear(in_features=3, out_features=4, bias=False)', '    (1): ReLU()', '  )', ')',
    ].join('\n'));
  });

  it('says in which layer a mistake was found', () => {
    class Oops extends Module {
      forward(x: Tensor): Tensor {
        return x.reshape([7]);
      }
    }
    const model = nn.Sequential(nn.ReLU(), nn.Sequential(nn.ReLU(), nn.Linear(3, 4)), new Oops());
    expect(() => model.forward(nn.zeros(2, 5))).toThrow("in layer '1.1' Linear(in_features=3, out_features=4, bias=True)");
    expect(() => model.forward(nn.zeros(2, 3))).toThrow("in layer '2' Oops()");
    expect(() => nn.Sequential(nn.ReLU(), nn.ReLU as never)).toThrow('module 1 is function but must be a module');
  });
});

describe('arguments', () => {
  type Call = (build: NN) => unknown;
  it.each<[string, Call]>([
    ['ReLU', (b) => b.ReLU({ inplace: true } as never)],
    ['LeakyReLU', (b) => b.LeakyReLU({ slope: 1 } as never)],
    ['Softmax', (b) => b.Softmax({ axis: 1 } as never)],
    ['MaxPool2d', (b) => b.MaxPool2d(2, { returnIndexes: true } as never)],
    ['AvgPool2d', (b) => b.AvgPool2d(2, { dilation: 1 } as never)],
    ['Flatten', (b) => b.Flatten({ start: 1 } as never)],
    ['Linear', (b) => b.Linear(1, 1, { biass: true } as never)],
    ['BatchNorm2d', (b) => b.BatchNorm2d(1, { epsilon: 1 } as never)],
    ['Dropout', (b) => b.Dropout({ prob: 1 } as never)],
    ['Identity', (b) => b.Identity({ n: 1 } as never)],
    ['CrossEntropyLoss', (b) => b.CrossEntropyLoss({ size_average: true } as never)],
  ])('%s refuses unknown options', (_name, call) => {
    expect(() => call(nn)).toThrow(expect.objectContaining({ code: 'CVY_ARG_OPTION' }));
  });

  it.each<[string, Call]>([
    ['a p above 1', (b) => b.Dropout(1.5)],
    ['a p that is null', (b) => b.Dropout(null as never)],
    ['no features', (b) => b.Linear(0, 1)],
    ['half a feature', (b) => b.BatchNorm1d(1.5)],
    ['a stride of 0', (b) => b.MaxPool2d(2, { stride: 0 })],
    ['padding of more than half a window', (b) => b.MaxPool2d(2, { padding: 2 })],
    ['a divisor of 0', (b) => b.AvgPool2d(2, { divisorOverride: 0 })],
    ['no dim', (b) => b.Softmax(undefined as never)],
    ['a slope that is no number', (b) => b.LeakyReLU(NaN)],
    ['a fractional axis', (b) => b.Flatten(0.5)],
  ])('refuse %s', (_name, call) => {
    const before = convoy.memory().bytesInUse;
    expect(() => call(nn)).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE' }));
    expect(convoy.memory().bytesInUse).toBe(before);
  });

  it('flags must be true or false', () => {
    for (const call of [() => nn.Linear(1, 1, { bias: 1 as never }), () => nn.MaxPool2d(2, { ceilMode: 1 as never }), () => nn.BatchNorm1d(1, { affine: 'yes' as never })]) {
      expect(call).toThrow(expect.objectContaining({ code: 'CVY_ARG_TYPE' }));
    }
  });
});

describe('backends', () => {
  const build = (b: NN): Module => b.Sequential(b.Conv2d(1, 3, 3, { padding: 1 }), b.BatchNorm2d(3), b.ReLU(), b.AvgPool2d(2), b.Flatten(), b.Linear(12, 2));

  it('give the same results, wherever the input was made', async () => {
    const tiled = await convoy.nn({ backend: 'cpu-tiled', seed: 1 });
    const naive = await convoy.nn({ backend: 'cpu-naive', seed: 1 });
    const x = nn.tensor(values(2 * 16), [2, 1, 4, 4]);
    const [a, b] = [build(tiled).forward(x), build(naive).forward(x)];
    expect(a.backend).toBe(tiled.backend);
    close(list(a), list(b), 5);
  });

  it('can be changed under an optimizer, which goes on training', async () => {
    const other = await convoy.nn({ backend: 'cpu-tiled', seed: 1 });
    const model = nn.Sequential(nn.Linear(2, 1));
    const sgd = new SGD(model.parameters(), { lr: 0.1 });
    model.to(other);
    expect(model.parameters().every((p) => p.backend === other.backend)).toBe(true);
    const before = list(model.parameters()[0]);
    model.forward(nn.ones(1, 2)).sum().backward();
    sgd.step();
    close(list(model.parameters()[0]), before.map((v) => v - 0.1));
    sgd.zeroGrad();
    expect(model.parameters()[0].grad).toBeNull();
  });
});
