/**
 * The composition root: one Convoy owns a heap, a crew of threads and the registered backends, and makes an `nn` per model.
 * The only user of inversify's Container.
 */
import 'reflect-metadata/lite';
import { Container } from 'inversify';
import { availableParallelism } from 'node:os';
import { cpuNaive } from '../../backends/cpu-naive/index.js';
import { cpuTiled } from '../../backends/cpu-tiled/index.js';
import { supports } from '../../backends/wasm-simd/features.js';
import { wasmSimd } from '../../backends/wasm-simd/index.js';
import { createCrew, type Crew } from '../../backends/worker-pool/index.js';
import { createRng, defineBackend, isKernelSet, type Backend, type BackendDefinition, type Device, type DeviceDefinition, type KernelSetDefinition, type KernelWishes, type Placement, type Precision, PRECISIONS, type Rng, type Variant } from '../backend/index.js';
import { inlineExecutor } from '../backend/inline.js';
import { checkEnvironment, env, trace } from '../debug.js';
import { BACKEND, RNG, SPEC } from '../di/tokens.js';
import { ArgumentError, BackendError, checkOptions, ConvoyError, didYouMean, PluginError } from '../errors.js';
import { arenaOf, Heap, type MemoryStatistics } from '../memory/index.js';
import { NN, type LayerClass } from '../nn/index.js';
import type { Module } from '../nn/module.js';
import { DeviceBackend } from './device.js';
import { FALLBACKS, HostBackend, type Fallback } from './host.js';
import { KernelSets } from './kernelSets.js';
import { decideTurbo } from './turbo.js';
import { ValidatingBackend } from './validate.js';

const POOL = 'worker-pool';
const REFERENCE = 'cpu-naive';
/** Kernels that the pool runs when none are named: without SIMD (a processor before SSE 4.1) slower ones. */
export const DEFAULT_KERNELS = supports('simd') ? 'wasm-simd' : 'cpu-tiled';
/** The warning that default kernels are slow ones was given. */
let slow = false;
/** Definitions of backends in the root container, by name. */
const DEFINITION = Symbol.for('convoy/BackendDefinition');

export interface ConvoyOptions {
  /** Backends of third parties, as for `use`. */
  plugins?: readonly BackendDefinition[];
  /** Bytes of address space to reserve for the heap; default 4 GiB. Pages are resident only once they are used. */
  memory?: number;
}

export interface NNOptions {
  /** Default 'worker-pool'. */
  backend?: string;
  /** Threads of the pool, the calling one included; default: the machine's cores. */
  threads?: number;
  /** Seed of weights, dropout and rand; default: drawn at random, see `nn.rng.seed`. */
  seed?: number;
  /** Kernel set that the pool runs; default 'wasm-simd', or 'cpu-tiled' where Node has no SIMD, with a warning. */
  kernels?: string;
  /**
   * Lets kernel sets use V8's experimental compilers. Flags of V8 hold for the whole process, so its first `nn()` decides; default
   * false there, later what was decided.
   */
  turbo?: boolean;
  /** 'high' (default) keeps PyTorch's tolerances; 'highest' never uses an algorithm that rounds more than a sum of products, 'fast' wherever it is faster. */
  precision?: Precision;
  /** What happens when the backend lacks a kernel; default 'warn', once per op. */
  fallback?: Fallback;
}

/** A registered backend, as `convoy.backends()` shows it. */
export interface BackendInfo {
  readonly name: string;
  readonly kind: 'kernel set' | 'pool' | 'device';
  readonly version: string | null;
  readonly extends: string | null;
  readonly determinism: string;
  /** true, the reason why not, or null before the backend was probed. */
  readonly available: boolean | string | null;
  /** The build of it that runs here and why, where it has several; null before it was loaded. */
  readonly variant: Variant | null;
  /** Ops that it brings kernels for itself; null before they were loaded (see `probe`), and for devices and the pool. */
  readonly ops: readonly string[] | null;
  /** Models that run on it, with the kernels that served them so far. */
  readonly models: { readonly kernels: string | null; readonly threads: number; readonly placement: Placement[] }[];
}

export class Convoy {
  private readonly root = new Container();
  private readonly names: string[] = [POOL];
  private readonly heap: Heap;
  private readonly sets: KernelSets;
  private readonly devices = new Map<string, Promise<Device>>();
  private readonly verdicts = new Map<string, true | string>();
  private readonly models: { name: string; kernels: string | null; backend: Backend }[] = [];
  private crew: Crew | null = null;
  private closed = false;

