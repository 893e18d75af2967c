/**
 * The tape: which operation made which tensor, from what, and how its gradient is computed. A node keeps the storage that its
 * gradient needs and is a holder like a tensor handle, so a graph that is forgotten without `backward` frees its memory too.
 * Not here: walking the graph (backward.ts) and the gradients themselves (ops/).
 */
import { isFloat, type Backend, type DType } from '../backend/index.js';
import { debugLevel, trace } from '../debug.js';
import { fmt, GraphError } from '../errors.js';
import { checkResult, checkSynchronous, type Hold, type Owner, type Storage } from '../memory/index.js';
import { AutogradMeta, Tensor, type GradFn } from '../tensor/index.js';

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

/** Where an input's gradient goes: to the node that made it, or into `meta.grad` of a leaf. */
export interface Edge {
  readonly node: Node | null;
  readonly meta: AutogradMeta;
}

/** The edge of a tensor, null when no gradient is wanted. */
export const edgeOf = (tensor: Tensor): Edge | null =>
  tensor.requiresGrad ? { node: tensor.meta!.gradFn as Node | null, meta: tensor.meta! } : null;

/** A tensor as it was when it was saved. */
interface Saved {
  readonly backend: Backend;
  readonly storage: Storage;
  readonly version: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly meta: AutogradMeta | null;
}

let clock = 0;

/** The number of the next node. */
export const nextSequence = (): number => clock;

export class Node implements GradFn, Owner {
  /** Later operations have larger numbers: their order is a topological one. */
  readonly sequence = clock++;
  private saved: Saved[] | null = [];
  private hold: Hold | null = null;

  constructor(readonly name: string, readonly edges: readonly (Edge | null)[], readonly backend: Backend, private readonly gradient: Gradient) {}

  /** Keeps the storage of `tensors` until `release`. */
  save(tensors: readonly Tensor[]): void {
    if (tensors.length === 0) return;
    this.saved = tensors.map(({ backend, storage, shape, dtype, meta }) => ({ backend, storage, version: storage.version, shape, dtype, meta }));
    this.hold = this.saved[0].storage.arena.hold(this, this.saved.map(({ storage }) => storage), false);
  }

  /** After `a` and `b` have exchanged their bytes: what was saved of one is in the other now. */
  follow(a: Storage, b: Storage): void {
    if (this.saved === null || !this.saved.some(({ storage }) => storage === a || storage === b)) return;
    this.saved = this.saved.map((entry) => {
      const storage = entry.storage === a ? b : entry.storage === b ? a : entry.storage;
      return storage === entry.storage ? entry : { ...entry, storage, version: storage.version };
    });
    const { arena } = this.saved[0].storage;
    const before = this.hold!;
    this.hold = arena.hold(this, this.saved.map(({ storage }) => storage), false);
    arena.drop(before);
  }

  /** Gradients of the inputs. @throws {GraphError} CVY_GRAPH_TWICE, CVY_GRAPH_VERSION. */
  apply(g: Tensor, needs: readonly boolean[]): (Tensor | null)[] {
    if (this.saved === null) {
      throw new GraphError('CVY_GRAPH_TWICE', `backward: ${this.name} was already differentiated and what it saved is gone but a second pass needs it; pass { retainGraph: true } to the first`);
    }
    const tensors = this.saved.map(({ backend, storage, version, shape, dtype, meta }, i) => {
      if (storage.version !== version) {
        throw new GraphError('CVY_GRAPH_VERSION', `backward: ${this.name} saved a tensor at version ${version} but it was changed in place since and is at version ${storage.version} (saved ${i}: ${fmt(shape)} ${dtype}); use the out-of-place form`);
      }
      return new Tensor(backend, storage, shape, dtype, meta, false);
    });
    if (debugLevel >= 4) trace(4, `backward ${this.name} ${fmt(g.shape)}`);
    // A layer's gradients run on the layer's backend, whatever backend the loss was computed on.
    const own = g.backend === this.backend ? g : new Tensor(this.backend, g.storage, g.shape, g.dtype, g.meta, false);
    return this.gradient(own, tensors, needs);
  }

  /** Lets go of what was saved. Nodes that saved nothing can be walked again. */
  release(): void {
    if (this.hold === null) return;
    this.saved![0].storage.arena.drop(this.hold);
    this.hold = null;
    this.saved = null;
  }

  describe(): string {
    return `what ${this.name} saved for backward`;
  }
}

/**
 * Records that operation `name` made `y` from `inputs`, unless nothing asks for a gradient, and returns `y`.
 * `saved` are the tensors (inputs or `y` itself) that `gradient` gets back.
 */
export function record(name: string, y: Tensor, inputs: readonly Tensor[], saved: readonly Tensor[], gradient: Gradient): Tensor {
  if (!recording || !isFloat(y.dtype)) return y;
  let wanted = false;
  for (const input of inputs) if (input.requiresGrad) wanted = true;
  if (!wanted) return y;
  const node = new Node(name, inputs.map(edgeOf), y.backend, gradient);
  y.meta = new AutogradMeta(false, node);
  node.save(saved);
  if (debugLevel >= 4) trace(4, `record ${name} → ${fmt(y.shape)}`);
  return y;
}
