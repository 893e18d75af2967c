/**
 * Parts of datasets: chosen examples, and a random division into training and validation. They hold no data of their own.
 */
import { permutation } from '../backend/rng.js';
import { ArgumentError, checkOptions } from '../errors.js';
import type { Tensor } from '../tensor/index.js';
import { batchOf, checkDataset, type Dataset } from './dataset.js';

/** Of the division: neither a model's random numbers nor a loader's order shall repeat it under the same seed. */
const STREAM = 0x5b117 * 2 ** 32;

/**
 * The examples of `dataset` at `indices`, in that order.
 * @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_VALUE for an index outside the dataset
 * @source torch.utils.data.Subset
 */
export class Subset implements Dataset {
  readonly indices: Int32Array;

  constructor(readonly dataset: Dataset, indices: ArrayLike<number>) {
    checkDataset('Subset', dataset);
    const outside = Array.from(indices).find((i) => !Number.isInteger(i) || i < 0 || i >= dataset.length);
    if (outside !== undefined) throw new ArgumentError('CVY_ARG_VALUE', `Subset: index ${outside} is given but integers from 0 to ${dataset.length - 1} are required`);
    this.indices = Int32Array.from(indices);
  }

  get length(): number {
    return this.indices.length;
  }

  batch(indices: Int32Array): Tensor[] {
    return batchOf(this.dataset, indices.map((i) => this.indices[i]));
  }
}

/**
 * Divides a dataset at random into parts that share no example: as many as `lengths` says, which are counts, or fractions with the sum 1, as in
 * `randomSplit(dataset, [0.8, 0.2])`. What fractions leave over goes to the parts in turn, from the first. The seed (default 0) repeats the division.
 * @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_OPTION, CVY_ARG_VALUE when the lengths are not the dataset's
 * @source torch.utils.data.random_split
 */
export function randomSplit(dataset: Dataset, lengths: readonly number[], options: { seed?: number } = {}): Subset[] {
  checkDataset('randomSplit', dataset);
  checkOptions('randomSplit', options, ['seed']);
  const { seed = 0 } = options;
  if (!Number.isSafeInteger(seed)) throw new ArgumentError('CVY_ARG_VALUE', `randomSplit: seed is ${seed} but must be an integer`);
  if (!Array.isArray(lengths)) throw new ArgumentError('CVY_ARG_TYPE', `randomSplit: the lengths are ${typeof lengths} but must be an array of counts or fractions`);
  const n = dataset.length;
  const counts = wholeCounts(lengths as readonly number[], n);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.some((count) => !Number.isInteger(count) || count < 0) || total !== n) {
    throw new ArgumentError('CVY_ARG_VALUE', `randomSplit: the lengths are ${counts.join(', ')} but counts with the sum ${n}, or fractions with the sum 1, are required`);
  }
  const order = permutation(n, seed, STREAM);
  let end = 0;
  return counts.map((count) => new Subset(dataset, order.subarray(end, (end += count))));
}

/** Counts as they are; of fractions, what PyTorch makes of them. */
function wholeCounts(lengths: readonly number[], n: number): number[] {
  const sum = lengths.reduce((all, part) => all + part, 0);
  if (Math.abs(sum - 1) > 1e-9 || lengths.some((part) => !(part >= 0 && part <= 1))) return [...lengths];
  const counts = lengths.map((part) => Math.floor(part * n));
  const left = n - counts.reduce((all, count) => all + count, 0);
  for (let i = 0; i < left; i++) counts[i % counts.length]++;
  return counts;
}
