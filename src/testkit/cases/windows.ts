/** Cases of convolution with its gradients and of pooling, in one, two and three spatial dimensions. */
import { cycle, exactAndRandom, FLOATS, floats, input, ints, opCase, output, SUMS, type Fill, type OpCase, type Slot } from './opCase.js';

type Three = readonly [d: number, h: number, w: number];

interface Window {
  readonly image: Three;
  readonly kernel: Three;
  readonly stride?: Three;
  /** In front; behind lies what `extra` more outputs need. */
  readonly pad?: Three;
  readonly dilation?: Three;
  /** Outputs beyond those of symmetric padding. */
  readonly extra?: Three;
}

const ONES: Three = [1, 1, 1];
const NONE: Three = [0, 0, 0];
const times = (sizes: Three): string => sizes.join('×');

/** Output sizes and the 18 numbers with which geometries end: image, kernel, output, stride, pad, dilation. */
function geometry({ image, kernel, stride = ONES, pad = NONE, dilation = ONES, extra = NONE }: Window): { out: Three; numbers: number[] } {
  const out = image.map((size, i) => Math.floor((size + 2 * pad[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i]) + 1 + extra[i]) as unknown as Three;
  return { out, numbers: [...image, ...kernel, ...out, ...stride, ...pad, ...dilation] };
}

/** Two dimensions, from two numbers each. */
const flat = (image: [number, number], kernel: [number, number], more: { stride?: [number, number]; pad?: [number, number]; dilation?: [number, number]; extra?: [number, number] } = {}): Window => ({
  image: [1, ...image], kernel: [1, ...kernel], stride: [1, ...(more.stride ?? [1, 1])], pad: [0, ...(more.pad ?? [0, 0])],
  dilation: [1, ...(more.dilation ?? [1, 1])], extra: [0, ...(more.extra ?? [0, 0])],
});
const line = (size: number, k: number, stride = 1, pad = 0, dilation = 1): Window =>
  ({ image: [1, 1, size], kernel: [1, 1, k], stride: [1, 1, stride], pad: [0, 0, pad], dilation: [1, 1, dilation] });

const describe = ({ image, kernel, stride = ONES, pad = NONE, dilation = ONES, extra = NONE }: Window): string =>
  `${times(image)} with ${times(kernel)}${stride === ONES ? '' : ` stride ${times(stride)}`}${pad === NONE ? '' : ` pad ${times(pad)}`}${dilation === ONES ? '' : ` dilation ${times(dilation)}`}${extra.some((e) => e > 0) ? ` and ${times(extra)} more` : ''}`;

interface Convolution {
  readonly n: number;
  readonly groups?: number;
  readonly cin: number;
  readonly cout: number;
  readonly window: Window;
}

const CONVOLUTIONS: Convolution[] = [
  { n: 1, cin: 1, cout: 1, window: flat([1, 1], [1, 1]) },
  { n: 1, cin: 1, cout: 1, window: flat([3, 3], [2, 2]) },
  { n: 2, cin: 3, cout: 4, window: flat([7, 9], [3, 3]) },
  { n: 3, cin: 1, cout: 5, window: flat([28, 28], [5, 5], { pad: [2, 2] }) },
  { n: 2, cin: 8, cout: 17, window: flat([12, 11], [5, 5], { pad: [2, 2] }) },
  { n: 1, cin: 4, cout: 8, window: flat([8, 8], [3, 3], { stride: [2, 2], pad: [1, 1] }) },
  { n: 2, cin: 5, cout: 7, window: flat([11, 13], [3, 2], { stride: [3, 2], pad: [0, 1] }) },
  { n: 1, cin: 2, cout: 3, window: flat([12, 10], [3, 3], { dilation: [2, 3], pad: [2, 0] }) },
  { n: 2, groups: 2, cin: 4, cout: 6, window: flat([6, 7], [3, 3], { pad: [1, 1] }) },
  { n: 1, groups: 6, cin: 6, cout: 6, window: flat([9, 9], [3, 3], { stride: [2, 1], pad: [1, 1] }) },
  { n: 2, groups: 3, cin: 3, cout: 9, window: flat([5, 5], [2, 2]) },
  { n: 2, cin: 9, cout: 8, window: flat([5, 7], [1, 1]) },
  { n: 1, cin: 8, cout: 16, window: flat([6, 5], [1, 1], { stride: [2, 2] }) },
  { n: 1, cin: 2, cout: 2, window: flat([6, 6], [4, 4], { pad: [1, 1], extra: [1, 1] }) },
  { n: 1, cin: 3, cout: 2, window: flat([4, 4], [3, 3], { pad: [4, 3] }) },
  { n: 1, cin: 2, cout: 4, window: flat([9, 8], [2, 2], { stride: [4, 5] }) },
  { n: 4, cin: 3, cout: 65, window: flat([4, 4], [3, 3], { pad: [1, 1] }) },
  { n: 1, cin: 65, cout: 3, window: flat([5, 4], [3, 3], { pad: [1, 1] }) },
  { n: 2, cin: 3, cout: 2, window: line(17, 3) },
  { n: 2, cin: 4, cout: 4, window: line(16, 5, 3, 2, 2) },
  { n: 1, cin: 2, cout: 3, window: { image: [4, 5, 6], kernel: [2, 3, 2] } },
  { n: 2, groups: 2, cin: 2, cout: 4, window: { image: [5, 6, 7], kernel: [3, 2, 3], stride: [2, 1, 2], pad: [1, 0, 1], dilation: [1, 2, 1] } },
  { n: 0, cin: 2, cout: 3, window: flat([4, 4], [3, 3]) },
];

function convolution({ n, groups = 1, cin, cout, window }: Convolution): OpCase[] {
  const { out, numbers } = geometry(window);
  const name = `${n}×${cin} to ${cout}${groups > 1 ? ` in ${groups} groups` : ''}, ${describe(window)}`;
  const shape = [n, groups, cin, cout, ...numbers];
  const flops = 2 * n * cout * (cin / groups) * out.reduce((a, b) => a * b, 1) * window.kernel.reduce((a, b) => a * b, 1);
  const two = (bias: boolean) => (fill: Fill): (number | Slot)[] => [input(fill), input(fill), bias ? input(fill) : 0, output(), ...shape];
  return [
    ...exactAndRandom('conv', `${name}, bias`, two(true), flops), ...exactAndRandom('conv', name, two(false), flops),
    ...exactAndRandom('convRelu', `${name}, bias`, two(true), flops), ...exactAndRandom('convRelu', name, two(false), flops),
    ...exactAndRandom('convRelu6', `${name}, bias`, two(true), flops),
    ...exactAndRandom('convGradInput', name, two(false), flops), ...exactAndRandom('convGradInput', `${name}, bias`, two(true), flops),
    ...exactAndRandom('convGradWeight', name, (fill) => [input(fill), input(fill), output(), ...shape], flops),
  ];
}

/** NaN in the bias of some channels only: whatever algorithm sums the rest, it stays where it is. */
function convReluOfNaN(): OpCase[] {
  const { numbers } = geometry(flat([5, 6], [3, 3]));
  return (['convRelu', 'convRelu6'] as const).flatMap((op) => FLOATS.map((dtype) => opCase(op, dtype, '1×2 to 4, 1×5×6 with 1×3×3, NaN in the bias', {
    args: [input(ints), input(ints), input(cycle(1, NaN, -1)), output(), 1, 1, 2, 4, ...numbers], flops: 2 * 4 * 2 * 12 * 9,
  })));
}

const POOLS: [planes: number, window: Window][] = [
  [1, flat([1, 1], [1, 1])],
  [1, flat([2, 2], [2, 2], { stride: [2, 2] })],
  [6, flat([8, 10], [2, 2], { stride: [2, 2] })],
  [32, flat([14, 14], [2, 2], { stride: [2, 2] })],
  [5, flat([7, 9], [3, 3], { stride: [2, 2], pad: [1, 1] })],
  // Rows of several vectors, ends of both parities, and rows or columns that no window covers.
  [3, flat([18, 21], [3, 3], { stride: [2, 2], pad: [1, 0] })],
  [2, flat([9, 30], [3, 3], { stride: [2, 2], pad: [0, 1] })],
  [2, { image: [2, 12, 16], kernel: [1, 3, 3], stride: [1, 2, 2], pad: [0, 0, 0] }],
  [2, { image: [3, 11, 13], kernel: [1, 2, 2], stride: [1, 2, 2], pad: [0, 0, 0] }],
  // One window covers all, and more; then all but a row.
  [19, flat([7, 7], [7, 7])],
  [3, { image: [2, 3, 5], kernel: [2, 4, 6], stride: [1, 1, 1], pad: [0, 1, 1] }],
  [3, flat([8, 7], [7, 7])],
  [3, flat([7, 7], [3, 2], { stride: [1, 3], pad: [1, 0] })],
  [3, flat([8, 6], [3, 3], { stride: [2, 2], pad: [1, 1], extra: [1, 1] })],
  [2, flat([9, 5], [4, 5], { stride: [3, 2], pad: [2, 2] })],
  [67, flat([3, 3], [3, 3])],
  [3, flat([9, 11], [2, 2], { stride: [2, 2] })],
  [2, flat([13, 14], [6, 7], { pad: [3, 2] })],
  [4, line(17, 4, 3, 1)],
  [2, { image: [4, 5, 6], kernel: [2, 3, 2], stride: [2, 1, 3], pad: [1, 1, 0] }],
  [0, flat([4, 4], [2, 2])],
  // An empty image: every window lies wholly in the padding.
  [1, flat([0, 4], [2, 3], { pad: [1, 1] })],
];
const DILATED: [planes: number, window: Window][] = [
  [2, flat([12, 11], [3, 2], { stride: [1, 2], dilation: [3, 4] })],
  [3, flat([6, 7], [2, 3], { stride: [2, 1], pad: [1, 2], dilation: [2, 2] })],
  // Both taps of a depth lie outside, one before and one behind, while rows are wide enough for vectors.
  [3, { image: [1, 4, 8], kernel: [2, 1, 5], stride: [1, 1, 1], pad: [2, 0, 2], dilation: [3, 3, 1] }],
];

/**
 * Indices as max pooling writes them for a geometry's last 18 numbers: of an element of the window, or -1 where there is none or, so that the
 * windows that give nothing are met too, now and then.
 */
export function placesIn([iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW, dD, dH, dW]: readonly number[]): Fill {
  return (i, random) => {
    const tap = (o: number, size: number, kernel: number, stride: number, pad: number, dilation: number): number => {
      const inside = Array.from({ length: kernel }, (_, t) => o * stride - pad + t * dilation).filter((at) => at >= 0 && at < size);
      return inside.length === 0 || random() < 0.02 ? NaN : inside[Math.floor(random() * inside.length)];
    };
    const [d, h, w] = [Math.floor(i / (oH * oW)) % oD, Math.floor(i / oW) % oH, i % oW];
    const at = (tap(d, iD, kD, sD, pD, dD) * iH + tap(h, iH, kH, sH, pH, dH)) * iW + tap(w, iW, kW, sW, pW, dW);
    return Number.isNaN(at) ? -1 : at;
  };
}

const maxPoolGrad = ([planes, window]: [number, Window]): OpCase[] => {
  const { out, numbers } = geometry(window);
  return exactAndRandom('maxPoolGrad', `of ${planes} planes ${describe(window)}`, (fill) => [input(fill), input(placesIn(numbers)), output(), planes, ...numbers], planes * out.reduce((a, b) => a * b, 1));
};

function maxPool([planes, window]: [number, Window]): OpCase[] {
  const { out, numbers } = geometry(window);
  const flops = planes * out.reduce((a, b) => a * b, 1) * window.kernel.reduce((a, b) => a * b, 1);
  const fills: [string, Fill][] = [['whole numbers with many equal', ints], ['random numbers', floats], ['NaN and infinities', cycle(1, 2, NaN, -Infinity, Infinity, 0, -3, NaN, 5, -Infinity, -Infinity)]];
  return FLOATS.flatMap((dtype) => fills.flatMap(([name, fill]) => (['maxPool', 'maxPoolRelu'] as const).map((op) =>
    opCase(op, dtype, `of ${planes} planes ${describe(window)}, ${name}`, { args: [input(fill), output(), output(), planes, ...numbers], flops }))));
}

function avgPool([planes, window]: [number, Window]): OpCase[] {
  const { out, numbers } = geometry(window);
  const flops = planes * out.reduce((a, b) => a * b, 1) * window.kernel.reduce((a, b) => a * b, 1);
  const modes: [string, number, number][] = [['counting the padding', 1, 0], ['not counting the padding', 0, 0], ['divided by 4', 1, 4]];
  return FLOATS.flatMap((dtype) => modes.flatMap(([name, includePad, divisor]) => (['avgPool', 'avgPoolGrad'] as const).map((op) =>
    opCase(op, dtype, `of ${planes} planes ${describe(window)}, ${name}`, {
      // A division by a power of two is exact, others are rounded.
      args: [input(divisor > 0 ? ints : floats), output(), includePad, divisor, planes, ...numbers], flops,
      ...(divisor > 0 ? {} : { inputs: 'random' as const, tolerance: SUMS[dtype] }),
    }))));
}

export const windowCases = (): OpCase[] => [...CONVOLUTIONS.flatMap(convolution), ...convReluOfNaN(), ...[...POOLS, ...DILATED].flatMap((pool) => [...maxPool(pool), ...maxPoolGrad(pool)]), ...POOLS.flatMap(avgPool)];
