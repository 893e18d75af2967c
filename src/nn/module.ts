/**
 * Module: what layers and users' models are. Parameters and submodules are found among its own properties, buffers are
 * registered; names are PyTorch's, so that weights travel. Not how layers are built (nn.ts, src/convoy), nor hooks (hooks.ts).
 */
import type { Backend, Placement } from '../backend/index.js';
import { ArgumentError, checkFlag, checkOptions, ConvoyError } from '../errors.js';
import { checkSynchronous, keep } from '../memory/index.js';
import type { HookHandle, OnBackend } from '../autograd/index.js';
import { Tensor } from '../tensor/index.js';
import { addModuleHook, type BackwardHook, type ForwardHook, type ForwardPreHook, type ModuleInput } from './hooks.js';
import { allNames, checkFound, checkName, lookUp, once } from './names.js';
import { Parameter } from './parameter.js';
import { checkState, load, type LoadResult, type Shapes, type StateDict } from './stateDict.js';

export type { ModuleInput };

/** What a module knows besides its properties. A symbol, so that users' classes may have any names. */
const OWN = Symbol('module');

export abstract class Module {
  /** Whether dropout drops and batch norm uses the batch's statistics. Set by `train` and `eval`. */
  training = true;
  private readonly [OWN] = {
    /** Where the module sits in the model that was last walked, e.g. 'features.3'; for messages. */
    path: '',
    buffers: new Map<string, Tensor>(),
    /** Names of buffers that state dicts leave out. */
    passing: new Set<string>(),
  };

  abstract forward(...inputs: ModuleInput[]): Tensor;

