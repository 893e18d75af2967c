/** A look at what a trained model does: images that it takes for another digit, and the kernels of its first layer. */
import { noGrad } from '../autograd/index.js';
import { DataLoader } from '../data/dataLoader.js';
import type { Dataset } from '../data/dataset.js';
import type { LabelledImages } from '../data/labelledImages.js';
import { imageGrid, toTerminal } from '../inspect/index.js';
import { scope } from '../memory/index.js';
import type { Module } from '../nn/module.js';
import { dim, hasColour } from './ui/colour.js';
import { beside, braille } from './ui/pictures.js';

/** Pictures of 14 columns that fit beside each other into 80. */
const SHOWN = 5;

/** The first mistakes of the model as pictures with captions, or a sentence when there are none. */
export function showMistakes(model: Module, examples: Dataset, { images, labels, shape: [, height, width] }: LabelledImages): string {
  const found: { index: number; answer: number }[] = [];
  let begin = 0;
  model.eval();
  for (const [x] of new DataLoader(examples, { batchSize: 250 })) {
    const answers = noGrad(() => scope(() => model.forward(x).argmax(1).dataSync()));
    for (let i = 0; i < answers.length && found.length < SHOWN; i++) {
      if (answers[i] !== labels[begin + i]) found.push({ index: begin + i, answer: Number(answers[i]) });
    }
    begin += answers.length;
    if (found.length === SHOWN) break;
  }
  if (found.length === 0) return dim('It made no mistake on these images.');
  const size = height * width;
  const pictures = found.map(({ index, answer }) => {
    const lines = braille(images.subarray(index * size, (index + 1) * size), height, width);
    return [...lines, dim(`${labels[index]}, taken for ${answer}`.slice(0, lines[0].length).padEnd(lines[0].length))];
  });
  return [dim(found.length < SHOWN ? 'Its mistakes:' : 'Some of its mistakes:'), ...beside(pictures)].join('\n');
}

/** The kernels over the grey image that the first layer has learned, or nothing where there are none or no colour to show them in. */
export function showKernels(model: Module): string | null {
  const weight = model.parameters()[0];
  if (!hasColour || weight?.ndim !== 4 || weight.shape[1] !== 1) return null;
  const [count, , height, width] = weight.shape;
  const perRow = Math.ceil(count / Math.ceil((count * (width + 2)) / 76));
  // Two pixels between kernels, as a line of the terminal is two pixels high.
  const grid = imageGrid(weight, { columns: perRow, padding: 2, palette: 'diverging' });
  return [dim(`What the first layer looks for, ${height}×${width} pixels each (orange: ink, blue: none):`), toTerminal(grid)].join('\n');
}
