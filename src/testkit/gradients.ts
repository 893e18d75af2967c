/**
 * The table of differentiable operations with inputs that keep clear of kinks, and the tests made of it: gradients and gradients
 * of gradients against central differences in float64, and every fused gradient against its composition.
 */
import { AssertionError } from 'node:assert';
import {
  abs, add, cat, chunk, clamp, convRelu, cos, div, erf, exp, expand, flatten, gather, grad, gradcheck, gradgradcheck, indexAdd, indexSelect, leakyRelu, linear, log,
  logSoftmax, maskedFill, matmul, max, maximum, mean, min, minimum, mul, narrow, neg, noGrad, normOverBatch, channelStatistics, normWithStatistics, permute, pow, prod, reciprocal,
  relu, reshape, select, sigmoid, sin, slice, softmax, softplus, split, sqrt, square, stack, sub, sum, tanh, transpose, variance, where,
} from '../autograd/index.js';
import type { DType } from '../backend/index.js';
import type { Convoy } from '../convoy/index.js';
import { avgPool1d, avgPool2d, avgPool3d, batchNorm, conv1d, conv2d, conv3d, crossEntropy, maxPool1d, maxPool2d, maxPool3d, mseLoss, nllLoss, pad } from '../nn/functional/index.js';
import { convolve } from '../nn/functional/conv.js';
import type { NN } from '../nn/nn.js';
import type { Tensor } from '../tensor/index.js';
import { coreDevice } from './coreDevice.js';

/** Where a sample lies: numbers of either sign away from 0, positive ones, or numbers no two of which are near each other. */
export type Domain = 'signed' | 'positive' | 'distinct';

export interface GradientCase {
  readonly name: string;
  /** Shapes of the inputs that are differentiated. */
  readonly inputs: readonly (readonly number[])[];
  /** Default 'signed'. */
  readonly domain?: Domain;
  /** `whole` makes int32 positions on the same backend as the inputs. */
  run(inputs: readonly Tensor[], whole: (values: readonly number[], shape?: readonly number[]) => Tensor): Tensor | readonly Tensor[];
  /** The operation has a gradient kernel beside the composition: both are compared. */
  readonly fused?: boolean;
  /** False where the second gradient is not defined everywhere or is 0 by definition; default true. */
  readonly twice?: boolean;
}

const over = (name: string, shape: readonly number[], run: (x: Tensor) => Tensor | readonly Tensor[], more: Partial<GradientCase> = {}): GradientCase =>
  ({ name, inputs: [shape], run: ([x]) => run(x), ...more });
const pair = (name: string, a: readonly number[], b: readonly number[], run: (a: Tensor, b: Tensor) => Tensor, more: Partial<GradientCase> = {}): GradientCase =>
  ({ name, inputs: [a, b], run: ([x, y]) => run(x, y), ...more });
const FUSED = { fused: true } as const;
const image = [1, 2, 7, 6];

