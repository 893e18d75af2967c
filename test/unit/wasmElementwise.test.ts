/**
 * What the conformance kit does not ask of the memory-bound WebAssembly kernels: how near exp and its kin come to the right number
 * over all floats, signs of zero, shapes that take more axes than one call does, stray indices, and pointers above 2 GiB.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { kernels as naive } from '../../dist/backends/cpu-naive/kernels.js';
import { erf } from '../../dist/backends/cpu-naive/erf.js';
import { choose, create } from '../../dist/backends/wasm-simd/kernels.js';
import { inlineExecutor } from '../../dist/src/backend/inline.js';
import { DEFAULT_SETTINGS, type KernelTable, type LoadedKernel, type OpName } from '../../dist/src/backend/index.js';
import { Heap } from '../../dist/src/memory/index.js';

/** Reserved only; what is not touched costs nothing. */
const GIB = 2 ** 30;
const heap = new Heap(3 * GIB);
const executor = inlineExecutor(heap);
const wasm = create(heap.views.memory, { ...DEFAULT_SETTINGS, variant: choose(DEFAULT_SETTINGS) });
const LENGTH = 1 << 18;
const [x, y, wanted] = [0, 1, 2].map(() => heap.alloc(4 * LENGTH));
afterAll(() => { for (const ptr of [x, y, wanted]) heap.free(ptr); });

function run(table: KernelTable, op: OpName, args: readonly number[]): void {
  const kernel = table[op]!.float32 as LoadedKernel['kernel'];
  executor.run({ op, dtype: 'float32', kernel, set: 0, setName: 'test' }, args);
}

/** Floats at a pointer, without a copy. */
const floats = (ptr: number, length: number): Float32Array => heap.views.f32.subarray(ptr / 4, ptr / 4 + length);
const outputs = (op: OpName, inputs: readonly number[]): number[] => {
  floats(x, inputs.length).set(inputs);
  run(wasm, op, [x, y, inputs.length, 0, 0]);
  return [...floats(y, inputs.length)];
};

const bits = new DataView(new ArrayBuffer(4));
/** The unit in the last place of a float near `value`. */
function unit(value: number): number {
  bits.setFloat32(0, Math.abs(value));
  return 2 ** (Math.max(1, bits.getUint32(0) >>> 23) - 150);
}

