/** Drawn cases of convolution with its gradients and of pooling: any stride, dilation, padding and groups, in one to three dimensions. */
import { numel, poolSize } from '../../shape/index.js';
import { cycle, floats, input, ints, output, SUMS, type Fill } from '../cases/opCase.js';
import { placesIn } from '../cases/windows.js';
import { sums, type Draw, type Float, type Sketch, type Sketches } from './draw.js';

interface Axis { size: number; kernel: number; out: number; stride: number; pad: number; dilation: number }
/** What an axis may have. */
interface Limits {
  readonly size: number;
  readonly dilated: boolean;
  /** Largest padding for a window that spans so much. */
  readonly pad: (span: number) => number;
  /** How many outputs; `full` is what symmetric padding gives. */
  readonly outputs: (draw: Draw, full: number, axis: Omit<Axis, 'out'>) => number;
}

const NONE: Axis = { size: 1, kernel: 1, out: 1, stride: 1, pad: 0, dilation: 1 };

function axis(draw: Draw, { size: most, dilated, pad: mostPad, outputs }: Limits): Axis {
  for (;;) {
    const size = draw.size(most);
    const kernel = draw.one(1, 1, 2, 3, 3, 3, 4, 5, 5, 7);
    const stride = draw.one(1, 1, 1, 2, 2, 3, 4);
    const dilation = dilated && draw.chance(0.2) ? draw.whole(2, 4) : 1;
    const span = dilation * (kernel - 1) + 1;
    const pad = draw.chance(0.5) ? 0 : draw.whole(0, mostPad(span));
    const full = Math.floor((size + 2 * pad - span) / stride) + 1;
    const out = outputs(draw, full, { size, kernel, stride, pad, dilation });
    if (full >= 1 && out >= 1) return { size, kernel, out, stride, pad, dilation };
  }
}

/** Two dimensions mostly; often both alike, as networks have them. */
function axes(draw: Draw, limits: Limits): [d: Axis, h: Axis, w: Axis] {
  const kind = draw.real();
  if (kind < 0.15) return [NONE, NONE, axis(draw, { ...limits, size: 3 * limits.size })];
  if (kind < 0.3) return [axis(draw, { ...limits, size: 6 }), axis(draw, { ...limits, size: 7 }), axis(draw, { ...limits, size: 9 })];
  const h = axis(draw, limits);
  return [NONE, h, kind < 0.6 ? { ...h } : axis(draw, limits)];
}

const NAMES = ['size', 'kernel', 'out', 'stride', 'pad', 'dilation'] as const;
const numbers = (window: readonly Axis[]): number[] => NAMES.flatMap((name) => window.map((one) => one[name]));
const area = (window: readonly Axis[], name: 'size' | 'kernel' | 'out'): number => numel(window.map((one) => one[name]));

/** Plain loops do a thousand of these in a second or two; few are large, where kernels cut what they do into many blocks. */
const FLOPS = 400_000;
const LARGE_FLOPS = 6_000_000;
const LARGE = 0.04;

/** Padding behind may be more than in front ('same'), and a transposed convolution's gradient has fewer outputs than fit. */
const CONVOLVED: Limits = { size: 0, dilated: true, pad: (span) => Math.min(span + 1, 8), outputs: (draw, full) => full + draw.one(0, 0, 0, 0, 1, -1, 2) };

/** Geometry of a convolution, and its multiplications twice. */
function convolution(draw: Draw): { shape: number[]; flops: number; window: Axis[] } {
  const large = draw.chance(LARGE);
  for (;;) {
    const window = axes(draw, { ...CONVOLVED, size: large ? draw.one(40, 80, 240) : draw.one(12, 20, 40) });
    const groups = draw.chance(0.7) ? 1 : draw.some(9);
    const depthwise = groups > 1 && draw.chance(0.4);
    const [cin, cout] = [groups * (depthwise ? 1 : draw.size(draw.one(4, 24, 150))), groups * (depthwise ? draw.whole(1, 2) : draw.size(draw.one(4, 24, 150)))];
    const n = draw.chance(0.5) ? 1 : draw.size(6);
    const flops = 2 * n * cout * (cin / groups) * area(window, 'out') * area(window, 'kernel');
    const memory = n * (cin * area(window, 'size') + cout * area(window, 'out'));
    if (large ? flops > FLOPS && flops <= LARGE_FLOPS && memory < 200_000 : flops <= FLOPS && memory < 40_000) return { shape: [n, groups, cin, cout, ...numbers(window)], flops, window };
  }
}

