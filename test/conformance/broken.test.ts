/** The kit bites: kernels broken on purpose are caught, and the failure names the op. Skips and coverage are honest. */
import { describe, expect, it } from 'vitest';
import { kernels as naive } from '../../dist/backends/cpu-naive/kernels.js';
import { API, defineBackend } from '../../dist/src/backend/index.js';
import { conformance } from '../../dist/src/testkit/index.js';
import { BROKEN } from './broken.js';
import { FAST, failures } from './run.js';

describe('a kernel that', () => {
  it.each(BROKEN)('$what is caught', async ({ op, table, says }) => {
    const right = await conformance({ name: 'right', table: { [op]: naive[op] } }, { ops: [op], maxFlops: FAST });
    expect(failures(right.tests)).toEqual([]);
    const kit = await conformance({ name: 'broken', table }, { ops: [op], maxFlops: FAST });
    const found = failures(kit.tests);
    expect(found.length).toBeGreaterThan(0);
    for (const message of found) expect(message).toMatch(new RegExp(`^${op} float32 `));
    expect(found.some((message) => says.test(message)), found[0]).toBe(true);
    expect(kit.report().ops[op].float32.failed.length).toBe(found.length);
  });

  it('depends on the thread is caught on more than one', async () => {
    const kit = await conformance(
      defineBackend({ name: 'by-thread', api: API, kernels: new URL('./threadKernels.mjs', import.meta.url), determinism: 'bitwise' }),
      { ops: ['fill'], maxFlops: 100, threads: [1, 2, 3] },
    );
    try {
      // Workers arrive when they arrive: until then the calling thread does all, and all is right.
      let found: string[] = [];
      for (let i = 0; i < 200 && found.length === 0; i++) {
        found = failures(kit.tests);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(found[0]).toMatch(/^fill float32 of (3|17): .* with [23] threads/);
    } finally {
      await kit.close();
    }
  });
});

describe('skips and reports', () => {
  const target = { name: 'some', table: { add: naive.add, conv: { float32: naive.conv!.float32 } } };

  it('refuses a skip that names no case, and one without a reason', async () => {
    await expect(conformance(target, { skip: [{ reason: 'slow', cases: ['conv float32', 'convolution'] }] })).rejects.toThrow(/'convolution' but there is no such case/);
    await expect(conformance(target, { skip: [{ reason: '', cases: ['conv'] }] })).rejects.toThrow(/no reason/);
  });

  it('counts passed, skipped and what is not covered', async () => {
    const kit = await conformance(target, { ops: ['add', 'conv'], maxFlops: 100, skip: [{ reason: 'not yet', cases: ['add int32', 'add float32 of 7'] }] });
    expect(kit.tests.some(({ name }) => name === 'add float32 of 7' || name.startsWith('add int32'))).toBe(false);
    for (const { run } of kit.tests) run();
    const { add, conv } = kit.report().ops;
    expect(add.float32.skipped).toEqual([{ case: 'add float32 of 7', reason: 'not yet' }]);
    expect([add.float32.passed, add.float32.failed.length, add.int32.passed]).toEqual([kit.tests.filter(({ name }) => name.startsWith('add float32')).length, 0, 0]);
    expect(add.int32.skipped.length).toBeGreaterThan(5);
    expect([conv.float32.covered, conv.float64.covered, conv.float64.passed]).toEqual([true, false, 0]);
  });
});
