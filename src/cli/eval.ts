/** What `convoy eval` does: measures saved weights on test images. */
import { imageDataset } from '../data/dataset.js';
import { evaluate } from '../train/metrics.js';
import { engineName, withNN } from './engine.js';
import { loadImages } from './images.js';
import { modelWithWeights } from './models.js';
import type { EngineOptions, ModelName } from './options.js';
import { bold, dim } from './ui/colour.js';
import { confusionMatrix } from './ui/confusion.js';
import { decimal, percent, whole } from './ui/format.js';
import { print } from './ui/screen.js';

export interface EvalOptions extends EngineOptions {
  readonly weights: string;
  readonly data?: string;
  readonly model?: ModelName;
  readonly limit?: number;
  readonly json?: boolean;
}

export async function evalWeights(options: EvalOptions): Promise<void> {
  await withNN(options, 0, async (nn) => {
    const { test, title } = await loadImages(options.data ?? 'digits', 'test', options.limit);
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
    print(`${bold(`${percent(accuracy)} right`)} ${dim(`(${name}, ${whole(images)} unseen ${title}, loss ${decimal(loss)}, ${whole(images / seconds)} images/s, ${engineName(nn, options)})`)}`);
  });
}
