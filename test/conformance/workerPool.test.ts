/** The conformance kit on backends as the engine runs them: the pool over both kernel sets, and a device of core ops. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import { conformance, coreDevice } from '../../dist/src/testkit/index.js';
import { FAST, register } from './run.js';

const convoy = createConvoy({ plugins: [coreDevice()] });
afterAll(() => convoy.close());

describe.each(['cpu-naive', 'cpu-tiled'])('worker-pool over %s', async (kernels) => {
  const { backend } = await convoy.nn({ backend: 'worker-pool', kernels, threads: 2 });
  register(await conformance(backend, { maxFlops: FAST }));
});

describe('a device of core ops', async () => {
  const { backend } = await convoy.nn({ backend: 'core-device', fallback: 'allow' });
  const kit = await conformance(backend, { maxFlops: FAST });
  register(kit);
  it('is not said to have passed what is composed', () => {
    const { conv, matmul } = kit.report().ops;
    expect(conv.float32).toMatchObject({ covered: false, passed: 0 });
    expect(matmul.float32.covered).toBe(true);
  });
});
