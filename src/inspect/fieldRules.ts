/**
 * What each kind of layer does to a receptive field. Layers that treat every element for itself need no rule: the operations that
 * they are made of say so (receptiveField.ts).
 */
import { axesOf } from '../nn/functional/interpolate.js';
import { adaptiveWindow, resizeMatrix } from '../nn/functional/resize.js';
import { LogSoftmax, Softmax, Softmax2d, Softmin } from '../nn/layers/activation.js';
import { GLU } from '../nn/layers/activationGated.js';
import { AdaptivePooling } from '../nn/layers/adaptivePool.js';
import { Convolution } from '../nn/layers/conv.js';
import { TransposedConvolution } from '../nn/layers/convTranspose.js';
import { Linear, Unflatten } from '../nn/layers/linear.js';
import { LPPooling } from '../nn/layers/lpPool.js';
import { BatchNorm, InstanceNorm } from '../nn/layers/norm.js';
import { Pad } from '../nn/layers/pad.js';
import { AvgPooling, MaxPooling } from '../nn/layers/pool.js';
import { GroupNorm, LayerNorm, LocalResponseNorm } from '../nn/layers/rowNorm.js';
import { ChannelShuffle, PixelShuffle, PixelUnshuffle } from '../nn/layers/shuffle.js';
import { MaxUnpooling } from '../nn/layers/unpool.js';
import { Upsample } from '../nn/layers/upsample.js';
import type { Module } from '../nn/module.js';
import { checkConvOptions, checkPoolOptions } from '../shape/index.js';
import { across, through, type Field, type Window } from './field.js';

/** A field behind a layer, from that before it and the two shapes; null where the layer cannot follow on that field. */
export type Rule<M> = (layer: M, field: Field, input: readonly number[], output: readonly number[]) => Field | null;

/** The window of one spatial axis, and by how much it moves from one output to the next. */
interface Slide {
  readonly stride: number;
  readonly window: Window;
}

/** Layers whose windows slide over the spatial axes. */
function sliding<M>(slides: (layer: M, input: readonly number[], output: readonly number[], axes: number) => Slide[]): Rule<M> {
  return (layer, field, input, output) => {
    const axes = field.axes.length;
    if (field.flat || input.length < axes + 1) return null;
    const sizes = output.slice(-axes);
    return { flat: false, axes: slides(layer, input, output, axes).map(({ stride, window }, i) => through(field.axes[i], sizes[i], stride, window)) };
  };
}

const convolution = sliding<Convolution>(({ spec }) => {
  const { stride, front, dilation } = checkConvOptions('receptiveField', spec.kernelSize, spec);
  return spec.kernelSize.map((k, i) => ({ stride: stride[i], window: (o) => [o * stride[i] - front[i], o * stride[i] - front[i] + dilation[i] * (k - 1), dilation[i]] }));
});

/** Backwards, output o is where input i arrives by tap k: o = i·stride + k·dilation − padding. Some outputs see fewer inputs than others. */
const transposed = sliding<TransposedConvolution>(({ spec: { kernelSize, stride, padding, dilation } }) => kernelSize.map((taps, i) => ({
  stride: 1 / stride[i],
  window: (o) => {
    const from = Array.from({ length: taps }, (_, k) => (o + padding[i] - k * dilation[i]) / stride[i]).filter(Number.isInteger);
    return from.length === 0 ? [0, -1] : [from.at(-1)!, from[0], from.length === 1 ? 1 : from[0] - from[1]];
  },
})));

const pooling = sliding<MaxPooling | AvgPooling | LPPooling>(({ spec }, _input, _output, axes) => {
  const { kernel, stride, padding, dilation } = checkPoolOptions('receptiveField', spec.kernelSize, axes, spec);
  return kernel.map((k, i) => ({ stride: stride[i], window: (o) => [o * stride[i] - padding[i], o * stride[i] - padding[i] + dilation[i] * (k - 1), dilation[i]] }));
});

const adaptive = sliding<AdaptivePooling>((_, input, output, axes) => input.slice(-axes).map((from, i) => {
  const to = output[output.length - axes + i];
  return { stride: from / to, window: (o) => {
    const [start, end] = adaptiveWindow(from, to, o);
    return [start, end - 1];
  } };
}));

/** An output may come from every window that it lies in; which one it is, the positions say. */
const unpooling = sliding<MaxUnpooling>(({ spec: { kernel, stride, padding } }) => kernel.map((k, i) => ({
  stride: 1 / stride[i], window: (o) => [Math.ceil((o + padding[i] - k + 1) / stride[i]), Math.floor((o + padding[i]) / stride[i])],
})));

/** The cells that its matrix makes output o of; beyond the border it goes on as from the start. */
const upsampling = sliding<Upsample>(({ spec }, input) => axesOf('receptiveField', input, spec).map((axis) => {
  const { input: from, output: to, alignCorners, scale } = axis;
  const matrix = resizeMatrix(axis);
  if (matrix === null) return { stride: 1, window: (o) => [o, o] };
  return { stride: alignCorners ? (from - 1) / Math.max(1, to - 1) : scale > 0 ? 1 / scale : from / to, window: (o) => {
    const rounds = Math.floor(o / to);
    const cells = matrix.index.subarray(matrix.rowStart[o - rounds * to], matrix.rowStart[o - rounds * to + 1]);
    return [Math.min(...cells) + rounds * from, Math.max(...cells) + rounds * from];
  } };
}));

