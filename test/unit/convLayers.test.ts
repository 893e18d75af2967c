/** Convolution layers of every rank and the transposed ones: printed forms, keys, sizes, options and errors as PyTorch has them. */
import { afterAll, describe, expect, it } from 'vitest';
import { noGrad } from '../../dist/src/autograd/index.js';
import { createConvoy, fuse, summary } from '../../dist/src/index.js';
import { conv1d, convTranspose1d, convTranspose2d } from '../../dist/src/nn/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 3 });
afterAll(() => convoy.close());

const shapes = (module: { stateDict(): Record<string, Tensor> }): unknown => Object.fromEntries(Object.entries(module.stateDict()).map(([name, { shape }]) => [name, shape]));
const thrown = (fn: () => unknown): unknown => {
  try {
    return fn();
  } catch (error) {
    return error;
  }
};

describe('convolution layers', () => {
  it.each([
    [nn.Conv1d(4, 6, 5), 'Conv1d(4, 6, kernel_size=(5,), stride=(1,))', { weight: [6, 4, 5], bias: [6] }],
    [nn.Conv1d(4, 6, 3, { padding: 'same', dilation: 2, groups: 2, bias: false, paddingMode: 'circular' }),
      'Conv1d(4, 6, kernel_size=(3,), stride=(1,), padding=same, dilation=(2,), groups=2, bias=False, padding_mode=circular)', { weight: [6, 2, 3] }],
    [nn.Conv3d(2, 4, [1, 3, 2], { stride: [1, 2, 1], padding: [0, 1, 1] }),
      'Conv3d(2, 4, kernel_size=(1, 3, 2), stride=(1, 2, 1), padding=(0, 1, 1))', { weight: [4, 2, 1, 3, 2], bias: [4] }],
    [nn.ConvTranspose1d(6, 9, 4), 'ConvTranspose1d(6, 9, kernel_size=(4,), stride=(1,))', { weight: [6, 9, 4], bias: [9] }],
    [nn.ConvTranspose2d(6, 9, 3, { stride: 2, padding: 1, dilation: 2, outputPadding: [1, 0], groups: 3, bias: false }),
      'ConvTranspose2d(6, 9, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(2, 2), output_padding=(1, 0), groups=3, bias=False)', { weight: [6, 3, 3, 3] }],
    [nn.ConvTranspose3d(2, 3, 2), 'ConvTranspose3d(2, 3, kernel_size=(2, 2, 2), stride=(1, 1, 1))', { weight: [2, 3, 2, 2, 2], bias: [3] }],
    [nn.BatchNorm3d(3), 'BatchNorm3d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)',
      { weight: [3], bias: [3], running_mean: [3], running_var: [3], num_batches_tracked: [] }],
  ])('%s prints, and names its tensors, as PyTorch does', (layer, text, state) => {
    expect(layer.toString()).toBe(text);
    expect(shapes(layer)).toEqual(state);
  });

  it('takes batches and single inputs', () => {
    const layer = nn.Conv1d(2, 3, 3, { stride: 2 });
    const x = nn.randn(2, 9);
    expect(list(layer.forward(x))).toEqual(list(layer.forward(x.unsqueeze(0))));
    expect(layer.forward(x).shape).toEqual([3, 4]);
    expect(nn.Conv3d(1, 2, 2).forward(nn.randn(1, 3, 3, 4)).shape).toEqual([2, 2, 2, 3]);
    expect(list(layer.forward(x))).toEqual(list(conv1d(x, layer.weight, layer.bias, { stride: 2 })));
  });

  it('runs in a Sequential as one with what follows, in every rank', () => {
    for (const [model, x] of [
      [nn.Sequential(nn.Conv1d(2, 4, 3), nn.BatchNorm1d(4), nn.ReLU()), nn.randn(3, 2, 4001)],
      [nn.Sequential(nn.Conv3d(2, 4, 1), nn.BatchNorm3d(4), nn.ReLU()), nn.randn(3, 2, 10, 13, 12)],
    ] as const) {
      noGrad(() => model.forward(x));
      model.eval();
      const apart = [...model].reduce<Tensor>((y, layer) => layer.forward(y), x);
      const together = noGrad(() => model.forward(x));
      const fused = fuse(model);
      expect(fused.at(1).constructor.name).toBe('Identity');
      for (const y of [together, fused.forward(x)]) expect(Math.max(...list(y.sub(apart).abs().max().reshape([1])))).toBeLessThan(1e-5);
    }
  });

  it('counts multiplications of a transposed layer by its input', () => {
    expect(summary(nn.ConvTranspose2d(2, 3, 4, { stride: 2 }), [2, 5, 5]).totals.multiplyAdds).toBe(2 * 25 * 3 * 16);
    expect(summary(nn.Conv3d(2, 3, 2), [2, 3, 3, 3]).totals.multiplyAdds).toBe(3 * 8 * 2 * 8);
  });
});

