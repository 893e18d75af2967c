/**
 * What the kit tests, made ready: a kernel set by its definition, a table of kernels, or a backend that is at work already. Each
 * says which ops it serves itself, and runs a case in several ways that must give the same bits.
 */
import { createCrew, type Crew } from '../../backends/worker-pool/index.js';
import { API, DEFAULT_SETTINGS, isKernelSet, kernelName, OPS, type Backend, type Determinism, type DType, type Kernel, type KernelModule, type KernelSetDefinition, type KernelTable, type LoadedKernel, type Memory, type OpName } from '../backend/index.js';
import { settingsFor, tableOf } from '../backend/open.js';
import { PluginError } from '../errors.js';
import { Heap } from '../memory/index.js';
import type { OpCase } from './cases.js';
import { GuardedCall } from './guard.js';

/** A kernel table that is no module: for kernels that a test makes up. Threads are then imitated by ranges of pieces. */
export interface TableTarget {
  readonly name: string;
  readonly table: KernelTable;
  readonly determinism?: Determinism;
}

export type Target = KernelSetDefinition | TableTarget | Backend;

/** One way of running a case's op; its name appears in failures. */
export interface Way {
  readonly name: string;
  run(args: readonly number[]): void;
}

export interface ReadyTarget {
  readonly name: string;
  readonly determinism: Determinism;
  readonly memory: Memory;
  /** Whether the target itself serves the op: a fallback does not count. */
  serves(testCase: OpCase): boolean;
  /** The first way is the plain one. */
  ways(testCase: OpCase): Way[];
  /** What is wrong with the kernel's name, or with how its pieces share the outputs; null when nothing is. */
  flaw(testCase: OpCase, call: GuardedCall): string | null;
  /** Bytes in use, or 0 where the memory does not tell. */
  bytesInUse(): number;
  close(): Promise<void>;
}

const HEAP_BYTES = 512 * 2 ** 20;

export async function ready(target: Target, threads: readonly number[], turbo: boolean): Promise<ReadyTarget> {
  if ('run' in target) return backendTarget(target);
  const heap = new Heap(HEAP_BYTES);
  if ('table' in target) return kernelTarget(target.name, target.determinism ?? 'bitwise', target.table, heap, threads, null);
  if (!isKernelSet(target)) throw new PluginError('CVY_PLUGIN_INVALID', `conformance: the target is ${JSON.stringify(target)} but a kernel set's definition, a table or a backend is required; a device is tested as convoy.nn({ backend }).backend`);
  const module = (await import(target.kernels.href)) as KernelModule;
  if (module.api !== API) throw new PluginError('CVY_PLUGIN_API', `conformance: the kernels of '${target.name}' speak API ${module.api} but this kit speaks ${API}`);
  const settings = settingsFor(module, { ...DEFAULT_SETTINGS, turbo });
  const table = await tableOf(module, heap.views.memory, settings);
  if (!table) throw new PluginError('CVY_PLUGIN_INVALID', `conformance: the module of '${target.name}' exports neither kernels nor create() but one is required`);
  const most = Math.max(1, ...threads);
  let crew: Crew | null = null;
  if (most > 1) {
    // Long enough that the crew does not go home between two tests.
    crew = createCrew(heap, { idleMs: 2000 });
    await crew.resize(most);
    await crew.load([{ name: target.name, url: target.kernels.href, settings }]);
  }
  return kernelTarget(target.name, target.determinism ?? 'none', table, heap, threads, crew);
}

/** Ranges of pieces: where each begins and ends. */
type Ranges = (count: number) => Iterable<readonly [begin: number, end: number]>;

const whole: Ranges = (count) => (count > 0 ? [[0, count]] : []);

/** Cut into ranges of one to three pieces in an order that is neither up nor down. */
function* shuffled(count: number): Generator<[number, number]> {
  const ranges: [number, number][] = [];
  for (let begin = 0, width = 1; begin < count; begin += width, width = (width % 3) + 1) ranges.push([begin, Math.min(count, begin + width)]);
  // A step that shares no factor with the number of ranges visits each once.
  let step = Math.max(1, Math.floor(ranges.length * 0.618));
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  while (ranges.length > 0 && divisor(ranges.length, step) !== 1) step++;
  for (let i = 0; i < ranges.length; i++) yield ranges[((i + 1) * step) % ranges.length];
}

function* oneByOne(count: number): Generator<[number, number]> {
  for (let piece = count - 1; piece >= 0; piece--) yield [piece, piece + 1];
}

/** As when a lost worker's pieces are done again: first some, then all, then some. */
function* redone(count: number): Generator<[number, number]> {
  const half = Math.floor(count / 2);
  if (half > 0) yield [0, half];
  if (count > 0) yield [0, count];
  if (count > 0) yield [half, count];
}

/** As evenly as `threads` threads would share them, the last thread first. */
const shared = (threads: number): Ranges => function* (count) {
  for (let t = threads - 1; t >= 0; t--) {
    const [begin, end] = [Math.floor((t * count) / threads), Math.floor(((t + 1) * count) / threads)];
    if (begin < end) yield [begin, end];
  }
};

