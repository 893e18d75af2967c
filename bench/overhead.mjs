/**
 * What the engine costs besides its kernels: an eager op on 16 elements recorded for autograd, the making of a convoy in fresh processes,
 * the dispatch of a training step (the same step on kernels that do nothing), and the resident memory of a training.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { API, defineBackend } from '../dist/src/backend/index.js';
import { createConvoy, scope } from '../dist/src/index.js';
import { digits, facts, factsLine, interleave, line, main, numberOption, options, PlainError, spreadText, summary, writeJson } from './harness.mjs';
import { batches } from './models.mjs';
import { open } from './train.mjs';

const WIDTHS = [34, -24, 44];
/** Operations in a row between two passes of backward, which lets go of what they saved. */
const CHAIN = 100;
const PROCESSES = 7;
const STEPS = [['cnn2', 1], ['cnn2', 100], ['mlp', 100]];

const SPEC = {
  filter: { type: 'string', help: 'only of ops, create, steps, memory those whose name contains this text' },
  time: { type: 'string', default: '600', help: 'milliseconds for each strategy (default 600)' },
  kernels: { type: 'string', default: 'wasm-simd', help: 'the kernel set (default wasm-simd)' },
  json: { type: 'string', help: 'also write the results to this file' },
};

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const node = (args) => JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim().split('\n').at(-1));

/** Microseconds of one recorded op, forward; backward runs between the samples. */
async function ops(convoy, { time, kernels }) {
  const nn = await convoy.nn({ backend: kernels, seed: 0 });
  const [x, y] = [nn.rand(16).requiresGrad_(), nn.rand(16).requiresGrad_()];
  const [a, b] = [nn.rand(4, 4).requiresGrad_(), nn.rand(4, 4).requiresGrad_()];
  const chains = { add: [x, (t) => t.add(y)], mul: [x, (t) => t.mul(y)], relu: [x, (t) => t.relu()], 'matmul 4×4': [a, (t) => t.matmul(b)] };
  return Object.entries(chains).map(([name, [start, op]]) => {
    const samples = [];
    const chain = (kept) => scope(() => {
      let last = start;
      const began = performance.now();
      for (let i = 0; i < CHAIN; i++) last = op(last);
      if (kept) samples.push(((performance.now() - began) * 1000) / CHAIN);
      last.sum().backward();
      for (const leaf of [x, y, a, b]) leaf.grad = null;
    });
    for (const [kept, end] of [[false, performance.now() + time / 2], [true, performance.now() + 1.5 * time]]) while (performance.now() < end) chain(kept);
    return { case: `op: ${name}, recorded`, unit: 'µs', ...summary(samples) };
  });
}

/** Milliseconds from createConvoy() to the first result on the pool, in fresh processes. */
function create() {
  const samples = Array.from({ length: PROCESSES }, () => node([here('overheadCreate.mjs'), '2']));
  return [['createMs', 'create: convoy, pool of 2, first op'], ['importMs', 'create: import of convoy-nn before']].map(([key, name]) => ({ case: name, unit: 'ms', ...summary(samples.map((sample) => sample[key])) }));
}

/** The training step of bench/train.mjs on so many images. */
const stepOf = (nn, name, size) => {
  const { train } = open(nn, name, batches(1, size));
  return () => scope(() => void train());
};

/** The same step on the kernel set, in one thread, and on kernels that do nothing. */
async function steps(convoy, { time, kernels }) {
  const [real, empty] = [await convoy.nn({ backend: kernels, seed: 0 }), await convoy.nn({ backend: 'nothing', seed: 0 })];
  return STEPS.flatMap(([name, size]) => {
    const [whole, bare] = interleave([{ name: kernels, run: stepOf(real, name, size) }, { name: 'nothing', run: stepOf(empty, name, size) }], time);
    const share = `${((100 * bare.ms.median) / whole.ms.median).toFixed(1)} % of the step`;
    return [{ case: `step: ${name}, batch ${size}`, unit: 'ms', ...whole.ms }, { case: `step: ${name}, batch ${size}, engine`, unit: 'ms', ...bare.ms, note: share, share: bare.ms.median / whole.ms.median }];
  });
}

/** Largest resident size of a process that trains. */
function memory() {
  const { rss } = node([here('overheadMemory.mjs')]);
  return [{ case: 'memory: an epoch of cnn2, batch 100', unit: 'MiB', ...summary([rss / 2 ** 20]) }];
}

const PARTS = { ops, create, steps, memory };

async function run() {
  const { values } = options('npm run bench:overhead -- [options]', SPEC);
  const settings = { time: numberOption('time', values.time, 1), kernels: values.kernels };
  const parts = Object.entries(PARTS).filter(([name]) => values.filter === undefined || name.includes(values.filter));
  if (parts.length === 0) throw new PlainError(`no name contains '${values.filter}': ${Object.keys(PARTS).join(', ')}`);
  const machine = facts();
  console.log(factsLine(machine));
  const convoy = createConvoy({ plugins: [defineBackend({ name: 'nothing', api: API, kernels: new URL('./nothingKernels.mjs', import.meta.url), determinism: 'bitwise' })] });
  const rows = [];
  try {
    for (const [, part] of parts) {
      for (const row of await part(convoy, settings)) {
        console.log(line(WIDTHS, [row.case, `${row.samples > 1 ? spreadText(row) : digits(row.median)} ${row.unit}`, row.note ?? '']));
        rows.push(row);
      }
    }
  } finally {
    await convoy.close();
  }
  writeJson(values.json, 'overhead', machine, settings, rows);
}

await main(run);
