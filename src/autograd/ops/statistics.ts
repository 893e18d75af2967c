/**
 * Reductions made of others: standard deviation, norms, extremes over several axes, logarithm of a sum of exponentials, truth of masks.
 */
import { ArgumentError, checkFlag, fmt, ShapeError } from '../../errors.js';
import { checkAxes, reducedShape } from '../../shape/index.js';
import { full, type Tensor } from '../../tensor/index.js';
import { record, recordingAs } from '../tape.js';
import { asFloat, checkTogether, zerosFor } from './common.js';
import { reduceAxes, spread, sum, variance, type Dim, type VarianceOptions } from './reduce.js';

/** Extremes over several axes; equal ones share the gradient, as PyTorch's amax has it, unlike max along one. */
const shared = (op: 'amax' | 'amin') => (input: Tensor, dim?: Dim, keepdim = false): Tensor => {
  checkTogether(op, input);
  checkFlag(op, 'keepdim', keepdim);
  const x = input.dtype === 'bool' ? input.to('int32') : input;
  const axes = checkAxes(op, dim, x.shape);
  if (axes.some((axis) => x.shape[axis] === 0)) throw new ShapeError('CVY_SHAPE_NUMEL', `${op}: an axis that goes has no elements but at least one is required (input ${fmt(x.shape)}, axes ${fmt(axes)})`);
  const { shape } = x;
  const raw = reduceAxes(op === 'amax' ? 'max' : 'min', x, axes);
  const y = record(op, raw, [x], [x, raw], (g, [s, best]) => {
    const ties = s.eq(spread(best, shape, axes)).to(g.dtype);
    return [ties.mul(spread(g.div(ties.sum(axes.length > 0 ? axes : undefined, true).reshape(g.shape)), shape, axes))];
  });
  return (keepdim ? y.reshape(reducedShape(shape, axes, true)) : y).to(input.dtype);
};

/** The largest elements over `dim` (all axes when left out); equal ones share the gradient. @source torch.amax */
export const amax = shared('amax');
/** The smallest elements over `dim` (all axes when left out); equal ones share the gradient. @source torch.amin */
export const amin = shared('amin');

/** The square root with a gradient of 0 at 0, where that of sqrt is infinite: what std and norms have. */
function root(x: Tensor): Tensor {
  const y = recordingAs(false, () => x.sqrt());
  return record('sqrt', y, [x], [y], (g, [s]) => [g.div(s.mul(2)).maskedFill(s.eq(0), 0)]);
}

/** Standard deviation over `dim`; its gradient is 0 where it is 0. @source torch.std */
export const std = (x: Tensor, dim?: Dim, options: VarianceOptions = {}): Tensor => root(variance(x, dim, options));

/**
 * (Σ |x|^p)^(1/p) over `dim` (all axes when left out): the largest |x| for p = Infinity, the smallest for −Infinity, the number of elements that
 * are not 0 for p = 0. Where it is 0 its gradient is 0.
 * @source torch.linalg.vector_norm
 */
export function vectorNorm(input: Tensor, p = 2, dim?: Dim, keepdim = false): Tensor {
  checkTogether('norm', input);
  checkFlag('norm', 'keepdim', keepdim);
  if (typeof p !== 'number' || Number.isNaN(p)) throw new ArgumentError('CVY_ARG_VALUE', `norm: p is ${String(p)} but must be a number, which may be infinite (input ${fmt(input.shape)})`);
  const x = asFloat(input);
  if (p === 2) return root(x.square().sum(dim, keepdim));
  if (p === 1) return x.abs().sum(dim, keepdim);
  if (p === Infinity) return amax(x.abs(), dim, keepdim);
  if (p === -Infinity) return amin(x.abs(), dim, keepdim);
  const { shape } = x;
  const axes = checkAxes('norm', dim, shape);
  const y = recordingAs(false, () => (p === 0 ? x.ne(0).to(x.dtype).sum(dim) : x.abs().pow(p).sum(dim).pow(1 / p)));
  const recorded = record('norm', y, [x], [x, y], (g, [s, n]) => {
    if (p === 0) return [zerosFor(s)];
    const direction = s.sign().mul(s.abs().pow(p - 1));
    const whole = g.div(n.pow(p - 1)).maskedFill(n.eq(0), 0);
    return [(p < 1 ? direction.maskedFill(s.eq(0), 0) : direction).mul(spread(whole, shape, axes))];
  });
  return keepdim ? recorded.reshape(reducedShape(shape, axes, true)) : recorded;
}

/** vectorNorm, under PyTorch's older name; 'fro' is p = 2. @source torch.norm */
export const norm = (x: Tensor, p: number | 'fro' = 2, dim?: Dim, keepdim = false): Tensor => vectorNorm(x, p === 'fro' ? 2 : p, dim, keepdim);

/** log Σ exp(x) over `dim` (all axes when left out), without overflow. @source torch.logsumexp */
export function logsumexp(input: Tensor, dim?: Dim, keepdim = false): Tensor {
  checkTogether('logsumexp', input);
  checkFlag('logsumexp', 'keepdim', keepdim);
  const x = asFloat(input);
  const { shape } = x;
  const axes = checkAxes('logsumexp', dim, shape);
  if (x.numel === 0) return x.exp().sum(dim, keepdim).log();
  const y = recordingAs(false, () => {
    const largest = amax(x.detach(), dim, true);
    // An infinite one would make NaN of its own difference.
    const base = largest.maskedFill(largest.abs().eq(Infinity), 0);
    return x.sub(base).exp().sum(dim).log().add(base.reshape(reducedShape(shape, axes, false)));
  });
  const recorded = record('logsumexp', y, [x], [x, y], (g, [s, total]) => [spread(g, shape, axes).mul(s.sub(spread(total, shape, axes)).exp())]);
  return keepdim ? recorded.reshape(reducedShape(shape, axes, true)) : recorded;
}

/** The number of elements that are not 0, int32. @source torch.count_nonzero */
export const countNonzero = (x: Tensor, dim?: Dim): Tensor => {
  checkTogether('countNonzero', x);
  return sum(x.to('bool'), dim);
};

/** Whether one element at least is not 0, a bool tensor; NaN is not 0. @source torch.any */
export const any = (x: Tensor, dim?: Dim, keepdim = false): Tensor => {
  checkTogether('any', x);
  return sum(x.to('bool'), dim, keepdim).ne(0);
};

/** Whether no element is 0, a bool tensor. @source torch.all */
export const all = (x: Tensor, dim?: Dim, keepdim = false): Tensor => {
  checkTogether('all', x);
  return sum(x.to('bool').logicalNot(), dim, keepdim).eq(0);
};

/** Sum over `dim` in which NaN counts as 0. @source torch.nansum */
export const nansum = (x: Tensor, dim?: Dim, keepdim = false): Tensor => {
  checkTogether('nansum', x);
  return sum(x.maskedFill(x.ne(x), full(x.backend, [], 0, x.dtype)), dim, keepdim);
};
