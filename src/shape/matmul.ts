/**
 * Shapes of matrix products in all ranks, as torch.matmul has them, and of fully connected layers.
 */
import { fmt, ShapeError } from '../errors.js';
import { broadcastShapes, type Shape } from './basic.js';

export interface MatmulShape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Broadcast leading axes. */
  readonly batch: number[];
  /** Shape of the result: axes that a vector operand lent are gone. */
  readonly output: number[];
}

/** @throws {ShapeError} CVY_SHAPE_RANK for scalars, CVY_SHAPE_MISMATCH when the inner sizes differ. */
export function checkMatmul(op: string, a: Shape, b: Shape): MatmulShape {
  if (a.length === 0 || b.length === 0) throw new ShapeError('CVY_SHAPE_RANK', `${op}: an operand is a scalar but at least one axis is required (a ${fmt(a)}, b ${fmt(b)})`);
  const left = a.length === 1 ? [1, a[0]] : a;
  const right = b.length === 1 ? [b[0], 1] : b;
  const [m, k] = left.slice(-2);
  const [inner, n] = right.slice(-2);
  if (k !== inner) throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: a has ${k} columns but b has ${inner} rows and they must be equal (a ${fmt(a)}, b ${fmt(b)})`);
  const batch = broadcastShapes(op, left.slice(0, -2), right.slice(0, -2));
  return { m, n, k, batch, output: [...batch, ...(a.length === 1 ? [] : [m]), ...(b.length === 1 ? [] : [n])] };
}

/** Output shape of a fully connected layer, weight [out, in]. @throws {ShapeError} CVY_SHAPE_FEATURES. */
export function checkLinear(op: string, input: Shape, weight: Shape, bias: Shape | null): number[] {
  if (weight.length !== 2) throw new ShapeError('CVY_SHAPE_RANK', `${op}: weight has ${weight.length} axes but 2 are required (weight ${fmt(weight)})`);
  if (input.length === 0 || input[input.length - 1] !== weight[1]) {
    throw new ShapeError('CVY_SHAPE_FEATURES', `${op}: last axis of input is ${input.at(-1) ?? 'absent'} but inFeatures is ${weight[1]} (input ${fmt(input)}, weight ${fmt(weight)})`);
  }
  if (bias !== null && (bias.length !== 1 || bias[0] !== weight[0])) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: bias has shape ${fmt(bias)} but ${fmt([weight[0]])} is required (weight ${fmt(weight)})`);
  }
  return [...input.slice(0, -1), weight[0]];
}
