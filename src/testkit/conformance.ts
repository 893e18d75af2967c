/**
 * The conformance kit: holds a kernel set, a table of kernels or a backend to the contract, case by case. It knows no test runner:
 * it returns named functions that throw, for any runner to call.
 */
import { AssertionError } from 'node:assert';
import { kernels as naive } from '../../backends/cpu-naive/kernels.js';
import { inlineExecutor } from '../backend/inline.js';
import { BYTES, OP_NAMES, OPS, typedArray, type DType, type KernelTable, type LoadedKernel, type OpName, type TypedArray } from '../backend/index.js';
import { ArgumentError, checkOptions, didYouMean } from '../errors.js';
import { Heap } from '../memory/index.js';
import { opCases, type OpCase, type Tolerance } from './cases.js';
import { buffersOf, elementsOf, placeholders } from './cases/opCase.js';
import { firstDifference, GuardedCall } from './guard.js';
import { ready, type ReadyTarget, type Target } from './target.js';

/** Cases that a target is known to fail, with the reason: names of cases, of ops ('conv') or of an op's dtype ('conv float64'). */
export interface Skip {
  readonly reason: string;
  readonly cases: readonly string[];
}

export interface ConformanceOptions {
  /** Kernels that are right by definition; default cpu-naive's. */
  reference?: KernelTable;
  /** Numbers of threads that must give the same bits when the target is declared `bitwise`; default 1, 2, 3 and 7. */
  threads?: readonly number[];
  skip?: readonly Skip[];
  /** Cases to run instead of the table `opCases()`, such as `fuzzCases` draws. */
  cases?: readonly OpCase[];
  /** Whether a kernel set may use V8's experimental compilers, as with `nn({ turbo })`; default false. */
  turbo?: boolean;
  /** Only cases of these ops. */
  ops?: readonly OpName[];
  /** Only cases of so many floating-point operations at most; default all. */
  maxFlops?: number;
}

/** One test: `run` throws an AssertionError that names case, way of running and element. */
export interface ConformanceTest {
  readonly name: string;
  readonly op: OpName;
  run(): void;
}

/** The state of an op's dtype. What a fallback would serve is not covered, never passed. */
export interface Coverage {
  passed: number;
  failed: string[];
  skipped: { case: string; reason: string }[];
  covered: boolean;
}

export interface ConformanceReport {
  readonly target: string;
  readonly determinism: string;
  readonly threads: readonly number[];
  readonly ops: { readonly [op: string]: { readonly [dtype: string]: Coverage } };
}

export interface Conformance {
  readonly tests: readonly ConformanceTest[];
  /** What is known so far: call it when all tests have run. */
  report(): ConformanceReport;
  /** Ends the kit's threads. */
  close(): Promise<void>;
}

/**
 * Makes the tests of a target.
 *
 * ```ts
 * const kit = await conformance(myBackend, { skip: [{ reason: 'no float64', cases: ['conv float64'] }] });
 * for (const { name, run } of kit.tests) test(name, run);
 * after(() => kit.close());
 * ```
 *
 * @throws {ArgumentError} CVY_ARG_VALUE for a skip that names no case, or a reason that is empty
 * @throws {PluginError} CVY_PLUGIN_API, CVY_PLUGIN_INVALID when the target cannot be loaded
 */
export async function conformance(target: Target, options: ConformanceOptions = {}): Promise<Conformance> {
  checkOptions('conformance', options, ['reference', 'threads', 'skip', 'cases', 'turbo', 'ops', 'maxFlops']);
  const { threads = [1, 2, 3, 7], skip = [], cases = opCases(), turbo = false, maxFlops = Infinity, ops = OP_NAMES } = options;
  const reasons = skipped(skip, cases);
  const reference = new Reference(options.reference ?? naive);
  const subject = await ready(target, threads, turbo);
  const coverage = new Map<string, Coverage>();
  const tests: ConformanceTest[] = [];
  for (const op of OP_NAMES) for (const dtype of OPS[op].dtypes) coverage.set(`${op} ${dtype}`, { passed: 0, failed: [], skipped: [], covered: false });

  for (const testCase of cases) {
    const { op, dtype, name } = testCase;
    if (!ops.includes(op) || testCase.flops > maxFlops) continue;
    const entry = coverage.get(`${op} ${dtype}`)!;
    const reason = reasons.get(name);
    if (reason !== undefined) entry.skipped.push({ case: name, reason });
    else if (subject.serves(testCase)) {
      entry.covered = true;
      tests.push({ name, op, run: () => record(entry, name, () => check(subject, testCase, reference.outputs(testCase))) });
    }
  }
  return { tests, report: () => report(subject, threads, coverage), close: () => subject.close() };
}

/** Names of skipped cases with their reasons. */
function skipped(skip: readonly Skip[], cases: readonly OpCase[]): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { reason, cases: wantedCases } of skip) {
    if (!reason) throw new ArgumentError('CVY_ARG_VALUE', `conformance: a skip of ${wantedCases.join(', ')} has no reason but one is required`);
    for (const wanted of wantedCases) {
      const named = cases.filter(({ name, op, dtype }) => [name, op, `${op} ${dtype}`].includes(wanted));
      if (named.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `conformance: skip names '${wanted}' but there is no such case${didYouMean(wanted, cases.map(({ name }) => name))}`);
      for (const { name } of named) reasons.set(name, reason);
    }
  }
  return reasons;
}

