/**
 * What train() is told and what it tells, and the checks of its options.
 */
import type { Rng } from '../backend/index.js';
import { DataLoader } from '../data/dataLoader.js';
import { ArgumentError, checkChoice, checkOptions } from '../errors.js';
import { RandomLayer } from '../nn/index.js';
import type { Module } from '../nn/module.js';
import { ReduceLROnPlateau, type LRScheduler, type Optimizer } from '../optim/index.js';
import type { Loss } from './outcome.js';

/** What stands the same for a step and an epoch. */
export interface Progress {
  /** The epoch under way, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch, from 1. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly steps: number;
  /** Share of examples that were right when they were trained on, in this epoch so far; NaN where targets are no labels. */
  readonly accuracy: number;
  /** Examples a second since `train` was called; callbacks and checkpoints do not count. */
  readonly imagesPerSecond: number;
  /** Time that the rest of all epochs will take at this rate. */
  readonly secondsLeft: number;
}

export interface StepInfo extends Progress {
  /** Of this step's batch, before the step. */
  readonly loss: number;
  /** Mean loss of this epoch's examples so far. */
  readonly meanLoss: number;
}

export interface EpochInfo extends Progress {
  /** Mean over the epoch's examples. */
  readonly loss: number;
  /** Seconds this epoch's steps took. */
  readonly seconds: number;
}

export interface CheckpointOptions {
  path: string;
  /** Save after every so many steps, counted through all epochs. */
  everySteps?: number;
  /** Save after each epoch; default true unless everySteps is given. */
  everyEpoch?: boolean;
  /** `nn.rng`; required for models with dropout, which draw from it. */
  rng?: Rng;
  /** Goes into the file as it is, see saveCheckpoint. */
  config?: unknown;
}

export interface TrainOptions {
  optimizer: Optimizer;
  /** Default crossEntropy. */
  loss?: Loss;
  /** All epochs, those before startEpoch included. */
  epochs: number;
  /** Stepped after each epoch or each step, as `scheduleEvery` says. */
  scheduler?: LRScheduler;
  /** Default 'epoch'. OneCycleLR, CyclicLR and warm-ups are mostly counted in steps. */
  scheduleEvery?: 'epoch' | 'step';
  /**
   * What ReduceLROnPlateau, which needs it, is told after each epoch, such as `async () => (await evaluate(model, held)).loss`. Not the
   * training's own loss: of an epoch that was resumed that is the loss of the rest.
   */
  metric?: () => number | Promise<number>;
  /** Epochs that are done already, as loadCheckpoint returned them; default 0. */
  startEpoch?: number;
  /** Steps that are done already in the epoch after those; default 0. */
  startStep?: number;
  /** After each step; a promise is awaited. */
  onStep?: (info: StepInfo) => void | Promise<void>;
  /** After each epoch and its scheduler step; a promise is awaited. */
  onEpoch?: (info: EpochInfo) => void | Promise<void>;
  /** Ends the training after the step that is under way. */
  signal?: AbortSignal;
  checkpoint?: CheckpointOptions;
}

/** @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function checkTrainOptions(model: Module, loader: DataLoader, options: TrainOptions): void {
  checkOptions('train', options, ['optimizer', 'loss', 'epochs', 'scheduler', 'scheduleEvery', 'metric', 'startEpoch', 'startStep', 'onStep', 'onEpoch', 'signal', 'checkpoint']);
  if (!(loader instanceof DataLoader)) throw new ArgumentError('CVY_ARG_TYPE', 'train: the second argument is no DataLoader but must be one; wrap a dataset in new DataLoader(dataset, { batchSize })');
  if (typeof options?.optimizer?.step !== 'function') throw new ArgumentError('CVY_ARG_TYPE', 'train: there is no optimizer but one is required, such as new SGD(model.parameters(), { lr: 0.01 })');
  if (loader.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `train: the loader has 0 batches but at least one is required (${loader.dataset.length} examples, batchSize ${loader.batchSize}, dropLast ${loader.dropLast})`);
  const { epochs, startEpoch = 0, startStep = 0, checkpoint } = options;
  checkSchedule(options);
  checkWhole('epochs', epochs, 0, Number.MAX_SAFE_INTEGER);
  checkWhole('startEpoch', startEpoch, 0, epochs);
  checkWhole('startStep', startStep, 0, loader.length);
  if (checkpoint === undefined) return;
  checkOptions('train: checkpoint', checkpoint, ['path', 'everySteps', 'everyEpoch', 'rng', 'config']);
  if (typeof checkpoint.path !== 'string' || checkpoint.path === '') throw new ArgumentError('CVY_ARG_TYPE', `train: checkpoint.path is ${typeof checkpoint.path} but must name a file`);
  if (checkpoint.everySteps !== undefined) checkWhole('checkpoint.everySteps', checkpoint.everySteps, 1, Number.MAX_SAFE_INTEGER);
  if (!checkpoint.rng && model.modules().some((module) => module instanceof RandomLayer)) {
    throw new ArgumentError('CVY_ARG_VALUE', 'train: the model has a layer that draws random numbers, such as dropout, but checkpoint.rng is not given, without which a checkpoint could not be resumed exactly; pass { rng: nn.rng }');
  }
}

function checkSchedule({ scheduler, scheduleEvery = 'epoch', metric }: TrainOptions): void {
  const every = checkChoice('train', 'scheduleEvery', scheduleEvery, ['epoch', 'step']);
  if (every === 'step' && (scheduler === undefined || scheduler instanceof ReduceLROnPlateau)) {
    throw new ArgumentError('CVY_ARG_VALUE', `train: scheduleEvery is 'step' but the schedule is ${scheduler === undefined ? 'not given' : 'ReduceLROnPlateau, which steps after epochs'}; leave it out`);
  }
  if (scheduler instanceof ReduceLROnPlateau !== (typeof metric === 'function')) {
    throw new ArgumentError('CVY_ARG_VALUE', `train: metric is ${typeof metric} but a function is required with ReduceLROnPlateau, and none without it; pass { metric: async () => (await evaluate(model, held)).loss }`);
  }
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) throw new ArgumentError('CVY_ARG_VALUE', `train: ${name} is ${String(value)} but a whole number from ${least} to ${most} is required`);
}
