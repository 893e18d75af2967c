/**
 * Walks the graph from its roots to its leaves and hands gradients on, releasing each as soon as it is used up.
 * The same walk serves `backward` (gradients land in `.grad`) and `grad` (they are returned).
 */
import { ArgumentError, checkOptions, fmt, GraphError, ShapeError } from '../errors.js';
import { collecting, keep } from '../memory/index.js';
import { sameShape } from '../shape/index.js';
import { empty, full, Tensor, type AutogradMeta, type GradHook } from '../tensor/index.js';
import { examineGradients, unwatched, watch } from './anomaly.js';
import type { Hook } from './hooks.js';
import { edgeOf, nodeOf, recordingAs, type Node } from './tape.js';
import { add } from './ops/arithmetic.js';
import { checkTogether } from './ops/common.js';

export interface BackwardOptions {
  /** Keep what the graph saved, so that it can be walked again. Default: the value of createGraph. */
  retainGraph?: boolean;
  /** Record the gradients' computation, so that they can be differentiated. */
  createGraph?: boolean;
}

/**
 * Adds the gradient of `root`, or of the sum of several, with respect to every leaf that requires one to the leaf's `grad`.
 * With `inputs`, to that of those tensors only, which need not be leaves.
 *
 * @shape gradient as `root`; may be left out for a root of one element
 * @throws {GraphError} CVY_GRAPH_LEAF, CVY_GRAPH_SCALAR, CVY_GRAPH_TWICE, CVY_GRAPH_VERSION
 * @source torch.Tensor.backward, torch.autograd.backward
 */
export function backward(
  root: Tensor | readonly Tensor[], gradient?: Tensor | null | readonly (Tensor | null)[],
  options: BackwardOptions & { inputs?: Tensor | readonly Tensor[] } = {},
): void {
  checkOptions('backward', options, ['retainGraph', 'createGraph', 'inputs']);
  const starts = startsOf('backward', root, gradient);
  if (options.inputs === undefined) {
    walk(starts, options, null);
    return;
  }
  // One that is named twice gets its gradient once.
  const edges = [...new Set(wantedEdges('backward', options.inputs))];
  const uses = new Uses();
  walk(starts, options, edges).forEach((g, i) => {
    if (g === null) return;
    uses.retain(g);
    accumulate(edges[i], g, uses, options.createGraph ?? false);
  });
}

/**
 * Gradients of `outputs` with respect to `inputs`, returned and not accumulated. Where an input has no effect, that is an error,
 * or null (with `allowUnused`), or zeros (with `materializeGrads`).
 *
 * @throws {GraphError} CVY_GRAPH_LEAF when an input is not part of the graph
 * @source torch.autograd.grad
 */
export function grad(
  outputs: Tensor | readonly Tensor[], inputs: Tensor | readonly Tensor[],
  options: BackwardOptions & { gradOutputs?: Tensor | null | readonly (Tensor | null)[]; allowUnused?: boolean; materializeGrads?: boolean } = {},
): (Tensor | null)[] {
  checkOptions('grad', options, ['retainGraph', 'createGraph', 'gradOutputs', 'allowUnused', 'materializeGrads']);
  const wanted = inputs instanceof Tensor ? [inputs] : inputs;
  const edges = wantedEdges('grad', inputs);
  return walk(startsOf('grad', outputs, options.gradOutputs), options, edges).map((g, i) => {
    if (g !== null) return g;
    const { backend, shape, dtype } = wanted[i];
    if (options.materializeGrads) return full(backend, shape, 0, dtype);
    if (options.allowUnused) return null;
    throw new GraphError('CVY_GRAPH_LEAF', `grad: input ${i} has no effect on the outputs but a gradient for it was asked (input ${fmt(shape)}); pass { allowUnused: true } to get null`);
  });
}

function wantedEdges(op: string, inputs: Tensor | readonly Tensor[]): AutogradMeta[] {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  if (!Array.isArray(list) || list.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: inputs are ${Array.isArray(list) ? 'empty' : typeof list} but must be a tensor or a list of at least one`);
  return list.map((input: Tensor, i) => {
    if (!(input instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: input ${i} is ${input === null ? 'null' : typeof input} but must be a tensor`);
    const edge = edgeOf(input);
    if (edge === null) throw new GraphError('CVY_GRAPH_LEAF', `${op}: input ${i} does not require a gradient but every input must (input ${fmt(input.shape)})`);
    return edge;
  });
}

interface Start {
  readonly edge: AutogradMeta;
  readonly gradient: Tensor;
  /** Passed by the user, who goes on owning it. */
  readonly given: boolean;
}

