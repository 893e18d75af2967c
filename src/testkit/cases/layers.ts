/** Cases of batch normalisation, sums over channels, and the optimizers' steps. */
import { BLOCK } from '../../backend/index.js';
import { between, CLOSE, cycle, exactAndRandom, FLOATS, floats, input, opCase, output, SUMS, type Fill, type OpCase } from './opCase.js';

const SHAPES: [n: number, c: number, s: number][] = [
  [1, 1, 2], [2, 1, 1], [3, 5, 1], [6, 17, 1], [2, 3, 35], [1, 65, 9], [4, 8, 64], [64, 16, 1], [2, 2, 5000], [1, 1, BLOCK + 1], [3, 4, 65], [3, 18, 21],
];
const LARGE_MEAN: Fill = (_i, random) => 1000 + random();

const norms: OpCase[] = FLOATS.flatMap((dtype) => SHAPES.flatMap(([n, c, s]) => {
  const [name, all] = [`of ${n}×${c}×${s}`, n * c * s];
  const given = { inputs: 'random', tolerance: SUMS[dtype] } as const;
  const [mean, variance] = [input(between(-1, 1)), input(between(0.1, 2))];
  return [
    opCase('batchNormStats', dtype, name, { args: [input(floats), output(), output(), n, c, s], ...given, flops: 4 * all }),
    opCase('batchNorm', dtype, `${name} with weights`, { args: [input(floats), mean, variance, input(floats), input(floats), output(), n, c, s, 1e-5], ...given, flops: 2 * all }),
    opCase('batchNorm', dtype, `${name} plain`, { args: [input(floats), mean, variance, 0, 0, output(), n, c, s, 1e-2], ...given, flops: 2 * all }),
    opCase('batchNormGrad', dtype, `${name} with weights`, { args: [input(floats), input(floats), mean, variance, input(floats), output(), output(), output(), n, c, s, 1e-5], ...given, flops: 8 * all }),
    opCase('batchNormGrad', dtype, `${name} plain`, { args: [input(floats), input(floats), mean, variance, 0, output(), output(), output(), n, c, s, 1e-5], ...given, flops: 8 * all }),
  ];
}));

/** The variance must not come from a difference of large sums: rounding of the inputs aside it is exact to three digits. */
const cancelling: OpCase[] = FLOATS.map((dtype) => opCase('batchNormStats', dtype, 'of a large mean', {
  args: [input(LARGE_MEAN), output(), output(), 4, 3, 65], inputs: 'random', tolerance: { rtol: 1e-3, atol: 0 }, flops: 3120,
}));

/** Nor may it be lost where images differ in their means by more than in themselves. */
const stepping: OpCase[] = FLOATS.map((dtype) => opCase('batchNormStats', dtype, 'of images with means of their own', {
  args: [input((i, random) => (i < 3 * 1100 ? 0.1 : 10 ** Math.floor(i / (3 * 1100)) + random())), output(), output(), 4, 3, 1100],
  inputs: 'random', tolerance: { rtol: 2e-6, atol: 0 }, flops: 52800,
}));

const channelSums: OpCase[] = [...SHAPES, [0, 3, 4] as const, [2, 3, 0] as const].flatMap(([n, c, s]) =>
  exactAndRandom('channelSum', `of ${n}×${c}×${s}`, (fill) => [input(fill), output(), n, c, s], n * c * s));

const SIZES = [0, 1, 5, 17, BLOCK - 1, BLOCK + 1];
/** What must not be read on a first step. */
const GARBAGE = cycle(NaN);

const SGD: [name: string, options: { momentum?: number; dampening?: number; weightDecay?: number; nesterov?: number; maximize?: number; first?: number }][] = [
  ['plain', {}], ['with weight decay', { weightDecay: 0.1 }], ['with momentum', { momentum: 0.9 }], ['with momentum, first', { momentum: 0.9, dampening: 0.5, first: 1 }],
  ['with dampening', { momentum: 0.8, dampening: 0.5, weightDecay: 0.01 }], ['Nesterov', { momentum: 0.9, nesterov: 1 }], ['Nesterov, first, upwards', { momentum: 0.9, nesterov: 1, first: 1, maximize: 1 }], ['upwards', { maximize: 1 }],
];
const ADAM: [name: string, options: { amsgrad?: boolean; weightDecay?: number; decoupled?: number; step?: number; maximize?: number }][] = [
  ['first step', {}], ['fifth step', { step: 5 }], ['with weight decay', { weightDecay: 0.1, step: 2 }], ['decoupled', { weightDecay: 0.1, decoupled: 1, step: 3 }],
  ['AMSGrad', { amsgrad: true, step: 4 }], ['upwards', { maximize: 1, step: 2, amsgrad: true }],
];

function sgd(n: number, [name, { momentum = 0, dampening = 0, weightDecay = 0, nesterov = 0, maximize = 0, first = 0 }]: (typeof SGD)[number]): OpCase[] {
  const [momentumIn, momentumOut] = momentum === 0 ? [0, 0] : [input(first ? GARBAGE : floats), output()];
  return FLOATS.map((dtype) => opCase('sgdStep', dtype, `of ${n} ${name}`, {
    args: [input(floats), input(floats), momentumIn, output(), momentumOut, n, 0.1, momentum, dampening, weightDecay, nesterov, first, maximize],
    inputs: 'random', tolerance: CLOSE[dtype], flops: 6 * n,
  }));
}

function adam(n: number, [name, { amsgrad = false, weightDecay = 0, decoupled = 0, step = 1, maximize = 0 }]: (typeof ADAM)[number]): OpCase[] {
  const squares = input(between(0.01, 1));
  return FLOATS.map((dtype) => opCase('adamStep', dtype, `of ${n} ${name}`, {
    args: [
      input(floats), input(floats), input(floats), squares, amsgrad ? squares : 0, output(), output(), output(), amsgrad ? output() : 0, n,
      0.01, 0.9, 0.99, 1e-8, weightDecay, decoupled, step, maximize,
    ],
    inputs: 'random', tolerance: CLOSE[dtype], flops: 14 * n,
  }));
}

export const layerCases = (): OpCase[] => [
  ...norms, ...cancelling, ...stepping, ...channelSums,
  ...SGD.flatMap((kind, i) => (i === 4 ? SIZES : [7, 17]).flatMap((n) => sgd(n, kind))),
  ...ADAM.flatMap((kind, i) => (i === 4 ? SIZES : [7, 17]).flatMap((n) => adam(n, kind))),
];
