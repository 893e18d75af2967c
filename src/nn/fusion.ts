/**
 * What a Sequential runs as one: a convolution with the ReLU behind it, and in evaluation with the batch norm between them. The
 * result is the same up to rounding, and so are gradients; names, parameters and modes are not touched. Identities are passed over.
 *
 * A batch norm is folded anew at every call, so it is never stale, where that is less work than a pass over the output. Where its own
 * parameters get gradients it is not folded; in training mode, or without running statistics, it cannot be.
 *
 * A ReLU before a maximum pooling runs behind it, within the pooling: both keep the order of numbers, so the result is the same to the bit, and
 * a maximum that is not positive gets no gradient either way. A pooling before a ReLU is the same thing.
 */
import { conv, convRelu, isGradEnabled } from '../autograd/index.js';
import { scope } from '../memory/index.js';
import { product } from '../shape/index.js';
import type { Tensor } from '../tensor/index.js';
import { fold, folding, isConvolution, isPlain } from './foldNorm.js';
import { Identity } from './layers/identity.js';
import { ReLU } from './layers/activation.js';
import type { Convolution } from './layers/conv.js';
import { MaxPool2d } from './layers/pool.js';
import type { Module } from './module.js';

export interface Run {
  /** How many modules it stands for. */
  readonly length: number;
  forward(input: Tensor): Tensor;
}

/** The modules from number `at` on that can run as one on this input, null when the next one runs alone. */
export function fusedRun(modules: readonly Module[], at: number, input: Tensor): Run | null {
  const layer = modules[at];
  if (isPlain(layer, ReLU) || isPlain(layer, MaxPool2d)) return poolRelu(modules, at);
  if (!isConvolution(layer)) return null;
  let next = behind(modules, at + 1);
  const pair = foldable(layer, modules[next], input);
  if (pair !== null) next = behind(modules, next + 1);
  const last = modules[next];
  const relu = isPlain(last, ReLU) && last.backend === layer.backend && poolRelu(modules, next) === null;
  if (relu) next++;
  if (pair === null && !relu) return null;
  const operation = relu ? convRelu : conv;
  return {
    length: next - at,
    forward(x) {
      if (pair === null) return layer.forwardFused(x, layer.weight, layer.bias, operation);
      return scope(() => {
        const { weight, bias } = fold(pair);
        return layer.forwardFused(x, weight, bias, operation);
      });
    },
  };
}

/** A ReLU and a maximum pooling, in either order, of which the module at `at` is the first. */
function poolRelu(modules: readonly Module[], at: number): Run | null {
  const next = behind(modules, at + 1);
  const [pool, relu] = isPlain(modules[at], ReLU) ? [modules[next], modules[at]] : [modules[at], modules[next]];
  if (!isPlain(pool, MaxPool2d) || pool.spec.returnIndices || !isPlain(relu, ReLU) || pool.backend !== relu.backend) return null;
  return { length: next + 1 - at, forward: (x) => pool.forwardRelu(x) };
}

/** The first module from `at` on that does anything. */
function behind(modules: readonly Module[], at: number): number {
  while (isPlain(modules[at], Identity)) at++;
  return at;
}

/**
 * Elements that the output must have beyond those of the weight. Folding works on the weight and costs some small operations; with
 * 512 channels and single images of 7 × 7 it took a tenth longer than it saved.
 */
const LEAST = 16384;

/** Batch norm takes batches only; what a convolution takes beyond that is left to it to refuse. */
function foldable(layer: Convolution, norm: Module | undefined, input: Tensor): ReturnType<typeof folding> {
  const pair = folding(layer, norm);
  if (pair === null || pair[1].training || input?.ndim !== layer.weight.ndim) return null;
  const learns = pair[1].ownParameters().some(([, parameter]) => parameter.requiresGrad);
  if (learns && isGradEnabled()) return null;
  const { weight, spec: { stride } } = layer;
  // About: padding and the kernel's size are left out.
  const outputs = (input.numel / input.shape[1] / product(stride, 0, stride.length)) * weight.shape[0];
  return outputs >= weight.numel + LEAST ? pair : null;
}
