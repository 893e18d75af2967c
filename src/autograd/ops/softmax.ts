/**
 * Softmax and its logarithm along an axis.
 */
import type { OpName } from '../../backend/index.js';
import { checkAxis, product } from '../../shape/index.js';
import { empty, type Tensor } from '../../tensor/index.js';
import { isGradEnabled, record } from '../tape.js';
import { asFloat, checkTogether } from './common.js';

const layout = (x: Tensor, axis: number): number[] => [product(x.shape, 0, axis), x.shape[axis] ?? 1, product(x.shape, axis + 1, x.ndim)];

function rows(op: OpName, gradOp: OpName, compose: (x: Tensor, axis: number) => Tensor, gradient: (g: Tensor, y: Tensor, axis: number) => Tensor) {
  return (input: Tensor, dim: number): Tensor => {
    checkTogether(op, input);
    const x = asFloat(input);
    const axis = checkAxis(op, dim, x.ndim, x.shape);
    if (!x.backend.has(op, x.dtype)) return x.ndim === 0 ? compose(x.reshape([1]), 0).reshape([]) : compose(x, axis);
    const y = empty(x.backend, x.shape, x.dtype);
    x.backend.run(op, x.dtype, [x.ptr, y.ptr, ...layout(x, axis)]);
    return record(op, y, [x], [y], (g, [s]) => {
      if (isGradEnabled() || !g.backend.has(gradOp, g.dtype)) {
        return [g.ndim === 0 ? gradient(g.reshape([1]), s.reshape([1]), 0).reshape([]) : gradient(g, s, axis)];
      }
      const gx = empty(g.backend, g.shape, g.dtype);
      g.backend.run(gradOp, g.dtype, [s.ptr, g.ptr, gx.ptr, ...layout(g, axis)]);
      return [gx];
    });
  };
}

/** exp(x − max) / Σ exp(x − max) along `dim`. @source torch.softmax */
export const softmax = rows('softmax', 'softmaxGrad',
  (x, axis) => {
    const powers = x.sub(x.detach().max(axis, true).values).exp();
    return powers.div(powers.sum(axis, true));
  },
  (g, y, axis) => y.mul(g.sub(g.mul(y).sum(axis, true))));

/** x − max − log Σ exp(x − max) along `dim`. @source torch.log_softmax */
export const logSoftmax = rows('logSoftmax', 'logSoftmaxGrad',
  (x, axis) => {
    const shifted = x.sub(x.detach().max(axis, true).values);
    return shifted.sub(shifted.exp().sum(axis, true).log());
  },
  (g, y, axis) => g.sub(y.exp().mul(g.sum(axis, true))));
