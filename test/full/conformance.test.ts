/** The whole table of op cases on the built-in kernel sets and on the pool; test/conformance runs the small shapes of it. */
import { afterAll, describe } from 'vitest';
import { cpuNaive } from '../../dist/backends/cpu-naive/index.js';
import { cpuTiled } from '../../dist/backends/cpu-tiled/index.js';
import { wasmSimd } from '../../dist/backends/wasm-simd/index.js';
import { createConvoy } from '../../dist/src/index.js';
import { conformance } from '../../dist/src/testkit/index.js';
import { register } from '../conformance/run.js';

const convoy = createConvoy();
afterAll(() => convoy.close());

describe('cpu-naive', async () => {
  register(await conformance(cpuNaive));
});
describe('cpu-tiled', async () => {
  register(await conformance(cpuTiled));
});
describe('wasm-simd', async () => {
  register(await conformance(wasmSimd));
});
describe.each(['cpu-tiled', 'wasm-simd'])('worker-pool over %s', async (kernels) => {
  const { backend } = await convoy.nn({ backend: 'worker-pool', kernels, threads: 2 });
  register(await conformance(backend));
});
