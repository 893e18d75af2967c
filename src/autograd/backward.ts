/**
 * Walks the graph from its roots to its leaves and hands gradients on, releasing each as soon as it is used up.
 * The same walk serves `backward` (gradients land in `.grad`) and `grad` (they are returned).
 */
import { ArgumentError, checkOptions, fmt, GraphError, ShapeError } from '../errors.js';
import { collecting, keep } from '../memory/index.js';
import { sameShape } from '../shape/index.js';
import { empty, full, Tensor, type AutogradMeta } from '../tensor/index.js';
import { edgeOf, recordingAs, type Edge, type Node } from './tape.js';
import { add } from './ops/arithmetic.js';
import { checkTogether } from './ops/common.js';

export interface BackwardOptions {
  /** Keep what the graph saved, so that it can be walked again. Default: the value of createGraph. */
  retainGraph?: boolean;
  /** Record the gradients' computation, so that they can be differentiated. */
  createGraph?: boolean;
}

/**
 * Adds the gradient of `root` with respect to every leaf that requires one to the leaf's `grad`.
 *
 * @shape gradient as `root`; may be left out for a root of one element
 * @throws {GraphError} CVY_GRAPH_LEAF, CVY_GRAPH_SCALAR, CVY_GRAPH_TWICE, CVY_GRAPH_VERSION
 * @source torch.Tensor.backward
 */
export function backward(root: Tensor, gradient?: Tensor | null, options: BackwardOptions = {}): void {
  checkOptions('backward', options, ['retainGraph', 'createGraph']);
  walk([start('backward', root, gradient)], options, null);
}

/**
 * Gradients of `outputs` with respect to `inputs`, returned and not accumulated; null where an input has no effect
 * (only with `allowUnused`).
 *
 * @throws {GraphError} CVY_GRAPH_LEAF when an input is not part of the graph
 * @source torch.autograd.grad
 */
export function grad(
  outputs: Tensor | readonly Tensor[], inputs: Tensor | readonly Tensor[],
  options: BackwardOptions & { gradOutputs?: readonly (Tensor | null)[]; allowUnused?: boolean } = {},
): (Tensor | null)[] {
  checkOptions('grad', options, ['retainGraph', 'createGraph', 'gradOutputs', 'allowUnused']);
  const roots = outputs instanceof Tensor ? [outputs] : outputs;
  const wanted = inputs instanceof Tensor ? [inputs] : inputs;
  for (const input of wanted) if (!input.requiresGrad) throw new GraphError('CVY_GRAPH_LEAF', `grad: an input does not require a gradient but every input must (input ${fmt(input.shape)})`);
  const found = walk(roots.map((root, i) => start('grad', root, options.gradOutputs?.[i])), options, wanted.map((input) => edgeOf(input)!));
  found.forEach((g, i) => {
    if (g === null && !options.allowUnused) {
      throw new GraphError('CVY_GRAPH_LEAF', `grad: input ${i} has no effect on the outputs but a gradient for it was asked (input ${fmt(wanted[i].shape)}); pass { allowUnused: true } to get null`);
    }
  });
  return found;
}

interface Start {
  readonly edge: Edge;
  readonly gradient: Tensor;
  /** Passed by the user, who goes on owning it. */
  readonly given: boolean;
}

function start(op: string, root: Tensor, gradient: Tensor | null | undefined): Start {
  if (!(root instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: the root is ${typeof root} but must be a tensor`);
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
function walk(starts: readonly Start[], options: BackwardOptions, capture: readonly Edge[] | null): (Tensor | null)[] {
  const createGraph = options.createGraph ?? false;
  const retainGraph = options.retainGraph ?? createGraph;
  const order = reachable(starts);
  const wanted = capture === null ? null : needed(order, capture);
  const captured = new Map<Node | AutogradMeta, Tensor>();
  const pending = new Map<Node, Tensor>();
  const uses = new Uses();
  for (const { gradient, given } of starts) if (given) uses.retain(gradient);

  const addUp = (a: Tensor, b: Tensor): Tensor => {
    const sum = recordingAs(createGraph, () => add(a, b));
    uses.retain(sum);
    uses.release(a);
    uses.release(b);
    return sum;
  };
  const deliver = (edge: Edge, g: Tensor): void => {
    uses.retain(g);
    const key = edge.node ?? edge.meta;
    if (capture !== null && edge.node === null) {
      if (capture.some(({ node, meta }) => node === null && meta === edge.meta)) captured.set(key, captured.has(key) ? addUp(captured.get(key)!, g) : g);
      else uses.release(g);
    } else if (edge.node !== null) {
      pending.set(edge.node, pending.has(edge.node) ? addUp(pending.get(edge.node)!, g) : g);
    } else {
      accumulate(edge.meta, g, uses, createGraph);
    }
  };

  for (const { edge, gradient } of starts) deliver(edge, gradient);
  for (const node of order) {
    const g = pending.get(node);
    if (g === undefined) continue;
    pending.delete(node);
    if (capture?.some((edge) => edge.node === node)) {
      uses.retain(g);
      captured.set(node, g);
    }
    const needs = node.edges.map((edge) => edge !== null && (wanted === null || wanted.has(edge.node ?? edge.meta)));
    if (needs.includes(true)) {
      const { result, made } = collecting(() => recordingAs(createGraph, () => node.apply(g, needs).map(owned)));
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
    uses.release(g);
  }
  const found = (capture ?? []).map((edge) => {
    const g = captured.get(edge.node ?? edge.meta);
    return g === undefined ? null : alias(g);
  });
  for (const g of captured.values()) uses.release(g);
  return found;
}

/** A saved tensor that a gradient returned as it is becomes a handle of its own. */
const owned = (g: Tensor | null): Tensor | null => (g === null || g.owned ? g : alias(g));
const alias = (g: Tensor): Tensor => new Tensor(g.backend, g.storage, g.shape, g.dtype, g.meta);

/** All nodes behind the roots, the latest operation first. */
function reachable(starts: readonly Start[]): Node[] {
  const seen = new Set<Node>();
  const stack = starts.flatMap(({ edge }) => (edge.node ? [edge.node] : []));
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const edge of node.edges) if (edge?.node) stack.push(edge.node);
  }
  return [...seen].sort((a, b) => b.sequence - a.sequence);
}

/** The nodes and leaves on a way to a captured edge. */
function needed(order: readonly Node[], capture: readonly Edge[]): Set<Node | AutogradMeta> {
  const found = new Set<Node | AutogradMeta>(capture.map(({ node, meta }) => node ?? meta));
  for (let i = order.length - 1; i >= 0; i--) {
    if (order[i].edges.some((edge) => edge !== null && found.has(edge.node ?? edge.meta))) found.add(order[i]);
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
