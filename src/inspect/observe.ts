/**
 * Watching a model run: every call of a module's `forward`, users' own modules like the built-in ones. What is done with it is
 * summary.ts, receptiveField.ts and featureMaps.ts.
 */
import { isFloat, type Backend, type DType } from '../backend/index.js';
import { ArgumentError } from '../errors.js';
import { evaluationMode } from '../nn/evaluationMode.js';
import { BackendModule } from '../nn/layer.js';
import { Module } from '../nn/module.js';
import { Tensor } from '../tensor/index.js';

/** Called when a call begins; what it returns is called when it has ended, if the module returned a tensor or a list that begins with one. */
export type Watcher = (name: string, module: Module, inputs: readonly Tensor[]) => (output: Tensor) => void;

/** Runs `fn` in evaluation mode while `watch` hears of every call. Modes are as before afterwards and no hook is left, after an error too. */
export function observe<R>(model: Module, watch: Watcher, fn: () => R): R {
  const restoreMode = evaluationMode(model);
  // Calls end in the opposite order in which they began; those that threw, and whose error a model caught, never do.
  const open: { module: Module; ended: (output: Tensor) => void }[] = [];
  const hooks = [...model.namedModules()].flatMap(([name, module]) => [
    module.registerForwardPreHook((_, inputs) => void open.push({ module, ended: watch(name, module, inputs.filter((input) => input instanceof Tensor)) })),
    module.registerForwardHook((_module, _inputs, output) => {
      const [{ ended }] = open.splice(open.findLastIndex((call) => call.module === module));
      const first: unknown = Array.isArray(output) ? output[0] : output;
      if (first instanceof Tensor) ended(first);
    }),
  ]);
  try {
    return fn();
  } finally {
    for (const hook of hooks) hook.remove();
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
  if (typeof layer === 'string') return model.getSubmodule(layer);
  if (!(layer instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: layer is ${layer === null ? 'null' : typeof layer} but must be a module of the model or its name`);
  if (model.modules().includes(layer)) return layer;
  throw new ArgumentError('CVY_ARG_VALUE', `${op}: the ${layer.constructor.name} is no part of the model but must be one of its modules`);
}