  constructor(options: ConvoyOptions = {}) {
    checkOptions('createConvoy', options, ['plugins', 'memory']);
    checkEnvironment();
    this.heap = new Heap(options.memory);
    this.sets = new KernelSets(this.heap, (name) => {
      const definition = this.definition(name);
      return definition && isKernelSet(definition) ? definition : undefined;
    });
    this.use(cpuNaive).use(cpuTiled).use(wasmSimd);
    for (const plugin of options.plugins ?? []) this.use(plugin);
  }

  /**
   * Registers a backend of a third party: an object made by `defineBackend`.
   * @throws {PluginError} CVY_PLUGIN_API, CVY_PLUGIN_NAME, CVY_PLUGIN_INVALID
   */
  use(plugin: BackendDefinition): this {
    this.assertOpen('use');
    const definition = defineBackend(plugin);
    if (this.names.includes(definition.name)) throw new PluginError('CVY_PLUGIN_NAME', `use: a backend named '${definition.name}' is registered already but names must differ; registered: ${this.names.join(', ')}`);
    if (isKernelSet(definition) && definition.extends !== undefined) {
      const base = this.definition(definition.extends);
      if (!base || !isKernelSet(base)) throw new PluginError('CVY_PLUGIN_INVALID', `use: '${definition.name}' extends '${definition.extends}' but no kernel set of that name is registered${didYouMean(definition.extends, this.names)}`);
    }
    this.root.bind<BackendDefinition>(DEFINITION).toConstantValue(definition).whenNamed(definition.name);
    this.names.push(definition.name);
    return this;
  }

  /**
   * Layers, tensors and random numbers on one backend: what a model is built from.
   * @throws {BackendError} CVY_BACKEND_UNKNOWN, CVY_BACKEND_UNAVAILABLE, CVY_BACKEND_UNSUPPORTED
   * @throws {ArgumentError} CVY_ARG_OPTION, CVY_ARG_VALUE
   */
  async nn(options: NNOptions = {}): Promise<NN> {
    this.assertOpen('nn');
    const { name, kernels, threads, seed, fallback, wishes } = this.resolve(options);
    const backend = await this.backend(name, kernels, threads, fallback, wishes);
    this.assertOpen('nn');
    this.models.push({ name, kernels: name === POOL ? kernels : null, backend });
    trace(1, `nn: backend ${name}, ${name === POOL ? `kernels ${kernels}, ${threads} threads, ` : ''}seed ${seed}`);
    const rng = createRng(seed);
    const child = new Container({ parent: this.root });
    child.bind<Backend>(BACKEND).toConstantValue(backend);
    child.bind<Rng>(RNG).toConstantValue(rng);
    return new NN(backend, rng, (layer, spec) => construct(child, layer, spec));
  }

  /** Registered backends, with what is known of them. Probes that have not run show as null: see `probe`. */
  backends(): BackendInfo[] {
    return this.names.map((name) => {
      const definition = name === POOL ? undefined : this.definition(name)!;
      const base = { name, version: definition?.version ?? null, available: name === POOL ? true : this.verdicts.get(name) ?? (definition!.probe ? null : true), ...this.loaded(name) };
      const models = this.models.filter((model) => model.name === name).map(({ kernels, backend }) => ({ kernels, threads: backend.threads, placement: backend.placement() }));
      if (!definition) return { ...base, kind: 'pool', extends: null, determinism: 'that of its kernels', models };
      return {
        ...base, kind: isKernelSet(definition) ? 'kernel set' : 'device', extends: isKernelSet(definition) ? definition.extends ?? null : null,
        determinism: definition.determinism ?? 'none', models,
      };
    });
  }

  /**
   * Asks every backend whether it can run here and loads its kernels, as the first `nn({ turbo })` would; afterwards `backends()` tells.
   * @throws {ArgumentError} CVY_ARG_OPTION, CVY_ARG_VALUE
   */
  async probe(options: Pick<NNOptions, 'turbo'> = {}): Promise<BackendInfo[]> {
    checkOptions('probe', options, ['turbo']);
    const wishes: KernelWishes = { turbo: decideTurbo('probe', options.turbo), precision: 'high' };
    for (const name of this.names) {
      const definition = name === POOL ? undefined : this.definition(name);
      if (!definition) continue;
      let verdict = (await definition.probe?.()) ?? true;
      if (verdict === true && isKernelSet(definition)) verdict = await this.sets.load(name, wishes).then(() => true as const, (error: Error) => error.message);
      this.verdicts.set(name, verdict);
    }
    return this.backends();
  }