describe('functions', () => {
  const sigmoid = (v: number): number => (v >= 0 ? 1 / (1 + Math.exp(-v)) : Math.exp(v) / (1 + Math.exp(v)));
  it.each<[OpName, (v: number) => number, number]>([
    ['exp', Math.exp, 1], ['tanh', Math.tanh, 1.5], ['sigmoid', sigmoid, 2.5], ['log', Math.log, 1], ['erf', erf, 1.25], ['sin', Math.sin, 0.51], ['cos', Math.cos, 0.51],
  ])(
    '%s over floats of every size, denormal ones too', (op, right, units) => {
      // An odd step through all bit patterns: signs, exponents and last digits all change.
      const input = floats(x, LENGTH);
      new Uint32Array(input.buffer, input.byteOffset, LENGTH).forEach((_, i, patterns) => { patterns[i] = (i * 16381) >>> 0; });
      run(wasm, op, [x, y, LENGTH, 0, 0]);
      const output = floats(y, LENGTH);
      const wrong = [...input.keys()].filter((i) => {
        const value = right(input[i]);
        if (Number.isNaN(value) || !Number.isFinite(Math.fround(value))) return !Object.is(output[i], Math.fround(value));
        return !(Math.abs(output[i] - value) <= units * unit(value));
      });
      expect(wrong.slice(0, 5).map((i) => `${op}(${input[i]}) = ${output[i]}`)).toEqual([]);
    });

  it('sine and cosine around multiples of π/2, where little is left of the argument', () => {
    const input = floats(x, LENGTH);
    // Floats around k · π/2, to the bound beyond which JavaScript serves and past it.
    input.forEach((_, i) => { input[i] = (i % 3 - 1) * 2 ** -10 * (i % 1000) * 2 ** -13 + Math.floor(i / 3) * 32 * (Math.PI / 2); });
    for (const [op, right] of [['sin', Math.sin], ['cos', Math.cos]] as const) {
      run(wasm, op, [x, y, LENGTH, 0, 0]);
      const output = floats(y, LENGTH);
      expect([...input.keys()].filter((i) => !(Math.abs(output[i] - right(input[i])) <= 0.51 * unit(right(input[i])))).length).toBe(0);
    }
  });

  it('pow over floats of every size, and where C says what it is', () => {
    const [left, right] = [floats(x, LENGTH), floats(wanted, LENGTH)];
    new Uint32Array(left.buffer, left.byteOffset, LENGTH).forEach((_, i, patterns) => { patterns[i] = (i * 16381) & 0x7fffffff; });
    right.forEach((_, i) => { right[i] = (i % 41 - 20) / 8; });
    run(wasm, 'pow', [x, wanted, y, 0, 1, LENGTH, 1, 1]);
    const output = floats(y, LENGTH);
    const wrong = [...left.keys()].filter((i) => {
      const value = left[i] ** right[i];
      if (Number.isNaN(value) || !Number.isFinite(Math.fround(value))) return !Object.is(output[i], Math.fround(value));
      return !(Math.abs(output[i] - value) <= 0.6 * unit(value));
    });
    expect(wrong.slice(0, 5).map((i) => `${left[i]} ** ${right[i]} = ${output[i]}`)).toEqual([]);

    const odd = [0, -0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 1e-40, 3e38, -3e38, 2 ** 24 - 1, Infinity, -Infinity, NaN];
    const pairs = odd.flatMap((a) => odd.map((b) => [a, b]));
    for (const [ptr, at] of [[x, 0], [wanted, 1]]) floats(ptr, pairs.length).set(pairs.map((pair) => pair[at]));
    run(wasm, 'pow', [x, wanted, y, 0, 1, pairs.length, 1, 1]);
    const results = [...floats(y, pairs.length)];
    run(naive, 'pow', [x, wanted, y, 0, 1, pairs.length, 1, 1]);
    expect(pairs.map(([a, b], i) => `${a} ** ${b} = ${Object.is(results[i], -0) ? '-0' : results[i]}`))
      .toEqual(pairs.map(([a, b], i) => `${a} ** ${b} = ${Object.is(floats(y, pairs.length)[i], -0) ? '-0' : floats(y, pairs.length)[i]}`));
  });

  it('at the ends of the range', () => {
    expect(outputs('erf', [-0, Infinity, -Infinity, NaN, 4, -5, 2 ** -149])).toEqual([-0, 1, -1, NaN, 1, -1, 2 ** -149]);
    expect(outputs('sin', [-0, Infinity, -Infinity, NaN, 2 ** -149, 3e38, -4194304])).toEqual([-0, NaN, NaN, NaN, 2 ** -149, ...[3e38, -4194304].map((v) => Math.fround(Math.sin(Math.fround(v))))]);
    expect(outputs('cos', [-0, Infinity, NaN, 2 ** -149, 3e38])).toEqual([1, NaN, NaN, 1, Math.fround(Math.cos(Math.fround(3e38)))]);
    expect(outputs('exp', [-0, Infinity, -Infinity, NaN, 88.72283, 88.73, -103.9, -104.5])).toEqual([1, Infinity, 0, NaN, 3.402798519021476e38, Infinity, 2 ** -149, 0]);
    expect(outputs('tanh', [-0, 0, Infinity, -Infinity, NaN])).toEqual([-0, 0, 1, -1, NaN]);
    expect(outputs('sigmoid', [-0, Infinity, -Infinity, NaN])).toEqual([0.5, 1, 0, NaN]);
    expect(outputs('relu', [-0, -1, NaN, Infinity, -Infinity])).toEqual([0, 0, NaN, Infinity, 0]);
    expect(outputs('sign', [-0, 0, NaN, -Infinity, 1e-45])).toEqual([0, 0, 0, -1, 1]);
    expect(outputs('log', [0, -0, -1, -Infinity, Infinity, NaN, 1, 2 ** -149])).toEqual([-Infinity, -Infinity, NaN, NaN, Infinity, NaN, 0, Math.fround(Math.log(2 ** -149))]);
    expect(outputs('round', [-0.5, 0.5, 1.5, 2.5, -2.5])).toEqual([-0, 0, 2, 2, -2]);
  });

  it('softplus, where exp underflows, where it vanishes beside 1 and where it overflows', () => {
    const inputs = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 10);
    floats(x, inputs.length).set(inputs);
    for (const [beta, threshold] of [[1, 20], [2, 1000], [0.5, 3]]) {
      run(wasm, 'softplus', [x, y, inputs.length, beta, threshold]);
      const wrong = inputs.filter((_, i) => {
        const given = Math.fround(inputs[i]);
        const right = given * beta > Math.min(threshold, 700) ? given : Math.log1p(Math.exp(given * beta)) / beta;
        return !(Math.abs(floats(y, inputs.length)[i] - right) <= 4 * unit(right) + 0.5 * unit(given) * Math.abs(right));
      });
      expect(wrong).toEqual([]);
    }
  });

  it('casts to integers as JavaScript does', () => {
    const inputs = [0, -0, 1.9, -1.9, 2147483520, 2147483648, -2147483648, 4294967296, 3e10, -3e10, 2 ** 55, 2 ** 70, Infinity, -Infinity, NaN, 5.5, 7];
    floats(x, inputs.length).set(inputs);
    run(wasm, 'cast', [x, y, inputs.length, 2]);
    expect([...heap.views.i32.subarray(y / 4, y / 4 + inputs.length)]).toEqual(inputs.map((v) => Math.fround(v) | 0));
  });

  it('compares whole numbers and truth values with numbers that are none', () => {
    const whole = Int32Array.from({ length: 60 }, (_, i) => [0, 1, -1, 2147483647, -2147483648][i % 5]);
    heap.views.i32.set(whole, x / 4);
    const bytes = Uint8Array.from({ length: 60 }, (_, i) => i % 2);
    heap.views.u8.set(bytes, wanted);
    for (const op of ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const) for (const number of [0.5, 0, 1, -1, 3e9, -3e9, 2147483647, NaN, Infinity]) for (const left of [true, false]) {
      for (const [dtype, ptr] of [['int32', x], ['bool', wanted]] as const) {
        const shape = [0, y, number, 3, 3, 4, 5, ...(left ? [20, 1, 4, 0, 0, 0] : [0, 0, 0, 20, 1, 4])].slice(1);
        const args = left ? [ptr, 0, ...shape] : [0, ptr, ...shape];
        const [got, right] = [wasm, naive].map((table) => {
          heap.views.u8.fill(9, y, y + 60);
          executor.run({ op, dtype, kernel: table[op]![dtype] as LoadedKernel['kernel'], set: 0, setName: 'test' }, args);
          return [...heap.views.u8.subarray(y, y + 60)];
        });
        expect([op, dtype, number, left, got]).toEqual([op, dtype, number, left, right]);
      }
    }
  });

  it('casts whole numbers and truth values, and copies the latter backwards', () => {
    const ints = Int32Array.from({ length: 61 }, (_, i) => [0, 1, -1, 2147483647, -2147483648, 16777217][i % 6]);
    heap.views.i32.set(ints, x / 4);
    heap.views.u8.set(Uint8Array.from({ length: 61 }, (_, i) => Number(i % 3 === 0)), wanted);
    const all = (dtype: 'int32' | 'bool', op: OpName, args: readonly number[]): void => {
      const [got, right] = [wasm, naive].map((table) => {
        heap.views.u8.fill(9, y, y + 8 * 64);
        executor.run({ op, dtype, kernel: (table[op] as Record<string, LoadedKernel['kernel']>)[dtype], set: 0, setName: 'test' }, args);
        return [...heap.views.u8.subarray(y, y + 8 * 64)];
      });
      expect([dtype, op, args, got]).toEqual([dtype, op, args, right]);
    };
    for (const to of [0, 1, 2, 3]) {
      all('int32', 'cast', [x, y, 61, to]);
      all('bool', 'cast', [wanted, y, 61, to]);
    }
    all('bool', 'stridedCopy', [wanted, y, 59, 1, 2, 3, 20, -1, -3, 20, 1]);
    all('bool', 'stridedCopy', [wanted, y, 0, 0, 2, 3, 20, 1, 0, 20, 1]);
    all('bool', 'stridedCopy', [wanted, y, 0, 0, 2, 3, 20, 20, 1, 25, 1]);
    all('bool', 'stridedCopy', [wanted, y, 0, 0, 2, 3, 20, 20, 1, 1, 3]);
  });

  it('random numbers are those of the plain loops, from any element on', () => {
    for (const [seed, stream] of [[1, 2], [4294967299, 3], [7, 4294967300]]) {
      for (const ptr of [y, wanted]) floats(ptr, 1003).fill(NaN);
      run(wasm, 'uniform', [y, 1003, seed, stream, -1, 3]);
      run(naive, 'uniform', [wanted, 1003, seed, stream, -1, 3]);
      expect(floats(y, 1003)).toEqual(floats(wanted, 1003));
      run(wasm, 'normal', [y, 1003, seed, stream, 1, 0.5]);
      run(naive, 'normal', [wanted, 1003, seed, stream, 1, 0.5]);
      expect([...floats(y, 1003)].filter((v, i) => !(Math.abs(v - floats(wanted, 1003)[i]) <= 1e-6))).toEqual([]);
    }
  });

  it('1 − y² does not cancel in the gradient of tanh', () => {
    const near = Math.fround(0.99999);
    floats(x, 2).set([near, 1]);
    run(wasm, 'tanhGrad', [x, x + 4, y, 1, 0]);
    expect(Math.abs(floats(y, 1)[0] / ((1 - near) * (1 + near)) - 1)).toBeLessThan(1e-6);
  });
});

