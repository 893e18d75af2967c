/**
 * Shapes of convolutions and transposed convolutions in one, two and three spatial dimensions: checks options and derives
 * output size and kernel geometry. Formulas: Dumoulin & Visin 2016, arXiv:1603.07285.
 */
import { ArgumentError, fmt, ShapeError } from '../errors.js';
import { checkTuple, type Shape, type Sizes } from './basic.js';
import { three, type ConvGeometry } from './geometry.js';

export type Padding = Sizes | 'same' | 'valid';

export interface ConvOptions {
  stride?: Sizes;
  padding?: Padding;
  dilation?: Sizes;
  groups?: number;
}

/** All options of a convolution as one number per spatial axis; padding in front and behind. */
export interface ConvSpec {
  readonly stride: number[];
  readonly front: number[];
  readonly back: number[];
  readonly dilation: number[];
  readonly groups: number;
}

const LAYOUT = ['', 'NCL', 'NCHW', 'NCDHW'];
const FILTER = ['', 'OIL', 'OIHW', 'OIDHW'];

/** Resolves the options of a convolution over `kernel.length` spatial axes. With 'same', an odd total of padding goes to the end. */
export function checkConvOptions(op: string, kernel: readonly number[], options: ConvOptions): ConvSpec {
  const axes = kernel.length;
  const stride = checkTuple(op, 'stride', options.stride ?? 1, axes, 1);
  const dilation = checkTuple(op, 'dilation', options.dilation ?? 1, axes, 1);
  const [groups] = checkTuple(op, 'groups', options.groups ?? 1, 1, 1);
  const padding = options.padding ?? 0;
  if (padding === 'same') {
    if (stride.some((s) => s !== 1)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: padding is 'same' with stride ${fmt(stride)} but 'same' needs a stride of 1`);
    const total = kernel.map((k, i) => dilation[i] * (k - 1));
    const front = total.map((t) => Math.floor(t / 2));
    return { stride, front, back: total.map((t, i) => t - front[i]), dilation, groups };
  }
  if (typeof padding === 'string' && padding !== 'valid') {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: padding is '${String(padding)}' but must be integers ≥ 0, 'same' or 'valid'`);
  }
  const front = checkTuple(op, 'padding', padding === 'valid' ? 0 : padding, axes, 0);
  return { stride, front, back: front, dilation, groups };
}

/** Output size along one axis. */
export const convSize = (size: number, k: number, stride: number, front: number, back: number, dilation: number): number =>
  Math.floor((size + front + back - dilation * (k - 1) - 1) / stride) + 1;

/** Kernel geometry from shapes that are known to fit. `image` [N, Cin, …] and `output` [N, Cout, …]. */
export function convGeometry(image: Shape, weight: Shape, output: Shape, spec: ConvSpec): ConvGeometry {
  return [
    image[0], spec.groups, image[1], weight[0],
    ...three(image.slice(2), 1), ...three(weight.slice(2), 1), ...three(output.slice(2), 1),
    ...three(spec.stride, 1), ...three(spec.front, 0), ...three(spec.dilation, 1),
  ];
}

function checkRanks(op: string, input: Shape, weight: Shape, axes: number): void {
  if (input.length !== axes + 2) {
    const hint = input.length === axes + 1 ? '; add the batch axis with unsqueeze(0)' : '';
    throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input.length} axes but ${axes + 2} are required (input ${fmt(input)}, expected ${LAYOUT[axes]})${hint}`);
  }
  if (weight.length !== axes + 2) {
    throw new ShapeError('CVY_SHAPE_RANK', `${op}: weight has ${weight.length} axes but ${axes + 2} are required (weight ${fmt(weight)}, expected ${FILTER[axes]})`);
  }
  if (weight.slice(2).includes(0)) throw new ShapeError('CVY_SHAPE_KERNEL', `${op}: the kernel is ${weight.slice(2).join('×')} but every size must be at least 1 (weight ${fmt(weight)})`);
}

/**
 * Checks a convolution and returns its output shape [N, Cout, …].
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS, CVY_SHAPE_KERNEL, CVY_SHAPE_MISMATCH (bias).
 */
export function checkConv(op: string, input: Shape, weight: Shape, bias: Shape | null, spec: ConvSpec): number[] {
  const axes = spec.stride.length;
  checkRanks(op, input, weight, axes);
  const shapes = `input ${fmt(input)} ${LAYOUT[axes]}, weight ${fmt(weight)} ${FILTER[axes]}, groups ${spec.groups}`;
  if (input[1] !== weight[1] * spec.groups) {
    throw new ShapeError('CVY_SHAPE_CHANNELS', `${op}: input has ${input[1]} channels but weight expects ${weight[1] * spec.groups} (${shapes})`);
  }
  if (weight[0] % spec.groups !== 0) {
    throw new ShapeError('CVY_SHAPE_CHANNELS', `${op}: weight has ${weight[0]} output channels but groups must divide them (${shapes})`);
  }
  if (bias !== null && (bias.length !== 1 || bias[0] !== weight[0])) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: bias has shape ${fmt(bias)} but ${fmt([weight[0]])} is required (${shapes})`);
  }
  return [input[0], weight[0], ...checkConvSizes(op, input.slice(2), weight.slice(2), spec, `${fmt(input)} ${LAYOUT[axes]}`)];
}