describe('the output size of a transposed convolution', () => {
  const layer = nn.ConvTranspose2d(2, 3, 3, { stride: [2, 3], padding: 1, outputPadding: 1 });
  const x = nn.randn(1, 2, 4, 5);

  it('is one of those that the stride allows', () => {
    expect(layer.forward(x).shape).toEqual([1, 3, 8, 14]);
    for (const size of [[7, 13], [8, 15], [1, 3, 8, 14]]) expect(layer.forward(x, size).shape.slice(2)).toEqual(size.slice(-2));
    expect(layer.forward(x.squeeze(0), [3, 7, 14]).shape).toEqual([3, 7, 14]);
    expect(list(layer.forward(x, [8, 14]))).toEqual(list(layer.forward(x)));
    expect(list(convTranspose2d(x, layer.weight, null, { stride: [2, 3], padding: 1, outputSize: [8, 15] })))
      .toEqual(list(convTranspose2d(x, layer.weight, null, { stride: [2, 3], padding: 1, outputPadding: [1, 2] })));
  });

  it.each([[[6, 13]], [[9, 13]], [[7, 16]], [[7]], [[1, 7, 13]], [[7.5, 13]], ['7' as never]])('not %j', (size) => {
    expect(thrown(() => layer.forward(x, size))).toMatchObject({ code: 'CVY_ARG_VALUE', message: expect.stringContaining('must be from [7, 13] to [8, 15] (stride [2, 3])') as string });
  });

  it('is given once', () => {
    expect(thrown(() => convTranspose1d(nn.ones(1, 1, 2), nn.ones(1, 1, 2), null, { outputPadding: 0, outputSize: [3] }))).toMatchObject({ code: 'CVY_ARG_OPTION' });
  });
});

describe('wrong options', () => {
  it.each([
    ['CVY_ARG_VALUE', 'paddingMode', () => nn.ConvTranspose1d(1, 1, 1, { paddingMode: 'reflect' as never })],
    ['CVY_ARG_VALUE', 'padding', () => nn.ConvTranspose2d(1, 1, 1, { padding: 'same' as never })],
    ['CVY_ARG_VALUE', 'outputPadding', () => nn.ConvTranspose3d(1, 1, 1, { outputPadding: [1, 1] })],
    ['CVY_ARG_VALUE', 'groups', () => nn.ConvTranspose2d(4, 6, 1, { groups: 4 })],
    ['CVY_ARG_VALUE', 'outputPadding', () => nn.ConvTranspose1d(1, 1, 1, { outputPadding: 1 }).forward(nn.ones(1, 1, 3))],
    ['CVY_ARG_OPTION', 'outputPading', () => nn.ConvTranspose1d(1, 1, 1, { outputPading: 1 } as object)],
    ['CVY_ARG_OPTION', 'outputPadding', () => nn.Conv1d(1, 1, 1, { outputPadding: 1 } as object)],
    ['CVY_SHAPE_RANK', 'convTranspose1d: input has 4 axes', () => nn.ConvTranspose1d(1, 1, 1).forward(nn.ones(1, 1, 3, 3))],
    ['CVY_SHAPE_CHANNELS', 'conv3d: input has 2 channels but weight expects 1', () => nn.Conv3d(1, 1, 1).forward(nn.ones(1, 2, 1, 1, 1))],
    ['CVY_SHAPE_RANK', 'BatchNorm3d: input has 4 axes', () => nn.BatchNorm3d(1).forward(nn.ones(1, 1, 3, 3))],
  ])('%s %s', (code, text, run) => {
    expect(thrown(run)).toMatchObject({ code, message: expect.stringContaining(text) as string });
  });
});
