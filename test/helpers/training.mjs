/**
 * PyTorch's trainings of the reference folder, followed: shared by `npm run test:training` and the fast tier's first steps.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  accuracy, Adadelta, Adagrad, Adam, Adamax, AdamW, crossEntropy, DataLoader, imageDataset, loadMnist, loadWeights, mseLoss, NAdam, noGrad, readSafetensors, RMSprop,
  scope, SGD, train, TUTORIAL_MODELS, tutorialModel, zerosLike,
} from '../../dist/src/index.js';

const OPTIMIZERS = { Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RMSprop, SGD };

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(process.env.CONVOY_REFERENCE || join(root, '../shared/reference'), 'models');
const mnist = process.env.CONVOY_MNIST || join(root, '../shared/data/mnist');

/** Whether there is anything to follow: users' clones have no reference folder. */
export const hasTrainings = existsSync(join(folder, 'training.json')) && existsSync(mnist);
export const whyNot = `there is no ${join(folder, 'training.json')} or no ${mnist}`;

export const trainingCases = () => (hasTrainings ? JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8')).cases : []);

/** The first images of both halves of MNIST as datasets; all of them without counts. */
export async function mnistDatasets(nn, { trainCount, testCount } = {}) {
  const halves = await loadMnist(mnist);
  const first = ({ images, labels, shape: [n, h, w] }, count = n) => ({ images: images.subarray(0, count * h * w), labels: labels.subarray(0, count), shape: [count, h, w] });
  return { train: imageDataset(nn, first(halves.train, trainCount)), test: imageDataset(nn, first(halves.test, testCount)) };
}

/** The model whose layers print as the case's architecture does: of the tutorials, or any other Sequential. */
export function modelOf(nn, { name, architecture }) {
  // Python tells 2.0 from 2, JavaScript does not.
  const plain = (lines) => lines.map(String).join('\n').replace(/\.0(?!\d)/g, '');
  const fits = (model) => plain(model.children()) === plain(architecture);
  for (const candidate of Object.keys(TUTORIAL_MODELS)) {
    const model = tutorialModel(nn, candidate);
    if (fits(model)) return model;
  }
  const model = nn.Sequential(...architecture.map((line) => layerOf(nn, line)));
  if (!fits(model)) throw new Error(`${name}: ${architecture.join(', ')} became ${model.children().join(', ')}`);
  return model;
}

const camel = (text) => text.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
/** Arguments that PyTorch prints by name where ours have a place. */
const PLACED = ['in_features', 'out_features', 'kernel_size', 'output_size'];
const JSONS = { True: 'true', False: 'false', None: 'null', '(': '[', ')': ']', ',)': ']' };
/** A printed value; strings are printed with or without their quotes. */
const python = (text) => (/^'?[a-z]+'?$/.test(text) ? text.replaceAll("'", '') : JSON.parse(text.replace(/True|False|None|\(|,?\)/g, (found) => JSONS[found])));

/** A layer from what PyTorch prints of it, as `Conv2d(1, 16, kernel_size=(5, 5), stride=(1, 1))`. */
function layerOf(nn, line) {
  const [, kind, inside] = /^(\w+)\((.*)\)$/.exec(line);
  const placed = [];
  const options = {};
  for (const [, key, value] of inside.matchAll(/(?:(\w+)=)?(\([^)]*\)|[^,\s]+)/g)) {
    if (key === undefined || PLACED.includes(key)) placed.push(python(value));
    else if (key !== 'inplace' || value !== 'False') options[camel(key)] = python(value);
  }
  return nn[kind](...placed, ...(Object.keys(options).length > 0 ? [options] : []));
}

const course = async (testCase) => (await readSafetensors(join(folder, testCase.course))).tensors;

/** Largest distance of two rows of numbers; NaN counts as infinite. */
function distance(actual, expected, count = expected.length) {
  let most = 0;
  for (let i = 0; i < count; i++) {
    const d = Math.abs(actual[i] - expected[i]);
    if (!(d <= most)) most = Number.isNaN(d) ? Infinity : d;
  }
  return most;
}

function logits(model, test) {
  model.eval();
  return noGrad(() => scope(() => model.forward(test.tensors[0].slice([0, 64])).dataSync()));
}

/** How far the logits of PyTorch's final weights are from PyTorch's: [what, distance, tolerance]. */
export async function forwardChecks(nn, testCase, test) {
  const model = modelOf(nn, testCase);
  await loadWeights(join(folder, testCase.final), model);
  return [['logits of the final weights', distance(logits(model, test), (await course(testCase)).get('test_logits').data), testCase.forward_atol]];
}

const oneHot = (scores, labels) => zerosLike(scores).scatter(1, labels.reshape(-1, 1), 1);

const LOSSES = { cross_entropy: crossEntropy, mse: (scores, labels) => mseLoss(scores, oneHot(scores, labels)) };

/**
 * Trains from PyTorch's initial weights and compares: [what, distance, tolerance] for every count of steps that has a tolerance
 * and was reached; for fewer steps the tolerance of the next count. Accuracy and logits only when all steps were run.
 */
export async function courseChecks(nn, testCase, data, steps = testCase.steps, onStep = () => {}) {
  const model = modelOf(nn, testCase);
  await loadWeights(join(folder, testCase.initial), model);
  const { op, ...options } = testCase.optimizer;
  const optimizer = new OPTIMIZERS[op](model.parameters(), Object.fromEntries(Object.entries(options).map(([name, value]) => [camel(name), value])));
  const loader = new DataLoader(data.train, { batchSize: testCase.batch_size, dropLast: true });
  const losses = [];
  const enough = new AbortController();
  await train(model, loader, {
    optimizer, loss: LOSSES[testCase.loss], epochs: 1, signal: enough.signal,
    onStep: (info) => {
      losses.push(info.loss);
      if (losses.length === steps) enough.abort();
      onStep(info);
    },
  });
  const expected = await course(testCase);
  const counts = Object.keys(testCase.loss_atol).map(Number).sort((a, b) => a - b);
  const reached = counts.filter((count) => count <= losses.length);
  if (!reached.includes(losses.length)) reached.push(losses.length);
  const checks = reached.map((count) => [
    `losses of the first ${count} steps`, distance(losses, expected.get('losses').data, count), testCase.loss_atol[counts.find((n) => n >= count) ?? counts.at(-1)],
  ]);
  if (losses.length < testCase.steps) return checks;
  checks.push(['test accuracy', Math.abs(await accuracy(model, data.test) - testCase.test_accuracy), testCase.test_accuracy_atol]);
  checks.push(['test logits', distance(logits(model, data.test), expected.get('test_logits').data), testCase.test_logits_atol]);
  return checks;
}
