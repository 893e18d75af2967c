/**
 * Convoy beside other libraries in one interleaved run: matrix product and convolutions, training steps and inference. A child process
 * for each library and number of threads; only one of them works at a time, and each takes its turn in every round. What a child computes
 * is compared with cpu-tiled before it is timed. The libraries are a package of their own, bench/peers; what is not installed is left out.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as rest } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createConvoy, scope } from '../dist/src/index.js';
import { digits, facts, factsLine, line, main, numberOption, options, ratioText, spreadText, summary, threadsOption, threadsText, PlainError, writeJson } from './harness.mjs';
import { batches, MODELS } from './models.mjs';
import { decode, encode } from './peers/child.mjs';
import { parseShapes } from './shapes.mjs';
import { open as openModel, RATE } from './train.mjs';
import { bind, difference, lay } from './verify.mjs';

const SHAPES = new URL('./shapes/peers.txt', import.meta.url);
/** Turns of each child in a case; fewer, but at least so many, for one that takes long. */
const ROUNDS = 12;
const MIN_ROUNDS = 3;
/** Milliseconds before a turn, in which threads of others that poll after their work go to sleep. */
const REST = 15;
const BATCH = 100;
const BATCHES = 4;
/** Losses that are compared: the second depends on the gradients of the first step. */
const STEPS = 2;
/** Relative to the largest magnitude. A step changes the loss by a hundredth, so that its gradients are held to a few thousandths. */
const TOLERANCE = { train: 2e-5, other: 1e-4 };
/** Milliseconds: a child whose first run took longer has one turn only. */
const PATIENCE = 20_000;
const WIDTHS = [14, -7, -26, -12, -22, -22];

const node = (file, argument) => (threads) => [process.execPath, [...process.execArgv, fileURLToPath(new URL(`./peers/${file}`, import.meta.url)), JSON.stringify({ threads, rate: RATE, ...argument })]];
const python = (file) => (threads, interpreter) => [interpreter, [fileURLToPath(new URL(`./peers/${file}`, import.meta.url)), JSON.stringify({ threads, rate: RATE })]];

/** Name → how to start the child. `single`: it uses one thread in Node, so it is compared with Convoy on every number of threads. */
const PEERS = {
  'convoy-turbo': { start: node('convoy.mjs', { turbo: true, precision: 'high' }), own: true },
  'convoy': { start: node('convoy.mjs', { turbo: false, precision: 'high' }), own: true },
  'tfjs-cpu': { start: node('tfjs.mjs', { backend: 'cpu' }), single: true },
  'tfjs-wasm': { start: node('tfjs.mjs', { backend: 'wasm' }), single: true },
  'jax-js': { start: node('jax.mjs', {}), single: true },
  'ort-web': { start: node('ort.mjs', { runtime: 'web' }) },
  'ort-node': { start: node('ort.mjs', { runtime: 'node' }) },
  'pytorch': { start: python('pytorch.py') },
};
const NAMES = Object.keys(PEERS).join(',');

const SPEC = {
  filter: { type: 'string', default: '', help: 'only cases that contain this text: conv, gemm, train, infer, a shape, a model' },
  peers: { type: 'string', default: NAMES, help: `of ${NAMES} (default: all)` },
  threads: { type: 'string', default: '1,2', help: 'threads (default 1,2)' },
  time: { type: 'string', default: '1000', help: `milliseconds for each peer of a case (default 1000; at least ${MIN_ROUNDS} turns)` },
  python: { type: 'string', help: 'a Python that can import torch (default: the first of python3 and /usr/bin/python3 that can)' },
  json: { type: 'string', help: 'also write the results to this file' },
  'no-turbo': { type: 'boolean', default: false, help: 'without Convoy under the V8 flag that turbo: true sets' },
};

/** A child process: `ask` sends a request and settles with the answer. */
class Child {
  #waiting = null;
  #noise = '';
  #process;

