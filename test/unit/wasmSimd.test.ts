/**
 * The convolutions and products of wasm-simd on random shapes and options against cpu-naive, exactly (small integers), with NaN
 * around inputs and canaries around outputs. FUZZ_SEED repeats a run; the name of the suite has the seed.
 */
import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { gemm } from '../../dist/backends/wasm-simd/gemm.js';
import { create } from '../../dist/backends/wasm-simd/kernels.js';
import { checkTiles, selfCheck } from '../../dist/backends/wasm-simd/selfCheck.js';
import { choose } from '../../dist/backends/wasm-simd/variants.js';
import { instantiate } from '../../dist/backends/wasm-simd/wasm.js';
import { createConvoy } from '../../dist/src/index.js';
import type { Backend, Kernel, OpName } from '../../dist/src/backend/index.js';
import { kernelName, OPS } from '../../dist/src/backend/index.js';
import { Draw } from '../../dist/src/testkit/fuzz/draw.js';
import { call, difference, ints, memory, out, range } from '../helpers/kernels.js';

const convoy = createConvoy();
const reference = (await convoy.nn({ backend: 'cpu-naive', seed: 0 })).backend;
const subject = (await convoy.nn({ backend: 'wasm-simd', seed: 0 })).backend;
const pool = (await convoy.nn({ backend: 'worker-pool', kernels: 'wasm-simd', threads: 3, seed: 0 })).backend;
afterAll(() => convoy.close());

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e6);
/** A whole number from 0 to `most`. */
const randomOf = (start: number): ((most: number) => number) => {
  const draw = new Draw(start, 0);
  return (most) => draw.whole(0, most);
};

const GUARD = 16;

/** The op's outputs on a backend, as bits; buffers are the pointers among the arguments, which are given as 1 (0: absent). */
function outputs(backend: Backend, op: OpName, args: readonly number[], data: ReadonlyMap<number, Float32Array>): Map<number, Float32Array> {
  const { memory } = backend;
  const real = [...args];
  const uses = OPS[op].buffers(args, 'float32');
  const found = new Map<number, Float32Array>();
  for (const { arg, elems, write } of uses) {
    real[arg] = memory.alloc(4 * (elems + 2 * GUARD)) + 4 * GUARD;
    const whole = new Float32Array(elems + 2 * GUARD).fill(write ? 77 : NaN);
    if (!write) whole.set(data.get(arg)!, GUARD);
    else whole.fill(NaN, GUARD, GUARD + elems);
    memory.write(real[arg] - 4 * GUARD, whole);
  }
  backend.run(op, 'float32', real);
  for (const { arg, elems, write } of uses) {
    const whole = memory.read(real[arg] - 4 * GUARD, 'float32', elems + 2 * GUARD) as Float32Array;
    if (write) {
      found.set(arg, whole.slice(GUARD, GUARD + elems));
      for (let i = 0; i < GUARD; i++) if (whole[i] !== 77 || whole[GUARD + elems + i] !== 77) throw new Error(`written outside of argument ${arg}`);
    }
    memory.free(real[arg] - 4 * GUARD);
  }
  return found;
}

/** What is wrong with the op on these arguments, or null. */
function problem(op: OpName, args: readonly number[], random: (most: number) => number): string | null {
  const data = new Map(OPS[op].buffers(args, 'float32').filter(({ write }) => !write).map(({ arg, elems }) => [arg, Float32Array.from({ length: elems }, () => random(8) - 4)]));
  const right = outputs(reference, op, args, data);
  for (const backend of [subject, pool]) {
    let got;
    try {
      got = outputs(backend, op, args, data);
    } catch (error) {
      return `${op} [${args.join(', ')}] on ${backend.name}: ${(error as Error).message}`;
    }
    for (const [arg, expected] of right) {
      const at = got.get(arg)!.findIndex((value, i) => value !== expected[i]);
      if (at >= 0) return `${op} [${args.join(', ')}] on ${backend.name}: element ${at} of argument ${arg} is ${got.get(arg)![at]} but ${expected[at]} is right`;
    }
  }
  return null;
}

/** Sizes around those of tiles are as likely as small ones. */
const size = (random: (most: number) => number, most: number): number => 1 + (random(1) ? random(Math.min(most - 1, 5)) : random(most - 1));

