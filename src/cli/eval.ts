/** `convoy eval`: how well saved weights do on test images. */
import type { Command } from 'commander';
import { imageDataset } from '../data/dataset.js';
import { evaluate } from '../train/metrics.js';
import { engineName, withNN } from './engine.js';
import { loadImages } from './images.js';
import { modelOption, modelWithWeights, type ModelName } from './models.js';
import { dataOption, limitOption, weightsOption, withEngine, withExamples, type EngineOptions } from './options.js';
import { bold, dim } from './ui/colour.js';
import { confusionMatrix } from './ui/confusion.js';
import { decimal, percent, whole } from './ui/format.js';
import { print } from './ui/screen.js';

interface Options extends EngineOptions {
  readonly weights: string;
  readonly data?: string;
  readonly model?: ModelName;
  readonly limit?: number;
  readonly json?: boolean;
}

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
    .action(run);
  withExamples(command, [
    ['convoy eval --weights cnn.safetensors --data mnist', 'accuracy and confusion matrix on the 10,000 test images of MNIST'],
  ]);
}

async function run(options: Options): Promise<void> {
  const { test, title } = await loadImages(options.data ?? 'digits', 'test', options.limit);
  await withNN(options, 0, async (nn) => {
    const { name, model } = await modelWithWeights(nn, options.weights, options.model);
    const began = performance.now();
    const { accuracy, loss, confusion } = await evaluate(model, imageDataset(nn, test));
    const seconds = (performance.now() - began) / 1000;
    const images = test.labels.length;
    if (options.json) {
      print(JSON.stringify({ event: 'done', model: name, images, accuracy, loss, confusion, seconds, backend: nn.backend.name, threads: nn.backend.threads }));
      return;
    }
    print(`${confusionMatrix(confusion)}\n`);
    print(`${bold(`${percent(accuracy)} right`)} ${dim(`(${name}, ${whole(images)} test images of ${title}, loss ${decimal(loss)}, ${whole(images / seconds)} images/s, ${engineName(nn, options)})`)}`);
  });
}
