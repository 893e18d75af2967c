/** Options and help of `convoy train`. */
import { Option, type Command } from 'commander';
import { dataOption, limitOption, modelOption, OPTIMIZER_NAMES, realNumber, wholeNumber, withEngine, withExamples } from '../options.js';
import type { TrainOptions } from '../train.js';

export function addTrain(program: Command): void {
  const command = program.command('train')
    .summary('train a model and show how it goes')
    .description('Trains a model on labelled images of digits, measures it on images it has not seen, and saves its weights.')
    .addOption(dataOption())
    .addOption(modelOption('model to train (default: cnn2)'))
    .option('--epochs <n>', 'times that all images are seen (default: 2)', wholeNumber(1))
    .option('--batch <n>', 'images a step (default: 64)', wholeNumber(1, 65536))
    .addOption(new Option('--optimizer <name>', 'how to step (default: sgd)').choices(OPTIMIZER_NAMES))
    .option('--lr <rate>', 'learning rate (default: of sgd 0.05, 0.005 for cnn2bn; of adam 0.001; others have their own)', realNumber('above 0', (value) => value > 0))
    .option('--momentum <m>', 'momentum of sgd (default: 0.9)', realNumber('from 0 to below 1', (value) => value >= 0 && value < 1))
    .option('--seed <n>', 'of first weights and order; the same gives the same bits (default: 0)', wholeNumber(0))
    .addOption(limitOption());
  withEngine(command)
    .option('--out <file>', 'save the weights (safetensors, under the names PyTorch uses)')
    .option('--resume <file>', 'go on from a checkpoint, to the same bits as without the break')
    .option('--json', 'print one JSON object a line and nothing else')
    .action(async (options: TrainOptions) => (await import('../train.js')).runTraining(options));
  withExamples(command, [
    ['convoy train', 'the two-layer CNN on synthetic digits, on all cores'],
    ['convoy train --data mnist --model cnn2bn --out cnn.safetensors', 'with batch norm, on MNIST (see convoy data mnist --help)'],
    ['convoy train --resume cnn.safetensors.checkpoint --out cnn.safetensors', 'go on after Ctrl-C'],
    ['convoy train --backend cpu-naive --limit 500', 'the same training on the plainest kernels'],
  ]);
}
