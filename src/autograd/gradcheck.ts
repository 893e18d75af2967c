/**
 * Holds recorded gradients against central differences, in float64: the proof that an operation's gradient is right.
 */
import { uniformAt } from '../backend/index.js';
import { ArgumentError, checkNumber, checkOptions, DtypeError, fmt, GraphError } from '../errors.js';
import { scope } from '../memory/index.js';
import { unravel } from '../shape/index.js';
import { fromData, Tensor } from '../tensor/index.js';
import { grad } from './backward.js';

export interface GradcheckOptions {
  /** Half the distance of the two points; default 1e-6. */
  eps?: number;
  /** Default 1e-5. */
  atol?: number;
  /** Default 1e-3. */
  rtol?: number;
}

type Checked = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/**
 * Checks the gradients of `fn`, a function of tensors that returns one or several, with respect to every input that requires one.
 * Returns true, or throws: |recorded − differences| ≤ atol + rtol · |differences| must hold for every pair of elements.
 *
 * @shape inputs float64 where they require a gradient, any dtype otherwise; a few elements are enough
 * @throws {GraphError} CVY_GRAPH_GRADCHECK, which names output, input, the worst pair of elements and both values
 * @source torch.autograd.gradcheck
 */
export function gradcheck(fn: Checked, inputs: Tensor | readonly Tensor[], options: GradcheckOptions = {}): true {
  check('gradcheck', fn, inputs instanceof Tensor ? [inputs] : inputs, options);
  return true;
}

/**
 * Checks the gradients of the gradients of `fn`, in the same way, by gradcheck of the function that computes them (recorded)
 * from the inputs and from the outputs' gradients, which are drawn at random.
 *
 * @throws {GraphError} CVY_GRAPH_GRADCHECK
 * @source torch.autograd.gradgradcheck
 */
export function gradgradcheck(fn: Checked, inputs: Tensor | readonly Tensor[], options: GradcheckOptions = {}): true {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  checkInputs('gradgradcheck', list);
  const outputs = outputsOf('gradgradcheck', fn, list);
  const upstream = outputs.map(({ backend, shape, numel }, stream) =>
    fromData(backend, Float64Array.from({ length: numel }, (_, i) => 2 * uniformAt(1, stream, i) - 1), shape, { requiresGrad: true }));
  const gradients: Checked = (...all) => {
    const own = all.slice(0, list.length);
    const found = grad(outputsOf('gradgradcheck', fn, own), own.filter((x) => x.requiresGrad), { gradOutputs: all.slice(list.length), createGraph: true, allowUnused: true });
    return found.filter((g) => g !== null);
  };
  check('gradgradcheck', gradients, [...list, ...upstream], options);
  return true;
}

