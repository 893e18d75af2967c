/**
 * Shapes of pooling windows in one, two and three spatial dimensions.
 */
import { ArgumentError, fmt, ShapeError } from '../errors.js';
import { checkTuple, product, type Shape } from './basic.js';
import type { PoolGeometry } from './geometry.js';

export interface PoolOptions {
  /** Default: the kernel's size. */
  stride?: number | readonly number[] | null;
  padding?: number | readonly number[];
  dilation?: number | readonly number[];
  ceilMode?: boolean;
}

export interface PoolSpec {
  readonly kernel: number[];
  readonly stride: number[];
  readonly padding: number[];
  readonly dilation: number[];
  readonly ceilMode: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE: sizes below 1, or padding of more than half a window. */
export function checkPoolOptions(op: string, kernelSize: number | readonly number[], axes: number, options: PoolOptions): PoolSpec {
  const kernel = checkTuple(op, 'kernelSize', kernelSize, axes, 1);
  const stride = options.stride === undefined || options.stride === null ? kernel : checkTuple(op, 'stride', options.stride, axes, 1);
  const padding = checkTuple(op, 'padding', options.padding ?? 0, axes, 0);
  const dilation = checkTuple(op, 'dilation', options.dilation ?? 1, axes, 1);
  padding.forEach((p, i) => {
    const span = dilation[i] * (kernel[i] - 1) + 1;
    if (p > Math.floor(span / 2)) {
      throw new ArgumentError('CVY_ARG_VALUE', `${op}: padding is ${fmt(padding)} but must be at most half of the window (kernelSize ${fmt(kernel)}, dilation ${fmt(dilation)})`);
    }
  });
  return { kernel, stride, padding, dilation, ceilMode: options.ceilMode ?? false };
}

/** Output size along one axis. In ceil mode no window starts beyond the input and the padding before it. */
export function poolSize(size: number, k: number, stride: number, padding: number, dilation: number, ceilMode: boolean): number {
  const room = size + 2 * padding - dilation * (k - 1) - 1;
  if (!ceilMode) return Math.floor(room / stride) + 1;
  const out = Math.ceil(room / stride) + 1;
  return (out - 1) * stride >= size + padding ? out - 1 : out;
}

/** Checks a pooling over the last `spec.kernel.length` axes of [N, C, …] or [C, …]; returns the output shape. */
export function checkPool(op: string, input: Shape, spec: PoolSpec): number[] {
  const axes = spec.kernel.length;
  if (input.length !== axes + 2 && input.length !== axes + 1) {
    throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input.length} axes but ${axes + 2} (or ${axes + 1} without a batch) are required (input ${fmt(input)})`);
  }
  const lead = input.length - axes;
  const sizes = spec.kernel.map((k, i) => poolSize(input[lead + i], k, spec.stride[i], spec.padding[i], spec.dilation[i], spec.ceilMode));
  if (sizes.some((size) => size < 1)) {
    throw new ShapeError('CVY_SHAPE_KERNEL', `${op}: the output would be ${sizes.join('×')} but every size must be at least 1 (input ${fmt(input)}, kernelSize ${fmt(spec.kernel)}, stride ${fmt(spec.stride)}, padding ${fmt(spec.padding)}); shrink the window`);
  }
  return [...input.slice(0, lead), ...sizes];
}

const three = (list: readonly number[], fill: number): [number, number, number] =>
  [...new Array<number>(3 - list.length).fill(fill), ...list] as [number, number, number];

/** Kernel geometry from shapes that are known to fit. */
export function poolGeometry(input: Shape, output: Shape, spec: PoolSpec): PoolGeometry {
  const lead = input.length - spec.kernel.length;
  return [
    product(input, 0, lead),
    ...three(input.slice(lead), 1), ...three(spec.kernel, 1), ...three(output.slice(lead), 1),
    ...three(spec.stride, 1), ...three(spec.padding, 0), ...three(spec.dilation, 1),
  ];
}
