/**
 * The tutorials' benchmark: how well, and how fast, does a model learn? One model, one run; tables are made by calling it again.
 */
import { DataLoader } from '../data/dataLoader.js';
import type { Dataset } from '../data/dataset.js';
import { ArgumentError, checkOptions } from '../errors.js';
import { Module } from '../nn/module.js';
import type { NN } from '../nn/nn.js';
import { SGD } from '../optim/index.js';
import { accuracy } from './metrics.js';
import type { EpochInfo, StepInfo } from './options.js';
import { train } from './train.js';

export interface BenchmarkOptions {
  /** The backend that the model is built on, and where its first weights come from. */
  nn: NN;
  /** What is trained on. */
  train: Dataset;
  /** What accuracy is measured on. */
  test: Dataset;
  /** Default 1. */
  epochs?: number;
  /** Learning rate of plain SGD; default 0.01. */
  lr?: number;
  /** Default 0. */
  momentum?: number;
  /** Default 100. */
  batchSize?: number;
  /** Another order each epoch; default true. */
  shuffle?: boolean;
  /** Of the shuffling; default 0. */
  seed?: number;
  onStep?: (info: StepInfo) => void | Promise<void>;
  onEpoch?: (info: EpochInfo) => void | Promise<void>;
  /** Ends the training early; accuracy is measured all the same. */
  signal?: AbortSignal;
}

export interface BenchmarkResult {
  /** On the test set, 0 to 1. */
  readonly accuracy: number;
  /** Mean training loss of the last epoch. */
  readonly loss: number;
  /** Of training, without the test. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly stopped: boolean;
}

/** How a model is made: a function of an `nn`, or a class whose constructor takes one. */
export type ModelFactory = ((nn: NN) => Module) | (new (nn: NN) => Module);

/**
 * Builds the model afresh, trains it by SGD on cross-entropy and tests it, so that runs do not inherit each other's weights:
 * `await benchmark((nn) => nn.Sequential(…), { nn, train, test, epochs: 2, lr: 0.05 })`.
 *
 * @throws what the model, `train` and `evaluate` throw; {ArgumentError} CVY_ARG_TYPE for something that makes no module
 */
export async function benchmark(makeModel: ModelFactory, options: BenchmarkOptions): Promise<BenchmarkResult> {
  if (options === undefined) throw new ArgumentError('CVY_ARG_TYPE', 'benchmark: no options are given but nn, train and test are required');
  checkOptions('benchmark', options, ['nn', 'train', 'test', 'epochs', 'lr', 'momentum', 'batchSize', 'shuffle', 'seed', 'onStep', 'onEpoch', 'signal']);
  const { nn, train: examples, test, epochs = 1, lr = 0.01, momentum = 0, batchSize = 100, shuffle = true, seed = 0, onStep, onEpoch, signal } = options;
  for (const [name, value] of Object.entries({ nn, train: examples, test })) {
    if (value === undefined) throw new ArgumentError('CVY_ARG_TYPE', `benchmark: ${name} is not given but nn, train and test are required`);
  }
  const loader = new DataLoader(examples, { batchSize, shuffle, seed });
  const model = make(makeModel, nn);
  const optimizer = new SGD(model.parameters(), { lr, momentum });
  const { loss, seconds, imagesPerSecond, stopped } = await train(model, loader, { optimizer, epochs, onStep, onEpoch, signal });
  return { accuracy: await accuracy(model, test), loss, seconds, imagesPerSecond, stopped };
}

function make(makeModel: ModelFactory, nn: NN): Module {
  if (typeof makeModel !== 'function') {
    throw new ArgumentError('CVY_ARG_TYPE', `benchmark: the model is ${(makeModel as unknown) instanceof Module ? 'a module' : typeof makeModel} but must be a function or class that builds one, for a fresh start each run; write (nn) => …`);
  }
  const model = isClass(makeModel) ? new makeModel(nn) : makeModel(nn);
  if (!(model instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `benchmark: the function returned ${model === null ? 'null' : typeof model} but must return a module`);
  return model;
}

const isClass = (factory: ModelFactory): factory is new (nn: NN) => Module => (factory as { prototype?: unknown }).prototype instanceof Module;
