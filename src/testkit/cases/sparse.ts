/** Cases of sparse matrices applied along one axis. */
import { cycle, exactAndRandom, FLOATS, input, ints, opCase, output, type Fill, type OpCase, type Slot } from './opCase.js';

/** Columns of each row's entries; they may repeat, and rows may be empty. */
type Rows = readonly (readonly number[])[];

const evenly = (nX: number, nY: number, taps: number): Rows =>
  Array.from({ length: nY }, (_, j) => Array.from({ length: taps }, (_tap, t) => Math.min(Math.floor((j * nX) / nY) + t, nX - 1)));

/** Sizes around the widths of vectors and blocks, along every axis. */
const MATRICES: readonly [name: string, nX: number, rows: Rows][] = [
  ['one entry', 1, [[0]]], ['two to a row', 7, evenly(7, 13, 2)], ['two to a row, shrinking', 33, evenly(33, 15, 2)], ['four to a row', 9, evenly(9, 17, 4)],
  ['one to a row', 5, evenly(5, 8, 1)], ['uneven and empty rows', 6, [[5, 0, 3], [], [2], [1, 1], [], [0, 1, 2, 3, 4, 5], [4, 2]]], ['no row', 4, []], ['no column', 0, [[], []]],
];
const AROUND: readonly [outer: number, inner: number][] = [[1, 1], [3, 1], [4, 1], [9, 1], [67, 1], [1, 2], [2, 3], [3, 4], [2, 7], [1, 16], [2, 33], [5, 65], [0, 3], [2, 0]];

/** The arguments; `fill` for x and for the weights. */
export function sparseArgs(x: Fill, weight: Fill, nX: number, rows: Rows, outer: number, inner: number): (number | Slot)[] {
  const starts = [0];
  for (const row of rows) starts.push(starts.at(-1)! + row.length);
  const index = rows.flat();
  return [input(x), input(cycle(...starts)), input(index.length > 0 ? cycle(...index) : ints), input(weight), output(), outer, nX, rows.length, index.length, inner];
}

const infinite = (): OpCase[] => FLOATS.map((dtype) => opCase('sparseMatmul', dtype, 'with NaN and infinities', {
  args: sparseArgs(cycle(1, NaN, -2, Infinity, 3), cycle(1, 2), 6, evenly(6, 11, 2), 5, 1), flops: 220,
}));

export const sparseCases = (): OpCase[] => [
  ...MATRICES.flatMap(([name, nX, rows]) => AROUND.flatMap(([outer, inner]) =>
    exactAndRandom('sparseMatmul', `${outer}×${nX}×${inner} to ${rows.length}, ${name}`, (fill) => sparseArgs(fill, fill, nX, rows, outer, inner), 2 * outer * rows.flat().length * inner))),
  ...infinite(),
];