/** Operations of src/autograd and the functions of nn, each on the smallest shapes that can go wrong. */
export const gradientCases: readonly GradientCase[] = [
  pair('add, broadcast', [2, 3], [3], add), pair('sub, broadcast', [2, 1], [1, 3], sub), pair('mul, broadcast', [2, 3], [2, 1], mul), pair('div, broadcast', [2, 3], [3], div, { domain: 'positive' }),
  pair('pow', [2, 3], [3], pow, { domain: 'positive' }), over('pow with a number', [5], (x) => pow(x, 3)), over('number to a power', [5], (x) => pow(2, x)),
  pair('maximum', [2, 3], [2, 3], maximum, { domain: 'distinct' }), pair('minimum', [2, 3], [3], minimum, { domain: 'distinct' }),
  over('number less tensor', [4], (x) => sub(1, x)), over('number over tensor', [4], (x) => div(2, x), { domain: 'positive' }),

  over('neg', [5], neg), over('abs', [5], abs), over('exp', [5], exp), over('log', [5], log, { domain: 'positive' }), over('sqrt', [5], sqrt, { domain: 'positive' }),
  over('sin', [5], sin), over('cos', [5], cos), over('erf', [5], erf), over('square', [5], square), over('reciprocal', [5], reciprocal, { domain: 'positive' }),
  over('clamp', [7], (x) => clamp(x, -0.7, 0.9)), over('softplus', [7], (x) => softplus(x)),
  over('relu', [7], relu, FUSED), over('leakyRelu', [7], (x) => leakyRelu(x, 0.2), FUSED), over('leakyRelu, negative slope', [7], (x) => leakyRelu(x, -0.5), FUSED),
  over('tanh', [7], tanh, FUSED), over('sigmoid', [7], sigmoid, FUSED),
  ...[0, 1, -1].map((dim) => over(`softmax along ${dim}`, [3, 4, 2], (x) => softmax(x, dim), FUSED)),
  ...[0, 1, -1].map((dim) => over(`logSoftmax along ${dim}`, [3, 4, 2], (x) => logSoftmax(x, dim), FUSED)),

  over('sum of all', [2, 3], (x) => sum(x)), over('sum of the outer axes', [2, 3, 4], (x) => sum(x, [0, 2])), over('mean', [2, 3, 4], (x) => mean(x, 1, true)),
  over('variance', [3, 4], (x) => variance(x, 1)), over('biased variance', [3, 4], (x) => variance(x, [0, 1], { correction: 0 })), over('prod', [2, 4], (x) => prod(x, 1)),
  over('max of all', [2, 4], (x) => max(x), { domain: 'distinct' }), over('max along an axis', [3, 4], (x) => max(x, 1).values, { domain: 'distinct' }), over('min along an axis', [3, 4], (x) => min(x, 0, true).values, { domain: 'distinct' }),

  pair('matmul', [3, 4], [4, 2], matmul), pair('matmul, vector', [4], [4, 3], matmul), pair('matmul, batches repeated', [2, 1, 3, 4], [3, 4, 2], matmul), pair('matmul, batches', [2, 3, 4], [2, 4, 2], matmul),
  { name: 'linear', inputs: [[3, 4], [2, 4], [2]], run: ([x, w, b]) => linear(x, w, b) }, pair('linear without bias', [2, 3, 4], [5, 4], (x, w) => linear(x, w)),

  over('reshape', [2, 6], (x) => reshape(x, [3, 4])), over('flatten', [2, 3, 2], (x) => flatten(x, 1)), over('permute', [2, 3, 4], (x) => permute(x, [2, 0, 1])), over('transpose', [2, 3], (x) => transpose(x, 0, 1)),
  over('expand', [3, 1], (x) => expand(x, [2, 3, 4])), pair('cat', [2, 3], [2, 1], (a, b) => cat([a, b, a], 1)), pair('stack', [2, 3], [2, 3], (a, b) => stack([a, b], -1)),
  over('split', [5, 2], (x) => split(x, 2)), over('chunk', [2, 5], (x) => chunk(x, 2, 1)), over('narrow', [2, 5], (x) => narrow(x, 1, 1, 3)), over('select', [3, 4], (x) => select(x, 1, 2)),
  over('slice', [6, 5], (x) => slice(x, [4, null, -2], [null, null, 2])), over('slice by an integer', [3, 4], (x) => slice(x, 1, [1, 3])),
  pair('assignment to a slice', [4, 5], [2, 1], (x, v) => mul(x, 2).set_([[1, 3], [0, 4, 2]], v)),

  { name: 'indexSelect', inputs: [[4, 3]], run: ([x], whole) => indexSelect(x, 0, whole([3, 1, 1])) },
  { name: 'gather', inputs: [[3, 4]], run: ([x], whole) => gather(x, 1, whole([0, 3, 3, 1, 2, 2], [3, 2])) },
  { name: 'indexAdd', inputs: [[3, 2]], run: ([x], whole) => indexAdd(x, 0, whole([1, 3, 1]), 4) },
  { name: 'where', inputs: [[2, 3], [3]], run: ([a, b], whole) => where(whole([1, 0, 1, 0, 0, 1], [2, 3]).to('bool'), a, b) },
  { name: 'maskedFill', inputs: [[2, 3]], run: ([x], whole) => maskedFill(x, whole([1, 0, 1], [1, 3]).to('bool'), 7) },

  ...[{}, { stride: 2, padding: 1 }, { stride: [2, 1], padding: [1, 2], dilation: [1, 2] }].map((options) => ({
    name: `conv2d ${JSON.stringify(options)}`, inputs: [[2, 2, 5, 4], [3, 2, 3, 2], [3]], run: ([x, w, b]: readonly Tensor[]) => conv2d(x, w, b, options), ...FUSED,
  })),
  pair('conv2d in groups', [2, 4, 4, 5], [6, 2, 2, 3], (x, w) => conv2d(x, w, null, { groups: 2, padding: 'same' }), FUSED),
  pair('conv2d of every channel', [1, 3, 5, 4], [3, 1, 3, 3], (x, w) => conv2d(x, w, null, { groups: 3, stride: 2, padding: 1 }), FUSED),
  ...(['reflect', 'replicate', 'circular'] as const).map((paddingMode) => pair(`conv2d, ${paddingMode} padding`, [1, 2, 4, 5], [2, 2, 3, 3], (x, w) => conv2d(x, w, null, { padding: 1, paddingMode }), FUSED)),
  { name: 'convRelu', inputs: [[2, 2, 5, 4], [3, 2, 3, 2], [3]], run: ([x, w, b]) => convolve('conv2d', 2, x, w, b, { stride: [2, 1], padding: 1 }, convRelu), ...FUSED },
  pair('convRelu in groups, without bias', [1, 4, 5, 4], [4, 2, 2, 3], (x, w) => convolve('conv2d', 2, x, w, null, { groups: 2 }, convRelu), FUSED),
  pair('conv1d', [2, 3, 8], [2, 3, 3], (x, w) => conv1d(x, w, null, { stride: 2, padding: 2 }), FUSED), pair('conv3d', [1, 2, 3, 4, 3], [2, 2, 2, 2, 2], (x, w) => conv3d(x, w, null, { padding: [1, 0, 1] }), FUSED),
  over('pad', [2, 3, 4], (x) => pad(x, [1, 2, -1, 1], { value: 3 })),

  over('maxPool2d', image, (x) => maxPool2d(x, 2), { domain: 'distinct', fused: true }), over('maxPool2d, overlapping', image, (x) => maxPool2d(x, [3, 2], { stride: [2, 1], padding: 1, ceilMode: true }), { domain: 'distinct', fused: true }),
  over('maxPool2d, dilated', image, (x) => maxPool2d(x, 2, { stride: 1, dilation: [3, 2] }), { domain: 'distinct', fused: true }),
  over('maxPool1d', [2, 3, 9], (x) => maxPool1d(x, 4, { stride: 3 }), { domain: 'distinct', fused: true }), over('maxPool3d', [1, 2, 4, 3, 5], (x) => maxPool3d(x, 2, { padding: 1 }), { domain: 'distinct', fused: true }),
  over('avgPool2d', image, (x) => avgPool2d(x, 2), FUSED), over('avgPool2d, overlapping', image, (x) => avgPool2d(x, 3, { stride: 2, padding: 1, ceilMode: true }), FUSED),
  over('avgPool2d without padding', image, (x) => avgPool2d(x, [2, 3], { padding: 1, countIncludePad: false }), FUSED), over('avgPool2d, divisor', image, (x) => avgPool2d(x, 2, { divisorOverride: 3 }), FUSED),
  over('avgPool1d', [2, 3, 9], (x) => avgPool1d(x, 4, { stride: 3 }), FUSED), over('avgPool3d', [1, 2, 4, 3, 5], (x) => avgPool3d(x, 2, { padding: 1 }), FUSED),

  { name: 'batchNorm in training', inputs: [[3, 2, 1, 3], [2], [2]], run: ([x, w, b]) => batchNorm(x, null, null, w, b, { training: true }), ...FUSED },
  over('batchNorm in training, plain', [5, 3], (x) => batchNorm(x, null, null, null, null, { training: true }), FUSED),
  { name: 'batchNorm with only a weight', inputs: [[4, 2, 3], [2]], run: ([x, w]) => overBatch(x, w), ...FUSED },
  { name: 'batchNorm in evaluation', inputs: [[3, 2, 4], [2], [2]], run: ([x, w, b]) => normWithStatistics(x, fixed(x, 0.3), fixed(x, 1.7), w, b, 1e-5) },

  { name: 'crossEntropy', inputs: [[4, 3]], run: ([x], whole) => crossEntropy(x, whole([2, 0, 1, 1])) },
  { name: 'crossEntropy, smoothed, one ignored', inputs: [[4, 3]], run: ([x], whole) => crossEntropy(x, whole([2, 0, -100, 1]), { labelSmoothing: 0.1, weight: whole([1, 2, 3]).to(x.dtype) }) },
  pair('crossEntropy of probabilities', [2, 3], [2, 3], (x, t) => crossEntropy(x, t), { domain: 'positive' }),
  { name: 'nllLoss', inputs: [[3, 4]], run: ([x], whole) => nllLoss(x, whole([3, 0, 2]), { reduction: 'sum' }) },
  pair('mseLoss', [2, 3], [2, 3], (x, t) => mseLoss(x, t)),
];

