/** Makes one vitest test for each op out of a conformance kit's tests, so that a report of thousands of cases stays readable. */
import { afterAll, expect, it } from 'vitest';
import { opCases, type Conformance } from '../../dist/src/testkit/index.js';

/** Cases of the fast tier: those below take two milliseconds or so; around a piece's size and above is the full tier. */
export const FAST = 8192;

export function register(kit: Conformance): void {
  afterAll(() => kit.close());
  for (const op of new Set(opCases().map((testCase) => testCase.op))) {
    const tests = kit.tests.filter((test) => test.op === op);
    if (tests.length === 0) continue;
    it(`${op}: ${tests.length} cases`, () => {
      expect(failures(tests)).toEqual([]);
    });
  }
}

/** Messages of the tests that fail. */
export function failures(tests: Conformance['tests']): string[] {
  return tests.flatMap(({ run }) => {
    try {
      run();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}
