/**
 * A model's weights in a file: safetensors under PyTorch's names, so that PyTorch reads what is written here and the other way
 * round. What a training needs beside the weights is in checkpoint.ts.
 */
import { scope } from '../memory/index.js';
import type { Module } from '../nn/module.js';
import { readSafetensors, serializeSafetensors } from './safetensors.js';
import { fromEntries, toEntries } from './stateEntries.js';
import { writeFileAtomic } from './writeFile.js';

/**
 * Writes parameters and buffers. The file appears whole or not at all; int32 (`num_batches_tracked`) is written as I64.
 * @throws {DataError} CVY_DATA_WRITE; an older file is then intact
 */
export async function saveWeights(path: string, model: Module): Promise<void> {
  // 'pt' is what libraries of the Python world look for before they take the tensors for PyTorch's.
  await writeFileAtomic(path, serializeSafetensors(toEntries(model.stateDict()), { format: 'pt' }));
}

/**
 * Reads parameters and buffers into a model, which keeps its backend. Nothing changes unless everything fits.
 * @throws {DataError} CVY_DATA_MISSING, CVY_DATA_FORMAT; CVY_DATA_MISMATCH that names every missing, unexpected and misshapen tensor
 */
export async function loadWeights(path: string, model: Module): Promise<void> {
  const { tensors } = await readSafetensors(path);
  scope(() => {
    model.loadStateDict(fromEntries('loadWeights', path, model.stateDict(), tensors));
  });
}
