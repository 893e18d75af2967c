/**
 * Questions about elements and about whole tensors. None is differentiable.
 */
import { checkFlag, checkNumber, checkOptions } from '../../errors.js';
import { sameShape } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { recordingAs } from '../tape.js';
import { checkTogether, promote } from './common.js';

/** Where an element is NaN. @source torch.isnan */
export const isnan = (x: Tensor): Tensor => x.ne(x);
/** Where an element is infinite. @source torch.isinf */
export const isinf = (x: Tensor): Tensor => {
  checkTogether('isinf', x);
  return x.dtype === 'bool' ? x.ne(x) : recordingAs(false, () => x.abs()).eq(Infinity);
};
/** Where an element is neither NaN nor infinite. @source torch.isfinite */
export const isfinite = (x: Tensor): Tensor => {
  checkTogether('isfinite', x);
  return x.dtype === 'bool' ? x.eq(x) : recordingAs(false, () => x.abs()).lt(Infinity);
};

/** Whether two tensors have one shape and equal elements; NaN equals nothing. @source torch.equal */
export function equal(a: Tensor, b: Tensor): boolean {
  checkTogether('equal', a, b);
  return sameShape(a.shape, b.shape) && a.ne(b).sum().item() === 0;
}

export interface CloseOptions {
  /** Default 1e-5. */
  rtol?: number;
  /** Default 1e-8. */
  atol?: number;
  /** Whether NaN equals NaN; default false. */
  equalNan?: boolean;
}

/** Where |a − b| ≤ atol + rtol · |b|, or a equals b. @source torch.isclose */
export function isclose(a: Tensor, b: Tensor, options: CloseOptions = {}): Tensor {
  checkTogether('isclose', a, b);
  checkOptions('isclose', options, ['rtol', 'atol', 'equalNan']);
  const rtol = checkNumber('isclose', 'rtol', options.rtol ?? 1e-5, 0);
  const atol = checkNumber('isclose', 'atol', options.atol ?? 1e-8, 0);
  const equalNan = checkFlag('isclose', 'equalNan', options.equalNan ?? false);
  const dtype = promote(a.dtype, b.dtype) === 'float64' ? 'float64' : 'float32';
  return recordingAs(false, () => {
    const [x, y] = [a.to(dtype), b.to(dtype)];
    const gap = x.sub(y).abs();
    const near = gap.le(y.abs().mul(rtol).add(atol)).logicalAnd(gap.lt(Infinity)).logicalOr(x.eq(y));
    return equalNan ? near.logicalOr(x.ne(x).logicalAnd(y.ne(y))) : near;
  });
}

/** Whether all elements are close; see isclose. @source torch.allclose */
export const allclose = (a: Tensor, b: Tensor, options: CloseOptions = {}): boolean => isclose(a, b, options).logicalNot().sum().item() === 0;
