/**
 * A model's copy: modules of the same classes with parameters, buffers and tensors of their own. What two places share, they share in
 * the copy too.
 */
import { noGrad } from '../autograd/index.js';
import { keep } from '../memory/index.js';
import { Tensor } from '../tensor/index.js';
import { Module } from './module.js';
import { Parameter, parameter } from './parameter.js';

/**
 * The module with everything below it. Modules, tensors, arrays, maps, sets and plain objects among its properties are copied, all else
 * (functions, backends) is shared. Private `#fields` of users' classes cannot be copied.
 */
export const copyOf = <M extends Module>(module: M): M => copied(module, new Map()) as M;

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
