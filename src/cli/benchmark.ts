/** `convoy benchmark`: the tutorials' table of accuracy and training time, model by model. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { imageDataset } from '../data/dataset.js';
import { didYouMean } from '../errors.js';
import type { NN } from '../nn/nn.js';
import { benchmark } from '../train/benchmark.js';
import { TUTORIAL_MODELS, tutorialModel, type TutorialModelName } from '../train/models.js';
import { engineName, openNN, withConvoy } from './engine.js';
import { loadImages, type Images } from './images.js';
import { dataOption, limitOption, realNumber, wholeNumber, withEngine, withExamples, type EngineOptions } from './options.js';
import { rail } from './ui/bars.js';
import { bold, dim } from './ui/colour.js';
import { clock, decimal, percent, whole } from './ui/format.js';
import { clearLive, print, setLive } from './ui/screen.js';

interface Options extends EngineOptions {
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

const NAMES = Object.keys(TUTORIAL_MODELS) as TutorialModelName[];

export function addBenchmark(program: Command): void {
  const command = program.command('benchmark')
    .summary('compare the tutorials\' models')
    .description('Trains the tutorials\' models one after the other, each afresh and alike, and compares accuracy on unseen images and training time.')
    .addOption(dataOption())
    .addOption(new Option('--models <names>', `comma-separated, of ${NAMES.join(', ')}`).argParser(readNames).default(NAMES, 'all'))
    .option('--epochs <n>', 'times that all images are seen', wholeNumber(1), 1)
    .option('--batch <n>', 'images a step', wholeNumber(1, 65536), 64)
    .option('--lr <rate>', 'learning rate of sgd', realNumber('above 0', (value) => value > 0), 0.05)
    .option('--momentum <m>', 'momentum of sgd', realNumber('from 0 to below 1', (value) => value >= 0 && value < 1), 0.9)
    .option('--seed <n>', 'of first weights and order', wholeNumber(0), 0)
    .addOption(limitOption());
  withEngine(command)
    .option('--json', 'print one JSON object a model and nothing else')
    .action(run);
  withExamples(command, [
    ['convoy benchmark', 'all of them on synthetic digits'],
    ['convoy benchmark --data mnist --models mlp,cnn2,cnn2bn', 'three of them on MNIST'],
  ]);
}

function readNames(text: string): TutorialModelName[] {
  return text.split(',').map((part) => {
    const name = part.trim();
    if (!Object.hasOwn(TUTORIAL_MODELS, name)) throw new InvalidArgumentError(`'${name}' is none of ${NAMES.join(', ')}${didYouMean(name, NAMES)}`);
    return name as TutorialModelName;
  });
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

async function run(options: Options): Promise<void> {
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

function announce(nn: NN, { train, test, title }: Images, options: Options): void {
  const { models, lr, momentum, batch, epochs, seed } = options;
  print(`${bold(`${models.length} model${models.length === 1 ? '' : 's'}`)} on ${whole(train.labels.length)} ${title}, ${whole(test.labels.length)} more to test them`);
  print(`${dim(`${engineName(nn, options)} · sgd, lr ${lr}, momentum ${momentum}\nbatch ${batch} · ${epochs} epoch${epochs === 1 ? '' : 's'} · seed ${seed}`)}\n`);
  print(dim(columnsOf('model', 'parameters', 'accuracy', 'loss', 'time', 'images/s')));
  print(dim('─'.repeat(77)));
}

async function measure(nn: NN, model: TutorialModelName, images: Images, { epochs, batch, lr, momentum, seed }: Options): Promise<Row> {
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