function geometry(random: (most: number) => number): number[] {
  const spatial = random(3) === 0 ? 3 : random(3) === 0 ? 1 : 2;
  const groups = random(2) ? 1 : 1 + random(3);
  const axes = [0, 1, 2].map((axis) => {
    if (axis < 3 - spatial) return { i: 1, k: 1, o: 1, s: 1, p: 0, d: 1 };
    for (;;) {
      const [i, k, s, p, d] = [size(random, axis === 2 ? 40 : 12), size(random, axis === 2 ? 11 : 5), 1 + random(random(3)), random(4), 1 + random(random(2))];
      const o = Math.floor((i + 2 * p - d * (k - 1) - 1) / s) + 1;
      if (o >= 1) return { i, k, o, s, p, d };
    }
  });
  const of = (key: 'i' | 'k' | 'o' | 's' | 'p' | 'd'): number[] => axes.map((axis) => axis[key]);
  return [size(random, 4), groups, groups * size(random, 20), groups * size(random, 20), ...of('i'), ...of('k'), ...of('o'), ...of('s'), ...of('p'), ...of('d')];
}

describe(`wasm-simd on random shapes, seed ${seed}`, () => {
  it.each([['conv', [1, 1]], ['convGradInput', [1, 1]], ['convGradWeight', []]] as const)('%s', (op, rest) => {
    const random = randomOf(seed);
    const problems: string[] = [];
    for (let i = 0; i < 150 && problems.length < 3; i++) {
      const args = [1, 1, ...rest, 1, ...geometry(random)].slice(op === 'convGradWeight' ? 0 : 1);
      if (op !== 'convGradWeight') args[2] = random(1);
      const found = problem(op, args, random);
      if (found) problems.push(found);
    }
    expect(problems).toEqual([]);
  });

  it('matmul', () => {
    const random = randomOf(seed);
    const problems: string[] = [];
    for (let i = 0; i < 300 && problems.length < 3; i++) {
      const [batch, m, n, k] = [size(random, 3), size(random, 100), size(random, 100), random(9) === 0 ? 1000 + random(99) : size(random, 70)];
      const [ta, tb] = [random(1), random(1)];
      const found = problem('matmul', [
        1, 1, random(1), 1, batch, m, n, k, random(2) ? m * k : 0, ta ? 1 : k, ta ? m : 1, random(2) ? k * n : 0, tb ? 1 : n, tb ? k : 1,
      ], random);
      if (found) problems.push(found);
    }
    expect(problems).toEqual([]);
  });
});

describe('variants', () => {
  const index = new URL('../../dist/src/index.js', import.meta.url).href;
  const major = Number(process.versions.node.split('.')[0]);
  /** What wasm-simd runs in a process of its own, after some `nn()`s; the message of the last error otherwise. */
  const chosen = (named: string, ...turbo: (boolean | undefined)[]): string => execFileSync(process.execPath, ['--input-type=module', '-e', `
    import { createConvoy } from '${index}';
    const convoy = createConvoy();
    try {
      for (const turbo of ${JSON.stringify(turbo)}) await convoy.nn({ backend: 'wasm-simd', ...(turbo === null ? {} : { turbo }) });
      process.stdout.write(convoy.backends().find(({ name }) => name === 'wasm-simd').variant.name);
    } catch (error) {
      process.stdout.write(error.code + ' ' + error.message);
    }`], { encoding: 'utf8', env: { ...process.env, CONVOY_WASM: named } });

  it('are chosen by what Node can run and whether turbo is asked for, or by CONVOY_WASM', () => {
    const plain = major >= 22 ? 'relaxed' : 'simd';
    const turbo = major >= 24 && process.arch === 'x64' ? 'turbo' : 'relaxed';
    expect(chosen('', undefined)).toBe(plain);
    expect(chosen('', false)).toBe(plain);
    expect(chosen('', true)).toBe(turbo);
    expect(chosen('simd', true)).toBe('simd');
    expect(chosen('relaxed', true)).toBe('relaxed');
    expect(chosen('turbo', false)).toMatch(/^CVY_BACKEND_UNAVAILABLE wasm-simd: no variant runs here but one is required: turbo /);
    expect(chosen('fast', false)).toMatch(/^CVY_ARG_VALUE CONVOY_WASM: 'fast' but one of turbo, relaxed, simd is required/);
  });

  it('are decided by the first nn() of a process', () => {
    expect(chosen('', true, undefined, true)).not.toBe('simd');
    expect(chosen('', true, false)).toMatch(/^CVY_ARG_VALUE nn: turbo is false but this process has decided for true already/);
    expect(chosen('', undefined, true)).toMatch(/^CVY_ARG_VALUE nn: turbo is true but this process has decided for false already/);
  });

  it('serve only after a self-check, which finds a wrong product', () => {
    // Kernels that store nothing: one kind of what a compiler's mistake would look like.
    const wrong = { gemmRows: () => 5, gemmColumns: () => 8, packedTile: () => 0, tableTile: () => 0 };
    const memory = new Float32Array(1 << 20);
    expect(checkTiles(wrong, memory, new Int32Array(memory.buffer), 1)).toMatch(/^tile of 1 rows: NaN instead of /);
    expect(selfCheck('simd')).toBeNull();
  });
});

