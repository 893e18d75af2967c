/** A network of depthwise separable convolutions, MobileNet's block, learns to tell digits apart. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Module, noGrad, SGD, crossEntropy, type NN, type Tensor } from '../../dist/src/index.js';
import { agreement, defaultBackend, fewDigits } from './digits.js';

let nn: NN;
let close: () => Promise<void>;
beforeAll(async () => ({ nn, close } = await defaultBackend()));
afterAll(() => close());

/** Howard et al. 2017: a filter for every channel, then a mixture of channels, each with batch norm. */
const separable = (channels: number, out: number, stride: number): Module => nn.Sequential(
  nn.Conv2d(channels, channels, 3, { stride, padding: 1, groups: channels, bias: false }), nn.BatchNorm2d(channels), nn.ReLU6(),
  nn.Conv2d(channels, out, 1, { bias: false }), nn.BatchNorm2d(out), nn.ReLU6(),
);

class SeparableNet extends Module {
  readonly stem = nn.Sequential(nn.Conv2d(1, 16, 3, { stride: 2, padding: 1, bias: false }), nn.BatchNorm2d(16), nn.ReLU6());
  readonly blocks = nn.Sequential(separable(16, 32, 1), separable(32, 64, 2), separable(64, 64, 1));
  readonly pool = nn.AdaptiveAvgPool2d(1);
  readonly head = nn.Linear(64, 10);

  forward(x: Tensor): Tensor {
    return this.head.forward(this.pool.forward(this.blocks.forward(this.stem.forward(x))).flatten(1));
  }
}

it('overfits thirty-two digits', () => {
  const model = new SeparableNet();
  const { images, labels } = fewDigits(nn, 32);
  const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const before = noGrad(() => agreement(model.forward(images), labels));

  for (let step = 0; step < 40; step++) {
    optimizer.zeroGrad();
    crossEntropy(model.forward(images), labels).backward();
    optimizer.step();
  }

  expect(before).toBeLessThan(0.5);
  expect(noGrad(() => agreement(model.forward(images), labels))).toBe(1);
});
