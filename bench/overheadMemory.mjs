/** A fresh process for bench/overhead.mjs: trains cnn2 on 10,000 images in batches of 100 and prints the largest resident size, in bytes. */
import { createConvoy, crossEntropy, scope, SGD, tutorialModel } from '../dist/src/index.js';

const IMAGES = 10_000;
const BATCH = 100;
const convoy = createConvoy();
const nn = await convoy.nn({ threads: 2, seed: 0 });
const model = tutorialModel(nn, 'cnn2');
const optimizer = new SGD(model.parameters(), { lr: 0.01 });
const images = nn.rand(IMAGES, 1, 28, 28);
const labels = nn.tensor(Int32Array.from({ length: IMAGES }, (_, i) => i % 10));
for (let at = 0; at < IMAGES; at += BATCH) {
  scope(() => {
    optimizer.zeroGrad();
    crossEntropy(model.forward(images.narrow(0, at, BATCH)), labels.narrow(0, at, BATCH)).backward();
    optimizer.step();
  });
}
await convoy.close();
console.log(JSON.stringify({ rss: process.resourceUsage().maxRSS * 1024 }));
