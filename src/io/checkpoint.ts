/**
 * A training in one file, so exact that going on from it gives the same bits as never having stopped: weights, optimizer, schedule,
 * place in the data and in the random numbers. A safetensors file; what is no tensor stands as JSON in its metadata.
 */
import type { Rng } from '../backend/index.js';
import type { DataLoader } from '../data/dataLoader.js';
import { ArgumentError, checkOptions, DataError } from '../errors.js';
import { scope } from '../memory/index.js';
import type { Module } from '../nn/module.js';
import type { LRScheduler, Optimizer, OptimizerState, ParamState, SchedulerState } from '../optim/index.js';
import { fromData, Tensor } from '../tensor/index.js';
import { readSafetensors, serializeSafetensors, type SafetensorsEntry } from './safetensors.js';
import { fromEntries, toEntries } from './stateEntries.js';
import { writeFileAtomic } from './writeFile.js';

/** What can be saved and loaded beside the model. */
export interface CheckpointParts {
  model: Module;
  optimizer?: Pick<Optimizer, 'stateDict' | 'loadStateDict'>;
  scheduler?: Pick<LRScheduler, 'stateDict' | 'loadStateDict'>;
  /** `nn.rng`, from which dropout draws. */
  rng?: Rng;
  /** The order of the examples: its seed, and its epoch as it stands now. */
  loader?: DataLoader;
}

/** Where the training stands, and anything else that is needed to build it again. */
export interface CheckpointPlace {
  /** Epochs that are complete; default 0. */
  epoch?: number;
  /** Steps that are complete in the epoch after those; default 0. */
  step?: number;
  /** Anything that JSON can hold, such as the options of a command. */
  config?: unknown;
}

/** A checkpoint that was read but not yet loaded into anything. */
export interface Checkpoint extends Required<CheckpointPlace> {
  readonly path: string;
  /** Seed and position of the model's random numbers, or null when none were saved. */
  readonly rng: { readonly seed: number; readonly position: number } | null;
  /** The loader's settings and epoch, or null. */
  readonly loader: LoaderState | null;
  readonly optimizer: SavedOptimizer | null;
  readonly scheduler: SchedulerState | null;
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
}

export interface LoaderState {
  readonly seed: number;
  readonly epoch: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  /** Length of the dataset. */
  readonly examples: number;
}

/** An optimizer's state without its tensors, which are in the file under `optimizer.<parameter>.<name>`. */
export interface SavedOptimizer {
  readonly type: string;
  readonly numbers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly groups: OptimizerState['groups'];
}

const KEY = 'convoy_checkpoint';
const VERSION = 1;
const MODEL = 'model.';
const OPTIMIZER = 'optimizer.';

/**
 * Writes a checkpoint as it stands when the function is called. The file appears whole or not at all.
 * @throws {DataError} CVY_DATA_WRITE; an older file is then intact
 */
export async function saveCheckpoint(path: string, parts: CheckpointParts & CheckpointPlace): Promise<void> {
  checkOptions('saveCheckpoint', parts, ['model', 'optimizer', 'scheduler', 'rng', 'loader', 'epoch', 'step', 'config']);
  const { model, optimizer, scheduler, rng, loader, epoch = 0, step = 0, config = null } = parts;
  for (const [name, value] of Object.entries({ epoch, step })) {
    if (!Number.isSafeInteger(value) || value < 0) throw new ArgumentError('CVY_ARG_VALUE', `saveCheckpoint: ${name} is ${String(value)} but a whole number from 0 is required`);
  }
  const state = optimizer?.stateDict();
  const entries = [
    ...toEntries(prefixed(MODEL, model.stateDict())),
    ...Object.entries(state?.state ?? {}).flatMap(([i, values]) => toEntries(prefixed(`${OPTIMIZER}${i}.`, pick(values, (value) => value instanceof Tensor)))),
  ];
  const rest = {
    version: VERSION, epoch, step, config,
    rng: rng ? { seed: rng.seed, position: rng.position } : null,
    loader: loader ? loaderState(loader) : null,
    optimizer: state ? {
      type: optimizer!.constructor.name, groups: state.groups,
      numbers: Object.fromEntries(Object.entries(state.state).map(([i, values]) => [i, pick(values, (value) => typeof value === 'number')])),
    } : null,
    scheduler: scheduler?.stateDict() ?? null,
  };
  await writeFileAtomic(path, serializeSafetensors(entries, { [KEY]: JSON.stringify(rest) }));
}

