/**
 * Functions with a gradient of the user's own, for what recorded operations would differentiate slowly, inaccurately or not at all.
 */
import { isFloat } from '../backend/index.js';
import { ArgumentError, DtypeError, fmt, GraphError, ShapeError } from '../errors.js';
import { checkSynchronous } from '../memory/index.js';
import { sameShape } from '../shape/index.js';
import { full, Tensor } from '../tensor/index.js';
import { checkTogether } from './ops/common.js';
import { detach } from './ops/shape.js';
import { isGradEnabled, recordAll, recordingAs } from './tape.js';

/** What `forward` leaves for `backward`. `S` is what `state` holds. */
export interface FunctionContext<S extends object = Record<string, unknown>> {
  /** Keeps inputs and outputs for `backward`, which is told when one was changed in place in between. */
  saveForBackward(...tensors: Tensor[]): void;
  /** In `backward`: what was saved, in its order. */
  readonly saved: readonly Tensor[];
  /** For every input whether its gradient is wanted; false for what is no tensor. */
  readonly needsInputGrad: readonly boolean[];
  /** Outputs that have no gradient. Those of an integer dtype never have one. */
  markNonDifferentiable(...outputs: Tensor[]): void;
  /** Numbers, shapes and options for `backward`. Tensors go through saveForBackward. */
  readonly state: S;
}

export interface FunctionDefinition<A extends unknown[], R extends Tensor | Tensor[], S extends object> {
  /** Appears as `gradFn.name` and in messages. */
  name: string;
  /** Computes the outputs; what it does is not recorded. */
  forward(ctx: FunctionContext<S>, ...inputs: A): R;
  /**
   * The inputs' gradients, in the order of the inputs and null for what needs none, from those of the outputs, which are zeros where
   * none arrived. Written with recorded operations on them and on what was saved, it can be differentiated again.
   */
  backward(ctx: FunctionContext<S>, ...gradients: Tensor[]): Tensor | null | readonly (Tensor | null)[];
}

/**
 * A function of tensors, and of anything else, with its own gradient.
 *
 * ```ts
 * const scaledExp = defineFunction({
 *   name: 'scaledExp',
 *   forward(ctx: FunctionContext<{ factor: number }>, x: Tensor, factor: number) {
 *     const y = x.mul(factor).exp();
 *     ctx.saveForBackward(y);
 *     ctx.state.factor = factor;
 *     return y;
 *   },
 *   backward: (ctx, g) => [g.mul(ctx.saved[0]).mul(ctx.state.factor), null],
 * });
 * ```
 *
 * @throws {GraphError} CVY_GRAPH_FUNCTION, when called, unless `backward` returns as many gradients as there are inputs (one input's may
 * stand alone), or when `forward` changes in place what requires a gradient; {ShapeError} CVY_SHAPE_MISMATCH, {DtypeError} CVY_DTYPE unless
 * each has the shape and dtype of its input
 * @source torch.autograd.Function
 */
export function defineFunction<A extends unknown[], R extends Tensor | Tensor[], S extends object = Record<string, unknown>>(
  definition: FunctionDefinition<A, R, S>,
): (...inputs: A) => R {
  const { name } = definition ?? {};
  if (typeof name !== 'string' || name === '') throw new ArgumentError('CVY_ARG_TYPE', `defineFunction: name is ${name === undefined ? 'missing' : name === '' ? 'empty' : typeof name} but must be a string, for messages`);
  for (const part of ['forward', 'backward'] as const) checkSynchronous(`${name}.${part}`, definition[part]);
  return (...inputs) => call(definition, inputs);
}

