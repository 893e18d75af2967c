/**
 * Which examples stand in which batch. Index arithmetic only: no tensors, no files; the DataLoader gathers by these.
 */
import { permutation } from '../backend/rng.js';
import { ArgumentError, checkOptions } from '../errors.js';

export interface BatchOptions {
  batchSize?: number;
  /** Another order each epoch; off, the order is 0 … n − 1. */
  shuffle?: boolean;
  seed?: number;
  epoch?: number;
  /** Leave out a last batch that is not full. */
  dropLast?: boolean;
}

/** Streams that no model's Rng opens: those count from 0 and would otherwise draw the same numbers under the same seed. */
const STREAMS = 0xba7c4 * 2 ** 32;

/** How many batches `n` examples make. */
export const batchCount = (n: number, batchSize: number, dropLast: boolean): number => (dropLast ? Math.floor(n / batchSize) : Math.ceil(n / batchSize));

/**
 * The examples of each batch of one epoch, in order. With `shuffle` the order depends on (n, seed, epoch) alone, not on batchSize:
 * a run resumed at an epoch sees what an uninterrupted one would have seen.
 *
 * @shape returns batchCount(n, batchSize, dropLast) arrays, each [batchSize] but perhaps the last
 * @throws {ArgumentError} CVY_ARG_VALUE for a count, batchSize, seed or epoch outside its range; CVY_ARG_OPTION for an unknown option
 */
export function batchIndices(n: number, options: BatchOptions = {}): Int32Array[] {
  checkOptions('batchIndices', options, ['batchSize', 'shuffle', 'seed', 'epoch', 'dropLast']);
  const { batchSize = 1, shuffle = false, seed = 0, epoch = 0, dropLast = false } = options;
  checkWhole('n', n, 0, 2 ** 31 - 1);
  checkWhole('batchSize', batchSize, 1, Number.MAX_SAFE_INTEGER);
  checkWhole('seed', seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  checkWhole('epoch', epoch, 0, 2 ** 32 - 1);
  const order = shuffle ? permutation(n, seed, STREAMS + epoch) : Int32Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: batchCount(n, batchSize, dropLast) }, (_, batch) => order.subarray(batch * batchSize, (batch + 1) * batchSize));
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new ArgumentError('CVY_ARG_VALUE', `DataLoader: ${name} is ${value} but a whole number from ${least} to ${most} is required`);
  }
}