/** Statistics of a batch as the layer hands them on. */
const overBatch = (x: Tensor, weight: Tensor): Tensor => {
  const { mean: centre, variance: spread } = noGrad(() => channelStatistics(x));
  return normOverBatch(x, centre, spread, weight, null, 1e-5);
};
const fixed = (x: Tensor, value: number): Tensor => noGrad(() => x.detach().sum([0, 2]).mul(0).add(value));

export interface GradientTest {
  readonly name: string;
  run(): void;
}

/** How far a sample keeps from 0 and from the bounds of clamp; far more than the differences' step. */
function sample(nn: NN, shape: readonly number[], domain: Domain, seed: number, dtype: DType): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float64Array.from({ length: size }, (_, i) => {
    const u = ((Math.imul(i + 1, 2654435761) ^ Math.imul(seed + 1, 40503)) >>> 9) / 8388608;
    if (domain === 'positive') return 0.4 + 1.6 * u;
    // A permutation of evenly spaced numbers: multiplication by 7 modulo the next number that shares no factor with it.
    if (domain === 'distinct') return (((i * 7 + seed * 3) % nextPrime(Math.max(11, size))) - 5.5) / 10 + seed / 1000;
    return (u < 0.5 ? -1 : 1) * (0.15 + 1.1 * Math.abs(2 * u - 1));
  });
  return nn.tensor(values, shape, { dtype, requiresGrad: true });
}

