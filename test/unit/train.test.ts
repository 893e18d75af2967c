/** train(), evaluate() and accuracy(): what a run does, reports and refuses. Exact resume is checkpoint.test.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accuracy, createConvoy, crossEntropy, DataLoader, digits, evaluate, imageDataset, Module, mseLoss, OneCycleLR, readCheckpoint, ReduceLROnPlateau, SGD, StepLR, TensorDataset, train, tutorialModel,
  type EpochInfo, type NN, type StepInfo, type Tensor, type TrainError, type TrainOptions,
} from '../../dist/src/index.js';
import { rejection, temporaryFolder } from '../helpers/files.js';

const folder = temporaryFolder();
const convoy = createConvoy();
let nn: NN;
let data: TensorDataset;
beforeAll(async () => {
  nn = await convoy.nn({ backend: 'cpu-tiled', seed: 0 });
  data = imageDataset(nn, digits({ split: 'train', count: 60 }));
});
afterAll(() => convoy.close());

const linear = (): Module => nn.Sequential(nn.Flatten(), nn.Linear(784, 10));
const weights = (model: Module): number[][] => model.parameters().map((p) => [...p.dataSync()]);

/** A model whose output is told call by call. */
class Scripted extends Module {
  readonly weight;
  calls = 0;
  constructor(private readonly output: (call: number, x: Tensor, weight: Tensor) => Tensor) {
    super();
    this.weight = nn.parameter(nn.ones(1));
  }
  forward(x: Tensor): Tensor {
    return this.output(++this.calls, x, this.weight);
  }
}

