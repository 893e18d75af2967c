/**
 * The training loop. What a step is stands here; when to save and what to show is told by its options.
 */
import { setImmediate } from 'node:timers/promises';
import type { Rng } from '../backend/index.js';
import { DataLoader } from '../data/dataLoader.js';
import { ArgumentError, checkChoice, checkOptions, fmt, ShapeError, TrainError } from '../errors.js';
import { saveCheckpoint } from '../io/checkpoint.js';
import { scope } from '../memory/index.js';
import { crossEntropy, RandomLayer } from '../nn/index.js';
import type { Module } from '../nn/module.js';
import { ReduceLROnPlateau, type LRScheduler, type Optimizer } from '../optim/index.js';
import type { Tensor } from '../tensor/index.js';
import { countCorrect, inputAndTarget, lossFunction, nonFinite, type Loss } from './outcome.js';

/** What stands the same for a step and an epoch. */
interface Progress {
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
  /** Stepped after each epoch or each step, as `scheduleEvery` says; ReduceLROnPlateau with that one's loss. */
  scheduler?: LRScheduler;
  /** Default 'epoch'. OneCycleLR, CyclicLR and warm-ups are mostly counted in steps. */
  scheduleEvery?: 'epoch' | 'step';
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

export interface TrainResult {
  /** True when the signal ended it. */
  readonly stopped: boolean;
  /** Epochs done: what startEpoch must be to go on. */
  readonly epoch: number;
  /** Steps done in the next epoch: what startStep must be to go on. */
  readonly step: number;
  /** Mean loss and accuracy of the last epoch, or of its part that was run; NaN when no step was. */
  readonly loss: number;
  readonly accuracy: number;
  /** Of training alone, without callbacks and checkpoints. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/** How long the event loop may wait, so that Ctrl-C and timers are served while steps are short. */
const TURN_MS = 50;

/**
 * Trains a model in place. Between steps the event loop gets its turn now and then; the memory of a step is released at its end.
 * When it ends by the signal, the loader's epoch stands so that saving and going on gives the same bits as never having stopped.
 *
 * @throws {TrainError} CVY_TRAIN_DIVERGED when the loss is NaN or infinite (before the parameters are changed by it), or a parameter
 * is when it would be saved or an epoch ends; checkpoints from before stay
 * @throws {DataError} CVY_DATA_MISMATCH for batches without targets; what layers and loss throw for shapes and labels that do not fit
 */
export async function train(model: Module, loader: DataLoader, options: TrainOptions): Promise<TrainResult> {
  const run = new Run(model, loader, options);
  while (!run.done && !run.stopped) await run.epoch();
  return run.result();
}

class Run {
  stopped: boolean;
  private readonly loss: (output: Tensor, target: Tensor) => Tensor;
  private readonly steps: number;
  private epochsDone: number;
  private stepsDone: number;
  private readonly sinceStart = new Tally();
  private sinceEpoch = new Tally();
  private lastTurn = performance.now();
  /** What the checkpoint holds that this run wrote last. */
  private savedAt: string | null = null;

  constructor(private readonly model: Module, private readonly loader: DataLoader, private readonly options: TrainOptions) {
    checkTrainOptions(model, loader, options);
    this.loss = lossFunction(options.loss ?? crossEntropy);
    this.steps = loader.length;
    this.epochsDone = options.startEpoch ?? 0;
    this.stepsDone = options.startStep ?? 0;
    // A loader that was not restored stands at 0; one that was may be further on than this training.
    if (loader.epoch < this.epochsDone) loader.epoch = this.epochsDone;
    this.stopped = options.signal?.aborted ?? false;
  }

  get done(): boolean {
    return this.epochsDone >= this.options.epochs;
  }

  /** The rest of the epoch under way, unless the signal ends it before. */
  async epoch(): Promise<void> {
    const { loader, steps, options } = this;
    const { onStep, onEpoch, signal, checkpoint } = options;
    const order = loader.epoch;
    this.sinceEpoch = new Tally();
    // Each time anew: onEpoch may have left the model in evaluation mode.
    this.model.train();
    try {
      let begin = performance.now();
      for (const batch of loader.batches(this.stepsDone)) {
        const loss = this.step(batch);
        this.took(performance.now() - begin);
        await onStep?.({ ...this.progress(), loss, meanLoss: this.sinceEpoch.meanLoss });
        if (this.stepsDone < steps) {
          if (this.isDue(checkpoint?.everySteps)) await this.save();
          await this.turn();
          if (signal?.aborted) {
            this.stopped = true;
            return;
          }
        }
        begin = performance.now();
      }
    } finally {
      // Unless the epoch was completed, the next iteration has to take this order again.
      if (this.stepsDone < steps) loader.epoch = order;
    }
    this.checkParameters();
    this.schedule('epoch', this.sinceEpoch.meanLoss);
    const saves = checkpoint !== undefined && ((checkpoint.everyEpoch ?? checkpoint.everySteps === undefined) || this.isDue(checkpoint.everySteps));
    const info = { ...this.progress(), loss: this.sinceEpoch.meanLoss, seconds: this.sinceEpoch.ms / 1000 };
    this.epochsDone++;
    this.stepsDone = 0;
    await onEpoch?.(info);
    if (saves) await this.save();
    await this.turn();
    this.stopped = !this.done && (signal?.aborted ?? false);
  }

