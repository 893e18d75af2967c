/**
 * Modules that hold others under computed names. Container keeps the order in which they came, which an object's properties do not: whole
 * numbers come first there. ModuleSequence is what Sequential and ModuleList share: modules in a row, named '0', '1', … or as they were given.
 */
import { ArgumentError } from '../errors.js';
import { Module } from './module.js';

const ORDER = Symbol('order');

export abstract class Container extends Module {
  private readonly [ORDER] = new Set<string>();

  /** How many modules there are. */
  get length(): number {
    return this.ownModules().length;
  }

  override registerModule(name: string, module: Module): this {
    super.registerModule(name, module);
    this[ORDER].add(name);
    return this;
  }

  override ownModules(): [string, Module][] {
    const own = this as unknown as Record<string, unknown>;
    const found: [string, Module][] = [];
    const add = (name: string): void => {
      const value = own[name];
      if (value instanceof Module) found.push([name, value]);
    };
    for (const name of this[ORDER]) add(name);
    // Properties of a subclass come behind.
    for (const name of Object.keys(this)) if (!this[ORDER].has(name)) add(name);
    return found;
  }

  protected take(name: string): void {
    Reflect.deleteProperty(this, name);
    this[ORDER].delete(name);
  }
}

export abstract class ModuleSequence extends Container implements Iterable<Module> {
  [Symbol.iterator](): Iterator<Module> {
    return this.ownModules().map(([, module]) => module)[Symbol.iterator]();
  }

  /** The module at `index`; negative ones count from the end. @throws {ArgumentError} CVY_ARG_VALUE. */
  at(index: number): Module {
    return this.ownModules()[this.position(index)][1];
  }

  /** Puts another module in a place. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE. */
  set(index: number, module: Module): this {
    return this.registerModule(this.ownModules()[this.position(index)][0], module);
  }

  /** Adds a module at the end. @throws {ArgumentError} CVY_ARG_TYPE. */
  append(module: Module): this {
    let number = this.length;
    while (String(number) in this) number++;
    return this.registerModule(String(number), module);
  }

  /** Adds modules at the end. @throws as append. */
  extend(modules: Iterable<Module>): this {
    for (const module of modules) this.append(module);
    return this;
  }

  /** Adds a module before the one at `index`, or at the end for `length`; the ones behind it get the next number. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE. */
  insert(index: number, module: Module): this {
    const modules = [...this];
    this.renumber([...modules.slice(0, this.position(index, 1)), module, ...modules.slice(this.position(index, 1))]);
    return this;
  }

  /** Takes a module out, the last one by default, and returns it. @throws {ArgumentError} CVY_ARG_VALUE. */
  pop(index = -1): Module {
    const [at, modules] = [this.position(index), [...this]];
    this.renumber(modules.toSpliced(at, 1));
    return modules[at];
  }

  private position(index: number, behind = 0): number {
    const { length } = this;
    const at = index < 0 ? index + length : index;
    if (!Number.isInteger(index) || at < 0 || at >= length + behind) throw new ArgumentError('CVY_ARG_VALUE', `${this.constructor.name}: index is ${String(index)} but must be an integer from ${-length} to ${length - 1 + behind}`);
    return at;
  }

  private renumber(modules: readonly Module[]): void {
    const names = this.ownModules().map(([name]) => name);
    if (names.some((name, i) => name !== String(i))) throw new ArgumentError('CVY_ARG_VALUE', `${this.constructor.name}: its modules are named ${names.join(', ')} but only those that are numbered can be moved; build a new one`);
    for (const module of modules) if (!(module instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `${this.constructor.name}: a module is ${module === null ? 'null' : typeof module} but must be one; call the factory, as in nn.ReLU()`);
    for (const name of names) this.take(name);
    this.extend(modules);
  }
}
