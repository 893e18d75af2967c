/** CONVOY_VALIDATE and CONVOY_DEBUG: what they find and what they print. */
import { execFileSync, spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { createConvoy, crossEntropy, defineBackend, noGrad, SGD } from '../../dist/src/index.js';

const near = defineBackend({ name: 'near', api: 1, kernels: new URL('../helpers/nearSum.mjs', import.meta.url), extends: 'cpu-naive' });
const doubled = defineBackend({ name: 'doubled', api: 1, kernels: new URL('../helpers/oneOp.mjs', import.meta.url), extends: 'cpu-naive' });

describe('CONVOY_VALIDATE', () => {
  afterEach(() => {
    delete process.env.CONVOY_VALIDATE;
  });

  it('stops at the first op that differs, with index and both numbers', async () => {
    process.env.CONVOY_VALIDATE = 'cpu-naive';
    const nn = await createConvoy({ plugins: [doubled] }).nn({ backend: 'doubled', seed: 0 });
    const x = nn.tensor([-1, 0, 3]);
    expect(x.add(1).toArray()).toEqual([0, 1, 4]);
    expect(() => x.relu()).toThrow(expect.objectContaining({ code: 'CVY_BACKEND_DIVERGED' }));
    expect(() => x.relu()).toThrow(/^relu: element 2 of output 1 is 6 on 'doubled' but 3 on 'cpu-naive'/);
  });

  it('measures a sum that cancels by its terms', async () => {
    process.env.CONVOY_VALIDATE = 'cpu-naive';
    const nn = await createConvoy({ plugins: [near] }).nn({ backend: 'near', seed: 0 });
    expect(nn.tensor([1, -1]).sum().item()).toBeCloseTo(1e-6, 8);
    expect(() => nn.tensor([1e-3, -1e-3]).sum()).toThrow(/^sum: element 0 of output 1 is .* on 'near' but 0 on 'cpu-naive'/);
  });

  it('measures sums that were limited by their terms, too', async () => {
    process.env.CONVOY_VALIDATE = 'cpu-naive';
    const convoy = createConvoy();
    const nn = await convoy.nn({ backend: 'wasm-simd', seed: 0 });
    const model = nn.Sequential(nn.Conv2d(64, 32, 3, { padding: 1 }), nn.ReLU6());
    // Sums of hundreds of terms around 100, of which ReLU6 leaves 0 to 6: some lie in between, with the rounding of all.
    expect(noGrad(() => model.forward(nn.randn(2, 64, 16, 16).mul(3000))).max().item()).toBe(6);
    expect(nn.backend.placement().map(({ op }) => op)).toContain('convRelu6');
    await convoy.close();
  });

  it('lets a whole training step of the pool pass', async () => {
    process.env.CONVOY_VALIDATE = 'cpu-naive';
    const convoy = createConvoy();
    const nn = await convoy.nn({ backend: 'worker-pool', threads: 2, seed: 0 });
    const model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.5), nn.Linear(27, 4));
    const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    for (let step = 0; step < 3; step++) {
      const loss = crossEntropy(model.forward(nn.rand(5, 1, 8, 8)), nn.tensor(Int32Array.of(0, 1, 2, 3, 0)));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    }
    await convoy.close();
  });

  it('refuses a name that it does not know', async () => {
    process.env.CONVOY_VALIDATE = 'nobody';
    await expect(createConvoy().nn({ backend: 'cpu-naive' })).rejects.toThrow(/CONVOY_VALIDATE: no kernel set named 'nobody'/);
  });
});

it('warns of a variable that nobody reads', () => {
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', "import { createConvoy } from 'convoy-nn'; createConvoy();"], {
    cwd: new URL('../..', import.meta.url).pathname, encoding: 'utf8', env: { ...process.env, ['CONVOY_' + 'VALIDAT']: '1' },
  });
  expect(stderr).toMatch(/variable CONVOY_VALIDAT is unknown and has no effect; did you mean 'CONVOY_VALIDATE'\?/);
});

describe('CONVOY_DEBUG', () => {
  const script = `import { createConvoy } from 'convoy-nn';
    const nn = await createConvoy().nn({ backend: 'cpu-tiled', seed: 0 });
    nn.tensor([1, -2], { requiresGrad: true }).relu().sum().backward();`;
  const traced = (level: string): string => {
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: new URL('../..', import.meta.url).pathname, encoding: 'utf8', env: { ...process.env, CONVOY_DEBUG: level } });
    return stderr;
  };

  it('says more at each level, and nothing without it', () => {
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: new URL('../..', import.meta.url).pathname, encoding: 'utf8' })).toBe('');
    expect(traced('1')).toMatch(/^\[convoy 1\] nn: backend cpu-tiled, seed 0\n$/);
    expect(traced('2')).toMatch(/\[convoy 2\] relu float32 \[.*\] [\d.]+ ms/);
    expect(traced('3')).toMatch(/\[convoy 3\] relu float32: cpu-tiled f32_relu_bits__js/);
    expect(traced('4')).toMatch(/\[convoy 4\] record relu → \[2\]/);
    expect(traced('5')).toMatch(/\[convoy 5\] {3}argument 1: 1 0/);
  });
});
