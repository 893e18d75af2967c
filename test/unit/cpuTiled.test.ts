/**
 * The tiled kernels against cpu-naive: === on small whole numbers, whose sums are exact in any order, at sizes around every block
 * boundary. What shuffles pieces and guards buffers is helpers/kernels.ts.
 */
import { describe, expect, it } from 'vitest';
import { kernels as naive } from '../../dist/backends/cpu-naive/kernels.js';
import { KC, MC, MR, NC, NR, SLAB } from '../../dist/backends/cpu-tiled/panels.js';
import { kernels as tiled } from '../../dist/backends/cpu-tiled/kernels.js';
import { BLOCK } from '../../dist/src/backend/index.js';
import type { OpName } from '../../dist/src/backend/index.js';
import { call, difference, ints, out, type Operand } from '../helpers/kernels.js';

/** Runs an op on both sets; null, or where they first differ. */
function compare(op: OpName, operands: Operand[], tolerance = 0): string | null {
  const wanted = call(naive, op, 'float32', ...operands);
  const found = call(tiled, op, 'float32', ...operands);
  for (let i = 0; i < wanted.length; i++) {
    const where = difference(found[i], wanted[i], tolerance);
    if (where) return `${op}, output ${i}: ${where}`;
  }
  return null;
}
const f32 = (length: number, seed = 1): Float32Array => ints('float32', length, seed) as Float32Array;
/** Not whole numbers, −3 … 3, for smooth functions. */
const smooth = (length: number, seed = 1): Float32Array => f32(length, seed).map((v, i) => v / 3 + ((i * 7919) % 101) / 1009);

describe('matmul', () => {
  const sizes: [m: number, n: number, k: number][] = [
    [1, 1, 1], [1, 7, 5], [7, 1, 5], [MR, NR, 1], [MR + 1, NR + 1, 2], [MR - 1, NR - 1, 9], [13, 17, 19],
    [MC, NC, 31], [MC + 1, NC + 1, 8], [MC - 1, NC - 1, 9],
    [3, 4, KC - 1], [3, 4, KC], [3, 4, KC + 1], [5, 7, 2 * KC + 3], [70, 101, 2 * KC + 1], [131, 101, 37], [2 * MC + 3, 5, KC + 9], [9, 3 * NC + 2, 11], [4, 5, 0],
  ];
  it.each(sizes)('%i×%i×%i, all four transpositions, with and without bias', (m, n, k) => {
    const [a, b, bias] = [f32(m * k, 2), f32(k * n, 3), f32(n, 4)];
    for (const [aRow, aCol] of [[k, 1], [1, m]]) {
      for (const [bRow, bCol] of [[n, 1], [1, k]]) {
        for (const shift of [null, bias]) expect(compare('matmul', [a, b, shift, out(m * n), 1, m, n, k, 0, aRow, aCol, 0, bRow, bCol])).toBeNull();
      }
    }
  });
  it('batches, repeated operands, gaps between rows', () => {
    const [batch, m, n, k] = [3, 11, 10, 7];
    expect(compare('matmul', [f32(batch * m * k), f32(batch * k * n, 2), f32(n), out(batch * m * n), batch, m, n, k, m * k, k, 1, k * n, n, 1])).toBeNull();
    expect(compare('matmul', [f32(batch * m * k), f32(k * n, 2), null, out(batch * m * n), batch, m, n, k, m * k, k, 1, 0, 1, k])).toBeNull();
    expect(compare('matmul', [f32(m * (k + 5)), f32(2 * k * n, 2), null, out(m * n), 1, m, n, k, 0, k + 5, 1, 0, 2 * n, 2])).toBeNull();
    for (const empty of [[0, 2, 3], [2, 0, 3], [2, 3, 0]]) {
      const [b, rows, columns] = empty;
      expect(compare('matmul', [f32(b * rows * 4), f32(4 * columns), null, out(b * rows * columns), b, rows, columns, 4, rows * 4, 4, 1, 0, columns, 1])).toBeNull();
    }
  });
  it('carries NaN and infinities', () => {
    const a = f32(6 * 5);
    [a[7], a[20]] = [NaN, Infinity];
    expect(compare('matmul', [a, f32(5 * 8), null, out(48), 1, 6, 8, 5, 0, 5, 1, 0, 8, 1])).toBeNull();
  });
  it('cuts a large product into pieces for eight threads', () => {
    const pieces = (m: number, n: number, k: number): number => tiled.matmul!.float32!.pieces([64, 64, 0, 64, 1, m, n, k, 0, k, 1, 0, n, 1], 0);
    expect(pieces(512, 512, 512)).toBeGreaterThanOrEqual(32);
    expect(pieces(100, 10, 1568)).toBeGreaterThanOrEqual(8);
  });
});