describe('train', () => {
  it('does what a loop written by hand does, and reports it', async () => {
    const [a, b] = [linear(), linear()];
    b.loadStateDict(a.stateDict());
    const options = { lr: 0.1, momentum: 0.9 };
    const byHand = new SGD(b.parameters(), options);
    const losses: number[] = [];
    const schedule = new StepLR(byHand, 1, { gamma: 0.5 });
    for (let epoch = 0; epoch < 2; epoch++) {
      for (const [x, y] of new DataLoader(data, { batchSize: 25 })) {
        const loss = crossEntropy(b.forward(x), y);
        byHand.zeroGrad();
        loss.backward();
        byHand.step();
        losses.push(loss.item());
      }
      schedule.step();
    }
    const steps: StepInfo[] = [];
    const epochs: EpochInfo[] = [];
    const optimizer = new SGD(a.parameters(), options);
    const loader = new DataLoader(data, { batchSize: 25 });
    const result = await train(a, loader, {
      optimizer, epochs: 2, scheduler: new StepLR(optimizer, 1, { gamma: 0.5 }),
      onStep: (info) => void steps.push(info), onEpoch: async (info) => void epochs.push(info),
    });
    expect(weights(a)).toEqual(weights(b));
    expect(steps.map(({ loss }) => loss)).toEqual(losses);
    expect(steps.map(({ epoch, epochs: of, step, steps: all }) => [epoch, of, step, all])).toEqual([[1, 2, 1, 3], [1, 2, 2, 3], [1, 2, 3, 3], [2, 2, 1, 3], [2, 2, 2, 3], [2, 2, 3, 3]]);
    expect(steps[1].meanLoss).toBeCloseTo((losses[0] + losses[1]) / 2, 12);
    // The last batch has 10 examples.
    expect(epochs[1].loss).toBeCloseTo((25 * losses[3] + 25 * losses[4] + 10 * losses[5]) / 60, 12);
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 3], [2, 3]]);
    expect(steps[5].secondsLeft).toBe(0);
    expect(steps[0].secondsLeft).toBeGreaterThan(0);
    expect(steps[5].imagesPerSecond).toBeGreaterThan(0);
    expect(result).toMatchObject({ stopped: false, epoch: 2, step: 0, loss: epochs[1].loss, accuracy: epochs[1].accuracy });
    expect(result.accuracy).toBeGreaterThan(0.1);
    expect(loader.epoch).toBe(2);
    expect(optimizer.groups[0].lr).toBe(0.025);
  });

  it('steps a schedule after each step where it shall', async () => {
    const model = linear();
    const optimizer = new SGD(model.parameters(), { lr: 1 });
    const rates: number[] = [];
    const scheduler = new OneCycleLR(optimizer, 0.2, { totalSteps: 6, pctStart: 0.5 });
    await train(model, new DataLoader(data, { batchSize: 25 }), { optimizer, epochs: 2, scheduler, scheduleEvery: 'step', onStep: () => void rates.push(optimizer.groups[0].lr) });
    expect(scheduler.lastEpoch).toBe(6);
    expect(rates.indexOf(Math.max(...rates))).toBe(1);
    expect(rates[4]).toBeLessThan(1e-5);
  });

  it('gives the metric to ReduceLROnPlateau', async () => {
    const model = linear();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const scheduler = new ReduceLROnPlateau(optimizer, { patience: 0, mode: 'max', factor: 0.5 });
    const metrics = [3, 2, 4];
    const loader = new DataLoader(data, { batchSize: 25 });
    await train(model, loader, { optimizer, epochs: 3, scheduler, metric: async () => metrics[scheduler.lastEpoch] });
    expect(scheduler.stateDict()).toMatchObject({ best: 4, lastEpoch: 3 });
    expect(optimizer.groups[0].lr).toBe(0.05);
    const metric = () => 1;
    for (const [options, message] of [
      [{ scheduler }, 'metric is undefined but a function is required with ReduceLROnPlateau'],
      [{ metric }, 'metric is function but a function is required with ReduceLROnPlateau, and none without it'],
      [{ scheduler, metric, scheduleEvery: 'step' }, "scheduleEvery is 'step' but the schedule is ReduceLROnPlateau"],
      [{ scheduleEvery: 'step' }, "scheduleEvery is 'step' but the schedule is not given"],
      [{ scheduleEvery: 'batch' as 'step' }, "scheduleEvery is 'batch' but must be one of epoch, step"],
    ] satisfies [Partial<TrainOptions>, string][]) {
      expect(String(await rejection(train(model, loader, { optimizer, epochs: 1, ...options })))).toContain(message);
    }
  });

  it('learns the synthetic digits', async () => {
    const model = linear();
    const { accuracy: running } = await train(model, new DataLoader(data, { batchSize: 10, shuffle: true }), { optimizer: new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 }), epochs: 12 });
    expect(running).toBeGreaterThan(0.9);
    expect(await accuracy(model, data)).toBeGreaterThan(0.95);
  });

  it('stops before a loss that is not finite changes anything, and keeps the checkpoint', async () => {
    for (const bad of [NaN, Infinity]) {
      const path = join(folder, `diverged-${bad}.safetensors`);
      const model = new Scripted((call, x, w) => x.flatten(1).slice(null, [0, 10]).mul(0).add(1).mul(w).mul(call === 5 ? bad : 1));
      const optimizer = new SGD(model.parameters(), { lr: 0.125 });
      let saved = Buffer.alloc(0);
      let before: number[][] = [];
      const loss = (y: Tensor): Tensor => y.mean();
      const error = await rejection(train(model, new DataLoader(data, { batchSize: 20 }), {
        optimizer, loss, epochs: 3, checkpoint: { path },
        onStep: ({ epoch, step }) => {
          before = weights(model);
          if (epoch === 2 && step === 1) saved = readFileSync(path);
        },
      })) as TrainError;
      expect(error.code).toBe('CVY_TRAIN_DIVERGED');
      for (const part of [`the loss is ${bad} at step 2 of 3 in epoch 2 of 3`, `the checkpoint of epoch 1 is kept in ${path}`, 'smaller learning rate than 0.125']) expect(error.message).toContain(part);
      expect(weights(model)).toEqual(before);
      expect(readFileSync(path).equals(saved)).toBe(true);
      expect(await readCheckpoint(path)).toMatchObject({ epoch: 1, step: 0 });
    }
  });

  it('never saves parameters that a finite loss made infinite', async () => {
    const path = join(folder, 'infinite.safetensors');
    const model = new Scripted((_call, x, w) => x.flatten(1).slice(null, [0, 1]).mul(0).add(w));
    const options: TrainOptions = { optimizer: new SGD(model.parameters(), { lr: 1e38 }), loss: (y) => y.mul(1e5).mean(), epochs: 1, checkpoint: { path, everySteps: 1 } };
    const error = await rejection(train(model, new DataLoader(data, { batchSize: 20 }), options)) as TrainError;
    expect([error.code, error.message]).toEqual(['CVY_TRAIN_DIVERGED', expect.stringContaining('weight holds -Infinity after step 1 of 3 in epoch 1 of 1')]);
    expect(existsSync(path)).toBe(false);
    // Without checkpoints the end of the epoch is where it shows, if no loss did before.
    const late = new Scripted((call, x, w) => x.flatten(1).slice(null, [0, 1]).mul(0).add(call < 3 ? w.mul(0) : w));
    const lateError = await rejection(train(late, new DataLoader(data, { batchSize: 20 }), { ...options, optimizer: new SGD(late.parameters(), { lr: 1e38 }), checkpoint: undefined })) as TrainError;
    expect([lateError.code, lateError.message]).toEqual(['CVY_TRAIN_DIVERGED', expect.stringContaining('after step 3 of 3')]);
  });

  it('stops at a step’s end when the signal says so', async () => {
    const model = linear();
    const stop = new AbortController();
    const loader = new DataLoader(data, { batchSize: 20, shuffle: true });
    const optimizer = new SGD(model.parameters());
    let seen = 0;
    const onStep = (): void => {
      if (++seen === 5) stop.abort();
    };
    expect(await train(model, loader, { optimizer, epochs: 4, signal: stop.signal, onStep })).toMatchObject({ stopped: true, epoch: 1, step: 2 });
    expect([seen, loader.epoch]).toEqual([5, 1]);
    expect(await train(model, loader, { optimizer, epochs: 4, signal: stop.signal, startEpoch: 1, startStep: 2 })).toMatchObject({ stopped: true, epoch: 1, step: 2 });
    expect(await train(model, loader, { optimizer, epochs: 4, startEpoch: 1, startStep: 2, onStep })).toMatchObject({ stopped: false, epoch: 4, step: 0 });
    expect([seen, loader.epoch]).toEqual([12, 4]);
    // At the end of the last epoch there is nothing left to stop.
    const last = new AbortController();
    expect(await train(model, loader, { optimizer, epochs: 1, signal: last.signal, onEpoch: () => last.abort() })).toMatchObject({ stopped: false, epoch: 1 });
  });

  it('lets the event loop run, so that a timer can stop it', async () => {
    const model = tutorialModel(nn, 'mlp');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const began = performance.now();
    const result = await train(model, new DataLoader(data, { batchSize: 1 }), {
      optimizer: new SGD(model.parameters(), { lr: 1e-6 }), epochs: 100_000, signal: stop.signal,
      // A loop that never lets go would keep the test's own time limit from being noticed.
      onStep: () => {
        if (performance.now() - began > 10_000) throw new Error('no timer ran for 10 s');
      },
    });
    expect(result.stopped).toBe(true);
  });

  it('keeps memory flat', async () => {
    const model = nn.Sequential(nn.Conv2d(1, 2, 5, { stride: 4 }), nn.BatchNorm2d(2), nn.Dropout(0.1), nn.Flatten(), nn.Linear(72, 10));
    const optimizer = new SGD(model.parameters(), { lr: 0.001, momentum: 0.9 });
    const loader = new DataLoader(data, { batchSize: 20 });
    await train(model, loader, { optimizer, epochs: 1 });
    const { bytesInUse, liveTensors } = convoy.memory();
    await train(model, loader, { optimizer, epochs: 30 });
    await evaluate(model, loader);
    expect(convoy.memory()).toMatchObject({ bytesInUse, liveTensors });
  });

  it('puts the model back into training mode for each epoch', async () => {
    const model = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(784), nn.Linear(784, 10)).eval();
    const modes: boolean[] = [];
    await train(model, new DataLoader(data, { batchSize: 60 }), {
      optimizer: new SGD(model.parameters()), epochs: 2, onStep: () => void modes.push(model.children()[1].training), onEpoch: () => void model.eval(),
    });
    expect(modes).toEqual([true, true]);
  });

  it('takes any loss, also a module; without labels there is no accuracy', async () => {
    const set = new TensorDataset(nn.randn(8, 3), nn.randn(8, 2));
    for (const loss of [mseLoss, nn.MSELoss()]) {
      const model = nn.Linear(3, 2);
      const result = await train(model, new DataLoader(set, { batchSize: 4 }), { optimizer: new SGD(model.parameters(), { lr: 0.1 }), loss, epochs: 40 });
      expect(result.loss).toBeLessThan(2);
      expect(result.accuracy).toBeNaN();
    }
  });

  it('refuses what cannot work, naming it', async () => {
    const model = linear();
    const optimizer = new SGD(model.parameters());
    const loader = new DataLoader(data, { batchSize: 20 });
    const run = async (over: object, on: DataLoader = loader, what: Module = model): Promise<unknown> => {
      const { code, message } = await rejection(train(what, on, { optimizer, epochs: 1, ...over })) as TrainError;
      return [code, message];
    };
    const labelled = (labels: Int32Array): DataLoader => new DataLoader(new TensorDataset(nn.zeros(2, 1, 28, 28), nn.tensor(labels)), { batchSize: 2 });
    expect(await run({ epoch: 1 })).toEqual(['CVY_ARG_OPTION', expect.stringContaining("did you mean 'epochs'?")]);
    expect(await run({ epochs: 1.5 })).toEqual(['CVY_ARG_VALUE', expect.stringContaining('epochs is 1.5')]);
    expect(await run({ startStep: 4 })).toEqual(['CVY_ARG_VALUE', expect.stringContaining('startStep is 4 but a whole number from 0 to 3')]);
    expect(await run({ startEpoch: 2 })).toEqual(['CVY_ARG_VALUE', expect.stringContaining('from 0 to 1')]);
    expect(await run({ optimizer: undefined })).toEqual(['CVY_ARG_TYPE', expect.stringContaining('no optimizer')]);
    expect(await run({}, data as unknown as DataLoader)).toEqual(['CVY_ARG_TYPE', expect.stringContaining('no DataLoader')]);
    expect(await run({}, new DataLoader(data, { batchSize: 61, dropLast: true }))).toEqual(['CVY_ARG_VALUE', expect.stringContaining('60 examples, batchSize 61')]);
    expect(await run({}, new DataLoader(new TensorDataset(nn.zeros(2, 784))))).toEqual(['CVY_DATA_MISMATCH', expect.stringContaining('1 tensors but input and target')]);
    expect(await run({}, labelled(Int32Array.of(0, 10)))).toEqual(['CVY_DATA_MISMATCH', expect.stringMatching(/label at position 1 is 10 .*\[2, 10\]/)]);
    expect(await run({}, new DataLoader(new TensorDataset(nn.zeros(2, 1, 20, 20), nn.tensor(Int32Array.of(0, 1)))))).toEqual(['CVY_SHAPE_FEATURES', expect.stringMatching(/400 .*784.*in layer '1' Linear/)]);
    expect(await run({ loss: (y: Tensor) => y })).toEqual(['CVY_SHAPE_NUMEL', expect.stringContaining('the loss is [20, 10] but one number is required')]);
    expect(await run({ checkpoint: { path: 'x', everyStep: 1 } })).toEqual(['CVY_ARG_OPTION', expect.stringContaining("did you mean 'everySteps'?")]);
    expect(await run({ checkpoint: { path: 'x' } }, loader, nn.Sequential(model, nn.Dropout()))).toEqual(['CVY_ARG_VALUE', expect.stringContaining('pass { rng: nn.rng }')]);
    expect(loader.epoch).toBe(0);
  });
});

