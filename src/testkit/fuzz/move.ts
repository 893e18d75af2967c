/** Drawn cases of ops that move elements, and of random numbers. */
import { DTYPES, type OpName } from '../../backend/index.js';
import { numel, stridesOf } from '../../shape/index.js';
import { CLOSE, floats, input, ints, intsBetween, mask, output } from '../cases/opCase.js';
import type { Draw, Float, Sketch, Sketches } from './draw.js';
import { count } from './elementwise.js';

/** Strides, reach and offset of `shape` laid out with its axes in any order, each with a step and some room. */
function layout(draw: Draw, shape: readonly number[], steps: readonly number[], roomy: boolean): { strides: number[]; offset: number } {
  const step = shape.map(() => draw.one(...steps));
  const order = draw.order(shape.length);
  const spans = shape.map((size, r) => Math.max(1, 1 + Math.abs(step[r]) * (size - 1)) + (roomy ? draw.whole(0, 2) : 0));
  const places = stridesOf(order.map((r) => spans[r]));
  const strides = new Array<number>(shape.length);
  order.forEach((r, i) => { strides[r] = places[i] * step[r]; });
  // Axes that are walked backwards begin at their end.
  const back = strides.reduce((sum, stride, r) => sum + Math.max(0, -stride) * Math.max(0, shape[r] - 1), 0);
  return { strides, offset: back + (roomy ? draw.whole(0, 3) : 0) };
}

function stridedCopy(draw: Draw): Sketch {
  const shape = Array.from({ length: draw.whole(0, 5) }, () => draw.size(draw.one(4, 9, 33)));
  while (numel(shape) > 6000) shape.pop();
  const plain = draw.chance(0.3);
  const x = plain ? { strides: stridesOf(shape), offset: 0 } : layout(draw, shape, [1, 1, 1, 2, 3, 0, -1, -2], draw.chance(0.5));
  const gaps = draw.chance(0.4);
  // Where elements are not neighbours, or an axis is empty, something of the output may stay as it is.
  const y = gaps ? layout(draw, shape, [1, 1, 2], true) : plain ? layout(draw, shape, [1], false) : { strides: stridesOf(shape), offset: 0 };
  return { args: [input(ints), output(gaps ? floats : null), x.offset, y.offset, shape.length, ...shape, ...x.strides, ...y.strides], flops: numel(shape) };
}

/** From `few` to `many` places with indices into `few`, or the other way round for scatters. */
function selection(elements: boolean, scatter: boolean) {
  return (draw: Draw): Sketch => {
    const [outer, many, inner] = [draw.size(40), draw.size(70), draw.chance(0.4) ? 1 : draw.size(30)];
    const few = draw.some(draw.chance(0.05) ? 9000 : 60);
    const index = input(intsBetween(elements ? -1 : 0, few - 1));
    return { args: [input(ints), index, output(), outer, ...(scatter ? [many, few] : [few, many]), inner], flops: outer * many * inner };
  };
}

const random = (draw: Draw, dtype: Float): Sketch => {
  const n = count(draw);
  return { args: [output(), n, draw.whole(0, 2 ** 40), draw.whole(0, 99), draw.whole(-3, 0), draw.whole(1, 3)], inputs: 'random', tolerance: CLOSE[dtype], flops: n };
};

type Names = Extract<OpName, 'fill' | 'copy' | 'cast' | 'stridedCopy' | 'gather' | 'scatterAdd' | 'gatherElements' | 'scatterAddElements' | 'where' | 'uniform' | 'normal'>;

export const moveSketches: Pick<Sketches, Names> = {
  fill: (draw) => { const n = count(draw); return { args: [output(), n, draw.one(0, -3, 0.5, 7)], flops: n }; },
  copy: (draw) => { const n = count(draw); return { args: [input(ints), output(), n], flops: n }; },
  cast: (draw) => { const n = count(draw); return { args: [input(floats), output(), n, draw.whole(0, DTYPES.length - 1)], flops: n }; },
  where: (draw) => { const n = count(draw); return { args: [input(mask), input(ints), input(floats), output(), n], flops: n }; },
  stridedCopy, gather: selection(false, false), scatterAdd: selection(false, true), gatherElements: selection(true, false), scatterAddElements: selection(true, true),
  uniform: random, normal: random,
};