const nextPrime = (from: number): number => {
  let n = from;
  while (Array.from({ length: Math.floor(Math.sqrt(n)) - 1 }, (_, i) => i + 2).some((d) => n % d === 0)) n++;
  return n;
};

function arrange(testCase: GradientCase, nn: NN, dtype: DType): { inputs: Tensor[]; run: (...inputs: Tensor[]) => Tensor | readonly Tensor[] } {
  const whole = (values: readonly number[], shape?: readonly number[]): Tensor => nn.tensor(Int32Array.from(values), shape ?? [values.length]);
  return {
    inputs: testCase.inputs.map((shape, i) => sample(nn, shape, testCase.domain ?? 'signed', i, dtype)),
    run: (...inputs) => testCase.run(inputs, whole),
  };
}

/** Results and gradients of a case, one after the other, as numbers. */
function resultsOf(testCase: GradientCase, nn: NN, dtype: DType, createGraph: boolean): Map<string, ArrayLike<number>> {
  const { inputs, run } = arrange(testCase, nn, dtype);
  const produced = run(...inputs);
  const outputs = Array.isArray(produced) ? (produced as readonly Tensor[]) : [produced as Tensor];
  const upstream = outputs.map(({ shape }, i) => sample(nn, shape, 'signed', 17 + i, dtype).detach());
  const found = grad(outputs, inputs, { gradOutputs: upstream, createGraph, allowUnused: true });
  return new Map([
    ...outputs.map((y, i): [string, ArrayLike<number>] => [`output ${i}`, y.dataSync()]),
    ...found.map((g, i): [string, ArrayLike<number>] => [`gradient of input ${i}`, g === null ? [] : g.dataSync()]),
  ]);
}

function compare(name: string, what: string, a: Map<string, ArrayLike<number>>, b: Map<string, ArrayLike<number>>, tolerance: number): void {
  for (const [part, left] of a) {
    const right = b.get(part)!;
    if (left.length !== right.length) throw new AssertionError({ message: `${name}: ${part} has ${left.length} elements but ${right.length} ${what}` });
    for (let i = 0; i < left.length; i++) {
      if (!(Math.abs(left[i] - right[i]) <= tolerance * Math.max(1, Math.abs(right[i])))) throw new AssertionError({ message: `${name}: element ${i} of ${part} is ${left[i]} but ${right[i]} ${what}` });
    }
  }
}

/**
 * The tests of the table: gradcheck and gradgradcheck of every case on cpu-naive in float64; each case there against the same on a
 * device that has only core ops; and fused gradients against those that createGraph composes, in both float dtypes.
 * The convoy must not have a backend named 'core-device' yet.
 */
export async function gradientTests(convoy: Convoy, cases: readonly GradientCase[] = gradientCases): Promise<GradientTest[]> {
  const device = coreDevice();
  convoy.use(device);
  const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
  const composed = await convoy.nn({ backend: device.name, seed: 0, fallback: 'allow' });
  return cases.flatMap((testCase) => {
    const { name, fused = false, twice = true } = testCase;
    const tests: GradientTest[] = [
      { name: `${name}: gradient`, run: () => { const { inputs, run } = arrange(testCase, nn, 'float64'); gradcheck(run, inputs); } },
      { name: `${name}: on core ops`, run: () => compare(name, 'on core ops alone', resultsOf(testCase, nn, 'float64', false), resultsOf(testCase, composed, 'float64', false), 1e-11) },
    ];
    if (twice) tests.push({ name: `${name}: gradient of the gradient`, run: () => { const { inputs, run } = arrange(testCase, nn, 'float64'); gradgradcheck(run, inputs); } });
    if (fused) {
      for (const [dtype, tolerance] of [['float64', 1e-11], ['float32', 2e-5]] as const) {
        tests.push({ name: `${name}: fused against composed, ${dtype}`, run: () => compare(name, 'when composed', resultsOf(testCase, nn, dtype, false), resultsOf(testCase, nn, dtype, true), tolerance) });
      }
    }
    return tests;
  });
}