  /** Bytes in use, their peak, and live tensors, over the heap and all devices in use. */
  memory(): MemoryStatistics {
    const memories = new Set([this.heap, ...this.models.map(({ backend }) => backend.memory)]);
    const sum: MemoryStatistics = { bytesInUse: 0, peakBytes: 0, reservedBytes: this.heap.reservedBytes, liveTensors: 0 };
    for (const memory of memories) {
      const { bytesInUse, peakBytes, liveTensors } = arenaOf(memory).statistics();
      sum.bytesInUse += bytesInUse;
      sum.peakBytes += peakBytes;
      sum.liveTensors += liveTensors;
    }
    return sum;
  }

  /** Ends threads and devices. Tensors and models of this convoy cannot be used afterwards. A script may leave it out. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const memory of new Set([this.heap, ...this.models.map(({ backend }) => backend.memory)])) arenaOf(memory).closed = true;
    await this.crew?.close();
    for (const device of this.devices.values()) await (await device.catch(() => null))?.dispose?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private definition(name: string): BackendDefinition | undefined {
    return this.names.includes(name) && name !== POOL ? this.root.get<BackendDefinition>(DEFINITION, { name }) : undefined;
  }

  private loaded(name: string): Pick<BackendInfo, 'ops' | 'variant'> {
    const set = this.sets.get(name);
    return { ops: set ? Object.keys(set.table) : null, variant: set?.settings.variant ?? null };
  }

  private resolve(options: NNOptions): { name: string; kernels: string; threads: number; seed: number; fallback: Fallback; wishes: KernelWishes } {
    checkOptions('nn', options, ['backend', 'threads', 'seed', 'kernels', 'turbo', 'precision', 'fallback']);
    const { backend: name = POOL, precision = 'high', fallback = 'warn' } = options;
    if (!this.names.includes(name)) throw new BackendError('CVY_BACKEND_UNKNOWN', `nn: no backend named '${name}'; registered: ${this.names.join(', ')}${didYouMean(name, this.names)}`);
    if (options.kernels !== undefined && name !== POOL) throw new ArgumentError('CVY_ARG_OPTION', `nn: kernels is '${options.kernels}' but only backend '${POOL}' takes it (backend '${name}')`);
    const { kernels = DEFAULT_KERNELS } = options;
    if (name === POOL && options.kernels === undefined && kernels !== wasmSimd.name && !slow) {
      slow = true;
      process.emitWarning(`nn: this Node has no WebAssembly SIMD, which '${wasmSimd.name}' needs; '${kernels}' serves, many times slower`, 'ConvoyFallbackWarning');
    }
    const chosen = this.definition(name === POOL ? kernels : name);
    const sets = this.names.filter((n) => n !== POOL);
    if (!chosen) throw new BackendError('CVY_BACKEND_UNKNOWN', `nn: no kernel set named '${kernels}'; registered: ${sets.join(', ')}${didYouMean(kernels, sets)}`);
    if (name === POOL && !isKernelSet(chosen)) throw new BackendError('CVY_BACKEND_UNSUPPORTED', `nn: kernels is '${kernels}' but that is a device and '${POOL}' needs a kernel set`);
    const { threads = name === POOL ? availableParallelism() : 1 } = options;
    if (!Number.isInteger(threads) || threads < 1) throw new ArgumentError('CVY_ARG_VALUE', `nn: threads is ${JSON.stringify(threads)} but must be an integer ≥ 1`);
    if (threads > 1 && isKernelSet(chosen) && name !== POOL) throw new ArgumentError('CVY_ARG_VALUE', `nn: threads is ${threads} but backend '${name}' runs on the calling thread; pass { backend: '${POOL}', kernels: '${name}' }`);
    const { seed = Math.floor(Math.random() * 4294967296) } = options;
    if (!Number.isSafeInteger(seed) || seed < 0) throw new ArgumentError('CVY_ARG_VALUE', `nn: seed is ${JSON.stringify(seed)} but must be an integer ≥ 0`);
    if (!FALLBACKS.includes(fallback)) throw new ArgumentError('CVY_ARG_VALUE', `nn: fallback is '${String(fallback)}' but must be one of ${FALLBACKS.join(', ')}`);
    if (!PRECISIONS.includes(precision)) throw new ArgumentError('CVY_ARG_VALUE', `nn: precision is '${String(precision)}' but must be one of ${PRECISIONS.join(', ')}`);
    return { name, kernels, threads, seed, fallback, wishes: { turbo: decideTurbo('nn', options.turbo), precision } };
  }

  private async backend(name: string, kernels: string, threads: number, fallback: Fallback, wishes: KernelWishes): Promise<Backend> {
    const definition = this.definition(name);
    if (definition && !isKernelSet(definition)) return new DeviceBackend(definition, await this.device(definition, threads), threads, fallback);
    // Threads take as long to start as kernel sets to load. With turbo, V8's flags are set first, by the set that needs them.
    const starting = definition || wishes.turbo ? null : this.grow(threads);
    starting?.catch(() => undefined);
    const chain = await this.sets.chain(definition ? name : kernels, wishes);
    const last = await this.sets.load(REFERENCE, wishes);
    const validator = env('CONVOY_VALIDATE');
    const reference = validator ? await this.sets.load(this.checkValidator(validator), wishes) : null;
    const executor = definition ? inlineExecutor(this.heap) : await this.pool(threads);
    const backend = new HostBackend(name, this.heap, chain, last, executor, fallback);
    return reference ? new ValidatingBackend(backend, this.heap, reference, inlineExecutor(this.heap)) : backend;
  }

  private checkValidator(name: string): string {
    const definition = this.definition(name) as KernelSetDefinition | undefined;
    if (!definition || !isKernelSet(definition)) throw new BackendError('CVY_BACKEND_UNKNOWN', `CONVOY_VALIDATE: no kernel set named '${name}'; registered: ${this.names.join(', ')}`);
    return name;
  }

  /** The one crew, grown to `threads` and knowing all kernel sets loaded so far. */
  private async pool(threads: number) {
    const crew = await this.grow(threads);
    await crew.load(this.sets.sources);
    return crew.executor(threads);
  }

