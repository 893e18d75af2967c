/**
 * What each kind of layer does to a receptive field. Layers that treat every element for itself need no rule: the operations that
 * they are made of say so (receptiveField.ts).
 */
import { LogSoftmax, Softmax } from '../nn/layers/activation.js';
import { Convolution } from '../nn/layers/conv.js';
import { TransposedConvolution } from '../nn/layers/convTranspose.js';
import { checkResize } from '../nn/functional/interpolate.js';
import { adaptiveWindow, resizeMatrix } from '../nn/functional/resize.js';
import { AdaptivePooling } from '../nn/layers/adaptivePool.js';
import { Linear } from '../nn/layers/linear.js';
import { LPPooling } from '../nn/layers/lpPool.js';
import { BatchNorm } from '../nn/layers/norm.js';
import { AvgPooling, MaxPooling } from '../nn/layers/pool.js';
import { Upsample } from '../nn/layers/upsample.js';
import type { Module } from '../nn/module.js';
import { checkConvOptions, checkPoolOptions } from '../shape/index.js';
import { across, through, type Field, type Window } from './field.js';

/** A field behind a layer, from that before it and the two shapes; null where the layer cannot follow on that field. */
export type Rule<M> = (layer: M, field: Field, input: readonly number[], output: readonly number[]) => Field | null;

/** Layers whose windows slide over the spatial axes: the window of each axis, and by how much it moves. */
function sliding<M>(windows: (layer: M, axes: number) => { stride: number; window: Window }[]): Rule<M> {
  return (layer, field, input, output) => {
    if (field.flat) return null;
    const count = field.axes.length;
    const sizes = output.slice(-count);
    if (input.length < count + 1) return null;
    return { flat: false, axes: windows(layer, count).map(({ stride, window }, i) => through(field.axes[i], sizes[i], stride, window)) };
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

const pooling = sliding<MaxPooling | AvgPooling | LPPooling>(({ spec }, axes) => {
  const { kernel, stride, padding, dilation } = checkPoolOptions('receptiveField', spec.kernelSize, axes, spec);
  return kernel.map((k, i) => ({ stride: stride[i], window: (o) => [o * stride[i] - padding[i], o * stride[i] - padding[i] + dilation[i] * (k - 1), dilation[i]] }));
});

/** Windows whose size follows from both sizes; a single one sees everything. */
const adaptive: Rule<AdaptivePooling> = (_, field, _input, output) => (field.flat ? null : {
  flat: false,
  axes: field.axes.map((axis, i) => {
    const size = output[output.length - field.axes.length + i];
    if (size === 1) return across(axis, 1);
    return through(axis, size, axis.size / size, (o) => {
      const [start, end] = adaptiveWindow(axis.size, size, o);
      return [start, end - 1];
    });
  }),
});

/** A new cell reads those of which it is made. Beyond the borders it goes on as at the border. */
const resized: Rule<Upsample> = ({ spec }, field, input) => (field.flat ? null : {
  flat: false,
  axes: checkResize('receptiveField', input, spec).map((resize, i) => {
    const matrix = resizeMatrix(resize);
    if (matrix === null) return field.axes[i];
    const step = resize.input / resize.output;
    return through(field.axes[i], resize.output, step, (o) => {
      const inside = Math.min(Math.max(o, 0), resize.output - 1);
      const beyond = Math.round((o - inside) * step);
      const columns = matrix.index.subarray(matrix.rowStart[inside], matrix.rowStart[inside + 1]);
      return [Math.min(...columns) + beyond, Math.max(...columns) + beyond];
    });
  }),
});

/** All axes become one place that sees everything. */
const everything = (field: Field): Field => ({ flat: true, axes: field.axes.map((axis) => across(axis, 1)) });

/** A layer that mixes one axis of its input, counted from the front. */
function mixing(field: Field, input: readonly number[], output: readonly number[], axis: number): Field {
  if (field.flat) return everything(field);
  const at = axis - (input.length - field.axes.length);
  return { flat: false, axes: field.axes.map((one, i) => (i === at ? across(one, output[axis]) : one)) };
}

const softmax: Rule<Softmax | LogSoftmax> = ({ spec }, field, input, output) => mixing(field, input, output, spec.dim < 0 ? spec.dim + input.length : spec.dim);
const linear: Rule<Linear> = (_, field, input, output) => mixing(field, input, output, input.length - 1);

/** Elements for themselves, whatever operations that takes: in evaluation a batch norm's statistics are constants. */
const pointwise: Rule<Module> = (_, field) => field;

type Class<M> = abstract new (...args: never[]) => M;
const entry = <M extends Module>(rule: Rule<M>, ...classes: Class<M>[]): [Rule<Module>, Class<Module>[]] => [rule as unknown as Rule<Module>, classes];

const RULES = [
  entry(convolution, Convolution),
  entry(transposed, TransposedConvolution),
  entry(pooling, MaxPooling, AvgPooling, LPPooling),
  entry(adaptive, AdaptivePooling),
  entry(resized, Upsample),
  entry(linear, Linear),
  entry(softmax, Softmax, LogSoftmax),
  entry(pointwise, BatchNorm),
];

/** The rule of a layer, undefined where there is none. */
export const ruleOf = (layer: Module): Rule<Module> | undefined => RULES.find(([, classes]) => classes.some((one) => layer instanceof one))?.[0];
