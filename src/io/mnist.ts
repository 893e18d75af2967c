/**
 * Loads MNIST, or any set laid out like it, from its four IDX files in a folder. Downloading is in mnistDownload.ts.
 */
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, checkOptions, fmt } from '../errors.js';
import { type IdxArray, readIdx } from './idx.js';
import { reason } from './readFile.js';
import type { LabelledImages } from '../data/labelledImages.js';

/** The files by their names since 1998; each may carry `.gz`. */
export const MNIST_FILES = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

export interface MnistOptions {
  /** Required size of every image in pixels, [height, width]; 28 × 28 unless given. */
  size?: readonly [height: number, width: number];
  /** Labels run from 0 to classes − 1; 10 unless given. */
  classes?: number;
}

export interface Mnist {
  train: LabelledImages;
  test: LabelledImages;
}

/**
 * Both halves of the set in a folder; a plain file is preferred to one with `.gz`.
 *
 * @shape returns images [n, height, width] bytes, labels [n] bytes
 * @throws {DataError} CVY_DATA_MISSING when the folder or a file is not there; CVY_DATA_FORMAT for a damaged file or another
 * kind of array; CVY_DATA_MISMATCH for images of another size, other counts of images and labels, no images, or a label out of range
 */
export async function loadMnist(dir: string, options: MnistOptions = {}): Promise<Mnist> {
  checkOptions('loadMnist', options, ['size', 'classes']);
  const { size = [28, 28], classes = 10 } = options;
  await checkFolder(dir);
  // One after the other, so that of several faults the same one is named each time.
  return {
    train: await loadHalf(dir, MNIST_FILES.train, size, classes),
    test: await loadHalf(dir, MNIST_FILES.test, size, classes),
  };
}

async function loadHalf(dir: string, names: { images: string; labels: string }, size: readonly [number, number], classes: number): Promise<LabelledImages> {
  const images = await findFile(dir, names.images);
  const labels = await findFile(dir, names.labels);
  return checkSet(images, await readIdx(images), labels, await readIdx(labels), size, classes);
}

/** Names every missing file at once, so that nobody fetches them one error at a time. */
async function checkFolder(dir: string): Promise<void> {
  const hint = `; \`convoy data mnist --out ${dir}\` fetches them`;
  let found: string[];
  try {
    found = await readdir(dir);
  } catch (error) {
    throw new DataError('CVY_DATA_MISSING', `loadMnist: ${dir} is no folder that can be read (${reason(error)}) but one with the MNIST files is required${hint}`, { cause: error });
  }
  const missing = Object.values(MNIST_FILES).flatMap(({ images, labels }) => [images, labels]).filter((name) => !found.includes(name) && !found.includes(`${name}.gz`));
  if (missing.length) {
    throw new DataError('CVY_DATA_MISSING', `loadMnist: ${dir} lacks ${missing.join(', ')} but all four MNIST files are required, plain or with .gz${hint}`);
  }
}

const findFile = (dir: string, name: string): Promise<string> => access(join(dir, name)).then(() => join(dir, name), () => join(dir, `${name}.gz`));

function checkSet(imagesPath: string, images: IdxArray, labelsPath: string, labels: IdxArray, size: readonly [number, number], classes: number): LabelledImages {
  const pixels = checkBytes(imagesPath, images, 3);
  const targets = checkBytes(labelsPath, labels, 1);
  const [n, height, width] = images.shape;
  const both = `(${imagesPath} ${fmt(images.shape)}, ${labelsPath} ${fmt(labels.shape)})`;
  if (height !== size[0] || width !== size[1]) {
    throw new DataError('CVY_DATA_MISMATCH', `loadMnist: ${imagesPath} holds images of ${height}×${width} but ${size[0]}×${size[1]} is required ${both}`);
  }
  if (n !== labels.shape[0]) {
    throw new DataError('CVY_DATA_MISMATCH', `loadMnist: ${imagesPath} holds ${n} images but ${labelsPath} ${labels.shape[0]} labels; one label an image is required ${both}`);
  }
  if (n === 0) throw new DataError('CVY_DATA_MISMATCH', `loadMnist: ${imagesPath} holds 0 images but at least one is required ${both}`);
  const at = targets.findIndex((label) => label >= classes);
  if (at >= 0) {
    throw new DataError('CVY_DATA_MISMATCH', `loadMnist: ${labelsPath} holds label ${targets[at]} at index ${at} but 0 to ${classes - 1} is required ${both}`);
  }
  return { images: pixels, labels: targets, shape: [n, height, width] };
}

function checkBytes(path: string, { shape, data }: IdxArray, axes: number): Uint8Array {
  if (!(data instanceof Uint8Array) || shape.length !== axes) {
    const kind = data.constructor.name.replace('Array', '').toLowerCase();
    throw new DataError('CVY_DATA_FORMAT', `loadMnist: ${path} holds ${kind} with ${shape.length} axes but uint8 with ${axes} is required, magic number 0x0000080${axes} (shape ${fmt(shape)})`);
  }
  return data;
}
