/**
 * A model's weights in a file: safetensors under PyTorch's names, so that PyTorch reads what is written here and the other way
 * round. What a training needs beside the weights is in checkpoint.ts.
 */
import { ArgumentError, checkFlag, checkOptions } from '../errors.js';
import { scope } from '../memory/index.js';
import { Module } from '../nn/module.js';
import type { LoadResult } from '../nn/stateDict.js';
import { readSafetensors, serializeSafetensors } from './safetensors.js';
import { fromEntries, toEntries } from './stateEntries.js';
import { writeFileAtomic } from './writeFile.js';

/**
 * Writes parameters and buffers. The file appears whole or not at all; int32 (`num_batches_tracked`) is written as I64.
 * @throws {DataError} CVY_DATA_WRITE; an older file is then intact
 */
export async function saveWeights(path: string, model: Module): Promise<void> {
  checkPlace('saveWeights', path, model);
  // 'pt' is what libraries of the Python world look for before they take the tensors for PyTorch's.
  await writeFileAtomic(path, serializeSafetensors(toEntries(model.stateDict()), { format: 'pt' }));
}

/**
 * Reads parameters and buffers into a model, which keeps its backend. Nothing changes unless everything fits. With `strict: false`, names that
 * are only in the file or only in the model are left out and told; shapes must fit even then.
 * @throws {DataError} CVY_DATA_MISSING, CVY_DATA_FORMAT; CVY_DATA_MISMATCH that names every missing, unexpected and misshapen tensor
 */
export async function loadWeights(path: string, model: Module, options: { strict?: boolean } = {}): Promise<LoadResult> {
  checkPlace('loadWeights', path, model);
  checkOptions('loadWeights', options, ['strict']);
  const strict = checkFlag('loadWeights', 'strict', options.strict ?? true);
  const { tensors } = await readSafetensors(path);
  // Lazy layers have no tensors to compare with before they know their size.
  const shapes = Object.fromEntries(tensors);
  for (const [name, module] of model.namedModules()) module.beforeLoad(shapes, name ? `${name}.` : '');
  return scope(() => {
    const own = model.stateDict();
    if (strict) return model.loadStateDict(fromEntries('loadWeights', path, own, tensors));
    const both = Object.entries(own).filter(([name]) => tensors.has(name));
    const common = new Map(both.map(([name]) => [name, tensors.get(name)!]));
    const { missingKeys } = model.loadStateDict(fromEntries('loadWeights', path, Object.fromEntries(both), common), { strict });
    return { missingKeys, unexpectedKeys: [...tensors.keys()].filter((name) => !common.has(name)) };
  });
}

/** The path goes first here, unlike torch.save's. */
function checkPlace(op: string, path: unknown, model: unknown): void {
  if (typeof path === 'string' && model instanceof Module) return;
  const found = [path, model].map((value) => (value instanceof Module ? 'a module' : value === null ? 'null' : typeof value)).join(' and ');
  throw new ArgumentError('CVY_ARG_TYPE', `${op}: the arguments are ${found} but must be a path and a module, in this order`);
}
