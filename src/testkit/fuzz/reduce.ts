/** Drawn cases of reductions, of softmax along an axis, and of matrix products. */
import type { OpName } from '../../backend/index.js';
import { cycle, floats, input, ints, oneOf, output, SUMS, type Fill } from '../cases/opCase.js';
import { sums, type Draw, type Float, type Sketch, type Sketches } from './draw.js';

/** [outer, n, inner], one of them long now and then. */
function slices(draw: Draw): [outer: number, n: number, inner: number] {
  const inner = draw.chance(0.4) ? 1 : draw.size(40);
  const sizes: [number, number, number] = [draw.size(30), draw.size(40), inner];
  const long = draw.chance(0.1) ? draw.whole(0, 2) : -1;
  return sizes.map((size, i) => (i === long ? draw.whole(100, 5000) : long >= 0 ? Math.min(size, 8) : size)) as [number, number, number];
}

const flopsOf = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** Whole numbers, so that every order of summation is right; with NaN and infinities now and then. */
function reduction(fill: Fill) {
  return (draw: Draw): Sketch => {
    const sizes = slices(draw);
    const values = draw.chance(0.1) ? cycle(1, Infinity, 2, -3, 4, 1, NaN, 2, 1, 2, 1) : fill;
    return { args: [input(values), output(), ...sizes], flops: flopsOf(sizes) };
  };
}

const sum = (draw: Draw, dtype: Float): Sketch => {
  const sizes = slices(draw);
  const { fill, ...judged } = sums(draw, dtype);
  return { args: [input(fill), output(), ...sizes], flops: flopsOf(sizes), ...judged };
};

const rows = (draw: Draw, dtype: Float): Sketch => {
  const sizes = slices(draw);
  return { args: [input(draw.chance(0.2) ? cycle(1000, -1000, 0, 88, -104, 3) : floats), output(), ...sizes], inputs: 'random', tolerance: SUMS[dtype], flops: 5 * flopsOf(sizes) };
};

/** `made` is a filling like the op's output. */
const rowsGrad = (made: (n: number) => Fill) => (draw: Draw, dtype: Float): Sketch => {
  const sizes = slices(draw);
  return { args: [input(made(sizes[1])), input(floats), output(), ...sizes], inputs: 'random', tolerance: SUMS[dtype], flops: 4 * flopsOf(sizes) };
};

/** Row and column stride of a matrix [rows, columns]: as it lies, transposed, or part of a wider one. */
function matrix(draw: Draw, rows: number, columns: number): { row: number; column: number; size: number } {
  const wider = draw.chance(0.15) ? draw.whole(1, 5) : 0;
  return draw.chance(0.5)
    ? { row: columns + wider, column: 1, size: rows * (columns + wider) }
    : { row: 1, column: rows + wider, size: columns * (rows + wider) };
}

function matmul(draw: Draw, dtype: Float): Sketch {
  let [m, n, k] = [draw.size(70), draw.size(70), draw.size(70)];
  const long = draw.chance(0.12) ? draw.one('m', 'n', 'k') : null;
  if (long === 'm') [m, n, k] = [draw.whole(100, 700), Math.min(n, 12), Math.min(k, 20)];
  if (long === 'n') [m, n, k] = [Math.min(m, 12), draw.whole(100, 1800), Math.min(k, 12)];
  if (long === 'k') [m, n, k] = [Math.min(m, 9), Math.min(n, 9), draw.whole(300, 2300)];
  const batch = draw.chance(0.6) ? 1 : Math.min(draw.size(5), 5);
  const [a, b] = [matrix(draw, m, k), matrix(draw, k, n)];
  const strides = [draw.chance(0.3) ? 0 : a.size, a.row, a.column, draw.chance(0.4) ? 0 : b.size, b.row, b.column];
  const { fill, ...judged } = sums(draw, dtype);
  return { args: [input(fill), input(fill), draw.chance(0.5) ? input(fill) : 0, output(), batch, m, n, k, ...strides], flops: 2 * batch * m * n * k, ...judged };
}

type Names = Extract<OpName, 'sum' | 'prod' | 'max' | 'min' | 'argmax' | 'argmin' | 'softmax' | 'logSoftmax' | 'softmaxGrad' | 'logSoftmaxGrad' | 'matmul'>;

export const reduceSketches: Pick<Sketches, Names> = {
  sum, prod: reduction(oneOf(1, -1, 1)), max: reduction(ints), min: reduction(ints), argmax: reduction(ints), argmin: reduction(ints),
  softmax: rows, logSoftmax: rows, matmul,
  softmaxGrad: rowsGrad((n) => (_i, random) => random() / Math.max(1, n)), logSoftmaxGrad: rowsGrad(() => (_i, random) => -3 * random()),
};