type Triple = [number, number, number];
interface ConvCase { n: number; groups: number; cin: number; cout: number; i: Triple; k: Triple; s?: Triple; p?: Triple; d?: Triple }

describe('convolution', () => {
  const cases: ConvCase[] = [
    { n: 1, groups: 1, cin: 1, cout: 1, i: [1, 1, 1], k: [1, 1, 1] },
    { n: 3, groups: 1, cin: 1, cout: 16, i: [1, 28, 28], k: [1, 5, 5], p: [0, 2, 2] },
    { n: 2, groups: 1, cin: 16, cout: 32, i: [1, 14, 14], k: [1, 5, 5], p: [0, 2, 2] },
    { n: 2, groups: 1, cin: 3, cout: 5, i: [1, 7, 5], k: [1, 3, 3] },
    { n: 2, groups: 1, cin: 7, cout: 65, i: [1, 9, 7], k: [1, 1, 1] },
    { n: 2, groups: 1, cin: 67, cout: 3, i: [1, 6, 5], k: [1, 3, 3], p: [0, 1, 1] },
    { n: 2, groups: 1, cin: 2, cout: 3, i: [1, 9, 11], k: [1, 3, 2], s: [1, 2, 3], p: [0, 2, 1] },
    { n: 1, groups: 2, cin: 4, cout: 6, i: [1, 11, 13], k: [1, 3, 3], s: [1, 2, 1], p: [0, 1, 3], d: [1, 2, 3] },
    { n: 3, groups: 6, cin: 6, cout: 6, i: [1, 5, 6], k: [1, 3, 3], p: [0, 1, 1] },
    { n: 2, groups: 3, cin: 3, cout: 9, i: [1, 1, 17], k: [1, 1, 5], s: [1, 1, 2], p: [0, 0, 2], d: [1, 1, 2] },
    { n: 2, groups: 1, cin: 2, cout: 2, i: [4, 5, 6], k: [2, 3, 2], s: [2, 1, 3], p: [1, 1, 1], d: [1, 2, 1] },
    { n: 1, groups: 1, cin: 3, cout: 4, i: [5, 6, 7], k: [3, 3, 3], p: [1, 1, 1] },
    // Strides that share a factor with the dilation, windows wholly within the padding, inputs that no window reaches.
    { n: 1, groups: 1, cin: 2, cout: 2, i: [1, 13, 10], k: [1, 3, 2], s: [1, 4, 6], p: [0, 3, 2], d: [1, 2, 4] },
    { n: 1, groups: 1, cin: 1, cout: 2, i: [1, 3, 3], k: [1, 2, 2], p: [0, 4, 3] },
    { n: 1, groups: 1, cin: 2, cout: 1, i: [1, 8, 9], k: [1, 2, 3], s: [1, 3, 4] },
    { n: 2, groups: 1, cin: 2, cout: 3, i: [1, 8, 8], k: [1, 1, 1], s: [1, 3, 2] },
    // A kernel longer than a block of k, rows longer than a tile, and slabs that do not fit: dilation, stride, many long rows.
    { n: 1, groups: 1, cin: 2, cout: 3, i: [1, 25, 25], k: [1, 23, 23], p: [0, 1, 0] },
    { n: 1, groups: 1, cin: 1, cout: 2, i: [1, 2, 5003], k: [1, 1, 3], p: [0, 0, 1] },
    { n: 1, groups: 1, cin: 1, cout: 2, i: [1, 1, SLAB + 999], k: [1, 1, 3], s: [1, 1, 2] },
    { n: 1, groups: 1, cin: 2, cout: 2, i: [1, 300, 300], k: [1, 3, 3], d: [1, 140, 145] },
    { n: 1, groups: 1, cin: 1, cout: 1, i: [1, 343, 391], k: [1, 2, 2], s: [1, 31, 19] },
    { n: 1, groups: 1, cin: 1, cout: 1, i: [43, 43, 43], k: [2, 2, 2], d: [40, 40, 40] },
    { n: 0, groups: 1, cin: 2, cout: 3, i: [1, 4, 4], k: [1, 3, 3] },
  ];
  it.each(cases)('and both gradients: $n × $cin → $cout of $groups groups, input $i, kernel $k', (c) => {
    const { n, groups, cin, cout, i, k, s = [1, 1, 1], p = [0, 0, 0], d = [1, 1, 1] } = c;
    const o = i.map((size, r) => Math.floor((size + 2 * p[r] - d[r] * (k[r] - 1) - 1) / s[r]) + 1) as Triple;
    const size = (t: Triple): number => t[0] * t[1] * t[2];
    const geometry = [n, groups, cin, cout, ...i, ...k, ...o, ...s, ...p, ...d];
    const [x, w, g] = [f32(n * cin * size(i), 1), f32((cout * cin / groups) * size(k), 2), f32(n * cout * size(o), 3)];
    for (const bias of [null, f32(cout, 4)]) expect(compare('conv', [x, w, bias, out(g.length), ...geometry])).toBeNull();
    for (const bias of [null, f32(cin, 5)]) expect(compare('convGradInput', [g, w, bias, out(x.length), ...geometry])).toBeNull();
    expect(compare('convGradWeight', [x, g, out(w.length), ...geometry])).toBeNull();
  });
  it('cuts a batch, and a large image, into pieces for eight threads', () => {
    const count = (op: 'conv' | 'convGradInput', n: number, cin: number, cout: number, side: number): number =>
      tiled[op]!.float32!.pieces([64, 64, 0, 64, n, 1, cin, cout, 1, side, side, 1, 3, 3, 1, side, side, 1, 1, 1, 0, 1, 1, 1, 1, 1], 0);
    expect(count('conv', 100, 1, 16, 28)).toBeGreaterThanOrEqual(32);
    expect(count('conv', 1, 64, 64, 56)).toBeGreaterThanOrEqual(16);
    expect(count('convGradInput', 1, 64, 64, 56)).toBeGreaterThanOrEqual(16);
    const weights = tiled.convGradWeight!.float32!.pieces([64, 64, 64, 100, 1, 1, 16, 1, 28, 28, 1, 5, 5, 1, 28, 28, 1, 1, 1, 0, 2, 2, 1, 1, 1], 0);
    expect(weights).toBeGreaterThanOrEqual(16);
  });
});

