/** An idle convoy uses no processor time, and a script that does not close one ends. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it.each([2, 3])('%i threads: an idle second costs nothing, and the process ends by itself', (threads) => {
  const script = new URL('../helpers/idleChild.mjs', import.meta.url).pathname;
  const { ms } = JSON.parse(execFileSync(process.execPath, [script, String(threads)], { encoding: 'utf8', timeout: 30_000 })) as { ms: number };
  // Measured 0.4 to 0.7 ms, timers included.
  expect(ms).toBeLessThan(10);
});
