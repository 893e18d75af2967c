/** `convoy predict`: which digit is in a picture. */
import type { Command } from 'commander';
import { noGrad } from '../autograd/index.js';
import { scope } from '../memory/index.js';
import { withNN } from './engine.js';
import { modelOption, modelWithWeights, type ModelName } from './models.js';
import { weightsOption, withEngine, withExamples, type EngineOptions } from './options.js';
import { readPicture } from './picture.js';
import { classBars } from './ui/bars.js';
import { bold, dim } from './ui/colour.js';
import { percent } from './ui/format.js';
import { braille } from './ui/pictures.js';
import { print } from './ui/screen.js';

interface Options extends EngineOptions {
  readonly weights: string;
  readonly model?: ModelName;
  readonly json?: boolean;
}

const SIZE = 28;

export function addPredict(program: Command): void {
  const command = program.command('predict')
    .argument('<image>', 'PNG or JPEG with one digit in its middle, about two thirds as high as the picture')
    .summary('say which digit is in a picture')
    .description('Turns a PNG or JPEG into 28 × 28 grey pixels (inverted when the ground is bright) and prints what the model takes it for.')
    .addOption(weightsOption())
    .addOption(modelOption('model that the weights belong to (default: told by their shapes)'));
  withEngine(command)
    .option('--json', 'print one JSON object and nothing else')
    .action(run);
  withExamples(command, [
    ['convoy predict photo.png --weights cnn.safetensors', 'a bar for each of the ten digits'],
  ]);
}

async function run(image: string, options: Options): Promise<void> {
  const pixels = await readPicture(image, SIZE);
  await withNN(options, 0, async (nn) => {
    const { name, model } = await modelWithWeights(nn, options.weights, options.model);
    model.eval();
    const input = Float32Array.from(pixels, (value) => value / 255);
    const probabilities = noGrad(() => scope(() => Array.from(model.forward(nn.tensor(input, [1, 1, SIZE, SIZE])).softmax(1).dataSync())));
    const answer = probabilities.indexOf(Math.max(...probabilities));
    if (options.json) {
      print(JSON.stringify({ event: 'done', model: name, image, answer, probabilities }));
      return;
    }
    print(braille(pixels, SIZE, SIZE).map((line) => `  ${line}`).join('\n'));
    print(`\n${classBars(probabilities)}\n`);
    print(`It is a ${bold(String(answer))} ${dim(`(${percent(probabilities[answer], 1)}, ${name})`)}`);
  });
}
