/** Cases of ops that move elements: fill, copy, cast, strided copy, gather and scatter, where; and of random numbers. */
import { BLOCK, DTYPES, OPS, type DType, type OpName } from '../../backend/index.js';
import { numel } from '../../shape/index.js';
import { CLOSE, cycle, FLOATS, floats, input, ints, intsBetween, mask, opCase, output, type Fill, type OpCase } from './opCase.js';

const SIZES = [0, 1, 3, 17, BLOCK - 1, BLOCK, BLOCK + 1];
const contents = (dtype: DType): Fill => (dtype === 'bool' ? mask : ints);

const CAST_FROM: Record<DType, Fill> = {
  float32: cycle(0, -0, 1.9, -1.9, 0.1, -0.1, 1e6, -77, 255.5), float64: cycle(0, -0, 1.9, -1.9, 0.1, -0.1, 1e9, -77, 255.5),
  int32: cycle(0, 1, -1, 256, 16777217, -2147483648, 2147483647), bool: mask,
};

/** Offsets, shape and both strides; `gaps` where part of the output stays as it is. */
const WINDOWS: { name: string; xOffset?: number; yOffset?: number; shape: number[]; x: number[]; y: number[]; gaps?: boolean }[] = [
  { name: 'a scalar', shape: [], x: [], y: [] },
  { name: 'a transpose', shape: [17, 65], x: [1, 17], y: [65, 1] },
  { name: 'a transpose of more than a piece', shape: [131, 127], x: [1, 131], y: [127, 1] },
  { name: 'axes of a tensor exchanged', shape: [5, 2, 7, 3], x: [3, 105, 15, 1], y: [42, 21, 3, 1] },
  { name: 'rows and columns turned round', xOffset: 34, shape: [5, 7], x: [-7, -1], y: [7, 1] },
  { name: 'a row repeated', shape: [9, 13], x: [0, 1], y: [13, 1] },
  { name: 'one element repeated', xOffset: 2, shape: [131], x: [0], y: [1] },
  { name: 'every second column', shape: [4, 5], x: [11, 2], y: [5, 1] },
  { name: 'a window into a matrix', yOffset: 8, shape: [3, 4], x: [4, 1], y: [7, 1], gaps: true },
  { name: 'every third element', yOffset: 1, shape: [11], x: [1], y: [3], gaps: true },
  { name: 'nothing', shape: [3, 0], x: [0, 1], y: [0, 1] },
];

const copies = (dtype: DType): OpCase[] => [
  ...SIZES.flatMap((n) => [
    opCase('fill', dtype, `of ${n}`, { args: [output(), n, dtype === 'bool' ? 1 : -3], flops: n }),
    opCase('copy', dtype, `of ${n}`, { args: [input(contents(dtype)), output(), n], flops: n }),
  ]),
  ...DTYPES.flatMap((to, number) => [
    opCase('cast', dtype, `to ${to}`, { args: [input(CAST_FROM[dtype]), output(), 37, number], flops: 37 }),
    opCase('cast', dtype, `to ${to} of more than a piece`, { args: [input(contents(dtype)), output(), BLOCK + 1, number], flops: BLOCK + 1 }),
  ]),
  ...WINDOWS.map(({ name, xOffset = 0, yOffset = 0, shape, x, y, gaps = false }) => opCase('stridedCopy', dtype, name, {
    args: [input(contents(dtype)), output(gaps ? contents(dtype) : null), xOffset, yOffset, shape.length, ...shape, ...x, ...y], flops: numel(shape),
  })),
];

const SELECTIONS: [outer: number, nX: number, nY: number, inner: number][] = [
  [1, 1, 1, 1], [1, 5, 9, 1], [3, 5, 7, 1], [2, 7, 3, 17], [1, 65, 130, 3], [4, 1, 6, 5], [2, 3, 0, 4], [0, 3, 2, 4], [130, 9, 4, 33],
];

/** From nX to nY places with indices into nX, or the other way round for scatters. */
function selections(op: OpName, elements: boolean, scatter: boolean): OpCase[] {
  return OPS[op].dtypes.flatMap((dtype) => SELECTIONS.flatMap(([outer, few, many, inner]) => {
    const lowest = elements ? -1 : 0;
    const args = scatter
      ? [input(ints), input(intsBetween(lowest, few - 1)), output(), outer, many, few, inner]
      : [input(ints), input(intsBetween(lowest, few - 1)), output(), outer, few, many, inner];
    return [opCase(op, dtype, `of ${outer}×${few}×${inner} at ${many}`, { args, flops: outer * many * inner })];
  }));
}

const wheres = OPS.where.dtypes.flatMap((dtype) => SIZES.map((n) =>
  opCase('where', dtype, `of ${n}`, { args: [input(mask), input(ints), input(floats), output(), n], flops: n })));

const randoms = FLOATS.flatMap((dtype) => SIZES.flatMap((n) => [
  opCase('uniform', dtype, `of ${n}`, { args: [output(), n, 12345, 6, -1, 3], inputs: 'random', tolerance: CLOSE[dtype], flops: n }),
  opCase('normal', dtype, `of ${n}`, { args: [output(), n, 4294967299, 7, 1, 0.5], inputs: 'random', tolerance: CLOSE[dtype], flops: n }),
]));

export const moveCases = (): OpCase[] => [
  ...DTYPES.flatMap(copies),
  ...selections('gather', false, false), ...selections('scatterAdd', false, true),
  ...selections('gatherElements', true, false), ...selections('scatterAddElements', true, true),
  ...wheres, ...randoms,
];
