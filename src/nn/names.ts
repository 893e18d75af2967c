/**
 * Names of what a module has: which are allowed, all of them, looking one up, and what would have none because it hides in an array.
 */
import { ArgumentError, didYouMean } from '../errors.js';
import { Tensor } from '../tensor/index.js';
import { Parameter } from './parameter.js';

/** A class of modules, as far as this file knows them. */
type ModuleClass = abstract new (...args: never[]) => Holder;
interface Holder {
  ownParameters(): [string, Parameter][];
}

/** With a `module`, the name must also be free there, or name something of the class `kind`. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE. */
export function checkName(op: string, name: string, module?: object, kind?: abstract new (...args: never[]) => object): void {
  if (typeof name !== 'string') throw new ArgumentError('CVY_ARG_TYPE', `${op}: the name is ${name === null ? 'null' : typeof name} but must be a string`);
  if (name === '' || name.includes('.')) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the name is '${name}' but must not be empty nor have a dot, which separates names`);
  if (module === undefined || kind === undefined || !(name in module)) return;
  const found = (module as Record<string, unknown>)[name];
  if (found !== null && !(found instanceof kind)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the name is '${name}' but ${module.constructor.name} has something else of that name; choose another`);
}

/** Entries without those whose value came before. */
export function once<T>(entries: readonly [string, T][]): [string, T][] {
  const seen = new Set<T>();
  return entries.filter(([, value]) => !seen.has(value) && seen.add(value));
}

/** What `of` gives for every module, by dotted names, of a shared module under each of its names. */
export function allNames<M extends { ownModules(): [string, M][] }, T>(root: M, of: (module: M) => [string, T][]): [string, T][] {
  const found: [string, T][] = [];
  const within: M[] = [];
  const walk = (module: M, prefix: string): void => {
    if (within.includes(module)) return;
    within.push(module);
    for (const [name, value] of of(module)) found.push([prefix + name, value]);
    for (const [name, child] of module.ownModules()) walk(child, `${prefix}${name}.`);
    within.pop();
  };
  walk(root, '');
  return found;
}

/** The entry `name`. @throws {ArgumentError} CVY_ARG_VALUE. */
export function lookUp<T>(op: string, what: string, name: string, entries: readonly [string, T][]): T {
  const found = entries.find(([key]) => key === name);
  if (found !== undefined) return found[1];
  const names = entries.map(([key]) => key).filter(Boolean);
  throw new ArgumentError('CVY_ARG_VALUE', `${op}: there is no ${what} '${String(name)}' but only ${names.length === 0 ? 'none at all' : names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')}, …`}${didYouMean(String(name), names)}`);
}

/**
 * Refuses models that keep modules or parameters in plain arrays or objects, where nothing finds them: they would not be trained, nor saved.
 * What is found elsewhere, too, is no mistake. Looks two levels deep.
 */
export function checkFound(modules: readonly [string, Holder][], kind: ModuleClass): void {
  let known: Set<unknown> | null = null;
  let parameters: Set<unknown> | null = null;
  for (const [path, module] of modules) {
    for (const [name, value] of Object.entries(module)) {
      for (const hidden of inside(value, 2, kind)) {
        // Only when they are needed: a lazy layer has no parameters yet, and says so.
        if (hidden instanceof Parameter) parameters ??= new Set(modules.flatMap(([, found]) => found.ownParameters().map(([, parameter]) => parameter)));
        else known ??= new Set(modules.map(([, found]) => found));
        if ((hidden instanceof Parameter ? parameters : known)!.has(hidden)) continue;
        const list = Array.isArray(value);
        const [what, remedy] = hidden instanceof Parameter ? ['a parameter', list ? 'nn.ParameterList' : 'properties of the module'] : [`a ${hidden.constructor.name}`, list ? 'nn.ModuleList' : 'nn.ModuleDict'];
        throw new ArgumentError('CVY_ARG_VALUE', `${module.constructor.name}: property '${path === '' ? name : `${path}.${name}`}' is ${list ? 'an array' : 'an object'} with ${what}, which would not be trained, saved or moved with the model, but must be where it is found; use ${remedy}, or a #private property for what is no part of the model`);
      }
    }
  }
}

function* inside(value: unknown, depth: number, kind: ModuleClass): Generator<object> {
  if (depth === 0 || value === null || typeof value !== 'object' || value instanceof Tensor || value instanceof kind) return;
  const items: Iterable<unknown> = Array.isArray(value) || value instanceof Set ? value : value instanceof Map ? value.values() : Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
  for (const item of items) {
    if (typeof item !== 'object' || item === null) continue;
    if (item instanceof kind || item instanceof Parameter) yield item;
    else yield* inside(item, depth - 1, kind);
  }
}
