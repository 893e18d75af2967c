/** What `convoy benchmark` does: the tutorials' table of accuracy and training time, model by model. */
import { imageDataset } from '../data/dataset.js';
import type { NN } from '../nn/nn.js';
import { benchmark } from '../train/benchmark.js';
import { TUTORIAL_MODELS, tutorialModel, type TutorialModelName } from '../train/models.js';
import { engineName, openNN, withConvoy } from './engine.js';
import { loadImages, type Images } from './images.js';
import type { EngineOptions } from './options.js';
import { rail } from './ui/bars.js';
import { bold, dim } from './ui/colour.js';
import { clock, decimal, percent, whole } from './ui/format.js';
import { clearLive, print, setLive } from './ui/screen.js';

export interface BenchmarkOptions extends EngineOptions {
  readonly data?: string;
  readonly models: readonly TutorialModelName[];
  readonly epochs: number;
  readonly batch: number;
  readonly lr: number;
  readonly momentum: number;
  readonly seed: number;
  readonly limit?: number;
  readonly json?: boolean;
}

interface Row {
  readonly model: TutorialModelName;
  readonly title: string;
  readonly parameters: number;
  readonly accuracy: number;
  readonly loss: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

export async function compareModels(options: BenchmarkOptions): Promise<void> {
  const { models, json, data = 'digits', limit } = options;
  const images = await loadImages(data, 'train', limit);
  await withConvoy(options.plugin, async (convoy) => {
    for (const [i, model] of models.entries()) {
      // An nn for each: the same seed gives every model the weights that it would have alone.
      const nn = await openNN(convoy, options, options.seed);
      if (i === 0 && !json) announce(nn, images, options);
      const row = await measure(nn, model, images, options);
      clearLive();
      print(json ? JSON.stringify({ event: 'model', ...row, backend: nn.backend.name, threads: nn.backend.threads }) : asLine(row));
    }
  });
}

function announce(nn: NN, { train, test, title }: Images, options: BenchmarkOptions): void {
  const { models, lr, momentum, batch, epochs, seed } = options;
  print(`${bold(`${models.length} model${models.length === 1 ? '' : 's'}`)} on ${whole(train.labels.length)} ${title}, ${whole(test.labels.length)} more to test them`);
  print(`${dim(`${engineName(nn, options)} · sgd, lr ${lr}, momentum ${momentum}\nbatch ${batch} · ${epochs} epoch${epochs === 1 ? '' : 's'} · seed ${seed}`)}\n`);
  print(dim(columnsOf('model', 'parameters', 'accuracy', 'loss', 'time', 'images/s')));
  print(dim('─'.repeat(77)));
}

async function measure(nn: NN, model: TutorialModelName, images: Images, { epochs, batch, lr, momentum, seed }: BenchmarkOptions): Promise<Row> {
  const { title } = TUTORIAL_MODELS[model];
  let parameters = 0;
  const { accuracy, loss, seconds, imagesPerSecond } = await benchmark((fresh) => {
    const module = tutorialModel(fresh, model);
    parameters = module.parameters().reduce((sum, { numel }) => sum + numel, 0);
    return module;
  }, {
    nn, train: imageDataset(nn, images.train), test: imageDataset(nn, images.test), epochs, batchSize: batch, lr, momentum, seed,
    onStep: ({ epoch, step, steps, secondsLeft }) => setLive(`${title.padEnd(28)} ${rail((epoch - 1 + step / steps) / epochs, 24)} ${clock(secondsLeft).padStart(8)} left`),
  });
  return { model, title, parameters, accuracy, loss, seconds, imagesPerSecond };
}

const asLine = ({ title, parameters, accuracy, loss, seconds, imagesPerSecond }: Row): string =>
  columnsOf(title, whole(parameters), percent(accuracy), decimal(loss), `${seconds.toFixed(1)} s`, whole(imagesPerSecond));

const columnsOf = (title: string, parameters: string, accuracy: string, loss: string, time: string, rate: string): string =>
  `${title.padEnd(28)}${parameters.padStart(11)}${accuracy.padStart(10)}${loss.padStart(8)}${time.padStart(10)}${rate.padStart(10)}`;