  /** One step; its loss. */
  private step(batch: readonly Tensor[]): number {
    const { model, options: { optimizer } } = this;
    const [input, target] = inputAndTarget('train', batch);
    const value = scope(() => {
      const output = model.forward(input);
      const loss = this.loss(output, target);
      if (loss.numel !== 1) throw new ShapeError('CVY_SHAPE_NUMEL', `train: the loss is ${fmt(loss.shape)} but one number is required (output ${fmt(output.shape)}, target ${fmt(target.shape)}); let it reduce by mean or sum`);
      const found = loss.item();
      if (!Number.isFinite(found)) throw this.diverged(`the loss is ${found} at step ${this.stepsDone + 1} of ${this.steps}`, 'the parameters are as they were before this step');
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      const correct = countCorrect(output, target);
      for (const tally of [this.sinceStart, this.sinceEpoch]) tally.add(input.shape[0], found, correct);
      return found;
    });
    this.schedule('step', value);
    this.stepsDone++;
    return value;
  }

  private schedule(after: 'epoch' | 'step', loss: number): void {
    const { scheduler, scheduleEvery = 'epoch' } = this.options;
    if (after !== scheduleEvery) return;
    if (scheduler instanceof ReduceLROnPlateau) scheduler.step(loss);
    else scheduler?.step();
  }

  private took(ms: number): void {
    this.sinceStart.ms += ms;
    this.sinceEpoch.ms += ms;
  }

  private progress(): Progress {
    const { steps, sinceStart } = this;
    const left = steps * (this.options.epochs - this.epochsDone) - this.stepsDone;
    return {
      epoch: this.epochsDone + 1, epochs: this.options.epochs, step: this.stepsDone, steps,
      accuracy: this.sinceEpoch.accuracy, imagesPerSecond: sinceStart.perSecond,
      secondsLeft: sinceStart.steps > 0 ? (left * sinceStart.ms) / sinceStart.steps / 1000 : NaN,
    };
  }

  private isDue(everySteps: number | undefined): boolean {
    return everySteps !== undefined && (this.epochsDone * this.steps + this.stepsDone) % everySteps === 0;
  }

  private async save(): Promise<void> {
    const { model, loader, options: { optimizer, scheduler, checkpoint } } = this;
    const { path, rng, config } = checkpoint!;
    this.checkParameters();
    const [epoch, step] = [this.epochsDone, this.stepsDone];
    await saveCheckpoint(path, { model, optimizer, scheduler, rng, loader, config, epoch, step });
    this.savedAt = step > 0 ? `step ${step} of epoch ${epoch + 1}` : `epoch ${epoch}`;
  }

  private async turn(): Promise<void> {
    if (performance.now() - this.lastTurn < TURN_MS) return;
    await setImmediate();
    this.lastTurn = performance.now();
  }

  /** The loss shows what became of parameters one step later, when they may have been saved already. */
  private checkParameters(): void {
    const bad = nonFinite(this.model);
    if (bad !== undefined) throw this.diverged(`${bad} after step ${this.stepsDone} of ${this.steps}`, 'the step before was finite');
  }

  private diverged(what: string, state: string): TrainError {
    const { optimizer, checkpoint, epochs } = this.options;
    const kept = this.savedAt !== null ? `; the checkpoint of ${this.savedAt} is kept in ${checkpoint!.path}` : '';
    return new TrainError('CVY_TRAIN_DIVERGED', `train: ${what} in epoch ${this.epochsDone + 1} of ${epochs} but must be finite (${state}${kept}); try a smaller learning rate than ${optimizer.groups[0].lr}`);
  }

  result(): TrainResult {
    const { sinceStart, sinceEpoch } = this;
    return {
      stopped: this.stopped, epoch: this.epochsDone, step: this.stepsDone, loss: sinceEpoch.meanLoss, accuracy: sinceEpoch.accuracy,
      seconds: sinceStart.ms / 1000, imagesPerSecond: sinceStart.perSecond,
    };
  }
}

/** Sums over steps. */
class Tally {
  ms = 0;
  steps = 0;
  private examples = 0;
  private correct = 0;
  private loss = 0;

  add(examples: number, loss: number, correct: number): void {
    this.steps++;
    this.examples += examples;
    this.correct += correct;
    this.loss += loss * examples;
  }

  get meanLoss(): number {
    return this.loss / this.examples;
  }

  get accuracy(): number {
    return this.correct / this.examples;
  }

  get perSecond(): number {
    return this.examples / (this.ms / 1000);
  }
}

function checkTrainOptions(model: Module, loader: DataLoader, options: TrainOptions): void {
  checkOptions('train', options, ['optimizer', 'loss', 'epochs', 'scheduler', 'scheduleEvery', 'startEpoch', 'startStep', 'onStep', 'onEpoch', 'signal', 'checkpoint']);
  if (!(loader instanceof DataLoader)) throw new ArgumentError('CVY_ARG_TYPE', 'train: the second argument is no DataLoader but must be one; wrap a dataset in new DataLoader(dataset, { batchSize })');
  if (typeof options?.optimizer?.step !== 'function') throw new ArgumentError('CVY_ARG_TYPE', 'train: there is no optimizer but one is required, such as new SGD(model.parameters(), { lr: 0.01 })');
  if (loader.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `train: the loader has 0 batches but at least one is required (${loader.dataset.length} examples, batchSize ${loader.batchSize}, dropLast ${loader.dropLast})`);
  const { epochs, startEpoch = 0, startStep = 0, scheduler, scheduleEvery, checkpoint } = options;
  if (scheduleEvery !== undefined) {
    checkChoice('train', 'scheduleEvery', scheduleEvery, ['epoch', 'step']);
    if (scheduler === undefined) throw new ArgumentError('CVY_ARG_VALUE', `train: scheduleEvery is '${scheduleEvery}' but there is no schedule; pass scheduler too`);
  }
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

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) throw new ArgumentError('CVY_ARG_VALUE', `train: ${name} is ${String(value)} but a whole number from ${least} to ${most} is required`);
}