/** Runs all phases over these ranges, with garbage in the workspaces: the threads' own before every range. */
function runRanges(heap: Heap, kernel: Kernel, args: readonly number[], ranges: Ranges): void {
  const { shared: sharedBytes = 0, own: ownBytes = 0 } = kernel.workspace?.(args) ?? {};
  const [sharedPtr, ownPtr] = [sharedBytes, ownBytes].map((bytes) => (bytes > 0 ? heap.alloc(bytes) : 0));
  if (sharedPtr) heap.views.u8.fill(0xff, sharedPtr, sharedPtr + sharedBytes);
  const work = { phase: 0, shared: sharedPtr, own: ownPtr };
  try {
    for (; work.phase < (kernel.phases ?? 1); work.phase++) {
      for (const [begin, end] of ranges(kernel.pieces(args, work.phase))) {
        if (ownPtr) heap.views.u8.fill(0xff, ownPtr, ownPtr + ownBytes);
        kernel.run(heap.views, args, begin, end, work);
      }
    }
  } finally {
    for (const ptr of [sharedPtr, ownPtr]) if (ptr) heap.free(ptr);
  }
}

/** A name is for people to read, and the same wherever the buffers lie. */
function misnamed(kernel: Kernel, { op, dtype }: OpCase, { args }: GuardedCall): string | null {
  const name = kernelName(kernel, args);
  if (name === undefined) return null;
  if (typeof name !== 'string' || name === '') return `its kernel's name is ${JSON.stringify(name)} but must be a string`;
  const moved = [...args];
  for (const { arg } of OPS[op].buffers(args, dtype)) if (args[arg] !== 0) moved[arg] += 64;
  const elsewhere = kernelName(kernel, moved);
  return elsewhere === name ? null : `its kernel's name is '${name}' but '${String(elsewhere)}' where the buffers lie elsewhere`;
}

/** Above so many bytes looked at, the check for pieces that overlap would take long. */
const OVERLAP_LIMIT = 2_000_000;

/** In one phase every element is written by one piece only. Of kernels with several phases the outcome alone can be judged. */
function findOverlap(heap: Heap, kernel: Kernel, call: GuardedCall): string | null {
  const pieces = (kernel.phases ?? 1) > 1 ? 0 : kernel.pieces(call.args, 0);
  const elements = call.outputs().reduce((sum, { data }) => sum + data.byteLength, 0);
  if (pieces < 2 || pieces * elements > OVERLAP_LIMIT) return null;
  call.prepare('other');
  const before = call.outputs();
  const writers = before.map(({ data }) => new Int32Array(data.length).fill(-1));
  for (let piece = 0; piece < pieces; piece++) {
    call.prepare('other');
    runRanges(heap, kernel, call.args, () => [[piece, piece + 1]]);
    for (const [o, { arg, data }] of call.outputs().entries()) {
      for (let i = 0; i < data.length; i++) {
        if (Object.is(data[i], before[o].data[i])) continue;
        if (writers[o][i] >= 0) return `element ${i} of its output (argument ${arg}) is written by piece ${writers[o][i]} and by piece ${piece}`;
        writers[o][i] = piece;
      }
    }
  }
  return null;
}

function kernelTarget(name: string, determinism: Determinism, table: KernelTable, heap: Heap, threads: readonly number[], crew: Crew | null): ReadyTarget {
  const kernelOf = ({ op, dtype }: { op: OpName; dtype: DType }): Kernel => table[op]![dtype] as Kernel;
  return {
    name, determinism, memory: heap,
    serves: ({ op, dtype }) => table[op]?.[dtype] !== undefined,
    ways(testCase) {
      const kernel = kernelOf(testCase);
      const ranged = (way: string, ranges: Ranges): Way => ({ name: way, run: (args) => runRanges(heap, kernel, args, ranges) });
      const loaded: LoadedKernel = { op: testCase.op, dtype: testCase.dtype, kernel, set: 0, setName: name };
      const onThreads = threads.map((n): Way => (crew === null || n === 1
        ? ranged(`pieces as ${n} threads share them`, shared(n))
        : { name: `${n} threads`, run: (args) => crew.executor(n).run(loaded, args) }));
      return [ranged('all pieces at once', whole), ranged('pieces in another order', shuffled), ranged('each piece by itself, the last first', oneByOne), ranged('pieces done twice', redone), ...(determinism === 'bitwise' ? onThreads : [])];
    },
    flaw: (testCase, call) => misnamed(kernelOf(testCase), testCase, call) ?? findOverlap(heap, kernelOf(testCase), call),
    bytesInUse: () => heap.bytesInUse,
    close: async () => { await crew?.close(); },
  };
}

function backendTarget(backend: Backend): ReadyTarget {
  const { memory } = backend;
  const own = new Map<string, boolean>();
  const serves = (testCase: OpCase): boolean => {
    const { op, dtype } = testCase;
    const key = `${op} ${dtype}`;
    if (!own.has(key)) own.set(key, backend.has(op, dtype) && servesItself(backend, testCase));
    return own.get(key)!;
  };
  const run = (testCase: OpCase) => (args: readonly number[]): void => backend.run(testCase.op, testCase.dtype, args);
  return {
    name: backend.name, determinism: backend.determinism, memory, serves,
    ways: (testCase) => [{ name: 'run', run: run(testCase) }, ...(backend.determinism === 'none' ? [] : [{ name: 'run again', run: run(testCase) }])],
    flaw: () => null,
    bytesInUse: () => ('bytesInUse' in memory && typeof memory.bytesInUse === 'number' ? memory.bytesInUse : 0),
    close: async () => undefined,
  };
}

/** Runs the case once: only then does a backend's receipt tell whether a fallback serves the op. A failure is its own, and tested later. */
function servesItself(backend: Backend, testCase: OpCase): boolean {
  const call = new GuardedCall(backend.memory, testCase);
  try {
    backend.run(testCase.op, testCase.dtype, call.args);
  } catch (error) {
    return (error as { code?: string }).code !== 'CVY_BACKEND_UNSUPPORTED';
  } finally {
    call.free();
  }
  const line = backend.placement().find(({ op, dtype }) => op === testCase.op && dtype === testCase.dtype);
  return line === undefined || !line.fallback;
}
