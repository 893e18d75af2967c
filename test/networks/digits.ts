/** What the networks here learn from: a few of the synthetic digits as tensors, on the default backend, and how well a labelling fits. */
import { createConvoy, digits, type NN, type Tensor } from '../../dist/src/index.js';

/** The default backend of a convoy of its own. */
export async function defaultBackend(): Promise<{ nn: NN; close: () => Promise<void> }> {
  const convoy = createConvoy();
  return { nn: await convoy.nn({ seed: 0 }), close: () => convoy.close() };
}

/** The first digits: images [count, 1, 28, 28] from 0 to 1, labels [count], and every pixel's class [count, 28, 28] (1 on ink). */
export function fewDigits(nn: NN, count: number): { images: Tensor; labels: Tensor; ink: Tensor } {
  const { images, labels } = digits({ split: 'train', count });
  return {
    images: nn.tensor(Float32Array.from(images, (pixel) => pixel / 255), [count, 1, 28, 28]),
    labels: nn.tensor(Int32Array.from(labels), [count]),
    ink: nn.tensor(Int32Array.from(images, (pixel) => Number(pixel > 100)), [count, 28, 28]),
  };
}

/** Share of places where the largest of the scores [N, C, …] is the target [N, …]. */
export const agreement = (scores: Tensor, target: Tensor): number => scores.argmax(1).eq(target).to('float32').mean().item();
