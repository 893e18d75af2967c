/**
 * Latency of one fork and join of the pool: a caller and one resident worker, kernels of two pieces that do nothing.
 * Three answers: joins of trivial pieces in which the worker took one; the plain mean of all of them; joins that cannot end
 * without the worker.
 */
import { createCrew } from '../dist/backends/worker-pool/index.js';
import { DEFAULT_SETTINGS } from '../dist/src/backend/index.js';
import { Heap } from '../dist/src/memory/heap.js';
import { pathToFileURL } from 'node:url';
import { facts, factsLine, line, main, numberOption, options, summary, writeJson } from './harness.mjs';
import { ADDS, kernels, SEAT_WORDS } from './forkJoinKernels.mjs';

const SPEC = {
  joins: { type: 'string', default: '100000', help: 'joins in one repetition (default 100000)' },
  repeat: { type: 'string', default: '10', help: 'repetitions of each, by turns (default 10)' },
  json: { type: 'string', help: 'also write the results to this file' },
};
/** The caller's threadId is 0, and kernels write one more. */
const CALLER = 1;

/** Milliseconds of each join by the clock, and in how many the worker took part. */
function timeJoins(crew, i32, kernel, argsOf, ptr, joins) {
  const all = new Float64Array(joins);
  const taken = [];
  for (let k = 0; k < joins; k++) {
    const args = argsOf(k);
    const begin = performance.now();
    crew.run(kernel, args);
    const time = performance.now() - begin;
    all[k] = time;
    if (i32[ptr / 4] !== CALLER || i32[ptr / 4 + 1] !== CALLER) taken.push(time);
  }
  return { all, taken };
}

/** Gives `use` a crew of two at work: its heap, `of(op)` for the two kernels, and a pointer for what they write. */
async function withCrew(use) {
  const heap = new Heap(1 << 26);
  const crew = createCrew(heap);
  try {
    await crew.resize(2);
    await crew.load([{ name: 'fork-join', url: new URL('./forkJoinKernels.mjs', import.meta.url).href, settings: DEFAULT_SETTINGS }]);
    const ptr = heap.alloc(64);
    const seats = heap.alloc(4 * SEAT_WORDS * (SEATS + 1));
    use({ crew, ptr, seats, i32: heap.views.i32, f64: heap.views.f64, of: (op) => ({ op, dtype: 'int32', kernel: kernels[op].int32, set: 0, setName: 'fork-join' }) });
    for (const block of [ptr, seats]) heap.free(block);
  } finally {
    await crew.close();
  }
}

/** Runs joins that need the worker until it has arrived, through an event loop of its own, and both sides are compiled. */
function warmUp(meeting) {
  const end = performance.now() + 2000;
  while (meeting(1000).taken.length < 1000 && performance.now() < end);
}

/** Seats that are looked at for `workerMs`. */
const SEATS = 63;

/**
 * What a fork and join takes: `joinMs`, median of those of two threads that cannot end without the worker; and `workerMs` for each further worker, whose seat
 * the caller looks at twice (fork and join) while another processor has written it, and who claims from the same word as all others.
 */
export async function forkJoinCosts(joins = 20_000) {
  const costs = { joinMs: 0, workerMs: 0 };
  await withCrew(({ crew, i32, f64, of, ptr, seats }) => {
    let turn = 0;
    const meeting = (count) => timeJoins(crew, i32, of('copy'), () => [ptr, ++turn], ptr, count);
    warmUp(meeting);
    costs.joinMs = summary(meeting(joins).all).median;
    const [looks, adds] = [[], []];
    for (let k = 0; k < joins / 10; k++) {
      crew.run(of('add'), [ptr, ++turn, seats, SEATS]);
      const begin = performance.now();
      for (let seat = 0; seat < SEATS; seat++) if (Atomics.load(i32, seats / 4 + seat * SEAT_WORDS) !== turn) break;
      looks.push((performance.now() - begin) / SEATS);
      adds.push(f64[(ptr + 16) / 8] / (2 * ADDS));
    }
    costs.workerMs = 2 * summary(looks).median + summary(adds).median;
  });
  return costs;
}

async function run() {
  const { values } = options('npm run bench:pool -- [options]', SPEC);
  const joins = Math.floor(numberOption('joins', values.joins, 100));
  const repeat = Math.floor(numberOption('repeat', values.repeat, 1));
  const machine = facts();
  console.log(factsLine(machine));
  await withCrew(({ crew, i32, of, ptr }) => {
    let turn = 0;
    const trivial = (count) => timeJoins(crew, i32, of('fill'), () => [ptr], ptr, count);
    const meeting = (count) => timeJoins(crew, i32, of('copy'), () => [ptr, ++turn], ptr, count);
    // Without a clock around each join, as the mean of many: what a loop of small ops pays.
    const plain = (count) => {
      const begin = performance.now();
      for (let k = 0; k < count; k++) crew.run(of('fill'), [ptr]);
      return (performance.now() - begin) / count;
    };
    warmUp(meeting);
    plain(joins);
    trivial(joins);

    const found = { took: [], means: [], met: [], joins: 0 };
    const medians = { took: [], met: [] };
    for (let r = 0; r < repeat; r++) {
      found.means.push(plain(joins));
      const { taken } = trivial(joins);
      found.joins += joins;
      for (const time of taken) found.took.push(time);
      if (taken.length > 0) medians.took.push(summary(taken).median);
      const met = meeting(joins).taken;
      for (const time of met) found.met.push(time);
      if (met.length > 0) medians.met.push(summary(met).median);
    }
    const rows = [
      ['joins in which the worker took a piece', found.took, medians.took, found.took.length / found.joins],
      ['joins that wait for the worker', found.met, medians.met, found.met.length / found.joins],
      ['plain mean over all joins', found.means, found.means, null],
    ].filter(([, samples]) => samples.length > 0).map(([name, samples, repetitions, share]) => ({
      case: name, op: 'fork and join', strategy: 'worker-pool 2', threads: 2, ms: summary(samples), bestMs: Math.min(...repetitions), share,
    }));
    const us = (ms) => (1000 * ms).toFixed(2);
    const widths = [40, -9, -9, -15, -9, -9];
    console.log(`\n${line(widths, ['µs', 'median', 'best', 'p25–p75', 'max', 'share'])}`);
    for (const { case: name, ms, bestMs, share } of rows) {
      console.log(line(widths, [name, us(ms.median), us(bestMs), `${us(ms.p25)}–${us(ms.p75)}`, us(ms.max), share === null ? '' : `${(100 * share).toFixed(1)} %`]));
    }
    console.log(`\n${repeat} repetitions of ${joins} joins; best: the least median (or mean) of a repetition; share: of joins in which the worker ran a piece.`);
    console.log('The first two include two readings of the clock.');
    writeJson(values.json, 'pool', machine, { joins, repeat }, rows);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(run);
