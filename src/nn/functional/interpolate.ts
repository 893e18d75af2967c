/**
 * Resizing of [N, C, …]: options resolved, then one sparse matrix for each axis (resize.ts).
 */
import { checkFloats, clone, sparseMatmul } from '../../autograd/index.js';
import { ArgumentError, checkChoice, checkFlag, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkTuple } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { resizeMatrix, type ResizeAxis, type ResizeKernel } from './resize.js';

export const INTERPOLATION_MODES = ['nearest', 'nearest-exact', 'linear', 'bilinear', 'bicubic', 'trilinear', 'area'] as const;
export type InterpolationMode = (typeof INTERPOLATION_MODES)[number];

export interface InterpolateOptions {
  /** Cells of each spatial axis, or of all of them. */
  size?: number | readonly number[] | null;
  /** Instead of `size`: ⌊size · factor⌋ cells, and coordinates mapped by exactly this factor. */
  scaleFactor?: number | readonly number[] | null;
  /** Default 'nearest'. */
  mode?: InterpolationMode;
  /** Whether the middles of the corner cells stay where they are, for the linear and cubic modes; default false. */
  alignCorners?: boolean | null;
  /** Whether coordinates are mapped by the quotient of the sizes instead of by `scaleFactor`; default false. */
  recomputeScaleFactor?: boolean | null;
  /** Whether 'bilinear' and 'bicubic' take all cells in where they shrink an image; default false. */
  antialias?: boolean;
}

/** The kernel of each mode, and the spatial axes that it takes. */
const MODES: Record<InterpolationMode, readonly [kernel: ResizeKernel, axes: readonly number[]]> = {
  nearest: ['nearest', [1, 2, 3]], 'nearest-exact': ['nearestExact', [1, 2, 3]], area: ['area', [1, 2, 3]],
  linear: ['linear', [1]], bilinear: ['linear', [2]], trilinear: ['linear', [3]], bicubic: ['cubic', [2]],
};
const ANTIALIASED: Partial<Record<ResizeKernel, ResizeKernel>> = { linear: 'linearAntialias', cubic: 'cubicAntialias' };

/** The options of a resize, checked; what depends on the input is not known yet. */
export interface ResizeSpec {
  readonly size: number | readonly number[] | null;
  readonly scaleFactor: number | readonly number[] | null;
  readonly mode: InterpolationMode;
  readonly alignCorners: boolean | null;
  readonly recomputeScaleFactor: boolean;
  readonly antialias: boolean;
}

/** @throws {ArgumentError} CVY_ARG_OPTION, CVY_ARG_VALUE, CVY_ARG_TYPE. */
export function checkInterpolateOptions(op: string, options: InterpolateOptions, known: readonly string[]): ResizeSpec {
  checkOptions(op, options, known);
  const { size = null, scaleFactor = null, alignCorners = null, recomputeScaleFactor, antialias = false } = options;
  const mode = checkChoice(op, 'mode', options.mode ?? 'nearest', INTERPOLATION_MODES);
  const smooth = MODES[mode][0] === 'linear' || MODES[mode][0] === 'cubic';
  const recompute = checkFlag(op, 'recomputeScaleFactor', recomputeScaleFactor ?? false);
  if ((size === null) === (scaleFactor === null)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${size === null ? 'neither' : 'both'} of size and scaleFactor ${size === null ? 'is' : 'are'} given but exactly one is required`);
  if (alignCorners !== null && !smooth) throw new ArgumentError('CVY_ARG_VALUE', `${op}: alignCorners is given with mode '${mode}' but only linear, bilinear, bicubic and trilinear take it`);
  if (recompute && size !== null) throw new ArgumentError('CVY_ARG_VALUE', `${op}: recomputeScaleFactor is given with a size but needs a scaleFactor`);
  if (checkFlag(op, 'antialias', antialias) && mode !== 'bilinear' && mode !== 'bicubic') throw new ArgumentError('CVY_ARG_VALUE', `${op}: antialias is given with mode '${mode}' but only bilinear and bicubic take it`);
  if (size !== null) checkTuple(op, 'size', size, Array.isArray(size) ? size.length : 1, 1);
  const factors = scaleFactor === null ? [] : typeof scaleFactor === 'number' ? [scaleFactor] : Array.isArray(scaleFactor) ? scaleFactor as readonly number[] : [NaN];
  if (!factors.every((factor) => Number.isFinite(factor) && factor > 0)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: scaleFactor is ${Array.isArray(scaleFactor) ? fmt(factors) : String(scaleFactor)} but must be a finite number > 0, or one for each axis`);
  return { size, scaleFactor, mode, alignCorners: alignCorners === null ? null : checkFlag(op, 'alignCorners', alignCorners), recomputeScaleFactor: recompute, antialias };
}

