/**
 * How the pool would keep 1 to 64 threads busy on a network's shapes: the real pieces of the real kernels, those of each claim timed on this
 * machine on one thread, handed out by the pool's own rule to simulated threads, with a barrier and the measured cost of a fork and join
 * after each phase. What it leaves out: that threads share memory bandwidth and caches.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { claimAt, CLAIMS_PER_THREAD, cutFor } from '../dist/backends/worker-pool/control.js';
import * as tiled from '../dist/backends/cpu-tiled/kernels.js';
import { choose, create } from '../dist/backends/wasm-simd/kernels.js';
import { kernelName } from '../dist/src/backend/index.js';
import { Heap } from '../dist/src/memory/heap.js';
import { forkJoinCosts } from './forkJoin.mjs';
import { digits, facts, factsLine, line, main, numberOption, options, PlainError, summary, writeJson } from './harness.mjs';
import { parseShapes } from './shapes.mjs';
import { lay } from './verify.mjs';

const THREADS = [1, 2, 4, 8, 16, 32, 64];
/** Claims of a phase that are timed; of more, so many evenly spread ones, and the others cost what their nearest neighbour does. */
const TIMED = 128;
const SPEC = {
  shapes: { type: 'string', default: fileURLToPath(new URL('./shapes/resnet50.txt', import.meta.url)), help: 'file of shapes (default bench/shapes/resnet50.txt)' },
  filter: { type: 'string', default: '', help: 'only cases whose line or op contains this text' },
  batch: { type: 'string', default: '8', help: 'images (default 8; rows of a matrix product too)' },
  repeat: { type: 'string', default: '3', help: 'times that each piece is timed; the least counts (default 3)' },
  out: { type: 'string', help: 'write the table as Markdown to this file' },
  json: { type: 'string', help: 'also write the results to this file' },
  'no-turbo': { type: 'boolean', default: false, help: 'without the V8 flag that turbo: true sets' },
};

/** Threads that take part, and how they claim pieces: what worker-pool does. The size of a coarse claim tells all ways to claim a phase's pieces apart. */
export function handOut(pieces, threads) {
  const working = Math.min(threads, pieces);
  return { working, cut: working <= 1 ? { pieces, claims: Math.min(1, pieces), coarse: 1, grain: pieces, fine: 1 } : cutFor(pieces, working) };
}

/**
 * One phase: claims in their order, each to the thread that is free first.
 * @param {ArrayLike<number>} costs of the claims
 * @returns {{ end: number, busy: number }} when the last thread is done, and the work of all
 */
export function schedule(costs, threads) {
  const free = new Float64Array(threads);
  let busy = 0;
  for (let c = 0; c < costs.length; c++) {
    let first = 0;
    for (let t = 1; t < threads; t++) if (free[t] < free[first]) first = t;
    free[first] += costs[c];
    busy += costs[c];
  }
  return { end: free.reduce((latest, time) => Math.max(latest, time), 0), busy };
}

/**
 * Simulates an op of `phases`, each a number of `pieces` and the milliseconds of `claims`, of which coarse ones are of so many pieces. A fork and join of two
 * threads takes `joinMs`, and each further worker `workerMs`.
 * @param {{ pieces: number, claims: (grain: number) => ArrayLike<number> }[]} phases
 * @returns for each number of threads: `ms`, `balance` (busy ÷ threads' time up to the barriers), `efficiency` against one thread
 */
export function simulate(phases, { joinMs, workerMs }, threads = THREADS) {
  const at = (count) => {
    let [ms, barriers, busy] = [0, 0, 0];
    for (const { pieces, claims } of phases) {
      if (pieces === 0) continue;
      const { working, cut } = handOut(pieces, count);
      const { end, busy: work } = schedule(claims(cut.grain), working);
      ms += end + (working > 1 ? joinMs + (working - 2) * workerMs : 0);
      barriers += end;
      busy += work;
    }
    return { threads: count, ms, balance: busy / (count * barriers) };
  };
  // The least of all ways to claim: whatever is timed in smaller parts or later than the whole is not faster for it.
  const sum = (costs) => costs.reduce((a, b) => a + b, 0);
  const one = phases.filter(({ pieces }) => pieces > 0).reduce((ms, { pieces, claims }) => ms + Math.min(...threads.map((count) => sum(claims(handOut(pieces, count).cut.grain)))), 0);
  return threads.map((count) => (count === 1 ? { threads: 1, ms: one, balance: 1 } : at(count))).map((result) => ({ ...result, efficiency: one / (result.threads * result.ms) }));
}

