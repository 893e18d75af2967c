/**
 * Module: what layers and users' models are. Parameters and submodules are found among its own properties, buffers are
 * registered; names are PyTorch's, so that weights travel. Not how layers are built (nn.ts, src/convoy).
 */
import type { Backend, Placement } from '../backend/index.js';
import { ArgumentError, ConvoyError, DataError, didYouMean, fmt } from '../errors.js';
import { keep } from '../memory/index.js';
import { sameShape } from '../shape/index.js';
import { noGrad, type OnBackend } from '../autograd/index.js';
import { Tensor } from '../tensor/index.js';
import { Parameter } from './parameter.js';

/** What layers take: tensors, and sizes where the shape of the result is a choice. */
export type ModuleInput = Tensor | readonly number[] | undefined;

/** Tensors by PyTorch's names. */
export type StateDict = Record<string, Tensor>;

export abstract class Module {
  /** Whether dropout drops and batch norm uses the batch's statistics. Set by `train` and `eval`. */
  training = true;
  /** Where the module sits in the model that was last walked, e.g. 'features.3'; for messages. */
  private path = '';
  private readonly registered = new Map<string, Tensor>();

  abstract forward(...inputs: ModuleInput[]): Tensor;

  /** Adds a tensor that is saved with the module but not trained. `key` is its name in state dicts. */
  protected registerBuffer(key: string, tensor: Tensor): void {
    this.registered.set(key, keep(tensor));
  }

  /** A buffer by its name in state dicts. */
  protected buffer(key: string): Tensor {
    return this.registered.get(key)!;
  }

  /** Puts another value into a buffer, writing aside; the old bytes go. */
  protected setBuffer(key: string, value: Tensor): void {
    const buffer = this.buffer(key);
    buffer.storage.swap(value.storage);
    value.dispose();
  }

  /** Direct submodules by name. */
  *namedChildren(): Generator<[string, Module]> {
    for (const [name, value] of Object.entries(this)) if (value instanceof Module) yield [name, value];
  }

  /** This module and all below it, by dotted names ('' for itself); a shared one once. */
  *namedModules(prefix = '', seen: Set<Module> = new Set()): Generator<[string, Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    this.path = prefix;
    yield [prefix, this];
    for (const [name, child] of this.namedChildren()) yield* child.namedModules(prefix ? `${prefix}.${name}` : name, seen);
  }

  children(): Module[] {
    return [...this.namedChildren()].map(([, child]) => child);
  }

  modules(): Module[] {
    return [...this.namedModules()].map(([, module]) => module);
  }

