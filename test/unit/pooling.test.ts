/** Pooling layers and functions: printed forms, positions, sizes, unpooling, norms, what they refuse. The numbers are the reference's. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveMaxPool1d, adaptiveMaxPool2d, createConvoy, grad, lpPool1d, lpPool2d, maxPool2d, maxUnpool1d, maxUnpool2d,
} from '../../dist/src/index.js';
import type { Backend } from '../../dist/src/backend/index.js';
import type { NN, Tensor } from '../../dist/src/index.js';
import { coreDevice } from '../../dist/src/testkit/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy({ plugins: [coreDevice()] });
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 1 });
const device = await convoy.nn({ backend: 'core-device', seed: 1, fallback: 'allow' });
afterAll(() => convoy.close());

const whole = (values: readonly number[], shape: readonly number[], on: NN = nn): Tensor => on.tensor(Int32Array.from(values), shape);
const refuses = (what: () => unknown, code: string, message: RegExp): void => {
  expect(what).toThrow(expect.objectContaining({ code }));
  expect(what).toThrow(message);
};

describe('pooling layers', () => {
  it.each([
    [nn.MaxPool1d(3), 'MaxPool1d(kernel_size=3, stride=3, padding=0, dilation=1, ceil_mode=False)'],
    [nn.MaxPool2d(3, { stride: 2, returnIndices: true }), 'MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)'],
    [nn.MaxPool3d([1, 2, 3], { padding: [0, 1, 1], ceilMode: true }), 'MaxPool3d(kernel_size=(1, 2, 3), stride=(1, 2, 3), padding=(0, 1, 1), dilation=1, ceil_mode=True)'],
    [nn.AvgPool1d(3), 'AvgPool1d(kernel_size=(3,), stride=(3,), padding=(0,))'],
    [nn.AvgPool2d([2, 3]), 'AvgPool2d(kernel_size=(2, 3), stride=(2, 3), padding=0)'],
    [nn.AvgPool3d(2, { stride: 1 }), 'AvgPool3d(kernel_size=2, stride=1, padding=0)'],
    [nn.LPPool1d(2, 3), 'LPPool1d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)'],
    [nn.LPPool2d(1.5, [2, 3], { ceilMode: true }), 'LPPool2d(norm_type=1.5, kernel_size=(2, 3), stride=None, ceil_mode=True)'],
    [nn.LPPool3d(1, 2, { stride: [1, 2, 2] }), 'LPPool3d(norm_type=1, kernel_size=2, stride=(1, 2, 2), ceil_mode=False)'],
    [nn.AdaptiveAvgPool1d(4), 'AdaptiveAvgPool1d(output_size=4)'],
    [nn.AdaptiveAvgPool2d([null, 3]), 'AdaptiveAvgPool2d(output_size=(None, 3))'],
    [nn.AdaptiveAvgPool3d(null), 'AdaptiveAvgPool3d(output_size=None)'],
    [nn.AdaptiveMaxPool1d(4, { returnIndices: true }), 'AdaptiveMaxPool1d(output_size=4)'],
    [nn.AdaptiveMaxPool2d(1), 'AdaptiveMaxPool2d(output_size=1)'],
    [nn.AdaptiveMaxPool3d([1, 2, null]), 'AdaptiveMaxPool3d(output_size=(1, 2, None))'],
    [nn.MaxUnpool1d(3), 'MaxUnpool1d(kernel_size=(3,), stride=(3,), padding=(0,))'],
    [nn.MaxUnpool2d(3, { stride: 2, padding: 1 }), 'MaxUnpool2d(kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))'],
    [nn.MaxUnpool3d([1, 2, 3]), 'MaxUnpool3d(kernel_size=(1, 2, 3), stride=(1, 2, 3), padding=(0, 0, 0))'],
  ])('%s', (layer, text) => {
    expect(layer.toString()).toBe(text);
  });

  it('pool over one, two and three axes, each like the others where only one axis matters', () => {
    const x = nn.randn(2, 3, 9);
    for (const [one, two, three] of [
      [nn.MaxPool1d(3, { stride: 2, padding: 1 }), nn.MaxPool2d([1, 3], { stride: [1, 2], padding: [0, 1] }), nn.MaxPool3d([1, 1, 3], { stride: [1, 1, 2], padding: [0, 0, 1] })],
      [nn.AvgPool1d(3, { ceilMode: true, stride: 2 }), nn.AvgPool2d([1, 3], { ceilMode: true, stride: [1, 2] }), nn.AvgPool3d([1, 1, 3], { ceilMode: true, stride: [1, 1, 2] })],
      [nn.LPPool1d(2, 4, { stride: 3 }), nn.LPPool2d(2, [1, 4], { stride: [1, 3] }), nn.LPPool3d(2, [1, 1, 4], { stride: [1, 1, 3] })],
      [nn.AdaptiveAvgPool1d(4), nn.AdaptiveAvgPool2d([1, 4]), nn.AdaptiveAvgPool3d([null, 1, 4])],
      [nn.AdaptiveMaxPool1d(4), nn.AdaptiveMaxPool2d([1, 4]), nn.AdaptiveMaxPool3d([null, 1, 4])],
    ]) {
      const expected = list(one.forward(x));
      expect(list(two.forward(x.unsqueeze(2)))).toEqual(expected);
      expect(list(three.forward(x.unsqueeze(2).unsqueeze(2)))).toEqual(expected);
    }
  });

  it('give the positions too when asked, also behind a ReLU', () => {
    const x = nn.tensor([-1, 3, 2, 0, 5, -4, 7, 1], [1, 1, 2, 4]);
    const [y, indices] = nn.MaxPool2d(2, { returnIndices: true }).forward(x);
    expect([list(y), list(indices), indices.dtype]).toEqual([[5, 7], [4, 6], 'int32']);
    const pair = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2)).forward(x);
    expect(list(pair)).toEqual([5, 7]);
    const behind = nn.MaxPool2d(2, { returnIndices: true });
    const both = nn.Sequential(nn.ReLU(), behind as never).forward(x) as unknown as [Tensor, Tensor];
    expect(both.map(list)).toEqual([[5, 7], [4, 6]]);
    const [most, at] = nn.AdaptiveMaxPool2d([1, 3], { returnIndices: true }).forward(x);
    expect([list(most), list(at)]).toEqual([[5, 7, 7], [4, 6, 6]]);
  });
});

describe('adaptive pooling', () => {
  it('divides the input into windows that overlap where they do not fit', () => {
    const x = nn.tensor([1, 2, 3, 4, 5], [1, 1, 5]);
    expect(list(adaptiveAvgPool1d(x, 3))).toEqual([1.5, 3, 4.5]);
    expect(list(adaptiveMaxPool1d(x, 3))).toEqual([2, 4, 5]);
    expect(list(adaptiveAvgPool1d(x, 10))).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    const same = adaptiveAvgPool1d(x, null);
    expect(list(same)).toEqual(list(x));
    same.zero_();
    expect(list(x)).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes the first of equal elements, and a NaN before all', () => {
    const [, first] = adaptiveMaxPool2d(nn.ones(1, 3, 5), [2, 2], { returnIndices: true });
    expect(list(first)).toEqual([0, 2, 5, 7]);
    const [y, at] = adaptiveMaxPool1d(nn.tensor([1, NaN, 3, 2, 9], [1, 5]), 3, { returnIndices: true });
    expect([list(y), list(at)]).toEqual([[NaN, NaN, 9], [1, 1, 4]]);
  });

  it('is a mean over the image where the output size is 1', () => {
    const x = nn.randn(2, 3, 5, 4);
    list(adaptiveAvgPool2d(x, 1)).forEach((value, i) => expect(value).toBeCloseTo(list(x.mean([2, 3]))[i], 6));
  });

  it('works on a device of core ops', () => {
    const values = list(nn.randn(2, 7, 5));
    for (const pool of [(x: Tensor) => adaptiveAvgPool2d(x, [3, 4]), (x: Tensor) => adaptiveMaxPool2d(x, [3, 2])]) {
      const [host, there] = [nn, device].map((on) => {
        const x = on.tensor(values, [2, 7, 5], { requiresGrad: true });
        const y = pool(x);
        y.mul(y).sum().backward();
        return { y: list(y), g: list(x.grad) };
      });
      there.y.forEach((value, i) => expect(value).toBeCloseTo(host.y[i], 6));
      there.g.forEach((value, i) => expect(value).toBeCloseTo(host.g[i], 5));
    }
  });

  it('takes nothing of an axis of size 0', () => {
    const x = nn.randn(2, 3, 4, 5).requiresGrad_();
    const [y, indices] = adaptiveMaxPool2d(x, [0, 2], { returnIndices: true });
    const means = adaptiveAvgPool2d(x, [null, 0]);
    expect([y.shape, indices.shape, indices.dtype, means.shape]).toEqual([[2, 3, 0, 2], [2, 3, 0, 2], 'int32', [2, 3, 4, 0]]);
    y.sum().add(means.sum()).backward();
    expect(list(x.grad)).toEqual(new Array(120).fill(0));
  });

  it('refuses sizes and shapes that cannot be', () => {
    refuses(() => nn.AdaptiveAvgPool2d([1, 2, 3]), 'CVY_ARG_VALUE', /^AdaptiveAvgPool2d: outputSize is \[1, 2, 3\] but must be an integer ≥ 0 or null, or 2 of them$/);
    refuses(() => nn.AdaptiveMaxPool1d(-1), 'CVY_ARG_VALUE', /outputSize is -1/);
    refuses(() => nn.AdaptiveAvgPool2d(1, { returnIndices: true }), 'CVY_ARG_OPTION', /returnIndices/);
    refuses(() => nn.AdaptiveMaxPool2d(1, { returnIndices: 1 } as never), 'CVY_ARG_TYPE', /returnIndices is number/);
    refuses(() => adaptiveAvgPool2d(nn.ones(2, 3), 1), 'CVY_SHAPE_RANK', /input has 2 axes but 4 \(or 3 without a batch\) are required \(input \[2, 3\]\)/);
    refuses(() => adaptiveMaxPool2d(nn.zeros(1, 0, 3), 1), 'CVY_SHAPE_KERNEL', /input is 0×3 but must not be empty/);
    refuses(() => adaptiveAvgPool1d(whole([1, 2], [1, 2]), 1), 'CVY_DTYPE', /dtypes are int32/);
  });
});

describe('p-norms of windows', () => {
  it('is the Euclidean norm for p = 2 and a sum with signs for p = 1', () => {
    const x = nn.tensor([3, -4, 0, -2], [1, 4]);
    expect(list(lpPool1d(x, 2, 2))).toEqual([5, 2]);
    expect(list(lpPool1d(x, 1, 2))).toEqual([-1, -2]);
    // The last window has one element of two: it counts twice.
    expect(list(lpPool1d(nn.tensor([3, 4, 1], [1, 3]), 2, 2, { ceilMode: true })).map((v) => v * v)).toEqual([25, expect.closeTo(2, 5)]);
  });

  it('has the gradient 0 where a window is all zeros', () => {
    for (const p of [2, 3]) {
      const x = nn.tensor([0, 0, 1, 2], [1, 4], { requiresGrad: true });
      const y = lpPool1d(x, p, 2);
      y.sum().backward();
      expect(list(y)[0]).toBe(0);
      expect(list(x.grad).slice(0, 2)).toEqual([0, 0]);
      expect(list(x.grad)[3]).toBeGreaterThan(0);
    }
  });

  it('refuses norms that are no number', () => {
    refuses(() => lpPool2d(nn.ones(1, 4, 4), Infinity, 2), 'CVY_ARG_VALUE', /^lpPool2d: normType is Infinity but must be a finite number other than 0; the limit is maximum pooling$/);
    refuses(() => nn.LPPool1d(0, 2), 'CVY_ARG_VALUE', /normType is 0/);
    refuses(() => nn.LPPool2d(2, 2, { padding: 1 } as never), 'CVY_ARG_OPTION', /'padding' is unknown/);
    refuses(() => nn.LPPool2d(2, 0), 'CVY_ARG_VALUE', /kernelSize is 0/);
  });
});

describe('unpooling', () => {
  const pooled = maxPool2d(nn.tensor([1, 5, 2, 3, 4, 0, 9, 8, 7, 6, 3, 2, 1, 0, 5], [1, 3, 5]), 2, { returnIndices: true });

  it('puts the maxima back, at the size that is meant', () => {
    const [y, indices] = pooled;
    expect([list(y), list(indices)]).toEqual([[9, 8], [6, 7]]);
    expect(maxUnpool2d(y, indices, 2, { outputSize: [3, 5] }).toArray()).toEqual([[[0, 0, 0, 0, 0], [0, 9, 8, 0, 0], [0, 0, 0, 0, 0]]]);
    expect(nn.MaxUnpool2d(2).forward(y, indices).toArray()).toEqual([[[0, 0, 0, 0], [0, 0, 9, 8]]]);
    expect(nn.MaxUnpool2d(2).forward(y, indices, [1, 1, 3, 5]).shape).toEqual([1, 3, 5]);
  });

  it('keeps the last of several elements at one place, each of which gets that place’s gradient', () => {
    for (const on of [nn, device]) {
      const x = on.tensor([1, 2, 3, 4], [2, 2], { requiresGrad: true });
      const y = maxUnpool1d(x, whole([3, 3, 0, 2], [2, 2], on), 2);
      expect(y.toArray()).toEqual([[0, 0, 0, 2], [3, 0, 4, 0]]);
      y.backward(on.tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 4]));
      expect(x.grad!.toArray()).toEqual([[4, 4], [5, 7]]);
    }
  });

  it('refuses positions, sizes and shapes that do not fit', () => {
    const [y, indices] = pooled;
    refuses(() => maxUnpool2d(y, whole([0, 8], [1, 1, 2]), 2), 'CVY_ARG_VALUE', /^maxUnpool2d: index 8 at position 1 lies outside the output but must be from 0 to 7 .*; pass outputSize$/);
    refuses(() => maxUnpool2d(y, indices, 2, { outputSize: [4, 5] }), 'CVY_ARG_VALUE', /outputSize is \[4, 5\] but must be 1 to 3 × 3 to 5 \(input 1×2/);
    refuses(() => maxUnpool2d(y, indices, 2, { outputSize: [3] }), 'CVY_ARG_VALUE', /outputSize is \[3\]/);
    refuses(() => maxUnpool2d(y, y, 2), 'CVY_DTYPE', /indices have dtype float32 but int32 is required/);
    refuses(() => maxUnpool2d(y, whole([0], [1, 1, 1]), 2), 'CVY_SHAPE_MISMATCH', /input \[1, 1, 2\], indices \[1, 1, 1\]/);
    refuses(() => maxUnpool1d(y.unsqueeze(0), indices.unsqueeze(0), 2), 'CVY_SHAPE_RANK', /input has 4 axes but 3 \(or 2 without a batch\)/);
    refuses(() => nn.MaxUnpool2d(2, { dilation: 2 } as never), 'CVY_ARG_OPTION', /'dilation' is unknown/);
    refuses(() => nn.MaxUnpool2d(2).forward(y, y), 'CVY_DTYPE', /in layer MaxUnpool2d\(kernel_size=\(2, 2\)/);
  });
});

describe('the gradient of a maximum', () => {
  const without: Backend = Object.create(nn.backend, { has: { value: (op: string) => op !== 'maxPoolGrad' } }) as Backend;
  const back = (backend: Backend, options: Parameters<typeof maxPool2d>[2]): [unknown, unknown] => {
    const x = nn.tensor([5, 1, 5, 2, 0, 3, 4, 9, 1, 9, 2, 2], [1, 1, 3, 4]).to({ backend }).detach().requiresGrad_();
    const y = maxPool2d(x, 2, options);
    const seed = nn.tensor(Float32Array.from({ length: y.numel }, (_, i) => i + 1), y.shape).to({ backend }).requiresGrad_();
    const [gx] = grad(y, [x], { gradOutputs: [seed], createGraph: true });
    return [gx!.toArray(), grad(gx!.mul(gx!), [seed], { gradOutputs: [nn.ones(...gx!.shape).to({ backend })] })[0]!.toArray()];
  };

  it('goes to the first of equals, and twice where windows overlap; its own gradient comes back from there', () => {
    expect(back(nn.backend, {})).toEqual([[[[[1, 0, 0, 0], [0, 0, 0, 2], [0, 0, 0, 0]]]], [[[[2, 4]]]]]);
    expect(back(nn.backend, { stride: 1 })[0]).toEqual([[[[1, 0, 2, 0], [0, 0, 0, 9], [0, 9, 0, 0]]]]);
  });

  it.each([[{}], [{ stride: 1 }], [{ padding: 1 }]])('is a scatter where the kernel is lacking, with %o', (options) => {
    expect(back(without, options)).toEqual(back(nn.backend, options));
  });
});

describe('maximum and average pooling layers', () => {
  it('refuse options that are unknown or cannot be', () => {
    refuses(() => nn.MaxPool1d(2, { returnIndeces: true } as never), 'CVY_ARG_OPTION', /did you mean 'returnIndices'/);
    refuses(() => nn.MaxPool3d(2, { padding: 2 }), 'CVY_ARG_VALUE', /at most half of the window/);
    refuses(() => nn.AvgPool1d(2, { divisorOverride: 2 } as never), 'CVY_ARG_OPTION', /divisorOverride/);
    refuses(() => nn.AvgPool3d([2, 2]), 'CVY_ARG_VALUE', /kernelSize is \[2, 2\]/);
    refuses(() => nn.MaxPool1d(5).forward(nn.ones(1, 1, 3)), 'CVY_SHAPE_KERNEL', /in layer MaxPool1d/);
  });
});
