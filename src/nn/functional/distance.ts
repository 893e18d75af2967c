/** How far apart vectors are, and how alike their directions. */
import { checkFloats, record, vectorNorm } from '../../autograd/index.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { scope } from '../../memory/index.js';
import { broadcastShapes, checkAxis } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';

/** The order of a norm: any number, or an infinity. @throws {ArgumentError} CVY_ARG_VALUE. */
export function checkOrder(op: string, p: unknown): number {
  if (typeof p !== 'number' || Number.isNaN(p)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: p is ${String(p)} but must be a number, or an infinity`);
  return p;
}

export interface PairwiseDistanceOptions {
  /** The norm's order; default 2. */
  p?: number;
  /** Added to every difference; default 1e-6. */
  eps?: number;
  /** Leaves the last axis with one entry; default false. */
  keepdim?: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function pairwiseDistanceSettings(op: string, options: PairwiseDistanceOptions = {}): Required<PairwiseDistanceOptions> {
  checkOptions(op, options, ['p', 'eps', 'keepdim']);
  const { p = 2, eps = 1e-6, keepdim = false } = options;
  return { p: checkOrder(op, p), eps: checkNumber(op, 'eps', eps), keepdim: checkFlag(op, 'keepdim', keepdim) };
}

/**
 * The p-norm of x1 − x2 + eps over the last axis.
 * @shape x1 and x2 [..., D], broadcast; returns [...], or [..., 1] with keepdim
 * @grad x1, x2
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_BROADCAST; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.pairwise_distance
 */
export function pairwiseDistance(x1: Tensor, x2: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  const { p, eps, keepdim } = pairwiseDistanceSettings('pairwiseDistance', options);
  checkFloats('pairwiseDistance', x1, x2);
  return scope(() => {
    const difference = x1.sub(x2).add(eps);
    if (difference.ndim === 0) throw new ShapeError('CVY_SHAPE_RANK', `pairwiseDistance: the vectors are scalars but an axis is required (x1 ${fmt(x1.shape)}, x2 ${fmt(x2.shape)})`);
    return vectorNorm(difference, p, -1, keepdim);
  });
}

export interface CosineSimilarityOptions {
  /** The axis of the vectors; default 1. */
  dim?: number;
  /** What lengths are raised to; default 1e-8. */
  eps?: number;
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function cosineSimilaritySettings(op: string, options: CosineSimilarityOptions = {}): Required<CosineSimilarityOptions> {
  checkOptions(op, options, ['dim', 'eps']);
  const { dim = 1, eps = 1e-8 } = options;
  if (!Number.isInteger(dim)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: dim is ${String(dim)} but must be an integer`);
  return { dim, eps: checkNumber(op, 'eps', eps, 0) };
}

/** x over its length along an axis; lengths below eps are raised to it, and stay in the gradient as they were raised. */
function direction(x: Tensor, axis: number, eps: number): Tensor {
  const length = scope(() => x.detach().square().sum(axis, true).sqrt().clamp(eps, null));
  return x.div(record('length', length, [x], [x, length], (g, [s, n]) => [g.mul(s.div(n))]));
}

/**
 * The cosine of the angle between vectors: x1 · x2 / (|x1| |x2|).
 * @shape x1 and x2 broadcast; returns their shape without `dim`
 * @grad x1, x2
 * @throws {ShapeError} CVY_SHAPE_AXIS, CVY_SHAPE_BROADCAST; {DtypeError} CVY_DTYPE
 * @source torch.nn.functional.cosine_similarity
 */
export function cosineSimilarity(x1: Tensor, x2: Tensor, options: CosineSimilarityOptions = {}): Tensor {
  const { dim, eps } = cosineSimilaritySettings('cosineSimilarity', options);
  checkFloats('cosineSimilarity', x1, x2);
  const shape = broadcastShapes('cosineSimilarity', x1.shape, x2.shape);
  const axis = checkAxis('cosineSimilarity', dim, shape.length, shape);
  return scope(() => direction(x1.expand(shape), axis, eps).mul(direction(x2.expand(shape), axis, eps)).sum(axis));
}
