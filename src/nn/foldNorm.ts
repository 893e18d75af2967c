/**
 * Batch norm with fixed statistics, folded into the weights of the layer before it: both are linear, so one layer can do what two do.
 * Not here: when that may be done (fusion.ts, fuse.ts).
 */
import { normWithStatistics } from '../autograd/index.js';
import { full, type Tensor } from '../tensor/index.js';
import { Layer } from './layer.js';
import { Conv1d, Conv2d, Conv3d, type Convolution } from './layers/conv.js';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, TransposedConvolution } from './layers/convTranspose.js';
import { Linear } from './layers/linear.js';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNorm } from './layers/norm.js';
import type { Module } from './module.js';

/** As the library defines them, whatever is put in their place later. */
const FORWARDS: readonly unknown[] = [Layer.prototype.forward, TransposedConvolution.prototype.forward];

export type Folding = readonly [layer: Convolution | TransposedConvolution | Linear, norm: BatchNorm];

const CONVOLUTIONS = [Conv1d, Conv2d, Conv3d];
const TRANSPOSED = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d];
/** The batch norm of each layer's outputs. */
const PAIRS = [
  [Linear, BatchNorm1d], [Conv1d, BatchNorm1d], [Conv2d, BatchNorm2d], [Conv3d, BatchNorm3d],
  [ConvTranspose1d, BatchNorm1d], [ConvTranspose2d, BatchNorm2d], [ConvTranspose3d, BatchNorm3d],
] as const;

/**
 * Whether the module is of exactly this library class and runs as the class does: a subclass, or a `forward` that somebody replaced
 * or a `compute` put in to watch the module, must be called. Hooks replace `forward`, so a module that has any is not plain either.
 */
export const isPlain = <M extends Layer>(module: Module | undefined, type: new (...args: never[]) => M): module is M =>
  module !== undefined && module.constructor === type && FORWARDS.includes(module.forward) && !Object.hasOwn(module, 'compute');

/** Whether the module is a convolution of this library, see {@link isPlain}. */
export const isConvolution = (module: Module | undefined): module is Convolution => CONVOLUTIONS.some((type) => isPlain<Convolution>(module, type));

/** Whether it is a transposed one. */
export const isTransposed = (module: Module | undefined): module is TransposedConvolution => TRANSPOSED.some((type) => isPlain<TransposedConvolution>(module, type));

/** The pair when the second is the batch norm of the first one's channels over running statistics, and both compute in one place and dtype. */
export function folding(layer: Module | undefined, norm: Module | undefined): Folding | null {
  if (!PAIRS.some(([first, second]) => isPlain<Layer>(layer, first) && isPlain<Layer>(norm, second))) return null;
  const pair = [layer, norm] as unknown as Folding;
  const [{ weight, spec: own, backend }, { spec, runningMean, backend: other }] = pair;
  return runningMean !== null && spec.numFeatures === ('outChannels' in own ? own.outChannels : own.outFeatures) && runningMean.dtype === weight.dtype && backend === other ? pair : null;
}

/**
 * Weight and bias with which the layer alone gives what both give in evaluation; recorded like any arithmetic. It is the norm itself
 * that is applied: to the weight without what it adds, and to the bias, both of which are its input's channels.
 */
export function fold([layer, { weight: gamma, bias: beta, runningMean, runningVar, spec }]: Folding): { weight: Tensor; bias: Tensor } {
  const { weight, bias } = layer;
  const channels = runningMean!.shape[0];
  const zeros = full(weight.backend, [channels], 0, weight.dtype);
  const scaled = (w: Tensor): Tensor => normWithStatistics(w, zeros, runningVar!, gamma, null, spec.eps);
  return {
    weight: isTransposed(layer) ? overGroups(weight, layer.spec.groups, scaled) : scaled(weight.reshape([1, channels, -1])).reshape(weight.shape),
    bias: normWithStatistics((bias ?? zeros).reshape([1, channels]), runningMean!, runningVar!, gamma, beta, spec.eps).reshape([channels]),
  };
}

/** Weights [Cin, Cout/groups, kernel…] as [Cin/groups, Cout, positions] for `change`, and back. */
function overGroups(weight: Tensor, groups: number, change: (weight: Tensor) => Tensor): Tensor {
  const [cin, cout] = weight.shape;
  const turn = (w: Tensor, [a, b]: readonly number[]): Tensor => w.reshape([a, b, cout, -1]).transpose(0, 1);
  return turn(change(turn(weight, [groups, cin / groups]).reshape([cin / groups, groups * cout, -1])), [cin / groups, groups]).reshape(weight.shape);
}
