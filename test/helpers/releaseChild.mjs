/** 2,000 training steps as a PyTorch user writes them, in one synchronous loop: no scope, dispose or await. Prints what memory did. */
import { createConvoy, crossEntropy, SGD } from '../../dist/src/index.js';

const steps = Number(process.argv[2] ?? 2000);
const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'worker-pool', threads: 2, seed: 0 });
const model = nn.Sequential(
  nn.Conv2d(1, 8, 5, { padding: 2 }), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3, { padding: 1 }), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
  nn.Flatten(), nn.Dropout(0.2), nn.Linear(8 * 7 * 7, 10),
);
const x = nn.rand(16, 1, 28, 28);
const target = nn.tensor(Int32Array.from({ length: 16 }, (_, i) => i % 10));
const optimizer = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });

const samples = [];
for (let step = 1; step <= steps; step++) {
  const loss = crossEntropy(model.forward(x), target);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  if (step % (steps / 4) === 0) samples.push({ step, loss: loss.item(), rss: process.memoryUsage().rss, ...convoy.memory() });
}
console.log(JSON.stringify(samples));