  constructor(name, threads, [command, args]) {
    Object.assign(this, { name, threads });
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.on('data', (text) => (this.#noise = (this.#noise + text).slice(-2000)));
    this.#process.stdin.on('error', () => undefined);
    createInterface({ input: this.#process.stdout }).on('line', (text) => {
      try {
        this.#settle(decode(text));
      } catch {
        this.#noise += text;
      }
    });
    this.#process.on('error', (error) => this.#settle({ missing: `${command}: ${error.message}` }));
    this.#process.on('close', (code, signal) => this.#settle({ failed: `ended with ${signal ?? code}: ${/^.*Error.*$/m.exec(this.#noise)?.[0] ?? this.#noise.trim().split('\n').at(-1)}` }));
    this.greeting = this.#answer();
  }

  #answer() {
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  #settle(answer) {
    this.#waiting?.(answer);
    this.#waiting = null;
  }

  ask(request) {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return Promise.resolve({ failed: 'its process has ended' });
    const answer = this.#answer();
    this.#process.stdin.write(`${encode(request)}\n`);
    return answer;
  }

  end() {
    this.#process.stdin.end();
    this.#process.kill();
  }
}

/** Starts a peer on so many threads; null, and a line of why, if it cannot run here. */
async function start(name, threads, interpreters) {
  let why = '';
  for (const interpreter of name === 'pytorch' ? interpreters : ['']) {
    const child = new Child(name, threads, PEERS[name].start(threads, interpreter));
    const { ready, missing, failed } = await child.greeting;
    if (ready) return { child, version: ready.version };
    child.end();
    why = missing ?? failed;
  }
  return { child: null, why };
}

/** The cases: what is sent to children, what the answer must be, and what its speed is counted in. */
async function* casesOf(convoy, filter) {
  const reference = { name: 'cpu-tiled', backend: (await convoy.nn({ backend: 'cpu-tiled' })).backend };
  for (const { name, op, batch, at } of parseShapes(readFileSync(SHAPES, 'utf8'), 'peers.txt')) {
    if ((op !== 'conv' && op !== 'matmul') || !`${op} ${name}`.includes(filter)) continue;
    const { flops, operands } = at(batch);
    const laid = lay(reference, { operands });
    const bound = bind(reference, op, laid);
    const wanted = bound.read();
    bound.free();
    laid.free();
    // Operands are: two inputs, no bias, the output, numbers.
    yield { op, title: name, problem: { op, inputs: operands.slice(0, 2), numbers: operands.slice(4) }, wanted, flops, tolerance: TOLERANCE.other };
  }
  const data = batches(BATCHES, BATCH);
  for (const [op, model] of [['train', 'cnn2'], ['train', 'mlp'], ['infer', 'cnn2']]) {
    const title = `${model} (${MODELS[model].title}), batch ${BATCH}`;
    if (!`${op} ${title}`.includes(filter)) continue;
    const nn = await convoy.nn({ backend: 'cpu-tiled', seed: 0 });
    yield scope(() => {
      const opened = openModel(nn, model, data);
      const weights = Object.fromEntries(Object.entries(opened.model.stateDict()).map(([key, tensor]) => [key, { shape: [...tensor.shape], data: tensor.dataSync() }]));
      const wanted = [op === 'train' ? Float32Array.from({ length: STEPS }, () => opened.train().item()) : opened.infer().dataSync()];
      const problem = { op, model, weights, steps: STEPS, batches: data.map(({ pixels, labels }) => ({ pixels, labels: [...labels] })) };
      return { op, title, problem, wanted, images: BATCH, tolerance: op === 'train' ? TOLERANCE.train : TOLERANCE.other };
    });
  }
}

/**
 * Opens the case in every child and compares its outputs.
 * @returns those that are right; the reasons of the others are in `notes`
 */
async function verified(children, { problem, wanted, tolerance }, notes) {
  const right = [];
  for (const child of children) {
    const begun = performance.now();
    const { outputs, unable, failed } = await child.ask({ ask: 'open', problem });
    const differs = outputs && outputs.map((values, o) => difference(values, wanted[o], tolerance)).find((text) => text !== null);
    child.slow = (performance.now() - begun) / (problem.steps ?? 1) > PATIENCE;
    if (outputs && !differs) right.push(child);
    if (outputs && !differs && child.slow) notes.push(`${child.name} had one turn only: a run takes more than ${PATIENCE / 1000} s`);
    if (!outputs || differs) notes.push(`${child.name} on ${threadsText(child.threads)} was not timed: ${differs ? `wrong, ${differs} (cpu-tiled)` : unable ?? failed}`);
  }
  return right;
}

/**
 * Times children by turns, `time` milliseconds each. (They are `{ name, threads, slow, ask }`.)
 * @returns for each child: `all` milliseconds, and `turns`, the median of each turn
 */
export async function takeTurns(children, time) {
  const taken = children.map(() => ({ all: [], turns: [], spent: 0 }));
  const turn = async (child, ms) => {
    await rest(REST);
    const { samples, failed } = await child.ask({ ask: 'sample', ms });
    if (!samples) throw new PlainError(`${child.name} on ${threadsText(child.threads)}: ${failed}`);
    return samples;
  };
  for (const child of children) if (!child.slow) await turn(child, time / 4);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [c, child] of children.entries()) {
      const of = taken[c];
      if (round >= (child.slow ? 1 : MIN_ROUNDS) && of.spent >= time) continue;
      const samples = await turn(child, time / ROUNDS);
      of.all.push(...samples);
      of.turns[round] = summary(samples).median;
      of.spent += samples.reduce((sum, ms) => sum + ms, 0);
    }
  }
  return taken;
}

