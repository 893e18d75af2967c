/**
 * The naive kernels against direct formulas: whole numbers, odd sizes, ===. How a kernel is run is test/helpers/kernels.ts;
 * the kernels of layers and optimizers are in cpuNaiveLayers.test.ts.
 */
import { describe, expect, it } from 'vitest';
import cpuNaive, { cpuNaive as named } from '../../dist/backends/cpu-naive/index.js';
import { api, kernels } from '../../dist/backends/cpu-naive/kernels.js';
import { API, BLOCK, DTYPES, OPS, OP_NAMES } from '../../dist/src/backend/index.js';
import type { DType, KernelTable, OpName, TypedArray } from '../../dist/src/backend/index.js';
import { array, call, difference, ints, out, range, type Operand } from '../helpers/kernels.js';

const FLOATS = ['float32', 'float64'] as const;
const NUMBERS = ['float32', 'float64', 'int32'] as const;
const run = (op: OpName, dtype: DType, ...operands: Operand[]): TypedArray[] => call(kernels, op, dtype, ...operands);
const unary = (op: OpName, dtype: DType, xs: number[], p0 = 0, p1 = 0): number[] =>
  [...run(op, dtype, array(dtype, xs), out(xs.length), xs.length, p0, p1)[0]];

describe('the table', () => {
  it('serves every op for precisely the dtypes of OPS', () => {
    expect(api).toBe(API);
    expect(Object.keys(kernels).sort()).toEqual([...OP_NAMES].sort());
    for (const op of OP_NAMES) expect([op, Object.keys(kernels[op] ?? {}).sort()]).toEqual([op, [...OPS[op].dtypes].sort()]);
  });

  it('is found at the address that the backend gives', async () => {
    expect(cpuNaive).toBe(named);
    expect([cpuNaive.name, cpuNaive.determinism]).toEqual(['cpu-naive', 'bitwise']);
    expect(await import(cpuNaive.kernels.href)).toHaveProperty('kernels', kernels);
  });
});

describe('the harness', () => {
  /** Copies five elements with a kernel of the test's. */
  const copyWith = (body: (f32: Float32Array, x: number, y: number, begin: number, end: number) => void) => (): void => {
    const table = { copy: { float32: {
      pieces: ([, , n]) => n, run: ({ f32 }, [x, y], begin, end) => body(f32, x >>> 2, y >>> 2, begin, end),
    } } } satisfies KernelTable;
    call(table, 'copy', 'float32', ints('float32', 5), out(5), 5);
  };

  it('lets a right kernel pass and catches wrong ones', () => {
    copyWith((f32, x, y, begin, end) => void f32.copyWithin(y + begin, x + begin, x + end))();
    expect(copyWith((f32, x, y, begin, end) => void f32.copyWithin(y + begin, x + begin, x + end + Number(end === 5)))).toThrow('wrote outside');
    expect(copyWith((f32, x, y, begin, end) => void f32.copyWithin(y + begin, x + begin, x + end - 1))).toThrow('not written');
    const increment = (v: number, i: number, part: Float32Array): void => { part[i] = v + 1; };
    expect(copyWith((f32, _x, y, begin, end) => f32.subarray(y + begin, y + end).forEach(increment))).toThrow('not written');
    expect(copyWith((f32, x, y) => void f32.copyWithin(y, x, x + 5))).toThrow('and by another');
    const spoil = copyWith((f32, x, y, begin, end) => void f32.copyWithin(y + begin, x + begin, x + end).fill(0, x, x + 1));
    expect(spoil).toThrow('changed its input');
    expect(() => call(kernels, 'copy', 'float32', ints('float32', 5), out(4), 5)).toThrow('OPS says');
  });
});