describe('pooling', () => {
  interface PoolCase { nc: number; i: Triple; k: Triple; s: Triple; p?: Triple; d?: Triple; ceil?: number }
  const cases: PoolCase[] = [
    { nc: 1, i: [1, 1, 1], k: [1, 1, 1], s: [1, 1, 1] },
    { nc: 7, i: [1, 28, 28], k: [1, 2, 2], s: [1, 2, 2] },
    { nc: 3, i: [1, 9, 7], k: [1, 3, 2], s: [1, 2, 1], p: [0, 1, 1] },
    { nc: 2, i: [1, 10, 11], k: [1, 3, 3], s: [1, 2, 2], p: [0, 1, 0], ceil: 1 },
    { nc: 2, i: [5, 6, 7], k: [2, 3, 2], s: [1, 2, 2], p: [1, 1, 1] },
    { nc: 40, i: [1, 13, 59], k: [1, 3, 3], s: [1, 1, 1], p: [0, 1, 1] },
    { nc: 2, i: [1, 9, 9], k: [1, 2, 3], s: [1, 2, 2], p: [0, 1, 1], d: [1, 3, 2] },
  ];
  it.each(cases)('$nc planes of $i by $k, stride $s', ({ nc, i, k, s, p = [0, 0, 0], d = [1, 1, 1], ceil = 0 }) => {
    const o = i.map((size, r) => (ceil ? Math.ceil : Math.floor)((size + 2 * p[r] - d[r] * (k[r] - 1) - 1) / s[r]) + 1);
    const size = (t: number[]): number => t[0] * t[1] * t[2];
    const geometry = [nc, ...i, ...k, ...o, ...s, ...p, ...d];
    const x = f32(nc * size(i));
    if (x.length > 50) [x[3], x[17], x[18], x[30]] = [NaN, -Infinity, Infinity, NaN];
    expect(compare('maxPool', [x, out(nc * size(o)), out(nc * size(o)), ...geometry])).toBeNull();
    if (d.some((step) => step > 1)) return;
    for (const [includePad, divisor] of [[0, 0], [1, 0], [0, 3]]) {
      expect(compare('avgPool', [x, out(nc * size(o)), includePad, divisor, ...geometry], 1e-6)).toBeNull();
      expect(compare('avgPoolGrad', [f32(nc * size(o), 9), out(x.length), includePad, divisor, ...geometry], 1e-6)).toBeNull();
    }
  });
  it.each([[1, 1, 1, 1], [5, 9, 30, 1], [300, 196, 784, 1], [3, 17, 11, 4], [2, 6, 8000, 3], [2, 5, 3, 1300], [2, 0, 3, 2], [0, 3, 3, 1], [2, 3, 4, 0]])(
    'scatterAddElements %i × %i to %i × %i', (outer, nG, nY, inner) => {
      const index = Int32Array.from({ length: outer * nG * inner }, (_, i) => (i % 13 === 5 ? -1 : (i * 7919) % nY));
      expect(compare('scatterAddElements', [f32(outer * nG * inner), index, out(outer * nY * inner), outer, nG, nY, inner])).toBeNull();
    });
});

