/**
 * Batch normalisation over [N, C, …]: kernels for the ordinary passes, a composition where the gradient is differentiated
 * again or a backend has no kernel.
 */
import { product } from '../../shape/index.js';
import { empty, type Tensor } from '../../tensor/index.js';
import { grad } from '../backward.js';
import { isGradEnabled, record } from '../tape.js';

/** [N, C, rest] as the kernels see it. */
const layout = (x: Tensor): [n: number, c: number, s: number] => [x.shape[0], x.shape[1], product(x.shape, 2, x.ndim)];
const channels = (v: Tensor, x: Tensor): Tensor => v.reshape([-1, ...new Array<number>(x.ndim - 2).fill(1)]);
const others = (x: Tensor): number[] => x.shape.map((_, i) => i).filter((i) => i !== 1);
const pointer = (x: Tensor | null): number => (x === null ? 0 : x.ptr);

/** Mean and biased variance of each channel, not recorded: what running statistics are updated with. */
export function channelStatistics(x: Tensor): { mean: Tensor; variance: Tensor } {
  if (!x.backend.has('batchNormStats', x.dtype)) {
    const data = x.detach();
    return { mean: data.mean(others(x)), variance: data.var(others(x), { correction: 0 }) };
  }
  const [n, c, s] = layout(x);
  const [mean, variance] = [empty(x.backend, [c], x.dtype), empty(x.backend, [c], x.dtype)];
  x.backend.run('batchNormStats', x.dtype, [x.ptr, mean.ptr, variance.ptr, n, c, s]);
  return { mean, variance };
}

/** (x − mean) / √(variance + eps) · gamma + beta in recorded operations. */
function composed(x: Tensor, mean: Tensor, variance: Tensor, gamma: Tensor | null, beta: Tensor | null, eps: number): Tensor {
  let y = x.sub(channels(mean, x)).div(channels(variance, x).add(eps).sqrt());
  if (gamma !== null) y = y.mul(channels(gamma, x));
  return beta === null ? y : y.add(channels(beta, x));
}

function normalise(x: Tensor, mean: Tensor, variance: Tensor, gamma: Tensor | null, beta: Tensor | null, eps: number): Tensor {
  const y = empty(x.backend, x.shape, x.dtype);
  x.backend.run('batchNorm', x.dtype, [x.ptr, mean.ptr, variance.ptr, pointer(gamma), pointer(beta), y.ptr, ...layout(x), eps]);
  return y;
}

/** With fixed statistics: evaluation mode. */
export function normWithStatistics(x: Tensor, mean: Tensor, variance: Tensor, gamma: Tensor | null, beta: Tensor | null, eps: number): Tensor {
  const wanted = isGradEnabled() && [x, mean, variance, gamma, beta].some((tensor) => tensor?.requiresGrad);
  return wanted || !x.backend.has('batchNorm', x.dtype) ? composed(x, mean, variance, gamma, beta, eps) : normalise(x, mean, variance, gamma, beta, eps);
}

/**
 * With the batch's own statistics, through which the gradient flows: training mode. `mean` and `variance` are those of channelStatistics. A
 * channel without variance or eps becomes NaN, or `flat` zeros plus beta: of PyTorch's norms some do the one and some the other.
 */
export function normOverBatch(x: Tensor, mean: Tensor, variance: Tensor, gamma: Tensor | null, beta: Tensor | null, eps: number, flat = false): Tensor {
  const spread = (v: Tensor): Tensor => (flat && eps === 0 ? v.maskedFill(v.eq(0), Infinity) : v);
  const throughBatch = (input: Tensor, g: Tensor | null, b: Tensor | null): Tensor =>
    composed(input, input.mean(others(input)), spread(input.var(others(input), { correction: 0 })), g, b, eps);
  if (!x.backend.has('batchNorm', x.dtype) || !x.backend.has('batchNormGrad', x.dtype)) return throughBatch(x, gamma, beta);
  const affine = [gamma, beta].filter((tensor) => tensor !== null);
  const deviating = spread(variance);
  return record('batchNorm', normalise(x, mean, deviating, gamma, beta, eps), [x, ...affine], [x, mean, deviating, ...affine], (g, saved, needs) => {
    const [sx, smean, svariance, ...rest] = saved;
    const [sgamma, sbeta] = [gamma === null ? null : rest[0], beta === null ? null : rest[rest.length - 1]];
    if (isGradEnabled()) {
      const inputs = [sx, ...rest].filter((_, i) => needs[i]);
      const found = grad(throughBatch(sx, sgamma, sbeta), inputs, { gradOutputs: [g], createGraph: true });
      return needs.map((need) => (need ? found.shift()! : null));
    }
    const gx = empty(g.backend, sx.shape, sx.dtype);
    const [ggamma, gbeta] = [empty(g.backend, [sx.shape[1]], sx.dtype), empty(g.backend, [sx.shape[1]], sx.dtype)];
    g.backend.run('batchNormGrad', g.dtype, [sx.ptr, g.ptr, smean.ptr, svariance.ptr, pointer(sgamma), gx.ptr, ggamma.ptr, gbeta.ptr, ...layout(sx), eps]);
    return [gx, ...(gamma === null ? [] : [ggamma]), ...(beta === null ? [] : [gbeta])];
  });
}