/** Output sizes along the spatial axes alone; `shown` is the input in messages. @throws {ShapeError} CVY_SHAPE_KERNEL. */
export function checkConvSizes(op: string, input: Shape, kernel: readonly number[], spec: ConvSpec, shown: string): number[] {
  const sizes = kernel.map((k, i) => convSize(input[i], k, spec.stride[i], spec.front[i], spec.back[i], spec.dilation[i]));
  if (sizes.some((size) => size < 1)) {
    const padded = input.map((size, i) => size + spec.front[i] + spec.back[i]);
    const span = kernel.map((k, i) => spec.dilation[i] * (k - 1) + 1);
    throw new ShapeError('CVY_SHAPE_KERNEL', `${op}: padded input is ${padded.join('×')} but the kernel spans ${span.join('×')} (input ${shown}, kernelSize ${kernel.join('×')}, dilation ${spec.dilation.join('×')}, padding ${spec.front.join('×')}); raise padding or shrink the kernel`);
  }
  return sizes;
}

/**
 * Checks a transposed convolution, weight [Cin, Cout/groups, …], and returns its output shape [N, Cout, …].
 * @throws {ShapeError} as checkConv; {ArgumentError} CVY_ARG_VALUE when outputPadding is not below stride or dilation.
 */
export function checkConvTranspose(op: string, input: Shape, weight: Shape, bias: Shape | null, spec: ConvSpec, outputPadding: readonly number[]): number[] {
  const axes = spec.stride.length;
  checkRanks(op, input, weight, axes);
  const shapes = `input ${fmt(input)} ${LAYOUT[axes]}, weight ${fmt(weight)} ${'IO' + FILTER[axes].slice(2)}, groups ${spec.groups}`;
  if (input[1] !== weight[0]) throw new ShapeError('CVY_SHAPE_CHANNELS', `${op}: input has ${input[1]} channels but weight expects ${weight[0]} (${shapes})`);
  if (weight[0] % spec.groups !== 0) throw new ShapeError('CVY_SHAPE_CHANNELS', `${op}: input has ${input[1]} channels but groups must divide them (${shapes})`);
  const cout = weight[1] * spec.groups;
  if (bias !== null && (bias.length !== 1 || bias[0] !== cout)) {
    throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: bias has shape ${fmt(bias)} but ${fmt([cout])} is required (${shapes})`);
  }
  return [input[0], cout, ...checkConvTransposeSizes(op, input.slice(2), weight.slice(2), spec, outputPadding, shapes)];
}

/** Output sizes along the spatial axes alone; `shown` are the shapes in messages. @throws as checkConvTranspose. */
export function checkConvTransposeSizes(op: string, input: Shape, kernel: readonly number[], spec: ConvSpec, outputPadding: readonly number[], shown: string): number[] {
  outputPadding.forEach((p, i) => {
    if (p >= spec.stride[i] && p >= spec.dilation[i]) {
      throw new ArgumentError('CVY_ARG_VALUE', `${op}: outputPadding is ${fmt(outputPadding)} but each must be below its stride ${fmt(spec.stride)} or dilation ${fmt(spec.dilation)}`);
    }
  });
  const sizes = kernel.map((k, i) => (input[i] - 1) * spec.stride[i] - spec.front[i] - spec.back[i] + spec.dilation[i] * (k - 1) + outputPadding[i] + 1);
  if (sizes.some((size) => size < 1)) {
    throw new ShapeError('CVY_SHAPE_KERNEL', `${op}: the output would be ${sizes.join('×')} but every size must be at least 1 (${shown}, padding ${spec.front.join('×')}); lower padding`);
  }
  return sizes;
}
