/** Lazy layers: what they are before the first input, what they become, and by which ways. */
import { afterAll, describe, expect, it } from 'vitest';
import { checkpoint, createConvoy, SGD, type Tensor } from '../../dist/src/index.js';
import type { Module } from '../../dist/src/nn/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 3 });
afterAll(() => convoy.close());

const model = (): Module => nn.Sequential(
  nn.LazyConv2d(4, 3, { padding: 1, groups: 2 }), nn.LazyBatchNorm2d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(5, { bias: false }),
);

describe('lazy layers', () => {
  it.each([
    [nn.LazyConv1d(6, 3), [2, 4, 9], 'LazyConv1d(0, 6, kernel_size=(3,), stride=(1,))', 'Conv1d(4, 6, kernel_size=(3,), stride=(1,))'],
    [nn.LazyConv2d(6, 3, { groups: 2, bias: false }), [4, 5, 5], 'LazyConv2d(0, 6, kernel_size=(3, 3), stride=(1, 1), groups=2, bias=False)',
      'Conv2d(4, 6, kernel_size=(3, 3), stride=(1, 1), groups=2, bias=False)'],
    [nn.LazyConv3d(6, 1), [1, 3, 2, 2, 2], 'LazyConv3d(0, 6, kernel_size=(1, 1, 1), stride=(1, 1, 1))', 'Conv3d(3, 6, kernel_size=(1, 1, 1), stride=(1, 1, 1))'],
    [nn.LazyConvTranspose1d(6, 3, { stride: 2 }), [2, 4, 9], 'LazyConvTranspose1d(0, 6, kernel_size=(3,), stride=(2,))', 'ConvTranspose1d(4, 6, kernel_size=(3,), stride=(2,))'],
    [nn.LazyConvTranspose2d(6, 3), [2, 4, 2, 2], 'LazyConvTranspose2d(0, 6, kernel_size=(3, 3), stride=(1, 1))', 'ConvTranspose2d(4, 6, kernel_size=(3, 3), stride=(1, 1))'],
    [nn.LazyConvTranspose3d(6, 3), [4, 2, 2, 2], 'LazyConvTranspose3d(0, 6, kernel_size=(3, 3, 3), stride=(1, 1, 1))',
      'ConvTranspose3d(4, 6, kernel_size=(3, 3, 3), stride=(1, 1, 1))'],
    [nn.LazyBatchNorm1d(), [3, 4], 'LazyBatchNorm1d(0, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)',
      'BatchNorm1d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)'],
    [nn.LazyBatchNorm3d({ affine: false, momentum: null }), [2, 4, 1, 2, 1], 'LazyBatchNorm3d(0, eps=1e-05, momentum=None, affine=False, track_running_stats=True)',
      'BatchNorm3d(4, eps=1e-05, momentum=None, affine=False, track_running_stats=True)'],
    [nn.LazyLinear(3), [7], 'LazyLinear(in_features=0, out_features=3, bias=True)', 'Linear(in_features=7, out_features=3, bias=True)'],
  ] as const)('%s', (layer, shape, before, after) => {
    expect(String(layer)).toBe(before);
    expect(() => layer.parameters()).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE', message: expect.stringContaining('call forward once') as string }));
    layer.forward(nn.randn(shape.slice() as never));
    expect(String(layer)).toBe(after);
    expect(layer.constructor.name).toBe(after.slice(0, after.indexOf('(')));
    expect(Object.keys(layer)).not.toContain('lazy');
  });

  it('become ordinary ones by the first input, in the mode that is set', () => {
    const lazy = model();
    for (const use of [() => new SGD(lazy.parameters(), { lr: 1 }), () => lazy.stateDict(), () => lazy.buffers(), () => lazy.zeroGrad(), () => lazy.requiresGrad_(false)]) {
      expect(use).toThrow(/LazyConv2d.* has no weights yet but its first input must tell their size/);
    }
    lazy.eval();
    expect(lazy.forward(nn.randn(2, 6, 4, 3)).shape).toEqual([2, 5]);
    const state = lazy.stateDict();
    expect(Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, shape]))).toEqual({
      '0.weight': [4, 3, 3, 3], '0.bias': [4], '1.weight': [4], '1.bias': [4], '1.running_mean': [4], '1.running_var': [4], '1.num_batches_tracked': [], '4.weight': [5, 48],
    });
    expect(lazy.modules().every((module) => !module.training)).toBe(true);
    expect(Array.from(state['1.running_mean'].dataSync())).toEqual([0, 0, 0, 0]);
    lazy.train();
    new SGD(lazy.parameters(), { lr: 1 });
    expect(() => lazy.forward(nn.randn(2, 4, 4, 3))).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_CHANNELS' }));
  });

  it('become ordinary ones by a state dict', () => {
    const [first, second] = [model(), model()];
    const x = nn.randn(2, 6, 4, 3);
    first.eval().forward(x);
    second.eval().loadStateDict(first.stateDict());
    expect(Array.from(second.forward(x).dataSync())).toEqual(Array.from(first.forward(x).dataSync()));
    const transposed = nn.LazyConvTranspose1d(4, 3, { groups: 2 });
    transposed.loadStateDict(nn.ConvTranspose1d(6, 4, 3, { groups: 2 }).stateDict());
    expect(String(transposed)).toMatch(/^ConvTranspose1d\(6, 4, .*groups=2/);
    const norm = nn.LazyBatchNorm1d({ affine: false });
    norm.loadStateDict(nn.BatchNorm1d(3, { affine: false }).stateDict());
    expect(norm.parameters()).toEqual([]);
    expect(() => nn.LazyLinear(2).loadStateDict({})).toThrow(/has no weights yet/);
  });

  it('stay lazy, and draw nothing, when a state dict does not fit', () => {
    const lazy = nn.Sequential(nn.LazyConv2d(4, 3), nn.LazyBatchNorm2d(), nn.Linear(4, 5));
    const before = String(lazy);
    const state = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.Linear(7, 5)).stateDict();
    const { position } = nn.rng;
    const misfit = expect.objectContaining({ code: 'CVY_DATA_MISMATCH' });
    expect(() => lazy.loadStateDict(state)).toThrow(misfit);
    expect(String(lazy)).toBe(before);
    expect(nn.rng.position).toBe(position);
    expect(() => lazy.parameters()).toThrow(/no weights yet/);
    expect(() => nn.LazyConv2d(4, 3).loadStateDict({ weight: nn.ones(4), bias: nn.ones(4) })).toThrow(misfit);
    expect(() => nn.LazyLinear(4).loadStateDict({ weight: nn.zeros(4, 0), bias: nn.ones(4) })).toThrow(misfit);
    expect(lazy.forward(nn.randn(1, 3, 4, 6)).shape).toEqual([1, 4, 2, 5]);
  });

  it('repeat what they draw besides their weights in a checkpoint', () => {
    const [first, lazy, last] = [nn.Dropout(0.5), nn.LazyLinear(40), nn.Dropout(0.5)];
    const x = nn.ones(30, 3);
    const y = checkpoint((t: Tensor) => last.forward(lazy.forward(first.forward(t).relu())), x);
    y.sum().backward();
    const kept = y.detach().ne(0).to('float32').mul(2);
    expect(Array.from(lazy.getParameter('bias').grad!.dataSync())).toEqual(Array.from(kept.sum(0).dataSync()));
  });

  it('move to another backend before and after', async () => {
    const other = await convoy.nn({ backend: 'cpu-tiled' });
    const lazy = model().to(other);
    lazy.forward(nn.randn(2, 6, 4, 3));
    expect(new Set(lazy.parameters().map(({ backend }) => backend))).toEqual(new Set([other.backend]));
  });

  it.each([
    ['CVY_SHAPE_RANK', 'LazyConv2d: input has 5 axes but 3 or 4 are required', () => nn.LazyConv2d(2, 1).forward(nn.ones(1, 1, 1, 1, 1))],
    ['CVY_SHAPE_RANK', 'LazyBatchNorm2d: input has 3 axes but 4 are required', () => nn.LazyBatchNorm2d().forward(nn.ones(1, 1, 1))],
    ['CVY_SHAPE_RANK', 'LazyLinear: input has 0 axes', () => nn.LazyLinear(1).forward(nn.tensor(1))],
    ['CVY_ARG_VALUE', 'LazyConv2d: groups is 2 but must divide inChannels 3', () => nn.LazyConv2d(2, 1, { groups: 2 }).forward(nn.ones(1, 3, 1, 1))],
    ['CVY_ARG_VALUE', 'LazyConv1d: groups is 2', () => nn.LazyConv1d(3, 1, { groups: 2 })],
    ['CVY_ARG_OPTION', "LazyConvTranspose1d: option 'strid'", () => nn.LazyConvTranspose1d(3, 1, { strid: 2 } as object)],
    ['CVY_ARG_OPTION', "option 'biass'", () => nn.LazyLinear(3, { biass: true } as object)],
  ])('%s %s', (code, text, run) => {
    expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) as string }));
  });
});
