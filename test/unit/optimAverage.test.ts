/** The exponential moving average of a model's weights. */
import { afterAll, expect, it } from 'vitest';
import { createConvoy, ExponentialMovingAverage, noGrad, SGD, type Module } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const make = () => nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2));
const flat = (module: Module): number[] => module.parameters().flatMap((p) => Array.from(p.dataSync()));
const named = (module: Module, name: string): number[] => Array.from(module.stateDict()[name].dataSync());
const x = nn.randn(8, 3);

function trainStep(model: Module, optimizer: SGD): void {
  optimizer.zeroGrad();
  model.forward(x).square().mean().backward();
  optimizer.step();
}

it('is the average of the weights after each update, from the first on', () => {
  const model = make();
  const optimizer = new SGD(model.parameters(), { lr: 0.5 });
  const ema = new ExponentialMovingAverage(model, { decay: 0.75 });
  let wanted: number[] = [];
  for (let step = 0; step < 5; step++) {
    trainStep(model, optimizer);
    ema.update(model);
    wanted = step === 0 ? flat(model) : flat(model).map((weight, i) => 0.75 * wanted[i] + 0.25 * weight);
    flat(ema.module).forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 6));
  }
  expect(flat(ema.module)).not.toEqual(flat(model));
  expect(ema.stateDict().n_averaged.item()).toBe(5);
});

it('copies buffers, or averages those that are no counters', () => {
  const model = make();
  const optimizer = new SGD(model.parameters(), { lr: 0.5 });
  const [copying, averaging] = [new ExponentialMovingAverage(model, { decay: 0.5 }), new ExponentialMovingAverage(model, { decay: 0.5, useBuffers: true })];
  let wanted: number[] = [];
  for (let step = 0; step < 3; step++) {
    trainStep(model, optimizer);
    for (const ema of [copying, averaging]) ema.update(model);
    const now = named(model, '1.running_var');
    wanted = step === 0 ? now : now.map((value, i) => 0.5 * wanted[i] + 0.5 * value);
  }
  expect(named(copying.module, '1.running_var')).toEqual(named(model, '1.running_var'));
  named(averaging.module, '1.running_var').forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 6));
  expect(named(averaging.module, '1.running_var')).not.toEqual(named(model, '1.running_var'));
  for (const ema of [copying, averaging]) expect(named(ema.module, '1.num_batches_tracked')).toEqual([3]);
});

it('runs as a module of its own, records nothing, and goes back into the model', () => {
  const model = make();
  const ema = new ExponentialMovingAverage(model);
  const optimizer = new SGD(model.parameters(), { lr: 0.5 });
  ema.update(model);
  const before = noGrad(() => model.eval().forward(x)).toArray();
  trainStep(model.train(), optimizer);
  const y = ema.eval().forward(x);
  expect(y.requiresGrad).toBe(false);
  expect(y.toArray()).toEqual(before);
  expect(model.training).toBe(true);
  model.loadStateDict(ema.module.stateDict());
  expect(noGrad(() => model.eval().forward(x)).toArray()).toEqual(before);
  expect(model.parameters().every((p) => p.requiresGrad)).toBe(true);
});

it('is saved under PyTorch’s names, and goes on to the same bits', () => {
  const model = make();
  const optimizer = new SGD(model.parameters(), { lr: 0.5 });
  const first = new ExponentialMovingAverage(model, { decay: 0.9 });
  const second = new ExponentialMovingAverage(make(), { decay: 0.9 });
  for (let step = 0; step < 4; step++) {
    trainStep(model, optimizer);
    first.update(model);
    if (step === 1) {
      expect(Object.keys(first.stateDict()).slice(0, 2)).toEqual(['n_averaged', 'module.0.weight']);
      second.loadStateDict(first.stateDict());
    } else if (step > 1) second.update(model);
  }
  expect(flat(second.module)).toEqual(flat(first.module));
});

it('uses no more memory with every update', () => {
  const model = make();
  const ema = new ExponentialMovingAverage(model);
  ema.update(model);
  const { bytesInUse, liveTensors } = convoy.memory();
  for (let i = 0; i < 3; i++) ema.update(model);
  expect(convoy.memory()).toMatchObject({ bytesInUse, liveTensors });
});

it('refuses other models and options', () => {
  const ema = new ExponentialMovingAverage(make());
  expect(() => ema.update(nn.Sequential(nn.Linear(3, 5)))).toThrow('update: entry 0 of the model is 0.weight [5, 3] but of the average 0.weight [4, 3]');
  expect(() => ema.update(nn.Sequential(...make().children(), nn.Linear(2, 2)))).toThrow(expect.objectContaining({ code: 'CVY_DATA_MISMATCH' }));
  expect(ema.stateDict().n_averaged.item()).toBe(0);
  expect(() => new ExponentialMovingAverage(nn.ReLU())).toThrow('the model has 0 parameters');
  expect(() => new ExponentialMovingAverage(3 as never)).toThrow('the model is number');
  expect(() => new ExponentialMovingAverage(make(), { decay: 1.1 })).toThrow('decay is 1.1');
  expect(() => new ExponentialMovingAverage(make(), { rate: 1 } as never)).toThrow("option 'rate' is unknown");
});
