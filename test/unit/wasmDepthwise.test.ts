/**
 * Convolutions of few channels per group: whole numbers, whose sums are exact in any order, over many shapes against the plain
 * loops, run by the hard way of helpers/kernels.ts; and what infinities and NaN do next to a border.
 */
import { describe, expect, it } from 'vitest';
import { kernels as naive } from '../../dist/backends/cpu-naive/kernels.js';
import { convFew, convGradInputFew, convGradWeightFew, servesConv, servesGradInput, servesGradWeight } from '../../dist/backends/wasm-simd/depthwise.js';
import { choose } from '../../dist/backends/wasm-simd/variants.js';
import { instantiate } from '../../dist/backends/wasm-simd/wasm.js';
import { DEFAULT_SETTINGS, type ConvGeometry, type KernelTable } from '../../dist/src/backend/index.js';
import { call, difference, heapMemory, ints, out } from '../helpers/kernels.js';

const wasm = instantiate(heapMemory(), choose(DEFAULT_SETTINGS).name, 'high');
const few: KernelTable = {
  conv: { float32: convFew(wasm) }, convGradInput: { float32: convGradInputFew(wasm) }, convGradWeight: { float32: convGradWeightFew(wasm) },
};

/** Numbers of an axis: size, kernel, stride, padding, dilation. */
type AxisOf = readonly [size: number, kernel: number, stride: number, pad: number, dilation: number];
const NONE: AxisOf = [1, 1, 1, 0, 1];

function geometry(n: number, groups: number, perGroup: number, multiplier: number, axes: readonly [AxisOf, AxisOf, AxisOf]): ConvGeometry {
  const outputs = axes.map(([size, kernel, stride, pad, dilation]) => Math.floor((size + 2 * pad - dilation * (kernel - 1) - 1) / stride) + 1);
  const pick = (k: number): number[] => axes.map((axis) => axis[k]);
  return [n, groups, groups * perGroup, groups * multiplier, ...pick(0), ...pick(1), ...outputs, ...pick(2), ...pick(3), ...pick(4)] as ConvGeometry;
}

/** Where the kernels differ from the plain loops, or null. */
function wrong(g: ConvGeometry): string | null {
  const [n, groups, cin, cout, iD, iH, iW, kD, kH, kW, oD, oH, oW] = g;
  const sizes = { x: n * cin * iD * iH * iW, y: n * cout * oD * oH * oW, w: cout * (cin / groups) * kD * kH * kW };
  const [x, y, w] = [ints('float32', sizes.x, 1), ints('float32', sizes.y, 2), ints('float32', sizes.w, 3)];
  for (const bias of [null, ints('float32', cout, 4)]) {
    const [found, right] = [few, naive].map((table) => call(table, 'conv', 'float32', x, w, bias, out(sizes.y), ...g)[0]);
    const message = difference(found, right);
    if (message) return `conv ${g.join(' ')}: ${message}`;
  }
  for (const bias of [null, ints('float32', cin, 4)]) {
    const [found, right] = [few, naive].map((table) => call(table, 'convGradInput', 'float32', y, w, bias, out(sizes.x), ...g)[0]);
    const message = difference(found, right);
    if (message) return `convGradInput ${g.join(' ')}: ${message}`;
  }
  const [found, right] = [few, naive].map((table) => call(table, 'convGradWeight', 'float32', x, y, out(sizes.w), ...g)[0]);
  const message = difference(found, right);
  return message && `convGradWeight ${g.join(' ')}: ${message}`;
}

