/** Checkpoints: going on from one gives the bits of a training that was never stopped. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Adam, createConvoy, CosineAnnealingLR, DataLoader, digits, evaluate, imageDataset, loadCheckpoint, NAdam, OneCycleLR, readCheckpoint, readSafetensors, ReduceLROnPlateau, RMSprop, saveCheckpoint, saveWeights, serializeSafetensors, SGD, StepLR, train,
  type DataError, type LRScheduler, type Module, type NN, type Optimizer, type TensorDataset, type TrainOptions, type TrainResult,
} from '../../dist/src/index.js';
import { rejection, temporaryFolder } from '../helpers/files.js';

const folder = temporaryFolder();
const convoy = createConvoy();
const SEED = 11;
let data: TensorDataset;
beforeAll(async () => {
  data = imageDataset(await convoy.nn({ backend: 'cpu-tiled', seed: SEED }), digits({ split: 'train', count: 70 }));
});
afterAll(() => convoy.close());

interface Setup {
  nn: NN;
  model: Module;
  optimizer: Optimizer;
  scheduler: LRScheduler;
  /** How the schedule is stepped. */
  schedule: Pick<TrainOptions, 'scheduleEvery' | 'metric'>;
  loader: DataLoader;
}

const OPTIMIZERS: Record<string, (model: Module) => [Optimizer, LRScheduler, Setup['schedule']?]> = {
  'SGD with momentum and StepLR': (model) => {
    const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, weightDecay: 1e-3 });
    return [optimizer, new StepLR(optimizer, 1, { gamma: 0.7 })];
  },
  'Adam with amsgrad and a cosine': (model) => {
    const optimizer = new Adam(model.parameters(), { lr: 0.01, amsgrad: true });
    return [optimizer, new CosineAnnealingLR(optimizer, 3)];
  },
  'NAdam and a plateau': (model) => {
    const optimizer = new NAdam(model.parameters(), { lr: 0.01 });
    return [optimizer, new ReduceLROnPlateau(optimizer, { patience: 0, threshold: 0.3 }), { metric: async () => (await evaluate(model, data)).loss }];
  },
  'RMSprop and a cycle in steps': (model) => {
    const optimizer = new RMSprop(model.parameters(), { lr: 0.01, centered: true });
    return [optimizer, new OneCycleLR(optimizer, 0.01, { totalSteps: 15 }), { scheduleEvery: 'step' }];
  },
};

/** Everything fresh: convolution, batch norm, dropout, shuffling. Five steps an epoch, the last one smaller. */
async function setup(kind: string, seed = SEED): Promise<Setup> {
  const nn = await convoy.nn({ backend: 'cpu-tiled', seed });
  const model = nn.Sequential(nn.Conv2d(1, 3, 5, { stride: 4 }), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Dropout(0.3), nn.Linear(108, 10));
  const [optimizer, scheduler, schedule = {}] = OPTIMIZERS[kind](model);
  return { nn, model, optimizer, scheduler, schedule, loader: new DataLoader(data, { batchSize: 16, shuffle: true, seed: 4 }) };
}

const parts = ({ nn, model, optimizer, scheduler, loader }: Setup) => ({ model, optimizer, scheduler, loader, rng: nn.rng });

/** Trains on, to the end or to the given number of steps; the losses of the steps go into `losses`. */
async function go(at: Setup, losses: number[], from: { epoch: number; step: number }, stopAfter = Infinity): Promise<TrainResult> {
  const stop = new AbortController();
  return train(at.model, at.loader, {
    optimizer: at.optimizer, scheduler: at.scheduler, ...at.schedule, epochs: 3, startEpoch: from.epoch, startStep: from.step, signal: stop.signal,
    onStep: ({ loss }) => {
      if (losses.push(loss) === stopAfter) stop.abort();
    },
  });
}

const START = { epoch: 0, step: 0 };
const bits = ({ model, optimizer, scheduler, nn, loader }: Setup): unknown => ({
  weights: Object.entries(model.stateDict()).map(([name, t]) => [name, ...t.dataSync()]),
  optimizer: Object.entries(optimizer.stateDict().state).map(([i, state]) => [i, Object.fromEntries(Object.entries(state).map(([name, v]) => [name, typeof v === 'number' ? v : [...v.dataSync()]]))]),
  groups: optimizer.stateDict().groups,
  scheduler: scheduler.stateDict(),
  position: nn.rng.position,
  loader: loader.epoch,
});

const kinds = Object.keys(OPTIMIZERS);