describe('elementwise', () => {
  const lengths = [0, 1, 37, BLOCK, 2 * BLOCK + 5];
  it.each(lengths)('unary and gradients, %i elements', (n) => {
    const x = smooth(n);
    if (n > 9) {
      [x[1], x[2], x[3], x[4]] = [NaN, Infinity, -Infinity, -0];
      // NaN with its sign bit set, as x86 makes it.
      new Uint32Array(x.buffer)[5] = 0xffc00000;
    }
    for (const op of ['neg', 'square', 'sqrt', 'relu'] as const) expect(compare(op, [x, out(n), n, 0, 0])).toBeNull();
    for (const op of ['exp', 'tanh', 'sigmoid'] as const) expect(compare(op, [x, out(n), n, 0, 0], 1e-6)).toBeNull();
    for (const op of ['reluGrad', 'tanhGrad', 'sigmoidGrad'] as const) expect(compare(op, [x, smooth(n, 7), out(n), n, 0], 1e-6)).toBeNull();
    expect(compare('copy', [x, out(n), n])).toBeNull();
    expect(compare('fill', [out(n), n, 0.1])).toBeNull();
  });
  const shapes: [shape: number[], a: number[] | null, b: number[] | null][] = [
    [[], [], []], [[1], [1], [1]], [[37], [1], [1]], [[37], [1], null], [[37], null, [1]], [[37], [1], [0]], [[37], [0], [1]],
    [[3, 5, 7], [35, 7, 1], [0, 1, 0]], [[3, 5, 7], [0, 1, 0], [35, 7, 1]], [[100, 10], [10, 1], [0, 1]], [[100, 10], [10, 1], [1, 0]],
    [[9, 11], [1, 9], [11, 1]], [[2, 3, 4, 5], [60, 20, 5, 1], [0, 5, 0, 1]], [[3, 1, 4], [4, 4, 1], [4, 0, 1]], [[2, 0, 3], [0, 3, 1], [3, 3, 1]],
    [[3, BLOCK, 2], [BLOCK * 2, 2, 1], [0, 1, 0]], [[2, 16, 784], [16 * 784, 784, 1], [0, 1, 0]], [[4, 4], [0, 0], [4, 1]],
  ];
  it.each(shapes)('binary over %j with strides %j and %j', (shape, a, b) => {
    const total = shape.reduce((p, s) => p * s, 1);
    const extent = (strides: number[]): number => (total === 0 ? 0 : 1 + shape.reduce((sum, s, r) => sum + (s - 1) * strides[r], 0));
    const none = shape.map(() => 0);
    for (const op of ['add', 'sub', 'mul', 'div'] as const) {
      const operands = [a && f32(extent(a), 3), b && f32(extent(b), 4).map((v) => v || 2)];
      expect(compare(op, [...operands, out(total), 0.1, shape.length, ...shape, ...(a ?? none), ...(b ?? none)])).toBeNull();
    }
  });
  it('stridedCopy: transposition, reversal, repetition, into the middle of y', () => {
    const initial = f32(400, 8);
    const extent = (at: number, shape: number[], xs: number[]): number => 1 + at + shape.reduce((sum, s, r) => sum + Math.max(0, xs[r]) * (s - 1), 0);
    for (const [xAt, yAt, shape, xs, ys] of [
      [0, 0, [20, 20], [1, 20], [20, 1]], [0, 5, [3, 4, 5], [20, 5, 1], [100, 7, 1]], [59, 0, [3, 20], [-20, -1], [20, 1]], [2, 340, [60], [0], [1]],
      [0, 0, [4, 5, 20], [1, 4, 20], [100, 20, 1]], [0, 399, [], [], []], [0, 1, [2, 1, 3], [3, 99, 1], [6, 0, 2]],
    ] as [number, number, number[], number[], number[]][]) {
      // OPS counts what y can be reached up to; the rest of the buffer is checked by the values laid before.
      const reach = extent(yAt, shape, ys);
      const cut = initial.slice(0, reach);
      expect(compare('stridedCopy', [f32(extent(xAt, shape, xs)), out(reach, cut), xAt, yAt, shape.length, ...shape, ...xs, ...ys])).toBeNull();
    }
    expect(compare('stridedCopy', [f32(131 * 257), out(131 * 257), 0, 0, 2, 131, 257, 1, 131, 257, 1])).toBeNull();
  });
});

