/**
 * Compares the strategies of strategies.mjs, on 1 to N threads, on GEMM, convolution and pooling, with the shapes of text files. Each
 * is verified before it is timed, on the same inputs; they are timed by turns.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createConvoy } from '../dist/src/index.js';
import { digits, facts, factsLine, interleave, line, main, numberOption, options, ratioText, spreadText, threadsOption, threadsText, PlainError, variantsLine, variantsOf, writeJson } from './harness.mjs';
import { parseShapes } from './shapes.mjs';
import { openStrategies, STRATEGIES } from './strategies.mjs';
import { bind, checkAgree, lay } from './verify.mjs';

const SHAPES = new URL('./shapes/', import.meta.url);
const REFERENCE = STRATEGIES[0].name;
/** Plain loops reach about 1 GFLOP/s: above so many flops they are not timed, above so many they verify fewer images. */
const TIMED_FLOPS = 3e8;
const VERIFIED_FLOPS = 6e8;
const WIDTHS = [10, -7, 42, -26, -8, -22];

/** Shapes that are taken by default; the large networks take many minutes. */
const SHORT = 'peers,cnn2,lenet,gemm';
const NAMES = STRATEGIES.map(({ name }) => name).join(',');

const SPEC = {
  filter: { type: 'string', help: 'only cases whose line or op contains this text' },
  time: { type: 'string', default: '200', help: 'milliseconds for each strategy of a case (default 200; at least 5 turns)' },
  json: { type: 'string', help: 'also write the results to this file' },
  shapes: { type: 'string', default: SHORT, help: `files of shapes, or names of those in bench/shapes, or all (default ${SHORT})` },
  kernels: { type: 'string', default: NAMES, help: `strategies: of ${NAMES} (default: all)` },
  threads: { type: 'string', help: 'threads, e.g. 1,2 (default 1, 2, 4, … and the number of cores)' },
  'no-turbo': { type: 'boolean', default: false, help: 'without the V8 flag that turbo: true sets' },
};

/**
 * Verifies one case on all strategies, then times it: a row for each that was timed.
 * @returns {{ strategy: string, set: string, kernel: string, flops: number, gflops: number, ms: ReturnType<import('./harness.mjs').summary> }[]} and more
 * @throws {Mismatch}
 */
export function runCase({ name, op, batch, unit, repeat, at }, strategies, time) {
  const what = `${op} (${name})`;
  const serving = strategies.filter(({ serves }) => serves(op));
  const [reference, ...others] = serving;
  const { flops } = at(1);
  const some = Math.min(batch, Math.max(1, Math.floor(VERIFIED_FLOPS / flops)));
  const full = at(batch);
  const timed = full.flops > TIMED_FLOPS ? others : serving;
  const notes = [`verified against ${REFERENCE}${some < batch ? ` on ${some} of ${batch} ${unit}, against each other on all` : ''}`];
  if (timed === others) notes.push(`${REFERENCE} not timed: more than ${TIMED_FLOPS / 1e6} MFLOP`);

  if (some < batch) {
    const part = lay(reference, at(some));
    checkAgree(serving, op, part, `${what}, ${some} of ${batch} ${unit}`);
    part.free();
  }
  const laid = lay(reference, full);
  checkAgree(some < batch ? others : serving, op, laid, what);
  const bound = timed.map((strategy) => bind(strategy, op, laid));
  const times = interleave(bound, time);
  const served = bound.map((one) => one.servedBy());
  for (const { free } of bound) free();
  laid.free();
  return timed.map(({ name: strategy, threads, precision }, s) => ({
    case: name, op, repeat, strategy, threads, precision, ...served[s], flops: full.flops, ...times[s],
    gflops: full.flops / times[s].ms.median / 1e6, base: `${timed[0].name}, ${threadsText(timed[0].threads)}`, notes,
  }));
}

/** A file, or the name of one in bench/shapes, or all of those. */
function filesOf(list) {
  const known = readdirSync(SHAPES).filter((name) => name.endsWith('.txt'));
  const path = (name) => fileURLToPath(new URL(name, SHAPES));
  if (list === 'all') return known.map(path);
  return list.split(',').map((name) => (known.includes(`${name}.txt`) ? path(`${name}.txt`) : name));
}

function readCases(list, filter) {
  const cases = filesOf(list).flatMap((path) => {
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
  const kernels = values.kernels.split(',');
  const unknown = kernels.find((name) => !NAMES.split(',').includes(name));
  if (unknown !== undefined) throw new PlainError(`--kernels: '${unknown}' but names of ${NAMES} are required`);
  const cases = readCases(values.shapes, values.filter);
  const turbo = !values['no-turbo'];
  const convoy = createConvoy();
  try {
    const strategies = await openStrategies(convoy, kernels, threads, turbo);
    const machine = facts();
    const variants = variantsOf(convoy);
    console.log(`${factsLine(machine)}\nturbo: ${turbo}; ${variantsLine(variants)}`);
    for (const { name, about } of STRATEGIES) if (kernels.includes(name)) console.log(`  ${name.padEnd(10)}${about}`);
    console.log(`\n${line(WIDTHS, ['strategy', 'threads', 'kernel', 'ms (p25–p75)', 'GFLOP/s', 'times the first'])}`);
    const rows = [];
    for (const one of cases) {
      const fresh = runCase(one, strategies, time);
      const [{ flops, notes }] = fresh;
      console.log(`\n${one.op}: ${one.name} (${one.file}, ${digits(flops / 1e6)} MFLOP; ${notes.join('; ')})`);
      for (const { strategy, threads: count, set, kernel, fallback, ms, gflops, ratio } of fresh) {
        console.log(line(WIDTHS, [strategy, count, fallback ? `${kernel} of ${set}` : kernel, spreadText(ms), digits(gflops), ratioText(ratio)]));
      }
      rows.push(...fresh.map((row) => ({ file: one.file, ...row })));
    }
    writeJson(values.json, 'kernels', machine, { time, threads, turbo, variants, filter: values.filter ?? null }, rows);
  } finally {
    await convoy.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(run);
