/**
 * Optimizer steps and nothing else on the pool, so that a fault hits one of them: weights and gradients are written by
 * the host, and SGD without momentum begins without state to fill.
 * Prints the SHA-256 of the parameter after steps of SGD, SGD with momentum, and Adam. argv: threads, kernels.
 */
import { createHash } from 'node:crypto';
import { Adam, createConvoy, SGD } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'worker-pool', kernels: process.argv[3], threads: Number(process.argv[2] ?? 2), seed: 0 });
const data = (scale) => Float32Array.from({ length: 300_000 }, (_, i) => Math.sin(i) * scale);
const hash = createHash('sha256');
const warnings = [];
process.on('warning', ({ message }) => warnings.push(message));
// Many steps of the first: by then some worker has come to the piece that the fault waits for.
for (const [steps, make] of [
  [300, (p) => new SGD([p], { lr: 1e-3 })], [20, (p) => new SGD([p], { lr: 0.05, momentum: 0.9 })], [20, (p) => new Adam([p], { lr: 1e-3 })],
]) {
  const p = nn.parameter(nn.tensor(data(1)));
  p.grad = nn.tensor(data(0.1));
  const optimizer = make(p);
  for (let step = 0; step < steps; step++) optimizer.step();
  hash.update(new Uint8Array(p.dataSync().buffer));
}
await new Promise((resolve) => setTimeout(resolve, 20));
console.log(JSON.stringify({ hash: hash.digest('hex'), warnings }));