function startsOf(op: string, roots: Tensor | readonly Tensor[], gradients: Tensor | null | readonly (Tensor | null)[] | undefined): Start[] {
  const [list, given] = [Array.isArray(roots) ? (roots as readonly Tensor[]) : [roots as Tensor], Array.isArray(gradients) ? (gradients as readonly (Tensor | null)[]) : [gradients as Tensor | null | undefined]];
  if (list.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: no root is given but at least one tensor is required`);
  if ((gradients ?? null) !== null && given.length !== list.length) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${given.length} gradients are given but the roots are ${list.length}; pass null for a root of one element`);
  return list.map((root, i) => start(op, root, given[i]));
}

function start(op: string, root: Tensor, gradient: Tensor | null | undefined): Start {
  if (!(root instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: the root is ${root === null ? 'null' : typeof root} but must be a tensor`);
  // Says so when the root was disposed.
  void root.storage;
  const edge = edgeOf(root);
  if (edge === null) throw new GraphError('CVY_GRAPH_LEAF', `${op}: no gradient is recorded for the root but one is required (root ${fmt(root.shape)}); set requiresGrad on what it is computed from`);
  if (gradient === undefined || gradient === null) {
    if (root.numel !== 1) throw new GraphError('CVY_GRAPH_SCALAR', `${op}: the root has ${root.numel} elements but without a gradient 1 is required (root ${fmt(root.shape)}); reduce it with sum() or mean(), or pass a gradient`);
    return { edge, gradient: full(root.backend, root.shape, 1, root.dtype), given: false };
  }
  checkTogether(op, root, gradient);
  if (!sameShape(gradient.shape, root.shape) || gradient.dtype !== root.dtype) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: the gradient is ${fmt(gradient.shape)} ${gradient.dtype} but the root is ${fmt(root.shape)} ${root.dtype}`);
  }
  return { edge, gradient, given: true };
}

/** With `capture`, gradients of those edges are returned and no leaf accumulates. */
function walk(starts: readonly Start[], options: BackwardOptions, capture: readonly AutogradMeta[] | null): (Tensor | null)[] {
  const createGraph = options.createGraph ?? false;
  const retainGraph = options.retainGraph ?? createGraph;
  const order = reachable(starts);
  const wanted = capture === null ? null : needed(order, capture);
  const captured = new Map<AutogradMeta, Tensor>();
  const pending = new Map<AutogradMeta, Tensor>();
  const uses = new Uses();
  for (const { gradient, given } of starts) if (given) uses.retain(gradient);

  const addTo = (sums: Map<AutogradMeta, Tensor>, meta: AutogradMeta, g: Tensor): void => {
    const before = sums.get(meta);
    if (before === undefined) {
      sums.set(meta, g);
      return;
    }
    const sum = recordingAs(createGraph, () => add(before, g));
    uses.retain(sum);
    uses.release(before);
    uses.release(g);
    sums.set(meta, sum);
  };
  /** A part of a leaf's gradient, or all of it, has arrived. */
  const arrive = (meta: AutogradMeta, g: Tensor): void => {
    if (capture === null) accumulate(meta, g, uses, createGraph);
    else if (capture.includes(meta)) addTo(captured, meta, g);
    else uses.release(g);
  };
  const deliver = (meta: AutogradMeta, g: Tensor): void => {
    uses.retain(g);
    // Hooks of a leaf see the sum of all parts.
    if (meta.gradFn !== null || meta.hooks !== null) addTo(pending, meta, g);
    else arrive(meta, g);
  };
  /** Takes the complete gradient of an output or leaf, as its hooks leave it. */
  const take = (meta: AutogradMeta): Tensor | null => {
    const g = pending.get(meta);
    if (g === undefined) return null;
    pending.delete(meta);
    return meta.hooks === null ? g : hooked(meta.hooks, g, uses, createGraph);
  };

  for (const { edge, gradient } of starts) deliver(edge, gradient);
  for (const node of order) {
    const gs = node.outputs.map((meta) => {
      const g = take(meta);
      if (g === null) return null;
      if (capture?.includes(meta)) {
        uses.retain(g);
        captured.set(meta, g);
      } else if (capture === null && meta.retainsGrad) {
        uses.retain(g);
        accumulate(meta, g, uses, createGraph);
      }
      return g;
    });
    if (gs.every((g) => g === null)) continue;
    const needs = node.edges.map((edge) => edge !== null && (wanted === null || wanted.has(edge)));
    if (needs.includes(true)) {
      const apply = (): (Tensor | null)[] => recordingAs(createGraph, () => node.apply(gs, needs).map(owned));
      const { result, made } = collecting(watch === null ? apply : () => unwatched(apply));
      if (watch !== null) examineGradients(node.name, node.origin, gs, result.map((g, i) => (needs[i] ? g : null)));
      for (const handle of made) if (!result.includes(handle as Tensor)) handle.dispose();
      result.forEach((gradient, i) => {
        if (gradient === null || !needs[i]) {
          gradient?.dispose();
          return;
        }
        deliver(node.edges[i]!, gradient);
      });
    }
    if (!retainGraph) node.release();
    for (const g of gs) if (g !== null) uses.release(g);
  }
  for (const meta of pending.keys()) arrive(meta, take(meta)!);
  const found = (capture ?? []).map((edge) => {
    const g = captured.get(edge);
    return g === undefined ? null : alias(g);
  });
  for (const g of captured.values()) uses.release(g);
  return found;
}

