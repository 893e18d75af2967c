/**
 * The contract between engine and backends: what the engine calls (`Backend`, `Memory`), and what an author defines
 * (`defineBackend`: a kernel set or a device). Not the kernels' own contract: that is kernel.ts.
 */
import { PluginError } from '../errors.js';
import type { DType, TypedArray } from './dtype.js';
import type { Kernel, KernelSettings } from './kernel.js';
import { OP_NAMES, OPS, type Args, type OpName } from './ops.js';

/** The API number that this Convoy speaks. A plugin with another number is refused. */
export const API = 1;

/**
 * Whether repeated calls give the same bits: for any number of threads (`bitwise`), for the same number (`run-to-run`),
 * or not at all (`none`). The conformance kit holds a backend to its word.
 */
export type Determinism = 'bitwise' | 'run-to-run' | 'none';

/**
 * Memory that tensors live in: the host heap, or a device's own.
 * The engine allocates and frees; kernels never do. Pointers are numbers above 0, multiples of 64 on the host.
 */
export interface Memory {
  readonly kind: 'host' | 'device';
  /** A block of at least `bytes`; throws MemoryError CVY_MEMORY_EXHAUSTED when there is none. */
  alloc(bytes: number): number;
  free(ptr: number): void;
  /** Copies host data in. `data` is of the buffer's dtype. */
  write(ptr: number, data: TypedArray, offsetBytes?: number): void;
  /** A copy of `length` elements. On a device this may block until queued work is done. */
  read(ptr: number, dtype: DType, length: number): TypedArray;
  /** The elements themselves, not to be changed and valid until the block is freed; absent on a device. */
  view?(ptr: number, dtype: DType, length: number): TypedArray;
  /** The same without blocking; absent where `read` never blocks. */
  readAsync?(ptr: number, dtype: DType, length: number): Promise<TypedArray>;
}

/** One line of the receipt: a kernel that served an op and dtype. There are several where shapes decide which algorithm runs. */
export interface Placement {
  readonly op: OpName;
  readonly dtype: DType;
  /** Kernel set or device that serves it, or 'composition'. */
  readonly servedBy: string;
  readonly kernel: string;
  /** True when it is not the chosen backend's own (nor declared by `extends`). */
  readonly fallback: boolean;
  /** Calls that it served so far. */
  readonly calls: number;
}

/** A backend as the engine sees it: ready to run, bound to one convoy. */
export interface Backend {
  readonly name: string;
  readonly memory: Memory;
  readonly threads: number;
  readonly determinism: Determinism;
  /** Runs an op to its end (host) or queues it in order (device). Throws BackendError when nothing can serve it. */
  run(op: OpName, dtype: DType, args: Args): void;
  /** Whether a kernel serves the op; if not, the engine composes it from core ops. */
  has(op: OpName, dtype: DType): boolean;
  /** What has served which op so far. */
  placement(): Placement[];
}

/** A kernel that was found: what an executor needs to run it here, and to name it to other threads. */
export interface LoadedKernel {
  readonly op: OpName;
  readonly dtype: DType;
  readonly kernel: Kernel;
  /** Position of the kernel's set in the order in which the convoy loaded sets. */
  readonly set: number;
  /** Name of that set. */
  readonly setName: string;
}

/** Address of a loaded kernel set's module and how its kernels are made, for threads that import it themselves. */
export interface KernelSetSource {
  readonly name: string;
  readonly url: string;
  readonly settings: KernelSettings;
}

/** How host kernels are run: on the calling thread, or spread over threads. Knows no op. */
export interface Executor {
  readonly threads: number;
  run(kernel: LoadedKernel, args: Args): void;
}

/** What an author of a kernel set defines. The module is imported by the caller and by every worker. */
export interface KernelSetDefinition {
  readonly name: string;
  readonly api: number;
  readonly version?: string;
  /** The module (see KernelModule), as `new URL('./kernels.js', import.meta.url)`. */
  readonly kernels: URL;
  /** Kernel set that serves what this one lacks, by declaration: no fallback policy applies to it. */
  readonly extends?: string;
  readonly determinism?: Determinism;
  /** true, or the reason why the set cannot run here. */
  probe?(): true | string | Promise<true | string>;
}

/** What a device gets when it is created. */
export interface DeviceEnv {
  readonly threads: number;
}

/** A device at work. `ops` must hold every core op for float32; the rest is composed from them. */
export interface Device {
  readonly memory: Memory;
  readonly ops: { readonly [O in OpName]?: (dtype: DType, args: Args) => void };
  /** Dtypes of an op; default: those that cpu-naive serves. */
  dtypes?(op: OpName): readonly DType[];
  dispose?(): void | Promise<void>;
}

/** What an author of a device defines. */
export interface DeviceDefinition {
  readonly name: string;
  readonly api: number;
  readonly version?: string;
  readonly determinism?: Determinism;
  probe(): true | string | Promise<true | string>;
  create(env: DeviceEnv): Device | Promise<Device>;
}

export type BackendDefinition = KernelSetDefinition | DeviceDefinition;

export const isKernelSet = (definition: BackendDefinition): definition is KernelSetDefinition => 'kernels' in definition;

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Checks a backend's definition and returns it unchanged.
 * @throws {PluginError} CVY_PLUGIN_API, CVY_PLUGIN_NAME or CVY_PLUGIN_INVALID, in one sentence.
 */
export function defineBackend<D extends BackendDefinition>(definition: D): D {
  const d = definition as Partial<KernelSetDefinition & DeviceDefinition> | null;
  if (d === null || typeof d !== 'object') {
    throw new PluginError('CVY_PLUGIN_INVALID', `use: a plugin is ${d === null ? 'null' : `a ${typeof d}`} but must be an object made by defineBackend`);
  }
  if (typeof d.name !== 'string' || !NAME.test(d.name)) {
    throw new PluginError('CVY_PLUGIN_NAME', `use: the plugin's name is ${JSON.stringify(d.name)} but must be lower-case words joined by hyphens`);
  }
  if (d.api !== API) {
    throw new PluginError('CVY_PLUGIN_API', `use: plugin '${d.name}' speaks backend API ${d.api} but this Convoy speaks ${API}; install a version of the plugin made for API ${API}`);
  }
  if (!(d.kernels instanceof URL) && typeof d.create !== 'function') {
    throw new PluginError('CVY_PLUGIN_INVALID', `use: plugin '${d.name}' has neither kernels (a URL of a module) nor create() but one of them is required`);
  }
  if (typeof d.create === 'function' && typeof d.probe !== 'function') {
    throw new PluginError('CVY_PLUGIN_INVALID', `use: device '${d.name}' has no probe() but must say whether it can run here`);
  }
  return definition;
}

/** The core ops that a device lacks. */
export const missingCore = (device: Device): OpName[] => OP_NAMES.filter((name) => OPS[name].core && !device.ops[name]);
