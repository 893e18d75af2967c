/** The benchmarks' own correctness: what is wrong is not timed, what is compared runs by turns, what is unknown is refused. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chart, panelsOf, tables } from '../../bench/chart.mjs';
import { compare } from '../../bench/compare.mjs';
import { facts, interleave, summary } from '../../bench/harness.mjs';
import { im2col } from '../../bench/im2col.mjs';
import { runCase } from '../../bench/kernels.mjs';
import { decode, encode } from '../../bench/peers/child.mjs';
import { rowsOf, takeTurns } from '../../bench/peers.mjs';
import { parseShapes } from '../../bench/shapes.mjs';
import { handOut, schedule, simulate } from '../../bench/simulate.mjs';
import { difference } from '../../bench/verify.mjs';
import { createConvoy } from '../../dist/src/index.js';
import type { Args, Backend, DType, OpName } from '../../dist/src/backend/index.js';

const folder = mkdtempSync(join(tmpdir(), 'convoy-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bench = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(`../../bench/${script}`, import.meta.url)), ...args], { encoding: 'utf8' });

describe('shape files', () => {
  it('turn lines into cases with the flops that the op takes', () => {
    const cases = parseShapes('# nothing\nconv 3x2x9x8 4 3x2 pad=1 x2 # a comment\n\npool 2x3x8x8 2\ngemm 5 6 7 tb\navgpool 2x3x7x7 7\n', 'f.txt');
    expect(cases.map(({ op }) => op)).toEqual(['conv', 'convGradInput', 'convGradWeight', 'maxPool', 'maxPoolGrad', 'matmul', 'avgPool', 'avgPoolGrad']);
    expect(cases.map(({ repeat }) => repeat)).toEqual([2, 2, 2, 1, 1, 1, 1, 1]);
    expect(cases[0].name).toBe('conv 3x2x9x8 4 3x2 pad=1');
    // [3, 4, 9, 9] outputs of 2·3·2 products each.
    expect(cases.map(({ at, batch }) => at(batch).flops)).toEqual([...new Array<number>(3).fill(2 * 3 * 4 * 9 * 9 * 12), 2 * 3 * 16 * 3, 2 * 3 * 16, 2 * 5 * 6 * 7, 6 * 49, 6 * 49]);
  });

  it.each([
    ['conf 1x1x2x2 1 1', "f.txt:2: 'conf' but one of conv, pool, avgpool, gemm is required"],
    ['conv 1x1x2 1 1', "f.txt:2: '1x1x2' but 4 whole numbers joined by x are required"],
    ['conv 1x1x9x9 1 3 padding=1', "f.txt:2: 'padding=1' but only stride=N, pad=N, dilation=N, groups=N can follow"],
    ['conv 1x1x2x2 1 3', 'f.txt:2: bench: '],
    ['gemm 2 2', "f.txt:2: '' but 1 whole numbers joined by x are required"],
    ['gemm 2 2 2 tc', "f.txt:2: 'tc' but only ta, tb can follow"],
  ])('refuse %s', (line, message) => {
    expect(() => parseShapes(`\n${line}`, 'f.txt')).toThrow(message);
  });
});

describe('the networks', () => {
  // Multiplications of one image as the papers count them: 1.8, 4.1 and 0.3 billion, with all convolutions and the last layer.
  it.each([['resnet18', 1.814e9, 20], ['resnet50', 4.089e9, 53], ['mobilenetv2', 0.3008e9, 52]])('%s has all of its layers', (name, products, convolutions) => {
    const forward = parseShapes(readFileSync(new URL(`../../bench/shapes/${name}.txt`, import.meta.url), 'utf8'), name).filter(({ op }) => op === 'conv' || op === 'matmul');
    const sum = forward.reduce((all, { repeat, batch, at }) => all + (repeat * at(batch).flops) / batch / 2, 0);
    expect(Math.abs(sum / products - 1)).toBeLessThan(1e-3);
    expect(forward.filter(({ op }) => op === 'conv').reduce((all, { repeat }) => all + repeat, 0)).toBe(convolutions);
  });
});

describe('timing', () => {
  it('takes what is compared by turns', () => {
    const order: string[] = [];
    const wait = (name: string) => () => {
      if (order.at(-1) !== name) order.push(name);
      for (const end = performance.now() + 0.2; performance.now() < end;);
    };
    const [a, b] = interleave(['a', 'b'].map((name) => ({ name, run: wait(name) })), 10);
    expect(order.length).toBeGreaterThanOrEqual(10);
    expect(order.every((name, i) => name === (i % 2 === 0 ? 'a' : 'b'))).toBe(true);
    expect(a.ms.median).toBeGreaterThanOrEqual(0.2);
    expect(a.ratio).toMatchObject({ median: 1, p25: 1, p75: 1 });
    expect(b.ratio.samples).toBe(order.length / 2 - 1);
  });

  it('summarises', () => {
    expect(summary([5, 1, 2, 4, 3])).toEqual({ median: 3, min: 1, p25: 2, p75: 4, max: 5, mad: 1, samples: 5 });
    expect(summary([1, 2]).median).toBe(1.5);
  });
});

describe('verification', () => {
  const convoy = createConvoy({ memory: 2 ** 26 });
  const backends: Record<string, Backend> = {};
  beforeAll(async () => {
    for (const name of ['cpu-naive', 'cpu-tiled']) backends[name] = (await convoy.nn({ backend: name, seed: 0 })).backend;
  });
  afterAll(() => convoy.close());

  /** cpu-tiled, but the last element of the op's output is spoiled, by as little as float32 can tell. */
  const wrong = (output: number) => {
    const real = backends['cpu-tiled'];
    const runs = { count: 0 };
    const backend = {
      memory: real.memory, placement: () => real.placement(),
      run(op: OpName, dtype: DType, args: Args) {
        runs.count++;
        real.run(op, dtype, args);
        const [at, last] = output < 0 ? [args[2], 17] : [args[3], output];
        const [value] = real.memory.read(at + 4 * last, 'float32', 1);
        real.memory.write(at + 4 * last, Float32Array.of(value + 2 ** -10));
      },
    };
    return { backend, runs };
  };
  /** As openStrategies makes them. */
  const strategy = (name: string, backend: object, more = {}) => ({ name, threads: 1, precision: 'high', tolerance: 0, backend, serves: () => true, ...more });
  const [forward, , weight] = parseShapes('conv 2x3x7x6 4 3 pad=1', 'f.txt');

  it('passes what is right and times it', () => {
    const strategies = Object.entries(backends).map(([name, backend]) => strategy(name, backend));
    for (const one of parseShapes('conv 2x3x7x6 4 3 pad=1\navgpool 2x3x7x6 3 stride=2 pad=1\npool 2x3x7x6 3 stride=2 pad=1\ngemm 5 6 7 ta\ngemm 5 6 7 tb\ngemm 5 6 7', 'f.txt')) {
      const rows = runCase(one, strategies, 2);
      expect(rows.map(({ strategy, set }) => [strategy, set])).toEqual([['cpu-naive', 'cpu-naive'], ['cpu-tiled', 'cpu-tiled']]);
      for (const { gflops, flops, ms } of rows) expect(gflops).toBeCloseTo(flops / ms.median / 1e6, 6);
    }
    expect(backends['cpu-naive'].memory).toMatchObject({ bytesInUse: 0 });
  });

  it('catches a strategy that is wrong in one element before anything is timed', () => {
    for (const [one, element] of [[forward, 2 * 4 * 7 * 6 - 1], [weight, -1]] as const) {
      const { backend, runs } = wrong(element);
      const strategies = [strategy('cpu-naive', backends['cpu-naive']), strategy('spoiled', backend)];
      expect(() => runCase(one, strategies, 2)).toThrow(/: spoiled on 1 is wrong, nothing was timed: element \d+ of \d+ is -?\d+(\.\d+)? but the reference has -?\d+ \(cpu-naive, output 0\)/);
      expect(runs.count).toBe(1);
    }
  });

  it('lets a strategy that rounds differ by its tolerance and no more', () => {
    const { backend } = wrong(2 * 4 * 7 * 6 - 1);
    const rounding = (tolerance: number) => [strategy('cpu-naive', backends['cpu-naive']), strategy('rounding', backend, { tolerance })];
    expect(runCase(forward, rounding(2 ** -10), 2)).toHaveLength(2);
    expect(() => runCase(forward, rounding(2 ** -20), 2)).toThrow('rounding on 1 is wrong');
    expect(difference(Float32Array.of(NaN), Float32Array.of(1), 1)).toContain('element 0 of 1 is NaN');
  });

  it('names the kernel that served each shape, whatever the backend did before', async () => {
    const { backend } = await convoy.nn({ backend: 'wasm-simd' });
    const [full, few] = parseShapes('conv 1x16x24x24 32 3 pad=1\nconv 1x4x9x9 4 3 groups=4\n', 'f.txt').filter(({ op }) => op === 'conv');
    for (const [one, kernel] of [[full, 'f32_conv_winograd'], [few, 'f32_conv_few'], [full, 'f32_conv_winograd']] as const) {
      const [, row] = runCase(one, [strategy('cpu-naive', backends['cpu-naive']), strategy('simd', backend, { tolerance: 1e-4 })], 1);
      expect(row.kernel.split('__')[0]).toBe(kernel);
    }
  });

  it('has im2col right for stride, dilation, padding and groups, and leaves out what it does not serve', () => {
    const columns = strategy('im2col', im2col(backends['cpu-tiled']), { serves: (op: string) => op.startsWith('conv') });
    const shapes = 'conv 2x4x9x8 6 3 pad=1 groups=2\nconv 2x4x9x8 6 3x2 stride=2 dilation=2 pad=2\nconv 2x4x5x5 6 1\nconv 2x6x5x5 6 3 groups=6\ngemm 5 6 7\n';
    const { bytesInUse } = convoy.memory();
    const rows = parseShapes(shapes, 'f.txt').flatMap((one) => runCase(one, [strategy('cpu-naive', backends['cpu-naive']), columns], 1));
    expect(rows.filter((row) => row.strategy === 'im2col').map(({ kernel }) => kernel)).toEqual(new Array(12).fill('im2col, f32_gemm_2x3__js'));
    expect(convoy.memory().bytesInUse).toBe(bytesInUse);
  });
});