const enlarging = sliding<PixelShuffle>(({ spec: { factor } }, _input, _output, axes) => new Array<Slide>(axes).fill({ stride: 1 / factor, window: (o) => [Math.floor(o / factor), Math.floor(o / factor)] }));
const gathering = sliding<PixelUnshuffle>(({ spec: { factor } }, _input, _output, axes) => new Array<Slide>(axes).fill({ stride: factor, window: (o) => [o * factor, (o + 1) * factor - 1] }));

/** What a mode other than zeros repeats counts as beyond the border. Axes are listed from the last to the first, two numbers each. */
const padding = sliding<Pad>(({ spec }, _input, _output, axes) => Array.from({ length: axes }, (_, i) => {
  const front = spec.padding[2 * (axes - 1 - i)];
  return { stride: 1, window: (o) => [o - front, o - front] };
}));

/** All axes become one place that sees everything. */
const everything = (field: Field): Field => ({ flat: true, axes: field.axes.map((axis) => across(axis, 1)) });

/** A map again, where every place sees the same; which place was which is forgotten otherwise. */
const unflatten: Rule<Unflatten> = (_, field, _input, output) => {
  const sizes = output.slice(-field.axes.length);
  return output.length > field.axes.length && field.axes.every(({ size }) => size === 1) ? { flat: false, axes: field.axes.map((axis, i) => across(axis, sizes[i])) } : null;
};

/** A layer that mixes one axis of its input, counted from the front. */
function mixing(field: Field, input: readonly number[], output: readonly number[], axis: number): Field {
  if (field.flat) return everything(field);
  const at = axis - (input.length - field.axes.length);
  return { flat: false, axes: field.axes.map((one, i) => (i === at ? across(one, output[axis]) : one)) };
}

const fromFront = (dim: number, shape: readonly number[]): number => (dim < 0 ? dim + shape.length : dim);

const softmax: Rule<Softmax | LogSoftmax | Softmin> = ({ spec }, field, input, output) => mixing(field, input, output, fromFront(spec.dim, input));
/** One half gates the other. */
const glu: Rule<GLU> = ({ spec }, field, input, output) => {
  if (field.flat) return null;
  const at = fromFront(spec.dim, input) - (input.length - field.axes.length);
  return { flat: false, axes: field.axes.map((axis, i) => (i === at ? through(axis, output.at(i - field.axes.length)!, 1, (o) => [o, o + axis.size / 2, axis.size / 2]) : axis)) };
};

const layerNorm: Rule<LayerNorm> = ({ spec }, field, input, output) =>
  spec.normalizedShape.reduce((all, _, i) => mixing(all, input, output, input.length - 1 - i), field);
const linear: Rule<Linear> = (_, field, input, output) => mixing(field, input, output, input.length - 1);

/** Mean and variance of the whole map: strictly, every element sees all of it. */
const overMap: Rule<Module> = (_, field) => (field.flat ? everything(field) : { flat: false, axes: field.axes.map((axis) => across(axis, axis.size)) });
/** Statistics that were tracked are constants. */
const instanceNorm: Rule<InstanceNorm> = (layer, field, input, output) => (layer.spec.trackRunningStats ? field : overMap(layer, field, input, output));

/** Elements for themselves, whatever operations that takes: in evaluation a batch norm's statistics are constants. */
const pointwise: Rule<Module> = (_, field) => field;

type Class<M> = abstract new (...args: never[]) => M;
const entry = <M extends Module>(rule: Rule<M>, ...classes: Class<M>[]): [Rule<Module>, Class<Module>[]] => [rule as unknown as Rule<Module>, classes];

const RULES = [
  entry(convolution, Convolution),
  entry(transposed, TransposedConvolution),
  entry(pooling, MaxPooling, AvgPooling, LPPooling),
  entry(adaptive, AdaptivePooling),
  entry(unpooling, MaxUnpooling),
  entry(upsampling, Upsample),
  entry(enlarging, PixelShuffle),
  entry(gathering, PixelUnshuffle),
  entry(padding, Pad),
  entry(unflatten, Unflatten),
  entry(linear, Linear),
  entry(softmax, Softmax, LogSoftmax, Softmin),
  entry(glu, GLU),
  entry(layerNorm, LayerNorm),
  entry(overMap, GroupNorm),
  entry(instanceNorm, InstanceNorm),
  entry(pointwise, BatchNorm, LocalResponseNorm, Softmax2d, ChannelShuffle),
];

/** The rule of a layer, undefined where there is none. */
export const ruleOf = (layer: Module): Rule<Module> | undefined => RULES.find(([, classes]) => classes.some((one) => layer instanceof one))?.[0];