describe('moving elements', () => {
  it.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1])('fill, copy and where of %i elements', (n) => {
    for (const dtype of DTYPES) {
      expect(difference(run('fill', dtype, out(n), n, 1)[0], new Uint8Array(n).fill(1))).toBeNull();
      const x = ints(dtype, n);
      expect(difference(run('copy', dtype, x, out(n), n)[0], x)).toBeNull();
    }
    const [cond, a, b] = [array('bool', range(n).map((i) => Number(i % 3 === 0))), ints('int32', n, 1), ints('int32', n, 2)];
    expect(difference(run('where', 'int32', cond, a, b, out(n), n)[0], a.map((value, i) => (i % 3 === 0 ? value : b[i])))).toBeNull();
  });

  it('cast cuts off towards zero, NaN is true', () => {
    const x = [0, -0, 1.9, -1.9, 0.1, NaN, Infinity, 300];
    const to = (dtype: DType, xs: number[], target: DType): number[] =>
      [...run('cast', dtype, array(dtype, xs), out(xs.length), xs.length, DTYPES.indexOf(target))[0]];
    expect(to('float64', x, 'int32').slice(0, 5)).toEqual([0, 0, 1, -1, 0]);
    expect(to('float64', x, 'bool')).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
    expect(to('float64', x, 'float32')).toEqual(x.map(Math.fround));
    expect(to('int32', [256, 0, -1], 'bool')).toEqual([1, 0, 1]);
    expect(to('int32', [16777217], 'float32')).toEqual([16777216]);
    expect(to('bool', [0, 1], 'float64')).toEqual([0, 1]);
  });

  it('stridedCopy transposes, flips, repeats and leaves gaps alone', () => {
    for (const dtype of DTYPES) {
      const x = ints(dtype, 3 * 130 * 131);
      const transposed = run('stridedCopy', dtype, x, out(x.length), 0, 0, 3, 131, 130, 3, 1, 131, 130 * 131, 390, 3, 1)[0];
      expect(difference(
        transposed,
        range(x.length).map((i) => x[(i % 3) * 130 * 131 + (Math.floor(i / 3) % 130) * 131 + Math.floor(i / 390)]),
      )).toBeNull();
      expect([...run('stridedCopy', dtype, x.slice(0, 4), out(3), 3, 0, 1, 3, -1, 1)[0]]).toEqual([x[3], x[2], x[1]]);
      expect([...run('stridedCopy', dtype, x.slice(0, 2), out(4), 1, 0, 1, 4, 0, 1)[0]]).toEqual([x[1], x[1], x[1], x[1]]);
      const gaps = run('stridedCopy', dtype, array(dtype, [7, 8]), out(4, array(dtype, [1, 2, 3, 4])), 0, 1, 1, 2, 1, 2)[0];
      expect([...gaps]).toEqual([1, 7, 3, 8]);
      expect([...run('stridedCopy', dtype, array(dtype, [5]), out(1), 0, 0, 0)[0]]).toEqual([5]);
      expect(run('stridedCopy', dtype, array(dtype, []), out(0), 0, 0, 2, 0, 3, 3, 1, 3, 1)[0]).toHaveLength(0);
    }
  });

  const gathers = [[1, 5, 7, 1], [3, 4, 9, 5], [2, 300, 157, 61], [3, 2, 0, 4], [0, 2, 3, 4]];
  it.each(gathers)('gather and scatterAdd [%i, %i → %i, %i]', (outer, nX, nY, inner) => {
    const index = array('int32', range(nY).map((j) => (j * 5 + 1) % nX));
    const each = array('int32', range(outer * nY * inner).map((e) => (e * 7) % (nX + 1) - 1));
    for (const dtype of NUMBERS) {
      const x = ints(dtype, outer * nX * inner);
      const at = (e: number, j: number): number => x[(Math.floor(e / (nY * inner)) * nX + j) * inner + (e % inner)];
      expect(difference(run('gather', dtype, x, index, out(outer * nY * inner), outer, nX, nY, inner)[0],
        range(outer * nY * inner).map((e) => at(e, index[Math.floor(e / inner) % nY])))).toBeNull();
      expect(difference(run('gatherElements', dtype, x, each, out(outer * nY * inner), outer, nX, nY, inner)[0],
        range(outer * nY * inner).map((e) => (each[e] < 0 ? 0 : at(e, each[e]))))).toBeNull();
    }
    for (const dtype of FLOATS) {
      const g = ints(dtype, outer * nY * inner, 3);
      const [byRow, byElement] = [new Array<number>(outer * nX * inner).fill(0), new Array<number>(outer * nX * inner).fill(0)];
      g.forEach((value, e) => {
        const slab = Math.floor(e / (nY * inner)) * nX * inner + (e % inner);
        byRow[slab + index[Math.floor(e / inner) % nY] * inner] += value;
        if (each[e] >= 0) byElement[slab + each[e] * inner] += value;
      });
      expect(difference(run('scatterAdd', dtype, g, index, out(byRow.length), outer, nY, nX, inner)[0], byRow)).toBeNull();
      expect(difference(run('scatterAddElements', dtype, g, each, out(byRow.length), outer, nY, nX, inner)[0], byElement)).toBeNull();
    }
  });
});