  /** Own parameters by name, without submodules'. */
  ownParameters(): [string, Parameter][] {
    return Object.entries(this).filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter);
  }

  /** Own buffers by name, without submodules'. */
  ownBuffers(): [string, Tensor][] {
    return [...this.registered];
  }

  /** All parameters by dotted names; a shared one once. */
  namedParameters(): [string, Parameter][] {
    const seen = new Set<Parameter>();
    const found: [string, Parameter][] = [];
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, value] of module.ownParameters()) {
        if (!seen.has(value)) found.push([prefix ? `${prefix}.${name}` : name, value]);
        seen.add(value);
      }
    }
    return found;
  }

  parameters(): Parameter[] {
    return this.namedParameters().map(([, value]) => value);
  }

  namedBuffers(): [string, Tensor][] {
    return [...this.namedModules()].flatMap(([prefix, module]) => module.ownBuffers().map(([name, value]): [string, Tensor] => [prefix ? `${prefix}.${name}` : name, value]));
  }

  buffers(): Tensor[] {
    return this.namedBuffers().map(([, value]) => value);
  }

  /** Parameters and buffers under PyTorch's names, those of a shared module under each of its names. The tensors are the module's own, not copies. */
  stateDict(): StateDict {
    const state: StateDict = {};
    const within: Module[] = [];
    const add = (module: Module, prefix: string): void => {
      if (within.includes(module)) return;
      within.push(module);
      for (const [name, value] of [...module.ownParameters(), ...module.ownBuffers()]) state[prefix + name] = value;
      for (const [name, child] of module.namedChildren()) add(child, `${prefix}${name}.`);
      within.pop();
    };
    add(this, '');
    return state;
  }

  /**
   * Copies values from a state dict into the module. Nothing changes unless everything fits.
   * @throws {ArgumentError} CVY_ARG_TYPE when it holds anything but tensors
   * @throws {DataError} CVY_DATA_MISMATCH: missing, unexpected or misshapen entries, all named.
   */
  loadStateDict(state: Readonly<StateDict>): this {
    if (state === null || typeof state !== 'object' || Object.values(state).some((value) => !(value instanceof Tensor))) {
      const found = state === null || typeof state !== 'object' ? String(state) : `one with ${Object.keys(state).filter((name) => !(state[name] instanceof Tensor)).join(', ')} no tensor`;
      throw new ArgumentError('CVY_ARG_TYPE', `loadStateDict: the state dict is ${found} but must be an object of tensors by name; make tensors with nn.tensor(…)`);
    }
    for (const [name, module] of this.namedModules()) module.beforeLoad(state, name ? `${name}.` : '');
    const own = this.stateDict();
    const missing = Object.keys(own).filter((name) => !Object.hasOwn(state, name));
    const unexpected = Object.keys(state).filter((name) => !Object.hasOwn(own, name));
    const misshapen = Object.keys(own).filter((name) => Object.hasOwn(state, name) && !sameShape(own[name].shape, state[name].shape));
    const problems = [
      missing.length > 0 ? `missing ${missing.join(', ')}` : '',
      unexpected.length > 0 ? `unexpected ${unexpected.map((name) => name + (missing.length > 0 ? didYouMean(name, missing).replace('; did you mean', ' – is it') : '')).join(', ')}` : '',
      ...misshapen.map((name) => `${name} is ${fmt(state[name].shape)} but must be ${fmt(own[name].shape)}`),
    ].filter(Boolean);
    if (problems.length > 0) throw new DataError('CVY_DATA_MISMATCH', `loadStateDict: the state dict has ${Object.keys(state).length} entries but does not fit the model (${problems.join('; ')})`);
    noGrad(() => {
      for (const name of Object.keys(own)) own[name].copy_(state[name].to({ backend: own[name].backend }));
    });
    return this;
  }

  /** Called before the entries of a state dict are compared with the module's own, which begin with `prefix`; layers that have none yet make them. */
  beforeLoad(_state: Readonly<StateDict>, _prefix: string): void {}

  /** Training mode for this module and all below it. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(): void {
    for (const value of this.parameters()) value.grad = null;
  }

  requiresGrad_(value = true): this {
    for (const p of this.parameters()) p.requiresGrad = value;
    return this;
  }

  /** Runs this module, and all below it, on the backend of another `nn` of the same convoy. */
  to(target: OnBackend): this {
    for (const module of this.modules()) module.moveTo(target);
    return this;
  }

  /** Which backend and kernel served which operation so far, for every backend of the model. */
  placement(): Placement[] {
    const backends = new Set([...this.modules(), ...this.parameters(), ...this.buffers()].flatMap((part) => ('backend' in part ? [part.backend as Backend] : [])));
    return [...backends].flatMap((backend) => backend.placement());
  }

  /** Options in PyTorch's form, shown by toString; layers override it. */
  extraRepr(): string {
    return '';
  }

  toString(): string {
    const children = [...this.namedChildren()];
    if (children.length === 0) return `${this.constructor.name}(${this.extraRepr()})`;
    const lines = children.map(([name, child]) => `  (${name}): ${child.toString().replaceAll('\n', '\n  ')}`);
    return `${this.constructor.name}(\n${lines.join('\n')}\n)`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Re-dispatches the module's own tensors; layers that hold a backend override it. */
  protected moveTo(target: OnBackend): void {
    for (const [, tensor] of [...this.ownParameters(), ...this.ownBuffers()]) {
      tensor.dispatchTo(target.backend);
      tensor.meta?.grad?.dispatchTo(target.backend);
    }
  }

  /** Says in an error's message in which layer it arose, once. */
  nameIn(error: unknown): void {
    if (!(error instanceof ConvoyError) || error.message.includes('; in layer ')) return;
    error.message += `; in layer ${this.whereabouts()}`;
  }

  /** Path and kind of the module, for messages. */
  whereabouts(): string {
    return `${this.path ? `'${this.path}' ` : ''}${this.constructor.name}(${this.extraRepr()})`;
  }
}