  private async grow(threads: number): Promise<Crew> {
    this.crew ??= createCrew(this.heap);
    if (threads > this.crew.threads) await this.crew.resize(threads);
    return this.crew;
  }

  private device(definition: DeviceDefinition, threads: number): Promise<Device> {
    let device = this.devices.get(definition.name);
    if (!device) {
      device = (async () => {
        const verdict = await definition.probe();
        this.verdicts.set(definition.name, verdict);
        if (verdict !== true) throw new BackendError('CVY_BACKEND_UNAVAILABLE', `nn: device '${definition.name}' cannot run here: ${verdict}`);
        const made = await definition.create({ threads });
        if (!made?.memory || !made.ops) throw new PluginError('CVY_PLUGIN_INVALID', `nn: create() of device '${definition.name}' returned no ${made?.memory ? 'ops' : 'memory'} but an object with memory and ops is required`);
        return made;
      })();
      this.devices.set(definition.name, device);
      device.catch(() => this.devices.delete(definition.name));
    }
    return device;
  }

  private assertOpen(op: string): void {
    if (this.closed) throw new BackendError('CVY_BACKEND_CLOSED', `${op}: the convoy is closed but must be open; make a new one with createConvoy()`);
  }
}

/**
 * Has inversify construct a layer: a throw-away child binds SPEC, so that a layer is never a singleton and never leaks one
 * model's backend into another.
 */
function construct<M extends Module, S>(parent: Container, layer: LayerClass<M, S>, spec: S): M {
  const child = new Container({ parent });
  child.bind<S>(SPEC).toConstantValue(spec);
  child.bind<M>(layer).toSelf();
  try {
    return child.get<M>(layer);
  } catch (error) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) if (cause instanceof ConvoyError) throw cause;
    throw new ArgumentError('CVY_ARG_TYPE', `make: ${layer?.name ?? String(layer)} could not be constructed (${(error as Error).message.split('\n')[0]}) but must be @injectable() with @inject(SPEC), @inject(BACKEND) or @inject(RNG) on each constructor parameter`, { cause: error });
  }
}

/** A convoy: heap, threads and backends. See {@link ConvoyOptions}. */
export const createConvoy = (options?: ConvoyOptions): Convoy => new Convoy(options);