describe('evaluate and accuracy', () => {
  /** Logits that are the input itself. */
  const identity = (): Module => nn.Identity();
  const set = (): TensorDataset => new TensorDataset(nn.tensor([[2, 1, 0], [0, 3, 0], [1, 1, 1], [0, 0, 5], [4, 0, 0]]), nn.tensor(Int32Array.of(0, 1, 2, 2, 1)));

  it('count what was taken for what, and the loss over examples, not batches', async () => {
    for (const batchSize of [1, 2, 5]) {
      const found = await evaluate(identity(), new DataLoader(set(), { batchSize }));
      expect(found).toMatchObject({ accuracy: 0.6, examples: 5, confusion: [[1, 0, 0], [1, 1, 0], [1, 0, 1]] });
      const losses = [[2, 1, 0, 2], [0, 3, 0, 3], [1, 1, 1, 1], [0, 0, 5, 5], [4, 0, 0, 0]].map(([a, b, c, own]) => Math.log(Math.exp(a) + Math.exp(b) + Math.exp(c)) - own);
      expect(found.loss).toBeCloseTo(losses.reduce((x, y) => x + y) / 5, 5);
    }
    expect(await accuracy(identity(), set())).toBe(0.6);
    expect((await evaluate(identity(), set(), { loss: (y) => y.mul(0).add(7).mean() })).loss).toBe(7);
  });

  it('leave model, loader and gradients as they were, after an error too', async () => {
    const model = nn.Sequential(nn.Flatten(), nn.Dropout(0.9), nn.BatchNorm1d(784), nn.Linear(784, 10));
    model.children()[3].eval();
    const loader = new DataLoader(data, { batchSize: 20, shuffle: true });
    loader.epoch = 5;
    const state = (): unknown => [model.modules().map((m) => m.training), loader.epoch, Object.values(model.stateDict()).map((t) => [...t.dataSync()]), nn.rng.position, model.parameters().map((p) => p.grad)];
    const before = state();
    const first = await evaluate(model, loader);
    expect(state()).toEqual(before);
    expect(await evaluate(model, data)).toMatchObject({ accuracy: first.accuracy, confusion: first.confusion });
    expect(first.confusion.flat().reduce((x, y) => x + y)).toBe(60);
    expect(await rejection(accuracy(model, new TensorDataset(nn.zeros(2, 3, 3), nn.tensor(Int32Array.of(0, 1)))))).toMatchObject({ code: expect.stringMatching(/^CVY_SHAPE/) });
    expect(state()).toEqual(before);
  });

  it('refuse labels out of range, outputs that are no logits, and nothing at all', async () => {
    const one = (logits: Tensor, label: number): TensorDataset => new TensorDataset(logits, nn.tensor(Int32Array.of(label)));
    for (const label of [3, -1]) expect(await rejection(accuracy(identity(), one(nn.zeros(1, 3), label)))).toMatchObject({ code: 'CVY_DATA_MISMATCH', message: expect.stringContaining(`label ${label} `) });
    expect(await rejection(evaluate(identity(), one(nn.zeros(1, 3, 2), 0)))).toMatchObject({ code: 'CVY_SHAPE_MISMATCH', message: expect.stringContaining('[1, 3, 2]') });
    expect(await rejection(evaluate(identity(), new DataLoader(set(), { batchSize: 9, dropLast: true })))).toMatchObject({ code: 'CVY_ARG_VALUE' });
    expect(await rejection(evaluate(identity(), [1] as unknown as TensorDataset))).toMatchObject({ code: 'CVY_ARG_TYPE' });
  });
});
