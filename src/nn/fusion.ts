/**
 * What a Sequential runs as one: a convolution with the ReLU or ReLU6 behind it, and in evaluation with the batch norm between them; a
 * transposed convolution with the batch norm alone. Other activations are passes of their own: docs/decisions/0019-fused-activations.md. The
 * result is the same up to rounding, and so are gradients; names, parameters and modes are not touched. Identities are passed over.
 *
 * A batch norm is folded anew at every call, so it is never stale, where that is less work than a pass over the output. Where its own
 * parameters get gradients it is not folded; in training mode, or without running statistics, it cannot be.
 *
 * A ReLU before a maximum pooling runs behind it, within the pooling: both keep the order of numbers, so the result is the same to the bit, and
 * a maximum that is not positive gets no gradient either way. A pooling before a ReLU is the same thing, but for windows without a tap.
 */
import { conv, convRelu, convRelu6, isGradEnabled } from '../autograd/index.js';
import { scope } from '../memory/index.js';
import { product } from '../shape/index.js';
import type { Tensor } from '../tensor/index.js';
import { fold, folding, isConvolution, isPlain, isTransposed } from './foldNorm.js';
import { Identity } from './layers/identity.js';
import { ReLU } from './layers/activation.js';
import { ReLU6 } from './layers/activationPiecewise.js';
import type { Convolution } from './layers/conv.js';
import type { TransposedConvolution } from './layers/convTranspose.js';
import { MaxPool2d } from './layers/pool.js';
import type { Module } from './module.js';

export interface Run {
  /** How many modules it stands for. */
  readonly length: number;
  forward(input: Tensor): Tensor;
}

/** The convolution with the activation in it, null where there is none of the kind. */
export const withActivation = (module: Module | undefined): typeof conv | null => (isPlain(module, ReLU) ? convRelu : isPlain(module, ReLU6) ? convRelu6 : null);

/** The modules from number `at` on that can run as one on this input, null when the next one runs alone. */
export function fusedRun(modules: readonly Module[], at: number, input: Tensor): Run | null {
  const layer = modules[at];
  if (isPlain(layer, ReLU) || isPlain(layer, MaxPool2d)) return poolRelu(modules, at);
  if (!isConvolution(layer) && !isTransposed(layer)) return null;
  let next = behind(modules, at + 1);
  const pair = foldable(layer, modules[next], input);
  if (pair !== null) next = behind(modules, next + 1);
  let operation = conv;
  const last = modules[next];
  const activated = isConvolution(layer) ? withActivation(last) : null;
  if (activated !== null && (last as ReLU | ReLU6).backend === layer.backend && (activated !== convRelu || poolRelu(modules, next) === null)) {
    operation = activated;
    next++;
  }
  if (pair === null && operation === conv) return null;
  const run = (x: Tensor, weight: Tensor, bias: Tensor | null): Tensor => layer.forwardFused(x, weight, bias, operation);
  return {
    length: next - at,
    forward(x) {
      if (pair === null) return run(x, layer.weight, layer.bias);
      return scope(() => {
        const { weight, bias } = fold(pair);
        return run(x, weight, bias);
      });
    },
  };
}

/** A ReLU and a maximum pooling, in either order, of which the module at `at` is the first. */
function poolRelu(modules: readonly Module[], at: number): Run | null {
  const next = behind(modules, at + 1);
  const [pool, relu] = isPlain(modules[at], ReLU) ? [modules[next], modules[at]] : [modules[at], modules[next]];
  if (!isPlain(pool, MaxPool2d) || pool.spec.returnIndices || !isPlain(relu, ReLU) || pool.backend !== relu.backend) return null;
  if (pool === modules[next] && mayBeEmpty(pool)) return null;
  return { length: next + 1 - at, forward: (x) => pool.forwardRelu(x) };
}

/** Whether a window may have no tap in the input: that gives -Infinity, which a ReLU in front would leave and one behind would not. */
function mayBeEmpty({ spec: { padding, dilation } }: MaxPool2d): boolean {
  return [padding].flat().some((pad) => pad > 0) && [dilation].flat().some((apart) => apart > 1);
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
function foldable(layer: Convolution | TransposedConvolution, norm: Module | undefined, input: Tensor): ReturnType<typeof folding> {
  const pair = folding(layer, norm);
  if (pair === null || pair[1].training || input?.ndim !== layer.weight.ndim) return null;
  const learns = pair[1].ownParameters().some(([, parameter]) => parameter.requiresGrad);
  if (learns && isGradEnabled()) return null;
  const { weight, spec: { stride, outChannels } } = layer;
  const apart = product(stride, 0, stride.length);
  // About: padding and the kernel's size are left out.
  const outputs = (input.numel / input.shape[1]) * (isTransposed(layer) ? apart : 1 / apart) * outChannels;
  return outputs >= weight.numel + LEAST ? pair : null;
}
