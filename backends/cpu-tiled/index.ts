/** The backend 'cpu-tiled': cache-blocked float32 kernels in plain TypeScript. float64 and rare ops come from cpu-naive. */
import { API, defineBackend } from '../../src/backend/index.js';

export const cpuTiled = defineBackend({
  name: 'cpu-tiled', api: API, kernels: new URL('./kernels.js', import.meta.url), extends: 'cpu-naive', determinism: 'bitwise',
});
export default cpuTiled;
