/**
 * PyTorch's trainings on MNIST: its trained weights give its logits, and the first steps from its initial weights its losses.
 * Whole epochs are `npm run test:training`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConvoy, type NN, type TensorDataset } from '../../dist/src/index.js';
import { courseChecks, forwardChecks, hasTrainings, mnistDatasets, trainingCases, whyNot } from '../helpers/training.mjs';

if (!hasTrainings) console.log(`training.test: nothing is followed because ${whyNot}`);

describe.skipIf(!hasTrainings)('PyTorch’s trainings of MNIST', () => {
  const convoy = createConvoy();
  let nn: NN;
  let data: { train: TensorDataset; test: TensorDataset };
  beforeAll(async () => {
    nn = await convoy.nn({ backend: 'worker-pool', kernels: 'cpu-tiled', threads: 2, seed: 0 });
    data = await mnistDatasets(nn, { trainCount: 1000, testCount: 64 });
  });
  afterAll(() => convoy.close());

  const followed = (trainingCases() as { name: string }[]).map((testCase) => ({ testCase, name: testCase.name }));

  it.each(followed)('$name: PyTorch’s final weights give its logits', async ({ testCase }) => {
    for (const [what, found, allowed] of await forwardChecks(nn, testCase, data.test)) expect(found, what).toBeLessThanOrEqual(allowed);
  });

  it.each(followed)('$name: the first steps follow PyTorch’s losses', async ({ testCase, name }) => {
    // The tolerances of the calm courses are the tight ones; a step of a CNN takes a third of a second and more.
    const steps = name.startsWith('mlp') ? 10 : name.endsWith('calm') ? 5 : 2;
    for (const [what, found, allowed] of await courseChecks(nn, testCase, data, steps)) expect(found, what).toBeLessThanOrEqual(allowed);
  }, 120_000);
});
