/** What `convoy predict` does: says which digit is in a picture. */
import { noGrad } from '../autograd/index.js';
import { scope } from '../memory/index.js';
import { withNN } from './engine.js';
import { modelWithWeights } from './models.js';
import type { EngineOptions, ModelName } from './options.js';
import { readPicture } from './picture.js';
import { classBars } from './ui/bars.js';
import { bold, dim } from './ui/colour.js';
import { percent } from './ui/format.js';
import { braille } from './ui/pictures.js';
import { print } from './ui/screen.js';

export interface PredictOptions extends EngineOptions {
  readonly weights: string;
  readonly model?: ModelName;
  readonly json?: boolean;
}

const SIZE = 28;

export async function predictImage(image: string, options: PredictOptions): Promise<void> {
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
