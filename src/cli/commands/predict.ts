/** Options and help of `convoy predict`. */
import type { Command } from 'commander';
import { modelOption, weightsOption, withEngine, withExamples } from '../options.js';
import type { PredictOptions } from '../predict.js';

export function addPredict(program: Command): void {
  const command = program.command('predict')
    .argument('<image>', 'PNG or JPEG with one digit in its middle, about two thirds as high as the picture')
    .summary('say which digit is in a picture')
    .description('Turns a PNG or JPEG into 28 × 28 grey pixels (inverted when the ground is bright) and prints what the model takes it for.')
    .addOption(weightsOption())
    .addOption(modelOption('model that the weights belong to (default: told by their shapes)'));
  withEngine(command)
    .option('--json', 'print one JSON object and nothing else')
    .action(async (image: string, options: PredictOptions) => (await import('../predict.js')).predictImage(image, options));
  withExamples(command, [
    ['convoy predict photo.png --weights cnn.safetensors', 'a bar for each of the ten digits'],
  ]);
}
