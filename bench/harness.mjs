/**
 * What all benchmarks share: facts about the machine, interleaved timing, statistics, lines of a table, JSON files, options.
 * Knows nothing of what is timed.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';

/** Turns that each strategy takes at least, however slow it is: fewer have no spread worth the name. */
const MIN_ROUNDS = 5;
/** The time of a strategy is cut into so many turns. */
const ROUNDS = 20;

/** An error that its message explains: shown without a stack. */
export class PlainError extends Error {}

/**
 * The options of the command line; unknown ones are refused. `spec` is parseArgs' table plus `help` for each option.
 * Prints the help and ends the process on --help.
 */
export function options(usage, spec, allowPositionals = false) {
  const { values, positionals } = parse(usage, spec, allowPositionals);
  if (values.help) {
    const lines = Object.entries(spec).map(([name, { help }]) => `  --${name.padEnd(10)} ${help}`);
    console.log([`usage: ${usage}`, ...lines].join('\n'));
    process.exit(0);
  }
  for (const file of [values.json, values.out]) if (file !== undefined) checkWritable(file);
  return { values, positionals };
}

/** Whether a file can be written shows before anything is measured. */
function checkWritable(file) {
  const fresh = !existsSync(file);
  try {
    closeSync(openSync(file, 'a'));
    if (fresh) rmSync(file);
  } catch (cause) {
    throw new PlainError(`${file} cannot be written: ${cause.message}`, { cause });
  }
}

function parse(usage, spec, allowPositionals) {
  try {
    return parseArgs({ options: { ...spec, help: { type: 'boolean' } }, allowPositionals, strict: true });
  } catch (error) {
    throw new PlainError(`${error.message}\nusage: ${usage}`, { cause: error });
  }
}

/** `text` as a number of at least `least`. */
export function numberOption(name, text, least) {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least)) throw new PlainError(`--${name}: '${text}' but a number of at least ${least} is required`);
  return value;
}

/** '1,2' as [1, 2]; without text 1, 2, 4, … and the number of cores. */
export function threadsOption(text) {
  const cores = availableParallelism();
  const list = text === undefined
    ? [...new Set([...Array.from({ length: Math.floor(Math.log2(cores)) + 1 }, (_, e) => 2 ** e), cores])]
    : text.split(',').map((part) => numberOption('threads', part, 1));
  if (!list.every(Number.isInteger)) throw new PlainError(`--threads: '${text}' but integers joined by commas are required`);
  return list;
}

export const threadsText = (count) => `${count} thread${count === 1 ? '' : 's'}`;

/** Runs a benchmark's main function; a PlainError, and what the library refuses, is printed as its message. */
export async function main(run) {
  try {
    await run();
  } catch (error) {
    console.error(error instanceof PlainError || error?.code?.startsWith?.('CVY_ARG') || error?.code === 'CVY_BACKEND_UNKNOWN' ? error.message : error);
    process.exitCode = 1;
  }
}

const git = (...args) => {
  const { status, stdout } = spawnSync('git', args, { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
};

/** What a figure depends on besides the code. `commit` ends in `+` when files differ from it. */
export function facts() {
  const commit = git('rev-parse', 'HEAD');
  return {
    date: new Date().toISOString(), cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: Math.round(loadavg()[0] * 100) / 100, platform: `${process.platform} ${process.arch}`, node: process.version, v8: process.versions.v8,
    flags: [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(' ').filter(Boolean)],
    commit: commit && commit + (git('status', '--porcelain') ? '+' : ''),
    build: JSON.parse(readFileSync(new URL('../dist/build.json', import.meta.url), 'utf8')).hash,
  };
}

export const factsLine = ({ cpu, cores, load, node, v8, flags, commit }) =>
  `${cpu}, ${cores} cores, load ${load}; Node ${node}, V8 ${v8}, flags ${flags.join(' ') || 'none'}; commit ${commit?.slice(0, 12) ?? 'unknown'}${commit?.endsWith('+') ? '+' : ''}`;

/** Which builds of kernel sets run in a convoy: `wasm-simd relaxed (turbo was not asked for)`. */
export const variantsOf = (convoy) => convoy.backends().filter(({ variant }) => variant).map(({ name, variant }) => ({ set: name, ...variant }));
export const variantsLine = (variants) => variants.map(({ set, name, why }) => `${set} ${name}${why ? ` (${why})` : ''}`).join('; ');

/** Quantile of sorted numbers, between the two nearest. */
export function quantile(sorted, q) {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}

/** Median and spread of samples, in their unit. */
export function summary(samples) {
  const sorted = Float64Array.from(samples).sort();
  const median = quantile(sorted, 0.5);
  return {
    median, min: sorted[0], p25: quantile(sorted, 0.25), p75: quantile(sorted, 0.75), max: sorted[sorted.length - 1],
    mad: quantile(sorted.map((sample) => Math.abs(sample - median)).sort(), 0.5), samples: sorted.length,
  };
}

/**
 * Times strategies `{ run }` by turns, so that what slows the machine down for a while slows all of them: `time` milliseconds
 * each, cut into turns of at least one call, after a warm-up.
 * Returns for each its milliseconds per call and, from the medians of the same turn, how many times as fast as the first it is.
 */
export function interleave(strategies, time) {
  for (const { run } of strategies) warmUp(run, time / 2);
  const bench = new Bench({ time: time / ROUNDS, iterations: 1, warmup: false, retainSamples: true, throws: true });
  strategies.forEach(({ run }, s) => bench.add(String(s), run, { async: false }));
  const samples = strategies.map(() => []);
  const turns = strategies.map(() => []);
  const spent = strategies.map(() => 0);
  for (let round = 0; round < MIN_ROUNDS || (round < ROUNDS && Math.min(...spent) < time); round++) {
    bench.reset();
    bench.runSync();
    bench.tasks.forEach(({ result: { latency, totalTime } }, s) => {
      samples[s].push(...latency.samples);
      turns[s].push(latency.p50);
      spent[s] += totalTime;
    });
  }
  return strategies.map((_, s) => ({ ms: summary(samples[s]), ratio: summary(turns[s].map((median, turn) => turns[0][turn] / median)) }));
}

function warmUp(run, time) {
  const end = performance.now() + time;
  do run();
  while (performance.now() < end);
}

/** Three significant digits, or all of those before the point. */
export const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
/** `1.93× (1.90–1.95)` */
export const ratioText = ({ median, p25, p75 }) => `${median.toFixed(2)}× (${p25.toFixed(2)}–${p75.toFixed(2)})`;
/** `12.3 (12.1–12.9)` */
export const spreadText = ({ median, p25, p75 }) => `${digits(median)} (${digits(p25)}–${digits(p75)})`;

/** A line of a table: cells padded to `widths`, numbers to the right (negative width). */
export const line = (widths, cells) => cells.map((cell, c) => (widths[c] < 0 ? String(cell).padStart(-widths[c]) : String(cell).padEnd(widths[c] ?? 0))).join('  ').trimEnd();

/** Writes what `bench:compare` reads. */
export function writeJson(file, bench, machine, settings, rows) {
  if (file === undefined) return;
  writeFileSync(file, `${JSON.stringify({ bench, machine, settings, rows }, null, 1)}\n`);
  console.log(`\nwritten to ${file}`);
}
