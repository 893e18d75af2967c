/** Activations: far out, at kinks, where they are not numbers; layers as PyTorch prints them; wrong calls. */
import { afterAll, describe, expect, it } from 'vitest';
import { createRng, type Backend } from '../../dist/src/backend/index.js';
import { createConvoy, grad, softmax } from '../../dist/src/index.js';
import * as F from '../../dist/src/nn/functional/index.js';
import type { Module, NN } from '../../dist/src/nn/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { closeTo, list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
const fast = await convoy.nn({ backend: 'wasm-simd', seed: 0 });
afterAll(() => convoy.close());

const doubles = (values: readonly number[], requiresGrad = true): Tensor => nn.tensor([...values], [values.length], { dtype: 'float64', requiresGrad });
const slope = (f: (x: Tensor) => Tensor, points: readonly number[]): number[] => {
  const x = doubles(points);
  f(x).sum().backward();
  return list(x.grad!);
};
const close = closeTo(12);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const log1pExp = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const POINTS = [-30, -4, -3, -1, -0.5, -1e-3, 0, 1e-3, 0.3, 1, 2, 3, 4, 6, 7, 30];
const SCALE = 1.0507009873554805;
const ALPHA = 1.6732632423543772;

/** Each by its definition in doubles, or PyTorch's gradient at the kinks as [point, slope]. */
const FUNCTIONS: Record<string, { run: (x: Tensor) => Tensor; value: (x: number) => number; kinks?: [number, number][]; far?: [low: number, high: number] }> = {
  elu: { run: (x) => F.elu(x, 2), value: (x) => (x > 0 ? x : 2 * Math.expm1(x)), kinks: [[0, 2]], far: [-2, 1000] },
  selu: { run: F.selu, value: (x) => SCALE * (x > 0 ? x : ALPHA * Math.expm1(x)), kinks: [[0, SCALE * ALPHA]], far: [-SCALE * ALPHA, SCALE * 1000] },
  celu: { run: (x) => F.celu(x, 3), value: (x) => (x > 0 ? x : 3 * Math.expm1(x / 3)), kinks: [[0, 1]], far: [-3, 1000] },
  geluTanh: { run: (x) => F.gelu(x, 'tanh'), value: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))), kinks: [[0, 0.5]], far: [0, 1000] },
  silu: { run: F.silu, value: (x) => x * sigmoid(x), kinks: [[0, 0.5]], far: [0, 1000] },
  mish: { run: F.mish, value: (x) => x * Math.tanh(log1pExp(x)), kinks: [[0, 0.6]], far: [0, 1000] },
  logSigmoid: { run: F.logSigmoid, value: (x) => -log1pExp(-x), kinks: [[0, 0.5]], far: [-1000, 0] },
  softsign: { run: F.softsign, value: (x) => x / (1 + Math.abs(x)), kinks: [[0, 1]], far: [-1000 / 1001, 1000 / 1001] },
  tanhshrink: { run: F.tanhshrink, value: (x) => x - Math.tanh(x), kinks: [[0, 0]], far: [-999, 999] },
  hardtanh: { run: (x) => F.hardtanh(x, -1, 2), value: (x) => Math.min(2, Math.max(-1, x)), kinks: [[-1, 0], [2, 0], [1, 1]], far: [-1, 2] },
  relu6: { run: F.relu6, value: (x) => Math.min(6, Math.max(0, x)), kinks: [[0, 0], [6, 0], [3, 1]], far: [0, 6] },
  hardsigmoid: { run: F.hardsigmoid, value: (x) => Math.min(6, Math.max(0, x + 3)) / 6, kinks: [[-3, 0], [3, 0], [0, 1 / 6]], far: [0, 1] },
  hardswish: { run: F.hardswish, value: (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6, kinks: [[-3, -0.5], [0, 0.5], [3, 1.5], [-3.1, 0], [3.1, 1]], far: [0, 1000] },
  hardshrink: { run: (x) => F.hardshrink(x, 0.5), value: (x) => (Math.abs(x) > 0.5 ? x : 0), kinks: [[-0.5, 0], [0.5, 0], [0.6, 1]], far: [-1000, 1000] },
  'hardshrink, negative': { run: (x) => F.hardshrink(x, -1), value: (x) => x, kinks: [[0, 1]] },
  softshrink: { run: (x) => F.softshrink(x, 0.5), value: (x) => Math.sign(x) * Math.max(0, Math.abs(x) - 0.5), kinks: [[-0.5, 0], [0.5, 0], [0.6, 1]], far: [-999.5, 999.5] },
  threshold: { run: (x) => F.threshold(x, 1, -7), value: (x) => (x > 1 ? x : -7), kinks: [[1, 0], [1.1, 1]], far: [-7, 1000] },
  prelu: { run: (x) => F.prelu(x, doubles([0.25])), value: (x) => (x > 0 ? x : 0.25 * x), kinks: [[0, 0.25]], far: [-250, 1000] },
  rrelu: { run: (x) => F.rrelu(x, 0.1, 0.3), value: (x) => (x > 0 ? x : 0.2 * x), kinks: [[0, 0.2]], far: [-200, 1000] },
};

