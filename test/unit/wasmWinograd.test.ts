/**
 * Winograd's kernels against sums in float64, within the bound that docs/decisions/0007-winograd.md states, on shapes that no table would
 * give them; and which shapes they get. WINOGRAD_REPORT=1 prints the largest errors, those of the direct kernels beside them.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { conv } from '../../dist/backends/wasm-simd/conv.js';
import { convGradWeight } from '../../dist/backends/wasm-simd/convGradWeight.js';
import { choose } from '../../dist/backends/wasm-simd/variants.js';
import { instantiate } from '../../dist/backends/wasm-simd/wasm.js';
import { convGradInputWinograd, convWinograd } from '../../dist/backends/wasm-simd/winograd.js';
import { usesWinograd } from '../../dist/backends/wasm-simd/winogradShapes.js';
import { convGradWeightWinograd } from '../../dist/backends/wasm-simd/winogradWeight.js';
import type { ConvGeometry, KernelTable } from '../../dist/src/backend/index.js';
import { createConvoy } from '../../dist/src/index.js';
import { call, memory, out } from '../helpers/kernels.js';

const wasm = instantiate(memory, choose({ turbo: false, precision: 'high' }).name, 'high');
const direct: KernelTable = { ...conv(wasm), ...convGradWeight(wasm) };
const winogradGradWeight = convGradWeightWinograd(wasm);
const tiled: KernelTable = {
  conv: { float32: convWinograd(wasm) }, convRelu: { float32: convWinograd(wasm, 'convRelu') }, convRelu6: { float32: convWinograd(wasm, 'convRelu6') },
  convGradInput: { float32: convGradInputWinograd(wasm) }, convGradWeight: { float32: winogradGradWeight },
};

/** n, groups, input and output channels per group, height, width, kernel, paddings. */
type Shape = readonly [n: number, groups: number, cin: number, cout: number, h: number, w: number, kernel: number, pH: number, pW: number];

function geometryOf([n, groups, cin, cout, h, w, k, pH, pW]: Shape): ConvGeometry {
  return [n, groups, groups * cin, groups * cout, 1, h, w, 1, k, k, 1, h + 2 * pH - k + 1, w + 2 * pW - k + 1, 1, 1, 1, 0, pH, pW, 1, 1, 1];
}

/** About normal, or all positive; the same for the same seed. */
function numbers(length: number, seed: number, positive: boolean): Float32Array {
  let state = (seed * 2654435761) >>> 0;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Float32Array.from({ length }, () => (positive ? next() : (next() + next() + next() + next() - 2) * 1.7));
}

interface Sums { readonly sum: Float64Array; readonly size: Float64Array }

/** All three ops in float64: the sums, and the sums of absolute values. */
function exact([n, groups, cin, cout, h, w, k, pH, pW]: Shape, x: Float32Array, weights: Float32Array, g: Float32Array): Record<'conv' | 'convGradInput' | 'convGradWeight', Sums> {
  const [oH, oW] = [h + 2 * pH - k + 1, w + 2 * pW - k + 1];
  const make = (length: number): Sums => ({ sum: new Float64Array(length), size: new Float64Array(length) });
  const found = { conv: make(g.length), convGradInput: make(x.length), convGradWeight: make(weights.length) };
  const add = ({ sum, size }: Sums, at: number, value: number): void => {
    sum[at] += value;
    size[at] += Math.abs(value);
  };
  for (let item = 0; item < n * groups; item++) {
    for (let o = 0; o < cout; o++) for (let c = 0; c < cin; c++) for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) {
      const wAt = ((((item % groups) * cout + o) * cin + c) * k + i) * k + j;
      for (let a = Math.max(0, pH - i); a < Math.min(oH, h + pH - i); a++) for (let b = Math.max(0, pW - j); b < Math.min(oW, w + pW - j); b++) {
        const xAt = ((item * cin + c) * h + a + i - pH) * w + b + j - pW;
        const gAt = ((item * cout + o) * oH + a) * oW + b;
        add(found.conv, gAt, x[xAt] * weights[wAt]);
        add(found.convGradInput, xAt, g[gAt] * weights[wAt]);
        add(found.convGradWeight, wAt, x[xAt] * g[gAt]);
      }
    }
  }
  return found;
}