describe('peers', () => {
  it('take turns, slow ones fewer, and are set against Convoy on as many threads', async () => {
    const order: string[] = [];
    const child = (name: string, threads: number, ms: number, slow = false) => ({
      name, threads, slow,
      ask: () => {
        order.push(name);
        return Promise.resolve({ samples: [ms] });
      },
    });
    const children = [child('convoy', 2, 2), child('ort-web', 2, 4), child('tfjs-cpu', 1, 40, true)];
    const taken = await takeTurns(children, 6);
    // A warm-up of those that are not slow; then rounds.
    expect(order.slice(0, 7)).toEqual(['convoy', 'ort-web', 'convoy', 'ort-web', 'tfjs-cpu', 'convoy', 'ort-web']);
    expect(order.filter((name) => name === 'tfjs-cpu')).toHaveLength(1);
    const rows = rowsOf({ op: 'matmul', title: 't', flops: 4e6 }, children, taken, []);
    expect(rows.map((row: { strategy: string; gflops: number; ratios: { of: string; median: number }[] }) => [row.strategy, row.gflops, row.ratios.map(({ of, median }) => [of, median])])).toEqual([
      ['convoy', 2, []], ['ort-web', 1, [['convoy', 2]]], ['tfjs-cpu', 0.1, [['convoy', 20]]],
    ]);
  });

  it('exchange typed arrays as they are', () => {
    const { a, list } = decode(encode({ a: Float32Array.of(1.5, -0, NaN), list: [1, null] })) as { a: Float32Array; list: unknown[] };
    expect([...a]).toEqual([1.5, -0, NaN]);
    expect(list).toEqual([1, null]);
  });
});

