import type { NNOptions } from '../../dist/src/index.js';
export { createConvoy } from '../../dist/src/index.js';
export const BACKENDS: Readonly<Record<'cpu-naive' | 'cpu-tiled' | 'worker-pool' | 'wasm-simd', NNOptions>>;
