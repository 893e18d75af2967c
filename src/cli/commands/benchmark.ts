/** Options and help of `convoy benchmark`. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { didYouMean } from '../../errors.js';
import { TUTORIAL_MODELS, type TutorialModelName } from '../../train/models.js';
import type { BenchmarkOptions } from '../benchmark.js';
import { dataOption, limitOption, realNumber, wholeNumber, withEngine, withExamples } from '../options.js';

const NAMES = Object.keys(TUTORIAL_MODELS) as TutorialModelName[];

export function addBenchmark(program: Command): void {
  const command = program.command('benchmark')
    .summary('compare the tutorials\' models')
    .description('Trains the tutorials\' models one after the other, each afresh and alike, and compares accuracy on unseen images and training time.')
    .addOption(dataOption())
    .addOption(new Option('--models <names>', `comma-separated, of ${NAMES.join(', ')}`).argParser(readNames).default(NAMES, 'all'))
    .option('--epochs <n>', 'times that all images are seen', wholeNumber(1), 2)
    .option('--batch <n>', 'images a step', wholeNumber(1, 65536), 64)
    .option('--lr <rate>', 'learning rate of sgd', realNumber('above 0', (value) => value > 0), 0.01)
    .option('--momentum <m>', 'momentum of sgd', realNumber('from 0 to below 1', (value) => value >= 0 && value < 1), 0.9)
    .option('--seed <n>', 'of first weights and order', wholeNumber(0), 0)
    .addOption(limitOption());
  withEngine(command)
    .option('--json', 'print one JSON object a model and nothing else')
    .action(async (options: BenchmarkOptions) => (await import('../benchmark.js')).compareModels(options));
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