describe('reductions', () => {
  it.each([
    [1, 1, 1], [1, 100003, 1], [100, 10, 1], [7, 40000, 1], [3, 7, 5], [1, 100, 10], [1, 5000, 700], [1, 50000, 3], [600, 3, 2], [2, 0, 3], [3, 0, 1], [0, 4, 2], [2, 1, 9],
  ])('sum [%i, %i, %i]', (outer, n, inner) => {
    expect(compare('sum', [f32(outer * n * inner), out(outer * inner), outer, n, inner])).toBeNull();
  });
  it.each([[1, 1, 1], [7, 3, 25], [100, 16, 196], [100, 10, 1], [3, 2, 40000], [1, 1, 70001], [50, 40, 4], [0, 3, 5], [64, 1, 777]])('channelSum [%i, %i, %i]', (n, c, s) => {
    expect(compare('channelSum', [f32(n * c * s), out(c), n, c, s])).toBeNull();
  });
});

describe('normalisation and softmax', () => {
  it.each([[1, 1, 2], [5, 3, 7], [4, 6, 576], [100, 17, 1], [2, 2, 20011]])('batch norm [%i, %i, %i]', (n, c, s) => {
    const [x, mean, variance, gamma, beta] = [smooth(n * c * s), smooth(c, 2), smooth(c, 3).map((v) => v * v), smooth(c, 4), smooth(c, 5)];
    expect(compare('batchNormStats', [x, out(c), out(c), n, c, s], 2e-6)).toBeNull();
    expect(compare('batchNorm', [x, mean, variance, gamma, beta, out(x.length), n, c, s, 1e-2], 2e-6)).toBeNull();
    expect(compare('batchNorm', [x, mean, variance, null, null, out(x.length), n, c, s, 1e-2], 2e-6)).toBeNull();
    for (const scale of [gamma, null]) {
      expect(compare('batchNormGrad', [x, smooth(x.length, 6), mean, variance, scale, out(x.length), out(c), out(c), n, c, s, 1e-2], 2e-6)).toBeNull();
    }
  });
  it.each([[1, 1, 1], [100, 10, 1], [3, 1009, 1], [5, 7, 11], [2000, 9, 1], [0, 3, 1], [2, 0, 3]])('softmax [%i, %i, %i]', (outer, n, inner) => {
    const x = smooth(outer * n * inner);
    if (x.length > 70) [x[0], x[71]] = [1e4, -Infinity];
    for (const op of ['softmax', 'logSoftmax'] as const) expect(compare(op, [x, out(x.length), outer, n, inner], 1e-6)).toBeNull();
    const y = smooth(x.length, 3).map((v) => v / 10);
    for (const op of ['softmaxGrad', 'logSoftmaxGrad'] as const) expect(compare(op, [y, smooth(x.length, 4), out(x.length), outer, n, inner], 1e-6)).toBeNull();
  });
});