describe('exact resume', () => {
  it.each(kinds.flatMap((kind) => [1, 5, 7, 14, 15].map((k) => ({ kind, k }))))('$kind: 15 steps are $k steps, saved, loaded, and the rest', async ({ kind, k }) => {
    const path = join(folder, `${k}.safetensors`);
    const whole = await setup(kind);
    const expected: number[] = [];
    await go(whole, expected, START);
    expect(expected.length).toBe(15);

    const first = await setup(kind);
    const losses: number[] = [];
    const { stopped, epoch, step } = await go(first, losses, START, k);
    expect([stopped, epoch, step]).toEqual([k < 15, Math.floor(k / 5), k % 5]);
    await saveCheckpoint(path, { ...parts(first), epoch, step, config: { model: 'small', list: [1, null] } });

    const second = await setup(kind);
    second.nn.rng.next();
    const from = await loadCheckpoint(path, parts(second));
    expect(from).toEqual({ epoch, step, config: { model: 'small', list: [1, null] } });
    expect(bits(second)).toEqual(bits(first));
    await go(second, losses, from);
    expect(losses).toEqual(expected);
    expect(bits(second)).toEqual(bits(whole));
  });

  it('works from the files that train writes by itself, in the middle of an epoch too', async () => {
    const path = join(folder, 'auto.safetensors');
    const whole = await setup(kinds[1]);
    const expected: number[] = [];
    await go(whole, expected, START);
    const first = await setup(kinds[1]);
    const stop = new AbortController();
    await train(first.model, first.loader, {
      optimizer: first.optimizer, scheduler: first.scheduler, ...first.schedule, epochs: 3, signal: stop.signal, checkpoint: { path, everySteps: 4, rng: first.nn.rng, config: 'c' },
      onStep: ({ epoch, step }) => {
        if (epoch === 2 && step === 4) stop.abort();
      },
    });
    expect(await readCheckpoint(path)).toMatchObject({ epoch: 1, step: 3, config: 'c', loader: { epoch: 1 } });
    const second = await setup(kinds[1]);
    const losses: number[] = [];
    await go(second, losses, await loadCheckpoint(path, parts(second)));
    expect(losses).toEqual(expected.slice(8));
    expect(bits(second)).toEqual(bits(whole));
  });
});

describe('a checkpoint', () => {
  it('is a safetensors file whose parts can be left out', async () => {
    const path = join(folder, 'parts.safetensors');
    const at = await setup(kinds[0]);
    await go(at, [], START, 2);
    await saveCheckpoint(path, { model: at.model, optimizer: at.optimizer });
    expect([...(await readSafetensors(path)).tensors.keys()]).toEqual(expect.arrayContaining(['model.1.running_var', 'optimizer.0.momentum_buffer']));
    const other = await setup(kinds[0]);
    expect(await loadCheckpoint(path, { model: other.model })).toEqual({ epoch: 0, step: 0, config: null });
    expect((bits(other) as { weights: unknown }).weights).toEqual((bits(at) as { weights: unknown }).weights);
    for (const part of ['scheduler', 'rng', 'loader'] as const) {
      const error = await rejection(loadCheckpoint(path, { model: other.model, [part]: parts(other)[part] })) as DataError;
      expect([error.code, error.message]).toEqual(['CVY_DATA_MISMATCH', expect.stringContaining(`holds no ${part}`)]);
    }
  });

  it('is refused where it does not fit, and nothing changes then', async () => {
    const path = join(folder, 'refused.safetensors');
    const at = await setup(kinds[0]);
    await go(at, [], START, 7);
    await saveCheckpoint(path, { ...parts(at), epoch: 1, step: 2 });
    const other = await setup(kinds[0]);
    const loader = (options: object): DataLoader => new DataLoader(data, { batchSize: 16, shuffle: true, seed: 4, ...options });
    const wrong: [object, string][] = [
      [{ optimizer: (await setup(kinds[1])).optimizer }, 'holds the state of SGD but Adam was passed'],
      [{ rng: (await setup(kinds[0], 12)).nn.rng }, 'was made with seed 11 but this nn has 12; pass { seed: 11 }'],
      [{ loader: loader({ batchSize: 8 }) }, 'batchSize 16, now 8'],
      [{ loader: loader({ seed: 5 }) }, 'seed 4, now 5'],
      [{ model: other.nn.Linear(2, 2) }, 'missing weight, bias'],
      [{ optimizer: new SGD(other.model.parameters().slice(1)) }, 'groups have [6] parameters but the optimizer\'s have [5]'],
    ];
    const before = bits(other);
    for (const [part, message] of wrong) {
      const error = await rejection(loadCheckpoint(path, { ...parts(other), ...part })) as DataError;
      expect([error.code, error.message]).toEqual(['CVY_DATA_MISMATCH', expect.stringContaining(message)]);
    }
    expect(bits(other)).toEqual(before);
  });

  it('is told from weights, from another version and from damage', async () => {
    const path = join(folder, 'other.safetensors');
    const at = await setup(kinds[0]);
    await saveWeights(path, at.model);
    expect(await rejection(readCheckpoint(path))).toMatchObject({ code: 'CVY_DATA_FORMAT', message: expect.stringContaining('loadWeights') });
    await saveCheckpoint(path, { model: at.model });
    const { tensors } = await readSafetensors(path);
    for (const [text, message] of [['{"version":2}', 'version 2'], ['{"version"', 'no JSON'], ['null', 'version undefined']]) {
      writeFileSync(path, serializeSafetensors(tensors, { convoy_checkpoint: text }));
      expect(await rejection(readCheckpoint(path))).toMatchObject({ code: 'CVY_DATA_FORMAT', message: expect.stringContaining(message) });
    }
    expect(await rejection(saveCheckpoint(path, { model: at.model, epoch: -1 }))).toMatchObject({ code: 'CVY_ARG_VALUE' });
    expect(await rejection(saveCheckpoint(path, { model: at.model, steps: 1 } as object as { model: Module }))).toMatchObject({ code: 'CVY_ARG_OPTION' });
  });
});
