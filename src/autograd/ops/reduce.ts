/**
 * Reductions over axes: sum, mean, variance, product, extremes and their positions.
 */
import type { OpName } from '../../backend/index.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkAxes, checkAxis, numel, product, reducedShape, sameShape } from '../../shape/index.js';
import { empty, full, Tensor } from '../../tensor/index.js';
import { isGradEnabled, record, recordingAs } from '../tape.js';
import { flip } from './arrange.js';
import { asFloat, checkTogether, zerosFor } from './common.js';
import { cumprod } from './cumulative.js';
import { cat } from './shape.js';

export type Dim = number | readonly number[] | null;

/** The kernel over neighbouring axes [from, to): x as [outer, n, inner]. Not recorded. */
function reduce(op: OpName, x: Tensor, from: number, to: number, result = x.dtype): Tensor {
  const y = empty(x.backend, [...x.shape.slice(0, from), ...x.shape.slice(to)], result);
  x.backend.run(op, x.dtype, [x.ptr, y.ptr, product(x.shape, 0, from), product(x.shape, from, to), product(x.shape, to, x.shape.length)]);
  return y;
}

/** Reduces any axes (sorted): scattered ones are brought together first. Not recorded; the reduced axes are gone. */
export function reduceAxes(op: OpName, x: Tensor, axes: readonly number[]): Tensor {
  if (axes.length === 0) return reduce(op, x, x.ndim, x.ndim);
  const [first, last] = [axes[0], axes[axes.length - 1]];
  if (last - first + 1 === axes.length) return reduce(op, x, first, last + 1);
  // Everything but the channels: a bias gradient, which has a kernel of its own.
  if (op === 'sum' && x.ndim > 2 && axes.length === x.ndim - 1 && !axes.includes(1) && x.backend.has('channelSum', x.dtype)) {
    const y = empty(x.backend, [x.shape[1]], x.dtype);
    x.backend.run('channelSum', x.dtype, [x.ptr, y.ptr, x.shape[0], x.shape[1], product(x.shape, 2, x.ndim)]);
    return y;
  }
  const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const moved = x.detach().permute([...rest, ...axes]);
  const y = reduce(op, moved, rest.length, moved.ndim);
  moved.dispose();
  return y;
}

/** `g`, the gradient of a reduction's result, at the input's shape. */
export const spread = (g: Tensor, shape: readonly number[], axes: readonly number[]): Tensor => g.reshape(reducedShape(shape, axes, true)).expand(shape);

/** Sum or mean as one node: a mean is divided by `n`. */
function sumOver(op: 'sum' | 'mean', x: Tensor, dim: Dim | undefined, keepdim: boolean): Tensor {
  checkFlag(op, 'keepdim', keepdim);
  const axes = checkAxes(op, dim, x.shape);
  const { shape } = x;
  const n = axes.reduce((count, axis) => count * shape[axis], 1);
  const scaled = (y: Tensor): Tensor => (op === 'mean' ? y.div(n) : y);
  const y = record(op, scaled(reduceAxes('sum', x, axes)), [x], [], (g) => [spread(scaled(g), shape, axes)]);
  return keepdim ? y.reshape(reducedShape(shape, axes, true)) : y;
}

/** Sum over `dim` (all axes when left out). @source torch.sum */
export function sum(input: Tensor, dim?: Dim, keepdim = false): Tensor {
  checkTogether('sum', input);
  return sumOver('sum', input.dtype === 'bool' ? input.to('int32') : input, dim, keepdim);
}

/** Arithmetic mean over `dim`. @source torch.mean */
export function mean(input: Tensor, dim?: Dim, keepdim = false): Tensor {
  checkTogether('mean', input);
  return sumOver('mean', asFloat(input), dim, keepdim);
}

export interface VarianceOptions {
  /** What is taken off the count in the divisor: 1 for the unbiased variance (default), 0 for the biased one. */
  correction?: number;
  keepdim?: boolean;
}

/** Variance over `dim`. @source torch.var */
export function variance(input: Tensor, dim?: Dim, options: VarianceOptions = {}): Tensor {
  checkTogether('var', input);
  checkOptions('var', options, ['correction', 'keepdim']);
  const { correction = 1, keepdim = false } = options;
  checkNumber('var', 'correction', correction);
  const x = asFloat(input);
  const axes = checkAxes('var', dim, x.shape);
  const divisor = Math.max(0, axes.reduce((count, axis) => count * x.shape[axis], 1) - correction);
  const centred = (s: Tensor): Tensor => s.sub(mean(s, axes, true));
  const y = recordingAs(false, () => centred(x).square().sum(axes, keepdim).div(divisor));
  // That the mean depends on x too adds nothing: what is centred sums up to 0.
  return record('var', y, [x], [x], (g, [s]) => [spread(g, s.shape, axes).mul(centred(s)).mul(2 / divisor)]);
}