describe.each(Object.entries(FUNCTIONS))('%s', (name, { run, value, kinks = [], far }) => {
  it('has the values of its definition', () => close(list(run(doubles(POINTS))), POINTS.map(value)));

  it('has PyTorch’s slope at kinks and nowhere a NaN', () => {
    close(slope(run, kinks.map(([point]) => point)), kinks.map(([, wanted]) => wanted));
    expect(slope(run, POINTS).every(Number.isFinite)).toBe(true);
  });

  it('overflows neither far out nor in float32, and keeps NaN', () => {
    if (far) close(list(run(doubles([-1000, 1000]))), far);
    for (const own of [nn, fast]) {
      const x = own.tensor([-1000, -88, 88, 1000], { requiresGrad: true });
      const y = name === 'prelu' ? F.prelu(x, own.tensor([0.25])) : run(x);
      y.sum().backward();
      expect([...list(y), ...list(x.grad!)].every(Number.isFinite)).toBe(true);
    }
    expect(list(run(doubles([NaN, 1])))[0]).toBeNaN();
  });
});

describe('gelu', () => {
  it('has PyTorch’s values, tails included', () => {
    close(list(F.gelu(doubles([-5, -1, 0, 0.5, 2]))), [-1.4332578648885e-6, -0.15865525393145707, 0, 0.34573123063700656, 1.9544997361036416]);
    close(slope((x) => F.gelu(x), [-1, 0, 1]), [-0.08331547058768628, 0.5, 1.0833154705876864]);
    expect(list(F.gelu(nn.tensor([-1000, 1000])))).toEqual([-0, 1000]);
    expect(slope((x) => F.gelu(x, 'tanh'), [-1e18, 1e18])).toEqual([0, 1]);
  });
});

describe('celu', () => {
  it('keeps its precision near 0 whatever alpha is', () => {
    close(list(F.celu(nn.tensor([-0.01]), 50)), [50 * Math.expm1(-0.01 / 50)], 5);
  });
});

describe('softmin, Softmax2d and glu', () => {
  it('softmin is softmax of the negative', () => {
    const x = doubles([1, -2, 3, 0.5], false).reshape([2, 2]);
    expect(list(F.softmin(x, 1))).toEqual(list(softmax(x.neg(), 1)));
    expect(() => F.softmin(x, null as never)).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_AXIS' }));
  });

  it('Softmax2d is over channels, with and without a batch', () => {
    const x = nn.tensor([0, 1, 2, 3, 4, 5, 6, 7], [1, 2, 2, 2]);
    expect(list(nn.Softmax2d().forward(x))).toEqual(list(softmax(x, 1)));
    expect(list(nn.Softmax2d().forward(x.reshape([2, 2, 2])))).toEqual(list(softmax(x, 1)));
    expect(() => nn.Softmax2d().forward(nn.zeros(2, 2))).toThrow('input has 2 axes but 3 or 4 are required');
  });

  it('glu gates the first half by the second, along any axis', () => {
    const x = doubles([1, 2, 3, 4, 0, 1, -1, 2], false).reshape([2, 4]);
    close(list(F.glu(x)), [sigmoid(3), 2 * sigmoid(4), 0, sigmoid(2)]);
    close(list(F.glu(x, 0)), [1 * sigmoid(0), 2 * sigmoid(1), 3 * sigmoid(-1), 4 * sigmoid(2)]);
    expect(() => F.glu(nn.zeros(2, 3))).toThrow('axis 1 has 3 entries but an even number is required');
    expect(() => F.glu(nn.tensor(1))).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_RANK' }));
  });
});

