/** A device with memory of its own and core ops only: a small network trains on it through compositions as it does on cpu-naive. */
import { afterAll, describe, expect, it } from 'vitest';
import { Adam, createConvoy, crossEntropy, SGD } from '../../dist/src/index.js';
import type { Module, NN, Tensor } from '../../dist/src/index.js';
import { coreDevice } from '../../dist/src/testkit/index.js';

const convoy = createConvoy({ plugins: [coreDevice()] });
afterAll(() => convoy.close());

const LABELS = [0, 2, 1, 1, 0];

/** The convolution in front of the normalisation has no bias: its gradient would be rounding errors alone, which Adam makes large. */
function network(nn: NN): Module {
  return nn.Sequential(
    nn.Conv2d(2, 4, 3, { padding: 1, bias: false }), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(4, 6, 3, { stride: 2, groups: 2 }), nn.Tanh(), nn.AvgPool2d(2, { padding: 1 }), nn.Flatten(),
    nn.Linear(6 * 2 * 2, 8), nn.LeakyReLU(0.1), nn.Linear(8, 3),
  );
}

/** Losses of twelve steps, and the weights after them. */
function train(nn: NN, optimizer: (params: Tensor[]) => { step(): void; zeroGrad(): void }): { losses: number[]; weights: number[] } {
  const model = network(nn);
  const x = nn.randn(5, 2, 12, 13);
  const labels = nn.tensor(Int32Array.from(LABELS));
  const optim = optimizer(model.parameters());
  const losses = Array.from({ length: 12 }, () => {
    const loss = crossEntropy(model.forward(x), labels, { labelSmoothing: 0.1 });
    optim.zeroGrad();
    loss.backward();
    optim.step();
    return loss.item();
  });
  return { losses, weights: model.parameters().flatMap((p) => [...p.dataSync()]) };
}

describe('a device of core ops', () => {
  it.each([
    ['SGD with momentum', (params: Tensor[]) => new SGD(params, { lr: 0.2, momentum: 0.9, nesterov: true, weightDecay: 0.01 })],
    ['Adam', (params: Tensor[]) => new Adam(params, { lr: 0.03, amsgrad: true })],
  ])('trains a small network with %s as cpu-naive does', async (_name, optimizer) => {
    const expected = train(await convoy.nn({ backend: 'cpu-naive', seed: 5 }), optimizer);
    const nn = await convoy.nn({ backend: 'core-device', seed: 5, fallback: 'allow' });
    const found = train(nn, optimizer);
    expect(expected.losses.at(-1)!).toBeLessThan(expected.losses[0] - 0.05);
    found.losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i])).toBeLessThan(2e-5));
    found.weights.forEach((weight, i) => expect(Math.abs(weight - expected.weights[i])).toBeLessThan(1e-4));
    const composed = nn.backend.placement().filter(({ servedBy }) => servedBy === 'composition').map(({ op }) => op);
    for (const op of ['conv', 'maxPool', 'avgPool', 'batchNorm', 'logSoftmax']) expect(composed).toContain(op);
    expect(nn.backend.placement().some(({ servedBy, op }) => servedBy === 'core-device' && op === 'matmul')).toBe(true);
  });

  it('keeps its tensors apart from those of the host', async () => {
    const [host, device] = [await convoy.nn({ backend: 'cpu-naive' }), await convoy.nn({ backend: 'core-device', fallback: 'allow' })];
    expect(() => host.ones(2).add(device.ones(2))).toThrow(expect.objectContaining({ code: 'CVY_BACKEND_MIXED' }));
    const moved = host.tensor([1, 2], { requiresGrad: true });
    const y = moved.to(device).mul(device.tensor([3, 4]));
    expect(y.toArray()).toEqual([3, 8]);
    y.sum().backward();
    expect(moved.grad!.toArray()).toEqual([3, 4]);
    expect([...(await y.data())]).toEqual([3, 8]);
  });

  it('is refused without its compositions', async () => {
    await expect(convoy.nn({ backend: 'core-device', fallback: 'error' })).rejects.toThrow(/lacks .*conv.* but fallback is 'error'/);
  });
});
