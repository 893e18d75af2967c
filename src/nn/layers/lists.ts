/**
 * Modules and parameters kept in lists and by keys, for models that call them in their own way. A plain array would hide them.
 */
import { inject, injectable } from 'inversify';
import { SPEC } from '../../di/tokens.js';
import { ArgumentError } from '../../errors.js';
import { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { Module } from '../module.js';
import { Container, ModuleSequence } from '../moduleSequence.js';
import { lookUp } from '../names.js';
import { Parameter } from '../parameter.js';

const noForward = (module: Module): ArgumentError =>
  new ArgumentError('CVY_ARG_VALUE', `${module.constructor.name}: it was called but has no forward of its own; call its modules or parameters, or use nn.Sequential`);

function iterable<T>(op: string, what: string, values: Iterable<T>): T[] {
  if (values === null || typeof values !== 'object' || !(Symbol.iterator in values)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: the ${what} are ${values === null ? 'null' : typeof values} but must be an array`);
  return [...values];
}

/** Modules in a list, named '0', '1', …. @source torch.nn.ModuleList */
@injectable()
export class ModuleList extends ModuleSequence {
  constructor(@inject(SPEC) modules: readonly Module[]) {
    super();
    this.extend(modules);
  }

  /** The modules from `start` up to, not including, `end` as a list of the same modules, numbered from 0. */
  slice(start?: number, end?: number): ModuleList {
    return new ModuleList([...this].slice(start, end));
  }

  /** @throws {ArgumentError} CVY_ARG_VALUE always. */
  forward(): never {
    throw noForward(this);
  }
}

/** Modules by keys, which are their names, in the order in which they came. @source torch.nn.ModuleDict */
@injectable()
export class ModuleDict extends Container implements Iterable<[string, Module]> {
  constructor(@inject(SPEC) modules: readonly (readonly [string, Module])[]) {
    super();
    for (const [key, module] of modules) this.set(key, module);
  }

  /** @throws {ArgumentError} CVY_ARG_VALUE for a key that is not there. */
  get(key: string): Module {
    return lookUp(this.constructor.name, 'key', key, this.ownModules());
  }

  /** @throws {ArgumentError} CVY_ARG_VALUE for a key that is empty, has a dot or means something else, such as 'forward'; CVY_ARG_TYPE. */
  set(key: string, module: Module): this {
    return this.registerModule(key, module);
  }

  has(key: string): boolean {
    return this.keys().includes(key);
  }

  /** Takes a module out and returns it. @throws as get. */
  pop(key: string): Module {
    const module = this.get(key);
    this.take(key);
    return module;
  }

  /** Sets several. @throws as set. */
  update(modules: Readonly<Record<string, Module>>): this {
    for (const [key, module] of Object.entries(modules)) this.set(key, module);
    return this;
  }

  clear(): void {
    for (const key of this.keys()) this.pop(key);
  }

  keys(): string[] {
    return this.items().map(([key]) => key);
  }

  values(): Module[] {
    return this.items().map(([, module]) => module);
  }

  items(): [string, Module][] {
    return this.ownModules();
  }

  /** Over keys with their modules, as a Map. */
  [Symbol.iterator](): Iterator<[string, Module]> {
    return this.items()[Symbol.iterator]();
  }

  /** @throws {ArgumentError} CVY_ARG_VALUE always. */
  forward(): never {
    throw noForward(this);
  }
}

/** Parameters in a list, named '0', '1', …; plain tensors become parameters. @source torch.nn.ParameterList */
@injectable()
export class ParameterList extends Module implements Iterable<Parameter> {
  constructor(@inject(SPEC) values: readonly Tensor[]) {
    super();
    this.extend(values);
  }

  get length(): number {
    return this.ownParameters().length;
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return this.ownParameters().map(([, value]) => value)[Symbol.iterator]();
  }

  /** The parameter at `index`; negative ones count from the end. @throws {ArgumentError} CVY_ARG_VALUE. */
  at(index: number): Parameter {
    return [...this][this.position(index)];
  }

  /** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE. */
  set(index: number, value: Tensor): this {
    return this.put(this.position(index), value);
  }

  /** @throws {ArgumentError} CVY_ARG_TYPE. */
  append(value: Tensor): this {
    return this.put(this.length, value);
  }

  /** @throws as append. */
  extend(values: Iterable<Tensor>): this {
    for (const value of values) this.append(value);
    return this;
  }

  override extraRepr(): string {
    return [...this].map(({ dtype, shape }, i) => `  (${i}): Parameter containing: [torch.${dtype} of size ${shape.join('x')}]`).join('\n');
  }

  /** @throws {ArgumentError} CVY_ARG_VALUE always. */
  forward(): never {
    throw noForward(this);
  }

  private position(index: number): number {
    const at = index < 0 ? index + this.length : index;
    if (!Number.isInteger(index) || at < 0 || at >= this.length) throw new ArgumentError('CVY_ARG_VALUE', `ParameterList: index is ${String(index)} but must be an integer from ${-this.length} to ${this.length - 1}`);
    return at;
  }

  private put(at: number, value: Tensor): this {
    if (!(value instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `ParameterList: parameter ${at} is ${value === null ? 'null' : typeof value} but must be a parameter or a tensor; make one with nn.parameter(tensor)`);
    return this.registerParameter(String(at), value instanceof Parameter ? value : new Parameter(value));
  }
}

export const factories = {
  /** See {@link ModuleList}. */
  ModuleList: factory(ModuleList, (modules: Iterable<Module> = []) => iterable('ModuleList', 'modules', modules)),
  /** See {@link ModuleDict}. */
  ModuleDict: factory(ModuleDict, (modules: Readonly<Record<string, Module>> | Iterable<readonly [string, Module]> = {}) => {
    if (modules === null || typeof modules !== 'object' || modules instanceof Module) throw new ArgumentError('CVY_ARG_TYPE', `ModuleDict: the modules are ${modules === null ? 'null' : modules instanceof Module ? 'one module' : typeof modules} but must be an object of modules or a list of [key, module]`);
    return Symbol.iterator in modules ? [...(modules as Iterable<readonly [string, Module]>)] : Object.entries(modules);
  }),
  /** See {@link ParameterList}. */
  ParameterList: factory(ParameterList, (values: Iterable<Tensor> = []) => iterable('ParameterList', 'parameters', values)),
};