describe('PReLU', () => {
  it('learns one slope, or one for each channel', () => {
    const x = doubles([-1, 2, -3, 4, -5, 6], false).reshape([1, 3, 2]);
    const weight = doubles([0.1, 0.2, 0.3]);
    const y = F.prelu(x, weight);
    close(list(y), [-0.1, 2, -0.6, 4, -1.5, 6]);
    y.sum().backward();
    close(list(weight.grad!), [-1, -3, -5]);
    const layer = nn.PReLU(3, { init: 0.5 });
    expect(Object.keys(layer.stateDict())).toEqual(['weight']);
    expect(layer.parameters()).toEqual([layer.weight]);
    expect(list(layer.forward(x.to('float32')))).toEqual([-0.5, 2, -1.5, 4, -2.5, 6]);
    expect(list(nn.PReLU().forward(nn.tensor([-4, 4])))).toEqual([-1, 4]);
    expect(nn.PReLU(2, 0.1).weight.dataSync()).toEqual(new Float32Array([0.1, 0.1]));
  });

  it.each<[string, string, string, () => unknown]>([
    ['other channels', 'CVY_SHAPE_CHANNELS', 'weight has 2 entries but 1 or 3 are required', () => F.prelu(nn.zeros(1, 3, 4), nn.zeros(2))],
    ['channels of a vector', 'CVY_SHAPE_CHANNELS', 'weight has 3 entries but 1 is required', () => F.prelu(nn.zeros(3), nn.zeros(3))],
    ['a matrix of weights', 'CVY_SHAPE_RANK', 'weight has 2 axes', () => F.prelu(nn.zeros(1, 3), nn.zeros(1, 3))],
    ['other precision', 'CVY_DTYPE', 'dtypes are float32, float64', () => F.prelu(nn.zeros(3), doubles([1]))],
  ])('refuses %s', (_name, code, message, run) => {
    expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string }));
  });
});

describe('RReLU', () => {
  it('draws a slope for every element in training, the same for the same seed on any backend, and its mean in evaluation', () => {
    const x = nn.full([4000], -1).requiresGrad_();
    const y = F.rrelu(x, 0.2, 0.4, { training: true, rng: createRng(7) });
    const slopes = list(y).map((v) => -v);
    expect(Math.min(...slopes)).toBeGreaterThanOrEqual(Math.fround(0.2));
    expect(Math.max(...slopes)).toBeLessThan(0.4);
    expect(slopes.reduce((a, b) => a + b) / slopes.length).toBeCloseTo(0.3, 2);
    y.sum().backward();
    expect(list(x.grad!)).toEqual(slopes);
    expect(list(F.rrelu(fast.full([4000], -1), 0.2, 0.4, { training: true, rng: createRng(7) }))).toEqual(list(y));
    const layer = nn.RReLU(0.2, 0.4);
    expect(list(layer.forward(x))).not.toEqual(list(layer.forward(x)));
    close(list(layer.eval().forward(nn.tensor([-1, 2]))), [-0.3, 2], 6);
    expect(() => F.rrelu(x, 0.2, 0.4, { training: true })).toThrow('pass { rng: nn.rng }');
  });
});

describe('mish far out', () => {
  it('has a slope of 1', () => {
    const x = nn.tensor([3e38, 1e30, 50]).requiresGrad_();
    F.mish(x).sum().backward();
    expect(x.grad!.toArray()).toEqual([1, 1, 1]);
  });
});

