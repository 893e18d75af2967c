/** What `convoy train` does: trains one of the tutorials' models and shows how it goes. */
import { DataLoader } from '../data/dataLoader.js';
import { imageDataset } from '../data/dataset.js';
import { summary } from '../inspect/summary.js';
import { loadCheckpoint, readCheckpoint, saveCheckpoint, type Checkpoint } from '../io/checkpoint.js';
import { saveWeights } from '../io/weights.js';
import type { Module } from '../nn/module.js';
import type { NN } from '../nn/nn.js';
import type { Optimizer } from '../optim/optimizer.js';
import { evaluate } from '../train/metrics.js';
import { TUTORIAL_MODELS, tutorialModel } from '../train/models.js';
import { train } from '../train/train.js';
import { commandLine } from './commandName.js';
import { engineArgs, engineName, withNN } from './engine.js';
import { showKernels, showMistakes } from './glimpse.js';
import { loadImages, type Images } from './images.js';
import { stopSignal } from './interrupt.js';
import { OPTIMIZERS } from './optimizers.js';
import type { EngineOptions } from './options.js';
import { jsonReporter, TextReporter, type Reporter } from './trainReport.js';
import { newSettings, resumedSettings, type Settings, type Typed } from './trainSettings.js';
import { confusionMatrix } from './ui/confusion.js';
import { whole } from './ui/format.js';
import { setLive } from './ui/screen.js';
import { summaryTable } from './ui/summary.js';

/** Which training is meant is Typed; this is where it comes from and goes to. */
export interface TrainOptions extends Typed, EngineOptions {
  readonly out?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

/** Steps between checkpoints where --out asks for the weights: some 15 s of a CNN on two cores, and under 1 % of the time. */
const CHECKPOINT_STEPS = 100;
const SIZE = 28;

export async function runTraining(options: TrainOptions): Promise<void> {
  const { out, resume, json, backend, kernels, threads, plugin, turbo, precision, fallback, ...typed } = options;
  const checkpoint = resume === undefined ? null : await readCheckpoint(resume);
  const settings = checkpoint ? resumedSettings(checkpoint, typed) : newSettings(typed);
  const reporter: Reporter = json ? jsonReporter : new TextReporter();
  const engine = { backend, kernels, threads, plugin, turbo, precision, fallback };
  await withNN(engine, settings.seed, async (nn) => {
    const images = await loadImages(settings.data, 'train', settings.limit ?? undefined);
    await new Training(nn, settings, images, reporter, engine).run(checkpoint, out);
  });
}

class Training {
  private readonly model: Module;
  private readonly optimizer: Optimizer;
  private readonly loader: DataLoader;

  constructor(
    private readonly nn: NN,
    private readonly settings: Settings,
    private readonly images: Images,
    private readonly reporter: Reporter,
    private readonly engine: EngineOptions,
  ) {
    const { model, optimizer, lr, momentum, batch, seed } = settings;
    this.model = tutorialModel(nn, model);
    this.optimizer = OPTIMIZERS[optimizer].make(this.model.parameters(), lr, momentum ?? 0);
    this.loader = new DataLoader(imageDataset(nn, images.train), { batchSize: batch, shuffle: true, seed });
  }

  async run(checkpoint: Checkpoint | null, out: string | undefined): Promise<void> {
    const { nn, settings, model, optimizer, loader, reporter } = this;
    const rng = nn.rng;
    const place = checkpoint ? await loadCheckpoint(checkpoint, { model, optimizer, rng, loader }) : { epoch: 0, step: 0 };
    // Without --out there is nothing that a user wants on disk, unless Ctrl-C asks for it.
    const file = out !== undefined ? `${out}.checkpoint` : checkpoint?.path ?? 'convoy-checkpoint.safetensors';
    const keeps = out !== undefined || checkpoint !== null;
    const stop = stopSignal();
    this.announce(place.epoch * loader.length + place.step);
    // Now, so that a folder that cannot be written to is not found out after the training, and so that there is always a last good one.
    if (keeps) await saveCheckpoint(file, { model, optimizer, rng, loader, config: settings, ...place });
    const result = await train(model, loader, {
      optimizer, epochs: settings.epochs, startEpoch: place.epoch, startStep: place.step, signal: stop.signal,
      onStep: ({ meanLoss, step, steps, ...info }) => reporter.step({ ...info, loss: meanLoss, fraction: step / steps }),
      onEpoch: ({ epoch, epochs, loss, accuracy, imagesPerSecond, seconds }) => reporter.epoch({ epoch, epochs, loss, accuracy, imagesPerSecond, seconds }),
      checkpoint: keeps ? { path: file, everySteps: CHECKPOINT_STEPS, everyEpoch: true, rng, config: settings } : undefined,
    }).finally(stop.release);
    if (result.stopped) {
      await saveCheckpoint(file, { model, optimizer, rng, loader, config: settings, epoch: result.epoch, step: result.step });
      // With the same kernels: others may round otherwise.
      reporter.interrupted(file, commandLine('train', '--resume', file, ...(out === undefined ? [] : ['--out', out]), ...engineArgs(this.engine)));
      process.exitCode = stop.exitCode;
      return;
    }
    // Before the test, so that nobody loses a training to a Ctrl-C that came a second early.
    if (out !== undefined) await saveWeights(out, model);
    await this.finish(result, out ?? null);
  }

  private announce(stepsDone: number): void {
    const { nn, settings: { model, data, optimizer, lr, batch, epochs, seed }, images: { train: { labels }, test, title } } = this;
    const layers = summary(this.model, [1, SIZE, SIZE]);
    this.reporter.start({
      model, data, trainImages: labels.length, testImages: test.labels.length, parameters: layers.totals.parameters,
      backend: nn.backend.name, threads: nn.backend.threads, optimizer, lr, batch, epochs, seed, stepsDone,
    }, { model: TUTORIAL_MODELS[model].title, images: title, engine: engineName(nn, this.engine), summary: summaryTable(layers) });
  }

  private async finish({ imagesPerSecond, seconds }: { imagesPerSecond: number; seconds: number }, weights: string | null): Promise<void> {
    const { nn, model, images: { test }, settings: { data } } = this;
    setLive(`measuring on ${whole(test.labels.length)} images that it has never seen …`);
    const examples = imageDataset(nn, test);
    const { accuracy, loss, confusion } = await evaluate(model, examples);
    const details = (): string => [confusionMatrix(confusion), showMistakes(model, examples, test), showKernels(model)].filter((part) => part !== null).join('\n\n');
    this.reporter.done(
      { testAccuracy: accuracy, testLoss: loss, imagesPerSecond, seconds, backend: nn.backend.name, threads: nn.backend.threads, weights }, details,
      weights === null ? [] : [
        commandLine('predict', 'picture.png', '--weights', weights),
        commandLine('eval', '--weights', weights, ...(data === 'digits' ? [] : ['--data', data])),
      ],
    );
  }
}