/** The largest error in units of 2⁻²⁴ of the largest Σ|x||w| in the element's plane, or, of weights, kernel. */
function worst(found: ArrayLike<number>, { sum, size }: Sums, plane: number): number {
  let most = 0;
  for (let at = 0; at < sum.length; at += plane) {
    const scale = Math.max(...size.subarray(at, at + plane)) * 2 ** -24;
    for (let i = at; i < at + plane; i++) {
      const error = Math.abs(found[i] - sum[i]) / (scale || 1);
      if (!(error <= most)) most = error;
    }
  }
  return most;
}

/** Both ways' worst errors of each op. */
function errors(shape: Shape, positive: boolean): { op: string; winograd: number; direct: number; terms: number }[] {
  const geometry = geometryOf(shape);
  const [n, groups, cin, cout, h, w, k] = shape;
  const [oH, oW] = [geometry[11], geometry[12]];
  const x = numbers(n * groups * cin * h * w, 1, positive);
  const weights = numbers(groups * cout * cin * k * k, 2, positive);
  const g = numbers(n * groups * cout * oH * oW, 3, positive);
  const right = exact(shape, x, weights, g);
  const m = 7 - k;
  return [
    { op: 'conv', operands: [x, weights, null], length: g.length, plane: oH * oW, terms: cin },
    { op: 'convGradInput', operands: [g, weights, null], length: x.length, plane: h * w, terms: cout },
    { op: 'convGradWeight', operands: [x, g], length: weights.length, plane: k * k, terms: n * Math.ceil(oH / m) * Math.ceil(oW / 4) },
  ].map(({ op, operands, length, plane, terms }) => {
    const of = (table: KernelTable): number => worst(call(table, op as 'conv', 'float32', ...operands, out(length), ...geometry)[0] as Float32Array, right[op as 'conv'], plane);
    return { op, winograd: of(tiled), direct: of(direct), terms };
  });
}

/** The documented bound, for sums of so many products at each position; where weights lie beyond the plane, they still round. */
const bound = (terms: number, [, , , , h, w, k]: Shape): number => (Math.min(h, w) < k + 1 ? 96 : k === 3 ? 24 : 56) + terms / 8;

const SHAPES: readonly Shape[] = [
  [1, 1, 1, 1, 1, 1, 3, 1, 1], [1, 1, 1, 1, 3, 3, 3, 0, 0], [2, 1, 3, 5, 1, 2, 3, 1, 3], [1, 1, 3, 5, 9, 7, 3, 1, 1], [2, 1, 5, 9, 3, 3, 3, 3, 4], [2, 3, 2, 3, 8, 11, 3, 2, 0],
  [1, 2, 5, 7, 13, 33, 3, 4, 4], [5, 1, 17, 13, 7, 7, 3, 1, 1], [1, 1, 66, 70, 6, 9, 3, 1, 1],
  [1, 1, 1, 1, 1, 1, 5, 2, 2], [1, 1, 2, 1, 5, 5, 5, 0, 0], [2, 1, 3, 4, 2, 1, 5, 4, 3], [2, 2, 3, 2, 5, 13, 5, 2, 2], [1, 3, 3, 2, 10, 40, 5, 4, 3], [3, 1, 16, 32, 14, 14, 5, 2, 2],
  [5, 1, 7, 9, 20, 21, 5, 0, 1],
  // Rows of so many tiles that chunks of weight gradients could be fewer than a row.
  [1, 1, 3, 2, 4, 512, 3, 1, 1], [1, 1, 2, 3, 9, 509, 3, 1, 1], [2, 1, 2, 3, 2, 480, 5, 2, 2],
];
const LARGE: readonly Shape[] = [
  // Few tiles and many channels: tiles are transformed first, and sums of both kernel sizes are taken in parts.
  [2, 1, 300, 200, 7, 9, 3, 1, 1], [1, 1, 200, 480, 4, 4, 5, 2, 2], [3, 2, 400, 350, 5, 6, 3, 1, 1],
  [1, 1, 64, 8, 20, 20, 3, 1, 1], [1, 1, 512, 6, 12, 12, 3, 1, 1], [1, 1, 64, 8, 14, 14, 5, 2, 2], [1, 1, 512, 4, 8, 8, 5, 2, 2], [8, 1, 8, 8, 28, 28, 3, 1, 1], [8, 1, 8, 8, 28, 28, 5, 2, 2],
];

