/**
 * The tape: which operation made which tensor, from what, and how its gradient is computed. A node keeps the storage that its
 * gradient needs and is a holder like a tensor handle, so a graph that is forgotten without `backward` frees its memory too.
 * Not here: walking the graph (backward.ts) and the gradients themselves (ops/).
 */
import { isFloat, type Backend, type DType } from '../backend/index.js';
import { debugLevel, trace } from '../debug.js';
import { fmt, GraphError } from '../errors.js';
import { checkResult, checkSynchronous, type Hold, type Owner, type Storage } from '../memory/index.js';
import { AutogradMeta, full, Tensor, type GradFn } from '../tensor/index.js';
import { examine, originOf, watch, type Origin } from './anomaly.js';

let recording = true;

/** Whether operations are being recorded. */
export const isGradEnabled = (): boolean => recording;

function withRecording<R>(op: string, on: boolean, fn: () => R): R {
  checkSynchronous(op, fn);
  const before = recording;
  recording = on;
  try {
    const result = fn();
    checkResult(op, result);
    return result;
  } finally {
    recording = before;
  }
}

/** Runs `fn` without recording (PyTorch's torch.no_grad). @throws {ArgumentError} CVY_ARG_ASYNC for an asynchronous function. */
export const noGrad = <R>(fn: () => R): R => withRecording('noGrad', false, fn);

/** Runs `fn` with recording, also inside noGrad (PyTorch's torch.enable_grad). */
export const enableGrad = <R>(fn: () => R): R => withRecording('enableGrad', true, fn);

/** Recording on or off around engine code, without the checks for users' functions. */
export function recordingAs<R>(on: boolean, fn: () => R): R {
  const before = recording;
  recording = on;
  try {
    return fn();
  } finally {
    recording = before;
  }
}

/**
 * Gradients of an operation's inputs, in their order, from the gradient `g` of its output and the saved tensors.
 * Entries whose `needs` is false may be null. Written over recorded operations, so it can be differentiated itself.
 */
export type Gradient = (g: Tensor, saved: readonly Tensor[], needs: readonly boolean[]) => (Tensor | null)[];

/** The same of an operation with several outputs: null for those that no gradient reached, never for all. */
export type Gradients = (gs: readonly (Tensor | null)[], saved: readonly Tensor[], needs: readonly boolean[]) => (Tensor | null)[];

/** Where an input's gradient goes: to the node that made it, or into `grad` of a leaf. Null where none is wanted. */
export const edgeOf = (tensor: Tensor): AutogradMeta | null => (tensor.requiresGrad ? tensor.meta : null);

/** The node that made a tensor of this history, null for a leaf's. */
export const nodeOf = (meta: AutogradMeta): Node | null => meta.gradFn as Node | null;

/** A tensor as it was when it was saved. */
interface Saved {
  readonly backend: Backend;
  readonly storage: Storage;
  readonly version: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly meta: AutogradMeta | null;
}

const asSaved = ({ backend, storage, shape, dtype, meta }: Tensor): Saved => ({ backend, storage, version: storage.version, shape, dtype, meta });

/** Answers for what nodes save while it is in force, instead of the nodes: checkpoint.ts. */
export interface Keeper {
  save(node: Node, tensors: readonly Tensor[]): void;
  /** Has `refill` called for the node. */
  restore(node: Node): void;
}

let keeper: Keeper | null = null;

export function keptBy<R>(by: Keeper, fn: () => R): R {
  const before = keeper;
  keeper = by;
  try {
    return fn();
  } finally {
    keeper = before;
  }
}

let clock = 0;

/** The number of the next node. */
export const nextSequence = (): number => clock;

export class Node implements GradFn, Owner {
  /** Later operations have larger numbers: their order is a topological one. */
  readonly sequence = clock++;
  readonly outputs: AutogradMeta[] = [];
  /** Where it was recorded, while anomalies are looked for. */
  readonly origin: Origin | null = watch === null ? null : originOf();
  private saved: Saved[] | null = [];
  private hold: Hold | null = null;
  private keeper: Keeper | null = null;
  /** The node of the first run that keeps what this one, of a repeated run, saved. */
  original: Node | null = null;

  constructor(readonly name: string, readonly edges: readonly (AutogradMeta | null)[], readonly backend: Backend, private readonly gradients: Gradients) {}

  /** The history of the next output. */
  output(): AutogradMeta {
    const meta = new AutogradMeta(false, this);
    this.outputs.push(meta);
    return meta;
  }

  /** Keeps the storage of `tensors` until `release`. */
  save(tensors: readonly Tensor[]): void {
    if (tensors.length === 0) return;
    if (keeper !== null) keeper.save(this, tensors);
    else this.keep(tensors.map(asSaved));
  }

  /** After `a` and `b` have exchanged their bytes: what is kept of one is in the other now. */
  follow(a: Storage, b: Storage): void {
    if (this.original !== null) return this.original.follow(a, b);
    if (this.hold === null || !this.saved!.some(({ storage }) => storage === a || storage === b)) return;
    const before = this.hold;
    this.saved = this.saved!.map((entry) => {
      const storage = entry.storage === a ? b : entry.storage === b ? a : entry.storage;
      return storage === entry.storage ? entry : { ...entry, storage, version: storage.version };
    });
    this.hold = a.arena.hold(this, this.saved.map(({ storage }) => storage), false);
    a.arena.drop(before);
  }

  /** Notes `tensors` without keeping their storage, which `by` has to bring back. */
  leaveTo(by: Keeper, tensors: readonly Tensor[]): void {
    this.saved = tensors.map(asSaved);
    this.keeper = by;
  }