function call<A extends unknown[], R extends Tensor | Tensor[], S extends object>(definition: FunctionDefinition<A, R, S>, inputs: A): R {
  const { name } = definition;
  const tensors = inputs.filter((input) => input instanceof Tensor);
  checkTogether(name, ...tensors);
  const kept: Tensor[] = [];
  const constant: Tensor[] = [];
  const context = {
    saveForBackward: (...saved: Tensor[]) => void kept.splice(0, kept.length, ...saved),
    needsInputGrad: inputs.map((input) => input instanceof Tensor && isGradEnabled() && input.requiresGrad),
    markNonDifferentiable: (...outputs: Tensor[]) => void constant.push(...outputs),
    state: {} as S,
  };
  const versions = tensors.map(({ storage }) => storage.version);
  const result = recordingAs(false, () => definition.forward({ ...context, saved: kept }, ...inputs));
  tensors.forEach((x, i) => {
    if (isGradEnabled() && x.requiresGrad && x.storage.version !== versions[i]) throw new GraphError('CVY_GRAPH_FUNCTION', `${name}: forward changed an input in place that requires a gradient but must leave it as it is (input ${fmt(x.shape)}); use the out-of-place form`);
  });
  const raw: Tensor[] = Array.isArray(result) ? result : [result];
  if (raw.length === 0 || raw.some((y) => !(y instanceof Tensor))) throw new ArgumentError('CVY_ARG_TYPE', `${name}: forward returned ${Array.isArray(result) ? (raw.length === 0 ? 'an empty list' : 'a list with something that is no tensor') : typeof result} but must return a tensor or a list of tensors`);
  // A tensor that is known elsewhere, such as an input, must not get this history.
  const outputs = raw.map((y, i) => (y.meta !== null || tensors.includes(y) || raw.indexOf(y) < i ? detach(y) : y));
  raw.forEach((y, i) => {
    if (outputs[i] !== y && isGradEnabled()) y.storage.viewed = true;
  });
  const own = (list: readonly Tensor[]): Tensor[] => list.map((x) => outputs[raw.indexOf(x)] ?? x);
  if (kept.some((x) => !(x instanceof Tensor))) throw new ArgumentError('CVY_ARG_TYPE', `${name}: saveForBackward was given something that is no tensor but takes tensors only; put it into ctx.state`);
  const inputsOf = kept.map((x) => (tensors.includes(x) ? x : own([x])[0]));
  // Not the outputs themselves: what backward needs of them must not keep them alive.
  const likes = outputs.map(({ backend, shape, dtype }) => ({ backend, shape, dtype }));
  const shapes = tensors.map(({ shape, dtype }) => ({ shape, dtype }));
  let count = 0;
  const at = inputs.map((input) => (input instanceof Tensor ? count++ : -1));
  recordAll(name, outputs, tensors, inputsOf, (gs, saved) => {
    const gradients = gs.map((g, i) => g ?? full(likes[i].backend, likes[i].shape, 0, isFloat(likes[i].dtype) ? likes[i].dtype : 'float32'));
    // Handles of its own: what a user keeps of them must not outlive their storage.
    const handles = saved.map((x) => new Tensor(x.backend, x.storage, x.shape, x.dtype, x.meta));
    const found = definition.backward({ ...context, saved: handles }, ...gradients);
    return checked(name, found, at, shapes);
  }, own(constant));
  return (Array.isArray(result) ? outputs : outputs[0]) as R;
}

/** The gradients of the tensors among the inputs. */
function checked(name: string, found: unknown, at: readonly number[], shapes: readonly Pick<Tensor, 'shape' | 'dtype'>[]): (Tensor | null)[] {
  const list: unknown[] = Array.isArray(found) ? found : [found];
  if (list.length !== at.length || found === undefined) {
    throw new GraphError('CVY_GRAPH_FUNCTION', `${name}: backward returned ${found === undefined ? 'no gradients' : `${list.length} gradients`} but ${at.length} are required, one for each input (inputs ${at.map((i) => (i < 0 ? 'no tensor' : fmt(shapes[i].shape))).join(', ')}); return null for what needs none`);
  }
  const gradients: (Tensor | null)[] = shapes.map(() => null);
  list.forEach((g, i) => {
    if (g === null || g === undefined) return;
    if (!(g instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${name}: gradient ${i} that backward returned is ${typeof g} but must be a tensor or null`);
    if (at[i] < 0) throw new GraphError('CVY_GRAPH_FUNCTION', `${name}: backward returned a gradient ${fmt(g.shape)} for input ${i} but that is no tensor; return null for it`);
    const { shape, dtype } = shapes[at[i]];
    if (!sameShape(g.shape, shape)) throw new ShapeError('CVY_SHAPE_MISMATCH', `${name}: gradient ${i} that backward returned is ${fmt(g.shape)} but its input is ${fmt(shape)}; sumTo undoes broadcasting`);
    if (g.dtype !== dtype) throw new DtypeError('CVY_DTYPE', `${name}: gradient ${i} that backward returned is ${g.dtype} but its input is ${dtype} (input ${fmt(shape)}); convert with to('${dtype}')`);
    gradients[at[i]] = g;
  });
  return gradients;
}