describe('the grain', () => {
  const variant = choose({ turbo: false, precision: 'high' });
  const table = create(memory, { turbo: false, precision: 'high', variant });
  /** Pieces of all phases; a kernel of one piece wakes no other thread. */
  const pieces = (op: OpName, ...args: number[]): number[] => {
    const kernel = table[op]!.float32 as Kernel;
    return range(kernel.phases ?? 1).map((phase) => kernel.pieces(args, phase));
  };
  const conv = (n: number, channels: number, size: number): number[] => pieces('conv', 64, 64, 0, 64, n, 1, channels, channels, 1, size, size, 1, 3, 3, 1, size, size, 1, 1, 1, 0, 1, 1, 1, 1, 1);
  const product = (size: number): number[] => pieces('matmul', 64, 64, 0, 64, 1, size, size, size, 0, size, 1, 0, size, 1);

  it('leaves small ops on the calling thread and shares large ones out', () => {
    expect(pieces('relu', 64, 64, 16384, 0, 0)).toEqual([1]);
    expect(pieces('relu', 64, 64, 262144, 0, 0)).toEqual([8]);
    for (const count of product(24)) expect(count).toBeLessThanOrEqual(1);
    expect(Math.max(...product(512))).toBeGreaterThanOrEqual(16);
    for (const count of conv(1, 4, 6)) expect(count).toBeLessThanOrEqual(1);
    expect(Math.max(...conv(8, 64, 28))).toBeGreaterThanOrEqual(16);
  });
});

describe('products of vectors', () => {
  const table = gemm(instantiate(memory, choose({ turbo: false, precision: 'high' }).name, 'high'));

  it.each([1, 2, 3, 4, 5, 9])('of %i numbers stay in their workspaces', (count) => {
    for (const k of [1, 7, 64]) {
      const [vector, matrix] = [ints('float32', k, 1), ints('float32', count * k, 2)];
      const right = range(count).map((i) => range(k).reduce((sum, q) => sum + vector[q] * matrix[i * k + q], 0));
      expect(difference(call(table, 'matmul', 'float32', matrix, vector, null, out(count), 1, count, 1, k, 0, k, 1, 0, 1, 1)[0], right)).toBeNull();
      expect(difference(call(table, 'matmul', 'float32', vector, matrix, null, out(count), 1, 1, count, k, 0, k, 1, 0, 1, k)[0], right)).toBeNull();
    }
  });
});

describe('products of rows along k', () => {
  const variant = choose({ turbo: false, precision: 'high' }).name;
  const table = gemm(instantiate(memory, variant, 'high'));

  it.each([[2, 2], [2, 9], [3, 5], [9, 2], [7, 31], [16, 10], [21, 44]])('%i × %i are inner products, which stay in their workspaces', (m, n) => {
    for (const k of [128, 136, 1608]) {
      const [a, b, bias] = [ints('float32', m * k, 1), ints('float32', n * k, 2), ints('float32', n, 3)];
      const products = range(m * n).map((e) => range(k).reduce((sum, q) => sum + a[Math.floor(e / n) * k + q] * b[(e % n) * k + q], 0));
      const rest = [out(m * n), 1, m, n, k, 0, k, 1, 0, 1, k];
      expect(kernelName(table.matmul!.float32!, [0, 0, 0, 0, 1, m, n, k, 0, k, 1, 0, 1, k])).toBe(`f32_inner__${variant}`);
      expect(difference(call(table, 'matmul', 'float32', a, b, null, ...rest)[0], products)).toBeNull();
      expect(difference(call(table, 'matmul', 'float32', a, b, bias, ...rest)[0], products.map((sum, e) => sum + bias[e % n]))).toBeNull();
    }
  });
});
