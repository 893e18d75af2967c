/** Public entry `convoy-nn/backend`: all that a backend's author needs. Only re-exports. */
export { API, defineBackend, isKernelSet, missingCore } from './backend.js';
export type {
  Backend, BackendDefinition, Determinism, Device, DeviceDefinition, DeviceEnv, Executor, KernelSetDefinition, KernelSetSource,
  LoadedKernel, Memory, Placement,
} from './backend.js';
export { BYTES, DTYPES, isFloat, typedArray } from './dtype.js';
export type { DType, FloatDType, TypedArray } from './dtype.js';
export { BLOCK, blocks, DEFAULT_SETTINGS, kernelName, PRECISIONS } from './kernel.js';
export type { HeapViews, Kernel, KernelModule, KernelSettings, KernelTable, KernelWishes, Precision, Variant, WasmMemory, Work } from './kernel.js';
export { OP_NAMES, OPS } from './ops.js';
export type { Args, BufferUse, ConvGeometry, OpArgs, OpInfo, OpName, PoolGeometry } from './ops.js';
export { createRng, normalAt, permutation, philox, uniformAt } from './rng.js';
export type { Rng } from './rng.js';
