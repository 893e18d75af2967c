/** wasm-simd with direct convolutions throughout, where it would take Winograd's algorithm or the kernels for few channels: what those gain. */
import { conv } from '../dist/backends/wasm-simd/conv.js';
import { convGradWeight } from '../dist/backends/wasm-simd/convGradWeight.js';
import { instantiate, tidy } from '../dist/backends/wasm-simd/wasm.js';
import { API } from '../dist/src/backend/index.js';

export { choose } from '../dist/backends/wasm-simd/variants.js';

export const api = API;

export function create(memory, { turbo, variant, precision }) {
  const wasm = instantiate(memory, variant.name, precision);
  const table = { ...conv(wasm), ...convGradWeight(wasm) };
  return turbo ? tidy(table) : table;
}
