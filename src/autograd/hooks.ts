/**
 * Hooks on tensors: functions that see, and may replace, a gradient on its way back. When they run is decided by the walk (backward.ts).
 */
import { ArgumentError, fmt, GraphError } from '../errors.js';
import { checkSynchronous } from '../memory/index.js';
import { Tensor, type GradHook } from '../tensor/index.js';

/** What registering a hook gives: `remove` undoes it, also at the end of a `using`. @source torch.utils.hooks.RemovableHandle */
export class HookHandle {
  constructor(private off: (() => void) | null) {}

  /** Harmless when repeated. */
  remove(): void {
    this.off?.();
    this.off = null;
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

/** Adds a hook to a list through `get` and `set`; the same function may stand there several times. */
export function addHook<H>(hook: H, get: () => readonly Hook<H>[], set: (hooks: readonly Hook<H>[]) => void): HookHandle {
  const entry = { run: hook };
  set([...get(), entry]);
  return new HookHandle(() => set(get().filter((other) => other !== entry)));
}

export interface Hook<H> {
  readonly run: H;
}

/**
 * Calls `hook` with the gradient of `x` whenever `backward` or `grad` has computed it, summed over all uses of `x`. What the hook returns,
 * a tensor of the same shape, takes the gradient's place. The gradient itself must not be changed in place.
 *
 * @throws {GraphError} CVY_GRAPH_LEAF when `x` does not require a gradient
 * @throws {ShapeError} CVY_SHAPE_MISMATCH, in `backward`, when what the hook returns does not have the gradient's shape and dtype
 * @source torch.Tensor.register_hook
 */
export function registerHook(x: Tensor, hook: GradHook): HookHandle {
  const meta = checked('registerHook', x);
  checkSynchronous('registerHook', hook);
  return addHook(hook, () => meta.hooks ?? [], (hooks) => { meta.hooks = hooks.length > 0 ? hooks : null; });
}

/** Has `backward` keep the gradient of a result in its `grad`, as it does for leaves. @source torch.Tensor.retain_grad */
export function retainGrad(x: Tensor): void {
  const meta = checked('retainGrad', x);
  if (meta.gradFn !== null) meta.retainsGrad = true;
}

function checked(op: string, x: Tensor): NonNullable<Tensor['meta']> {
  if (!(x instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: its operand is ${x === null ? 'null' : typeof x} but must be a tensor`);
  // Says so when the tensor was disposed.
  void x.storage;
  if (!x.requiresGrad) throw new GraphError('CVY_GRAPH_LEAF', `${op}: the tensor does not require a gradient but must, or there is none (tensor ${fmt(x.shape)}); call requiresGrad_() first`);
  return x.meta!;
}
