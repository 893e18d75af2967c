/**
 * Hooks on modules. Users call `forward` themselves, so a module with hooks has a `forward` of its own that shadows its class's and runs them
 * around it: users' subclasses need nothing, and a module without hooks costs nothing. The last hook's removal takes it away again.
 */
import { addHook, isGradEnabled, recordAll, type Hook, type HookHandle } from '../autograd/index.js';
import { ArgumentError, fmt, ShapeError } from '../errors.js';
import { checkResult, checkSynchronous, untracked } from '../memory/index.js';
import { sameShape } from '../shape/index.js';
import { Tensor } from '../tensor/index.js';

/** What layers take: tensors, and sizes where the shape of the result is a choice. */
export type ModuleInput = Tensor | readonly number[] | undefined;

/** What hooks need of a module. */
interface Hookable {
  forward(...inputs: ModuleInput[]): Tensor;
  /** Path and kind, for messages. */
  whereabouts(): string;
}

/** Sees a module's inputs before `forward`; an array it returns, or one value, takes their place. */
export type ForwardPreHook<M = Hookable> = (module: M, inputs: readonly ModuleInput[]) => readonly ModuleInput[] | Tensor | null | undefined | void;

/** Sees a module's inputs and output after `forward`; what it returns takes the output's place. */
export type ForwardHook<M = Hookable> = (module: M, inputs: readonly ModuleInput[], output: Tensor) => Tensor | null | undefined | void;

/**
 * Sees the gradients of a module's inputs and outputs, null for what has none; an array it returns takes the place of the inputs' gradients.
 */
export type BackwardHook<M = Hookable> =
  (module: M, gradInput: readonly (Tensor | null)[], gradOutput: readonly (Tensor | null)[]) => readonly (Tensor | null)[] | Tensor | null | undefined | void;

interface Hooks {
  pre: readonly Hook<ForwardPreHook>[];
  forward: readonly Hook<ForwardHook>[];
  backward: readonly Hook<BackwardHook>[];
  /** A `forward` that the module had of its own before, e.g. a function put in by its author. */
  before: PropertyDescriptor | null;
}

const HOOKS = Symbol('hooks');
type Hooked = Hookable & { [HOOKS]?: Hooks };

/** Adds a hook of one kind to a module. */
export function addModuleHook<K extends 'pre' | 'forward' | 'backward'>(op: string, module: Hooked, kind: K, hook: Hooks[K][number]['run']): HookHandle {
  checkSynchronous(op, hook);
  const hooks = (module[HOOKS] ??= { pre: [], forward: [], backward: [], before: null });
  return addHook(hook as Hooks[K][number]['run'], () => hooks[kind] as readonly Hook<Hooks[K][number]['run']>[], (list) => {
    hooks[kind] = list as Hooks[K];
    update(module, hooks);
  });
}

/** Puts `callHooked` in the way of the module's `forward` while there are hooks. */
function update(module: Hookable, hooks: Hooks): void {
  const wanted = hooks.pre.length + hooks.forward.length + hooks.backward.length > 0;
  const own = Object.getOwnPropertyDescriptor(module, 'forward');
  const there = own?.value === callHooked;
  if (wanted && !there) {
    hooks.before = own ?? null;
    Object.defineProperty(module, 'forward', { value: callHooked, configurable: true, enumerable: false, writable: true });
  } else if (!wanted && there) {
    if (hooks.before !== null) Object.defineProperty(module, 'forward', hooks.before);
    else Reflect.deleteProperty(module, 'forward');
  }
}

/** No closure over its module, so that a copy of the module has its own hooks called. */
function callHooked(this: Hooked, ...inputs: ModuleInput[]): Tensor {
  const { pre, forward, backward, before } = this[HOOKS]!;
  let given: readonly ModuleInput[] = inputs;
  for (const { run } of pre) {
    const found = run(this, given);
    checkResult('forward pre-hook', found);
    if (found !== undefined && found !== null) given = Array.isArray(found) ? (found as readonly ModuleInput[]) : [found as Tensor];
  }
  const call = backward.length > 0 && isGradEnabled() ? new BackwardCall(this, backward) : null;
  if (call !== null) given = call.enter(given);
  const own = (before?.value ?? (Object.getPrototypeOf(this) as Hookable).forward) as (...args: readonly ModuleInput[]) => Tensor;
  let output = own.apply(this, given as ModuleInput[]);
  for (const { run } of forward) {
    const found = run(this, given, output);
    checkResult('forward hook', found);
    if (found !== undefined && found !== null) output = found;
  }
  return call === null ? output : call.leave(output);
}

