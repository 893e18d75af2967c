/** Pooling. The gradient of a maximum goes to the positions that the kernel reported. */
import { checkPool, numel, poolGeometry, product, type PoolSpec } from '../../shape/index.js';
import { empty, fromData, type Tensor } from '../../tensor/index.js';
import { edgeOf, piecewiseLinear, record } from '../tape.js';
import { gatherAlong, scatterAlong } from './indexing.js';
import { inputPositions, windows } from './windows.js';

/** Largest element of each window of checked x [N, C, …] or [C, …]; `indices` are int32 flat positions in the input plane. */
export function maxPool(op: string, x: Tensor, spec: PoolSpec): { y: Tensor; indices: Tensor } {
  return x.backend.has('maxPool', x.dtype) ? maxima('maxPool', op, x, spec) : composedMax(x, spec, checkPool(op, x.shape, spec));
}

/** relu of the largest element of each window, in one where the backend can: windows that give 0 have no position, so no gradient. */
export function maxPoolRelu(op: string, x: Tensor, spec: PoolSpec): Tensor {
  const fused = x.backend.has('maxPoolRelu', x.dtype);
  const { y, indices } = fused ? maxima('maxPoolRelu', op, x, spec) : maxPool(op, x, spec);
  indices.dispose();
  return fused ? y : y.relu();
}

/** Either by its kernel. */
function maxima(kernel: 'maxPool' | 'maxPoolRelu', op: string, x: Tensor, spec: PoolSpec): { y: Tensor; indices: Tensor } {
  const output = checkPool(op, x.shape, spec);
  const y = empty(x.backend, output, x.dtype);
  const indices = empty(x.backend, output, 'int32');
  x.backend.run(kernel, x.dtype, [x.ptr, y.ptr, indices.ptr, ...poolGeometry(x.shape, output, spec)]);
  const [from, edge] = [x.shape, edgeOf(x)];
  return { y: record(kernel, y, [x], [indices], (g, [at]) => [piecewiseLinear(maxBack(g, at, spec, from), edge)]), indices };
}

/** What reaches the maxima. Linear in g: the gradient of that gathers where this scatters. */
function maxBack(g: Tensor, indices: Tensor, spec: PoolSpec, image: readonly number[]): Tensor {
  const axes = spec.kernel.length;
  const [places, plane] = [numel(g.shape.slice(-axes)), numel(image.slice(-axes))];
  if (!g.backend.has('maxPoolGrad', g.dtype)) {
    return scatterAlong(g.reshape([-1, places]), 1, indices.reshape([-1, places]), plane).reshape(image);
  }
  const gx = empty(g.backend, image, g.dtype);
  g.backend.run('maxPoolGrad', g.dtype, [g.ptr, indices.ptr, gx.ptr, ...poolGeometry(image, g.shape, spec)]);
  const output = g.shape;
  return record('maxPoolGrad', gx, [g], [indices], (h, [at]) => [gatherAlong(h.reshape([-1, plane]), 1, at.reshape([-1, places])).reshape(output)]);
}

export interface AvgSpec extends PoolSpec {
  readonly countIncludePad: boolean;
  /** Divides every window instead of its size; null for the size. */
  readonly divisor: number | null;
}

/** Mean of each window. @source torch.nn.functional.avg_pool2d */
export function avgPool(op: string, x: Tensor, spec: AvgSpec): Tensor {
  const output = checkPool(op, x.shape, spec);
  if (!x.backend.has('avgPool', x.dtype)) return composedAvg(x, spec, output);
  return pooled(x, spec, output);
}

function pooled(x: Tensor, spec: AvgSpec, output: readonly number[]): Tensor {
  const y = empty(x.backend, output, x.dtype);
  x.backend.run('avgPool', x.dtype, [x.ptr, y.ptr, Number(spec.countIncludePad), spec.divisor ?? 0, ...poolGeometry(x.shape, output, spec)]);
  const [from, edge] = [x.shape, edgeOf(x)];
  return record('avgPool', y, [x], [], (g) => [piecewiseLinear(spreadBack(g, spec, from), edge)]);
}

function spreadBack(g: Tensor, spec: AvgSpec, image: readonly number[]): Tensor {
  if (!g.backend.has('avgPoolGrad', g.dtype)) {
    // The gradient of a linear map needs no particular input: differentiate the composition at zero.
    const zero = empty(g.backend, image, g.dtype).zero_().requiresGrad_();
    return composedAvg(zero, spec, g.shape).gradientOf(zero, g);
  }
  const gx = empty(g.backend, image, g.dtype);
  g.backend.run('avgPoolGrad', g.dtype, [g.ptr, gx.ptr, Number(spec.countIncludePad), spec.divisor ?? 0, ...poolGeometry(image, g.shape, spec)]);
  const output = g.shape;
  return record('avgPoolGrad', gx, [g], [], (h) => [pooled(h, spec, output)]);
}

/** As [1, planes, …], whatever leads. */
const asPlanes = (x: Tensor, axes: number): Tensor => x.reshape([1, product(x.shape, 0, x.ndim - axes), ...x.shape.slice(-axes)]);
const stepsOf = (spec: PoolSpec) => ({ stride: spec.stride, front: spec.padding, dilation: spec.dilation });

function composedMax(x: Tensor, spec: PoolSpec, output: readonly number[]): { y: Tensor; indices: Tensor } {
  const axes = spec.kernel.length;
  const sizes = output.slice(-axes);
  const all = windows(asPlanes(x, axes), spec.kernel, sizes, stepsOf(spec), -Infinity);
  const { values, indices } = all.max(1);
  const positions = fromData(x.backend, inputPositions(x.shape.slice(-axes), sizes, spec), [1, numel(spec.kernel), numel(sizes)]);
  const at = gatherAlong(positions.expand(all.shape), 1, indices.unsqueeze(1));
  return { y: values.reshape(output), indices: at.reshape(output) };
}

function composedAvg(x: Tensor, spec: AvgSpec, output: readonly number[]): Tensor {
  const axes = spec.kernel.length;
  const [image, sizes] = [x.shape.slice(-axes), output.slice(-axes)];
  const sums = windows(asPlanes(x, axes), spec.kernel, sizes, stepsOf(spec), 0).sum(1);
  return sums.div(fromData(x.backend, divisors(image, sizes, spec), [numel(sizes)], { dtype: x.dtype })).reshape(output);
}

/** What divides each window: its elements inside the input, or inside input and padding. */
function divisors(image: readonly number[], output: readonly number[], spec: AvgSpec): Float64Array {
  const counts = output.map((size, i) => Array.from({ length: size }, (_, o) => {
    const start = o * spec.stride[i] - spec.padding[i];
    const [low, high] = spec.countIncludePad ? [start, image[i] + spec.padding[i]] : [Math.max(start, 0), image[i]];
    return Math.min(start + spec.kernel[i], high) - low;
  }));
  let list = [1];
  counts.forEach((row) => (list = list.flatMap((left) => row.map((count) => left * count))));
  return Float64Array.from(list, (count) => spec.divisor ?? count);
}