describe('elementwise', () => {
  it.each(FLOATS)('special values of %s', (dtype) => {
    expect(unary('sign', dtype, [NaN, -3, 0, 2])).toEqual([0, -1, 0, 1]);
    expect(unary('round', dtype, [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4, -2.6, NaN, Infinity]))
      .toEqual([0, 2, 2, -0, -2, -2, 2, -3, NaN, Infinity]);
    expect(unary('relu', dtype, [-1, 0, 2, NaN, -Infinity, Infinity])).toEqual([0, 0, 2, NaN, 0, Infinity]);
    expect(unary('leakyRelu', dtype, [-8, 0, 2, NaN], 0.25)).toEqual([-2, 0, 2, NaN]);
    expect(unary('clamp', dtype, [-9, -1, 0, 5, NaN], -1, 3)).toEqual([-1, -1, 0, 3, NaN]);
    expect(unary('clamp', dtype, [-9, 9], 3, -3)).toEqual([-3, -3]);
    expect(unary('sigmoid', dtype, [0, 1000, -1000, NaN, Infinity, -Infinity])).toEqual([0.5, 1, 0, NaN, 1, 0]);
    expect(unary('reciprocal', dtype, [4, 0])).toEqual([0.25, Infinity]);
    for (const f of ['exp', 'log', 'sqrt', 'sin', 'cos', 'tanh', 'abs'] as const) {
      const x = [0.3, 2, -1.25, 0, 30].map((v) => (dtype === 'float32' ? Math.fround(v) : v));
      expect(unary(f, dtype, x)).toEqual(x.map((v) => (dtype === 'float32' ? Math.fround(Math[f](v)) : Math[f](v))));
    }
  });

  it('sigmoid keeps its relative precision far below zero', () => {
    expect(unary('sigmoid', 'float64', [-700])[0] / Math.exp(-700)).toBeCloseTo(1, 12);
  });

  it('erf to 1e-15, odd, NaN kept', () => {
    // To 18 digits by mpmath with 30.
    const values: [number, number][] = [
      [1e-10, 1.12837916709551262e-10], [0.1, 0.112462916018284898], [0.5, 0.520499877813046538], [1, 0.842700792949714869],
      [1.5, 0.966105146475310727], [1.9999, 0.995320197907029392], [2, 0.995322265018952734], [2.5, 0.999593047982555041],
      [3, 0.999977909503001415], [4, 0.9999999845827421], [5.5, 0.999999999999992642], [5.9, 0.999999999999999928],
      [7, 1], [Infinity, 1], [0, 0],
    ];
    for (const [x, y] of values) {
      const [plus, minus] = unary('erf', 'float64', [x, -x]);
      expect(Math.abs(plus - y)).toBeLessThanOrEqual(1e-15 * y);
      expect(minus).toBe(-plus);
    }
    expect(unary('erf', 'float64', [NaN])[0]).toBeNaN();
  });

  it('int32 wraps', () => {
    const least = -2147483648;
    expect(unary('neg', 'int32', [3, least])).toEqual([-3, least]);
    expect(unary('abs', 'int32', [-3, least])).toEqual([3, least]);
    expect(unary('square', 'int32', [7, 123456789])).toEqual([49, Math.imul(123456789, 123456789)]);
    expect(unary('clamp', 'int32', [-5, 5], -Infinity, 2)).toEqual([-5, 2]);
    const pair = (op: OpName, a: number, b: number): number =>
      run(op, 'int32', array('int32', [a]), array('int32', [b]), out(1), 0, 0)[0][0];
    expect(pair('mul', 2147483647, 2147483647)).toBe(1);
    expect(pair('add', 2147483647, 1)).toBe(least);
    expect(pair('sub', least, 1)).toBe(2147483647);
    expect(pair('maximum', -4, 3)).toBe(3);
    const numbers = array('int32', [2147483647, 2147483647, 3]);
    expect([...run('sum', 'int32', numbers, out(1), 1, 3, 1)[0], ...run('prod', 'int32', numbers, out(1), 1, 3, 1)[0]]).toEqual([1, 3]);
  });

  const binaries: [OpName, (a: number, b: number) => number][] = [
    ['add', (a, b) => a + b], ['sub', (a, b) => a - b], ['mul', (a, b) => a * b], ['maximum', Math.max], ['minimum', Math.min],
    ['eq', (a, b) => +(a === b)], ['ne', (a, b) => +(a !== b)], ['lt', (a, b) => +(a < b)], ['le', (a, b) => +(a <= b)],
    ['gt', (a, b) => +(a > b)], ['ge', (a, b) => +(a >= b)],
  ];
  it.each(binaries)('%s broadcasts, takes scalars and starts anywhere', (op, f) => {
    for (const dtype of OPS[op].dtypes) {
      const draw = (n: number, seed: number): TypedArray => ints(dtype, n, seed).map((v) => (dtype === 'bool' ? v & 1 : v)) as TypedArray;
      const [a, b, d] = [draw(BLOCK + 1, 1), draw(BLOCK + 1, 2), [3, 5]];
      expect(difference(run(op, dtype, a, b, out(a.length), 0, 1, a.length, 1, 1)[0], a.map((v, i) => f(v, b[i])))).toBeNull();
      const [rows, column] = [draw(41 * 803, 4), draw(41, 5)];
      expect(difference(
        run(op, dtype, rows, column, out(rows.length), 0, 2, 41, 803, 803, 1, 1, 0)[0],
        [...rows].map((v, i) => f(v, column[Math.floor(i / 803)])),
      )).toBeNull();
      expect(difference(
        run(op, dtype, column, rows, out(rows.length), 0, 2, 41, 803, 1, 0, 803, 1)[0],
        [...rows].map((v, i) => f(column[Math.floor(i / 803)], v)),
      )).toBeNull();
      expect(difference(
        run(op, dtype, a.slice(0, 15), null, out(15), 1, 2, ...d, 5, 1, 0, 0)[0],
        Array.from(a.slice(0, 15)).map((v) => f(v, 1)),
      )).toBeNull();
      expect(difference(
        run(op, dtype, null, b.slice(0, 15), out(15), 1, 2, ...d, 0, 0, 5, 1)[0],
        Array.from(b.slice(0, 15)).map((v) => f(1, v)),
      )).toBeNull();
      expect(run(op, dtype, a.slice(0, 0), b.slice(0, 0), out(0), 0, 2, 0, 3, 3, 1, 3, 1)[0]).toHaveLength(0);
    }
  });

  it.each(FLOATS)('NaN, division and powers of %s', (dtype) => {
    const pairs = (op: OpName, a: number[], b: number[]): number[] =>
      [...run(op, dtype, array(dtype, a), array(dtype, b), out(a.length), 0, 1, a.length, 1, 1)[0]];
    expect(pairs('maximum', [NaN, 1, 2], [0, NaN, 1])).toEqual([NaN, NaN, 2]);
    expect(pairs('minimum', [NaN, 1, 2], [0, NaN, 1])).toEqual([NaN, NaN, 1]);
    expect(pairs('eq', [NaN, 0], [NaN, -0])).toEqual([0, 1]);
    expect(pairs('ne', [NaN], [NaN])).toEqual([1]);
    expect(pairs('div', [1, 0, -1], [4, 0, 0])).toEqual([0.25, NaN, -Infinity]);
    expect(pairs('pow', [2, 9, -2, 0, -8], [10, 0.5, 3, 0, 0.5])).toEqual([1024, 3, -8, 1, NaN]);
    // As in PyTorch, the number 0.1 is the dtype's own 0.1.
    expect([...run('eq', dtype, array(dtype, [0.1]), null, out(1), 0.1, 1, 1, 1, 0)[0]]).toEqual([1]);
  });

  it('an int32 can be compared with a fraction', () => {
    expect([...run('gt', 'int32', array('int32', [0, 1]), null, out(2), 0.5, 1, 2, 1, 0)[0]]).toEqual([0, 1]);
  });

  it.each(FLOATS)('gradients of the activations in %s', (dtype) => {
    const grad = (op: OpName, s: number[], p0 = 0): number[] =>
      [...run(op, dtype, array(dtype, s), array(dtype, s.map(() => 8)), out(s.length), s.length, p0)[0]];
    expect(grad('reluGrad', [-1, 0, 2])).toEqual([0, 0, 8]);
    expect(grad('leakyReluGrad', [-1, 0, 2], -0.5)).toEqual([-4, -4, 8]);
    expect(grad('tanhGrad', [0, 0.5, -1])).toEqual([8, 6, 0]);
    expect(grad('sigmoidGrad', [0, 0.5, 0.25])).toEqual([0, 2, 1.5]);
  });
});