const alias = (x: Tensor): Tensor => new Tensor(x.backend, x.storage, x.shape, x.dtype);
const handle = (g: Tensor | null): Tensor | null => (g === null ? null : new Tensor(g.backend, g.storage, g.shape, g.dtype, g.meta));

/** One call of a module with backward hooks: its inputs and outputs pass through recorded identities, whose gradients are what the hooks see. */
class BackwardCall {
  private gradOutput: readonly (Tensor | null)[] = [];
  private entered = false;
  private count = 0;

  constructor(private readonly module: Hookable, private readonly hooks: readonly Hook<BackwardHook>[]) {}

  enter(inputs: readonly ModuleInput[]): readonly ModuleInput[] {
    this.count = inputs.length;
    const at = inputs.flatMap((input, i) => (input instanceof Tensor ? [i] : []));
    this.entered = at.some((i) => (inputs[i] as Tensor).requiresGrad);
    if (!this.entered) return inputs;
    const replaced = [...inputs];
    this.identity(at.map((i) => inputs[i] as Tensor), this.entrance(at)).forEach((x, n) => { replaced[at[n]] = x; });
    return replaced;
  }

  /** A function of its own scope, or it would keep the inputs alive. */
  private entrance(at: readonly number[]): (gs: readonly (Tensor | null)[]) => (Tensor | null)[] {
    return (gs) => {
      const all = new Array<Tensor | null>(this.count).fill(null);
      at.forEach((i, n) => { all[i] = gs[n]; });
      const found = this.fire(all);
      return at.map((i) => found[i]);
    };
  }

  leave(output: Tensor): Tensor {
    const list: unknown[] = Array.isArray(output) ? output : [output];
    if (!list.every((y) => y instanceof Tensor) || !list.some((y) => y.requiresGrad)) return output;
    const left = this.identity(list, this.exit());
    return (Array.isArray(output) ? left : left[0]) as Tensor;
  }

  private exit(): (gs: readonly (Tensor | null)[]) => (Tensor | null)[] {
    return (gs) => {
      this.gradOutput = untracked(() => gs.map(handle));
      // Nothing goes further back, so this is the time.
      if (!this.entered) this.fire(new Array<null>(this.count).fill(null));
      return [...gs];
    };
  }

  private identity(tensors: readonly Tensor[], gradients: (gs: readonly (Tensor | null)[]) => (Tensor | null)[]): Tensor[] {
    const outputs = tensors.map((x) => {
      x.storage.viewed = true;
      return alias(x);
    });
    recordAll('BackwardHook', outputs, tensors, [], gradients, outputs.filter((_, i) => !tensors[i].requiresGrad));
    return outputs;
  }

  /** Calls the hooks; what they make is theirs. */
  private fire(gradInput: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
    return untracked(() => {
      let current = gradInput.map(handle);
      for (const { run } of this.hooks) {
        const found = run(this.module, current, this.gradOutput);
        checkResult('backward hook', found);
        if (found !== undefined && found !== null) current = this.checked(Array.isArray(found) ? found : [found as Tensor], gradInput);
      }
      this.gradOutput = [];
      return current.map(handle);
    });
  }

  private checked(found: (Tensor | null)[], before: readonly (Tensor | null)[]): (Tensor | null)[] {
    const where = this.module.whereabouts();
    if (found.length !== before.length) throw new ArgumentError('CVY_ARG_VALUE', `backward hook: it returned ${found.length} gradients but ${before.length} are required, one for each input; at ${where}`);
    found.forEach((g, i) => {
      const old = before[i];
      if (g === null || g === undefined) return;
      if (!(g instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `backward hook: gradient ${i} that it returned is ${typeof g} but must be a tensor or null; at ${where}`);
      if (old !== null && (!sameShape(g.shape, old.shape) || g.dtype !== old.dtype)) {
        throw new ShapeError('CVY_SHAPE_MISMATCH', `backward hook: gradient ${i} that it returned is ${fmt(g.shape)} ${g.dtype} but must be ${fmt(old.shape)} ${old.dtype}; at ${where}`);
      }
    });
    return found.map((g) => g ?? null);
  }
}
