/**
 * What a model consists of, seen by running it once: output shapes, parameters and multiply-adds of every layer.
 * Data only; how it is printed is the caller's business.
 */
import { noGrad } from '../autograd/index.js';
import { isFloat, type Backend, type DType } from '../backend/index.js';
import { ArgumentError } from '../errors.js';
import { scope } from '../memory/index.js';
import { evaluationMode } from '../nn/evaluationMode.js';
import { BackendModule } from '../nn/layer.js';
import { Convolution } from '../nn/layers/conv.js';
import { TransposedConvolution } from '../nn/layers/convTranspose.js';
import { Linear } from '../nn/layers/linear.js';
import type { Module } from '../nn/module.js';
import { checkShape, product } from '../shape/index.js';
import { full, Tensor } from '../tensor/index.js';

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
  const { backend, dtype } = placeOf(model);
  const calls = observe(model, () => void model.forward(full(backend, [1, ...shape], 0, dtype)));
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

interface Call {
  readonly name: string;
  readonly module: Module;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
}

/** Every call of a module's `forward` while `fn` runs, in the order in which they began. */
function observe(model: Module, fn: () => void): Call[] {
  const calls: (Omit<Call, 'outputShape'> & { outputShape: readonly number[] | null })[] = [];
  const restoreMode = evaluationMode(model);
  // An own property shadows the class's method for the time of the call: users' modules need no hook, and nothing stays behind.
  const hidden = [...model.namedModules()].map(([name, module]) => {
    const before = Object.getOwnPropertyDescriptor(module, 'forward');
    const forward = module.forward;
    const value = (...inputs: Tensor[]): Tensor => {
      const call: (typeof calls)[number] = { name, module, inputShape: inputs[0]?.shape ?? [], outputShape: null };
      calls.push(call);
      const output = forward.apply(module, inputs);
      if (output instanceof Tensor) call.outputShape = output.shape;
      return output;
    };
    Object.defineProperty(module, 'forward', { value, configurable: true, enumerable: false, writable: true });
    return { module, before };
  });
  try {
    noGrad(() => scope(fn));
  } finally {
    for (const { module, before } of hidden) {
      if (before) Object.defineProperty(module, 'forward', before);
      else Reflect.deleteProperty(module, 'forward');
    }
    restoreMode();
  }
  return calls.filter((call): call is Call => call.outputShape !== null);
}

function multiplyAdds(module: Module, inputShape: readonly number[], outputShape: readonly number[]): number {
  // A weight's axes behind the first are what one output element is summed over; of a transposed one, where one input element goes.
  const places = module instanceof TransposedConvolution ? inputShape : module instanceof Convolution || module instanceof Linear ? outputShape : null;
  if (places === null) return 0;
  const { shape } = (module as Convolution | Linear | TransposedConvolution).weight;
  return product(places, 0, places.length) * product(shape, 1, shape.length);
}

/** Where the model computes, and in which dtype. */
function placeOf(model: Module): { backend: Backend; dtype: DType } {
  const tensors = [...model.parameters(), ...model.buffers()];
  const dtype = tensors.find((tensor) => isFloat(tensor.dtype))?.dtype ?? 'float32';
  const backend = tensors[0]?.backend ?? model.modules().find((module): module is BackendModule => module instanceof BackendModule)?.backend;
  if (backend === undefined) throw new ArgumentError('CVY_ARG_VALUE', 'summary: the model has neither parameters nor layers but at least one is required to know its backend');
  return { backend, dtype };
}