describe('the simulated pool', () => {
  it('hands out as worker-pool does, to whoever is free first', () => {
    expect(handOut(1, 8)).toEqual({ working: 1, cut: { pieces: 1, claims: 1, coarse: 1, grain: 1, fine: 1 } });
    expect(handOut(130, 2)).toEqual({ working: 2, cut: { pieces: 130, claims: 10 + 20, coarse: 10, grain: 9, fine: 2 } });
    expect(handOut(128, 64)).toEqual({ working: 64, cut: { pieces: 128, claims: 128, coarse: 96, grain: 1, fine: 1 } });
    expect(schedule([3, 1, 1, 1], 2)).toEqual({ end: 3, busy: 6 });
    expect(schedule([1, 1, 3], 2)).toEqual({ end: 4, busy: 5 });
  });

  it('waits at the barrier of each phase and pays for forks', () => {
    const phase = (...ms: number[]) => ({
      pieces: ms.length, claims: (grain: number) => (grain < ms.length ? ms : [ms.reduce((sum, each) => sum + each, 0)]),
    });
    const [one, two, four] = simulate([phase(2), phase(1, 1, 1, 1)], { joinMs: 0.5, workerMs: 0.25 }, [1, 2, 4]);
    expect(one).toMatchObject({ ms: 6, balance: 1, efficiency: 1 });
    expect(two).toMatchObject({ ms: 2 + 2 + 0.5, balance: 6 / (2 * 4), efficiency: 6 / (2 * 4.5) });
    expect(four).toMatchObject({ ms: 2 + 1 + 0.5 + 2 * 0.25, balance: 6 / (4 * 3), efficiency: 6 / (4 * 4) });
  });
});

