/**
 * What a model consists of, seen by running it once: output shapes, parameters and multiply-adds of every layer.
 * Data only; how it is printed is the caller's business.
 */
import { noGrad } from '../autograd/index.js';
import { scope } from '../memory/index.js';
import { Convolution } from '../nn/layers/conv.js';
import { TransposedConvolution } from '../nn/layers/convTranspose.js';
import { Linear } from '../nn/layers/linear.js';
import type { Module } from '../nn/module.js';
import { checkShape, product } from '../shape/index.js';
import { full, type Tensor } from '../tensor/index.js';
import { observe, placeOf } from './observe.js';

export interface SummaryRow {
  /** Name in the model, as in state dicts ('0', 'features.conv1'); '' for the model itself. */
  readonly name: string;
  /** Class of the layer. */
  readonly type: string;
  /** With a batch of 1 as its first axis; null for a module that has parameters but was not called. */
  readonly outputShape: readonly number[] | null;
  /** Elements of the module's own parameters; 0 in the rows of a second call. */
  readonly parameters: number;
  /** Of convolution and linear layers for one example, bias not counted; 0 for all others. */
  readonly multiplyAdds: number;
}

export interface Summary {
  /** In the order of the calls. */
  readonly rows: SummaryRow[];
  readonly totals: {
    readonly parameters: number;
    /** Elements of the parameters that require a gradient. */
    readonly trainable: number;
    readonly multiplyAdds: number;
  };
}

/**
 * Runs the model once on zeros, in evaluation mode and unrecorded, and notes what each of its layers does. A row stands for a call
 * of a module without submodules, or of one with parameters of its own; users' own modules are seen like the built-in ones.
 *
 * @shape inputShape without the batch axis, such as [1, 28, 28]
 * @throws {ShapeError} what the model's layers throw when the shape does not fit, naming the layer
 */
export function summary(model: Module, inputShape: readonly number[]): Summary {
  const shape = checkShape('summary', inputShape);
  const { backend, dtype } = placeOf('summary', model);
  const begun: { name: string; module: Module; inputShape: readonly number[]; outputShape: readonly number[] | null }[] = [];
  observe(model, (name, module, inputs) => {
    const call: (typeof begun)[number] = { name, module, inputShape: inputs[0]?.shape ?? [], outputShape: null };
    begun.push(call);
    return (output) => void (call.outputShape = output.shape);
  }, () => noGrad(() => scope(() => void model.forward(full(backend, [1, ...shape], 0, dtype)))));
  const calls = begun.filter((call): call is typeof call & { outputShape: readonly number[] } => call.outputShape !== null);
  const parameters = model.parameters();
  const count = (of: readonly Tensor[]): number => of.reduce((sum, { numel }) => sum + numel, 0);
  const counted = new Set<Tensor>();
  const rows: SummaryRow[] = [];
  const add = (name: string, module: Module, inputShape: readonly number[], outputShape: readonly number[] | null): void => {
    const own = module.ownParameters().map(([, parameter]) => parameter).filter((parameter) => !counted.has(parameter));
    own.forEach((parameter) => counted.add(parameter));
    rows.push({ name, type: module.constructor.name, outputShape, parameters: count(own), multiplyAdds: outputShape ? multiplyAdds(module, inputShape, outputShape) : 0 });
  };
  for (const { name, module, inputShape, outputShape } of calls) {
    if (module.children().length === 0 || module.ownParameters().length > 0) add(name, module, inputShape, outputShape);
  }
  const called = new Set(calls.map(({ module }) => module));
  for (const [name, module] of model.namedModules()) if (!called.has(module) && module.ownParameters().length > 0) add(name, module, [], null);
  return {
    rows,
    totals: {
      parameters: count(parameters),
      trainable: count(parameters.filter(({ requiresGrad }) => requiresGrad)),
      multiplyAdds: rows.reduce((sum, row) => sum + row.multiplyAdds, 0),
    },
  };
}

function multiplyAdds(module: Module, inputShape: readonly number[], outputShape: readonly number[]): number {
  // A weight's axes behind the first are what one output element is summed over; of a transposed one, where one input element goes.
  const places = module instanceof TransposedConvolution ? inputShape : module instanceof Convolution || module instanceof Linear ? outputShape : null;
  if (places === null) return 0;
  const { shape } = (module as Convolution | Linear | TransposedConvolution).weight;
  return product(places, 0, places.length) * product(shape, 1, shape.length);
}
