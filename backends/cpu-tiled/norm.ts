/** Batch normalisation of [n, c, s] per channel, its statistics and its gradients. */
import type { HeapViews, Kernel, OpArgs } from '../../src/backend/index.js';
import { grouped } from './loops.js';

/** Two passes over each channel: the mean of squares less the square of the mean would cancel. */
export const batchNormStats: Kernel<OpArgs['batchNormStats']> = grouped(
  'f32_batchNormStats__js', (args) => args[4], ([, , , n, , s]) => n * s,
  ({ f32 }, [x, mean, variance, n, c, s], first, end) => {
    for (let channel = first; channel < end; channel++) {
      let sum = 0;
      for (let image = 0; image < n; image++) sum += spanSum(f32, (x >>> 2) + (image * c + channel) * s, s);
      const centre = sum / (n * s);
      let squares = 0;
      for (let image = 0; image < n; image++) squares += spanSquares(f32, (x >>> 2) + (image * c + channel) * s, s, centre);
      f32[(mean >>> 2) + channel] = centre;
      f32[(variance >>> 2) + channel] = squares / (n * s);
    }
  });

function spanSum(v: Float32Array, at: number, s: number): number {
  let a = 0;
  let b = 0;
  let i = 0;
  for (; i + 1 < s; i += 2) {
    a += v[at + i];
    b += v[at + i + 1];
  }
  return i < s ? a + v[at + i] + b : a + b;
}

function spanSquares(v: Float32Array, at: number, s: number, centre: number): number {
  let a = 0;
  let b = 0;
  let i = 0;
  for (; i + 1 < s; i += 2) {
    const p = v[at + i] - centre;
    const q = v[at + i + 1] - centre;
    a += p * p;
    b += q * q;
  }
  if (i < s) a += (v[at + i] - centre) * (v[at + i] - centre);
  return a + b;
}

/** What is multiplied onto x − mean. */
const scaleOf = ({ f32 }: HeapViews, gamma: number, variance: number, channel: number, eps: number): number =>
  (gamma === 0 ? 1 : f32[(gamma >>> 2) + channel]) / Math.sqrt(f32[(variance >>> 2) + channel] + eps);

export const batchNorm: Kernel<OpArgs['batchNorm']> = grouped(
  'f32_batchNorm__js', (args) => args[6] * args[7], (args) => args[8],
  (heap, [x, mean, variance, gamma, beta, y, , c, s, eps], first, end) => {
    const { f32 } = heap;
    for (let row = first; row < end; row++) {
      const channel = row % c;
      const shift = beta === 0 ? 0 : f32[(beta >>> 2) + channel];
      affine(f32, (x >>> 2) + row * s, (y >>> 2) + row * s, s, f32[(mean >>> 2) + channel], scaleOf(heap, gamma, variance, channel, eps), shift);
    }
  });

function affine(v: Float32Array, x: number, y: number, s: number, centre: number, scale: number, shift: number): void {
  for (let i = 0; i < s; i++) v[y + i] = (v[x + i] - centre) * scale + shift;
}

/** Numbers per channel that the first phase leaves for the second: Σ g / N and Σ g·x̂ / N · 1/√(variance + eps). */
const KEPT = 2;

/**
 * With x̂ = (x − mean) / √(variance + eps) and N = n·s: gbeta = Σ g, ggamma = Σ g·x̂ and
 * gx = gamma / √(variance + eps) · (g − gbeta/N − x̂·ggamma/N), since mean and variance depend on x too (Ioffe & Szegedy 2015).
 * First phase: channels; second: rows [n, c], with the sums from the shared workspace.
 */
const sums: Kernel<OpArgs['batchNormGrad']> = grouped(
  '', (args) => args[9], (args) => args[8] * args[10],
  ({ f32, f64 }, [x, g, mean, variance, , , ggamma, gbeta, n, c, s, eps], first, end, { shared }) => {
    for (let channel = first; channel < end; channel++) {
      const centre = f32[(mean >>> 2) + channel];
      const inverse = 1 / Math.sqrt(f32[(variance >>> 2) + channel] + eps);
      let sum = 0;
      let product = 0;
      for (let image = 0; image < n; image++) {
        const plane = (image * c + channel) * s;
        const [xAt, gAt] = [(x >>> 2) + plane, (g >>> 2) + plane];
        for (let i = 0; i < s; i++) {
          const arriving = f32[gAt + i];
          sum += arriving;
          product += arriving * (f32[xAt + i] - centre);
        }
      }
      f32[(gbeta >>> 2) + channel] = sum;
      f32[(ggamma >>> 2) + channel] = product * inverse;
      f64[(shared >>> 3) + channel * KEPT] = sum / (n * s);
      f64[(shared >>> 3) + channel * KEPT + 1] = (product * inverse * inverse) / (n * s);
    }
  });

const inputs: Kernel<OpArgs['batchNormGrad']> = grouped(
  '', (args) => args[8] * args[9], (args) => args[10],
  (heap, [x, g, mean, variance, gamma, gx, , , , c, s, eps], first, end, { shared }) => {
    const { f32, f64 } = heap;
    for (let row = first; row < end; row++) {
      const channel = row % c;
      const kept = (shared >>> 3) + channel * KEPT;
      const scale = scaleOf(heap, gamma, variance, channel, eps);
      inputRow(f32, (x >>> 2) + row * s, (g >>> 2) + row * s, (gx >>> 2) + row * s, s, f32[(mean >>> 2) + channel], scale, f64[kept], f64[kept + 1]);
    }
  });

function inputRow(
  v: Float32Array, x: number, g: number, gx: number, s: number, centre: number, scale: number, meanGrad: number, slope: number,
): void {
  for (let i = 0; i < s; i++) v[gx + i] = scale * (v[g + i] - meanGrad - (v[x + i] - centre) * slope);
}

export const batchNormGrad: Kernel<OpArgs['batchNormGrad']> = {
  name: 'f32_batchNormGrad__js',
  phases: 2,
  pieces: (args, phase) => (phase === 0 ? sums : inputs).pieces(args, phase),
  workspace: (args) => ({ shared: args[9] * KEPT * 8 }),
  run: (heap, args, begin, end, work) => (work.phase === 0 ? sums : inputs).run(heap, args, begin, end, work),
};