describe('Winograd', () => {
  it.each([...SHAPES, ...LARGE].flatMap((shape) => [false, true].map((positive) => ({ shape, positive }))))('keeps its bound: $shape, positive $positive', ({ shape, positive }) => {
    for (const { op, winograd, direct: plain, terms } of errors(shape, positive)) {
      if (process.env.WINOGRAD_REPORT) console.log(`${op} ${shape.join(' ')} ${positive ? 'positive' : 'normal'}: ${winograd.toFixed(1)}, direct ${plain.toFixed(1)}, bound ${bound(terms, shape).toFixed(0)}`);
      expect(winograd, op).toBeLessThan(bound(terms, shape));
    }
  });

  it('adds the bias and takes the positive part as relu does', () => {
    const shape: Shape = [2, 2, 4, 7, 9, 10, 3, 1, 1];
    const geometry = geometryOf(shape);
    const [x, w, bias] = [numbers(2 * 8 * 90, 1, false), numbers(14 * 4 * 9, 2, false), numbers(14, 3, false)];
    const of = (table: KernelTable, op: 'conv' | 'convRelu' | 'convRelu6', b: Float32Array | null): Float32Array => call(table, op, 'float32', x, w, b, out(2 * 14 * 90), ...geometry)[0] as Float32Array;
    const plain = of(tiled, 'conv', bias);
    expect([...of(tiled, 'convRelu', bias)]).toEqual([...plain].map((value) => (value > 0 ? value : 0)));
    expect([...of(tiled, 'convRelu6', bias)]).toEqual([...plain].map((value) => (value > 6 ? 6 : value > 0 ? value : 0)));
    expect(plain.some((value) => value > 6)).toBe(true);
    const without = of(tiled, 'conv', null);
    plain.forEach((value, i) => expect(value).toBeCloseTo(without[i] + bias[Math.floor(i / 90) % 14], 4));
  });

  it('serves by shape and precision', () => {
    const uses = (shape: Shape, precision: 'highest' | 'high' | 'fast' = 'high'): boolean[] => (['conv', 'convGradInput', 'convGradWeight'] as const).map((op) => usesWinograd(op, geometryOf(shape), precision));
    expect(uses([100, 1, 16, 32, 14, 14, 5, 2, 2])).toEqual([true, true, true]);
    expect(uses([100, 1, 16, 32, 14, 14, 5, 2, 2], 'highest')).toEqual([false, false, false]);
    expect(uses([100, 1, 1, 16, 28, 28, 5, 2, 2], 'fast')).toEqual([false, false, false]);
    expect(uses([16, 1, 16, 16, 56, 56, 3, 1, 1])).toEqual([false, false, false]);
    expect(uses([16, 1, 16, 16, 56, 56, 3, 1, 1], 'fast')).toEqual([true, true, true]);
    expect(uses([32, 1, 64, 64, 7, 7, 3, 1, 1])).toEqual([true, true, true]);
    expect(uses([1, 1, 128, 128, 14, 14, 3, 1, 1], 'fast')).toEqual([false, false, false]);
    expect(uses([16, 1, 8, 8, 56, 56, 3, 1, 1], 'fast')).toEqual([true, true, true]);
    expect(uses([100, 1, 16, 32, 14, 14, 7 as 5, 2, 2], 'fast')).toEqual([false, false, false]);
    expect(uses([4, 1, 16, 32, 4, 256, 5, 2, 2])).toEqual([true, true, true]);
    expect(uses([4, 1, 16, 32, 4, 257, 5, 2, 2])).toEqual([true, true, false]);
    expect(uses([4, 1, 16, 32, 4, 257, 5, 2, 2], 'fast')).toEqual([true, true, true]);
    expect(uses([1, 1, 16, 32, 4, 512, 3, 1, 1])).toEqual([true, true, true]);
    const strided = geometryOf([100, 1, 16, 32, 15, 15, 3, 1, 1]).with(14, 2) as unknown as ConvGeometry;
    expect(usesWinograd('conv', strided, 'fast')).toBe(false);
  });

  it('sums weight gradients of several blocks of channels alike where their transforms do not fit the shared memory', () => {
    const geometry = geometryOf([3, 1, 65, 66, 130, 130, 3, 1, 1]);
    expect(winogradGradWeight.workspace?.([0, 0, 0, ...geometry]).shared).toBeLessThan(2 ** 26);
    const [x, g] = [numbers(3 * 65 * 130 * 130, 1, false), numbers(3 * 66 * 130 * 130, 2, false)];
    const of = (table: KernelTable): Float32Array => call(table, 'convGradWeight', 'float32', x, g, out(66 * 65 * 9), ...geometry)[0] as Float32Array;
    const [found, plain] = [of(tiled), of(direct)];
    const rms = Math.sqrt(plain.reduce((sum, value) => sum + value * value, 0) / plain.length);
    expect(Math.max(...found.map((value, i) => Math.abs(value - plain[i])))).toBeLessThan(2e-5 * rms);
  });
});

