/** Padding, flattening and bilinear layers: printed forms, ranks and errors as PyTorch has them. Numbers of pad are the reference's. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import { bilinear, pad } from '../../dist/src/nn/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 3 });
afterAll(() => convoy.close());


describe('padding layers', () => {
  const row = nn.tensor([1, 2, 3, 4], [1, 4]);

  it.each([
    [nn.ConstantPad1d([1, 2], 7), 'ConstantPad1d(padding=(1, 2), value=7)', [7, 1, 2, 3, 4, 7, 7]],
    [nn.ConstantPad1d(-1, 0.5), 'ConstantPad1d(padding=(-1, -1), value=0.5)', [2, 3]],
    [nn.ZeroPad1d([0, 1]), 'ZeroPad1d((0, 1))', [1, 2, 3, 4, 0]],
    [nn.ReflectionPad1d([2, 1]), 'ReflectionPad1d((2, 1))', [3, 2, 1, 2, 3, 4, 3]],
    [nn.ReplicationPad1d(2), 'ReplicationPad1d((2, 2))', [1, 1, 1, 2, 3, 4, 4, 4]],
    [nn.CircularPad1d([1, 3]), 'CircularPad1d((1, 3))', [4, 1, 2, 3, 4, 1, 2, 3]],
  ])('%s', (layer, text, expected) => {
    expect(String(layer)).toBe(text);
    expect(list(layer.forward(row))).toEqual(expected);
    expect(list(layer.forward(row.unsqueeze(0)))).toEqual(expected);
    expect(layer.parameters()).toEqual([]);
  });

  it('crop what was reflected or repeated, but wrap around what was cropped', () => {
    const [one, three] = [nn.tensor([5], [1, 1]), nn.tensor([1, 2, 3], [1, 3])];
    expect(list(pad(one, [3, -1], { mode: 'replicate' }))).toEqual([5, 5, 5]);
    expect(list(pad(three, [-2, 2], { mode: 'replicate' }))).toEqual([3, 3, 3]);
    expect(list(pad(three, [2, -2], { mode: 'reflect' }))).toEqual([3, 2, 1]);
    expect(list(pad(three, [2, -1], { mode: 'circular' }))).toEqual([1, 2, 1, 2]);
    for (const mode of ['replicate', 'reflect', 'circular'] as const) {
      expect(pad(three, [-1, -2], { mode }).shape).toEqual([1, 0]);
      expect(() => pad(three, [-1, -3], { mode })).toThrow(/can leave no less than nothing of an axis of 3/);
    }
    expect(() => pad(three, [1, -3], { mode: 'circular' })).toThrow(/can leave no less/);
  });

  it('pad the last axes, the last one first', () => {
    const x = nn.randn(2, 3, 4, 5);
    for (const layer of [nn.ConstantPad2d([1, 2, 3, 0], 1), nn.ZeroPad2d([1, 2, 3, 0]), nn.ReflectionPad2d([1, 2, 3, 0]), nn.ReplicationPad2d([1, 2, 3, 0]), nn.CircularPad2d([1, 2, 3, 0])]) {
      expect(layer.forward(x).shape).toEqual([2, 3, 7, 8]);
      expect(list(layer.forward(x.select(0, 1)))).toEqual(list(layer.forward(x).select(0, 1)));
    }
    for (const layer of [nn.ConstantPad3d(1, 1), nn.ZeroPad3d(1), nn.ReflectionPad3d(1), nn.ReplicationPad3d(1), nn.CircularPad3d(1)]) expect(layer.forward(x).shape).toEqual([2, 5, 6, 7]);
    expect(list(nn.ZeroPad2d(1).forward(x))).toEqual(list(pad(x, [1, 1, 1, 1])));
  });

  it.each([
    ['CVY_ARG_VALUE', 'ReflectionPad2d: padding is [1, 2] but must be an integer or 4 of them', () => nn.ReflectionPad2d([1, 2])],
    ['CVY_ARG_VALUE', 'ZeroPad2d: padding is 0.5', () => nn.ZeroPad2d(0.5)],
    ['CVY_ARG_VALUE', 'ConstantPad1d: value is undefined', () => nn.ConstantPad1d(1, undefined as never)],
    ['CVY_SHAPE_RANK', 'ReflectionPad2d: input has 2 axes but 3 or 4 are required', () => nn.ReflectionPad2d(1).forward(nn.ones(3, 3))],
    ['CVY_SHAPE_RANK', 'ZeroPad2d: input has 1 axes but at least 2 are required', () => nn.ZeroPad2d(1).forward(nn.ones(3))],
    ['CVY_SHAPE_KERNEL', "mode 'reflect' allows at most 2", () => nn.ReflectionPad1d(3).forward(nn.ones(1, 3))],
    ['CVY_SHAPE_KERNEL', "mode 'circular' allows at most 3", () => nn.CircularPad1d(4).forward(nn.ones(1, 3))],
  ])('%s %s', (code, text, run) => {
    expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) as string }));
  });
});

describe('Unflatten', () => {
  it('leads back from Flatten', () => {
    const x = nn.randn(2, 3, 4);
    const layer = nn.Unflatten(1, [3, -1]);
    expect(String(layer)).toBe('Unflatten(dim=1, unflattened_size=(3, -1))');
    expect(layer.forward(nn.Flatten().forward(x)).shape).toEqual([2, 3, 4]);
    expect(() => layer.forward(nn.ones(2, 4))).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_NUMEL' }));
    expect(() => nn.Unflatten(0.5, [1])).toThrow(/Unflatten: dim is 0.5/);
    expect(() => nn.Unflatten(0, [])).toThrow(/Unflatten: unflattenedSize is \[\]/);
  });
});

describe('Bilinear', () => {
  it('is a form of both inputs', () => {
    const layer = nn.Bilinear(2, 3, 4);
    expect(String(layer)).toBe('Bilinear(in1_features=2, in2_features=3, out_features=4, bias=True)');
    expect(Object.entries(layer.stateDict()).map(([name, { shape }]) => [name, shape])).toEqual([['weight', [4, 2, 3]], ['bias', [4]]]);
    expect(layer.forward(nn.ones(5, 6, 2), nn.ones(5, 6, 3)).shape).toEqual([5, 6, 4]);
    expect(list(bilinear(nn.tensor([1, 2]), nn.tensor([3, 5]), nn.tensor([1, 10, 100, 1000], [1, 2, 2])))).toEqual([3 + 50 + 600 + 10000]);
  });

  it.each([
    ['CVY_SHAPE_MISMATCH', 'must agree in all axes but the last', () => nn.Bilinear(2, 3, 1).forward(nn.ones(2, 2), nn.ones(3, 3))],
    ['CVY_SHAPE_FEATURES', 'the inputs have 2 and 2 features but weight expects 2 and 3', () => nn.Bilinear(2, 3, 1).forward(nn.ones(2, 2), nn.ones(2, 2))],
    ['CVY_SHAPE_RANK', 'bilinear: weight has 2 axes', () => bilinear(nn.ones(2), nn.ones(2), nn.ones(2, 2))],
    ['CVY_ARG_VALUE', 'Bilinear: in2Features is 0', () => nn.Bilinear(1, 0, 1)],
  ])('%s %s', (code, text, run) => {
    expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) as string }));
  });
});