describe('as one step on the tape', () => {
  it('save their input alone', () => {
    const x = nn.zeros(64, 1024).requiresGrad_();
    for (const run of [F.gelu, F.mish, F.elu, F.selu, F.hardswish, F.relu6, F.logSigmoid]) {
      const before = convoy.memory().bytesInUse;
      const y = (run as (x: Tensor) => Tensor)(x);
      expect(convoy.memory().bytesInUse - before).toBeLessThan(2 * x.numel * 4);
      y.dispose();
    }
  });

  it('can be differentiated again on a device without softplus', () => {
    const without: Backend = Object.create(nn.backend, { has: { value: (op: string) => op !== 'softplus' } }) as Backend;
    const x = doubles([-2, 0.5]);
    const [first] = grad(F.logSigmoid(x.to({ backend: without })).sum(), x, { createGraph: true });
    const [second] = grad(first!.sum(), x);
    close(list(second!), [-2, 0.5].map((v) => -sigmoid(v) * sigmoid(-v)));
  });
});

describe('layers', () => {
  it.each<[string, (b: NN) => Module]>([
    ['ELU(alpha=1.0)', (b) => b.ELU()], ['ELU(alpha=0.5)', (b) => b.ELU(0.5)], ['SELU()', (b) => b.SELU()], ['CELU(alpha=1.0)', (b) => b.CELU({ alpha: 1 })],
    ["GELU(approximate='none')", (b) => b.GELU()], ["GELU(approximate='tanh')", (b) => b.GELU({ approximate: 'tanh' })], ['SiLU()', (b) => b.SiLU()],
    ['Mish()', (b) => b.Mish()], ['Hardswish()', (b) => b.Hardswish()], ['Hardsigmoid()', (b) => b.Hardsigmoid()],
    ['Hardtanh(min_val=-1.0, max_val=1.0)', (b) => b.Hardtanh()], ['Hardtanh(min_val=-2.5, max_val=3.0)', (b) => b.Hardtanh(-2.5, { maxVal: 3 })], ['ReLU6()', (b) => b.ReLU6()],
    ['Hardshrink(0.5)', (b) => b.Hardshrink()], ['Softshrink(0.25)', (b) => b.Softshrink({ lambd: 0.25 })], ['Tanhshrink()', (b) => b.Tanhshrink()],
    ['LogSigmoid()', (b) => b.LogSigmoid()], ['Softsign()', (b) => b.Softsign()], ['Softmin(dim=1)', (b) => b.Softmin(1)], ['Softmax2d()', (b) => b.Softmax2d()],
    ['Threshold(threshold=0.1, value=20)', (b) => b.Threshold(0.1, 20)], ['Threshold(threshold=0.1, value=20)', (b) => b.Threshold({ threshold: 0.1, value: 20 })],
    ['PReLU(num_parameters=1)', (b) => b.PReLU()], ['PReLU(num_parameters=2)', (b) => b.PReLU({ numParameters: 2 })], ['GLU(dim=-1)', (b) => b.GLU()],
    ['RReLU(lower=0.125, upper=0.3333333333333333)', (b) => b.RReLU()],
  ])('%s', (text, build) => {
    const layer = build(nn);
    expect(String(layer)).toBe(text);
    expect(layer.forward(nn.tensor([0.5, -0.5, 1, 2, 0, 1, 1, 1], [2, 2, 2])).shape).toEqual(text.startsWith('GLU') ? [2, 2, 1] : [2, 2, 2]);
  });

  it('give what the functions give', () => {
    const x = nn.tensor([-4, -1, -0.2, 0.3, 2, 8]);
    const pairs: [Module, Tensor][] = [
      [nn.ELU(0.5), F.elu(x, 0.5)], [nn.SELU(), F.selu(x)], [nn.CELU(2), F.celu(x, 2)], [nn.GELU('tanh'), F.gelu(x, 'tanh')], [nn.SiLU(), F.silu(x)], [nn.Mish(), F.mish(x)],
      [nn.Hardswish(), F.hardswish(x)], [nn.Hardsigmoid(), F.hardsigmoid(x)], [nn.Hardtanh(-2, 3), F.hardtanh(x, -2, 3)], [nn.ReLU6(), F.relu6(x)],
      [nn.Hardshrink(0.25), F.hardshrink(x, 0.25)], [nn.Softshrink(0.25), F.softshrink(x, 0.25)], [nn.Tanhshrink(), F.tanhshrink(x)], [nn.LogSigmoid(), F.logSigmoid(x)],
      [nn.Softsign(), F.softsign(x)], [nn.Softmin(0), F.softmin(x, 0)], [nn.Threshold(0.5, 3), F.threshold(x, 0.5, 3)], [nn.GLU(), F.glu(x)],
    ];
    for (const [layer, wanted] of pairs) expect(list(layer.forward(x)), String(layer)).toEqual(list(wanted));
  });

  it('say that nothing works in place', () => {
    for (const build of [() => nn.ReLU({ inplace: true } as never), () => nn.ELU({ inplace: true } as never), () => nn.Hardtanh({ inplace: true } as never), () => nn.Dropout({ inplace: true } as never)]) {
      expect(build).toThrow(expect.objectContaining({ code: 'CVY_ARG_OPTION', message: expect.stringContaining('Convoy has no in-place layers') as string }));
    }
  });

  it.each<[string, string, (b: NN) => unknown]>([
    ['CVY_ARG_VALUE', 'alpha is NaN', (b) => b.ELU(NaN)], ['CVY_ARG_VALUE', 'alpha is 0 but must not be', (b) => b.CELU(0)],
    ['CVY_ARG_VALUE', "approximate is 'erf' but must be one of none, tanh", (b) => b.GELU('erf' as never)], ['CVY_ARG_VALUE', 'minVal is 2 but must be less than maxVal, which is 1', (b) => b.Hardtanh(2)],
    ['CVY_ARG_VALUE', 'lambd is -1 but must be a finite number ≥ 0', (b) => b.Softshrink(-1)], ['CVY_ARG_VALUE', 'value is undefined', (b) => b.Threshold(1)],
    ['CVY_ARG_VALUE', 'numParameters is 0', (b) => b.PReLU(0)], ['CVY_ARG_VALUE', 'lower is 0.5 but must be at most upper', (b) => b.RReLU(0.5, 0.1)],
    ['CVY_ARG_VALUE', 'dim is 0.5', (b) => b.GLU(0.5)], ['CVY_ARG_VALUE', 'dim is undefined', (b) => b.Softmin(undefined as never)], ['CVY_ARG_VALUE', 'dim is null', (b) => b.Softmax(null as never)],
    ['CVY_ARG_OPTION', "option 'minVal' is unknown", (b) => b.Hardtanh(-1, { minVal: 1 } as never)], ['CVY_ARG_OPTION', "did you mean 'alpha'", (b) => b.CELU({ alfa: 1 } as never)],
    ['CVY_ARG_OPTION', "option 'a' is unknown", (b) => b.SiLU({ a: 1 } as never)],
  ])('%s: %s', (code, message, build) => {
    expect(() => build(nn)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string }));
  });

  it.each<[string, string, () => unknown]>([
    ['elu', 'alpha is Infinity', () => F.elu(nn.zeros(1), Infinity)], ['celu', 'alpha is 0', () => F.celu(nn.zeros(1), 0)], ['gelu', "approximate is 'x'", () => F.gelu(nn.zeros(1), 'x' as never)],
    ['hardtanh', 'minVal is 1 but must be less than maxVal, which is 1', () => F.hardtanh(nn.zeros(1), 1, 1)], ['softshrink', 'lambd is -1', () => F.softshrink(nn.zeros(1), -1)],
    ['threshold', 'value is undefined', () => F.threshold(nn.zeros(1), 1, undefined as never)], ['rrelu', 'lower is 1 but must be at most upper', () => F.rrelu(nn.zeros(1), 1, 0)],
  ])('%s itself: %s', (_name, message, run) => {
    expect(run).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE', message: expect.stringContaining(message) as string }));
  });

  it.each([F.elu, F.silu, F.mish, F.softsign, F.tanhshrink, F.glu, F.hardshrink, F.relu6])('refuse what is no tensor', (run) => {
    expect(() => (run as (x: unknown) => unknown)(3)).toThrow(expect.objectContaining({ code: 'CVY_ARG_TYPE' }));
  });
});
