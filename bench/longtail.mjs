/**
 * The layers beside plain convolution and matrix products, forward and backward, on each kernel set, against plain loops: what
 * composition and kernels together come to. Kernels alone are kernels.mjs. One more layer is a row of CASES.
 */
import { pathToFileURL } from 'node:url';
import * as F from '../dist/src/index.js';
import { facts, factsLine, interleave, line, main, numberOption, options, PlainError, ratioText, spreadText, variantsLine, variantsOf, writeJson } from './harness.mjs';
import { difference } from './verify.mjs';

const WIDTHS = [34, 12, -7, -24, -24];
/** Relative to the largest magnitude: sums are taken in another order, and Winograd's algorithm may serve. */
const TOLERANCE = 1e-4;

const SPEC = {
  filter: { type: 'string', help: 'only cases whose name contains this text' },
  time: { type: 'string', default: '1000', help: 'milliseconds for each strategy of a case (default 1000; at least 5 turns)' },
  threads: { type: 'string', help: 'threads of the pool (default: the number of cores)' },
  json: { type: 'string', help: 'also write the results to this file' },
  'no-turbo': { type: 'boolean', default: false, help: 'without the V8 flag that turbo: true sets' },
};

const { createConvoy, grad, scope } = F;
/** Numbers below `count` in no order, the same every time. */
const below = (nn, count, rows, columns) => nn.tensor(Int32Array.from({ length: rows * columns }, (_, i) => Math.imul(i, 2654435761) >>> 8).map((n) => n % count), [rows, columns]);

/** Name, shapes of what is differentiated, the operation. Sizes are those of networks in use, in batches that plain loops survive. */
const CASES = [
  ['conv2d depthwise 3×3', [[8, 144, 28, 28], [144, 1, 3, 3], [144]], ([x, w, b]) => F.conv2d(x, w, b, { padding: 1, groups: 144 })],
  ['conv2d depthwise 5×5, stride 2', [[8, 96, 28, 28], [96, 1, 5, 5], [96]], ([x, w, b]) => F.conv2d(x, w, b, { padding: 2, stride: 2, groups: 96 })],
  ['conv2d dilated by 4', [[2, 64, 28, 28], [64, 64, 3, 3], [64]], ([x, w, b]) => F.conv2d(x, w, b, { padding: 4, dilation: 4 })],
  ['conv2d in 32 groups', [[4, 128, 28, 28], [128, 4, 3, 3], [128]], ([x, w, b]) => F.conv2d(x, w, b, { padding: 1, groups: 32 })],
  ['convTranspose2d 4×4, stride 2', [[4, 64, 14, 14], [64, 32, 4, 4], [32]], ([x, w, b]) => F.convTranspose2d(x, w, b, { stride: 2, padding: 1 })],
  ['convTranspose2d 2×2, stride 2', [[2, 64, 28, 28], [64, 32, 2, 2], [32]], ([x, w, b]) => F.convTranspose2d(x, w, b, { stride: 2 })],
  ['conv1d, text', [[16, 100, 64], [100, 100, 5], [100]], ([x, w, b]) => F.conv1d(x, w, b, { padding: 2 })],
  ['conv1d, causal series, dilated by 8', [[8, 32, 512], [32, 32, 3], [32]], ([x, w, b]) => F.conv1d(x, w, b, { padding: 8, dilation: 8 })],
  ['conv3d', [[2, 16, 8, 28, 28], [16, 16, 3, 3, 3], [16]], ([x, w, b]) => F.conv3d(x, w, b, { padding: 1 })],
  ['layerNorm of rows of 384', [[64 * 196, 384], [384], [384]], ([x, w, b]) => F.layerNorm(x, 384, w, b)],
  ['layerNorm of rows of 768', [[8, 512, 768], [768], [768]], ([x, w, b]) => F.layerNorm(x, 768, w, b)],
  ['groupNorm in 32 groups', [[16, 64, 56, 56], [64], [64]], ([x, w, b]) => F.groupNorm(x, 32, w, b)],
  ['instanceNorm', [[8, 64, 56, 56], [64], [64]], ([x, w, b]) => F.instanceNorm(x, null, null, w, b)],
  ['interpolate, bilinear', [[8, 64, 28, 28]], ([x]) => F.interpolate(x, { size: [56, 56], mode: 'bilinear' })],
  ['embedding, 4096 of 2000 × 64', [[2000, 64]], ([w], index) => F.embedding(index, w), (nn) => below(nn, 2000, 32, 128)],
  ['embedding, 16384 of 10000 × 128', [[10000, 128]], ([w], index) => F.embedding(index, w), (nn) => below(nn, 10000, 64, 256)],
];

