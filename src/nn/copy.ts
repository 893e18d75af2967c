/**
 * A model's copy: modules of the same classes with parameters, buffers and tensors of their own. What two places share, they share in
 * the copy too.
 */
import { noGrad } from '../autograd/index.js';
import { ArgumentError } from '../errors.js';
import { keep } from '../memory/index.js';
import { Tensor } from '../tensor/index.js';
import { Module } from './module.js';
import { Parameter, parameter } from './parameter.js';

/**
 * The module with everything below it, apart from the original: parameters and buffers of its own, tied ones tied in the copy, gradients not
 * copied. Modules, tensors, arrays, maps, sets and plain objects among its properties are copied; all else (functions, backends, random
 * numbers, hooks) is shared. An optimizer goes on training the original only. Private `#fields` of users' classes cannot be copied.
 *
 * @throws {ArgumentError} CVY_ARG_TYPE for what is no module
 * @source copy.deepcopy
 */
export function deepCopy<M extends Module>(module: M): M {
  if (!(module instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `deepCopy: its argument is ${module === null ? 'null' : typeof module} but must be a module; tensors have clone()`);
  return copied(module, new Map()) as M;
}

function copied(value: unknown, done: Map<object, unknown>): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (done.has(value)) return done.get(value);
  const known = <T>(copy: T): T => {
    done.set(value, copy);
    return copy;
  };
  if (value instanceof Tensor) return known(tensorCopy(value));
  if (Array.isArray(value)) {
    const copy: unknown[] = known([]);
    for (const item of value) copy.push(copied(item, done));
    return copy;
  }
  if (value instanceof Map) {
    const copy = known(new Map<unknown, unknown>());
    for (const [key, item] of value) copy.set(copied(key, done), copied(item, done));
    return copy;
  }
  if (value instanceof Set) {
    const copy = known(new Set<unknown>());
    for (const item of value) copy.add(copied(item, done));
    return copy;
  }
  if (!(value instanceof Module) && Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy = known(Object.create(Object.getPrototypeOf(value) as object) as object);
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key)!;
    Object.defineProperty(copy, key, 'value' in property ? { ...property, value: copied(property.value, done) } : property);
  }
  return copy;
}

function tensorCopy(tensor: Tensor): Tensor {
  const data = noGrad(() => tensor.detach().clone());
  if (tensor instanceof Parameter) return parameter(data, tensor.requiresGrad);
  data.requiresGrad = tensor.requiresGrad;
  return tensor.kept ? keep(data) : data;
}