/** Runs a test and keeps its outcome; a repeated run replaces the former one. */
function record(entry: Coverage, name: string, run: () => void): void {
  const before = entry.failed.indexOf(name);
  try {
    run();
    if (before >= 0) entry.failed.splice(before, 1);
    entry.passed++;
  } catch (error) {
    if (before < 0) entry.failed.push(name);
    throw error;
  }
}

function report(subject: ReadyTarget, threads: readonly number[], coverage: ReadonlyMap<string, Coverage>): ConformanceReport {
  const ops: Record<string, Record<string, Coverage>> = {};
  for (const [key, entry] of coverage) {
    const [op, dtype] = key.split(' ');
    (ops[op] ??= {})[dtype] = entry;
  }
  return { target: subject.name, determinism: subject.determinism, threads, ops };
}

/** Outputs of the reference kernels, computed when they are first asked for. */
class Reference {
  private readonly heap = new Heap(512 * 2 ** 20);
  private readonly executor = inlineExecutor(this.heap);

  constructor(private readonly table: KernelTable) {}

  outputs(testCase: OpCase): Map<number, TypedArray> {
    const { op, dtype, name } = testCase;
    const kernel = this.table[op]?.[dtype] as LoadedKernel['kernel'] | undefined;
    if (kernel === undefined) throw new ArgumentError('CVY_ARG_VALUE', `conformance: the reference has no kernel for ${op} ${dtype} but one is required (case ${name})`);
    const args = [...placeholders(testCase.args)];
    const uses = buffersOf(testCase);
    for (const use of uses) {
      args[use.arg] = this.heap.alloc(BYTES[use.dtype] * use.elems);
      this.heap.write(args[use.arg], elementsOf(testCase, use) ?? typedArray(use.dtype, use.elems));
    }
    this.executor.run({ op, dtype, kernel, set: 0, setName: 'reference' }, args);
    const outputs = new Map(uses.filter(({ write }) => write).map(({ arg, dtype: type, elems }) => [arg, this.heap.read(args[arg], type, elems)]));
    for (const { arg } of uses) this.heap.free(args[arg]);
    return outputs;
  }
}

function fail(testCase: OpCase, what: string): never {
  throw new AssertionError({ message: `${testCase.name}: ${what} (arguments [${placeholders(testCase.args).join(', ')}])` });
}

/** Runs the case in every way, over other garbage each time, and judges what it leaves behind. */
function check(subject: ReadyTarget, testCase: OpCase, expected: ReadonlyMap<number, TypedArray>): void {
  const before = subject.bytesInUse();
  const call = new GuardedCall(subject.memory, testCase);
  try {
    let first: { way: string; outputs: ReturnType<GuardedCall['outputs']> } | undefined;
    subject.ways(testCase).forEach((way, i) => {
      call.prepare(i % 2 === 0 ? 'nan' : 'other');
      way.run(call.args);
      const damage = call.damage();
      if (damage !== null) fail(testCase, `${damage} (${way.name})`);
      const outputs = call.outputs();
      if (first === undefined) {
        first = { way: way.name, outputs };
        for (const { arg, data } of outputs) compare(testCase, arg, data, expected.get(arg)!);
        return;
      }
      for (const [o, { arg, data }] of outputs.entries()) {
        const at = firstDifference(data, first.outputs[o].data);
        if (at >= 0) fail(testCase, `element ${at} of its output (argument ${arg}) is ${data[at]} with ${way.name} but ${first.outputs[o].data[at]} with ${first.way}: it is not written, or depends on how pieces are run`);
      }
    });
    const flaw = subject.flaw(testCase, call);
    if (flaw !== null) fail(testCase, flaw);
  } finally {
    call.free();
  }
  const leaked = subject.bytesInUse() - before;
  if (leaked !== 0) fail(testCase, `${leaked} bytes are in use afterwards that were not before`);
}

function compare(testCase: OpCase, arg: number, actual: TypedArray, expected: TypedArray): void {
  const { tolerance } = testCase;
  const allowed = tolerance === null ? 0 : tolerance.atol * rootMeanSquare(expected);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i], expected[i]];
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    if (tolerance !== null && Number.isFinite(e) && Math.abs(a - e) <= allowed + tolerance.rtol * Math.abs(e)) continue;
    fail(testCase, `element ${i} of its output (argument ${arg}) is ${a} but ${e} is right${describe(tolerance)}`);
  }
}

const describe = (tolerance: Tolerance): string => (tolerance === null ? '' : `, ±${tolerance.rtol} of it and ±${tolerance.atol} of the root mean square`);

function rootMeanSquare(values: TypedArray): number {
  let [squares, count] = [0, 0];
  for (const value of values) if (Number.isFinite(value)) [squares, count] = [squares + value * value, count + 1];
  return count === 0 ? 0 : Math.sqrt(squares / count);
}

/** Ops and dtypes of the contract that the table has no case for; the kit's own tests demand that there are none. */
export const uncoveredOps = (): { op: OpName; dtype: DType }[] => {
  const known = new Set(opCases().map(({ op, dtype }) => `${op} ${dtype}`));
  return OP_NAMES.flatMap((op) => OPS[op].dtypes.map((dtype) => ({ op, dtype }))).filter(({ op, dtype }) => !known.has(`${op} ${dtype}`));
};
