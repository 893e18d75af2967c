/**
 * Windows of an image as columns, and their sum back into an image, composed from core ops: what convolution and pooling are
 * made of where a backend has no kernels for them. Correct everywhere, fast nowhere.
 */
import { numel, product, stridesOf, type ConvSpec, type PoolSpec } from '../../shape/index.js';
import { fromData, full, type Tensor } from '../../tensor/index.js';
import { drop } from './indexing.js';

/** How windows lie on an image. */
export interface Steps {
  readonly stride: readonly number[];
  readonly front: readonly number[];
  readonly dilation: readonly number[];
}

/** Flat positions, in the padded plane, of every kernel offset (rows) at every output place (columns), and that plane's sizes. */
function positions(image: readonly number[], kernel: readonly number[], output: readonly number[], steps: Steps): { padded: number[]; index: Int32Array } {
  const padded = image.map((size, i) => Math.max(size + steps.front[i], (output[i] - 1) * steps.stride[i] + steps.dilation[i] * (kernel[i] - 1) + 1));
  const strides = stridesOf(padded);
  const offsets = places(kernel, kernel.map((_, i) => steps.dilation[i] * strides[i]));
  const origins = places(output, output.map((_, i) => steps.stride[i] * strides[i]));
  const index = new Int32Array(offsets.length * origins.length);
  offsets.forEach((offset, k) => origins.forEach((origin, o) => (index[k * origins.length + o] = offset + origin)));
  return { padded, index };
}

/** Σ iᵣ·strideᵣ for all places of a grid, row-major. */
function places(sizes: readonly number[], strides: readonly number[]): number[] {
  let list = [0];
  sizes.forEach((size, axis) => (list = list.flatMap((base) => Array.from({ length: size }, (_, i) => base + i * strides[axis]))));
  return list;
}

/** x [A, B, …] with `fill` around it, as [A·B, plane]. */
function pad(x: Tensor, padded: readonly number[], front: readonly number[], fill: number): Tensor {
  const lead = x.shape.slice(0, 2);
  const y = full(x.backend, [...lead, ...padded], fill, x.dtype);
  y.set_([null, null, ...x.shape.slice(2).map((size, i) => [front[i], front[i] + size] as const)], x);
  return y.reshape([product(lead, 0, 2), numel(padded)]);
}

/** Every window of every plane: [planes, kernel elements, output places]. */
export function windows(x: Tensor, kernel: readonly number[], output: readonly number[], steps: Steps, fill: number): Tensor {
  const { padded, index } = positions(x.shape.slice(2), kernel, output, steps);
  return pad(x, padded, steps.front, fill).indexSelect(1, fromData(x.backend, index)).reshape([x.shape[0] * x.shape[1], numel(kernel), numel(output)]);
}

/** x [N, Cin, …] as matrices [N, groups, Cin/groups · kernel, output places]. */
export const columns = (x: Tensor, kernel: readonly number[], output: readonly number[], spec: ConvSpec): Tensor =>
  windows(x, kernel, output, spec, 0).reshape([x.shape[0], spec.groups, (x.shape[1] / spec.groups) * numel(kernel), numel(output)]);

/** The transpose of columns: matrices added up into an image [N, Cin, …]. */
export function columnsBack(cols: Tensor, image: readonly number[], kernel: readonly number[], output: readonly number[], steps: Steps): Tensor {
  const { padded, index } = positions(image.slice(2), kernel, output, steps);
  const planes = image[0] * image[1];
  const sums = drop(cols.reshape([planes, index.length]), 1, fromData(cols.backend, index), numel(padded));
  return sums.reshape([...image.slice(0, 2), ...padded]).slice(null, null, ...image.slice(2).map((size, i) => [steps.front[i], steps.front[i] + size] as const));
}

/** Flat position in the input plane of every kernel offset at every output place, [kernel elements, output places]; −1 in padding. */
export function inputPositions(image: readonly number[], output: readonly number[], spec: PoolSpec): Int32Array {
  const { padded, index } = positions(image, spec.kernel, output, { stride: spec.stride, front: spec.padding, dilation: spec.dilation });
  const [from, to] = [stridesOf(padded), stridesOf(image)];
  return index.map((flat) => {
    let at = 0;
    for (let i = 0; i < image.length; i++) {
      const place = (Math.floor(flat / from[i]) % padded[i]) - spec.padding[i];
      if (place < 0 || place >= image[i]) return -1;
      at += place * to[i];
    }
    return at;
  });
}