describe('the chart', () => {
  const ms = { median: 2, p25: 1, p75: 4 };
  const result = { bench: 'peers', machine: facts(), rows: [{ case: 'a & b', op: 'conv', strategy: 'convoy', threads: 2, ms, gflops: 8 }, { case: 'a & b', op: 'conv', strategy: 'x', threads: 1, ms, gflops: 4 }] };

  it('has a panel for each case and turns quartiles of time round', () => {
    expect(panelsOf([result])).toEqual([{ title: 'conv: a & b', unit: 'GFLOP/s', bars: [
      { name: 'convoy, 2 threads', own: true, unit: 'GFLOP/s', median: 8, low: 4, high: 16 }, { name: 'x, 1 thread', own: false, unit: 'GFLOP/s', median: 4, low: 2, high: 8 },
    ] }]);
    expect(panelsOf([result], 'convoy')[0].bars).toHaveLength(1);
  });

  it('is a table as well', () => {
    expect(tables([result])).toBe('| GFLOP/s | conv: a & b |\n| --- | --- |\n| convoy, 2 threads | 8.00 (4.00–16.0) |\n| x, 1 thread | 4.00 (2.00–8.00) |');
  });

  it('draws bars as long as they are, escapes text, and refuses to draw nothing', () => {
    const svg = chart([result]);
    const widths = [...svg.matchAll(/class="(?:own|bar)"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(2);
    expect(widths[0]).toBeCloseTo(2 * widths[1], 1);
    expect(svg).toContain('conv: a &amp; b');
    expect(svg).toContain('GFLOP/s');
    expect(() => chart([result], { filter: 'nothing' })).toThrow("no row contains 'nothing'");
  });
});

describe('comparing two results', () => {
  const row = (strategy: string, median: number) => ({ op: 'conv', case: 'c', strategy, threads: 2, ms: { median, p25: median * 0.9, p75: median * 1.1 } });
  it('gives ratio and spread of matching rows, and names the others', () => {
    const { both, onlyA, onlyB } = compare({ rows: [row('x', 4), row('y', 1), row('old', 1)] }, { rows: [row('y', 1), row('x', 2), row('new', 1)] });
    expect(both.map(({ key, ratio, clear }) => [key, ratio, clear])).toEqual([['conv | c | x | 2 threads', 2, true], ['conv | c | y | 2 threads', 1, false]]);
    expect(both[0].low).toBeCloseTo(3.6 / 2.2);
    expect(both[0].high).toBeCloseTo(4.4 / 1.8);
    expect(compare({ rows: [row('x', 4), row('y', 1)] }, { rows: [row('y', 1), row('x', 2)] }, '| y').both).toHaveLength(1);
    expect([onlyA, onlyB]).toEqual([['conv | c | old | 2 threads'], ['conv | c | new | 2 threads']]);
  });
});

describe('the commands', () => {
  it('kernels: verifies, times, and writes JSON that compare reads', () => {
    const [shapes, json] = [join(folder, 'tiny.txt'), join(folder, 'tiny.json')];
    writeFileSync(shapes, '# tiny\nconv 2x2x6x6 3 3 pad=1\npool 2x3x6x6 2\ngemm 9 8 7\n');
    const ran = bench('kernels.mjs', '--shapes', shapes, '--time', '5', '--threads', '1,2', '--json', json, '--no-turbo');
    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('verified against naive');
    const result = JSON.parse(readFileSync(json, 'utf8'));
    expect(result).toMatchObject({ bench: 'kernels', settings: { time: 5, threads: [1, 2], turbo: false, filter: null, variants: [{ set: 'wasm-simd', name: expect.any(String) }] } });
    expect(result.machine).toMatchObject({ cores: expect.any(Number), cpu: expect.any(String), node: process.version, v8: process.versions.v8, flags: expect.any(Array), build: expect.any(String) });
    expect(result.machine).toHaveProperty('commit');
    expect(Number.isNaN(Date.parse(result.machine.date))).toBe(false);
    // Plain loops, and on 1 and 2 threads: tiled and direct for all six ops, im2col, default and fast for three.
    expect(result.rows.length).toBe(6 * 5 + 3 * 6);
    for (const found of result.rows) {
      expect(found).toMatchObject({ file: 'tiny.txt', case: expect.any(String), op: expect.any(String), strategy: expect.any(String), kernel: expect.any(String), set: expect.any(String), fallback: false, base: 'naive, 1 thread' });
      expect(found.ms.samples).toBeGreaterThanOrEqual(5);
      expect(found.ms.min).toBeLessThanOrEqual(found.ms.median);
      expect(found.gflops).toBeGreaterThan(0);
      expect(found.ratio.median).toBeGreaterThan(0);
    }
    const compared = bench('compare.mjs', json, json, '--json', join(folder, 'compared.json'));
    expect(compared.stderr).toBe('');
    expect(compared.stdout).toContain('48 rows: B is 1.00× as fast as A');
    expect(JSON.parse(readFileSync(join(folder, 'compared.json'), 'utf8'))).toMatchObject({ mean: 1, rows: expect.any(Array) });
    const drawn = bench('chart.mjs', json, '--out', join(folder, 'tiny.svg'), '--filter', 'direct');
    expect(drawn.stderr).toBe('');
    expect(readFileSync(join(folder, 'tiny.svg'), 'utf8').match(/class="own"/g)).toHaveLength(12);
  }, 120_000);

  it('simulate: writes the page and JSON that compare reads', () => {
    const [shapes, json, page] = ['sim.txt', 'sim.json', 'sim.md'].map((name) => join(folder, name));
    writeFileSync(shapes, 'conv 2x8x16x16 8 3 pad=1 x2\n');
    const ran = bench('simulate.mjs', '--shapes', shapes, '--batch', '2', '--repeat', '1', '--json', json, '--out', page, '--no-turbo');
    expect(ran.stderr).toBe('');
    const { rows } = JSON.parse(readFileSync(json, 'utf8')) as { rows: { case: string; op: string; repeat: number; pieces: number[]; threads: number; efficiency: number; balance: number }[] };
    expect(rows.filter(({ op, case: name }) => op === 'conv' && name !== 'total').map(({ threads }) => threads)).toEqual([1, 2, 4, 8, 16, 32, 64]);
    for (const { threads, efficiency, balance } of rows) {
      expect(efficiency).toBeGreaterThan(0);
      expect(efficiency).toBeLessThanOrEqual(balance + 1e-9);
      if (threads === 1) expect(efficiency).toBeCloseTo(1);
    }
    expect(readFileSync(page, 'utf8')).toContain('| conv | `conv 2x8x16x16 8 3 pad=1` | 2 |');
    expect(bench('compare.mjs', json, json).stdout).toContain('42 rows: B is 1.00× as fast as A');
  }, 60_000);

  it('all of them: takes a filter and writes one JSON that compare reads', () => {
    const json = join(folder, 'all.json');
    const ran = bench('all.mjs', '--filter', 'overhead', '--no-turbo', '--json', json);
    expect(ran.stderr).toBe('');
    const { bench: name, settings, rows } = JSON.parse(readFileSync(json, 'utf8')) as { bench: string; settings: object; rows: { bench: string; unit: string }[] };
    expect({ name, settings }).toEqual({ name: 'all', settings: { filter: 'overhead', turbo: false } });
    expect(rows.map((row) => [row.bench, row.unit])).toEqual(new Array(4).fill(['overhead', 'µs']));
    expect(bench('compare.mjs', json, json).stdout).toContain('4 rows: B is 1.00× as fast as A');
  }, 60_000);

  it('longtail: can leave turbo alone', () => {
    const json = join(folder, 'longtail.json');
    const ran = bench('longtail.mjs', '--filter', 'embedding, 4096', '--time', '1', '--threads', '1', '--no-turbo', '--json', json);
    expect(ran.stderr).toBe('');
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ settings: { turbo: false, variants: [{ name: expect.not.stringMatching('turbo') }] }, rows: new Array(4).fill({ ms: expect.any(Object) }) });
  }, 60_000);

  it('a file that cannot be written is refused before anything is measured', () => {
    for (const script of ['all', 'forkJoin', 'kernels', 'longtail', 'train', 'peers', 'simulate', 'overhead']) {
      const { status, stdout, stderr } = bench(`${script}.mjs`, '--json', join(folder, 'none', 'x.json'));
      expect([script, status, stdout, stderr]).toEqual([script, 1, '', expect.stringMatching(/x\.json cannot be written: ENOENT/)]);
    }
  }, 60_000);

  it('peers: measures Convoy where nothing else is asked for', () => {
    const json = join(folder, 'peers.json');
    const ran = bench('peers.mjs', '--peers', 'convoy', '--filter', 'gemm', '--time', '5', '--threads', '1', '--json', json);
    expect(ran.stderr).toBe('');
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ bench: 'peers', rows: [{ strategy: 'convoy', op: 'matmul', case: 'gemm 512 512 512', threads: 1 }] });
  }, 60_000);

  it.each([
    [['kernels.mjs', '--tiem', '5'], "Unknown option '--tiem'"],
    [['kernels.mjs', '--threads', '1,1.5'], "--threads: '1,1.5' but integers joined by commas are required"],
    [['kernels.mjs', '--filter', 'no such case'], "no case contains 'no such case'"],
    [['kernels.mjs', '--kernels', 'slow'], "--kernels: 'slow' but names of naive,tiled,im2col,direct,default,fast are required"],
    [['train.mjs', '--filter', 'cnn9'], "no case contains 'cnn9': train or infer, and cnn2, lenet, mlp, resnet8"],
    [['peers.mjs', '--peers', 'caffe'], "--peers: 'caffe' but names of convoy-turbo,"],
    [['simulate.mjs', '--shapes', 'none.txt'], '--shapes: ENOENT'],
    [['simulate.mjs', '--out', join(folder, 'none', 'x.md')], 'x.md cannot be written: ENOENT'],
    [['kernels.mjs', '--shapes', 'gemm', '--filter', '512 512 512', '--threads', '300'], 'threads is 300 but must be an integer from 1 to 256'],
    [['longtail.mjs', '--threads', '1.5'], 'threads is 1.5 but must be an integer'],
    [['train.mjs', '--kernels', 'fast'], "no kernel set named 'fast'"],
    [['train.mjs', '--precision', 'low'], "precision is 'low' but must be one of"],
    [['overhead.mjs', '--filter', 'none'], "no name contains 'none': ops, create, steps, memory"],
    [['all.mjs', '--filter', 'none'], "no benchmark's name contains 'none': forkJoin, kernels,"],
    [['chart.mjs', 'package.json', '--out', join(folder, 'x.svg')], 'package.json: not a result of these benchmarks'],
    [['chart.mjs', 'a.json'], 'usage: npm run bench:chart'],
    [['compare.mjs', 'a.json', 'b.json'], 'a.json: ENOENT'],
  ])('%j is refused in words', ([script, ...args], message) => {
    const { status, stderr } = bench(script, ...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(1);
  });
});
