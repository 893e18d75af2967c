/**
 * The conformance kit on the WebAssembly kernels, small shapes: alone, and on 1, 2, 3 and 7 threads, in the variant that this
 * Node runs (CONVOY_WASM names another), and through the pool as the engine runs it.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { wasmSimd } from '../../dist/backends/wasm-simd/index.js';
import { createConvoy } from '../../dist/src/index.js';
import { conformance } from '../../dist/src/testkit/index.js';
import { FAST, register } from './run.js';

describe('wasm-simd', async () => {
  const kit = await conformance(wasmSimd, { maxFlops: FAST, threads: [1, 2, 3, 7] });
  register(kit);
  it('serves float32 itself and leaves float64 to others', () => {
    const { relu } = kit.report().ops;
    expect(relu.float32).toMatchObject({ covered: true, failed: [], skipped: [] });
    expect(relu.float64.covered).toBe(false);
  });
});

describe('worker-pool over wasm-simd', async () => {
  const convoy = createConvoy();
  afterAll(() => convoy.close());
  const { backend } = await convoy.nn({ backend: 'worker-pool', kernels: 'wasm-simd', threads: 2 });
  register(await conformance(backend, { maxFlops: FAST }));
});
