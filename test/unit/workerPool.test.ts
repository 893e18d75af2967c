/** The worker pool: same bits on any number of threads, and what becomes of workers that fail, sleep or are forgotten. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { claimAt, cutFor, DONE, MAX_THREADS, seatAt } from '../../dist/backends/worker-pool/control.js';
import { DEFAULT_SETTINGS } from '../../dist/src/backend/index.js';
import { bytesOf, kernelOf, openCrew, output, threadsSeen } from '../helpers/pool.mjs';
import * as made from '../helpers/poolKernelsMade.mjs';

type Open = Awaited<ReturnType<typeof openCrew>>;
const opened: Open[] = [];
const open = async (threads: number, options?: object): Promise<Open> => {
  const crew = await openCrew(threads, options);
  opened.push(crew);
  return crew;
};
afterEach(async () => {
  for (const { crew } of opened.splice(0)) await crew.close();
});

const helper = (name: string): URL => new URL(`../helpers/${name}`, import.meta.url);
/** Pieces that take some 20 µs, so that every worker gets some. */
const ROUNDS = 5000;

interface Ran { code: number | null; out: string; err: string; ended: number }

function child(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const process_ = spawn(process.execPath, [fileURLToPath(helper('poolChild.mjs')), ...args], { env: { ...process.env, ...env } });
    const ran: Ran = { code: null, out: '', err: '', ended: 0 };
    const timer = setTimeout(() => process_.kill('SIGKILL'), 25_000);
    process_.stdout.on('data', (data) => { ran.out += data; });
    process_.stderr.on('data', (data) => { ran.err += data; });
    process_.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ...ran, code, ended: Date.now() });
    });
  });
}

