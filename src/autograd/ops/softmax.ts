/**
 * Softmax and its logarithm along an axis, and what cross entropy reads of the latter.
 */
import type { OpName } from '../../backend/index.js';
import { checkAxis, product } from '../../shape/index.js';
import { empty, type Tensor } from '../../tensor/index.js';
import { isGradEnabled, record, recordAll } from '../tape.js';
import { asFloat, checkTogether } from './common.js';
import { gatherAlong, scatterAlong } from './indexing.js';

const layout = (x: Tensor, axis: number): number[] => [product(x.shape, 0, axis), x.shape[axis] ?? 1, product(x.shape, axis + 1, x.ndim)];

type Compose = (g: Tensor, y: Tensor, axis: number) => Tensor;

/** The gradient op where nothing is recorded, else its composition. */
const gradientBy = (op: OpName, compose: Compose) => (g: Tensor, y: Tensor, axis: number): Tensor => {
  if (isGradEnabled() || !g.backend.has(op, g.dtype)) return g.ndim === 0 ? compose(g.reshape([1]), y.reshape([1]), 0).reshape([]) : compose(g, y, axis);
  const gx = empty(g.backend, g.shape, g.dtype);
  g.backend.run(op, g.dtype, [y.ptr, g.ptr, gx.ptr, ...layout(g, axis)]);
  return gx;
};

function forward(op: OpName, x: Tensor, axis: number): Tensor {
  const y = empty(x.backend, x.shape, x.dtype);
  x.backend.run(op, x.dtype, [x.ptr, y.ptr, ...layout(x, axis)]);
  return y;
}

function rows(op: OpName, compose: (x: Tensor, axis: number) => Tensor, gradient: Compose) {
  return (input: Tensor, dim: number): Tensor => {
    checkTogether(op, input);
    const x = asFloat(input);
    const axis = checkAxis(op, dim, x.ndim, x.shape);
    if (!x.backend.has(op, x.dtype)) return x.ndim === 0 ? compose(x.reshape([1]), 0).reshape([]) : compose(x, axis);
    const y = forward(op, x, axis);
    return record(op, y, [x], [y], (g, [s]) => [gradient(g, s, axis)]);
  };
}

/** exp(x − max) / Σ exp(x − max) along `dim`. @source torch.softmax */
export const softmax = rows('softmax',
  (x, axis) => {
    const powers = x.sub(x.detach().max(axis, true).values).exp();
    return powers.div(powers.sum(axis, true));
  },
  gradientBy('softmaxGrad', (g, y, axis) => y.mul(g.sub(g.mul(y).sum(axis, true)))));

const logGradient = gradientBy('logSoftmaxGrad', (g, y, axis) => g.sub(y.exp().mul(g.sum(axis, true))));

/** x − max − log Σ exp(x − max) along `dim`. @source torch.log_softmax */
export const logSoftmax = rows('logSoftmax',
  (x, axis) => {
    const shifted = x.sub(x.detach().max(axis, true).values);
    return shifted.sub(shifted.exp().sum(axis, true).log());
  },
  logGradient);

/**
 * The log-probabilities of x, of a float dtype, along `axis`, and the losses −log p at `index`, in `shape`, 0 where it is below 0. Both
 * are outputs of one node, which takes less time than one for each step (docs/decisions/0009).
 * @shape index int32, x's with 1 along `axis`; `shape` x's without `axis`
 */
export function crossEntropies(x: Tensor, axis: number, index: Tensor, shape: readonly number[]): { logs: Tensor; losses: Tensor } {
  if (!x.backend.has('logSoftmax', x.dtype)) {
    const logs = logSoftmax(x, axis);
    return { logs, losses: gatherAlong(logs, axis, index).reshape(shape).neg() };
  }
  const logs = forward('logSoftmax', x, axis);
  const [picked, losses] = [empty(x.backend, shape, x.dtype), empty(x.backend, shape, x.dtype)];
  const [outer, n, inner] = layout(x, axis);
  x.backend.run('gatherElements', x.dtype, [logs.ptr, index.ptr, picked.ptr, outer, n, 1, inner]);
  x.backend.run('neg', x.dtype, [picked.ptr, losses.ptr, picked.numel, 0, 0]);
  recordAll('crossEntropy', [logs, losses], [x], [logs, index], ([g, gLosses], [s, at]) => {
    const apart = gLosses === null ? null : scatterAlong(gLosses.neg().reshape(at.shape), axis, at, n);
    return [logGradient(g === null ? apart! : apart === null ? g : g.add(apart), s, axis)];
  });
  return { logs, losses };
}
