/** The backend 'cpu-naive': plain loops in float32 and float64, sums in doubles. Slow, short, and right by definition. */
import { API, defineBackend } from '../../src/backend/index.js';

export const cpuNaive = defineBackend({
  name: 'cpu-naive', api: API, kernels: new URL('./kernels.js', import.meta.url), determinism: 'bitwise',
});
export default cpuNaive;