describe('shapes', () => {
  /** Whole numbers of a few digits. */
  const lay = (ptr: number, length: number): void => { floats(ptr, length).forEach((_, i, into) => { into[i] = ((i * 7919) % 201) - 100; }); };

  function same(op: OpName, args: (to: number) => number[], length: number): void {
    for (const to of [y, wanted]) floats(to, length).fill(NaN);
    run(wasm, op, args(y));
    run(naive, op, args(wanted));
    expect(floats(y, length)).toEqual(floats(wanted, length));
  }

  it('five axes of which none can be merged', () => {
    lay(x, 20000);
    const shape = [3, 5, 4, 7, 6];
    for (const b of [[0, 6, 0, 30, 1], [1, 0, 9, 0, 40], [0, 1, 0, 5, 0]]) {
      same('sub', (to) => [x, x + 40, to, 0, 5, ...shape, 1000, 168, 42, 6, 1, ...b], 2520);
      same('sub', (to) => [x, x + 40, to, 0, 5, ...shape, 1, 30, 3, 300, 12, ...b], 2520);
    }
    // More elements than a piece, so that pieces begin within rows and slabs.
    same('add', (to) => [x, x + 40, to, 0, 5, 30, 5, 4, 7, 6, 1, 30, 3, 300, 12, 0, 6, 0, 30, 1], 25200);
  });

  it('strided copies backwards, apart and of five axes', () => {
    lay(x, 20000);
    same('stridedCopy', (to) => [x, to, 18, 0, 1, 19, -1, 1], 19);
    same('stridedCopy', (to) => [x, to, 0, 0, 2, 37, 29, 1, 37, 29, 1], 37 * 29);
    same('stridedCopy', (to) => [x, to, 0, 0, 2, 37, 29, 29, 1, 1, 37], 37 * 29);
    same('stridedCopy', (to) => [x, to, 2519, 0, 5, 3, 5, 4, 7, 6, -1, -3, -15, -60, -420, 840, 168, 42, 6, 1], 2520);
  });

  it('extremes: the first of equals, NaN before all, rows and columns of every length', () => {
    lay(x, 20000);
    for (const [outer, n, inner] of [[7, 1, 1], [5, 3, 1], [4, 9, 1], [3, 130, 1], [2, 11, 1], [2, 5, 3], [1, 40, 21], [3, 17, 50]]) {
      for (const bad of [-1, 5]) {
        if (bad >= 0) floats(x, 20000).set([NaN, NaN], bad);
        for (const op of ['max', 'min', 'argmax', 'argmin'] as const) same(op, (to) => [x, to, outer, n, inner], outer * inner);
      }
      lay(x, 20000);
    }
  });

  it('skips indices that lie outside when it scatters', () => {
    const index = heap.alloc(4 * 5);
    heap.write(index, Int32Array.of(0, 2, -1, 3, 2147483647));
    floats(x, 5).set([1, 2, 4, 8, 16]);
    floats(y, 4).fill(7);
    run(wasm, 'scatterAddElements', [x, index, y, 1, 5, 3, 1]);
    expect([...floats(y, 4)]).toEqual([1, 0, 2, 7]);
    floats(y, 7).fill(7);
    heap.write(index, Int32Array.of(0, 5, -1, 1));
    run(wasm, 'scatterAddElements', [x, index, y, 1, 2, 3, 2]);
    expect([...floats(y, 7)]).toEqual([1, 0, 0, 8, 0, 0, 7]);
    heap.free(index);
  });

  it('has the mean and the variance of batch norm where floats overflow', () => {
    const stats = (values: readonly number[]): number[] => {
      floats(x, values.length).set(values);
      run(wasm, 'batchNormStats', [x, y, y + 64, 2, 1, values.length / 2]);
      return [floats(y, 1)[0], floats(y + 64, 1)[0]];
    };
    const run16 = (value: number): number[] => Array.from({ length: 16 }, () => value);
    expect(stats([...run16(3), 2, Infinity, ...run16(3), 2])).toEqual([Infinity, NaN]);
    expect(stats([...run16(3), NaN, ...run16(3), 2])).toEqual([NaN, NaN]);
    // The squares' sum of four is beyond floats, their mean is not.
    const [mean, variance] = stats([...run16(1.5e19), ...run16(-1.5e19)]);
    expect(mean).toBe(0);
    expect(variance / 2.25e38).toBeCloseTo(1, 6);
  });

  it('works above 2 GiB', () => {
    const below = heap.alloc(2 * GIB);
    const [high, to] = [heap.alloc(4 * 1000), heap.alloc(4 * 1000)];
    expect(high).toBeGreaterThan(2 * GIB);
    floats(high, 1000).forEach((_, i, into) => { into[i] = i - 500; });
    run(wasm, 'relu', [high, to, 1000, 0, 0]);
    expect(floats(to, 1000)).toEqual(floats(high, 1000).map((v) => Math.max(0, v)));
    run(wasm, 'add', [high, high, to, 0, 2, 50, 20, 20, 1, 0, 1]);
    expect(floats(to, 1000)).toEqual(floats(high, 1000).map((v, i) => v + (i % 20) - 500));
    run(wasm, 'stridedCopy', [high, to, 999, 0, 1, 1000, -1, 1]);
    expect(floats(to, 1000)).toEqual(floats(high, 1000).map((v) => -1 - v));
    run(wasm, 'sum', [high, to, 1, 1000, 1]);
    expect(floats(to, 1)[0]).toBe(-500);
    for (const ptr of [below, high, to]) heap.free(ptr);
  });
});
