/** benchmark(): the tutorials' function, each run from fresh weights. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchmark, createConvoy, digits, imageDataset, Module, type BenchmarkOptions, type NN, type Tensor, type TensorDataset } from '../../dist/src/index.js';
import { rejection } from '../helpers/files.js';

const convoy = createConvoy();
let nn: NN;
let sets: { nn: NN; train: TensorDataset; test: TensorDataset };
beforeAll(async () => {
  nn = await convoy.nn({ backend: 'cpu-tiled', seed: 1 });
  sets = { nn, train: imageDataset(nn, digits({ split: 'train', count: 400 })), test: imageDataset(nn, digits({ split: 'test', count: 100 })) };
});
afterAll(() => convoy.close());

class Perceptron extends Module {
  readonly hidden;
  readonly out;
  constructor(own: NN) {
    super();
    this.hidden = own.Linear(784, 32);
    this.out = own.Linear(32, 10);
  }
  forward(x: Tensor): Tensor {
    return this.out.forward(this.hidden.forward(x.flatten(1)).relu());
  }
}

describe('benchmark', () => {
  it('trains a model that a function or a class makes, and tests it', async () => {
    for (const make of [Perceptron, (own: NN) => own.Sequential(own.Flatten(), own.Linear(784, 32), own.ReLU(), own.Linear(32, 10))]) {
      const epochs: number[] = [];
      const result = await benchmark(make, { ...sets, epochs: 8, lr: 0.1, momentum: 0.9, batchSize: 20, onEpoch: ({ epoch }) => void epochs.push(epoch) });
      expect(result.accuracy).toBeGreaterThan(0.6);
      expect(result.loss).toBeLessThan(0.5);
      expect(result.stopped).toBe(false);
      expect(result.imagesPerSecond * result.seconds).toBeCloseTo(3200, 6);
      expect(epochs).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });

  it('starts each run afresh', async () => {
    const models: Module[] = [];
    const firstLosses: number[] = [];
    const make = (own: NN): Module => {
      models.push(new Perceptron(own));
      return models.at(-1)!;
    };
    for (let run = 0; run < 2; run++) {
      nn.rng.position = 1000;
      await benchmark(make, { ...sets, onStep: ({ step, loss }) => void (step === 1 && firstLosses.push(loss)) });
    }
    expect(models.length).toBe(2);
    expect(models[0]).not.toBe(models[1]);
    // Drawn from the same random numbers and trained alike: any inheritance would show.
    expect(firstLosses[0]).toBe(firstLosses[1]);
    expect(models[0].parameters().map((p) => [...p.dataSync()])).toEqual(models[1].parameters().map((p) => [...p.dataSync()]));
  });

  it('refuses a finished model and options that it does not know', async () => {
    const run = (make: unknown, over: object = {}): Promise<unknown> => rejection(benchmark(make as (own: NN) => Module, { ...sets, ...over } as BenchmarkOptions));
    expect(await run(new Perceptron(nn))).toMatchObject({ code: 'CVY_ARG_TYPE', message: expect.stringContaining('a module but must be a function') });
    expect(await run(() => 3)).toMatchObject({ code: 'CVY_ARG_TYPE', message: expect.stringContaining('returned number') });
    expect(await run(Perceptron, { learningRate: 1 })).toMatchObject({ code: 'CVY_ARG_OPTION' });
    expect(await run(Perceptron, { lr: -1 })).toMatchObject({ code: 'CVY_ARG_VALUE' });
  });
});
