/**
 * What a training is determined by: settings from the command line, or those of a checkpoint that is resumed. What may differ between
 * runs of one training (threads, backend, files) is not among them.
 */
import { resolve } from 'node:path';
import { ArgumentError, DataError } from '../errors.js';
import type { Checkpoint } from '../io/checkpoint.js';
import { OPTIMIZERS } from './optimizers.js';
import type { ModelName, OptimizerName } from './options.js';

export interface Settings {
  readonly data: string;
  readonly model: ModelName;
  readonly epochs: number;
  readonly batch: number;
  readonly lr: number;
  readonly optimizer: OptimizerName;
  /** Null but for sgd. */
  readonly momentum: number | null;
  readonly seed: number;
  /** Null for all images. */
  readonly limit: number | null;
}

/** Those of the command line; what is absent was not typed. */
export type Typed = { readonly [K in keyof Settings]?: NonNullable<Settings[K]> };

/** Behind batch norm the gradients of the linear layer are larger: with 0.05 the loss of cnn2bn first rises to 10, in PyTorch as here. */
const rateOf = (optimizer: OptimizerName, model: ModelName): number => (optimizer === 'sgd' && model === 'cnn2bn' ? 0.005 : OPTIMIZERS[optimizer].lr);

/** Settings of a new training. @throws {ArgumentError} CVY_ARG_OPTION for a momentum that the optimizer does not have */
export function newSettings(typed: Typed): Settings {
  const { data = 'digits', model = 'cnn2', epochs = 2, batch = 64, optimizer = 'sgd', lr = rateOf(optimizer, model), momentum, seed = 0, limit = null } = typed;
  if (momentum !== undefined && optimizer !== 'sgd') {
    throw new ArgumentError('CVY_ARG_OPTION', `train: --momentum is ${momentum} but only --optimizer sgd takes it (--optimizer ${optimizer})`);
  }
  // Absolute, so that a training can be resumed from another folder.
  return { data: data === 'digits' ? data : resolve(data), model, epochs, batch, lr, optimizer, momentum: optimizer === 'sgd' ? momentum ?? 0.9 : null, seed, limit };
}

/**
 * Settings of the training in a checkpoint. More epochs may be asked for, and the same files in another place; anything else that is
 * typed must be what it was, or going on would not be going on.
 * @throws {DataError} CVY_DATA_FORMAT for a checkpoint of another program
 * @throws {ArgumentError} CVY_ARG_VALUE for a setting that differs, or when no epoch is left
 */
export function resumedSettings({ path, config, epoch }: Checkpoint, typed: Typed): Settings {
  const saved = config as Settings | null;
  if (saved === null || typeof saved !== 'object' || typeof saved.model !== 'string' || typeof saved.data !== 'string') {
    throw new DataError('CVY_DATA_FORMAT', `train: ${path} holds no settings of \`convoy train\` but they are required to go on; resume it in the program that wrote it`);
  }
  for (const [name, value] of Object.entries(typed)) {
    const was = saved[name as keyof Settings];
    const isMoved = name === 'data' && value !== 'digits' && was !== 'digits';
    if (name !== 'epochs' && !isMoved && value !== was) {
      throw new ArgumentError('CVY_ARG_VALUE', `train: --${name} is ${value} but ${path} was made with ${was ?? 'none'}; leave --${name} out to go on as before`);
    }
  }
  const epochs = typed.epochs ?? saved.epochs;
  if (epoch >= epochs) throw new ArgumentError('CVY_ARG_VALUE', `train: ${path} has ${epoch} epochs behind it but --epochs is ${epochs}; give --epochs ${epoch + 1} or more to go on`);
  return { ...saved, epochs, data: typed.data === undefined || typed.data === 'digits' ? saved.data : resolve(typed.data) };
}
