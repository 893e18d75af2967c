/**
 * Windows of an image as columns of a matrix, and their sum back into an image. src/autograd/ops/windows.ts does both.
 */
import { checkFloats, columnsBack, windows } from '../../autograd/index.js';
import { checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkBatched, checkTuple, convSize, numel, type Sizes } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';

export interface FoldOptions {
  dilation?: Sizes;
  padding?: Sizes;
  stride?: Sizes;
}

export interface FoldSpec {
  readonly kernel: number[];
  readonly dilation: number[];
  /** The padding before; after lies as much. */
  readonly front: number[];
  readonly stride: number[];
}

/** @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION. */
export function checkFoldOptions(op: string, kernelSize: Sizes, options: FoldOptions): FoldSpec {
  checkOptions(op, options, ['dilation', 'padding', 'stride']);
  return {
    kernel: checkTuple(op, 'kernelSize', kernelSize, 2, 1), dilation: checkTuple(op, 'dilation', options.dilation ?? 1, 2, 1),
    front: checkTuple(op, 'padding', options.padding ?? 0, 2, 0), stride: checkTuple(op, 'stride', options.stride ?? 1, 2, 1),
  };
}

/** How many windows there are along each axis. */
function placesOf(op: string, image: readonly number[], { kernel, dilation, front, stride }: FoldSpec, shapes: string): number[] {
  const places = image.map((size, i) => convSize(size, kernel[i], stride[i], front[i], front[i], dilation[i]));
  if (places.some((count) => count < 1)) {
    throw new ShapeError('CVY_SHAPE_KERNEL', `${op}: there would be ${places.join('×')} windows but at least one along each axis is required (${shapes}, kernelSize ${fmt(kernel)}, dilation ${fmt(dilation)}, padding ${fmt(front)}, stride ${fmt(stride)})`);
  }
  return places;
}

/**
 * Every window of an image as a column.
 *
 * @shape input   [N, C, H, W] or [C, H, W]
 * @shape returns [N, C·kH·kW, L], L windows row by row
 * @units dilation, padding, stride in pixels
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.unfold
 */
export function unfold(input: Tensor, kernelSize: Sizes, options: FoldOptions = {}): Tensor {
  const spec = checkFoldOptions('unfold', kernelSize, options);
  checkFloats('unfold', input);
  checkBatched('unfold', input.shape, 4);
  if (input.ndim === 3) return unfold(input.unsqueeze(0), kernelSize, options).squeeze(0);
  const [n, c] = input.shape;
  const places = placesOf('unfold', input.shape.slice(2), spec, `input ${fmt(input.shape)}`);
  return windows(input, spec.kernel, places, spec, 0).reshape([n, c * numel(spec.kernel), numel(places)]);
}

/**
 * The transpose of unfold: columns added up where their windows lie in an image of `outputSize`.
 *
 * @shape input   [N, C·kH·kW, L] or [C·kH·kW, L]
 * @shape returns [N, C, oH, oW]
 * @units dilation, padding, stride in pixels
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS, CVY_SHAPE_MISMATCH, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.fold
 */
export function fold(input: Tensor, outputSize: Sizes, kernelSize: Sizes, options: FoldOptions = {}): Tensor {
  const spec = checkFoldOptions('fold', kernelSize, options);
  const sizes = checkTuple('fold', 'outputSize', outputSize, 2, 1);
  checkFloats('fold', input);
  checkBatched('fold', input.shape, 3);
  if (input.ndim === 2) return fold(input.unsqueeze(0), outputSize, kernelSize, options).squeeze(0);
  const [n, rows, length] = input.shape;
  const shapes = `input ${fmt(input.shape)}, outputSize ${fmt(sizes)}`;
  const cells = numel(spec.kernel);
  if (rows === 0 || rows % cells !== 0) throw new ShapeError('CVY_SHAPE_CHANNELS', `fold: input has ${rows} rows but a multiple of ${cells} is required, channels times the window's cells (${shapes}, kernelSize ${fmt(spec.kernel)})`);
  const places = placesOf('fold', sizes, spec, shapes);
  if (length !== numel(places)) throw new ShapeError('CVY_SHAPE_MISMATCH', `fold: input has ${length} columns but the output has ${places.join('×')} windows and needs as many (${shapes}, kernelSize ${fmt(spec.kernel)})`);
  return columnsBack(input, [n, rows / cells, ...sizes], spec.kernel, places, spec);
}
