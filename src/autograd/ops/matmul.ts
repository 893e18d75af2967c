/**
 * Matrix products. One recorded primitive, `gemm`, multiplies batches of matrices, either side transposed; its gradients are
 * products of the same kind, so no operand is ever transposed in memory.
 */
import { checkLinear, checkMatmul, numel, sameShape } from '../../shape/index.js';
import { empty, type Tensor } from '../../tensor/index.js';
import { record } from '../tape.js';
import { asFloat, checkFloats, checkTogether, promote } from './common.js';

/** op(a) · op(b) (+ bias along columns) of matrices, or of batches [batch, rows, columns] where a batch of 1 serves all. */
export function gemm(a: Tensor, b: Tensor, ta: boolean, tb: boolean, bias: Tensor | null = null): Tensor {
  const single = a.ndim === 2;
  // No destructuring here: its arrays cost more than the product of small matrices.
  const left = single ? 1 : a.shape[0];
  const right = single ? 1 : b.shape[0];
  const batch = Math.max(left, right) * Math.min(left, right, 1);
  const at = single ? 0 : 1;
  const m = a.shape[ta ? at + 1 : at];
  const k = a.shape[ta ? at : at + 1];
  const n = tb ? b.shape[at] : b.shape[at + 1];
  const y = empty(a.backend, single ? [m, n] : [batch, m, n], a.dtype);
  a.backend.run('matmul', a.dtype, [
    a.ptr, b.ptr, bias === null ? 0 : bias.ptr, y.ptr, batch, m, n, k,
    left === 1 ? 0 : m * k, ta ? 1 : k, ta ? m : 1, right === 1 ? 0 : k * n, tb ? 1 : n, tb ? k : 1,
  ]);
  const inputs = bias === null ? [a, b] : [a, b, bias];
  const aShape = a.shape;
  const bShape = b.shape;
  return record('matmul', y, inputs, [a, b], (g, [sa, sb], needs) => [
    needs[0] ? (ta ? gemm(sb, g, tb, true) : gemm(g, sb, false, !tb)).sumTo(aShape) : null,
    needs[1] ? (tb ? gemm(g, sa, true, ta) : gemm(sa, g, !ta, false)).sumTo(bShape) : null,
    needs[2] ? g.sum(single ? 0 : [0, 1]) : null,
  ]);
}

/**
 * Product of matrices, vectors or batches of matrices.
 * @shape a [..., m, k] or [k], b [..., k, n] or [k]; returns [..., m, n] with broadcast leading axes
 * @throws {ShapeError} CVY_SHAPE_MISMATCH, CVY_SHAPE_RANK, CVY_SHAPE_BROADCAST
 * @source torch.matmul
 */
export function matmul(left: Tensor, right: Tensor): Tensor {
  checkTogether('matmul', left, right);
  const dtype = promote(left.dtype, right.dtype);
  const [a, b] = [asFloat(left.to(dtype)), asFloat(right.to(dtype))];
  if (a.ndim === 2 && b.ndim === 2 && a.shape[1] === b.shape[0]) return gemm(a, b, false, false);
  const { m, n, k, batch, output } = checkMatmul('matmul', a.shape, b.shape);
  // Rows of all batches in one product when b is a single matrix.
  if (b.ndim <= 2) {
    const rows = numel(a.shape) / (k || 1) || numel(a.shape.slice(0, -1));
    return gemm(a.reshape([rows, k]), b.reshape([k, n]), false, false).reshape(output);
  }
  const whole = (x: Tensor, rows: number, columns: number): Tensor => {
    const own = x.shape.slice(0, -2);
    if (numel(own) === 1) return x.reshape([1, rows, columns]);
    const full = sameShape(own, batch) ? x : x.expand([...batch, rows, columns]);
    return full.reshape([numel(batch), rows, columns]);
  };
  return gemm(whole(a, m, k), whole(b, k, n), false, false).reshape(output);
}

/**
 * x · weightᵀ + bias over the last axis.
 * @shape input [..., in], weight [out, in], bias [out]; returns [..., out]
 * @throws {ShapeError} CVY_SHAPE_FEATURES
 * @source torch.nn.functional.linear
 */
export function linear(input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  checkFloats('linear', input, weight, bias);
  const output = checkLinear('linear', input.shape, weight.shape, bias?.shape ?? null);
  const [, features] = weight.shape;
  if (input.ndim === 2) return gemm(input, weight, false, true, bias);
  return gemm(input.reshape([numel(output.slice(0, -1)), features]), weight, false, true, bias).reshape(output);
}
