/**
 * Compares kernels: plain loops, cache-blocked ones and the same on the pool's threads, on GEMM, convolution and pooling, with the
 * shapes of text files. Each strategy is verified before it is timed, on the same inputs; they are timed by turns.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createConvoy } from '../dist/src/index.js';
import { digits, facts, factsLine, interleave, line, main, numberOption, options, ratioText, spreadText, threadsOption, PlainError, writeJson } from './harness.mjs';
import { parseShapes } from './shapes.mjs';
import { bind, checkAgree, lay, servedBy } from './verify.mjs';

const SHAPES = new URL('./shapes/', import.meta.url);
const REFERENCE = 'cpu-naive';
/** Plain loops reach about 1 GFLOP/s: above so many flops they are not timed, above so many they verify fewer images. */
const TIMED_FLOPS = 3e8;
const VERIFIED_FLOPS = 6e8;
const WIDTHS = [16, 34, -26, -8, -22];

const SPEC = {
  filter: { type: 'string', help: 'only cases whose line or op contains this text' },
  time: { type: 'string', default: '200', help: 'milliseconds for each strategy of a case (default 200; at least 5 turns)' },
  json: { type: 'string', help: 'also write the results to this file' },
  shapes: { type: 'string', help: 'this file of shapes instead of all under bench/shapes' },
  kernels: { type: 'string', default: 'cpu-tiled', help: 'the kernel set, alone and in the pool (default cpu-tiled)' },
  threads: { type: 'string', help: 'threads of the pool, e.g. 1,2 (default 1, 2, 4, … and the number of cores)' },
};

/** cpu-naive, the kernel set, and the pool with so many threads each, over one memory. The first is the reference. */
async function openStrategies(convoy, kernels, threads) {
  const strategies = [];
  const add = async (name, how) => strategies.push({ name, threads: how.threads ?? 1, backend: (await convoy.nn({ seed: 0, ...how })).backend });
  await add(REFERENCE, { backend: REFERENCE });
  await add(kernels, { backend: kernels });
  for (const count of threads) await add(`worker-pool ${count}`, { backend: 'worker-pool', kernels, threads: count });
  return strategies;
}

/**
 * Verifies one case on all strategies, then times it: a row for each that was timed.
 * @returns {{ strategy: string, set: string, kernel: string, flops: number, gflops: number, ms: ReturnType<import('./harness.mjs').summary> }[]} and more
 * @throws {Mismatch}
 */
export function runCase({ name, op, batch, unit, at }, strategies, time) {
  const what = `${op} (${name})`;
  const [reference, ...others] = strategies;
  const { flops } = at(1);
  const some = Math.min(batch, Math.max(1, Math.floor(VERIFIED_FLOPS / flops)));
  const full = at(batch);
  const timed = full.flops > TIMED_FLOPS ? others : strategies;
  const notes = [`verified against ${REFERENCE}${some < batch ? ` on ${some} of ${batch} ${unit}, against each other on all` : ''}`];
  if (timed === others) notes.push(`${REFERENCE} not timed: more than ${TIMED_FLOPS / 1e6} MFLOP`);

  if (some < batch) {
    const part = lay(reference, at(some));
    checkAgree(strategies, op, part, `${what}, ${some} of ${batch} ${unit}`);
    part.free();
  }
  const laid = lay(reference, full);
  checkAgree(some < batch ? others : strategies, op, laid, what);
  const bound = timed.map((strategy) => bind(strategy, op, laid));
  const times = interleave(bound, time);
  for (const { free } of bound) free();
  laid.free();
  return timed.map(({ name: strategy, threads, backend }, s) => ({
    case: name, op, strategy, threads, ...servedBy(backend, op), flops: full.flops, ...times[s],
    gflops: full.flops / times[s].ms.median / 1e6, base: timed[0].name, notes,
  }));
}

function readCases(file, filter) {
  const files = file === undefined ? readdirSync(SHAPES).filter((name) => name.endsWith('.txt')).map((name) => fileURLToPath(new URL(name, SHAPES))) : [file];
  const cases = files.flatMap((path) => {
    let text;
    try {
      text = readFileSync(path, 'utf8');
    } catch (cause) {
      throw new PlainError(`--shapes: ${cause.message}`, { cause });
    }
    return parseShapes(text, basename(path)).map((one) => ({ ...one, file: basename(path) }));
  }).filter(({ name, op }) => filter === undefined || `${name} ${op}`.includes(filter));
  if (cases.length === 0) throw new PlainError(`no case ${filter === undefined ? 'in the shape files' : `contains '${filter}'`}`);
  return cases;
}

async function run() {
  const { values } = options('npm run bench:kernels -- [options]', SPEC);
  const time = numberOption('time', values.time, 1);
  const threads = threadsOption(values.threads);
  const cases = readCases(values.shapes, values.filter);
  const machine = facts();
  console.log(factsLine(machine));
  console.log(`${line(WIDTHS, ['strategy', 'kernel', 'ms (p25–p75)', 'GFLOP/s', 'times the first'])}`);
  const convoy = createConvoy();
  try {
    const strategies = await openStrategies(convoy, values.kernels, threads);
    const rows = [];
    for (const one of cases) {
      const fresh = runCase(one, strategies, time);
      const [{ flops, notes }] = fresh;
      console.log(`\n${one.op}: ${one.name} (${one.file}, ${digits(flops / 1e6)} MFLOP; ${notes.join('; ')})`);
      for (const { strategy, set, kernel, fallback, ms, gflops, ratio } of fresh) {
        console.log(line(WIDTHS, [strategy, fallback ? `${kernel} of ${set}` : kernel, spreadText(ms), digits(gflops), ratioText(ratio)]));
      }
      rows.push(...fresh.map((row) => ({ file: one.file, ...row })));
    }
    writeJson(values.json, 'kernels', machine, { time, threads, filter: values.filter ?? null }, rows);
  } finally {
    await convoy.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(run);
