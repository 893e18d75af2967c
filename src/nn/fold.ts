/**
 * Batch norm with fixed statistics, folded into the weights of the layer before it: both are linear, so one layer can do what two do.
 * Not here: when that may be done (fusion.ts, fuse.ts).
 */
import { normWithStatistics } from '../autograd/index.js';
import { full, type Tensor } from '../tensor/index.js';
import { Layer } from './layer.js';
import { Conv2d } from './layers/conv.js';
import { Linear } from './layers/linear.js';
import { BatchNorm1d, BatchNorm2d } from './layers/norm.js';
import type { Module } from './module.js';

/** As the library defines it, whatever is put in its place later. */
const FORWARD = Layer.prototype.forward;

export type Folding = readonly [layer: Conv2d | Linear, norm: BatchNorm1d | BatchNorm2d];

/**
 * Whether the module is of exactly this library class and runs as the class does: a subclass, or a `forward` that somebody replaced
 * or a `compute` put in to watch the module, must be called. Hooks, once modules have them, are a further reason to say no, here and only here.
 */
export const isPlain = <M extends Layer>(module: Module | undefined, type: new (...args: never[]) => M): module is M =>
  module !== undefined && module.constructor === type && module.forward === FORWARD && !Object.hasOwn(module, 'compute');

/** The pair when the second is the batch norm of the first one's channels over running statistics, and both compute in one place and dtype. */
export function folding(layer: Module | undefined, norm: Module | undefined): Folding | null {
  const pair: Folding | null = isPlain(layer, Conv2d) && isPlain(norm, BatchNorm2d) ? [layer, norm] : isPlain(layer, Linear) && isPlain(norm, BatchNorm1d) ? [layer, norm] : null;
  if (pair === null) return null;
  const [{ weight, backend }, { spec, runningMean, backend: other }] = pair;
  return runningMean !== null && spec.numFeatures === weight.shape[0] && runningMean.dtype === weight.dtype && backend === other ? pair : null;
}

/**
 * Weight and bias with which the layer alone gives what both give in evaluation; recorded like any arithmetic. It is the norm itself
 * that is applied: to the weight without what it adds, and to the bias, both of which are its input's channels.
 */
export function fold([layer, { weight: gamma, bias: beta, runningMean, runningVar, spec }]: Folding): { weight: Tensor; bias: Tensor } {
  const { weight, bias } = layer;
  const [channels] = weight.shape;
  const zeros = full(weight.backend, [channels], 0, weight.dtype);
  return {
    weight: normWithStatistics(weight.reshape([1, channels, -1]), zeros, runningVar!, gamma, null, spec.eps).reshape(weight.shape),
    bias: normWithStatistics((bias ?? zeros).reshape([1, channels]), runningMean!, runningVar!, gamma, beta, spec.eps).reshape([channels]),
  };
}
