/**
 * The models of the tutorials, for images of 28×28 pixels in ten classes, with PyTorch's order of modules: state dicts travel.
 */
import { ArgumentError, didYouMean } from '../errors.js';
import type { Module } from '../nn/module.js';
import type { NN } from '../nn/nn.js';

interface TutorialModel {
  /** For tables. */
  readonly title: string;
  readonly build: (nn: NN) => Module;
}

/** Flatten, then linear layers of these widths with an activation between them. */
const mlp = (widths: readonly number[], activation: (nn: NN) => Module) => (nn: NN): Module => {
  const layers: Module[] = [nn.Flatten()];
  widths.slice(1).forEach((width, i) => {
    if (i > 0) layers.push(activation(nn));
    layers.push(nn.Linear(widths[i], width));
  });
  return nn.Sequential(...layers);
};

/** For each number of channels a 5×5 convolution that keeps the size, and pooling that halves it; then one linear layer. */
const cnn = (channels: readonly number[], normalised: boolean) => (nn: NN): Module => {
  const layers: Module[] = [];
  channels.forEach((outputs, i) => {
    layers.push(nn.Conv2d(i > 0 ? channels[i - 1] : 1, outputs, 5, { padding: 2 }));
    if (normalised) layers.push(nn.BatchNorm2d(outputs));
    layers.push(nn.ReLU(), nn.MaxPool2d(2));
  });
  const side = 28 / 2 ** channels.length;
  return nn.Sequential(...layers, nn.Flatten(), nn.Linear(channels[channels.length - 1] * side * side, 10));
};

const relu = (nn: NN): Module => nn.ReLU();

/** Name → model, in the order in which the tutorials compare them. */
export const TUTORIAL_MODELS = {
  'mlp': { title: 'MLP 784-100-10, ReLU', build: mlp([784, 100, 10], relu) },
  'mlp-tanh': { title: 'MLP 784-100-10, tanh', build: mlp([784, 100, 10], (nn) => nn.Tanh()) },
  'mlp-sigmoid': { title: 'MLP 784-100-10, sigmoid', build: mlp([784, 100, 10], (nn) => nn.Sigmoid()) },
  'mlp-deep': { title: 'MLP 784-100-100-100-10, ReLU', build: mlp([784, 100, 100, 100, 10], relu) },
  'mlp-narrow': { title: 'MLP 784-30-10, ReLU', build: mlp([784, 30, 10], relu) },
  'mlp-wide': { title: 'MLP 784-300-10, ReLU', build: mlp([784, 300, 10], relu) },
  'cnn1': { title: 'CNN, one layer', build: cnn([16], false) },
  'cnn2': { title: 'CNN, two layers', build: cnn([16, 32], false) },
  'cnn2bn': { title: 'CNN, two layers, batch norm', build: cnn([16, 32], true) },
} as const satisfies Record<string, TutorialModel>;

export type TutorialModelName = keyof typeof TUTORIAL_MODELS;

/**
 * A model of the tutorials with fresh weights. `TUTORIAL_MODELS` lists the names.
 *
 * @shape forward takes [n, 1, 28, 28], returns logits [n, 10]
 * @throws {ArgumentError} CVY_ARG_VALUE for another name
 */
export function tutorialModel(nn: NN, name: TutorialModelName): Module {
  if (!Object.hasOwn(TUTORIAL_MODELS, name)) {
    const names = Object.keys(TUTORIAL_MODELS);
    throw new ArgumentError('CVY_ARG_VALUE', `tutorialModel: name is '${String(name)}' but must be one of ${names.join(', ')}${didYouMean(String(name), names)}`);
  }
  return TUTORIAL_MODELS[name].build(nn);
}