describe('reductions', () => {
  const folds: [OpName, (xs: number[]) => number][] = [
    ['sum', (xs) => xs.reduce((a, b) => a + b, 0)], ['max', (xs) => Math.max(...xs)], ['min', (xs) => Math.min(...xs)],
    ['argmax', (xs) => xs.indexOf(Math.max(...xs))], ['argmin', (xs) => xs.indexOf(Math.min(...xs))],
  ];
  it.each(folds)('%s along any axis', (op, f) => {
    for (const dtype of NUMBERS) {
      for (const [outer, n, inner] of [[1, 1, 1], [3, 7, 5], [1, 1009, 1], [97, 3, 113], [2, 131, 67], [4, 0, 0], [0, 5, 3]]) {
        const x = ints(dtype, outer * n * inner);
        const wanted = range(outer * inner).map((r) => f(range(n).map((j) => x[(Math.floor(r / inner) * n + j) * inner + (r % inner)])));
        expect(difference(run(op, dtype, x, out(outer * inner), outer, n, inner)[0], wanted)).toBeNull();
      }
    }
  });

  it('prod, and one million ones in float32', () => {
    const x = array('float32', range(40).map((i) => (i % 2 === 0 ? 2 : -1)));
    expect(difference(run('prod', 'float32', x, out(2), 1, 20, 2)[0], [2 ** 20, 1])).toBeNull();
    // A sum in float32 steps would stop at 2²⁴.
    expect(run('sum', 'float32', new Float32Array(1e6).fill(16.75), out(1), 1, 1e6, 1)[0][0]).toBe(16.75e6);
  });

  it('nothing to reduce gives the identity', () => {
    const none = (op: OpName, dtype: DType): number => run(op, dtype, array(dtype, []), out(1), 1, 0, 1)[0][0];
    expect(['sum', 'prod', 'max', 'min', 'argmax'].map((op) => none(op as OpName, 'float32'))).toEqual([0, 1, -Infinity, Infinity, -1]);
    expect(['sum', 'prod', 'max', 'min', 'argmin'].map((op) => none(op as OpName, 'int32'))).toEqual([0, 1, -2147483648, 2147483647, -1]);
  });

  it('NaN wins, and the first of equals', () => {
    const rows = array('float32', [1, NaN, 3, NaN, 2, 5, 5, 1, -Infinity, -Infinity, -Infinity, -Infinity]);
    expect([...run('max', 'float32', rows, out(3), 3, 4, 1)[0]]).toEqual([NaN, 5, -Infinity]);
    expect([...run('min', 'float32', rows, out(3), 3, 4, 1)[0]]).toEqual([NaN, 1, -Infinity]);
    expect([...run('argmax', 'float32', rows, out(3), 3, 4, 1)[0]]).toEqual([1, 1, 0]);
    expect([...run('argmin', 'float32', rows, out(3), 3, 4, 1)[0]]).toEqual([1, 3, 0]);
  });

  it('channelSum', () => {
    for (const [n, c, s] of [[3, 5, 7], [0, 2, 4], [1, 1, 1], [2, 3, 0]]) {
      const x = ints('float32', n * c * s);
      expect(difference(
        run('channelSum', 'float32', x, out(c), n, c, s)[0],
        range(c).map((ch) => [...x].reduce((sum, v, i) => sum + (Math.floor(i / s) % c === ch ? v : 0), 0)),
      )).toBeNull();
    }
  });
});

