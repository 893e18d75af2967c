/**
 * `npm run test:training [-- --case NAME --backend NAME --steps N]`: from PyTorch's initial weights one epoch of MNIST, on wasm-simd
 * and on the pool of 2 threads over it, held against PyTorch's course; and PyTorch's final weights against its logits. Takes long.
 */
import { parseArgs } from 'node:util';
import { createConvoy } from '../../dist/src/index.js';
import { courseChecks, forwardChecks, hasTrainings, mnistDatasets, trainingCases, whyNot } from '../helpers/training.mjs';

const BACKENDS = { 'wasm-simd': {}, 'worker-pool': { kernels: 'wasm-simd', threads: 2 }, 'cpu-tiled': {}, 'cpu-naive': {} };
const { values } = parseArgs({ options: { case: { type: 'string' }, backend: { type: 'string' }, steps: { type: 'string' } } });

function fail(message) {
  console.error(`test:training: ${message}`);
  process.exit(2);
}

if (!hasTrainings) {
  console.log(`test:training: nothing is followed because ${whyNot}`);
  process.exit(0);
}
const all = trainingCases();
const cases = values.case === undefined ? all : all.filter(({ name }) => name === values.case);
if (cases.length === 0) fail(`no case is named '${values.case}'; there are ${all.map(({ name }) => name).join(', ')}`);
const backends = values.backend === undefined ? ['wasm-simd', 'worker-pool'] : [values.backend];
if (!Object.hasOwn(BACKENDS, backends[0])) fail(`backend is '${values.backend}' but must be one of ${Object.keys(BACKENDS).join(', ')}`);
const limit = values.steps === undefined ? Infinity : Number(values.steps);
if (!(limit >= 1)) fail(`steps is '${values.steps}' but must be a whole number from 1`);

let passed = 0;
let failed = 0;
const report = (backend, name, checks, seconds) => {
  for (const [what, found, allowed] of checks) {
    const ok = found <= allowed;
    if (ok) passed++;
    else failed++;
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${backend} ${name}: ${what}: off by ${found.toPrecision(3)}, allowed ${allowed} (${seconds.toFixed(1)} s)`);
  }
};

const convoy = createConvoy();
for (const backend of backends) {
  const nn = await convoy.nn({ backend, seed: 0, ...BACKENDS[backend] });
  const data = await mnistDatasets(nn);
  for (const testCase of cases) {
    for (const check of [forwardChecks, courseChecks]) {
      const began = performance.now();
      try {
        const checks = check === forwardChecks
          ? await forwardChecks(nn, testCase, data.test)
          : await courseChecks(nn, testCase, data, Math.min(limit, testCase.steps), progress(`${backend} ${testCase.name}`));
        report(backend, testCase.name, checks, (performance.now() - began) / 1000);
      } catch (error) {
        failed++;
        console.log(`FAIL ${backend} ${testCase.name}: ${error.stack}`);
      }
    }
  }
  data.train.dispose();
  data.test.dispose();
}
await convoy.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** A line on standard error now and then: an epoch may take minutes. */
function progress(name) {
  let printed = performance.now();
  return ({ step, steps, secondsLeft, imagesPerSecond }) => {
    if (performance.now() - printed < 20_000) return;
    printed = performance.now();
    console.error(`     ${name}: step ${step} of ${steps}, ${Math.round(imagesPerSecond)} images/s, ${Math.round(secondsLeft)} s left`);
  };
}