/**
 * Reads a checkpoint without a model: its `config` tells what to build before `loadCheckpoint` fills it.
 * @throws {DataError} CVY_DATA_MISSING; CVY_DATA_FORMAT for a damaged file, for one without a training (weights alone), or of another version
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { tensors, metadata } = await readSafetensors(path);
  if (!Object.hasOwn(metadata, KEY)) {
    throw new DataError('CVY_DATA_FORMAT', `readCheckpoint: ${path} holds ${tensors.size} tensors without a training's state but a file of saveCheckpoint is required; load weights alone with loadWeights`);
  }
  let rest: Omit<Checkpoint, 'path' | 'tensors'> & { version: number };
  try {
    rest = JSON.parse(metadata[KEY]) as typeof rest;
  } catch (error) {
    throw new DataError('CVY_DATA_FORMAT', `readCheckpoint: the state in ${path} is no JSON (${(error as Error).message}) but must be; the file is damaged`, { cause: error });
  }
  if (rest?.version !== VERSION) throw new DataError('CVY_DATA_FORMAT', `readCheckpoint: ${path} is a checkpoint of version ${String(rest?.version)} but ${VERSION} is required`);
  const { epoch, step, config, rng, loader, optimizer, scheduler } = rest;
  return { path, epoch, step, config, rng, loader, optimizer, scheduler, tensors };
}

/**
 * Puts a checkpoint back into parts built as they were when it was saved. Parts that are not given are left out. Pass the returned
 * `epoch` and `step` to `train` as `startEpoch` and `startStep`. Nothing changes unless everything fits.
 *
 * @param from a path, or what readCheckpoint returned
 * @throws {DataError} as readCheckpoint; CVY_DATA_MISMATCH for a part that was not saved, tensors or groups that do not fit, another
 * kind of optimizer, another seed of the random numbers, or a loader that would take the examples in another order
 */
export async function loadCheckpoint(from: string | Checkpoint, parts: CheckpointParts): Promise<Required<CheckpointPlace>> {
  checkOptions('loadCheckpoint', parts, ['model', 'optimizer', 'scheduler', 'rng', 'loader']);
  const saved = typeof from === 'string' ? await readCheckpoint(from) : from;
  const { model, optimizer, scheduler, rng, loader } = parts;
  for (const part of ['optimizer', 'scheduler', 'rng', 'loader'] as const) {
    if (parts[part] && !saved[part]) throw mismatch(`${saved.path} holds no ${part} but one was passed; leave it out, or save it too`);
  }
  if (rng && saved.rng!.seed !== rng.seed) throw mismatch(`${saved.path} was made with seed ${saved.rng!.seed} but this nn has ${rng.seed}; pass { seed: ${saved.rng!.seed} } to convoy.nn()`);
  if (loader) checkLoader(saved.path, loader, saved.loader!);
  if (optimizer && saved.optimizer!.type !== optimizer.constructor.name) {
    throw mismatch(`${saved.path} holds the state of ${saved.optimizer!.type} but ${optimizer.constructor.name} was passed`);
  }
  scope(() => {
    const own = model.stateDict();
    const state = fromEntries('loadCheckpoint', saved.path, own, withPrefix(saved.tensors, MODEL));
    // The optimizer goes first because it may still refuse; what follows cannot.
    if (optimizer) optimizer.loadStateDict(optimizerState(saved, model));
    scheduler?.loadStateDict(saved.scheduler!);
    model.loadStateDict(state);
  });
  if (rng) rng.position = saved.rng!.position;
  if (loader) loader.epoch = saved.loader!.epoch;
  return { epoch: saved.epoch, step: saved.step, config: saved.config };
}

const mismatch = (what: string): DataError => new DataError('CVY_DATA_MISMATCH', `loadCheckpoint: ${what}`);

const prefixed = <T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

const withPrefix = (tensors: Checkpoint['tensors'], prefix: string): Map<string, SafetensorsEntry> =>
  new Map([...tensors].filter(([name]) => name.startsWith(prefix)).map(([name, entry]) => [name.slice(prefix.length), entry]));

const pick = <T extends Tensor | number>(values: ParamState, is: (value: Tensor | number) => value is T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, T] => is(entry[1])));

const loaderState = ({ seed, epoch, batchSize, shuffle, dropLast, dataset }: DataLoader): LoaderState => ({ seed, epoch, batchSize, shuffle, dropLast, examples: dataset.length });

function checkLoader(path: string, loader: DataLoader, saved: LoaderState): void {
  const now = loaderState(loader);
  const different = (['examples', 'batchSize', 'shuffle', 'dropLast', ...(saved.shuffle ? ['seed' as const] : [])] as const)
    .filter((name) => now[name] !== saved[name])
    .map((name) => `${name} ${saved[name]}, now ${now[name]}`);
  if (different.length > 0) throw mismatch(`${path} was saved with a loader of ${different.join('; ')} but the examples must come in the same batches; build the loader alike, or leave it out`);
}

/** The optimizer's state with its tensors, in the memory of the model. */
function optimizerState({ optimizer, tensors }: Checkpoint, model: Module): OptimizerState {
  const { numbers, groups } = optimizer!;
  const state: OptimizerState['state'] = Object.fromEntries(Object.entries(numbers).map(([i, values]) => [i, { ...values }]));
  const [{ backend }] = model.parameters();
  for (const [name, { shape, data }] of withPrefix(tensors, OPTIMIZER)) {
    const dot = name.indexOf('.');
    (state[name.slice(0, dot)] ??= {})[name.slice(dot + 1)] = fromData(backend, data, shape);
  }
  return { state, groups };
}