  /**
   * Adds a tensor that is saved with the module but not trained, and returns it. `key` is its name in state dicts, from which
   * `persistent: false` leaves it out.
   * @throws {ArgumentError} CVY_ARG_VALUE for a name that is empty or has a dot, CVY_ARG_TYPE, CVY_ARG_OPTION
   * @source torch.nn.Module.register_buffer
   */
  registerBuffer(key: string, tensor: Tensor, options: { persistent?: boolean } = {}): Tensor {
    checkOptions('registerBuffer', options, ['persistent']);
    checkName('registerBuffer', key);
    if (!(tensor instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `registerBuffer: '${key}' is ${tensor === null ? 'null' : typeof tensor} but must be a tensor; make one with nn.tensor(…)`);
    this[OWN].buffers.set(key, keep(tensor));
    if (checkFlag('registerBuffer', 'persistent', options.persistent ?? true)) this[OWN].passing.delete(key);
    else this[OWN].passing.add(key);
    return tensor;
  }

  /** Sets a parameter as a property by a computed name. @throws {ArgumentError} as registerModule. @source torch.nn.Module.register_parameter */
  registerParameter(name: string, value: Parameter): this {
    checkName('registerParameter', name, this, Parameter);
    if (!(value instanceof Parameter)) throw new ArgumentError('CVY_ARG_TYPE', `registerParameter: '${name}' is ${value === null ? 'null' : typeof value} but must be a parameter; make one with nn.parameter(tensor)`);
    return Object.assign(this, { [name]: value });
  }

  /**
   * Sets a submodule as a property by a computed name.
   * @throws {ArgumentError} CVY_ARG_VALUE for a name that is empty, has a dot or means something else; CVY_ARG_TYPE for what is no module
   * @source torch.nn.Module.register_module
   */
  registerModule(name: string, module: Module): this {
    checkName('registerModule', name, this, Module);
    if (!(module instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `registerModule: '${name}' is ${module === null ? 'null' : typeof module} but must be a module; call the factory, as in nn.ReLU()`);
    return Object.assign(this, { [name]: module });
  }

  /** A buffer by its name in state dicts. */
  protected buffer(key: string): Tensor {
    return this[OWN].buffers.get(key)!;
  }

  /** Puts another value into a buffer, writing aside; the old bytes go. */
  protected setBuffer(key: string, value: Tensor): void {
    const buffer = this.buffer(key);
    buffer.storage.swap(value.storage);
    value.dispose();
  }

  /** Own submodules by name, a shared one under each of its names. */
  ownModules(): [string, Module][] {
    return Object.entries(this).filter((entry): entry is [string, Module] => entry[1] instanceof Module);
  }

  /** Own parameters by name, without submodules'. */
  ownParameters(): [string, Parameter][] {
    return Object.entries(this).filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter);
  }

  /** Own buffers by name, without submodules'. */
  ownBuffers(): [string, Tensor][] {
    return [...this[OWN].buffers];
  }

  /** Direct submodules by name; a shared one once. @source torch.nn.Module.named_children */
  namedChildren(): [string, Module][] {
    return once(this.ownModules());
  }

  children(): Module[] {
    return this.namedChildren().map(([, child]) => child);
  }

  /**
   * This module and all below it, by dotted names ('' for itself); a shared one once.
   * @throws {ArgumentError} CVY_ARG_VALUE for modules or parameters in an array or object, where they would not be found
   * @source torch.nn.Module.named_modules
   */
  namedModules(): [string, Module][] {
    const found: [string, Module][] = [];
    const seen = new Set<Module>();
    const walk = (module: Module, path: string): void => {
      if (seen.has(module)) return;
      seen.add(module);
      module[OWN].path = path;
      found.push([path, module]);
      for (const [name, child] of module.ownModules()) walk(child, path === '' ? name : `${path}.${name}`);
    };
    walk(this, '');
    checkFound(found, Module);
    return found;
  }

  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /** All parameters by dotted names; a shared one once. @source torch.nn.Module.named_parameters */
  namedParameters(): [string, Parameter][] {
    return once(this.below((module) => module.ownParameters()));
  }

  parameters(): Parameter[] {
    return this.namedParameters().map(([, value]) => value);
  }

  /** All buffers by dotted names; a shared one once. @source torch.nn.Module.named_buffers */
  namedBuffers(): [string, Tensor][] {
    return once(this.below((module) => module.ownBuffers()));
  }

  buffers(): Tensor[] {
    return this.namedBuffers().map(([, value]) => value);
  }

  private below<T>(of: (module: Module) => [string, T][]): [string, T][] {
    return this.namedModules().flatMap(([path, module]) => of(module).map(([name, value]): [string, T] => [path === '' ? name : `${path}.${name}`, value]));
  }

  /** A module below by its dotted name, '' for this one. @throws {ArgumentError} CVY_ARG_VALUE. @source torch.nn.Module.get_submodule */
  getSubmodule(name: string): Module {
    return lookUp('getSubmodule', 'module', name, [['', this], ...allNames<Module, Module>(this, (module) => module.ownModules())]);
  }

  /** A parameter by its dotted name. @throws {ArgumentError} CVY_ARG_VALUE. @source torch.nn.Module.get_parameter */
  getParameter(name: string): Parameter {
    return lookUp('getParameter', 'parameter', name, allNames<Module, Parameter>(this, (module) => module.ownParameters()));
  }

  /** A buffer by its dotted name. @throws {ArgumentError} CVY_ARG_VALUE. @source torch.nn.Module.get_buffer */
  getBuffer(name: string): Tensor {
    return lookUp('getBuffer', 'buffer', name, allNames<Module, Tensor>(this, (module) => module.ownBuffers()));
  }

  /** Calls `fn` with every module below, children before their parents, then with this one. @source torch.nn.Module.apply */
  apply(fn: (module: Module) => void): this {
    checkSynchronous('apply', fn);
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /**
   * Has `hook` called before every `forward`, with the module and the array of its inputs, which it may replace. A module with hooks is
   * called as it stands: nothing is fused with it, and it runs somewhat slower.
   * @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_ASYNC
   * @source torch.nn.Module.register_forward_pre_hook
   */
  registerForwardPreHook(hook: ForwardPreHook<this>): HookHandle {
    return addModuleHook('registerForwardPreHook', this, 'pre', hook as ForwardPreHook);
  }

  /** Has `hook` called after every `forward`, with module, inputs and output, which it may replace. @throws as registerForwardPreHook. @source torch.nn.Module.register_forward_hook */
  registerForwardHook(hook: ForwardHook<this>): HookHandle {
    return addModuleHook('registerForwardHook', this, 'forward', hook as ForwardHook);
  }

  /**
   * Has `hook` called whenever the gradients of the module's inputs have been computed, with the module and the gradients of its inputs and
   * outputs. It may replace those of the inputs.
   * @throws as registerForwardPreHook
   * @source torch.nn.Module.register_full_backward_hook
   */
  registerFullBackwardHook(hook: BackwardHook<this>): HookHandle {
    return addModuleHook('registerFullBackwardHook', this, 'backward', hook as BackwardHook);
  }

  /**
   * Parameters and buffers under PyTorch's names, those of a shared module under each of its names, behind `prefix`. The tensors are the
   * module's own, not copies.
   * @source torch.nn.Module.state_dict
   */
  stateDict(options: { prefix?: string } = {}): StateDict {
    checkOptions('stateDict', options, ['prefix']);
    const { prefix = '' } = options;
    checkFound(this.namedModules(), Module);
    const state = allNames<Module, Tensor>(this, (module) => [...module.ownParameters(), ...module.ownBuffers().filter(([key]) => !module[OWN].passing.has(key))]);
    return Object.fromEntries(state.map(([name, value]) => [prefix + name, value]));
  }

  /**
   * Copies values from a state dict into the module. Nothing changes unless everything fits; with `strict: false` names may be missing
   * or unexpected, shapes must still agree. Returns the names that did not match.
   * @throws {ArgumentError} CVY_ARG_TYPE when it holds anything but tensors
   * @throws {DataError} CVY_DATA_MISMATCH: missing, unexpected or misshapen entries, all named.
   * @source torch.nn.Module.load_state_dict
   */
  loadStateDict(state: Readonly<StateDict>, options: { strict?: boolean } = {}): LoadResult {
    checkOptions('loadStateDict', options, ['strict']);
    checkState(state);
    const strict = checkFlag('loadStateDict', 'strict', options.strict ?? true);
    const modules = this.namedModules();
    let loaded = false;
    try {
      for (const [name, module] of modules) module.beforeLoad(state, name ? `${name}.` : '');
      const result = load(this.stateDict(), state, strict);
      loaded = true;
      return result;
    } finally {
      for (const [, module] of modules) module.afterLoad(loaded);
    }
  }

  /** Called before the entries of a state dict are compared with the module's own, which begin with `prefix`; layers that have none yet make them. */
  beforeLoad(_state: Shapes, _prefix: string): void {}

  /** Called when that is done, or has failed. */
  afterLoad(_loaded: boolean): void {}

  /** Training mode for this module and all below it. */
  train(mode = true): this {
    checkFlag('train', 'mode', mode);
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

  /** Whether the parameters are trained: frozen ones get no gradient, and none is computed for them. @source torch.nn.Module.requires_grad_ */
  requiresGrad_(value = true): this {
    checkFlag('requiresGrad_', 'value', value);
    for (const p of this.parameters()) p.requiresGrad = value;
    return this;
  }

  /** Runs this module, and all below it, on the backend of another `nn` of the same convoy. */
  to(target: OnBackend): this {
    if (typeof target?.backend?.placement !== 'function') {
      throw new ArgumentError('CVY_ARG_TYPE', `to: the target is ${typeof target === 'string' ? `'${target}'` : typeof target} but must be an nn; give it the result of convoy.nn({ backend })`);
    }
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
    const extra = this.extraRepr() === '' ? [] : this.extraRepr().split('\n');
    const children = this.ownModules().map(([name, child]) => `(${name}): ${child.toString().replaceAll('\n', '\n  ')}`);
    if (children.length === 0 && extra.length <= 1) return `${this.constructor.name}(${extra.join('')})`;
    return `${this.constructor.name}(\n${[...extra, ...children].map((line) => `  ${line}`).join('\n')}\n)`;
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
    return `${this[OWN].path ? `'${this[OWN].path}' ` : ''}${this.constructor.name}(${this.extraRepr()})`;
  }
}
