/**
 * The tests made of the table of differentiable operations (gradientCases/): gradients and gradients of gradients against central
 * differences in float64, and every fused gradient against its composition.
 */
import { AssertionError } from 'node:assert';
import { grad, gradcheck, gradgradcheck } from '../autograd/index.js';
import type { DType } from '../backend/index.js';
import type { Convoy } from '../convoy/index.js';
import type { NN } from '../nn/nn.js';
import type { Tensor } from '../tensor/index.js';
import { coreDevice } from './coreDevice.js';
import type { Domain, GradientCase } from './gradientCases/gradientCase.js';
import { gradientCases } from './gradientCases/index.js';

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
