/**
 * Watching a model run: every call of a module's `forward`, users' own modules like the built-in ones. What is done with it is
 * summary.ts, receptiveField.ts and featureMaps.ts.
 */
import { isFloat, type Backend, type DType } from '../backend/index.js';
import { ArgumentError, didYouMean } from '../errors.js';
import { evaluationMode } from '../nn/evaluationMode.js';
import { BackendModule } from '../nn/layer.js';
import { Module } from '../nn/module.js';
import { Tensor } from '../tensor/index.js';

/** Called when a call begins; what it returns is called when it has ended, if the module returned a tensor or a list that begins with one. */
export type Watcher = (name: string, module: Module, inputs: readonly Tensor[]) => (output: Tensor) => void;

/** Runs `fn` in evaluation mode while `watch` hears of every call. Modes and methods are as before afterwards, after an error too. */
export function observe<R>(model: Module, watch: Watcher, fn: () => R): R {
  const restoreMode = evaluationMode(model);
  // An own property shadows the class's method for the time of the call: users' modules need no hook, and nothing stays behind.
  const hidden = [...model.namedModules()].map(([name, module]) => {
    const before = Object.getOwnPropertyDescriptor(module, 'forward');
    const forward = module.forward;
    const value = (...inputs: Tensor[]): Tensor => {
      const ended = watch(name, module, inputs);
      const output = forward.apply(module, inputs);
      const first: unknown = Array.isArray(output) ? output[0] : output;
      if (first instanceof Tensor) ended(first);
      return output;
    };
    Object.defineProperty(module, 'forward', { value, configurable: true, enumerable: false, writable: true });
    return { module, before };
  });
  try {
    return fn();
  } finally {
    for (const { module, before } of hidden) {
      if (before) Object.defineProperty(module, 'forward', before);
      else Reflect.deleteProperty(module, 'forward');
    }
    restoreMode();
  }
}

/** Where a model computes, and in which dtype. */
export function placeOf(op: string, model: Module): { backend: Backend; dtype: DType } {
  const tensors = [...model.parameters(), ...model.buffers()];
  const dtype = tensors.find((tensor) => isFloat(tensor.dtype))?.dtype ?? 'float32';
  const backend = tensors[0]?.backend ?? model.modules().find((module): module is BackendModule => module instanceof BackendModule)?.backend;
  if (backend === undefined) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the model has neither parameters nor layers but at least one is required to know its backend`);
  return { backend, dtype };
}

/** A module of the model, given by its name there or itself. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE. */
export function moduleOf(op: string, model: Module, layer: string | Module): Module {
  const named = new Map(model.namedModules());
  if (layer instanceof Module) {
    if ([...named.values()].includes(layer)) return layer;
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: the ${layer.constructor.name} is no part of the model but must be one of its modules`);
  }
  if (typeof layer !== 'string') throw new ArgumentError('CVY_ARG_TYPE', `${op}: layer is ${layer === null ? 'null' : typeof layer} but must be a module of the model or its name`);
  const found = named.get(layer);
  if (found === undefined) {
    const names = [...named.keys()].filter((name) => name !== '');
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: the model has no module '${layer}' but its name must be one of ${names.join(', ')}${didYouMean(layer, names)}`);
  }
  return found;
}
