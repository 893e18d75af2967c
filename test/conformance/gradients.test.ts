/** The table of differentiable operations: against differences, on core ops alone, and fused against composed. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy } from '../../dist/src/index.js';
import { record } from '../../dist/src/autograd/index.js';
import { gradientTests } from '../../dist/src/testkit/index.js';
import type { GradientCase } from '../../dist/src/testkit/index.js';
import { failures } from './run.js';

const convoys = [createConvoy(), createConvoy(), createConvoy()];
afterAll(() => Promise.all(convoys.map((convoy) => convoy.close())));

describe('gradients', async () => {
  for (const { name, run } of await gradientTests(convoys[0])) it(`${name}`, run);
});

describe('the kit', () => {
  it('catches a gradient that is wrong', async () => {
    const wrong: GradientCase = { name: 'cube', inputs: [[3]], run: ([x]) => record('cube', x.detach().pow(3), [x], [x], (g, [s]) => [g.mul(s.square()).mul(2)]) };
    const found = failures((await gradientTests(convoys[1], [wrong])).map((test) => ({ ...test, op: 'pow' as const })));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^gradcheck/);
  });

  it('catches a fused gradient that differs from the composed one', async () => {
    let calls = 0;
    const twoWays: GradientCase = { name: 'two ways', inputs: [[3]], fused: true, run: ([x]) => record('two', x.detach().mul(2), [x], [], (g) => [g.mul(calls++ % 2 === 0 ? 2 : 3)]) };
    const tests = (await gradientTests(convoys[2], [twoWays])).filter(({ name }) => name.includes('fused'));
    expect(failures(tests.map((test) => ({ ...test, op: 'mul' as const }))).join()).toMatch(/two ways: element 0 of gradient of input 0 is -?[\d.]+ but -?[\d.]+ when composed/);
  });
});
