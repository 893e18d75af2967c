/** Programs that the worker pool's tests run as processes of their own: node poolChild.mjs <mode>. They print one line of JSON. */
import { setTimeout as sleep } from 'node:timers/promises';
import { kernelOf, openCrew, output, threadsSeen } from './pool.mjs';

const mode = process.argv[2];
const THREADS = 3;
const PIECES = 96;
const { heap, crew, inline } = await openCrew(THREADS);
const warnings = [];
process.on('warning', (warning) => warnings.push(warning.message));
const report = (fields) => console.log(JSON.stringify({ ...fields, ...crew.stats() }));

const burn = kernelOf('exp');
const phased = kernelOf('softmax');
const x = heap.alloc(8 * PIECES * 16);
heap.view(x, 'float64', PIECES * 16).forEach((_, k, all) => { all[k] = Math.sin(k); });
const same = (a, b) => a.every((value, k) => Object.is(value, b[k]));
const once = (executor) => output(heap, executor, burn, PIECES, (y) => [y, PIECES, 0.5, 8000]);
const twice = (executor) => output(heap, executor, phased, PIECES * 16, (y) => [x, y, PIECES * 16, 8000]);

/** Jobs, one after the other without a turn of the event loop, until a worker was lost and for a while longer. */
function faulty(run) {
  const expected = run(inline);
  let [wrong, jobs, longest, after] = [0, 0, 0, 0];
  const end = performance.now() + 8000;
  while (after < 15 && performance.now() < end) {
    const start = performance.now();
    if (!same(run(crew), expected)) wrong++;
    longest = Math.max(longest, performance.now() - start);
    jobs++;
    const { failed, stalled } = crew.stats();
    if (failed + stalled > 0) after++;
  }
  return { wrong, jobs, longest: Math.round(longest) };
}

const modes = {
  async fault() {
    const result = faulty(process.argv[3] === 'phased' ? twice : once);
    // The lost worker's exit event and its successor's arrival take turns of the event loop.
    await sleep(300);
    const later = once(crew);
    report({ ...result, later: same(later, once(inline)), seen: threadsSeen(heap, crew, THREADS), warnings });
    await crew.close();
    heap.free(x);
    if (heap.bytesInUse !== 0) throw new Error(`${heap.bytesInUse} bytes are left`);
  },
  async forgetful() {
    once(crew);
    report({ end: Date.now() });
  },
  async uncaught() {
    once(crew);
    report({ end: Date.now() });
    setTimeout(() => { throw new Error('on purpose'); }, 10);
  },
  async idle() {
    once(crew);
    await sleep(400);
    const parked = crew.stats().serving;
    const before = process.cpuUsage();
    await sleep(1000);
    const { user, system } = process.cpuUsage(before);
    const back = same(once(crew), once(inline));
    report({ parked, back, busyMs: (user + system) / 1000 });
    await crew.close();
  },
  /** Parked, woken and kept busy with no turn of the event loop in between: do workers come back? */
  async wake() {
    once(crew);
    await sleep(400);
    report({ seen: threadsSeen(heap, crew, THREADS) });
    await crew.close();
  },
};
await modes[mode]();
