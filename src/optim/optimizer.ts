/**
 * What optimizers share: parameter groups, state per parameter, saving and loading. What one step does is in sgd.ts, adam.ts, ….
 */
import { noGrad } from '../autograd/index.js';
import { ArgumentError, checkNumber, checkOptions, DataError, fmt, GraphError } from '../errors.js';
import { keep, scope } from '../memory/index.js';
import { sameShape } from '../shape/index.js';
import { full, Tensor } from '../tensor/index.js';

/** Options that every optimizer has. */
export interface RateOptions {
  /** Learning rate. */
  lr: number;
}

/** Parameters and how they are trained; `lr` and the rest may be changed between steps. */
export type ParamGroup<O extends RateOptions = RateOptions> = O & {
  params: Tensor[];
  /** The rate that a schedule starts from. */
  initialLr?: number;
};

/** What an optimizer is built from: parameters, or groups of them with options of their own. */
export type Params<O extends RateOptions> = Iterable<Tensor> | Iterable<Partial<O> & { params: Iterable<Tensor> }>;

/** What an optimizer remembers of one parameter, under PyTorch's names. */
export type ParamState = Record<string, Tensor | number>;

/** What a step makes of one parameter: its new value, and new values of what is remembered. None may share storage with old ones. */
export interface Stepped {
  value: Tensor;
  state: ParamState;
}

/** An optimizer as `stateDict` gives it: tensors are its own, not copies; parameters are counted through all groups. */
export interface OptimizerState {
  state: Record<string, ParamState>;
  groups: { params: number[] }[];
}

export abstract class Optimizer<O extends RateOptions = RateOptions> {
  readonly groups: ParamGroup<O>[] = [];
  private readonly state = new Map<Tensor, ParamState>();
  private readonly defaults: O;

