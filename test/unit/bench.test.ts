/** The benchmarks' own correctness: what is wrong is not timed, what is compared runs by turns, what is unknown is refused. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare } from '../../bench/compare.mjs';
import { interleave, summary } from '../../bench/harness.mjs';
import { runCase } from '../../bench/kernels.mjs';
import { parseShapes } from '../../bench/shapes.mjs';
import { createConvoy } from '../../dist/src/index.js';
import type { Args, Backend, DType, OpName } from '../../dist/src/backend/index.js';

const folder = mkdtempSync(join(tmpdir(), 'convoy-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bench = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(`../../bench/${script}`, import.meta.url)), ...args], { encoding: 'utf8' });

describe('shape files', () => {
  it('turn lines into cases with the flops that the op takes', () => {
    const cases = parseShapes('# nothing\nconv 3x2x9x8 4 3x2 pad=1 # a comment\n\npool 2x3x8x8 2\ngemm 5 6 7 tb\n', 'f.txt');
    expect(cases.map(({ op }) => op)).toEqual(['conv', 'convGradInput', 'convGradWeight', 'maxPool', 'scatterAddElements', 'matmul']);
    // [3, 4, 9, 9] outputs of 2·3·2 products each.
    expect(cases.map(({ at, batch }) => at(batch).flops)).toEqual([...new Array<number>(3).fill(2 * 3 * 4 * 9 * 9 * 12), 2 * 3 * 16 * 3, 2 * 3 * 16, 2 * 5 * 6 * 7]);
  });

  it.each([
    ['conf 1x1x2x2 1 1', "f.txt:2: 'conf' but one of conv, pool, gemm is required"],
    ['conv 1x1x2 1 1', "f.txt:2: '1x1x2' but 4 whole numbers joined by x are required"],
    ['conv 1x1x9x9 1 3 padding=1', "f.txt:2: 'padding=1' but only stride=N, pad=N, dilation=N, groups=N can follow"],
    ['conv 1x1x2x2 1 3', 'f.txt:2: bench: '],
    ['gemm 2 2', "f.txt:2: '' but 1 whole numbers joined by x are required"],
    ['gemm 2 2 2 tc', "f.txt:2: 'tc' but only ta, tb can follow"],
  ])('refuse %s', (line, message) => {
    expect(() => parseShapes(`\n${line}`, 'f.txt')).toThrow(message);
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
  const [forward, , weight] = parseShapes('conv 2x3x7x6 4 3 pad=1', 'f.txt');

  it('passes what is right and times it', () => {
    const strategies = Object.entries(backends).map(([name, backend]) => ({ name, threads: 1, backend }));
    for (const one of parseShapes('conv 2x3x7x6 4 3 pad=1\npool 2x3x7x6 3 stride=2 pad=1\ngemm 5 6 7 ta\ngemm 5 6 7 tb\ngemm 5 6 7', 'f.txt')) {
      const rows = runCase(one, strategies, 2);
      expect(rows.map(({ strategy, set }) => [strategy, set])).toEqual([['cpu-naive', 'cpu-naive'], ['cpu-tiled', 'cpu-tiled']]);
      for (const { gflops, flops, ms } of rows) expect(gflops).toBeCloseTo(flops / ms.median / 1e6, 6);
    }
    expect(backends['cpu-naive'].memory).toMatchObject({ bytesInUse: 0 });
  });

  it('catches a strategy that is wrong in one element before anything is timed', () => {
    for (const [one, element] of [[forward, 2 * 4 * 7 * 6 - 1], [weight, -1]] as const) {
      const { backend, runs } = wrong(element);
      const strategies = [{ name: 'cpu-naive', threads: 1, backend: backends['cpu-naive'] }, { name: 'spoiled', threads: 1, backend }];
      expect(() => runCase(one, strategies, 2)).toThrow(/: spoiled is wrong, nothing was timed: element \d+ of \d+ is -?\d+(\.\d+)? but the reference has -?\d+ \(cpu-naive, output 0\)/);
      expect(runs.count).toBe(1);
    }
  });
});

describe('comparing two results', () => {
  const row = (strategy: string, median: number) => ({ op: 'conv', case: 'c', strategy, ms: { median, p25: median * 0.9, p75: median * 1.1 } });
  it('gives ratio and spread of matching rows, and names the others', () => {
    const { both, onlyA, onlyB } = compare({ rows: [row('x', 4), row('y', 1), row('old', 1)] }, { rows: [row('y', 1), row('x', 2), row('new', 1)] });
    expect(both.map(({ key, ratio, clear }) => [key, ratio, clear])).toEqual([['conv | c | x', 2, true], ['conv | c | y', 1, false]]);
    expect(both[0].low).toBeCloseTo(3.6 / 2.2);
    expect(both[0].high).toBeCloseTo(4.4 / 1.8);
    expect([onlyA, onlyB]).toEqual([['conv | c | old'], ['conv | c | new']]);
  });
});

describe('the commands', () => {
  it('kernels: verifies, times, and writes JSON that compare reads', () => {
    const [shapes, json] = [join(folder, 'tiny.txt'), join(folder, 'tiny.json')];
    writeFileSync(shapes, '# tiny\nconv 2x2x6x6 3 3 pad=1\npool 2x3x6x6 2\ngemm 9 8 7\n');
    const ran = bench('kernels.mjs', '--shapes', shapes, '--time', '5', '--threads', '1,2', '--json', json);
    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('verified against cpu-naive');
    const result = JSON.parse(readFileSync(json, 'utf8'));
    expect(result).toMatchObject({ bench: 'kernels', settings: { time: 5, threads: [1, 2], filter: null } });
    expect(result.machine).toMatchObject({ cores: expect.any(Number), cpu: expect.any(String), node: process.version, v8: process.versions.v8, flags: expect.any(Array), build: expect.any(String) });
    expect(result.machine).toHaveProperty('commit');
    expect(Number.isNaN(Date.parse(result.machine.date))).toBe(false);
    expect(result.rows.length).toBe(6 * 4);
    for (const found of result.rows) {
      expect(found).toMatchObject({ file: 'tiny.txt', case: expect.any(String), op: expect.any(String), strategy: expect.any(String), kernel: expect.any(String), set: expect.any(String), fallback: false, base: 'cpu-naive' });
      expect(found.ms.samples).toBeGreaterThanOrEqual(5);
      expect(found.ms.min).toBeLessThanOrEqual(found.ms.median);
      expect(found.gflops).toBeGreaterThan(0);
      expect(found.ratio.median).toBeGreaterThan(0);
    }
    const compared = bench('compare.mjs', json, json);
    expect(compared.stderr).toBe('');
    expect(compared.stdout).toContain('24 rows: B is 1.00× as fast as A');
  }, 60_000);

  it.each([
    [['kernels.mjs', '--tiem', '5'], "Unknown option '--tiem'"],
    [['kernels.mjs', '--threads', '1,1.5'], "--threads: '1,1.5' but integers joined by commas are required"],
    [['kernels.mjs', '--filter', 'no such case'], "no case contains 'no such case'"],
    [['train.mjs', '--models', 'cnn9'], "--models: 'cnn9' but names of mlp, "],
    [['compare.mjs', 'a.json', 'b.json'], 'a.json: ENOENT'],
  ])('%j is refused in words', ([script, ...args], message) => {
    const { status, stderr } = bench(script, ...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(1);
  });
});
