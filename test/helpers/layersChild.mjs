/**
 * As trainingChild.mjs, with the layers beyond those of the tutorials: normalisations, transposed and depthwise convolutions, resizing,
 * uneven means, an embedding, and optimizers that are compositions. argv: threads, kernels.
 */
import { AdamW, createConvoy, Module, RMSprop } from '../../dist/src/index.js';
import { hashedTraining } from './hashedTraining.mjs';

const nn = await createConvoy().nn({ backend: 'worker-pool', kernels: process.argv[3], threads: Number(process.argv[2] ?? 2), seed: 0 });

class Net extends Module {
  words = nn.Embedding(500, 64, { paddingIdx: 0 });
  body = nn.Sequential(
    nn.Conv1d(64, 32, 3, { padding: 2, dilation: 2 }), nn.LayerNorm([32, 64]), nn.GELU(), nn.ConvTranspose1d(32, 16, 4, { stride: 2, padding: 1 }), nn.Unflatten(2, [8, 16]),
    nn.LazyConv2d(32, 3, { padding: 'same', paddingMode: 'reflect' }), nn.GroupNorm(4, 32), nn.SiLU(), nn.Conv2d(32, 32, 3, { groups: 32, padding: 1 }), nn.InstanceNorm2d(32, { affine: true }), nn.PReLU(),
    nn.Upsample({ scaleFactor: 2, mode: 'bilinear' }), nn.LPPool2d(2, 2), nn.Dropout2d(0.2), nn.AdaptiveAvgPool2d([3, 5]), nn.Flatten(), nn.LazyLinear(10),
  );
  forward(text) {
    return this.body.forward(this.words.forward(text).transpose(1, 2));
  }
}

const model = new Net();
const text = nn.tensor(Int32Array.from({ length: 32 * 64 }, (_, i) => (i * 7919) % 500), [32, 64]);
const target = nn.tensor(Int32Array.from({ length: 32 }, (_, i) => i % 10));
const warnings = [];
process.on('warning', ({ message }) => warnings.push(message));
model.forward(text);
const parameters = model.parameters();
const hash = hashedTraining(model, text, target, [new AdamW(parameters, { lr: 1e-3 }), new RMSprop(parameters, { lr: 1e-3, momentum: 0.5 })], 3);
await new Promise((resolve) => setTimeout(resolve, 20));
console.log(JSON.stringify({ hash, warnings }));
