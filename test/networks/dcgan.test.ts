/** A DCGAN (Radford et al. 2016): transposed convolutions draw digits until a discriminator takes them for real ones. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Adam, binaryCrossEntropyWithLogits, noGrad, type Module, type NN, type Tensor } from '../../dist/src/index.js';
import { defaultBackend, fewDigits } from './digits.js';

const LATENT = 16;
let nn: NN;
let close: () => Promise<void>;
beforeAll(async () => ({ nn, close } = await defaultBackend()));
afterAll(() => close());

/** From noise [N, 16, 1, 1] to pictures [N, 1, 28, 28]. */
const generator = (): Module => nn.Sequential(
  nn.ConvTranspose2d(LATENT, 32, 7, { bias: false }), nn.BatchNorm2d(32), nn.ReLU(),
  nn.ConvTranspose2d(32, 16, 4, { stride: 2, padding: 1, bias: false }), nn.BatchNorm2d(16), nn.ReLU(),
  nn.ConvTranspose2d(16, 1, 4, { stride: 2, padding: 1 }), nn.Sigmoid(),
);

const discriminator = (): Module => nn.Sequential(
  nn.Conv2d(1, 16, 4, { stride: 2, padding: 1 }), nn.LeakyReLU(0.2),
  nn.Conv2d(16, 32, 4, { stride: 2, padding: 1, bias: false }), nn.BatchNorm2d(32), nn.LeakyReLU(0.2),
  nn.Flatten(), nn.Linear(32 * 7 * 7, 1),
);

/** Mean square distance of each drawing to the picture that is nearest to it. */
function distance(drawn: Tensor, real: Tensor): number {
  const pairs = drawn.flatten(1).unsqueeze(1).sub(real.flatten(1).unsqueeze(0));
  return pairs.square().mean(2).min(1).values.mean().item();
}

it('draws what it was shown', () => {
  const [draws, judges] = [generator(), discriminator()];
  const real = fewDigits(nn, 8).images;
  const adam = { lr: 0.004, betas: [0.5, 0.999] as const };
  const [drawing, judging] = [new Adam(draws.parameters(), adam), new Adam(judges.parameters(), adam)];
  const [yes, no] = [nn.ones(8, 1), nn.zeros(8, 1)];
  const noise = nn.randn(8, LATENT, 1, 1);
  const before = noGrad(() => distance(draws.forward(noise), real));

  for (let step = 0; step < 80; step++) {
    const fake = draws.forward(noise);

    judging.zeroGrad();
    const honest = binaryCrossEntropyWithLogits(judges.forward(real), yes);
    honest.add(binaryCrossEntropyWithLogits(judges.forward(fake.detach()), no)).backward();
    judging.step();

    drawing.zeroGrad();
    binaryCrossEntropyWithLogits(judges.forward(fake), yes).backward();
    drawing.step();
  }

  const after = noGrad(() => distance(draws.forward(noise), real));
  expect(before).toBeGreaterThan(0.15);
  expect(after).toBeLessThan(0.06);
});
