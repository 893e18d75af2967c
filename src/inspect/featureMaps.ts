/** What a layer puts out for an input, and which inputs had a say in one element of it: both seen by running the model once. */
import { enableGrad, grad, noGrad } from '../autograd/index.js';
import { ArgumentError, checkOptions, fmt, ShapeError } from '../errors.js';
import { keep, scope } from '../memory/index.js';
import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor/index.js';
import { moduleOf, observe } from './observe.js';

/** Runs the model in evaluation mode and returns what `use` makes of the first output of `layer`. */
function withOutput(op: string, model: Module, input: Tensor, layer: string | Module, use: (output: Tensor) => Tensor): Tensor {
  const wanted = moduleOf(op, model, layer);
  let found: Tensor | null = null;
  observe(model, (_, module) => (output) => {
    // At once and kept: a model may run its layers in a scope of its own.
    if (module === wanted && found === null) found = keep(use(output));
  }, () => void model.forward(input));
  if (found === null) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the model's forward did not call its ${typeof layer === 'string' ? `module '${layer}'` : layer.constructor.name} but must (input ${fmt(input.shape)})`);
  const kept: Tensor = found;
  const result = kept.detach();
  kept.dispose();
  return result;
}

/**
 * What a layer of the model puts out for an input: its feature maps. The model runs in evaluation mode, unrecorded; `imageGrid` makes a
 * picture of the result.
 *
 * @shape input as the model takes it; returns the layer's output, such as [N, C, H, W]; of several calls the first
 * @throws {ArgumentError} CVY_ARG_VALUE for a layer that the model does not have or does not call
 */
export function featureMaps(model: Module, input: Tensor, layer: string | Module): Tensor {
  // A clone: a layer that does nothing (dropout in evaluation) puts out the caller's own tensor.
  return noGrad(() => scope(() => withOutput('featureMaps', model, input, layer, (output) => output.clone())));
}

export interface InfluenceOptions {
  /** Spatial indices of the output element that is asked about; default: the middle. */
  at?: readonly number[];
  /** Its channel; default null, the sum of all. */
  channel?: number | null;
}

/**
 * How much each input pixel has a say in one element of a layer's output: the magnitude of the gradient, added over input channels and
 * over the examples of the batch. Where it is not zero lies the receptive field; where it is large, what Luo et al. call the effective
 * one. It is measured, so a ReLU that is off or a maximum that lies elsewhere hides pixels: a batch of several inputs shows more of them.
 *
 * @shape input [N, C, …], returns its spatial axes […]
 * @throws {ArgumentError} CVY_ARG_VALUE for a layer that the model does not have or does not call; {ShapeError} CVY_SHAPE_AXIS
 * @source Luo, Li, Urtasun & Zemel 2016, arXiv:1701.04128
 */
export function influence(model: Module, input: Tensor, layer: string | Module, options: InfluenceOptions = {}): Tensor {
  const op = 'influence';
  checkOptions(op, options, ['at', 'channel']);
  return scope(() => {
    const pixels = input.detach().requiresGrad_();
    return enableGrad(() => withOutput(op, model, pixels, layer, (output) => {
      const middle = output.shape.slice(2).map((size) => Math.floor(size / 2));
      const { at = middle, channel = null } = options;
      if (at.length !== middle.length) throw new ShapeError('CVY_SHAPE_AXIS', `${op}: at has ${at.length} indices but ${middle.length} are required (output ${fmt(output.shape)})`);
      const [g] = grad(output.slice(null, channel, ...at).sum(), pixels);
      return noGrad(() => g!.abs().sum([0, 1]));
    }));
  });
}
