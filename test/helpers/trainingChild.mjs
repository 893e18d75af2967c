/**
 * A short training on the pool that prints the SHA-256 of its weights and optimizer state, and how many threads were left.
 * argv: threads, kernels. With CONVOY_FAULT one worker fails on the way.
 */
import { createHash } from 'node:crypto';
import { Adam, createConvoy, crossEntropy, SGD } from '../../dist/src/index.js';

const threads = Number(process.argv[2] ?? 2);
const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'worker-pool', kernels: process.argv[3], threads, seed: 0 });
const model = nn.Sequential(
  nn.Conv2d(1, 16, 5, { padding: 2 }), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 5, { padding: 2 }), nn.ReLU(), nn.MaxPool2d(2),
  nn.Flatten(), nn.Dropout(0.3), nn.Linear(32 * 7 * 7, 64), nn.Tanh(), nn.Linear(64, 10),
);
const x = nn.rand(32, 1, 28, 28);
const target = nn.tensor(Int32Array.from({ length: 32 }, (_, i) => i % 10));
const hash = createHash('sha256');
const warnings = [];
process.on('warning', ({ message }) => warnings.push(message));
for (const [Optimizer, options] of [[SGD, { lr: 0.05, momentum: 0.9, nesterov: true }], [Adam, { lr: 1e-3 }]]) {
  const optimizer = new Optimizer(model.parameters(), options);
  for (let step = 0; step < 4; step++) {
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(x), target);
    loss.backward();
    optimizer.step();
    hash.update(new Uint8Array(loss.dataSync().buffer));
  }
}
for (const tensor of Object.values(model.stateDict())) hash.update(new Uint8Array(tensor.dataSync().buffer));
await new Promise((resolve) => setTimeout(resolve, 20));
console.log(JSON.stringify({ hash: hash.digest('hex'), warnings }));