describe('matmul', () => {
  /** Where in a matrix, by number of the matrix, row and column. */
  type Place = (s: number, row: number, column: number) => number;
  const sizes = [
    [1, 1, 1, 1], [1, 3, 5, 7], [2, 17, 4, 9], [3, 31, 67, 13], [1, 130, 131, 3], [2, 4, 3, 0], [1, 0, 3, 2], [1, 3, 0, 2], [0, 3, 2, 2],
  ];
  it.each(sizes)('%i × [%i, %i], k %i: plain, transposed, repeated, with bias', (batch, m, n, k) => {
    for (const dtype of FLOATS) {
      const [a, b, bias] = [ints(dtype, batch * m * k, 1), ints(dtype, batch * k * n, 2), ints(dtype, n, 3)];
      const wanted = (aAt: Place, bAt: Place, add = 0): number[] =>
        range(batch * m * n).map((e) => {
          const [s, i, j] = [Math.floor(e / (m * n)), Math.floor(e / n) % m, e % n];
          return range(k).reduce((sum, p) => sum + a[aAt(s, i, p)] * b[bAt(s, p, j)], add * bias[j]);
        });
      const size = [batch, m, n, k];
      expect(difference(run('matmul', dtype, a, b, null, out(batch * m * n), ...size, m * k, k, 1, k * n, n, 1)[0],
        wanted((s, i, p) => s * m * k + i * k + p, (s, p, j) => s * k * n + p * n + j))).toBeNull();
      expect(difference(run('matmul', dtype, a, b, bias, out(batch * m * n), ...size, m * k, 1, m, k * n, 1, k)[0],
        wanted((s, i, p) => s * m * k + p * m + i, (s, p, j) => s * k * n + j * k + p, 1))).toBeNull();
      expect(difference(run('matmul', dtype, a, b, bias, out(batch * m * n), ...size, m * k, k, 1, 0, n, 1)[0],
        wanted((s, i, p) => s * m * k + i * k + p, (_s, p, j) => p * n + j, 1))).toBeNull();
    }
  });
});
