/**
 * What the second thread brings to each op of a training step, and what it could bring at most. Three ways to run the step take turns: on one
 * thread; on two; and on one while another thread, with a convoy of its own, runs the same step. The last gives the ceiling: what the
 * machine loses of two threads that share nothing is no fault of the pool's.
 */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createConvoy, scope } from '../dist/src/index.js';
import { digits, facts, factsLine, line, main, numberOption, options, PlainError, summary, writeJson } from './harness.mjs';
import { batches, MODELS } from './models.mjs';
import { open } from './train.mjs';

const SPEC = {
  model: { type: 'string', default: 'cnn2', help: `one of ${Object.keys(MODELS).join(', ')} (default cnn2)` },
  batch: { type: 'string', default: '100', help: 'images of a step (default 100)' },
  turns: { type: 'string', default: '30', help: 'turns of each way, of three steps (default 30)' },
  top: { type: 'string', default: '18', help: 'the longest so many ops are shown (default 18)' },
  json: { type: 'string', help: 'also write the results to this file' },
  'no-turbo': { type: 'boolean', default: false, help: 'without the V8 flag that turbo: true sets' },
};
const STEPS = 3;
/** Steps before anything is timed. */
const WARM_UP = 10;
const WIDTHS = [72, -9, -9, -9, -9, -9];
/** Names of what is no op: the whole step, and what the engine takes between ops, which no thread shares. */
const [STEP, BETWEEN] = ['the step', 'between ops'];
/** Arguments below are sizes and options, others pointers. */
const POINTERS = 65536;

/** Words that both threads read: 1 while the other one shall run steps, −1 at the end; and 1 while it does. */
const [WANTED, RUNNING] = [0, 1];

/** `step()` trains once; `timed()` does too and returns the milliseconds of each op, of the step and between ops. */
async function stepOf(convoy, { model, batch, turbo }, threads) {
  const nn = await convoy.nn({ seed: 0, backend: 'worker-pool', threads, turbo });
  const { train } = open(nn, model, batches(1, batch));
  const { backend } = nn;
  const plain = backend.run.bind(backend);
  let calls = null;
  backend.run = (op, dtype, args) => {
    const begin = performance.now();
    plain(op, dtype, args);
    calls?.push([op, args, performance.now() - begin]);
  };
  const step = () => scope(() => void train());
  const timed = () => {
    calls = [];
    const begin = performance.now();
    step();
    const whole = performance.now() - begin;
    const times = new Map([[STEP, whole], [BETWEEN, whole]]);
    for (const [op, args, ms] of calls) {
      const name = `${op} ${args.filter((value) => value < POINTERS).join(' ')}`;
      times.set(name, (times.get(name) ?? 0) + ms);
      times.set(BETWEEN, times.get(BETWEEN) - ms);
    }
    calls = null;
    return times;
  };
  for (let k = 0; k < WARM_UP; k++) step();
  return { step, timed };
}

/** The other thread: runs steps while it is wanted, and sends the times of those that both threads were busy for. */
async function accompany({ words, settings }, port) {
  const convoy = createConvoy();
  const { step, timed } = await stepOf(convoy, settings, 1);
  port.postMessage(null);
  for (;;) {
    Atomics.wait(words, WANTED, 0);
    if (Atomics.load(words, WANTED) < 0) break;
    step();
    Atomics.store(words, RUNNING, 1);
    const found = [];
    while (Atomics.load(words, WANTED) === 1) {
      const times = timed();
      if (Atomics.load(words, WANTED) === 1) found.push(times);
    }
    Atomics.store(words, RUNNING, 0);
    port.postMessage(found);
  }
  await convoy.close();
}

async function run() {
  const { values } = options('npm run bench:scaling -- [options]', SPEC);
  const [batch, turns, top] = ['batch', 'turns', 'top'].map((name) => Math.floor(numberOption(name, values[name], 1)));
  if (!Object.hasOwn(MODELS, values.model)) throw new PlainError(`--model: '${values.model}' but one of ${Object.keys(MODELS).join(', ')} is required`);
  const settings = { model: values.model, batch, turbo: !values['no-turbo'] };
  const machine = facts();
  console.log(`${factsLine(machine)}\nturbo: ${settings.turbo}; ${values.model}, batch ${batch}, ${turns} turns of ${STEPS} steps`);
  const words = new Int32Array(new SharedArrayBuffer(8));
  const set = (value) => {
    Atomics.store(words, WANTED, value);
    Atomics.notify(words, WANTED);
  };
  const convoy = createConvoy();
  try {
    const [one, two] = [await stepOf(convoy, settings, 1), await stepOf(convoy, settings, 2)];
    const other = new Worker(new URL(import.meta.url), { workerData: { words, settings } });
    await once(other, 'message');
    const samples = { one: new Map(), two: new Map(), beside: new Map(), other: new Map() };
    const put = (way, times) => times.forEach((ms, name) => {
      if (!samples[way].has(name)) samples[way].set(name, []);
      samples[way].get(name).push(ms);
    });
    /** The first step of a turn, which finds what it reads in other caches, does not count. */
    const turn = (way, { step, timed }) => {
      step();
      for (let k = 0; k < STEPS; k++) put(way, timed());
    };
    for (let k = 0; k < turns; k++) {
      turn('one', one);
      turn('two', two);
      const answer = once(other, 'message');
      set(1);
      while (Atomics.load(words, RUNNING) === 0) one.step();
      turn('beside', one);
      set(0);
      for (const times of (await answer)[0]) put('other', times);
    }

    const median = (way, name) => summary(samples[way].get(name) ?? [NaN]).median;
    const rows = [...samples.one.keys()].map((name) => {
      const [ms, together, beside, apart] = ['one', 'two', 'beside', 'other'].map((way) => median(way, name));
      return { case: name, op: 'train', strategy: 'worker-pool', threads: 2, ms: summary(samples.two.get(name) ?? [NaN]), oneMs: ms, twoMs: together, ratio: ms / together, ceiling: ms / beside + ms / apart };
    }).sort((a, b) => b.oneMs - a.oneMs);
    console.log(`\n${line(WIDTHS, ['medians, ms', '1 thread', '2 threads', 'ratio', 'ceiling', 'of it'])}`);
    for (const { case: name, oneMs, twoMs, ratio, ceiling } of rows.slice(0, top)) {
      console.log(line(WIDTHS, [name.slice(0, WIDTHS[0]), digits(oneMs), digits(twoMs), ratio.toFixed(2), ceiling.toFixed(2), `${(100 * ratio / ceiling).toFixed(0)} %`]));
    }
    writeJson(values.json, 'scaling', machine, { ...settings, turns }, rows);
  } finally {
    set(-1);
    await convoy.close();
  }
}

if (isMainThread) await main(run);
else await accompany(workerData, parentPort);
