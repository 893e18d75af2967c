/** Resizing: printed forms, coordinates by hand, separability, devices, infinities, what is refused. Further numbers are the reference's. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, interpolate, noGrad } from '../../dist/src/index.js';
import type { InterpolateOptions, Tensor } from '../../dist/src/index.js';
import { coreDevice } from '../../dist/src/testkit/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy({ plugins: [coreDevice()] });
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 1 });
const fast = await convoy.nn({ backend: 'wasm-simd', seed: 1 });
const device = await convoy.nn({ backend: 'core-device', seed: 1, fallback: 'allow' });
afterAll(() => convoy.close());

const line = (values: readonly number[]): Tensor => nn.tensor([...values], [1, 1, values.length]);
const resized = (values: readonly number[], options: InterpolateOptions): number[] => list(interpolate(line(values), options));
const refuses = (what: () => unknown, code: string, message: RegExp): void => {
  expect(what).toThrow(expect.objectContaining({ code }));
  expect(what).toThrow(message);
};

describe('coordinates along one axis', () => {
  it('nearest takes the cell in which the left edge lies, nearest-exact that of the middle', () => {
    expect(resized([0, 1, 2, 3, 4], { size: 3 })).toEqual([0, 1, 3]);
    expect(resized([0, 1, 2, 3, 4], { size: 3, mode: 'nearest-exact' })).toEqual([0, 2, 4]);
    expect(resized([0, 1, 2], { scaleFactor: 2 })).toEqual([0, 0, 1, 1, 2, 2]);
    expect(resized([0, 1, 2], { scaleFactor: 0.4 })).toEqual([0]);
  });

  it('linear maps outer edges to outer edges, or middles to middles', () => {
    expect(resized([0, 4], { size: 4, mode: 'linear' })).toEqual([0, 1, 3, 4]);
    expect(resized([0, 3], { size: 4, mode: 'linear', alignCorners: true })).toEqual([0, 1, 2, 3].map((v) => expect.closeTo(v, 6)));
    expect(resized([5, 3, 1], { size: 1, mode: 'linear', alignCorners: true })).toEqual([5]);
    expect(resized([7], { size: 3, mode: 'linear' })).toEqual([7, 7, 7]);
  });

  it('a factor maps coordinates by itself, unless it is to be computed anew', () => {
    // ⌊5 · 0.5⌋ = 2 cells: steps of 2 by the factor, of 2.5 by the sizes.
    expect(resized([0, 1, 2, 3, 4], { scaleFactor: 0.5, mode: 'linear' })).toEqual([0.5, 2.5]);
    expect(resized([0, 1, 2, 3, 4], { scaleFactor: 0.5, mode: 'linear', recomputeScaleFactor: true })).toEqual([0.75, 3.25]);
    expect(resized([0, 1, 2, 3, 4], { scaleFactor: 0.5, mode: 'area' })).toEqual([1, 3]);
  });

  it('does not spread infinities to cells that do not contain them', () => {
    expect(resized([Infinity, 0, 0, 0], { size: 2, mode: 'linear', alignCorners: true })).toEqual([Infinity, 0]);
  });

  it('gives a tensor of its own where nothing changes', () => {
    const x = line([1, 2]);
    interpolate(x, { size: 2 }).zero_();
    expect(list(x)).toEqual([1, 2]);
  });
});

describe('images', () => {
  const constant = nn.full([1, 2, 7, 5], 3);

  it.each([{ size: [3, 11], mode: 'bilinear' }, { scaleFactor: [1.7, 0.3], mode: 'bicubic' }, { size: 3, mode: 'bicubic', antialias: true }, { size: [2, 9], mode: 'bilinear', antialias: true }, { size: [4, 3], mode: 'area' }] as const)(
    'stay constant where they are constant: %j', (options) => {
      for (const value of list(interpolate(constant, options))) expect(value).toBeCloseTo(3, 5);
    });

  it.each([{ size: [3, 11], mode: 'bilinear', alignCorners: true }, { scaleFactor: [1.7, 0.6], mode: 'bicubic' }, { size: [4, 9], mode: 'area' }, { scaleFactor: 2 }] as const)(
    'are the same on every backend, gradient included: %j', (options) => {
      const values = list(nn.randn(2, 3, 6, 7));
      const [host, ...others] = [nn, fast, device].map((on) => {
        const x = on.tensor(values, [2, 3, 6, 7], { requiresGrad: true });
        const y = interpolate(x, options);
        y.mul(y).sum().backward();
        return [...list(y), ...list(x.grad)];
      });
      for (const other of others) other.forEach((value, i) => expect(Math.abs(value - host[i]), `element ${i}`).toBeLessThan(1e-4));
    });

  it('frees what it made for itself', () => {
    const before = convoy.memory().liveTensors;
    noGrad(() => interpolate(constant, { size: [9, 9], mode: 'bicubic' }).dispose());
    expect(convoy.memory().liveTensors).toBeLessThanOrEqual(before + 1);
  });
});

describe('the layers', () => {
  it.each([
    [nn.Upsample({ size: 3 }), 'Upsample(size=3, mode=nearest)'],
    [nn.Upsample({ scaleFactor: 2, mode: 'bilinear', alignCorners: true }), 'Upsample(scale_factor=2.0, mode=bilinear)'],
    [nn.Upsample({ scaleFactor: [2, 1.5] }), 'Upsample(scale_factor=(2.0, 1.5), mode=nearest)'],
    [nn.UpsamplingNearest2d({ scaleFactor: 2 }), 'UpsamplingNearest2d(scale_factor=2.0, mode=nearest)'],
    [nn.UpsamplingBilinear2d({ size: [4, 5] }), 'UpsamplingBilinear2d(size=(4, 5), mode=bilinear)'],
  ])('%s', (layer, text) => {
    expect(layer.toString()).toBe(text);
  });

  it('do what interpolate does', () => {
    const x = nn.randn(1, 2, 4, 3);
    expect(list(nn.Upsample({ scaleFactor: 1.6, mode: 'bicubic', recomputeScaleFactor: true }).forward(x))).toEqual(list(interpolate(x, { scaleFactor: 1.6, mode: 'bicubic', recomputeScaleFactor: true })));
    expect(list(nn.UpsamplingNearest2d({ size: [5, 7] }).forward(x))).toEqual(list(interpolate(x, { size: [5, 7] })));
    expect(list(nn.UpsamplingBilinear2d({ scaleFactor: 2 }).forward(x))).toEqual(list(interpolate(x, { scaleFactor: 2, mode: 'bilinear', alignCorners: true })));
  });
});

describe('what is refused', () => {
  const x = nn.ones(1, 1, 4, 4);
  it.each<[InterpolateOptions, string, RegExp]>([
    [{}, 'CVY_ARG_VALUE', /^interpolate: neither of size and scaleFactor is given but exactly one is required$/],
    [{ size: 2, scaleFactor: 2 }, 'CVY_ARG_VALUE', /both of size and scaleFactor are given/],
    [{ size: 2, alignCorners: false }, 'CVY_ARG_VALUE', /alignCorners is given with mode 'nearest'/],
    [{ size: 2, mode: 'area', antialias: true }, 'CVY_ARG_VALUE', /antialias is given with mode 'area' but only bilinear and bicubic take it/],
    [{ size: 2, recomputeScaleFactor: true }, 'CVY_ARG_VALUE', /recomputeScaleFactor is given with a size/],
    [{ size: 2, mode: 'cubic' as never }, 'CVY_ARG_VALUE', /mode is 'cubic' but must be one of nearest/],
    [{ size: 0 }, 'CVY_ARG_VALUE', /size is 0/],
    [{ scaleFactor: -1 }, 'CVY_ARG_VALUE', /scaleFactor is -1 but must be a finite number > 0/],
    [{ scaleFactor: [2, NaN] }, 'CVY_ARG_VALUE', /scaleFactor is \[2, NaN\]/],
    [{ scaleFactor: '2' as never }, 'CVY_ARG_VALUE', /scaleFactor is 2/],
    [{ size: 2, alignCorner: true } as never, 'CVY_ARG_OPTION', /did you mean 'alignCorners'/],
    [{ size: 2, mode: 'linear' }, 'CVY_SHAPE_RANK', /input has 4 axes but mode 'linear' requires 3, batch and channels included \(input \[1, 1, 4, 4\]\)/],
    [{ size: 2, mode: 'trilinear' }, 'CVY_SHAPE_RANK', /requires 5/],
    [{ size: [2, 2, 2] }, 'CVY_SHAPE_RANK', /size has 3 numbers but 2 are required/],
    [{ scaleFactor: 0.2 }, 'CVY_SHAPE_KERNEL', /4×4 would become 0×0/],
  ])('%j', (options, code, message) => {
    refuses(() => interpolate(x, options), code, message);
  });

  it('by the layers before anything is made', () => {
    refuses(() => nn.Upsample({ mode: 'bilinear' }), 'CVY_ARG_VALUE', /^Upsample: neither/);
    refuses(() => nn.UpsamplingNearest2d({ size: 2, mode: 'area' } as never), 'CVY_ARG_OPTION', /'mode' is unknown/);
    refuses(() => nn.UpsamplingBilinear2d({ size: 2 }).forward(nn.ones(1, 1, 4)), 'CVY_SHAPE_RANK', /in layer UpsamplingBilinear2d/);
    refuses(() => interpolate(nn.tensor(Int32Array.of(1, 2), [1, 1, 2]), { size: 4 }), 'CVY_DTYPE', /int32/);
  });
});
