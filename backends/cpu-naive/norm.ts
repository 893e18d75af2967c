/** Batch normalisation of [n, c, s] per channel, and its statistics and gradients; a channel a piece. */
import type { Kernel, OpArgs } from '../../src/backend/index.js';
import { each, type Store } from './loops.js';

/** Two passes: the mean of squares less the square of the mean would cancel. */
export const batchNormStats = (of: Store): Kernel<OpArgs['batchNormStats']> =>
  each(([, , , , c]) => c, (heap, [x, mean, variance, n, c, s], first, end) => {
    const view = of.view(heap);
    for (let channel = first; channel < end; channel++) {
      let sum = 0;
      for (let image = 0; image < n; image++) {
        const at = (x >>> of.log2) + (image * c + channel) * s;
        for (let i = 0; i < s; i++) sum += view[at + i];
      }
      const centre = sum / (n * s);
      let squares = 0;
      for (let image = 0; image < n; image++) {
        const at = (x >>> of.log2) + (image * c + channel) * s;
        for (let i = 0; i < s; i++) squares += (view[at + i] - centre) ** 2;
      }
      view[(mean >>> of.log2) + channel] = centre;
      view[(variance >>> of.log2) + channel] = squares / (n * s);
    }
  });

export const batchNorm = (of: Store): Kernel<OpArgs['batchNorm']> =>
  each((args) => args[7], (heap, [x, mean, variance, gamma, beta, y, n, c, s, eps], first, end) => {
    const view = of.view(heap);
    for (let channel = first; channel < end; channel++) {
      const centre = view[(mean >>> of.log2) + channel];
      const scale = (gamma === 0 ? 1 : view[(gamma >>> of.log2) + channel]) / Math.sqrt(view[(variance >>> of.log2) + channel] + eps);
      const shift = beta === 0 ? 0 : view[(beta >>> of.log2) + channel];
      for (let image = 0; image < n; image++) {
        const plane = (image * c + channel) * s;
        const [xAt, yAt] = [(x >>> of.log2) + plane, (y >>> of.log2) + plane];
        for (let i = 0; i < s; i++) view[yAt + i] = (view[xAt + i] - centre) * scale + shift;
      }
    }
  });

/**
 * With x̂ = (x − mean) / √(variance + eps) and N = n·s: gbeta = Σ g, ggamma = Σ g·x̂ and
 * gx = gamma / √(variance + eps) · (g − gbeta/N − x̂·ggamma/N), since mean and variance depend on x too (Ioffe & Szegedy 2015).
 */
export const batchNormGrad = (of: Store): Kernel<OpArgs['batchNormGrad']> =>
  each((args) => args[9], (heap, [x, g, mean, variance, gamma, gx, ggamma, gbeta, n, c, s, eps], first, end) => {
    const view = of.view(heap);
    for (let channel = first; channel < end; channel++) {
      const centre = view[(mean >>> of.log2) + channel];
      const inverse = 1 / Math.sqrt(view[(variance >>> of.log2) + channel] + eps);
      let sum = 0;
      let product = 0;
      for (let image = 0; image < n; image++) {
        const plane = (image * c + channel) * s;
        const [xAt, gAt] = [(x >>> of.log2) + plane, (g >>> of.log2) + plane];
        for (let i = 0; i < s; i++) {
          sum += view[gAt + i];
          product += view[gAt + i] * (view[xAt + i] - centre);
        }
      }
      const gradGamma = product * inverse;
      const scale = (gamma === 0 ? 1 : view[(gamma >>> of.log2) + channel]) * inverse;
      const meanGrad = sum / (n * s);
      const slope = (gradGamma * inverse) / (n * s);
      for (let image = 0; image < n; image++) {
        const plane = (image * c + channel) * s;
        const [xAt, gAt, gxAt] = [(x >>> of.log2) + plane, (g >>> of.log2) + plane, (gx >>> of.log2) + plane];
        for (let i = 0; i < s; i++) view[gxAt + i] = scale * (view[gAt + i] - meanGrad - (view[xAt + i] - centre) * slope);
      }
      view[(ggamma >>> of.log2) + channel] = gradGamma;
      view[(gbeta >>> of.log2) + channel] = sum;
    }
  });