/** A backend of one thread over a heap, only so far as verify.mjs needs it, that shows its kernels. */
function openKernels(wishes) {
  const heap = new Heap();
  const variant = choose(wishes);
  const tables = [create(heap.views.memory, { ...wishes, variant }), tiled.kernels];
  const kernelOf = (op) => tables.find((table) => table[op]?.float32)[op].float32;
  const memory = { alloc: (bytes) => heap.alloc(bytes), free: (ptr) => heap.free(ptr), write: (...args) => heap.write(...args), read: (...args) => heap.read(...args) };
  const withWorkspace = (kernel, args, use) => {
    const { shared = 0, own = 0 } = kernel.workspace?.(args) ?? {};
    const [a, b] = [shared, own].map((bytes) => (bytes > 0 ? heap.alloc(bytes) : 0));
    use({ shared: a, own: b });
    for (const ptr of [a, b]) if (ptr > 0) heap.free(ptr);
  };
  const phasesOf = (kernel) => Array.from({ length: kernel.phases ?? 1 }, (_, phase) => phase);
  const runAll = (kernel, args, work) => {
    for (const phase of phasesOf(kernel)) kernel.run(heap.views, args, 0, kernel.pieces(args, phase), { ...work, phase });
  };
  const run = (op, _dtype, args) => withWorkspace(kernelOf(op), args, (work) => runAll(kernelOf(op), args, work));
  return { variant, memory, run, kernelOf, withWorkspace, phasesOf, runAll, views: heap.views };
}

/** How long the claims of each phase of a case take for each number of threads: the least of `repeat` turns over all of them. */
function measure(host, { op, at }, batch, repeat, use) {
  const { operands, flops } = at(batch);
  const laid = lay({ name: 'wasm-simd', backend: host }, { operands });
  const outputs = [];
  // As bind() in verify.mjs, but what matters here is the kernel itself.
  const args = laid.args.map((arg) => {
    if (arg?.dtype === undefined) return arg;
    outputs.push(host.memory.alloc(4 * arg.length));
    return outputs.at(-1);
  });
  const kernel = host.kernelOf(op);
  host.withWorkspace(kernel, args, (work) => {
    const time = (run) => {
      const start = performance.now();
      run();
      return performance.now() - start;
    };
    // Has the kernel compiled, and gives later phases what they read.
    for (let turn = 0; turn < 2; turn++) host.runAll(kernel, args, work);
    const phases = host.phasesOf(kernel).map((phase) => {
      const pieces = kernel.pieces(args, phase);
      const ways = new Map(THREADS.map((count) => handOut(pieces, count).cut).map((cut) => [cut.grain, { cut, costs: new Float64Array(cut.claims).fill(Infinity) }]));
      return { pieces, ways, claims: (grain) => ways.get(grain).costs };
    });
    // By turns, so that what disturbs one moment does not pass for a slow piece.
    for (let turn = 0; turn < repeat; turn++) {
      phases.forEach(({ ways }, phase) => {
        for (const { cut, costs } of ways.values()) {
          for (const [first, end] of [[0, Math.min(cut.coarse, cut.claims)], [cut.coarse, cut.claims]]) {
            const step = Math.max(1, (end - first) / TIMED);
            for (let c = first; c < end; c += step) {
              const claim = Math.floor(c);
              const ms = time(() => kernel.run(host.views, args, claimAt(claim, cut), claimAt(claim + 1, cut), { ...work, phase }));
              costs.fill(Math.min(costs[claim], ms), claim, Math.min(end, Math.floor(c + step)));
            }
          }
        }
      });
    }
    use({ phases, kernel: kernelName(kernel, args) ?? op, flops });
  });
  for (const ptr of outputs) host.memory.free(ptr);
  laid.free();
}

const piecesText = (pieces) => `${pieces.join(', ')}${Math.max(...pieces) > TIMED ? ' *' : ''}`;
const micro = (ms) => (1000 * ms).toFixed(2);
const percent = (share) => `${Math.round(100 * share)} %`;

/** Sums over the layers of a network, forward, backward and both. */
export function totalsOf(rows) {
  const backward = ({ op }) => /Grad|scatter/.test(op);
  const groups = [['forward', (row) => !backward(row)], ['backward', backward], ['all', () => true]];
  return groups.map(([name, wanted]) => {
    const chosen = rows.filter(wanted);
    const ms = THREADS.map((_, t) => chosen.reduce((sum, { repeat, results }) => sum + repeat * results[t].ms, 0));
    const busy = THREADS.map((count, t) => chosen.reduce((sum, { repeat, results }) => sum + repeat * results[t].balance * count * results[t].ms, 0));
    return { name, layers: chosen.length, results: THREADS.map((threads, t) => ({ threads, ms: ms[t], balance: busy[t] / (threads * ms[t]), efficiency: ms[0] / (threads * ms[t]) })) };
  }).filter(({ layers }) => layers > 0);
}

/** A row for each number of threads, in the form that all benchmarks write: one modelled time has no spread. */
const rowsByThreads = ({ results, ...row }) => results.map(({ threads, ms, ...shares }) => ({ ...row, strategy: 'simulated', threads, ms: summary([ms]), ...shares }));

