/**
 * A kernel set (and those it extends) on the host heap, run by an executor: what cpu-naive, cpu-tiled, plugins' sets and the
 * pool all are to the engine. Finds the kernel of each op once, applies the fallback policy and keeps the receipt.
 */
import { kernelName, OPS, type Args, type Backend, type Determinism, type DType, type Executor, type KernelTable, type LoadedKernel, type OpName, type Placement } from '../backend/index.js';
import { debugLevel, trace } from '../debug.js';
import { BackendError } from '../errors.js';
import type { Heap } from '../memory/index.js';

export const FALLBACKS = ['error', 'warn', 'allow'] as const;
/** What happens when the chosen backend lacks a kernel: an error, one warning per op, or nothing. The receipt shows it in any case. */
export type Fallback = (typeof FALLBACKS)[number];

/** A kernel set that was imported, with its position among the convoy's sets. */
export interface LoadedSet {
  readonly name: string;
  readonly index: number;
  readonly table: KernelTable;
  readonly determinism: Determinism;
}

interface Found {
  readonly kernel: LoadedKernel;
  readonly fallback: boolean;
  /** How many each of its algorithms served, by name. */
  readonly calls: Map<string, number>;
}

const RANK: readonly Determinism[] = ['bitwise', 'run-to-run', 'none'];

export class HostBackend implements Backend {
  readonly threads: number;
  readonly determinism: Determinism;
  private readonly found = new Map<OpName, Map<DType, Found>>();

  /** `chain`: the chosen set and those it extends by declaration. `last` serves what none of them does, under the fallback policy. */
  constructor(
    readonly name: string,
    readonly memory: Heap,
    private readonly chain: readonly LoadedSet[],
    private readonly last: LoadedSet,
    private readonly executor: Executor,
    private readonly policy: Fallback,
  ) {
    this.threads = executor.threads;
    this.determinism = chain.reduce<Determinism>((worst, set) => (RANK.indexOf(set.determinism) > RANK.indexOf(worst) ? set.determinism : worst), 'bitwise');
  }

  run(op: OpName, dtype: DType, args: Args): void {
    const found = this.found.get(op)?.get(dtype) ?? this.find(op, dtype);
    this.count(found, args);
    if (debugLevel >= 2) this.runTraced(found, op, dtype, args);
    else this.executor.run(found.kernel, args);
  }

  has(op: OpName, dtype: DType): boolean {
    const { dtypes, fuses } = OPS[op];
    if (!dtypes.includes(dtype)) return false;
    if (fuses === undefined) return true;
    // Neither in place of a kernel that is nearer, nor as a fallback: the composition finds both.
    const nearest = this.chain.find(({ table }) => [op, ...fuses].some((name) => table[name]?.[dtype] !== undefined));
    return nearest?.table[op]?.[dtype] !== undefined;
  }

  placement(): Placement[] {
    return [...this.found].flatMap(([op, byDtype]) => [...byDtype].flatMap(([dtype, { kernel: { setName }, fallback, calls }]) =>
      [...calls].map(([kernel, count]) => ({ op, dtype, servedBy: setName, kernel, fallback, calls: count }))));
  }

  private count({ kernel: { op, dtype, kernel, setName }, fallback, calls }: Found, args: Args): void {
    const name = kernelName(kernel, args) ?? op;
    const before = calls.get(name) ?? 0;
    calls.set(name, before + 1);
    if (before === 0 && debugLevel >= 3) trace(3, `${op} ${dtype}: ${setName} ${name}${fallback ? ' (fallback)' : ''}`);
  }

  private find(op: OpName, dtype: DType): Found {
    const set = this.chain.find(({ table }) => table[op]?.[dtype] !== undefined);
    const fallback = set === undefined;
    const serving = set ?? this.last;
    const kernel = serving.table[op]?.[dtype];
    if (kernel === undefined) throw new BackendError('CVY_BACKEND_UNSUPPORTED', `${op}: dtype is ${dtype} but only ${OPS[op].dtypes.join(', ')} have kernels`);
    if (fallback) this.fallBack(op, dtype);
    const found: Found = { kernel: { op, dtype, kernel: kernel as LoadedKernel['kernel'], set: serving.index, setName: serving.name }, fallback, calls: new Map() };
    if (!this.found.has(op)) this.found.set(op, new Map());
    this.found.get(op)!.set(dtype, found);
    return found;
  }

  private fallBack(op: OpName, dtype: DType): void {
    const chosen = this.chain[0].name;
    if (this.policy === 'error') {
      throw new BackendError('CVY_BACKEND_UNSUPPORTED', `${op}: '${chosen}' has no kernel for ${dtype} but fallback is 'error'; pass { fallback: 'warn' } to let '${this.last.name}' serve it`);
    }
    const warned = [...(this.found.get(op)?.values() ?? [])].some(({ fallback }) => fallback);
    if (this.policy === 'warn' && !warned) {
      process.emitWarning(`${op}: '${chosen}' has no kernel for ${dtype}, '${this.last.name}' serves it; model.placement() lists all such ops`, 'ConvoyFallbackWarning');
    }
  }

  private runTraced(found: Found, op: OpName, dtype: DType, args: Args): void {
    const begin = performance.now();
    this.executor.run(found.kernel, args);
    trace(2, `${op} ${dtype} [${args.join(' ')}] ${(performance.now() - begin).toFixed(3)} ms`);
    performance.measure(`convoy ${op}`, { start: begin });
    if (debugLevel < 5) return;
    for (const use of OPS[op].buffers(args, dtype)) {
      if (use.write) trace(5, `  argument ${use.arg}: ${Array.from(this.memory.read(args[use.arg], use.dtype, Math.min(use.elems, 8))).join(' ')}`);
    }
  }
}
