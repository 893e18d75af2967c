/** The composition root. Only re-exports. */
export { Convoy, createConvoy, DEFAULT_KERNELS } from './convoy.js';
export type { BackendInfo, ConvoyOptions, NNOptions } from './convoy.js';
export type { Fallback } from './host.js';
