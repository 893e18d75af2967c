/**
 * The training loop. What a step is stands here; when to save and what to show is told by its options.
 */
import { setImmediate } from 'node:timers/promises';
import type { DataLoader } from '../data/dataLoader.js';
import { fmt, ShapeError, TrainError } from '../errors.js';
import { saveCheckpoint } from '../io/checkpoint.js';
import { scope } from '../memory/index.js';
import { crossEntropy } from '../nn/index.js';
import type { Module } from '../nn/module.js';
import { ReduceLROnPlateau } from '../optim/index.js';
import type { Tensor } from '../tensor/index.js';
import { checkTrainOptions, type Progress, type TrainOptions } from './options.js';
import { countCorrect, inputAndTarget, lossFunction, nonFinite } from './outcome.js';

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
    await this.scheduleEpoch();
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
    if (this.options.scheduleEvery === 'step') this.options.scheduler?.step();
    this.stepsDone++;
    return value;
  }

  private async scheduleEpoch(): Promise<void> {
    const { scheduler, scheduleEvery = 'epoch', metric } = this.options;
    if (scheduleEvery === 'step') return;
    if (scheduler instanceof ReduceLROnPlateau) scheduler.step(await metric!());
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
