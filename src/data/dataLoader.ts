/**
 * DataLoader: walks a dataset in batches, once an iteration. Which examples stand in which batch is batches.ts.
 */
import { setImmediate } from 'node:timers/promises';
import { checkFlag, checkOptions } from '../errors.js';
import type { Tensor } from '../tensor/index.js';
import { batchCount, batchIndices } from './batches.js';
import { batchOf, checkDataset, type Dataset } from './dataset.js';

export interface DataLoaderOptions {
  /** Default 1. */
  batchSize?: number;
  /** Another order each epoch; default false, which is 0 … n − 1. */
  shuffle?: boolean;
  /** Of the shuffling; default 0. */
  seed?: number;
  /** Leave out a last batch that is not full; default false. */
  dropLast?: boolean;
}

/**
 * `for (const [x, y] of loader)`, or `for await` to let the event loop run between batches. The tensors of a batch are disposed when
 * the loop moves on or ends, unless they were passed to `keep`. The order depends on seed and epoch alone.
 *
 * @throws {ArgumentError} CVY_ARG_OPTION, CVY_ARG_VALUE, CVY_ARG_TYPE
 * @source torch.utils.data.DataLoader
 */
export class DataLoader implements Iterable<Tensor[]>, AsyncIterable<Tensor[]> {
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly dropLast: boolean;
  /** The epoch under way, or the next one between iterations: every iteration adds 1 when it ends, also by `break`. Set it to repeat or resume. */
  epoch = 0;

  constructor(readonly dataset: Dataset, options: DataLoaderOptions = {}) {
    checkDataset('DataLoader', dataset);
    checkOptions('DataLoader', options, ['batchSize', 'shuffle', 'seed', 'dropLast']);
    const { batchSize = 1, shuffle = false, seed = 0, dropLast = false } = options;
    // For its checks: wrong values shall fail here, not in the loop.
    batchIndices(0, { batchSize, seed });
    this.batchSize = batchSize;
    this.shuffle = checkFlag('DataLoader', 'shuffle', shuffle);
    this.seed = seed;
    this.dropLast = checkFlag('DataLoader', 'dropLast', dropLast);
  }

  /** Batches of one iteration. */
  get length(): number {
    return batchCount(this.dataset.length, this.batchSize, this.dropLast);
  }

  /** One iteration that leaves out the first `skip` batches, as a resumed training does. */
  *batches(skip = 0): Generator<Tensor[], void, undefined> {
    const { batchSize, shuffle, seed, epoch, dropLast } = this;
    try {
      for (const indices of batchIndices(this.dataset.length, { batchSize, shuffle, seed, epoch, dropLast }).slice(skip)) {
        const batch = batchOf(this.dataset, indices);
        try {
          yield batch;
        } finally {
          for (const tensor of batch) if (!tensor.kept) tensor.dispose();
        }
      }
    } finally {
      this.epoch = epoch + 1;
    }
  }

  [Symbol.iterator](): Generator<Tensor[], void, undefined> {
    return this.batches();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Tensor[], void, undefined> {
    for (const batch of this.batches()) {
      await setImmediate();
      yield batch;
    }
  }
}
