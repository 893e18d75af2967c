/**
 * Checkpointing: the graph of a function is recorded as ever, but nothing that it saves is kept; when `backward` comes to it, the function
 * runs again and saves the same once more. What the graph knows (edges, hooks) is that of the first run, so `grad`, parameters used
 * inside, second derivatives and checkpoints within checkpoints need nothing of their own. After PyTorch's `use_reentrant=False`.
 */
import { notingDraws, repeatingDraws, type Draws } from '../backend/rng.js';
import { GraphError } from '../errors.js';
import { checkResult, checkSynchronous, collecting, scope } from '../memory/index.js';
import { AutogradMeta, Tensor } from '../tensor/index.js';
import { checkTogether } from './ops/common.js';
import { isGradEnabled, keptBy, Node, recordingAs, type Keeper } from './tape.js';

let repeating = 0;

/** Whether a checkpointed function is being run again: what counts calls, such as running statistics, must not count this one. */
export const isRecomputing = (): boolean => repeating > 0;

/**
 * `fn(...inputs)`, whose intermediate results are not kept for `backward` but computed again there: less memory for one more forward
 * pass. Random numbers are the same again, so dropout repeats its mask, and batch norm does not update its statistics twice. Tensors that
 * `fn` makes and does not return are disposed, as in a scope, both times. `fn` must do the same again: what it reads besides its inputs
 * must not have changed until `backward`.
 *
 * @throws {GraphError} CVY_GRAPH_CHECKPOINT, in `backward`, when `fn` computes something else the second time; CVY_GRAPH_VERSION when an
 * input or a parameter was changed in place in between
 * @throws {ArgumentError} CVY_ARG_ASYNC for an asynchronous function
 * @source torch.utils.checkpoint.checkpoint; Chen et al. 2016, arXiv:1604.06174
 */
export function checkpoint<A extends unknown[], R>(fn: (...inputs: A) => R, ...inputs: A): R {
  checkSynchronous('checkpoint', fn);
  const call = (args: A): R => {
    const result = fn(...args);
    checkResult('checkpoint', result);
    return result;
  };
  return scope(() => (isGradEnabled() ? new Repeatable(call, inputs).first(inputs) : call(inputs)));
}

/** One call of a checkpointed function: which nodes it recorded, and what is needed to run it again. */
class Repeatable<A extends unknown[], R> implements Keeper {
  /** Those that saved anything, in the order in which they did. */
  private readonly nodes: Node[] = [];
  private readonly draws: Draws = new Map();
  /** The inputs, of a tensor only whether it requires a gradient: the tensors themselves are the anchor's. */
  private readonly inputs: readonly { readonly requiresGrad: boolean | null; readonly value: unknown }[];
  /** Holds the tensors among the inputs; within another checkpoint it leaves them to that one. */
  private readonly anchor: Node | null;
  private state: 'first' | 'waiting' | 'again' = 'first';
  /** How many nodes have saved again. */
  private refilled = 0;

  constructor(private readonly call: (args: A) => R, inputs: A) {
    const tensors = inputs.filter((input) => input instanceof Tensor);
    checkTogether('checkpoint', ...tensors);
    this.inputs = inputs.map((input) => (input instanceof Tensor ? { requiresGrad: input.requiresGrad, value: null } : { requiresGrad: null, value: input }));
    this.anchor = tensors.length === 0 ? null : new Node('checkpoint', [], tensors[0].backend, () => []);
    this.anchor?.save(tensors);
  }

  first(inputs: A): R {
    const result = keptBy(this, () => notingDraws(this.draws, () => this.call(inputs)));
    this.state = 'waiting';
    if (this.nodes.length === 0) this.anchor?.release();
    return result;
  }

  save(node: Node, tensors: readonly Tensor[]): void {
    if (this.state === 'first') {
      node.leaveTo(this, tensors);
      this.nodes.push(node);
      return;
    }
    const original = this.nodes[this.refilled];
    if (original?.refill(node.name, tensors) !== true) throw different(`operation ${this.refilled} that saves was ${original?.name ?? 'none'} and is ${node.name}${original?.name === node.name ? ' of other shapes' : ''}`);
    node.original = original;
    this.refilled++;
  }

  restore(): void {
    if (this.state === 'first') throw new GraphError('CVY_GRAPH_CHECKPOINT', 'checkpoint: a gradient is asked for inside the function but it can be computed only after the function has returned; call grad or backward outside');
    if (this.state === 'again') throw new GraphError('CVY_GRAPH_CHECKPOINT', 'checkpoint: the function asks for a gradient of itself while it runs again but must not');
    this.state = 'again';
    this.refilled = 0;
    repeating++;
    try {
      const { made } = collecting(() => recordingAs(true, () => keptBy(this, () => repeatingDraws(this.draws, () => this.call(this.again())))));
      for (const handle of made) if (!handle.kept) handle.dispose();
    } finally {
      repeating--;
      this.state = 'waiting';
    }
    if (this.refilled < this.nodes.length) throw different(`${this.nodes.length} operations saved tensors and now ${this.refilled} do`);
    this.anchor?.release();
  }

  /** The inputs, as leaves: what the second run records is not walked. */
  private again(): A {
    const tensors = this.anchor?.restored() ?? [];
    let next = 0;
    return this.inputs.map(({ requiresGrad, value }) => {
      if (requiresGrad === null) return value;
      const { backend, storage, shape, dtype } = tensors[next++];
      return new Tensor(backend, storage, shape, dtype, requiresGrad ? new AutogradMeta(true, null) : null);
    }) as A;
  }
}

const different = (found: string): GraphError =>
  new GraphError('CVY_GRAPH_CHECKPOINT', `checkpoint: the function computes something else when it runs again (${found}) but must do the same; it may not depend on what changes in between`);
