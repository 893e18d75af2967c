/**
 * A convolution as what it is: a linear map y = C·x with a sparse matrix C, whose transpose is the transposed convolution. For reading
 * and for small sizes; the layers compute without it.
 */
import { cat, checkFloats } from '../autograd/index.js';
import { checkOptions, fmt, ShapeError } from '../errors.js';
import { checkConv, checkConvOptions, numel, stridesOf, unravel, type ConvOptions } from '../shape/index.js';
import { fromData, full, type Tensor } from '../tensor/index.js';

/** The matrix C of one convolution. Images are laid in rows as they are stored: the last axis runs fastest, channels slowest. */
export interface ConvMatrix {
  /** [outputs, inputs] */
  readonly shape: readonly [number, number];
  /** [Cin, …] */
  readonly inputShape: readonly number[];
  /** [Cout, …] */
  readonly outputShape: readonly number[];
  /** Row of each entry, in ascending order; with `columns` and `values` the matrix in coordinate form. */
  readonly rows: Int32Array;
  /** Column of each entry. */
  readonly columns: Int32Array;
  /** Which element of the weight (flat) each entry is: the same few numbers stand in every row. */
  readonly sources: Int32Array;
  /** Value of each entry; an element of the weight that is 0 is an entry too. */
  readonly values: Float64Array;
  /** C itself, with zeros where it has no entry; recorded, so that gradients reach the weight. */
  dense(): Tensor;
}

/**
 * The matrix C with `C · x = y` for a convolution without bias, x and y laid in rows. Cᵀ, as in `C.dense().t()`, maps back: it is the
 * transposed convolution with the same weight and options.
 *
 * @shape weight     [Cout, Cin/groups, k…] with one to three spatial axes
 * @shape inputShape [Cin, …], without the batch
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION
 * @source Dumoulin & Visin 2016, arXiv:1603.07285, section 4; Dive into Deep Learning, transposed convolution
 */
export function convMatrix(weight: Tensor, inputShape: readonly number[], options: ConvOptions = {}): ConvMatrix {
  const op = 'convMatrix';
  checkOptions(op, options, ['stride', 'padding', 'dilation', 'groups']);
  checkFloats(op, weight);
  if (weight.ndim < 3 || weight.ndim > 5) throw new ShapeError('CVY_SHAPE_RANK', `${op}: weight has ${weight.ndim} axes but 3 to 5 are required (weight ${fmt(weight.shape)})`);
  const spec = checkConvOptions(op, weight.shape.slice(2), options);
  const [, ...outputShape] = checkConv(op, [1, ...inputShape], weight.shape, null, spec);
  const { rows, columns, sources } = entries(weight.shape, inputShape, outputShape, spec);
  const data = weight.dataSync();
  const shape = [numel(outputShape), numel(inputShape)] as const;
  return {
    shape, inputShape: [...inputShape], outputShape, rows, columns, sources,
    values: Float64Array.from(sources, (source) => Number(data[source])),
    dense() {
      // Element `numel` is the zero that stands everywhere else.
      const picked = new Int32Array(shape[0] * shape[1]).fill(weight.numel);
      rows.forEach((row, i) => (picked[row * shape[1] + columns[i]] = sources[i]));
      return cat([weight.reshape(-1), full(weight.backend, [1], 0, weight.dtype)], 0).indexSelect(0, fromData(weight.backend, picked)).reshape(shape);
    },
  };
}

/** Output o meets weight k at input o·stride + k·dilation − padding, if that lies inside; at most one k for each pair of o and input. */
function entries(weight: readonly number[], input: readonly number[], output: readonly number[], spec: ReturnType<typeof checkConvOptions>) {
  const [cout, perGroup, ...kernel] = weight;
  const [taps, places, planeSize] = [numel(kernel), numel(output.slice(1)), numel(input.slice(1))];
  const strides = stridesOf(input.slice(1));
  const [rows, columns, sources]: number[][] = [[], [], []];
  for (let o = 0; o < cout; o++) {
    const group = Math.floor(o / (cout / spec.groups));
    for (let place = 0; place < places; place++) {
      const at = unravel(place, output.slice(1));
      for (let c = 0; c < perGroup; c++) {
        for (let tap = 0; tap < taps; tap++) {
          const from = unravel(tap, kernel).map((k, i) => at[i] * spec.stride[i] + k * spec.dilation[i] - spec.front[i]);
          if (from.some((index, i) => index < 0 || index >= input[i + 1])) continue;
          rows.push(o * places + place);
          columns.push((group * perGroup + c) * planeSize + from.reduce((sum, index, i) => sum + index * strides[i], 0));
          sources.push((o * perGroup + c) * taps + tap);
        }
      }
    }
  }
  return { rows: Int32Array.from(rows), columns: Int32Array.from(columns), sources: Int32Array.from(sources) };
}