const STRATEGIES = (threads) => [
  { name: 'cpu-naive', threads: 1, options: { backend: 'cpu-naive' } },
  { name: 'cpu-tiled', threads: 1, options: { backend: 'cpu-tiled' } },
  { name: 'wasm-simd', threads: 1, options: { backend: 'wasm-simd' } },
  { name: 'worker-pool', threads, options: { backend: 'worker-pool', kernels: 'wasm-simd', ...(threads === undefined ? {} : { threads }) } },
];

/** A case on one `nn`: the same numbers on each, since they depend on the seed alone. `run` is a forward and a backward pass. */
function bind(nn, [, shapes, operation, extra]) {
  const leaves = shapes.map((shape) => nn.rand(...shape).sub(0.5).requiresGrad_());
  const more = extra?.(nn);
  const y = scope(() => operation(leaves, more).detach());
  const upstream = nn.rand(...y.shape).sub(0.5);
  const pass = () => {
    const result = operation(leaves, more);
    return [result, ...grad(result, leaves, { gradOutputs: [upstream] })];
  };
  return {
    run: () => scope(() => void pass()),
    results: () => scope(() => pass().map((tensor) => tensor.dataSync().slice())),
    free: () => [...leaves, more, y, upstream].forEach((tensor) => tensor?.dispose()),
  };
}

/** Verifies a case on all strategies, then times it: a row for each. */
async function runCase(convoy, one, strategies, { time, turbo }) {
  const bound = [];
  for (const { options: given } of strategies) bound.push(bind(await convoy.nn({ seed: 1, turbo, ...given }), one));
  try {
    const wanted = bound[0].results();
    bound.slice(1).forEach(({ results }, s) => results().forEach((found, i) => {
      const differs = difference(found, wanted[i], TOLERANCE);
      if (differs) throw new PlainError(`${one[0]}: ${strategies[s + 1].name} is wrong, nothing was timed: ${differs} (${i === 0 ? 'output' : `gradient ${i - 1}`})`);
    }));
    return interleave(bound, time).map((times, s) => ({ case: one[0], shapes: one[1], strategy: strategies[s].name, threads: strategies[s].threads ?? null, ...times }));
  } finally {
    for (const { free } of bound) free();
  }
}

async function run() {
  const { values } = options('npm run bench:longtail -- [options]', SPEC);
  const time = numberOption('time', values.time, 1);
  const threads = values.threads === undefined ? undefined : numberOption('threads', values.threads, 1);
  const cases = CASES.filter(([name]) => values.filter === undefined || name.includes(values.filter));
  if (cases.length === 0) throw new PlainError(`no case contains '${values.filter}'; there are: ${CASES.map(([name]) => name).join('; ')}`);
  const turbo = !values['no-turbo'];
  const convoy = createConvoy();
  try {
    const strategies = STRATEGIES(threads);
    const machine = facts();
    console.log(`${factsLine(machine)}\n\n${line(WIDTHS, ['forward and backward', 'kernels', 'threads', 'ms (p25–p75)', 'times cpu-naive'])}`);
    const rows = [];
    for (const one of cases) {
      const fresh = await runCase(convoy, one, strategies, { time, turbo });
      for (const { strategy, threads: count, ms, ratio } of fresh) console.log(line(WIDTHS, [one[0], strategy, count ?? 'all', spreadText(ms), ratioText(ratio)]));
      rows.push(...fresh);
    }
    const variants = variantsOf(convoy);
    console.log(variantsLine(variants));
    writeJson(values.json, 'longtail', machine, { time, threads: threads ?? null, turbo, variants, filter: values.filter ?? null }, rows);
  } finally {
    await convoy.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(run);
