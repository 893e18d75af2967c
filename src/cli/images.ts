/** The images that --data names. */
import { basename, resolve } from 'node:path';
import { digits } from '../data/digits.js';
import type { LabelledImages } from '../data/labelledImages.js';
import { loadMnist } from '../io/mnist.js';

export interface Images {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** What they are, for people, to stand behind a number. */
  readonly title: string;
}

/** Synthetic images drawn unless --limit says otherwise: enough for the two-layer CNN to pass 97 % within two epochs. */
export const DIGITS = { train: 6000, test: 2000 };

/** Both halves; `limit` shortens the one that the command is about, `half`, and the test to a sixth of a shortened training set. */
export async function loadImages(data: string, half: 'train' | 'test', limit?: number): Promise<Images> {
  const trainCount = half === 'train' ? limit : undefined;
  const testCount = half === 'test' ? limit : limit === undefined ? undefined : Math.max(10, Math.ceil(limit / 6));
  if (data === 'digits') {
    return {
      train: digits({ split: 'train', count: half === 'test' ? 1 : trainCount ?? DIGITS.train }),
      test: digits({ split: 'test', count: testCount ?? DIGITS.test }),
      title: 'synthetic digits',
    };
  }
  const { train, test } = await loadMnist(data);
  return { train: first(train, trainCount), test: first(test, testCount), title: `images from ${basename(resolve(data))}` };
}

function first(set: LabelledImages, count = set.shape[0]): LabelledImages {
  const [n, height, width] = set.shape;
  if (count >= n) return set;
  return { images: set.images.subarray(0, count * height * width), labels: set.labels.subarray(0, count), shape: [count, height, width] };
}
