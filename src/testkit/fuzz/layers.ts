/** Drawn cases of batch normalisation, sums over channels, and the optimizers' steps. */
import { between, cycle, floats, input, output, SUMS } from '../cases/opCase.js';
import { sums, type Draw, type Float, type Sketch, type Sketches } from './draw.js';
import { count } from './elementwise.js';

/** A batch [n, c, s] of which every channel has elements; now and then so many channels that kernels cut them into pieces. */
function channels(draw: Draw): [n: number, c: number, s: number] {
  if (draw.chance(0.04)) return draw.chance(0.5) ? [draw.whole(20, 40), draw.whole(900, 1700), 1] : [draw.whole(10, 20), draw.whole(30, 80), draw.whole(20, 60)];
  const s = draw.chance(0.3) ? 1 : draw.some(draw.chance(0.1) ? 3000 : 60);
  return [draw.some(s > 100 ? 3 : 20), draw.size(s > 100 ? 3 : 24), s];
}

const given = (dtype: Float) => ({ inputs: 'random' as const, tolerance: SUMS[dtype] });
const [mean, variance] = [input(between(-1, 1)), input(between(0.1, 2))];

function sgdStep(draw: Draw, dtype: Float): Sketch {
  const n = count(draw);
  const momentum = draw.one(0, 0.5, 0.9);
  const first = Number(draw.chance(0.3));
  // What must not be read on a first step.
  const [momentumIn, momentumOut] = momentum === 0 ? [0, 0] : [input(first ? cycle(NaN) : floats), output()];
  const nesterov = Number(momentum > 0 && draw.chance(0.4));
  return {
    args: [
      input(floats), input(floats), momentumIn, output(), momentumOut, n,
      draw.one(0.1, 0.01), momentum, nesterov ? 0 : draw.one(0, 0.5), draw.one(0, 0.1), nesterov, first, Number(draw.chance(0.3)),
    ],
    flops: 6 * n, ...given(dtype),
  };
}

function adamStep(draw: Draw, dtype: Float): Sketch {
  const n = count(draw);
  const amsgrad = draw.chance(0.4);
  const squares = input(between(0.01, 1));
  return {
    args: [
      input(floats), input(floats), input(floats), squares, amsgrad ? squares : 0, output(), output(), output(), amsgrad ? output() : 0, n,
      draw.one(0.01, 0.001), 0.9, draw.one(0.99, 0.999), 1e-8, draw.one(0, 0.1), Number(draw.chance(0.5)), draw.whole(1, 50), Number(draw.chance(0.3)),
    ],
    flops: 14 * n, ...given(dtype),
  };
}

export const layerSketches: Pick<Sketches, 'batchNormStats' | 'batchNorm' | 'batchNormGrad' | 'channelSum' | 'sgdStep' | 'adamStep'> = {
  batchNormStats(draw, dtype) {
    const [n, c, s] = channels(draw);
    return { args: [input(floats), output(), output(), n, c, s], flops: 4 * n * c * s, ...given(dtype) };
  },
  batchNorm(draw, dtype) {
    const [n, c, s] = channels(draw);
    const [gamma, beta] = [draw.chance(0.6) ? input(floats) : 0, draw.chance(0.6) ? input(floats) : 0];
    return { args: [input(floats), mean, variance, gamma, beta, output(), n, c, s, draw.one(1e-5, 1e-2)], flops: 2 * n * c * s, ...given(dtype) };
  },
  batchNormGrad(draw, dtype) {
    const [n, c, s] = channels(draw);
    const gamma = draw.chance(0.6) ? input(floats) : 0;
    return { args: [input(floats), input(floats), mean, variance, gamma, output(), output(), output(), n, c, s, draw.one(1e-5, 1e-2)], flops: 8 * n * c * s, ...given(dtype) };
  },
  channelSum(draw, dtype) {
    const [n, c, s] = channels(draw);
    const { fill, ...judged } = sums(draw, dtype);
    return { args: [input(fill), output(), draw.chance(0.03) ? 0 : n, c, s], flops: n * c * s, ...judged };
  },
  sgdStep, adamStep,
};
