/**
 * A bilinear form of two inputs for each output feature.
 */
import { checkFloats, linear } from '../../autograd/index.js';
import { fmt, ShapeError } from '../../errors.js';
import { sameShape } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';

/**
 * y[..., o] = Σ over i, j of x1[..., i] · weight[o, i, j] · x2[..., j] + bias[o]: the outer products of the rows, as one matrix product.
 *
 * @shape input1 [..., in1], input2 [..., in2], weight [out, in1, in2], bias [out] or null; returns [..., out]
 * @grad input1, input2, weight, bias
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_MISMATCH, CVY_SHAPE_FEATURES
 * @source torch.nn.functional.bilinear
 */
export function bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  checkFloats('bilinear', input1, input2, weight, bias);
  const shapes = `input1 ${fmt(input1.shape)}, input2 ${fmt(input2.shape)}, weight ${fmt(weight.shape)}`;
  if (weight.ndim !== 3) throw new ShapeError('CVY_SHAPE_RANK', `bilinear: weight has ${weight.ndim} axes but 3 are required (${shapes})`);
  const leading = input1.shape.slice(0, -1);
  if (input1.ndim === 0 || input2.ndim === 0 || !sameShape(leading, input2.shape.slice(0, -1))) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `bilinear: the inputs are ${fmt(input1.shape)} and ${fmt(input2.shape)} but must agree in all axes but the last (${shapes})`);
  }
  const [out, in1, in2] = weight.shape;
  if (input1.shape.at(-1) !== in1 || input2.shape.at(-1) !== in2) {
    throw new ShapeError('CVY_SHAPE_FEATURES', `bilinear: the inputs have ${input1.shape.at(-1)} and ${input2.shape.at(-1)} features but weight expects ${in1} and ${in2} (${shapes})`);
  }
  const products = input1.unsqueeze(-1).mul(input2.unsqueeze(-2)).reshape([...leading, in1 * in2]);
  return linear(products, weight.reshape([out, in1 * in2]), bias);
}