function checkInputs(op: string, inputs: readonly Tensor[]): void {
  inputs.forEach((x, i) => {
    if (!(x instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: input ${i} is ${x === null ? 'null' : typeof x} but must be a tensor`);
    if (x.requiresGrad && x.dtype !== 'float64') throw new DtypeError('CVY_DTYPE', `${op}: input ${i} has dtype ${x.dtype} but float64 is required, or rounding hides the difference (input ${fmt(x.shape)}); convert with to('float64')`);
  });
  if (!inputs.some((x) => x.requiresGrad)) throw new GraphError('CVY_GRAPH_LEAF', `${op}: no input requires a gradient but at least one must (inputs ${inputs.map(({ shape }) => fmt(shape)).join(', ')})`);
}

/** What `fn` returns, as float64 tensors of which one depends on the inputs at least. */
function outputsOf(op: string, fn: Checked, inputs: readonly Tensor[]): Tensor[] {
  const result = fn(...inputs);
  const outputs = (result instanceof Tensor ? [result] : [...result]).filter((y) => y.dtype === 'float64');
  if (!outputs.some((y) => y.requiresGrad)) throw new GraphError('CVY_GRAPH_LEAF', `${op}: no float64 output of the function is recorded but one must be at least (inputs ${inputs.map(({ shape }) => fmt(shape)).join(', ')})`);
  return outputs.filter((y) => y.requiresGrad);
}

function check(op: string, fn: Checked, inputs: readonly Tensor[], options: GradcheckOptions): void {
  checkOptions(op, options, ['eps', 'atol', 'rtol']);
  const eps = checkNumber(op, 'eps', options.eps ?? 1e-6, Number.MIN_VALUE);
  const atol = checkNumber(op, 'atol', options.atol ?? 1e-5, 0);
  const rtol = checkNumber(op, 'rtol', options.rtol ?? 1e-3, 0);
  checkInputs(op, inputs);
  const wanted = inputs.filter((x) => x.requiresGrad);
  const recorded = scope(() => jacobians(outputsOf(op, fn, inputs), wanted));
  const values = (): Float64Array[] => scope(() => outputsOf(op, fn, inputs).map((y) => y.dataSync() as Float64Array));
  wanted.forEach((x, i) => {
    const differences = slopes(values, x, eps);
    recorded.forEach(({ shape, rows }, o) => compare(op, { atol, rtol }, rows[i], differences.map((list) => list[o]), {
      output: o, input: inputs.indexOf(x), outputShape: shape, inputShape: x.shape,
    }));
  });
}

/** For every output: its shape, and for every input the recorded slopes as [output element][input element]. */
function jacobians(outputs: readonly Tensor[], inputs: readonly Tensor[]): { shape: readonly number[]; rows: Float64Array[][] }[] {
  return outputs.map((y) => {
    const rows: Float64Array[][] = inputs.map(() => []);
    for (let at = 0; at < y.numel; at++) {
      const one = new Float64Array(y.numel);
      one[at] = 1;
      const found = grad(y, inputs, { gradOutputs: [fromData(y.backend, one, y.shape)], retainGraph: true, allowUnused: true });
      found.forEach((g, i) => rows[i].push(g === null ? new Float64Array(inputs[i].numel) : (g.dataSync() as Float64Array)));
    }
    return { shape: y.shape, rows };
  });
}

/** Slopes by central differences as [input element][output][output element]. The input's bytes are changed and put back. */
function slopes(values: () => Float64Array[], x: Tensor, eps: number): Float64Array[][] {
  const { memory } = x.backend;
  const before = x.dataSync() as Float64Array;
  const at = (i: number, value: number): Float64Array[] => {
    memory.write(x.ptr, Float64Array.of(value), 8 * i);
    return values();
  };
  try {
    return Array.from(before, (value, i) => {
      const [high, low] = [at(i, value + eps), at(i, value - eps)];
      memory.write(x.ptr, Float64Array.of(value), 8 * i);
      return high.map((list, o) => list.map((y, j) => (y - low[o][j]) / (2 * eps)));
    });
  } finally {
    memory.write(x.ptr, before);
  }
}

interface Pair {
  readonly output: number;
  readonly input: number;
  readonly outputShape: readonly number[];
  readonly inputShape: readonly number[];
}

function compare(op: string, { atol, rtol }: { atol: number; rtol: number }, recorded: readonly Float64Array[], differences: readonly Float64Array[], pair: Pair): void {
  let worst = { excess: 0, i: -1, j: -1 };
  let failed = 0;
  differences.forEach((list, i) => list.forEach((slope, j) => {
    const excess = Math.abs(recorded[j][i] - slope) - (atol + rtol * Math.abs(slope));
    if (excess <= 0) return;
    failed++;
    // NaN is the worst there is.
    if (!(excess <= worst.excess) && !Number.isNaN(worst.excess)) worst = { excess, i, j };
  }));
  if (failed === 0) return;
  const { i, j } = worst;
  throw new GraphError('CVY_GRAPH_GRADCHECK', `${op}: output ${pair.output} × input ${pair.input}: the recorded slope of output element ${fmt(unravel(j, pair.outputShape))} by input element ${fmt(unravel(i, pair.inputShape))} is ${recorded[j][i]} but differences give ${differences[i][j]} (${failed} of ${recorded.length * differences.length} slopes differ; output ${fmt(pair.outputShape)}, input ${fmt(pair.inputShape)}, atol ${atol}, rtol ${rtol})`);
}
