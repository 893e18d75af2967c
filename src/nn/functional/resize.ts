/**
 * One axis of a resize as a sparse matrix [output, input]: of which cells, with which weights, each new cell is made. Resizes are
 * separable, so the others follow from this one. Coordinates are PyTorch's.
 */
import { SparseMatrix, type SparseRow } from '../../autograd/index.js';
import { memoize } from '../../backend/memoize.js';

/** Ways to make a cell; the last two take a mean over what a shrunken cell covers. */
export const KERNELS = ['nearest', 'nearestExact', 'linear', 'cubic', 'area', 'linearAntialias', 'cubicAntialias'] as const;
export type ResizeKernel = (typeof KERNELS)[number];

export interface ResizeAxis {
  readonly kernel: ResizeKernel;
  readonly input: number;
  readonly output: number;
  /** The outer cells' centres fall on each other; otherwise the outer edges do. */
  readonly alignCorners: boolean;
  /** The factor that maps coordinates; 0 for the quotient of the sizes. */
  readonly scale: number;
}

/** Matrices are kept: a layer asks for the same one at every step. */
const kept = memoize(([kernel, input, output, alignCorners, scale]: readonly number[]) =>
  build({ kernel: KERNELS[kernel], input, output, alignCorners: alignCorners === 1, scale }));

/** The matrix of one axis, null where it would change nothing. */
export function resizeMatrix({ kernel, input, output, alignCorners, scale }: ResizeAxis): SparseMatrix | null {
  const matrix = kept([KERNELS.indexOf(kernel), input, output, Number(alignCorners), scale]);
  const same = input === output && matrix.weight.every((weight) => weight === 1) && matrix.index.every((column, row) => column === row);
  return same ? null : matrix;
}

function build(axis: ResizeAxis): SparseMatrix {
  return new SparseMatrix(Array.from({ length: axis.output }, (_, j) => merged(ROWS[axis.kernel](axis, j))), axis.input);
}

/** Entries of one column become one; those of weight 0 go, so that infinities do not spread. */
function merged(row: SparseRow): SparseRow {
  const weights = new Map<number, number>();
  for (const [column, weight] of row) weights.set(column, (weights.get(column) ?? 0) + weight);
  return [...weights].filter(([, weight]) => weight !== 0);
}

/** Input cells to an output cell. */
function step({ input, output, alignCorners, scale }: ResizeAxis): number {
  if (alignCorners) return output > 1 ? (input - 1) / (output - 1) : 0;
  return scale > 0 ? 1 / scale : input / output;
}

/** Where the middle of output cell j lies among the middles of the input's. */
const middle = (axis: ResizeAxis, j: number): number => (axis.alignCorners ? step(axis) * j : step(axis) * (j + 0.5) - 0.5);

/** PyTorch rounds to float32 at every step, which decides in which cell a coordinate on an edge lies. */
function nearest(axis: ResizeAxis, j: number): SparseRow {
  const cells = Math.fround(axis.scale > 0 ? 1 / axis.scale : axis.input / axis.output);
  return [[Math.min(Math.floor(Math.fround(Math.fround(j) * cells)), axis.input - 1), 1]];
}

function linear(axis: ResizeAxis, j: number): SparseRow {
  if (axis.input === axis.output) return [[j, 1]];
  const at = Math.max(0, middle(axis, j));
  const cell = Math.min(Math.floor(at), axis.input - 1);
  const next = Math.min(cell + 1, axis.input - 1);
  return [[cell, 1 - (at - cell)], [next, at - cell]];
}

/** Keys' convolution kernel with parameter a. */
function cubicWeight(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

function cubic(axis: ResizeAxis, j: number): SparseRow {
  const at = middle(axis, j);
  const cell = Math.floor(at);
  return [-1, 0, 1, 2].map((i) => [Math.min(Math.max(cell + i, 0), axis.input - 1), cubicWeight(at - cell - i, -0.75)]);
}

/** A filter as wide as `reach` output cells, or input cells where those are larger, over the cells whose middles it covers. */
const antialiased = (reach: number, filter: (distance: number) => number) => (axis: ResizeAxis, j: number): SparseRow => {
  const cells = step(axis);
  const width = Math.max(cells, 1);
  const centre = cells * (j + 0.5);
  const first = Math.max(Math.trunc(centre - reach * width + 0.5), 0);
  const end = Math.min(Math.trunc(centre + reach * width + 0.5), axis.input);
  const weights = Array.from({ length: end - first }, (_, i) => filter((first + i - centre + 0.5) / width));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight, i) => [first + i, weight / total]);
};

/** The first input cell of window j of adaptive pooling, and one past its last. */
export const adaptiveWindow = (input: number, output: number, j: number): [start: number, end: number] =>
  [Math.floor((j * input) / output), Math.ceil(((j + 1) * input) / output)];

function area({ input, output }: ResizeAxis, j: number): SparseRow {
  const [start, end] = adaptiveWindow(input, output, j);
  return Array.from({ length: end - start }, (_, i) => [start + i, 1 / (end - start)]);
}

const ROWS: Record<ResizeKernel, (axis: ResizeAxis, j: number) => SparseRow> = {
  nearest, nearestExact: (axis, j) => nearest(axis, j + 0.5), linear, cubic, area,
  linearAntialias: antialiased(1, (x) => Math.max(0, 1 - Math.abs(x))), cubicAntialias: antialiased(2, (x) => cubicWeight(x, -0.5)),
};
