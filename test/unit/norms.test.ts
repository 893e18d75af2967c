/** Normalisation layers: printed forms, keys, running statistics, ranks and errors as PyTorch has them. Numbers are the reference's. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import { groupNorm, instanceNorm, layerNorm, localResponseNorm } from '../../dist/src/nn/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 3 });
afterAll(() => convoy.close());

function close(actual: Tensor, expected: Tensor | number[], digits = 5): void {
  const wanted = Array.isArray(expected) ? expected : list(expected);
  expect(actual.numel).toBe(wanted.length);
  list(actual).forEach((value, i) => expect(value, `element ${i}`).toBeCloseTo(wanted[i], digits));
}

describe('norm layers', () => {
  it.each([
    [nn.LayerNorm(10), 'LayerNorm((10,), eps=1e-05, elementwise_affine=True)', ['weight', 'bias']],
    [nn.LayerNorm([2, 3], { eps: 0.1, elementwiseAffine: false }), 'LayerNorm((2, 3), eps=0.1, elementwise_affine=False)', []],
    [nn.GroupNorm(2, 6), 'GroupNorm(2, 6, eps=1e-05, affine=True)', ['weight', 'bias']],
    [nn.GroupNorm(2, 6, { affine: false }), 'GroupNorm(2, 6, eps=1e-05, affine=False)', []],
    [nn.InstanceNorm1d(4), 'InstanceNorm1d(4, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)', []],
    [nn.InstanceNorm3d(4, { affine: true, trackRunningStats: true, momentum: null }), 'InstanceNorm3d(4, eps=1e-05, momentum=None, affine=True, track_running_stats=True)',
      ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']],
    [nn.LocalResponseNorm(2), 'LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1.0)', []],
    [nn.LocalResponseNorm(5, { alpha: 1, beta: 0.5, k: 2 }), 'LocalResponseNorm(5, alpha=1, beta=0.5, k=2)', []],
  ])('%s', (layer, text, keys) => {
    expect(layer.toString()).toBe(text);
    expect(Object.keys(layer.stateDict())).toEqual(keys);
  });

  it('agree with each other where they mean the same', () => {
    const x = nn.randn(3, 4, 5, 2);
    close(nn.GroupNorm(1, 4).forward(x), layerNorm(x, [4, 5, 2]));
    close(nn.GroupNorm(4, 4).forward(x), nn.InstanceNorm2d(4).forward(x));
    close(nn.InstanceNorm2d(4).forward(x.select(0, 1)), instanceNorm(x).select(0, 1));
    close(nn.InstanceNorm1d(3).forward(x.select(1, 0).select(2, 0)), layerNorm(x.select(1, 0).select(2, 0), 5));
    close(nn.InstanceNorm3d(4).forward(x.unsqueeze(2)), nn.InstanceNorm2d(4).forward(x).unsqueeze(2));
    close(nn.BatchNorm3d(4).forward(x.unsqueeze(2)), nn.BatchNorm2d(4).forward(x).unsqueeze(2));
  });

  it('LocalResponseNorm looks at so many channels, one more of them behind', () => {
    const x = nn.tensor([1, 2, 3, 4], [1, 4, 1]);
    close(nn.LocalResponseNorm(2, { alpha: 2, beta: 1, k: 1 }).forward(x), [1 / 2, 2 / 6, 3 / 14, 4 / 26]);
    close(localResponseNorm(x, 3, { alpha: 3, beta: 0.5, k: 0 }), [1 / Math.sqrt(5), 2 / Math.sqrt(14), 3 / Math.sqrt(29), 4 / 5]);
  });

  it('keep the running statistics of instances, averaged over the batch', () => {
    const layer = nn.InstanceNorm1d(1, { trackRunningStats: true, momentum: 0.5 });
    layer.forward(nn.tensor([1, 3, 10, 14], [2, 1, 2]));
    // Means 2 and 12, unbiased variances 2 and 8.
    expect([list(layer.runningMean), list(layer.runningVar), list(layer.numBatchesTracked)]).toEqual([[3.5], [3], [0]]);
    layer.eval();
    close(layer.forward(nn.tensor([3.5, 3.5 + Math.sqrt(3)], [1, 2])), [0, 1]);
    const still = nn.InstanceNorm1d(1, { trackRunningStats: true, momentum: null });
    still.forward(nn.randn(2, 1, 5));
    expect([list(still.runningMean), list(still.runningVar)]).toEqual([[0], [1]]);
  });

  it('take nothing at all, too', () => {
    expect(nn.LayerNorm(3).forward(nn.zeros(0, 3)).shape).toEqual([0, 3]);
    expect(nn.GroupNorm(1, 3).forward(nn.zeros(0, 3, 2)).shape).toEqual([0, 3, 2]);
    expect(nn.LocalResponseNorm(3).forward(nn.zeros(0, 3, 2)).shape).toEqual([0, 3, 2]);
  });

  it.each([
    ['CVY_SHAPE_FEATURES', 'layerNorm: input ends in [3] but normalizedShape is [4]', () => nn.LayerNorm(4).forward(nn.ones(2, 3))],
    ['CVY_SHAPE_FEATURES', 'layerNorm: input ends in [3]', () => nn.LayerNorm([2, 3]).forward(nn.ones(3))],
    ['CVY_SHAPE_MISMATCH', 'layerNorm: weight is [3]', () => layerNorm(nn.ones(2, 3), [2, 3], nn.ones(3))],
    ['CVY_ARG_VALUE', 'LayerNorm: normalizedShape is []', () => nn.LayerNorm([])],
    ['CVY_ARG_OPTION', "LayerNorm: option 'affine'", () => nn.LayerNorm(2, { affine: false } as object)],
    ['CVY_ARG_VALUE', 'GroupNorm: numGroups is 4 but must divide numChannels 6', () => nn.GroupNorm(4, 6)],
    ['CVY_SHAPE_CHANNELS', 'groupNorm: input has 5 channels', () => groupNorm(nn.ones(2, 5), 2)],
    ['CVY_SHAPE_CHANNELS', 'groupNorm: input has 4 channels but weight is [6]', () => nn.GroupNorm(2, 6).forward(nn.ones(2, 4))],
    ['CVY_SHAPE_NUMEL', 'groupNorm: a batch of one has 1 value per group', () => groupNorm(nn.ones(1, 2), 2)],
    ['CVY_SHAPE_RANK', 'groupNorm: input has 1 axes', () => groupNorm(nn.ones(2), 2)],
    ['CVY_SHAPE_RANK', 'InstanceNorm2d: input has 5 axes but 3 or 4 are required', () => nn.InstanceNorm2d(2).forward(nn.ones(1, 2, 2, 2, 2))],
    ['CVY_SHAPE_NUMEL', 'instanceNorm: the input has 1 value per channel', () => nn.InstanceNorm2d(2).forward(nn.ones(3, 2, 1, 1))],
    ['CVY_SHAPE_CHANNELS', 'instanceNorm: input has 3 channels but weight is [2]', () => nn.InstanceNorm1d(2, { affine: true }).forward(nn.ones(1, 3, 4))],
    ['CVY_ARG_VALUE', 'instanceNorm: runningMean is null', () => instanceNorm(nn.ones(1, 2, 3), null, null, null, null, { useInputStats: false })],
    ['CVY_SHAPE_RANK', 'localResponseNorm: input has 2 axes', () => nn.LocalResponseNorm(2).forward(nn.ones(3, 4))],
    ['CVY_ARG_VALUE', 'LocalResponseNorm: size is 0', () => nn.LocalResponseNorm(0)],
  ])('%s %s', (code, text, run) => {
    expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) as string }));
  });
});
