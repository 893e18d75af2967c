/**
 * Images per second of training steps (forward, loss, backward, SGD) of the tutorials' models, on cpu-tiled and on the pool, timed
 * by turns. The losses of all backends are compared first, and the bits for all numbers of threads.
 */
import { createConvoy, crossEntropy, digits, scope, SGD, TUTORIAL_MODELS, tutorialModel } from '../dist/src/index.js';
import { facts, factsLine, interleave, line, main, numberOption, options, ratioText, spreadText, threadsOption, PlainError, writeJson } from './harness.mjs';
import { difference, Mismatch } from './verify.mjs';

const BATCH = 100;
/** Batches that are taken in turn. */
const BATCHES = 4;
const RATE = 0.01;
/** Plain loops take seconds for a step of the whole batch: all backends are compared on so many images, in so many steps. */
const CHECKED_BATCH = 20;
const CHECKED_STEPS = 4;
const TOLERANCE = 1e-4;
const WIDTHS = [16, -24, -10, -22];

const SPEC = {
  models: { type: 'string', default: 'cnn2,mlp', help: `of ${Object.keys(TUTORIAL_MODELS).join(', ')} (default cnn2,mlp)` },
  kernels: { type: 'string', default: 'cpu-tiled', help: 'the kernel set, alone and in the pool (default cpu-tiled)' },
  threads: { type: 'string', default: '1,2', help: 'threads of the pool (default 1,2); ratios are to the first' },
  time: { type: 'string', default: '4000', help: 'milliseconds for each strategy of a model (default 4000; at least 5 steps)' },
  json: { type: 'string', help: 'also write the results to this file' },
};

/** A fresh model with weights of seed 0, and `step()`, which trains it on the next batch of `size` images and returns the loss tensor. */
async function open(convoy, name, how, size) {
  const nn = await convoy.nn({ seed: 0, ...how });
  const model = tutorialModel(nn, name);
  const optimizer = new SGD(model.parameters(), { lr: RATE });
  const { images, labels } = digits({ split: 'train', count: size * BATCHES });
  const pixels = Float32Array.from(images, (grey) => grey / 255);
  const batches = Array.from({ length: BATCHES }, (_, b) => ({
    x: nn.tensor(pixels.slice(b * size * 784, (b + 1) * size * 784), [size, 1, 28, 28]),
    y: nn.tensor(Int32Array.from(labels.slice(b * size, (b + 1) * size)), [size]),
  }));
  let at = 0;
  const step = () => {
    const { x, y } = batches[at++ % BATCHES];
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  return {
    backend: nn.backend,
    run: () => scope(() => void step()),
    /** Losses of the first steps, and all parameters after them. */
    start: (steps) => scope(() => ({
      losses: Array.from({ length: steps }, () => step().item()),
      parameters: model.parameters().map((parameter) => parameter.dataSync()),
    })),
  };
}

async function verify(convoy, name, strategies) {
  const first = async ({ how }, size, steps) => (await open(convoy, name, how, size)).start(steps);
  const wanted = await first({ how: { backend: 'cpu-naive' } }, CHECKED_BATCH, CHECKED_STEPS);
  for (const strategy of strategies) {
    const { losses } = await first(strategy, CHECKED_BATCH, CHECKED_STEPS);
    losses.forEach((loss, step) => {
      if (!(Math.abs(loss - wanted.losses[step]) <= TOLERANCE * Math.abs(wanted.losses[step]))) {
        throw new Mismatch(`${name}: ${strategy.name} is wrong, nothing was timed: the loss of step ${step + 1} is ${loss} but on cpu-naive ${wanted.losses[step]}`);
      }
    });
  }
  const pooled = strategies.filter(({ how }) => how.backend === 'worker-pool');
  let one;
  for (const strategy of pooled) {
    const found = await first(strategy, BATCH, 2);
    one ??= found;
    const differs = difference(found.losses, one.losses)
      ?? found.parameters.map((values, p) => difference(values, one.parameters[p])).find((text) => text !== null);
    if (differs) throw new Mismatch(`${name}: ${strategy.name} has other bits than ${pooled[0].name}, nothing was timed: ${differs}`);
  }
}

async function run() {
  const { values } = options('npm run bench:train -- [options]', SPEC);
  const time = numberOption('time', values.time, 1);
  const threads = threadsOption(values.threads);
  const models = values.models.split(',');
  const unknown = models.find((name) => !Object.hasOwn(TUTORIAL_MODELS, name));
  if (unknown !== undefined) throw new PlainError(`--models: '${unknown}' but names of ${Object.keys(TUTORIAL_MODELS).join(', ')} are required`);
  const machine = facts();
  console.log(factsLine(machine));
  const strategies = [
    ...threads.map((count) => ({ name: `worker-pool ${count}`, threads: count, how: { backend: 'worker-pool', kernels: values.kernels, threads: count } })),
    { name: values.kernels, threads: 1, how: { backend: values.kernels } },
  ];
  const convoy = createConvoy();
  try {
    const rows = [];
    for (const name of models) {
      await verify(convoy, name, strategies);
      const opened = await Promise.all(strategies.map(async (strategy) => ({ ...strategy, ...(await open(convoy, name, strategy.how, BATCH)) })));
      const times = interleave(opened, time);
      const title = `${name} (${TUTORIAL_MODELS[name].title}), batch ${BATCH}, SGD`;
      console.log(`\n${title}; losses verified against cpu-naive (${CHECKED_STEPS} steps of ${CHECKED_BATCH}), bits for ${threads.join(', ')} threads`);
      console.log(line(WIDTHS, ['strategy', 'ms a step (p25–p75)', 'images/s', `times ${strategies[0].name}`]));
      opened.forEach(({ name: strategy, threads: count, backend }, s) => {
        const { ms, ratio } = times[s];
        const imagesPerSecond = (1000 * BATCH) / ms.median;
        console.log(line(WIDTHS, [strategy, spreadText(ms), imagesPerSecond.toFixed(0), ratioText(ratio)]));
        rows.push({ case: title, op: 'train', strategy, threads: count, ms, ratio, base: strategies[0].name, imagesPerSecond, kernels: backend.placement() });
      });
    }
    writeJson(values.json, 'train', machine, { time, threads, models }, rows);
  } finally {
    await convoy.close();
  }
}

await main(run);