/** Windows for which a kernel may trade rounding for fewer multiplications: then whole numbers are not exact either. */
const mayRound = (window: readonly Axis[]): boolean =>
  window.every(({ stride, dilation }) => stride === 1 && dilation === 1) && window[1].kernel * window[2].kernel > 1;

const correlation = (args: (fill: Fill, bias: Fill | null) => Sketch['args']) => (draw: Draw, dtype: Float): Sketch => {
  const { shape, flops, window } = convolution(draw);
  const { fill, ...judged } = sums(draw, dtype);
  return { args: [...args(fill, draw.chance(0.5) ? fill : null), ...shape], flops, ...judged, ...(mayRound(window) ? { tolerance: SUMS[dtype] } : {}) };
};

const two = correlation((fill, bias) => [input(fill), input(fill), bias === null ? 0 : input(bias), output()]);

/** NaN must pass where the rest of a channel is cut off at 0. */
const relued = (draw: Draw, dtype: Float): Sketch => {
  const sketch = two(draw, dtype);
  return draw.chance(0.2) ? { ...sketch, args: sketch.args.map((arg, i) => (i === 2 ? input(cycle(NaN, 1, -2, 3)) : arg)) } : sketch;
};

/** As pooling layers check it: at most half a window of padding, and a window more in ceil mode. */
const POOLED: Limits = {
  size: 24, dilated: true, pad: (span) => Math.floor(span / 2),
  outputs: (draw, _full, { size, kernel, stride, pad, dilation }) => poolSize(size, kernel, stride, pad, dilation, draw.chance(0.3)),
};
const FILLS: Fill[] = [ints, floats, cycle(1, 2, NaN, -Infinity, Infinity, 0, -3, NaN, 5, -Infinity, -Infinity)];

function pooled(draw: Draw, dilated: boolean): { shape: number[]; flops: number } {
  for (;;) {
    const window = axes(draw, { ...POOLED, dilated });
    // Gradients are cut between planes: of few there is one piece.
    const many = draw.chance(0.05);
    const planes = many ? draw.whole(100, 900) : draw.size(20);
    const flops = planes * area(window, 'out') * area(window, 'kernel');
    if (flops <= FLOPS && planes * area(window, 'size') < (many ? 100_000 : 40_000)) return { shape: [planes, ...numbers(window)], flops };
  }
}

const maximum = (draw: Draw): Sketch => {
  const { shape, flops } = pooled(draw, true);
  return { args: [input(draw.one(...FILLS)), output(), output(), ...shape], flops };
};

const average = (draw: Draw, dtype: Float): Sketch => {
  const { shape, flops } = pooled(draw, false);
  const divisor = draw.one(0, 0, 4, 3);
  // A division by a power of two is exact, others are rounded.
  return divisor === 4
    ? { args: [input(ints), output(), draw.whole(0, 1), divisor, ...shape], flops }
    : { args: [input(floats), output(), draw.whole(0, 1), divisor, ...shape], flops, inputs: 'random', tolerance: SUMS[dtype] };
};

export const windowSketches: Pick<Sketches, 'conv' | 'convRelu' | 'convRelu6' | 'convGradInput' | 'convGradWeight' | 'maxPool' | 'maxPoolRelu' | 'maxPoolGrad' | 'avgPool' | 'avgPoolGrad'> = {
  conv: two, convRelu: relued, convRelu6: relued, convGradInput: two, convGradWeight: correlation((fill) => [input(fill), input(fill), output()]),
  maxPool: maximum, maxPoolRelu: maximum,
  maxPoolGrad(draw, dtype) {
    const { shape, flops } = pooled(draw, true);
    const { fill, ...judged } = sums(draw, dtype);
    return { args: [input(fill), input(placesIn(shape.slice(1))), output(), ...shape], flops, ...judged };
  },
  avgPool: average, avgPoolGrad: average,
};