/** The gradient as the hooks leave it. They get, and give, handles that are theirs to keep. */
function hooked(hooks: readonly Hook<GradHook>[], gradient: Tensor, uses: Uses, createGraph: boolean): Tensor {
  let g = gradient;
  for (const { run } of hooks) {
    const found = recordingAs(createGraph, () => run(alias(g)));
    if (found === undefined || found === null) continue;
    if (!(found instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `hook: it returned ${typeof found} but a tensor or nothing is required (gradient ${fmt(g.shape)})`);
    checkTogether('hook', g, found);
    if (!sameShape(found.shape, g.shape) || found.dtype !== g.dtype) {
      throw new ShapeError('CVY_SHAPE_MISMATCH', `hook: it returned ${fmt(found.shape)} ${found.dtype} but the gradient is ${fmt(g.shape)} ${g.dtype} and must stay so`);
    }
    uses.release(g);
    g = alias(found);
    uses.retain(g);
  }
  return g;
}

/** A saved tensor that a gradient returned as it is becomes a handle of its own. */
const owned = (g: Tensor | null): Tensor | null => (g === null || g.owned ? g : alias(g));
const alias = (g: Tensor): Tensor => new Tensor(g.backend, g.storage, g.shape, g.dtype, g.meta);

/** All nodes behind the roots, the latest operation first. */
function reachable(starts: readonly Start[]): Node[] {
  const seen = new Set<Node>();
  const stack = starts.map(({ edge }) => nodeOf(edge));
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (node === null || seen.has(node)) continue;
    seen.add(node);
    for (const edge of node.edges) if (edge !== null) stack.push(nodeOf(edge));
  }
  return [...seen].sort((a, b) => b.sequence - a.sequence);
}

/** The edges on a way to a captured one. */
function needed(order: readonly Node[], capture: readonly AutogradMeta[]): Set<AutogradMeta> {
  const found = new Set(capture);
  for (let i = order.length - 1; i >= 0; i--) {
    if (order[i].edges.some((edge) => edge !== null && found.has(edge))) for (const output of order[i].outputs) found.add(output);
  }
  return found;
}

/** Adds `g` to a leaf's gradient, writing aside: other threads never read what they write. */
function accumulate(meta: AutogradMeta, g: Tensor, uses: Uses, createGraph: boolean): void {
  const old = meta.grad;
  if (old === null) {
    meta.grad = keep(createGraph ? alias(g) : uses.takeOver(g) ? g : clone(g));
    meta.gradSeen = false;
    if (meta.grad !== g) uses.release(g);
    return;
  }
  const sum = recordingAs(createGraph, () => add(old, g));
  if (createGraph) {
    meta.grad = keep(sum);
  } else {
    old.storage.swap(sum.storage);
    sum.dispose();
  }
  uses.release(g);
}

function clone(g: Tensor): Tensor {
  const copy = empty(g.backend, g.shape, g.dtype);
  g.backend.run('copy', g.dtype, [g.ptr, copy.ptr, g.numel]);
  return copy;
}

/** How often the walk still needs each gradient; what it made itself is disposed after its last use. */
class Uses {
  private readonly counts = new Map<Tensor, number>();

  retain(g: Tensor): void {
    this.counts.set(g, (this.counts.get(g) ?? 0) + 1);
  }

  release(g: Tensor): void {
    const count = this.counts.get(g)! - 1;
    this.counts.set(g, count);
    if (count === 0) {
      this.counts.delete(g);
      g.dispose();
    }
  }

  /** Whether nobody else uses the handle or its bytes: then it can become the leaf's gradient as it is. */
  takeOver(g: Tensor): boolean {
    if (this.counts.get(g) !== 1 || g.storage.holders !== 1 || g.meta !== null) return false;
    this.counts.delete(g);
    return true;
  }
}