/** One number, or one for each of the input's spatial axes, as a list. */
function each(op: string, name: string, value: number | readonly number[], input: readonly number[]): readonly number[] {
  const axes = input.length - 2;
  if (typeof value === 'number') return new Array<number>(axes).fill(value);
  if (value.length !== axes) throw new ShapeError('CVY_SHAPE_RANK', `${op}: ${name} has ${value.length} numbers but ${axes} are required, one for each spatial axis (input ${fmt(input)}, ${name} ${fmt(value)})`);
  return value;
}

/** What a resize with checked options does along each spatial axis of an input of this shape. */
export function axesOf(op: string, input: readonly number[], spec: ResizeSpec): ResizeAxis[] {
  const [kernel, allowed] = MODES[spec.mode];
  if (!allowed.includes(input.length - 2)) {
    throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input.length} axes but mode '${spec.mode}' requires ${allowed.map((axes) => axes + 2).join(', ')}, batch and channels included (input ${fmt(input)})`);
  }
  const image = input.slice(2);
  const factors = spec.scaleFactor === null ? null : each(op, 'scaleFactor', spec.scaleFactor, input);
  const sizes = factors === null ? each(op, 'size', spec.size!, input) : image.map((size, i) => Math.floor(size * factors[i]));
  if (image.some((size) => size < 1) || sizes.some((size) => size < 1)) throw new ShapeError('CVY_SHAPE_KERNEL', `${op}: ${image.join('×')} would become ${sizes.join('×')} but every size must be at least 1 (input ${fmt(input)})`);
  const scales = spec.recomputeScaleFactor ? null : factors;
  return image.map((size, i) => ({
    kernel: spec.antialias ? ANTIALIASED[kernel]! : kernel, input: size, output: sizes[i], alignCorners: spec.alignCorners ?? false, scale: scales?.[i] ?? 0,
  }));
}

/** A resize with checked options. */
export function resize(op: string, input: Tensor, spec: ResizeSpec): Tensor {
  checkFloats(op, input);
  return resizeAxes(input, axesOf(op, input.shape, spec));
}

/**
 * The last axes of `x`, one after the other. Along the very last one an element costs most, so it comes after those that shrink and
 * before those that grow: then it has the fewest.
 */
export function resizeAxes(x: Tensor, axes: readonly ResizeAxis[]): Tensor {
  const last = axes.length - 1;
  const growth = axes.map(({ input, output }, i) => (i === last ? 1 : output / input));
  const order = axes.map((_, i) => i).sort((a, b) => growth[a] - growth[b]);
  let y = x;
  for (const i of order) {
    const matrix = resizeMatrix(axes[i]);
    if (matrix === null) continue;
    const next = sparseMatmul(matrix, y, x.ndim - axes.length + i, axes[i].kernel === 'area');
    // The tape needs nothing of what lies between, and memory that was just used is the fastest to be had.
    if (y !== x) y.dispose();
    y = next;
  }
  return y === x ? clone(x) : y;
}

const OPTIONS = ['size', 'scaleFactor', 'mode', 'alignCorners', 'recomputeScaleFactor', 'antialias'];

/**
 * Resizes the spatial axes, to a size or by a factor.
 *
 * @shape input   [N, C, L], [N, C, H, W] or [N, C, D, H, W]; 'linear' takes the first, 'bilinear' and 'bicubic' the second, 'trilinear' the third
 * @shape returns the same with the spatial axes of `size`, or ⌊size · scaleFactor⌋
 * @grad input, to any order
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION
 * @source torch.nn.functional.interpolate
 */
export const interpolate = (input: Tensor, options: InterpolateOptions): Tensor => resize('interpolate', input, checkInterpolateOptions('interpolate', options, OPTIONS));