function markdown(title, conditions, costs, batch, rows, totals) {
  const head = (names) => `| ${names.join(' | ')} |\n| ${names.map(() => '---').join(' | ')} |`;
  const cells = (results) => results.slice(1).map(({ balance, efficiency }) => `${percent(balance)} · ${percent(efficiency)}`);
  const counts = THREADS.slice(1).map((count) => `${count} threads`);
  return `# The pool on up to 64 threads, simulated

This page is made by \`npm run bench:simulate\`. The pieces are those of the real kernels on the shapes of ${title} at a batch of ${batch}. They are handed
out by the pool's own rule (in order, about ${CLAIMS_PER_THREAD} claims for each thread and the last quarter in finer ones, to whoever is free first) to simulated threads, with a barrier after each phase. What each
claim takes was timed by itself on one thread. A fork and join of two threads took ${micro(costs.joinMs)} µs here (\`npm run bench:pool\`), and each further worker
counts as ${micro(costs.workerMs)} µs more: two looks of the caller at a seat that another processor has written, and a claim from a word that all write. That the
threads of a large machine lie further apart, and share its memory bandwidth and caches, is not simulated.

Each cell is *balance · modelled efficiency*: the share of threads' time that is work, up to the barriers; and time on one thread ÷ (threads × time
on so many), everything counted. \`*\`: of more than ${TIMED} claims, ${TIMED} were timed. ×: layers of that shape.

${conditions}

## In total

${head(['', ...counts])}
${totals.map(({ name, results }) => `| ${[name, ...cells(results)].join(' | ')} |`).join('\n')}

## Shape by shape

${head(['op', 'shape', '×', 'pieces of each phase', ...counts])}
${rows.map(({ op, case: name, repeat, pieces, results }) => `| ${[op, `\`${name}\``, repeat, piecesText(pieces), ...cells(results)].join(' | ')} |`).join('\n')}
`;
}

async function run() {
  const { values } = options('npm run bench:simulate -- [options]', SPEC);
  const batch = Math.floor(numberOption('batch', values.batch, 1));
  const repeat = Math.floor(numberOption('repeat', values.repeat, 1));
  let text;
  try {
    text = readFileSync(values.shapes, 'utf8');
  } catch (cause) {
    throw new PlainError(`--shapes: ${cause.message}`, { cause });
  }
  const title = values.shapes.split(/[\\/]/).at(-1);
  const cases = parseShapes(text, title).filter(({ name, op }) => `${op} ${name}`.includes(values.filter));
  if (cases.length === 0) throw new PlainError(`no case contains '${values.filter}'`);
  const machine = facts();
  const host = openKernels({ turbo: !values['no-turbo'], precision: 'high' });
  const costs = await forkJoinCosts();
  console.log(`${factsLine(machine)}\nwasm-simd ${host.variant.name}; fork and join of two threads: ${micro(costs.joinMs)} µs, each further worker: ${micro(costs.workerMs)} µs; batch ${batch}`);
  const widths = [19, 44, -14, -9, ...THREADS.slice(1).map(() => -12)];
  console.log(`\n${line(widths, ['op', 'shape', 'pieces', 'ms on 1', ...THREADS.slice(1).map((count) => `on ${count}`)])}`);
  const show = ({ op, name, pieces, results }) =>
    console.log(line(widths, [op, name, pieces, digits(results[0].ms), ...results.slice(1).map(({ balance, efficiency }) => `${percent(balance)} · ${percent(efficiency)}`)]));
  const rows = [];
  for (const one of cases) {
    measure(host, one, batch, repeat, ({ phases, ...found }) => {
      rows.push({ case: one.name, op: one.op, repeat: one.repeat, pieces: phases.map(({ pieces }) => pieces), ...found, results: simulate(phases, costs) });
    });
    show({ ...rows.at(-1), name: `${one.name}${one.repeat > 1 ? ` x${one.repeat}` : ''}`, pieces: piecesText(rows.at(-1).pieces) });
  }
  const totals = totalsOf(rows);
  console.log('\nin total, each shape as often as the network has it');
  for (const { name, results } of totals) show({ op: name, name: '', pieces: '', results });
  console.log(`\nbalance · modelled efficiency; *: of more than ${TIMED} claims, ${TIMED} were timed`);
  if (values.out !== undefined) writeFileSync(values.out, markdown(`\`${title}\``, `${factsLine(machine)}; wasm-simd ${host.variant.name}`, costs, batch, rows, totals));
  writeJson(values.json, 'simulate', machine, { batch, repeat, variant: host.variant, ...costs, filter: values.filter }, [...rows, ...totals.map(({ name, results }) => ({ case: 'total', op: name, results }))].flatMap(rowsByThreads));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(run);