describe('Winograd in the pool', () => {
  const convoy = createConvoy();
  afterAll(() => convoy.close());

  it.each([
    { k: 3, channels: 24, size: 30 }, { k: 5, channels: 24, size: 30 }, { k: 3, channels: 72, size: 30 }, { k: 3, channels: 280, size: 9 },
  ])('gives the same bits on 1, 2, 3 and 7 threads, kernel $k, $channels channels', async ({ k, channels, size }) => {
    const shape: Shape = [6, 1, channels, channels, size, size - 1, k, (k - 1) / 2, (k - 1) / 2];
    const pixels = size * (size - 1);
    const geometry = geometryOf(shape);
    expect(usesWinograd('convGradWeight', geometry, 'high')).toBe(true);
    const [x, w, g] = [numbers(6 * channels * pixels, 1, false), numbers(channels * channels * k * k, 2, false), numbers(6 * channels * pixels, 3, false)];
    const results: Float32Array[][] = [];
    for (const threads of [1, 2, 3, 7]) {
      const { backend } = await convoy.nn({ backend: 'worker-pool', kernels: 'wasm-simd', threads, seed: 0 });
      const put = (data: Float32Array): number => {
        const at = backend.memory.alloc(data.byteLength);
        backend.memory.write(at, data);
        return at;
      };
      const [xAt, wAt, gAt, y, gx, gw] = [x, w, g, g, x, w].map(put);
      backend.run('conv', 'float32', [xAt, wAt, 0, y, ...geometry]);
      backend.run('convGradInput', 'float32', [gAt, wAt, 0, gx, ...geometry]);
      backend.run('convGradWeight', 'float32', [xAt, gAt, gw, ...geometry]);
      results.push([[y, g], [gx, x], [gw, w]].map(([at, like]) => backend.memory.read(at as number, 'float32', (like as Float32Array).length) as Float32Array));
    }
    for (const result of results.slice(1)) expect(result.map((one, i) => one.every((value, e) => Object.is(value, results[0][i][e])))).toEqual([true, true, true]);
  });
});
