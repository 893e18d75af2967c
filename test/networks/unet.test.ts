/** A U-Net (Ronneberger et al. 2015): down by pooling, up by transposed convolution, with the fine features handed across. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Adam, binaryCrossEntropyWithLogits, cat, Module, noGrad, type NN, type Tensor } from '../../dist/src/index.js';
import { defaultBackend, fewDigits } from './digits.js';

let nn: NN;
let close: () => Promise<void>;
beforeAll(async () => ({ nn, close } = await defaultBackend()));
afterAll(() => close());

const twice = (channels: number, out: number): Module => nn.Sequential(
  nn.Conv2d(channels, out, 3, { padding: 1, bias: false }), nn.BatchNorm2d(out), nn.ReLU(),
  nn.Conv2d(out, out, 3, { padding: 1, bias: false }), nn.BatchNorm2d(out), nn.ReLU(),
);

class UNet extends Module {
  readonly down1 = twice(1, 8);
  readonly down2 = twice(8, 16);
  readonly bottom = twice(16, 32);
  readonly pool = nn.MaxPool2d(2);
  readonly up2 = nn.ConvTranspose2d(32, 16, 2, { stride: 2 });
  readonly merge2 = twice(32, 16);
  readonly up1 = nn.ConvTranspose2d(16, 8, 2, { stride: 2 });
  readonly merge1 = twice(16, 8);
  readonly head = nn.Conv2d(8, 1, 1);

  forward(x: Tensor): Tensor {
    const fine = this.down1.forward(x);
    const middle = this.down2.forward(this.pool.forward(fine));
    const coarse = this.bottom.forward(this.pool.forward(middle));
    const up = this.merge2.forward(cat([this.up2.forward(coarse), middle], 1));
    return this.head.forward(this.merge1.forward(cat([this.up1.forward(up), fine], 1)));
  }
}

it('finds the ink under noise', () => {
  const model = new UNet();
  const { images, ink } = fewDigits(nn, 8);
  const noisy = images.add(nn.randn(8, 1, 28, 28).mul(0.3));
  const target = ink.unsqueeze(1).to('float32');
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });

  for (let step = 0; step < 50; step++) {
    optimizer.zeroGrad();
    binaryCrossEntropyWithLogits(model.forward(noisy), target).backward();
    optimizer.step();
  }

  /** Intersection over union of the ink, 1 where every pixel is right. */
  const overlap = (mask: Tensor): number => mask.mul(target).sum().item() / mask.maximum(target).sum().item();
  expect(overlap(noisy.gt(0.4).to('float32'))).toBeLessThan(0.75);
  expect(overlap(noGrad(() => model.forward(noisy)).gt(0).to('float32'))).toBeGreaterThan(0.95);
});