/** For every element the product of the others along `axes` (neighbours), without a division: differentiable where elements are zero. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const from = axes[0] ?? 0;
  const n = product(x.shape, from, from + axes.length);
  const rows = x.reshape(product(x.shape, 0, from), n, product(x.shape, from + axes.length, x.ndim));
  const one = full(x.backend, [rows.shape[0], 1, rows.shape[2]], 1, x.dtype);
  const before = (r: Tensor): Tensor => cumprod(cat([one, r.narrow(1, 0, n - 1)], 1), 1);
  return before(rows).mul(flip(before(flip(rows, 1)), 1)).reshape(x.shape);
}

/** Product over `dim`; its gradient is right for zeros too. @source torch.prod */
export function prod(input: Tensor, dim?: number | null, keepdim = false): Tensor {
  checkTogether('prod', input);
  checkFlag('prod', 'keepdim', keepdim);
  const x = input.dtype === 'bool' ? input.to('int32') : input;
  const axes = checkAxes('prod', dim, x.shape);
  const y = reduceAxes('prod', x, axes);
  const { shape } = x;
  const recorded = record('prod', y, [x], [x, y], (g, [s, all]) => {
    if (shape.length === 0) return [g];
    const zeros = s.eq(0).sum().item();
    // Of the slopes of one product, two zeros leave none, but slopes of slopes.
    if (zeros > 1 && (dim ?? null) === null && !isGradEnabled()) return [zerosFor(s)];
    return [spread(g, shape, axes).mul(zeros > 0 ? productOfOthers(s, axes) : spread(all, shape, axes).div(s))];
  });
  return keepdim ? recorded.reshape(reducedShape(shape, axes, true)) : recorded;
}

/** What a search along an axis finds; `const [values, indices] = x.max(1)` takes it apart, too, as PyTorch's named tuple. */
export interface Extreme extends Iterable<Tensor> {
  readonly values: Tensor;
  /** int32 positions along the axis; the first of equal ones. */
  readonly indices: Tensor;
}

/** A plain object, for `scope` looks into no others for what is returned. */
export const extremeOf = (values: Tensor, indices: Tensor): Extreme =>
  Object.defineProperty({ values, indices } as Extreme, Symbol.iterator, { value: () => [values, indices].values() });

/** An extreme is one of the elements: what is reduced must have some. */
function checkElements(op: string, x: Tensor, dim?: number | null): void {
  const whole = dim === undefined || dim === null;
  if (whole ? x.numel === 0 : x.shape[checkAxis(op, dim, x.ndim, x.shape)] === 0) {
    throw new ShapeError('CVY_SHAPE_NUMEL', `${op}: ${whole ? 'the input' : `axis ${dim}`} has no elements but at least one is required (input ${fmt(x.shape)})`);
  }
}

const extreme = (op: 'max' | 'min') => {
  const arg = op === 'max' ? 'argmax' : 'argmin';
  function over(x: Tensor): Tensor;
  function over(x: Tensor, dim: number, keepdim?: boolean): Extreme;
  function over(x: Tensor, dim?: number | null, keepdim = false): Tensor | Extreme {
    checkTogether(op, x);
    checkFlag(op, 'keepdim', keepdim);
    checkElements(op, x, dim);
    if (x.dtype === 'bool') {
      const whole = dim === undefined || dim === null ? over(x.to('int32')) : over(x.to('int32'), dim, keepdim);
      return whole instanceof Tensor ? whole.to('bool') : extremeOf(whole.values.to('bool'), whole.indices);
    }
    if (dim === undefined || dim === null) {
      const y = reduce(op, x, 0, x.ndim);
      const { shape } = x;
      // Equal extremes share the gradient, as PyTorch's max() without a dim does.
      return record(op, y, [x], [x, y], (g, [s, best]) => {
        // With a NaN among them the extreme is NaN, and all NaNs are it.
        const ties = s.eq(best).to(g.dtype).maskedFill(s.ne(s), 1);
        return [ties.mul(g.div(ties.sum())).reshape(shape)];
      });
    }
    const axis = checkAxis(op, dim, x.ndim, x.shape);
    const indices = reduce(arg, x, axis, Math.min(axis + 1, x.ndim), 'int32');
    const shape = reducedShape(x.shape, [axis], keepdim);
    const at = indices.reshape(reducedShape(x.shape, [axis], true));
    return extremeOf((x.ndim === 0 ? x.reshape([]) : x.gather(axis, at)).reshape(shape), indices.reshape(shape));
  }
  return over;
};

/** The largest element, or values and positions along `dim`. @source torch.max */
export const max = extreme('max');
/** The smallest element, or values and positions along `dim`. @source torch.min */
export const min = extreme('min');

const position = (op: 'argmax' | 'argmin') => (input: Tensor, dim?: number | null, keepdim = false): Tensor => {
  checkTogether(op, input);
  const x = input.dtype === 'bool' ? input.to('int32') : input;
  checkFlag(op, 'keepdim', keepdim);
  checkElements(op, x, dim);
  if (dim === undefined || dim === null) {
    const y = reduce(op, x, 0, x.ndim, 'int32');
    return keepdim ? y.reshape(x.shape.map(() => 1)) : y;
  }
  const axis = checkAxis(op, dim, x.ndim, x.shape);
  const y = reduce(op, x, axis, Math.min(axis + 1, x.ndim), 'int32');
  return keepdim ? y.reshape(reducedShape(x.shape, [axis], true)) : y;
};

/** First position of the largest element, int32. @source torch.argmax */
export const argmax = position('argmax');
/** First position of the smallest element, int32. @source torch.argmin */
export const argmin = position('argmin');

/** Sums `g` down to `shape`: the gradient of broadcasting. */
export function sumTo(g: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const lead = g.ndim - shape.length;
  if (lead < 0) throw new ArgumentError('CVY_ARG_VALUE', `sumTo: ${fmt(g.shape)} has fewer axes than ${fmt(shape)} but must have as many at least`);
  const axes = g.shape.map((_, i) => i).filter((i) => i < lead || (shape[i - lead] === 1 && g.shape[i] !== 1));
  return numel(g.shape) === numel(shape) ? g.reshape(shape) : sum(g, axes).reshape(shape);
}

