/**
 * Imports kernel sets and the sets they extend, numbering them in the order in which every thread imports them.
 */
import { API, type KernelModule, type KernelSetDefinition, type KernelSetSource, type KernelWishes } from '../backend/index.js';
import { settingsFor, tableOf } from '../backend/open.js';
import { BackendError, PluginError } from '../errors.js';
import type { Heap } from '../memory/index.js';
import type { LoadedSet } from './host.js';

export class KernelSets {
  private readonly loaded: (LoadedSet & KernelSetSource)[] = [];

  constructor(private readonly heap: Heap, private readonly definitionOf: (name: string) => KernelSetDefinition | undefined) {}

  /** Addresses of all loaded sets, by their numbers. */
  get sources(): readonly KernelSetSource[] {
    return this.loaded.map(({ name, url, settings }) => ({ name, url, settings }));
  }

  /** A set as it was loaded first, if it was. */
  get(name: string): (LoadedSet & KernelSetSource) | undefined {
    return this.loaded.find((loaded) => loaded.name === name);
  }

  /** The set and what it extends, in the order in which kernels are looked up. */
  async chain(name: string, wishes: KernelWishes): Promise<LoadedSet[]> {
    const chain: LoadedSet[] = [];
    for (let next: string | undefined = name; next !== undefined; next = this.definitionOf(next)?.extends) {
      if (chain.some((set) => set.name === next)) throw new PluginError('CVY_PLUGIN_INVALID', `nn: kernel set '${name}' extends itself through ${chain.map((set) => set.name).join(' → ')} but must end somewhere`);
      chain.push(await this.load(next, wishes));
    }
    return chain;
  }

  /** The set as wished for. Turbo is the same for the whole process, so sets of one name differ in their precision alone. */
  async load(name: string, wishes: KernelWishes): Promise<LoadedSet> {
    const known = (): LoadedSet | undefined => this.loaded.find((set) => set.name === name && set.settings.precision === wishes.precision);
    const before = known();
    if (before) return before;
    const definition = this.definitionOf(name);
    if (!definition) throw new BackendError('CVY_BACKEND_UNKNOWN', `nn: no kernel set named '${name}'`);
    const verdict = (await definition.probe?.()) ?? true;
    if (verdict !== true) throw new BackendError('CVY_BACKEND_UNAVAILABLE', `nn: kernel set '${name}' cannot run here: ${verdict}${definition.extends === undefined ? '' : `; '${definition.extends}' may`}`);
    const url = definition.kernels.href;
    let module: KernelModule;
    try {
      module = (await import(url)) as KernelModule;
    } catch (cause) {
      throw new PluginError('CVY_PLUGIN_INVALID', `nn: the kernels of '${name}' could not be imported: ${(cause as Error).message}`, { cause });
    }
    if (module.api !== API) throw new PluginError('CVY_PLUGIN_API', `nn: the kernels of '${name}' speak API ${module.api} but this Convoy speaks ${API}; install a version made for API ${API}`);
    const settings = settingsFor(module, wishes);
    const table = await tableOf(module, this.heap.views.memory, settings);
    if (!table) throw new PluginError('CVY_PLUGIN_INVALID', `nn: the module of '${name}' exports neither kernels nor create() but one is required`);
    const meanwhile = known();
    if (meanwhile) return meanwhile;
    const set = { name, url, settings, index: this.loaded.length, table, determinism: definition.determinism ?? 'none' };
    this.loaded.push(set);
    return set;
  }
}
