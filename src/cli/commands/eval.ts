/** Options and help of `convoy eval`. */
import type { Command } from 'commander';
import type { EvalOptions } from '../eval.js';
import { dataOption, limitOption, modelOption, weightsOption, withEngine, withExamples } from '../options.js';

export function addEval(program: Command): void {
  const command = program.command('eval')
    .summary('measure saved weights on test images')
    .description('Loads weights and measures them on the test images of a data set.')
    .addOption(weightsOption())
    .addOption(dataOption())
    .addOption(modelOption('model that the weights belong to (default: told by their shapes)'))
    .addOption(limitOption());
  withEngine(command)
    .option('--json', 'print one JSON object and nothing else')
    .action(async (options: EvalOptions) => (await import('../eval.js')).evalWeights(options));
  withExamples(command, [
    ['convoy eval --weights cnn.safetensors --data mnist', 'accuracy and confusion matrix on the 10,000 test images of MNIST'],
  ]);
}