  /** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION, CVY_ARG_TYPE; {GraphError} CVY_GRAPH_LEAF. */
  protected constructor(params: Params<O>, options: Partial<O>, defaults: O) {
    const op = this.constructor.name;
    checkOptions(op, options, Object.keys(defaults));
    this.defaults = { ...defaults, ...defined(options) };
    if (params === null || typeof params !== 'object' || !(Symbol.iterator in params)) {
      throw new ArgumentError('CVY_ARG_TYPE', `${op}: parameters are ${(params as unknown) instanceof Tensor ? 'one tensor' : typeof params} but must be an array of tensors or of groups { params, … }; pass model.parameters()`);
    }
    const list = [...(params as Iterable<Tensor | (Partial<O> & { params: Iterable<Tensor> })>)];
    if (list.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the list of parameters is empty but at least one is required`);
    if (list.some((item) => item instanceof Tensor)) this.addParamGroup({ params: list as Tensor[] } as Partial<O> & { params: Tensor[] });
    else for (const group of list) this.addParamGroup(group as Partial<O> & { params: Iterable<Tensor> });
  }

  /** Adds parameters with options of their own, e.g. when layers are unfrozen. @throws as the constructor. */
  addParamGroup(group: Partial<O> & { params: Iterable<Tensor> }): void {
    const op = this.constructor.name;
    checkOptions(op, group, ['params', 'initialLr', ...Object.keys(this.defaults)]);
    const params = [...(group.params ?? [])];
    const known = new Set(this.groups.flatMap((other) => other.params));
    params.forEach((p, i) => {
      if (!(p instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: parameter ${i} is ${p === null ? 'null' : typeof p} but must be a tensor`);
      if (!p.isLeaf) throw new GraphError('CVY_GRAPH_LEAF', `${op}: parameter ${i} is the result of ${p.gradFn!.name} but only leaves can be trained (parameter ${fmt(p.shape)}); use detach()`);
      if (known.has(p)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: parameter ${i} appears twice but every parameter belongs to one group, once (parameter ${fmt(p.shape)})`);
      known.add(p);
    });
    const complete = { ...this.defaults, ...defined(group), params } as ParamGroup<O>;
    this.checkAll(complete);
    this.groups.push(complete);
  }

  /** Clears the gradients of all parameters: those without one are left alone by `step`. */
  zeroGrad(): void {
    for (const { params } of this.groups) for (const p of params) p.grad = null;
  }

  /**
   * Changes every parameter that has a gradient, in place; the others are left alone.
   * @throws {MemoryError} CVY_MEMORY_DISPOSED for a parameter or gradient that was disposed; nothing is changed then
   */
  step(): void {
    const due = this.groups.flatMap((group) => group.params.flatMap((p) => {
      // Not p.grad: that would count as seen by the user, and zeroGrad could not free it.
      const gradient = p.meta?.grad ?? null;
      return gradient === null ? [] : [{ p, gradient, group }];
    }));
    for (const { p, gradient } of due) checkUsable(p, gradient);
    noGrad(() => {
      for (const { p, gradient, group } of due) {
        const state = this.state.get(p) ?? {};
        // New values are written beside the old ones and swapped in; the scope drops what is left over.
        scope(() => take(p, state, this.update(p, gradient, group, state)));
        this.state.set(p, state);
      }
    });
  }

  /** State and options, as PyTorch lays them out. */
  stateDict(): OptimizerState {
    const all = this.groups.flatMap(({ params }) => params);
    const state: Record<string, ParamState> = {};
    all.forEach((p, i) => {
      const own = this.state.get(p);
      if (own !== undefined && Object.keys(own).length > 0) state[i] = { ...own };
    });
    return { state, groups: this.groups.map((group) => ({ ...group, params: group.params.map((p) => all.indexOf(p)) })) };
  }

  /**
   * Takes over state and options; tensors are copied. Nothing changes unless everything fits.
   * @throws {DataError} CVY_DATA_MISMATCH when groups or shapes differ.
   */
  loadStateDict(saved: OptimizerState): this {
    const op = `${this.constructor.name}.loadStateDict`;
    const sizes = (groups: readonly { params: readonly unknown[] }[]): string => fmt(groups.map(({ params }) => params.length));
    if (sizes(saved.groups) !== sizes(this.groups)) {
      throw new DataError('CVY_DATA_MISMATCH', `${op}: the saved groups have ${sizes(saved.groups)} parameters but the optimizer's have ${sizes(this.groups)}`);
    }
    const merged = saved.groups.map((group, i) => {
      checkOptions(op, group, ['params', 'initialLr', ...Object.keys(this.defaults)]);
      const complete = { ...this.groups[i], ...defined(group), params: this.groups[i].params } as ParamGroup<O>;
      this.checkAll(complete);
      return complete;
    });
    const order = saved.groups.flatMap(({ params }) => params);
    const pairs = this.groups.flatMap(({ params }) => params).flatMap((p, i) => {
      const state = saved.state[order[i]];
      return state === undefined ? [] : [[p, state] as const];
    });
    for (const [p, state] of pairs) {
      for (const [name, value] of Object.entries(state)) {
        if (value instanceof Tensor && !sameShape(value.shape, p.shape)) {
          throw new DataError('CVY_DATA_MISMATCH', `${op}: ${name} is ${fmt(value.shape)} but its parameter is ${fmt(p.shape)}`);
        }
      }
    }
    const copy = (value: Tensor, p: Tensor): Tensor => keep(value.to({ backend: p.backend }).to(p.dtype).clone());
    noGrad(() => {
      this.state.clear();
      for (const [p, state] of pairs) {
        this.state.set(p, Object.fromEntries(Object.entries(state).map(([name, value]) => [name, value instanceof Tensor ? copy(value, p) : value])));
      }
    });
    merged.forEach((group, i) => Object.assign(this.groups[i], group));
    return this;
  }

  /** Checks the options of a group. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE. */
  protected abstract check(op: string, options: Readonly<O>): void;

  /** What a step makes of one parameter with the gradient `g`. Changes nothing. Runs unrecorded, in a scope. */
  protected abstract update(p: Tensor, g: Tensor, group: Readonly<O>, state: Readonly<ParamState>): Stepped;

  /** A tensor of the state as it is, before the first step full of `initial`. */
  protected tensor(state: Readonly<ParamState>, name: string, p: Tensor, initial = 0): Tensor {
    return (state[name] as Tensor | undefined) ?? full(p.backend, p.shape, initial, p.dtype);
  }

  private checkAll(options: Readonly<O>): void {
    checkNumber(this.constructor.name, 'lr', options.lr, 0);
    this.check(this.constructor.name, options);
  }
}

/** Puts new values into a parameter and its state; handles that were given out keep following them. */
function take(p: Tensor, state: ParamState, { value, state: next }: Stepped): void {
  p.storage.swap(value.storage);
  for (const [name, entry] of Object.entries(next)) {
    const old = state[name];
    if (entry instanceof Tensor && old instanceof Tensor) old.storage.swap(entry.storage);
    else state[name] = entry instanceof Tensor ? keep(entry) : entry;
  }
}

/** Asking for the storage throws where it is gone. */
const checkUsable = (...tensors: Tensor[]): void => tensors.forEach(({ storage }) => storage);

/** Options without those that are undefined: they have their defaults. */
const defined = <T extends object>(options: T): Partial<T> => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
