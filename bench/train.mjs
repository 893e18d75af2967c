/**
 * Images per second of whole models, training (forward, loss, backward, SGD) and inference, on 1 to N threads, timed by turns. Losses and
 * logits are compared with those of plain loops first, and the bits for all numbers of threads.
 */
import { pathToFileURL } from 'node:url';
import { createConvoy, crossEntropy, noGrad, scope, SGD } from '../dist/src/index.js';
import { facts, factsLine, interleave, line, main, numberOption, options, ratioText, spreadText, threadsOption, threadsText, PlainError, variantsLine, variantsOf, writeJson } from './harness.mjs';
import { batches, MODELS } from './models.mjs';
import { difference, Mismatch } from './verify.mjs';

const BATCH = 100;
/** Batches that are taken in turn. */
const BATCHES = 4;
export const RATE = 0.01;
/** Plain loops take seconds for a step of the whole batch: everything is compared on so many images, in so many steps. */
const CHECKED_BATCH = 10;
const CHECKED_STEPS = 3;
/** Relative to the loss, or to the largest logit. */
const TOLERANCE = 1e-4;
const WIDTHS = [12, -7, -24, -10, -22];

const SPEC = {
  filter: { type: 'string', default: '', help: `only cases that contain this text: train or infer, and ${Object.keys(MODELS).join(', ')}` },
  kernels: { type: 'string', default: 'wasm-simd', help: 'the kernel set (default wasm-simd)' },
  threads: { type: 'string', default: '1,2', help: 'threads of the pool (default 1,2); ratios are to the first' },
  time: { type: 'string', default: '4000', help: 'milliseconds for each strategy of a case (default 4000; at least 5 steps)' },
  json: { type: 'string', help: 'also write the results to this file' },
  precision: { type: 'string', default: 'high', help: 'high or fast (default high)' },
  'no-turbo': { type: 'boolean', default: false, help: 'without the V8 flag that turbo: true sets' },
};

/**
 * A fresh model on `nn` over these batches: `train()` is a step on the next one, `infer()` the logits of the next one in evaluation mode.
 * @returns {{ model: import('../dist/src/index.js').Module, train(): Tensor, infer(): Tensor }}
 */
export function open(nn, name, data) {
  const model = MODELS[name].build(nn);
  const optimizer = new SGD(model.parameters(), { lr: RATE });
  const tensors = data.map(({ pixels, labels }) => ({ x: nn.tensor(pixels, [labels.length, 1, 28, 28]), y: nn.tensor(labels, [labels.length]) }));
  let at = 0;
  const next = () => tensors[at++ % tensors.length];
  return {
    model,
    train() {
      const { x, y } = next();
      optimizer.zeroGrad();
      const loss = crossEntropy(model.forward(x), y);
      loss.backward();
      optimizer.step();
      return loss;
    },
    infer() {
      if (model.training) model.eval();
      return noGrad(() => model.forward(next().x));
    },
  };
}

/** What a model gives from the start: losses of the first steps, then parameters and logits. */
const outcome = (nn, name, size, steps) => scope(() => {
  const { model, train, infer } = open(nn, name, batches(steps, size));
  const losses = Float32Array.from({ length: steps }, () => train().item());
  return { losses, parameters: model.parameters().map((parameter) => parameter.dataSync()), logits: infer().dataSync() };
});

async function verify(convoy, name, strategies) {
  const run = async ({ how }, size, steps) => outcome(await convoy.nn({ seed: 0, ...how }), name, size, steps);
  const wanted = await run({ how: { backend: 'cpu-naive' } }, CHECKED_BATCH, CHECKED_STEPS);
  let one;
  for (const strategy of strategies) {
    const where = `${name}: ${strategy.name} on ${threadsText(strategy.threads)}`;
    const found = await run(strategy, CHECKED_BATCH, CHECKED_STEPS);
    for (const part of ['losses', 'logits']) {
      const differs = difference(found[part], wanted[part], TOLERANCE);
      if (differs) throw new Mismatch(`${where} is wrong, nothing was timed: ${part}: ${differs} (cpu-naive)`);
    }
    const full = await run(strategy, BATCH, 2);
    one ??= full;
    const differs = difference(full.losses, one.losses) ?? full.parameters.map((values, p) => difference(values, one.parameters[p])).find((text) => text !== null);
    if (differs) throw new Mismatch(`${where} has other bits than on ${threadsText(strategies[0].threads)}, nothing was timed: ${differs}`);
  }
}

async function run() {
  const { values } = options('npm run bench:train -- [options]', SPEC);
  const time = numberOption('time', values.time, 1);
  const threads = threadsOption(values.threads);
  const cases = Object.keys(MODELS).flatMap((name) => ['train', 'infer'].map((op) => ({ name, op, title: `${name} (${MODELS[name].title}), batch ${BATCH}${op === 'train' ? ', SGD' : ''}` })))
    .filter(({ op, title }) => `${op} ${title}`.includes(values.filter));
  if (cases.length === 0) throw new PlainError(`no case contains '${values.filter}': train or infer, and ${Object.keys(MODELS).join(', ')}`);
  const turbo = !values['no-turbo'];
  const strategies = threads.map((count) => ({
    name: values.kernels, threads: count, how: { backend: 'worker-pool', kernels: values.kernels, threads: count, turbo, precision: values.precision },
  }));
  const convoy = createConvoy();
  try {
    for (const strategy of strategies) strategy.backend = (await convoy.nn(strategy.how)).backend;
    const machine = facts();
    const variants = variantsOf(convoy);
    console.log(`${factsLine(machine)}\nturbo: ${turbo}, precision: ${values.precision}; ${variantsLine(variants)}`);
    const rows = [];
    const data = batches(BATCHES, BATCH);
    let verified;
    for (const { name, op, title } of cases) {
      if (verified !== name) await verify(convoy, name, strategies);
      verified = name;
      const opened = await Promise.all(strategies.map(async ({ how }) => {
        const nn = await convoy.nn({ seed: 0, ...how });
        const step = open(nn, name, data)[op];
        return { placement: () => nn.backend.placement(), run: () => scope(() => void step()) };
      }));
      const times = interleave(opened, time);
      console.log(`\n${op}: ${title}; verified against cpu-naive (${CHECKED_STEPS} steps of ${CHECKED_BATCH}), bits for ${threads.join(', ')} threads`);
      console.log(line(WIDTHS, ['kernels', 'threads', 'ms (p25–p75)', 'images/s', 'times the first']));
      strategies.forEach(({ name: strategy, threads: count }, s) => {
        const { ms, ratio } = times[s];
        const imagesPerSecond = (1000 * BATCH) / ms.median;
        console.log(line(WIDTHS, [strategy, count, spreadText(ms), imagesPerSecond.toFixed(0), ratioText(ratio)]));
        rows.push({ case: title, op, strategy, threads: count, ms, ratio, base: `${strategies[0].name}, ${threadsText(threads[0])}`, imagesPerSecond, precision: values.precision, kernels: opened[s].placement() });
      });
    }
    console.log(`\nkernels: ${[...new Set(rows.flatMap(({ kernels }) => kernels.map(({ kernel }) => kernel)))].join(', ')}`);
    writeJson(values.json, 'train', machine, { time, threads, turbo, precision: values.precision, variants, filter: values.filter }, rows);
  } finally {
    await convoy.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(run);
