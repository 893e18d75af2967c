/** From the module of a kernel set to its table: the same two steps wherever kernels are used. */
import type { KernelModule, KernelSettings, KernelTable, KernelWishes, WasmMemory } from './kernel.js';

/** The wishes with the variant that the module chooses for them: on the calling thread, for all threads. */
export const settingsFor = (module: KernelModule, wishes: KernelWishes): KernelSettings => ({ ...wishes, variant: module.choose?.(wishes) ?? null });

/** The table for this thread and heap; undefined where the module exports neither kernels nor create(). */
export const tableOf = async (module: KernelModule, memory: WasmMemory, settings: KernelSettings): Promise<KernelTable | undefined> =>
  module.kernels ?? module.create?.(memory, settings);