describe('few channels per group', () => {
  it.each<[string, ConvGeometry]>([
    ['3×3', geometry(2, 5, 1, 1, [NONE, [9, 3, 1, 1, 1], [13, 3, 1, 1, 1]])],
    ['3×3 of 7²', geometry(3, 20, 1, 1, [NONE, [7, 3, 1, 1, 1], [7, 3, 1, 1, 1]])],
    ['3×3 stride 2', geometry(2, 3, 1, 1, [NONE, [14, 3, 2, 1, 1], [15, 3, 2, 1, 1]])],
    ['5×5 stride 2', geometry(2, 3, 1, 1, [NONE, [11, 5, 2, 2, 1], [28, 5, 2, 2, 1]])],
    ['5×5 with multiplier', geometry(1, 2, 1, 3, [NONE, [12, 5, 1, 2, 1], [12, 5, 1, 2, 1]])],
    ['several channels', geometry(2, 3, 4, 2, [NONE, [10, 3, 1, 1, 1], [17, 3, 2, 1, 1]])],
    ['a long row', geometry(1, 2, 1, 2, [NONE, NONE, [2100, 9, 1, 4, 1]])],
    ['a long row, stride 3', geometry(1, 2, 1, 1, [NONE, NONE, [3500, 4, 3, 1, 2]])],
    ['rows in blocks', geometry(1, 2, 1, 1, [NONE, [70, 3, 1, 1, 1], [130, 3, 1, 1, 1]])],
    ['depth', geometry(1, 3, 1, 2, [[5, 3, 2, 1, 1], [6, 3, 1, 1, 1], [9, 2, 2, 0, 1]])],
  ])('%s', (_, g) => expect(wrong(g)).toBeNull());

  it('random shapes', () => {
    let state = 20;
    const next = (n: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    const axis = (size: number): AxisOf => {
      for (;;) {
        const [kernel, dilation, pad] = [1 + next(5), 1 + next(3), next(4)];
        const given: AxisOf = [1 + next(size), kernel, 1 + next(4), pad, dilation];
        if (given[0] + 2 * pad >= dilation * (kernel - 1) + 1) return given;
      }
    };
    const failed: string[] = [];
    for (let i = 0; i < 150; i++) {
      const message = wrong(geometry(1 + next(3), 1 + next(4), 1 + next(3), 1 + next(3), [i % 5 === 0 ? axis(4) : NONE, i % 3 === 0 ? NONE : axis(18), axis(40)]));
      if (message) failed.push(message);
    }
    expect(failed).toEqual([]);
  });

  it('infinities and NaN reach the windows over them, no others', () => {
    const g = geometry(1, 2, 1, 1, [NONE, [5, 3, 1, 1, 1], [6, 3, 1, 1, 1]]);
    const x = ints('float32', 60);
    [x[5], x[29], x[35]] = [Infinity, NaN, -Infinity];
    const [y, w] = [ints('float32', 60, 2), ints('float32', 18, 3)];
    const outputs = (table: KernelTable): unknown => [
      call(table, 'conv', 'float32', x, w, null, out(60), ...g)[0],
      call(table, 'convGradInput', 'float32', x, w, null, out(60), ...g)[0],
      call(table, 'convGradWeight', 'float32', x, y, out(18), ...g)[0],
    ];
    expect(outputs(few)).toEqual(outputs(naive));
  });

  it('with relu, which keeps NaN', () => {
    const g = geometry(2, 3, 1, 2, [NONE, [9, 3, 1, 1, 1], [14, 3, 2, 1, 1]]);
    const [x, w, bias] = [ints('float32', 2 * 3 * 9 * 14), ints('float32', 54, 3), ints('float32', 6, 4)];
    x[40] = NaN;
    const [y] = call(naive, 'conv', 'float32', x, w, bias, out(2 * 6 * 9 * 7), ...g);
    const limited = (op: 'convRelu' | 'convRelu6') => call({ conv: { float32: convFew(wasm, op) } }, 'conv', 'float32', x, w, bias, out(2 * 6 * 9 * 7), ...g)[0];
    expect(limited('convRelu')).toEqual(y.map((v) => (v <= 0 ? 0 : v)));
    expect(limited('convRelu6')).toEqual(y.map((v) => (v <= 0 ? 0 : v > 6 ? 6 : v)));
  });

  it('are for few channels', () => {
    const of = (groups: number, channels: number, multiplier: number): boolean[] => {
      const g = geometry(8, groups, channels, multiplier, [NONE, [9, 3, 1, 1, 1], [9, 3, 1, 1, 1]]);
      return [servesConv(g), servesGradInput(g), servesGradWeight(g)];
    };
    expect(of(8, 1, 1)).toEqual([true, true, true]);
    expect(of(8, 4, 4)).toEqual([false, false, true]);
    expect(of(1, 16, 16)).toEqual([false, false, false]);
  });
});
