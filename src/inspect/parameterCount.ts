/**
 * How many numbers a model consists of.
 */
import { ArgumentError } from '../errors.js';
import { Module } from '../nn/module.js';

export interface ParameterCount {
  /** Elements of all parameters; shared ones count once. */
  readonly total: number;
  /** Of those that require a gradient. */
  readonly trainable: number;
}

/** Counts the elements of a model's parameters; buffers are none. @throws {ArgumentError} CVY_ARG_TYPE for what is no module. */
export function parameterCount(model: Module): ParameterCount {
  if (!(model instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `parameterCount: the model is ${model === null ? 'null' : typeof model} but must be a module`);
  let [total, trainable] = [0, 0];
  for (const { numel, requiresGrad } of model.parameters()) {
    total += numel;
    if (requiresGrad) trainable += numel;
  }
  return { total, trainable };
}
