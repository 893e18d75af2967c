/**
 * Shapes of pooling windows in one, two and three spatial dimensions.
 */
import { ArgumentError, fmt, ShapeError } from '../errors.js';
import { checkBatched, checkTuple, product, type Shape, type Sizes } from './basic.js';
import { three, type PoolGeometry } from './geometry.js';

export interface PoolOptions {
  /** Default: the kernel's size. */
  stride?: Sizes | null;
  padding?: Sizes;
  dilation?: Sizes;
  ceilMode?: boolean;
}

/** A window as one number per spatial axis. */
export interface WindowSpec {
  readonly kernel: number[];
  readonly stride: number[];
  readonly padding: number[];
}

export interface PoolSpec extends WindowSpec {
  readonly dilation: number[];
  readonly ceilMode: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE: sizes below 1, padding below 0. */
export function checkWindow(op: string, kernelSize: Sizes, axes: number, options: Pick<PoolOptions, 'stride' | 'padding'>): WindowSpec {
  const kernel = checkTuple(op, 'kernelSize', kernelSize, axes, 1);
  const stride = options.stride === undefined || options.stride === null ? kernel : checkTuple(op, 'stride', options.stride, axes, 1);
  return { kernel, stride, padding: checkTuple(op, 'padding', options.padding ?? 0, axes, 0) };
}

/** @throws {ArgumentError} CVY_ARG_VALUE as checkWindow, and for padding of more than half a window. */
export function checkPoolOptions(op: string, kernelSize: Sizes, axes: number, options: PoolOptions): PoolSpec {
  const window = checkWindow(op, kernelSize, axes, options);
  const { kernel, padding } = window;
  const dilation = checkTuple(op, 'dilation', options.dilation ?? 1, axes, 1);
  padding.forEach((p, i) => {
    const span = dilation[i] * (kernel[i] - 1) + 1;
    if (p > Math.floor(span / 2)) {
      throw new ArgumentError('CVY_ARG_VALUE', `${op}: padding is ${fmt(padding)} but must be at most half of the window (kernelSize ${fmt(kernel)}, dilation ${fmt(dilation)})`);
    }
  });
  return { ...window, dilation, ceilMode: options.ceilMode ?? false };
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
  checkBatched(op, input, axes + 2);
  const lead = input.length - axes;
  const sizes = spec.kernel.map((k, i) => poolSize(input[lead + i], k, spec.stride[i], spec.padding[i], spec.dilation[i], spec.ceilMode));
  if (sizes.some((size) => size < 1)) {
    throw new ShapeError('CVY_SHAPE_KERNEL', `${op}: the output would be ${sizes.join('×')} but every size must be at least 1 (input ${fmt(input)}, kernelSize ${fmt(spec.kernel)}, stride ${fmt(spec.stride)}, padding ${fmt(spec.padding)}); shrink the window`);
  }
  return [...input.slice(0, lead), ...sizes];
}

/** Kernel geometry from shapes that are known to fit. */
export function poolGeometry(input: Shape, output: Shape, spec: PoolSpec): PoolGeometry {
  const lead = input.length - spec.kernel.length;
  return [
    product(input, 0, lead),
    ...three(input.slice(lead), 1), ...three(spec.kernel, 1), ...three(output.slice(lead), 1),
    ...three(spec.stride, 1), ...three(spec.padding, 0), ...three(spec.dilation, 1),
  ];
}
