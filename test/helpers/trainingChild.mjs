/**
 * A short training on the pool that prints the SHA-256 of its losses and weights, and the warnings on the way.
 * argv: threads, kernels. With CONVOY_FAULT one worker fails on the way.
 */
import { Adam, createConvoy, SGD } from '../../dist/src/index.js';
import { hashedTraining } from './hashedTraining.mjs';

const threads = Number(process.argv[2] ?? 2);
const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'worker-pool', kernels: process.argv[3], threads, seed: 0 });
const model = nn.Sequential(
  nn.Conv2d(1, 16, 5, { padding: 2 }), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 5, { padding: 2 }), nn.ReLU(), nn.MaxPool2d(2),
  nn.Flatten(), nn.Dropout(0.3), nn.Linear(32 * 7 * 7, 64), nn.Tanh(), nn.Linear(64, 10),
);
const x = nn.rand(32, 1, 28, 28);
const target = nn.tensor(Int32Array.from({ length: 32 }, (_, i) => i % 10));
const warnings = [];
process.on('warning', ({ message }) => warnings.push(message));
const parameters = model.parameters();
const hash = hashedTraining(model, x, target, [new SGD(parameters, { lr: 0.05, momentum: 0.9, nesterov: true }), new Adam(parameters, { lr: 1e-3 })], 4);
await new Promise((resolve) => setTimeout(resolve, 20));
console.log(JSON.stringify({ hash, warnings }));
