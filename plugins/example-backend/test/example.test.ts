/**
 * What the author of a backend tests: the kit's promises, the receipt, and a training on the pool. The package is imported by
 * its own name, as users import it.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import example from 'convoy-backend-example';
import { createConvoy, crossEntropy, SGD, type Convoy, type NNOptions } from 'convoy-nn';
import { conformance } from 'convoy-nn/testkit';

const kit = await conformance(example());
for (const { name, run } of kit.tests) test(name, run);
after(() => kit.close());

test('the kit has tested relu for float32 and nothing else', () => {
  const tested = Object.entries(kit.report().ops).flatMap(([op, dtypes]) => (
    Object.entries(dtypes).filter(([, { covered }]) => covered).map(([dtype, { failed }]) => ({ op, dtype, failed }))
  ));
  assert.deepEqual(tested, [{ op: 'relu', dtype: 'float32', failed: [] }]);
});

/** Losses of a few steps of a small CNN on patterns of bars, and the receipt. */
async function train(convoy: Convoy, options: NNOptions) {
  const nn = await convoy.nn({ seed: 0, ...options });
  const model = nn.Sequential(
    nn.Conv2d(1, 4, 3, { padding: 1 }), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(4 * 4 * 4, 3),
  );
  const pixels = Float32Array.from({ length: 12 * 64 }, (_, i) => (Math.floor(i / 8) % 3 === Math.floor(i / 64) % 3 ? 1 : 0));
  const x = nn.tensor(pixels, [12, 1, 8, 8]);
  const labels = nn.tensor(Int32Array.from({ length: 12 }, (_, i) => i % 3), [12]);
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) {
    const loss = crossEntropy(model.forward(x), labels);
    model.zeroGrad();
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
  }
  return { losses, placement: model.placement() };
}

test('serves as the kernels of the pool: the losses of cpu-naive, and a receipt', async () => {
  const convoy = createConvoy({ plugins: [example()] });
  const warnings: string[] = [];
  const listen = ({ name, message }: Error): void => {
    if (name === 'ConvoyFallbackWarning') warnings.push(message.split(':')[0]);
  };
  process.on('warning', listen);
  const expected = await train(convoy, { backend: 'cpu-naive' });
  const { losses, placement } = await train(convoy, { backend: 'worker-pool', kernels: 'example', threads: 2 });
  await setImmediate();
  process.off('warning', listen);
  await convoy.close();

  assert.deepEqual(losses, expected.losses);
  assert.ok(losses[4] < losses[0]);
  for (const { op, servedBy, kernel, fallback, calls } of placement) {
    if (op === 'relu') assert.deepEqual([servedBy, kernel, fallback, calls], ['example', 'f32_relu__js', false, 5]);
    else assert.deepEqual([op, servedBy, fallback], [op, 'cpu-naive', true]);
  }
  const fellBack = new Set(placement.filter(({ fallback }) => fallback).map(({ op }) => op));
  assert.deepEqual(warnings.sort(), [...fellBack].sort(), 'one warning an op');
  assert.ok(fellBack.has('conv') && !fellBack.has('relu'));
});

test('what it extends serves the rest by declaration: no fallback, no warning', async () => {
  const convoy = createConvoy({ plugins: [example({ extends: 'cpu-naive' })] });
  const { placement } = await train(convoy, { backend: 'example', fallback: 'error' });
  await convoy.close();
  assert.ok(placement.some(({ op, servedBy }) => op === 'relu' && servedBy === 'example'));
  assert.ok(placement.some(({ op, servedBy }) => op === 'conv' && servedBy === 'cpu-naive'));
  assert.ok(placement.every(({ fallback }) => !fallback));
});

test("fallback: 'error' names the op that is missing", async () => {
  const convoy = createConvoy().use(example());
  const nn = await convoy.nn({ backend: 'example', fallback: 'error' });
  const x = nn.tensor([-1, 0, 2, NaN]);
  assert.deepEqual(x.relu().toArray(), [0, 0, 2, NaN]);
  assert.throws(() => x.exp(), { code: 'CVY_BACKEND_UNSUPPORTED', message: /^exp: 'example' has no kernel for float32/ });
  const double = nn.tensor([1], { dtype: 'float64' });
  assert.throws(() => double.relu(), { code: 'CVY_BACKEND_UNSUPPORTED', message: /^relu: 'example' has no kernel for float64/ });
  await convoy.close();
});

test('another API number is refused in one sentence that names both', async () => {
  const convoy = createConvoy();
  const refused = { code: 'CVY_PLUGIN_API', message: /'example'.* API 2 but this Convoy speaks 1/ };
  assert.throws(() => convoy.use({ ...example(), api: 2 }), refused);
  assert.throws(() => createConvoy({ plugins: [{ ...example(), api: 2 }] }), refused);
  convoy.use({ ...example(), kernels: new URL('./kernelsOfApi2.js', import.meta.url) });
  await assert.rejects(convoy.nn({ backend: 'example' }), refused);
  await convoy.close();
});

test('an unknown option is an error', () => {
  assert.throws(() => example({ extend: 'cpu-naive' } as object), /option 'extend' is unknown/);
});
