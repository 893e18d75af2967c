/** Which of the command's models a file of weights belongs to. */
import { DataError, fmt } from '../errors.js';
import { readSafetensors } from '../io/safetensors.js';
import { loadWeights } from '../io/weights.js';
import type { Module } from '../nn/module.js';
import type { NN } from '../nn/nn.js';
import { tutorialModel } from '../train/models.js';
import { MODELS, type ModelName } from './options.js';

/** The shapes that tell models apart, as `0.weight [16, 1, 5, 5], …`. */
const signature = (entries: Iterable<readonly [string, { readonly shape: readonly number[] }]>): string =>
  [...entries].map(([name, { shape }]) => `${name} ${fmt(shape)}`).sort().join(', ');

/**
 * A model with the weights of a file. Without a name it is told by the names and shapes of the tensors, so that weights that
 * PyTorch saved work too.
 * @throws {DataError} CVY_DATA_MISSING, CVY_DATA_FORMAT, CVY_DATA_MISMATCH
 */
export async function modelWithWeights(nn: NN, file: string, name?: ModelName): Promise<{ name: ModelName; model: Module }> {
  const found = name ?? await tellModel(nn, file);
  const model = tutorialModel(nn, found);
  await loadWeights(file, model);
  return { name: found, model };
}

async function tellModel(nn: NN, file: string): Promise<ModelName> {
  const held = signature((await readSafetensors(file)).tensors);
  for (const name of MODELS) if (signature(Object.entries(tutorialModel(nn, name).stateDict())) === held) return name;
  throw new DataError('CVY_DATA_MISMATCH', `weights: ${file} holds ${held || 'no tensors'} but the tensors of ${MODELS.join(', ')} are required; --model NAME says what is missing`);
}
