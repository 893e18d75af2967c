/**
 * Datasets: examples that can be fetched by number. Tensors in memory only; which examples make a batch is batches.ts.
 */
import { noGrad, stack } from '../autograd/index.js';
import { ArgumentError, DataError, fmt, ShapeError } from '../errors.js';
import { keep, scope } from '../memory/index.js';
import type { NN } from '../nn/nn.js';
import { empty, fromData, Tensor } from '../tensor/index.js';
import type { LabelledImages } from './labelledImages.js';

/** What a DataLoader takes: implement `get` or `batch` for data that is read or made when it is needed; `batch` goes first where both are there. */
export interface Dataset {
  /** Number of examples. */
  readonly length: number;
  /** The parts of example `i`, such as an image and a label of shape []. The loader stacks and disposes what is not kept. */
  get?(i: number): readonly Tensor[];
  /** The examples at `indices`, stacked along a first axis: one tensor for each part of an example. */
  batch?(indices: Int32Array): Tensor[];
}

/**
 * The examples at `indices` of any dataset, stacked. Unrecorded.
 * @throws {DataError} CVY_DATA_MISMATCH when examples have different numbers of parts; {ShapeError} when their shapes differ
 */
export function batchOf(dataset: Dataset, indices: Int32Array): Tensor[] {
  if (dataset.batch) return dataset.batch(indices);
  return noGrad(() => scope(() => {
    const examples = Array.from(indices, (i) => dataset.get!(i));
    const parts = examples[0].length;
    const other = examples.findIndex((example) => example.length !== parts);
    if (other > 0) throw new DataError('CVY_DATA_MISMATCH', `DataLoader: example ${indices[other]} has ${examples[other].length} parts but example ${indices[0]} has ${parts}`);
    return examples[0].map((_, part) => stack(examples.map((example) => example[part])));
  }));
}

/** Tensors whose first axis counts the examples, such as images and labels. */
export class TensorDataset implements Dataset {
  readonly tensors: readonly Tensor[];
  readonly length: number;

  /**
   * @shape tensors [n, …] each, one n for all
   * @throws {ShapeError} CVY_SHAPE_RANK for a scalar, CVY_SHAPE_MISMATCH when the first axes differ
   */
  constructor(...tensors: Tensor[]) {
    const shapes = (): string => tensors.map((tensor) => fmt(tensor.shape)).join(', ');
    if (tensors.length === 0) throw new ArgumentError('CVY_ARG_VALUE', 'TensorDataset: no tensors are given but at least one is required');
    tensors.forEach((tensor, i) => {
      if (!(tensor instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `TensorDataset: argument ${i} is ${tensor === null ? 'null' : typeof tensor} but must be a tensor`);
      if (tensor.ndim === 0) throw new ShapeError('CVY_SHAPE_RANK', `TensorDataset: tensor ${i} is a scalar but a first axis that counts examples is required (${shapes()})`);
    });
    const other = tensors.findIndex((tensor) => tensor.shape[0] !== tensors[0].shape[0]);
    if (other > 0) {
      throw new ShapeError('CVY_SHAPE_MISMATCH', `TensorDataset: tensor ${other} has ${tensors[other].shape[0]} examples but tensor 0 has ${tensors[0].shape[0]} (${shapes()})`);
    }
    this.tensors = tensors.map(keep);
    this.length = tensors[0].shape[0];
  }

  /**
   * One example: a copy of entry `i` of each tensor, without the first axis.
   * @throws {ArgumentError} CVY_ARG_VALUE outside 0 … length − 1
   */
  get(i: number): Tensor[] {
    if (!Number.isInteger(i) || i < 0 || i >= this.length) throw new ArgumentError('CVY_ARG_VALUE', `TensorDataset: example ${i} is asked but there are ${this.length}, from 0 to ${this.length - 1}`);
    return noGrad(() => this.tensors.map((tensor) => tensor.select(0, i)));
  }

  /**
   * @shape returns [indices.length, …] each
   * @throws {ShapeError} CVY_SHAPE_AXIS for an index outside the set
   */
  batch(indices: Int32Array): Tensor[] {
    // The index tensors go with the scope; the batch itself leaves it.
    return noGrad(() => scope(() => this.tensors.map((tensor) => tensor.indexSelect(0, fromData(tensor.backend, indices)))));
  }

  /** Lets go of the tensors. Batches that were taken live on. */
  dispose(): void {
    for (const tensor of this.tensors) tensor.dispose();
  }
}

/** Byte → float32 quotient. The double quotient rounded once more is the float32 quotient, since 53 ≥ 2·24 + 2 bits. */
const SCALED = Float32Array.from({ length: 256 }, (_, pixel) => pixel / 255);
/** Pixels that are converted at a time: a whole MNIST would take 188 MB of JavaScript memory besides the heap's. */
const CHUNK = 2 ** 20;

/**
 * Images as networks take them, with their labels.
 *
 * @shape returns images [n, 1, h, w] float32, labels [n] int32
 * @units pixels from 0 to 1: the bytes divided by 255, the same bits as PyTorch's float32 division
 * @throws {DataError} CVY_DATA_MISMATCH when the counts of bytes, labels and shape do not fit
 */
export function imageDataset(nn: NN, { images, labels, shape }: LabelledImages): TensorDataset {
  const [n, height, width] = shape;
  if (images.length !== n * height * width || labels.length !== n) {
    throw new DataError('CVY_DATA_MISMATCH', `imageDataset: ${images.length} bytes and ${labels.length} labels are given but ${n * height * width} and ${n} are required (shape ${fmt(shape)})`);
  }
  const { memory } = nn.backend;
  const x = empty(nn.backend, [n, 1, height, width], 'float32');
  const part = new Float32Array(Math.min(CHUNK, images.length));
  for (let begin = 0; begin < images.length; begin += CHUNK) {
    const length = Math.min(CHUNK, images.length - begin);
    for (let i = 0; i < length; i++) part[i] = SCALED[images[begin + i]];
    memory.write(x.ptr, part.subarray(0, length), 4 * begin);
  }
  return new TensorDataset(x, fromData(nn.backend, Int32Array.from(labels)));
}

/** @throws {ArgumentError} CVY_ARG_TYPE unless `value` can serve as a dataset. */
export function checkDataset(op: string, value: unknown): asserts value is Dataset {
  const set = value as Partial<Dataset> | null | undefined;
  if ((typeof set?.get !== 'function' && typeof set?.batch !== 'function') || typeof set.length !== 'number') {
    throw new ArgumentError('CVY_ARG_TYPE', `${op}: the dataset is ${value === null ? 'null' : typeof value} but must have length and either get(i) or batch(indices); wrap tensors in new TensorDataset(…), images in imageDataset(nn, …)`);
  }
}
