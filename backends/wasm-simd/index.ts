/** The backend 'wasm-simd': float32 kernels in WebAssembly SIMD, compiled from assembly/. The rest comes from cpu-tiled. */
import { API, defineBackend } from '../../src/backend/index.js';
import { supports } from './features.js';

export const wasmSimd = defineBackend({
  name: 'wasm-simd', api: API, kernels: new URL('./kernels.js', import.meta.url), extends: 'cpu-tiled', determinism: 'bitwise',
  probe: () => supports('simd') || 'this Node has no WebAssembly SIMD',
});
export default wasmSimd;