describe('claims', () => {
  it('cover every piece once, none is empty, and each has a word of its own to be stamped', () => {
    const wrong: string[] = [];
    for (const threads of [1, 2, 3, 7, 64, MAX_THREADS]) {
      for (const pieces of [...Array.from({ length: 600 }, (_, i) => i + 1), 4095, 65537, 2 ** 20, 2 ** 31 - 1]) {
        const cut = cutFor(pieces, threads);
        const ends = Array.from({ length: cut.claims + 1 }, (_, claim) => claimAt(claim, cut));
        if (ends[0] !== 0 || ends.at(-1) !== pieces || ends.some((end, i) => i > 0 && end <= ends[i - 1])) wrong.push(`${pieces} pieces on ${threads} threads`);
        if (cut.claims > seatAt(0, 0) - DONE) wrong.push(`${cut.claims} claims of ${pieces} pieces on ${threads} threads`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('jobs', () => {
  it('gives the same bits on 1, 2, 3 and 7 threads', async () => {
    const { heap, crew, inline } = await open(7);
    const [n, block] = [100_003, 97];
    const x = heap.alloc(4 * n);
    heap.view(x, 'float32', n).forEach((_, k, all) => { all[k] = Math.sin(k) * 10 ** (k % 7); });
    const sums = kernelOf('sum');
    const length = Math.ceil(n / block);
    const run = (executor: typeof inline): Buffer => {
      const y = heap.alloc(4 * length);
      heap.view(y, 'float32', length).fill(NaN);
      executor.run(sums, [x, y, n, block]);
      const values = heap.read(y, 'float32', length);
      heap.free(y);
      return bytesOf(values);
    };
    const expected = run(inline);
    for (const threads of [1, 2, 3, 7]) {
      const executor = crew.executor(threads);
      expect(executor.threads).toBe(threads);
      for (let k = 0; k < 20; k++) expect(run(executor).equals(expected)).toBe(true);
    }
    expect(crew.stats().forks).toBe(60);
  });

  it('uses as many threads as it was asked for, and no more', async () => {
    const { heap, crew } = await open(4);
    for (const threads of [1, 2, 3, 4]) expect(threadsSeen(heap, crew.executor(threads), threads)).toBe(threads);
  });

  it('runs phases in order, with workspace for all and for each', async () => {
    const { heap, crew, inline } = await open(3);
    for (const n of [1, 15, 16, 17, 101, 5003]) {
      const x = heap.alloc(8 * n);
      heap.view(x, 'float64', n).forEach((_, k, all) => { all[k] = (k % 11) - 4; });
      const run = (executor: typeof inline) => output(heap, executor, kernelOf('softmax'), n, (y) => [x, y, n, 100]);
      const expected = run(inline);
      const total = (heap.read(x, 'float64', n) as Float64Array).reduce((sum, value) => sum + value, 0);
      expect(expected[n - 1]).toBe((((n - 1) % 11) - 4) * total);
      for (let k = 0; k < 100; k++) expect(bytesOf(run(crew)).equals(bytesOf(expected))).toBe(true);
      heap.free(x);
    }
  });

  it('hands arguments to workers as they are: −0, infinities, large pointers, long lists', async () => {
    const { heap, crew, inline } = await open(2);
    const echo = kernelOf('stridedCopy');
    const lists = [[-0], [0], [NaN], [-Infinity], [2 ** 32 + 64], [0.1, 0.2, 0.3], Array.from({ length: 500 }, (_, k) => k * 0.7)];
    for (const list of lists) {
      const expected = bytesOf(output(heap, inline, echo, 400, (y) => [y, 400, ...list]));
      for (let k = 0; k < 20; k++) expect(bytesOf(output(heap, crew, echo, 400, (y) => [y, 400, ...list])).equals(expected)).toBe(true);
    }
  });

  it('does jobs of no or one piece without waking anybody', async () => {
    const { heap, crew } = await open(3);
    expect(output(heap, crew, kernelOf('fill'), 1, (y) => [y, 0, 5])[0]).toBeNaN();
    expect(output(heap, crew, kernelOf('fill'), 1, (y) => [y, 1, 5])[0]).toBe(5);
    expect(crew.stats()).toMatchObject({ forks: 0, serving: 0 });
  });

  it('survives 20,000 jobs of random sizes and thread counts, with more threads than cores', async () => {
    const { heap, crew } = await open(7);
    const executors = [1, 2, 3, 5, 7].map((threads) => crew.executor(threads));
    const [fill, y] = [kernelOf('fill'), heap.alloc(8 * 300)];
    const view = heap.view(y, 'float64', 300);
    let [state, wrong] = [12345, 0];
    const random = (limit: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % limit;
    };
    for (let job = 0; job < 20_000; job++) {
      const pieces = random(300);
      view.fill(NaN, 0, pieces + 1);
      executors[random(5)].run(fill, [y, pieces, job]);
      for (let p = 0; p < pieces; p++) if (view[p] !== job + p) wrong++;
      if (pieces < 300 && !Number.isNaN(view[pieces])) wrong++;
    }
    expect(wrong).toBe(0);
    expect(crew.stats()).toMatchObject({ failed: 0, stalled: 0 });
  });

  it('leaves nothing in the heap', async () => {
    const { heap, crew } = await openCrew(3);
    output(heap, crew, kernelOf('exp'), 50, (y) => [y, 50, 0, ROUNDS]);
    await crew.close();
    await crew.close();
    expect(heap.bytesInUse).toBe(0);
    expect(() => crew.run(kernelOf('fill'), [0, 5, 0])).toThrow(expect.objectContaining({ code: 'CVY_BACKEND_CLOSED' }));
    await expect(crew.resize(4)).rejects.toMatchObject({ code: 'CVY_BACKEND_CLOSED' });
  });
});

describe('kernels that throw', () => {
  it('everywhere: one error that names the kernel, and the crew goes on', async () => {
    const { heap, crew, inline } = await open(3);
    for (const executor of [inline, crew, crew, crew, crew, crew, crew]) {
      const run = () => output(heap, executor, kernelOf('erf'), 60, (y) => [y, 60, 31, 0, ROUNDS]);
      expect(run).toThrow(expect.objectContaining({ code: 'CVY_BACKEND_KERNEL', cause: expect.any(RangeError) }));
      expect(run).toThrow(/^erf: kernel 'broken_on_purpose' of 'fixture-0' threw "piece 31 is broken" but must not fail \(dtype float64, arguments \[/);
    }
    expect(threadsSeen(heap, crew, 3)).toBe(3);
  });

  it('on workers only: the caller does their pieces', async () => {
    const { heap, crew, inline } = await open(3);
    const expected = bytesOf(output(heap, inline, kernelOf('exp'), 60, (y) => [y, 60, 0, ROUNDS]));
    for (let k = 0; k < 40; k++) {
      expect(bytesOf(output(heap, crew, kernelOf('erf'), 60, (y) => [y, 60, -1, 0, ROUNDS].with(3, 1))).equals(expected)).toBe(true);
      await new Promise(setImmediate);
    }
    // Three new terms within a minute, then the seat stays empty.
    expect(crew.stats()).toMatchObject({ failed: 8, serving: 0 });
    expect(bytesOf(output(heap, crew, kernelOf('exp'), 60, (y) => [y, 60, 0, ROUNDS])).equals(expected)).toBe(true);
  });
});

describe('kernel sets', () => {
  it('loads a second set while jobs run', async () => {
    const { heap, crew } = await open(3);
    const second = crew.load([{ name: 'fixture-1', url: helper('poolKernelsMade.mjs').href, settings: DEFAULT_SETTINGS }]);
    const table = await made.create(heap.views.memory);
    let settled = false;
    void second.then(() => { settled = true; });
    for (let k = 0; !settled || k < 50; k++) {
      expect(output(heap, crew, kernelOf('fill'), 64, (y) => [y, 64, k])[63]).toBe(k + 63);
      // Also kernels of the set that is on its way.
      expect(output(heap, crew, kernelOf('fill', table, 1), 64, (y) => [y, 64, k])[63]).toBe(k - 63);
      await new Promise(setImmediate);
    }
    await crew.resize(4);
    for (let k = 0; k < 200; k++) {
      expect(output(heap, crew, kernelOf('fill', table, 1), 200, (y) => [y, 200, k])[199]).toBe(k - 199);
      expect(output(heap, crew, kernelOf('fill'), 200, (y) => [y, 200, k])[199]).toBe(k + 199);
    }
    expect(crew.stats()).toMatchObject({ threads: 4, failed: 0, serving: 3 });
  });

  it('refuses sets of another API and modules that cannot be imported, and stays as it was', async () => {
    const { heap, crew } = await open(2);
    await expect(crew.load([{ name: 'old', url: helper('poolKernelsOld.mjs').href, settings: DEFAULT_SETTINGS }]))
      .rejects.toMatchObject({ code: 'CVY_PLUGIN_API', message: "worker-pool: kernel set 'old' speaks backend API 99 but this Convoy speaks 1" });
    await expect(crew.load([{ name: 'gone', url: helper('none.mjs').href, settings: DEFAULT_SETTINGS }])).rejects.toMatchObject({ code: 'CVY_BACKEND_WORKER' });
    const table = await made.create(heap.views.memory);
    await crew.load([{ name: 'fixture-1', url: helper('poolKernelsMade.mjs').href, settings: DEFAULT_SETTINGS }]);
    for (let k = 0; k < 50; k++) expect(output(heap, crew, kernelOf('fill', table, 1), 200, (y) => [y, 200, k])[199]).toBe(k - 199);
  });

  it('refuses workers of another build and impossible numbers of threads', async () => {
    await expect(openCrew(2, { build: 'another' })).rejects.toMatchObject({ code: 'CVY_BACKEND_WORKER', message: /build .* but the caller runs another/ });
    for (const threads of [0, 1.5, 257]) await expect(openCrew(threads)).rejects.toMatchObject({ code: 'CVY_ARG_VALUE' });
    const { crew } = await open(2);
    expect(() => crew.executor(3)).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE' }));
  });
});

describe('processes', () => {
  for (const kind of ['exit', 'throw', 'stall'] as const) {
    for (const kernel of ['plain', 'phased']) {
      it(`goes on when a worker meets ${kind}, ${kernel} kernel`, async () => {
        const { code, out, err } = await child(['fault', kernel], { CONVOY_FAULT: `${kind}@50`, CONVOY_STALL_MS: '300' });
        expect(code, err).toBe(0);
        const result = JSON.parse(out);
        expect(result).toMatchObject({ wrong: 0, later: true, seen: 3, serving: 2, failed: kind === 'stall' ? 0 : 1, stalled: kind === 'stall' ? 1 : 0 });
        expect(result.warnings).toHaveLength(1);
        expect(result.longest).toBeLessThan(3000);
        if (kind === 'stall') expect(result.longest).toBeGreaterThanOrEqual(290);
      });
    }
  }

  it('ends a script that forgets to close', async () => {
    const { code, out, ended } = await child(['forgetful']);
    expect(code).toBe(0);
    expect(ended - JSON.parse(out).end).toBeLessThan(1000);
  });

  it('ends a script that fails', async () => {
    const { code, out, err, ended } = await child(['uncaught']);
    expect(code).toBe(1);
    expect(err).toContain('on purpose');
    expect(ended - JSON.parse(out).end).toBeLessThan(1000);
  });

  it('uses no processor time when idle, and comes back', async () => {
    const { code, out, err } = await child(['idle']);
    expect(code, err).toBe(0);
    const { parked, back, busyMs } = JSON.parse(out);
    expect({ parked, back }).toEqual({ parked: 0, back: true });
    expect(busyMs).toBeLessThan(50);
  });

  it('comes back from idling without a turn of the event loop', async () => {
    const { code, out, err } = await child(['wake']);
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ seen: 3 });
  });
});
