import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../dist/src/errors.js';
import { MNIST_FILES, loadMnist } from '../../dist/src/io/mnist.js';
import { MNIST_SHA256 } from '../../dist/src/io/mnistDownload.js';
import { idxBytes, rejection, temporaryFolder } from '../helpers/files.js';

const folder = temporaryFolder();
const { train, test } = MNIST_FILES;
let sets = 0;

/** A folder with a small good set of 2×3 images, then changed: null leaves a file out. */
function set(changes: Record<string, Uint8Array | null> = {}): string {
  const dir = join(folder, `set${sets++}`);
  mkdirSync(dir);
  const files: Record<string, Uint8Array | null> = {
    [train.images]: idxBytes([3, 2, 3], Array.from({ length: 18 }, (_, i) => i)),
    [`${train.labels}.gz`]: gzipSync(idxBytes([3], [0, 9, 5])),
    [`${test.images}.gz`]: gzipSync(idxBytes([1, 2, 3], [6, 5, 4, 3, 2, 1])),
    [test.labels]: idxBytes([1], [7]),
    ...changes,
  };
  for (const [name, bytes] of Object.entries(files)) if (bytes) writeFileSync(join(dir, name), bytes);
  return dir;
}

const size = [2, 3] as const;

async function refuses(dir: string, code: string, ...parts: string[]): Promise<void> {
  const error = await rejection(loadMnist(dir, { size }));
  expect(error).toBeInstanceOf(DataError);
  expect(error).toMatchObject({ code });
  for (const part of parts) expect((error as Error).message).toContain(part);
}

describe('loadMnist', () => {
  it('reads plain and packed files mixed', async () => {
    const mnist = await loadMnist(set(), { size });
    expect(mnist.train).toStrictEqual({ images: Uint8Array.from({ length: 18 }, (_, i) => i), labels: Uint8Array.of(0, 9, 5), shape: [3, 2, 3] });
    expect(mnist.test).toStrictEqual({ images: Uint8Array.of(6, 5, 4, 3, 2, 1), labels: Uint8Array.of(7), shape: [1, 2, 3] });
  });

  it('prefers the plain file', async () => {
    const mnist = await loadMnist(set({ [`${test.labels}.gz`]: gzipSync(idxBytes([1], [2])) }), { size });
    expect([...mnist.test.labels]).toStrictEqual([7]);
  });

  it('names a missing folder, and all missing files at once', async () => {
    await refuses(join(folder, 'absent'), 'CVY_DATA_MISSING', join(folder, 'absent'), 'convoy data mnist --out');
    await refuses(join(set(), train.images), 'CVY_DATA_MISSING', train.images);
    await refuses(set({ [train.images]: null, [test.labels]: null }), 'CVY_DATA_MISSING', `lacks ${train.images}, ${test.labels}`);
  });

  it('names a damaged file', async () => {
    await refuses(set({ [`${train.labels}.gz`]: gzipSync(idxBytes([3], [0, 9, 5])).subarray(0, -9) }), 'CVY_DATA_FORMAT', `${train.labels}.gz`, 'cut off');
    await refuses(set({ [test.labels]: Buffer.from('not IDX') }), 'CVY_DATA_FORMAT', test.labels, '0x6e6f7420');
  });

  it('refuses images where labels belong, and other element types', async () => {
    await refuses(set({ [test.labels]: idxBytes([1, 2, 3], [6, 5, 4, 3, 2, 1]) }), 'CVY_DATA_FORMAT', test.labels, 'uint8 with 3 axes', '0x00000801');
    await refuses(set({ [train.images]: idxBytes([3], [0, 9, 5]) }), 'CVY_DATA_FORMAT', train.images, 'uint8 with 1 axes', '0x00000803');
    await refuses(set({ [test.labels]: idxBytes([1], [0, 0, 0, 7], 0x0c) }), 'CVY_DATA_FORMAT', test.labels, 'int32 with 1 axes');
  });

  it('refuses images of another size, also when only the axes are swapped', async () => {
    const error = await rejection(loadMnist(set()));
    expect(error).toMatchObject({ code: 'CVY_DATA_MISMATCH', message: expect.stringContaining('images of 2×3 but 28×28') });
    await refuses(set({ [train.images]: idxBytes([3, 3, 2], new Uint8Array(18)) }), 'CVY_DATA_MISMATCH', 'images of 3×2 but 2×3', train.images, '[3, 3, 2]');
  });

  it('refuses other counts of images and labels, naming both files', async () => {
    await refuses(set({ [test.labels]: idxBytes([2], [7, 7]) }), 'CVY_DATA_MISMATCH', '1 images', '2 labels', test.images, test.labels);
  });

  it('refuses a set of no images', async () => {
    await refuses(set({ [test.labels]: idxBytes([0], []), [`${test.images}.gz`]: idxBytes([0, 2, 3], []) }), 'CVY_DATA_MISMATCH', '0 images');
  });

  it('refuses a label out of range, with its index', async () => {
    await refuses(set({ [`${train.labels}.gz`]: gzipSync(idxBytes([3], [0, 10, 255])) }), 'CVY_DATA_MISMATCH', 'label 10 at index 1', '0 to 9', train.labels);
    const error = await rejection(loadMnist(set(), { size, classes: 9 }));
    expect(error).toMatchObject({ message: expect.stringContaining('label 9 at index 1 but 0 to 8') });
  });

  it('refuses an unknown option', async () => {
    expect(await rejection(loadMnist(folder, { sizes: size } as object))).toMatchObject({ code: 'CVY_ARG_OPTION' });
  });
});

const real = process.env.CONVOY_MNIST || fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url));
const present = existsSync(real);
if (!present) console.log(`mnist: ${real} is absent, the real files are not read`);

describe.skipIf(!present)('the real MNIST', () => {
  it('is read byte for byte', async () => {
    const mnist = await loadMnist(real);
    expect(mnist.train.shape).toStrictEqual([60000, 28, 28]);
    expect(mnist.test.shape).toStrictEqual([10000, 28, 28]);
    expect([...mnist.train.labels.subarray(0, 10)]).toStrictEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    for (const [half, names] of [[mnist.train, train], [mnist.test, test]] as const) {
      const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
      expect(sum(idxBytes(half.shape, half.images))).toBe(MNIST_SHA256[names.images]);
      expect(sum(idxBytes(half.shape.slice(0, 1), half.labels))).toBe(MNIST_SHA256[names.labels]);
    }
  });
});