  /** What the same operation saved when it was repeated. False when it is something else. */
  refill(name: string, tensors: readonly Tensor[]): boolean {
    const before = this.saved!;
    if (name !== this.name || tensors.length !== before.length || tensors.some(({ shape, dtype }, i) => dtype !== before[i].dtype || fmt(shape) !== fmt(before[i].shape))) return false;
    // Of what was not computed anew, such as a weight, the old version counts.
    this.keep(tensors.map((tensor, i) => ({ ...asSaved(tensor), meta: before[i].meta, ...(tensor.storage === before[i].storage ? { version: before[i].version } : {}) })));
    return true;
  }

  private keep(saved: Saved[]): void {
    this.drop();
    this.keeper = null;
    this.saved = saved;
    this.hold = saved[0].storage.arena.hold(this, saved.map(({ storage }) => storage), false);
  }

  /** What was saved, in handles that hold nothing. @throws {GraphError} CVY_GRAPH_TWICE, CVY_GRAPH_VERSION. */
  restored(): Tensor[] {
    if (this.saved === null) {
      throw new GraphError('CVY_GRAPH_TWICE', `backward: ${this.name} was already differentiated and what it saved is gone but a second pass needs it; pass { retainGraph: true } to the first`);
    }
    this.keeper?.restore(this);
    return this.saved.map(({ backend, storage, version, shape, dtype, meta }, i) => {
      if (storage.version !== version) {
        throw new GraphError('CVY_GRAPH_VERSION', `backward: ${this.name} saved a tensor at version ${version} but it was changed in place since and is at version ${storage.version} (saved ${i}: ${fmt(shape)} ${dtype}); use the out-of-place form`);
      }
      return new Tensor(backend, storage, shape, dtype, meta, false);
    });
  }

  /** Gradients of the inputs from those of the outputs. @throws as `restored`. */
  apply(gs: readonly (Tensor | null)[], needs: readonly boolean[]): (Tensor | null)[] {
    const tensors = this.restored();
    if (debugLevel >= 4) trace(4, `backward ${this.name} ${gs.map((g) => (g === null ? 'none' : fmt(g.shape))).join(', ')}`);
    // A layer's gradients run on the layer's backend, whatever backend the loss was computed on.
    const own = gs.map((g) => (g === null || g.backend === this.backend ? g : new Tensor(this.backend, g.storage, g.shape, g.dtype, g.meta, false)));
    return this.gradients(own, tensors, needs);
  }

  /** Lets go of what was saved. Nodes that saved nothing can be walked again. */
  release(): void {
    if (this.hold === null && this.keeper === null) return;
    this.drop();
    this.keeper = null;
    this.saved = null;
  }

  private drop(): void {
    if (this.hold !== null) this.saved![0].storage.arena.drop(this.hold);
    this.hold = null;
  }

  describe(): string {
    return `what ${this.name} saved for backward`;
  }
}

const wanted = (inputs: readonly Tensor[]): boolean => {
  for (const input of inputs) if (input.requiresGrad) return true;
  return false;
};

/**
 * Records that operation `name` made `y` from `inputs`, unless nothing asks for a gradient, and returns `y`.
 * `saved` are the tensors (inputs or `y` itself) that `gradient` gets back.
 */
export function record(name: string, y: Tensor, inputs: readonly Tensor[], saved: readonly Tensor[], gradient: Gradient): Tensor {
  if (watch !== null) examine(name, y, inputs);
  if (!recording || !isFloat(y.dtype) || !wanted(inputs)) return y;
  const node = new Node(name, inputs.map(edgeOf), y.backend, (gs, tensors, needs) => gradient(gs[0]!, tensors, needs));
  y.meta = node.output();
  node.save(saved);
  if (debugLevel >= 4) trace(4, `record ${name} → ${fmt(y.shape)}`);
  return y;
}

/** The same for an operation with several outputs. Those of an integer dtype, and those in `constant`, have no gradient: null stands for it. */
export function recordAll(
  name: string, outputs: readonly Tensor[], inputs: readonly Tensor[], saved: readonly Tensor[], gradients: Gradients, constant: readonly Tensor[] = [],
): void {
  if (watch !== null) for (const y of outputs) examine(name, y, inputs);
  const recorded = outputs.map((y) => isFloat(y.dtype) && !constant.includes(y));
  if (!recording || !recorded.includes(true) || !wanted(inputs)) return;
  const node: Node = new Node(name, inputs.map(edgeOf), outputs[0].backend, (gs, tensors, needs) => {
    let next = 0;
    return gradients(recorded.map((has) => (has ? gs[next++] : null)), tensors, needs);
  });
  outputs.forEach((y, i) => {
    if (recorded[i]) y.meta = node.output();
  });
  node.save(saved);
  if (debugLevel >= 4) trace(4, `record ${name} → ${outputs.map(({ shape }) => fmt(shape)).join(', ')}`);
}

/**
 * `gx`, the gradient that a piecewise linear function hands to its input, which `edge` leads to. It depends on the input, though with a slope
 * of zero: differentiated again it gives the input zeros, as in PyTorch, and not null.
 */
export function piecewiseLinear(gx: Tensor, edge: AutogradMeta | null): Tensor {
  if (!recording || edge === null) return gx;
  const node = new Node('piecewiseLinear', [edgeOf(gx), edge], gx.backend, ([h], _saved, needs) => [needs[0] ? h : null, needs[1] ? full(h!.backend, h!.shape, 0, h!.dtype) : null]);
  const linked = new Tensor(gx.backend, gx.storage, gx.shape, gx.dtype);
  linked.meta = node.output();
  return linked;
}
