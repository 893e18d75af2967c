/** A segmentation network of dilated convolutions learns, for every pixel, which digit's ink it is. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Adam, crossEntropy, noGrad, type NN } from '../../dist/src/index.js';
import { agreement, defaultBackend, fewDigits } from './digits.js';

let nn: NN;
let close: () => Promise<void>;
beforeAll(async () => ({ nn, close } = await defaultBackend()));
afterAll(() => close());

it('overfits four pictures', () => {
  // Dilations 1, 2, 4, 8: the field of a pixel is 31 wide and so covers the picture, at full resolution throughout.
  const model = nn.Sequential(
    nn.Conv2d(1, 16, 3, { padding: 'same' }), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 16, 3, { padding: 'same', dilation: 2 }), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 16, 3, { padding: 'same', dilation: 4 }), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 32, 3, { padding: 'same', dilation: 8 }), nn.BatchNorm2d(32), nn.ReLU(),
    nn.Conv2d(32, 11, 1),
  );
  const { images, labels, ink } = fewDigits(nn, 4);
  const target = ink.mul(labels.add(1).reshape(4, 1, 1));
  // Most pixels are background; without weights a network that sees none of the ink is right about 85 % of them.
  const weight = nn.tensor(Float32Array.from({ length: 11 }, (_, c) => (c === 0 ? 0.2 : 1)));
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });

  for (let step = 0; step < 30; step++) {
    optimizer.zeroGrad();
    crossEntropy(model.forward(images), target, { weight }).backward();
    optimizer.step();
  }

  const scores = noGrad(() => model.forward(images));
  expect(agreement(nn.zeros(4, 11, 28, 28), target)).toBeLessThan(0.9);
  expect(agreement(scores, target)).toBeGreaterThan(0.97);
});
