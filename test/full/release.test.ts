/** Flat memory without the user's help, over thousands of steps in one job. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

interface Sample { step: number; loss: number; rss: number; bytesInUse: number; peakBytes: number; liveTensors: number }

it('2,000 synchronous training steps run in flat memory', () => {
  const script = new URL('../helpers/releaseChild.mjs', import.meta.url).pathname;
  const [first, second, , last] = JSON.parse(execFileSync(process.execPath, [script, '2000'], { encoding: 'utf8' })) as Sample[];
  expect(last.loss).toBeLessThan(first.loss);
  // Sweeps come after 256 MB: the heap swings below that and does not climb.
  expect(last.peakBytes).toBeLessThan(300 * 2 ** 20);
  expect(last.peakBytes).toBeLessThan(second.peakBytes * 1.1);
  expect(last.rss).toBeLessThan(second.rss * 1.15);
}, 280_000);