/** How many times as fast as `other` Convoy is, over the rounds that both took part in. */
const ratioOf = (own, other) => summary(other.turns.flatMap((ms, round) => (own.turns[round] === undefined ? [] : [ms / own.turns[round]])));

/**
 * Rows of one case: each timed child, and how Convoy stands to it.
 * @param {{ op: string, title: string, flops?: number, images?: number }} one
 */
export function rowsOf({ op, title, flops, images }, children, taken, machineNotes) {
  return children.map(({ name, threads }, c) => {
    const ms = summary(taken[c].all);
    const { own, single } = PEERS[name];
    const ratios = own ? [] : children.flatMap((mine, m) => (!PEERS[mine.name].own || (!single && mine.threads !== threads) ? [] : [{ of: mine.name, threads: mine.threads, ...ratioOf(taken[m], taken[c]) }]));
    return {
      case: title, op, strategy: name, threads, ms, ratios, notes: machineNotes,
      ...(flops ? { flops, gflops: flops / ms.median / 1e6 } : { imagesPerSecond: (1000 * images) / ms.median }),
    };
  });
}

function print({ op, title, notes, rows, threads }) {
  console.log(`\n${op}: ${title}`);
  for (const note of notes) console.log(`  ${note}`);
  const unit = rows[0]?.gflops === undefined ? 'images/s' : 'GFLOP/s';
  for (const count of threads) {
    const shown = rows.filter((row) => row.threads === count || PEERS[row.strategy].single);
    const columns = Object.keys(PEERS).filter((name) => PEERS[name].own && shown.some(({ strategy }) => strategy === name));
    console.log(line(WIDTHS, [threadsText(count), 'its own', 'ms (p25–p75)', unit, ...columns.map((name) => `${name} is`)]));
    for (const { strategy, threads: its, ms, ratios, gflops, imagesPerSecond } of shown) {
      const cells = columns.map((name) => ratios.find((ratio) => ratio.of === name && ratio.threads === count)).map((ratio) => (ratio ? ratioText(ratio) : ''));
      console.log(line(WIDTHS, [strategy, its, spreadText(ms), gflops === undefined ? imagesPerSecond.toFixed(0) : digits(gflops), ...cells]));
    }
  }
}

async function run() {
  const { values } = options('npm run bench:peers -- [options]', SPEC);
  const time = numberOption('time', values.time, 1);
  const threads = threadsOption(values.threads);
  const names = values.peers.split(',');
  const unknown = names.find((name) => !Object.hasOwn(PEERS, name));
  if (unknown !== undefined) throw new PlainError(`--peers: '${unknown}' but names of ${NAMES} are required`);
  const machine = facts();
  console.log(factsLine(machine));
  const children = [];
  const versions = {};
  const convoy = createConvoy();
  try {
    for (const name of names) {
      if (name === 'convoy-turbo' && values['no-turbo']) continue;
      for (const count of PEERS[name].single ? [1] : threads) {
        const { child, version, why } = await start(name, count, values.python === undefined ? ['python3', '/usr/bin/python3'] : [values.python]);
        if (child) children.push(child);
        else console.log(`left out: ${name} (${why})`);
        if (!child) break;
        if (version) versions[name] = version;
      }
    }
    if (names.some((name) => !PEERS[name].own && !children.some((child) => child.name === name))) {
      console.log('install with npm ci --prefix bench/peers; PyTorch with pip, and --python PATH');
    }
    console.log(Object.entries(versions).map((pair) => pair.join(' ')).join(', '));
    const rows = [];
    for await (const one of casesOf(convoy, values.filter)) {
      const notes = [];
      const right = await verified(children, one, notes);
      const taken = await takeTurns(right, time);
      const fresh = rowsOf(one, right, taken, notes);
      for (const child of children) await child.ask({ ask: 'close' });
      print({ ...one, notes, rows: fresh, threads });
      rows.push(...fresh);
    }
    if (rows.length === 0) throw new PlainError(`no case contains '${values.filter}'`);
    writeJson(values.json, 'peers', machine, { time, threads, turbo: !values['no-turbo'], versions, filter: values.filter }, rows);
  } finally {
    for (const child of children) child.end();
    await convoy.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(run);