describe('optimizer steps', () => {
  const n = BLOCK + 7;
  it('SGD with every option', () => {
    for (const [momentum, dampening, decay, nesterov, first, maximize] of [
      [0, 0, 0, 0, 1, 0], [0.9, 0, 0, 0, 1, 0], [0.9, 0.1, 1e-2, 0, 0, 1], [0.9, 0, 1e-2, 1, 0, 0], [0.9, 0, 0, 1, 1, 1],
    ]) {
      const state = momentum ? [first ? null : smooth(n, 3), out(n), out(n)] : [null, out(n), null];
      expect(compare('sgdStep', [smooth(n), smooth(n, 2), ...state, n, 0.05, momentum, dampening, decay, nesterov, first, maximize], 1e-6)).toBeNull();
    }
  });
  it('Adam with every option', () => {
    const v = smooth(n, 4).map((value) => value * value);
    for (const [decay, decoupled, step, maximize, amsgrad] of [[0, 0, 1, 0, 0], [1e-2, 0, 7, 1, 0], [1e-2, 1, 1000, 0, 1]]) {
      const max = amsgrad ? smooth(n, 5).map(Math.abs) : null;
      expect(compare('adamStep', [
        smooth(n), smooth(n, 2), smooth(n, 3), v, max, out(n), out(n), out(n), amsgrad ? out(n) : null, n, 1e-3, 0.9, 0.999, 1e-8, decay, decoupled, step, maximize,
      ], 1e-6)).toBeNull();
    }
  });
});

describe('the comparison itself', () => {
  it('notices a wrong kernel', () => {
    const broken = { relu: { float32: { ...naive.relu!.float32!, run: naive.neg!.float32!.run } } };
    expect(difference(call(broken, 'relu', 'float32', f32(9), out(9), 9, 0, 0)[0], call(naive, 'relu', 'float32', f32(9), out(9), 9, 0, 0)[0])).not.toBeNull();
  });
});
