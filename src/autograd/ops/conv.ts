/**
 * Convolution and its two gradients, in one, two and three spatial dimensions. Each is bilinear, and the gradients of each
 * are the other two, so three kernels serve every order of differentiation, and the transposed convolution as well.
 * Where a backend lacks a kernel, the operation is composed from gathers and matrix products (windows.ts).
 */
import { convGeometry, numel, type ConvSpec } from '../../shape/index.js';
import { empty, type Tensor } from '../../tensor/index.js';
import { record } from '../tape.js';
import { relu, relu6, relu6Grad, reluGrad } from './unary.js';
import { columns, columnsBack } from './windows.js';

const spatial = (x: Tensor): number[] => x.shape.slice(2);
const overPixels = (g: Tensor): Tensor => g.sum([0, ...g.shape.map((_, i) => i).slice(2)]);

/** Convolution of checked operands: x [N, Cin, …], w [Cout, Cin/groups, …], b [Cout] → `output` [N, Cout, …]. */
export function conv(x: Tensor, w: Tensor, b: Tensor | null, spec: ConvSpec, output: readonly number[]): Tensor {
  if (!x.backend.has('conv', x.dtype)) return composed(x, w, b, spec, output);
  const y = empty(x.backend, output, x.dtype);
  x.backend.run('conv', x.dtype, [x.ptr, w.ptr, b === null ? 0 : b.ptr, y.ptr, ...convGeometry(x.shape, w.shape, output, spec)]);
  const [xShape, wShape] = [x.shape, w.shape];
  return record('conv', y, b === null ? [x, w] : [x, w, b], [x, w], (g, [sx, sw], needs) => [
    needs[0] ? convGradInput(g, sw, null, spec, xShape) : null,
    needs[1] ? convGradWeight(sx, g, spec, wShape) : null,
    needs[2] ? overPixels(g) : null,
  ]);
}

/**
 * Convolution and what follows it in one pass. The gradient needs the output as the activation's does, and nothing of the convolution's
 * own output, which never exists: one buffer less until `backward` than with two operations.
 */
const activated = (op: 'convRelu' | 'convRelu6', activation: (x: Tensor) => Tensor, gradient: (g: Tensor, y: Tensor) => Tensor): typeof conv => (x, w, b, spec, output) => {
  if (!x.backend.has(op, x.dtype)) return activation(conv(x, w, b, spec, output));
  const y = empty(x.backend, output, x.dtype);
  x.backend.run(op, x.dtype, [x.ptr, w.ptr, b === null ? 0 : b.ptr, y.ptr, ...convGeometry(x.shape, w.shape, output, spec)]);
  const [xShape, wShape] = [x.shape, w.shape];
  return record(op, y, b === null ? [x, w] : [x, w, b], [x, w, y], (g, [sx, sw, sy], needs) => {
    const inner = gradient(g, sy);
    return [
      needs[0] ? convGradInput(inner, sw, null, spec, xShape) : null,
      needs[1] ? convGradWeight(sx, inner, spec, wShape) : null,
      needs[2] ? overPixels(inner) : null,
    ];
  });
};
/** relu of conv. */
export const convRelu = activated('convRelu', relu, reluGrad);
/** relu6 of conv. */
export const convRelu6 = activated('convRelu6', relu6, relu6Grad);

/** Gradient of conv's input, `image` its shape; with a bias [Cin] the transposed convolution. */
export function convGradInput(g: Tensor, w: Tensor, b: Tensor | null, spec: ConvSpec, image: readonly number[]): Tensor {
  if (!g.backend.has('convGradInput', g.dtype)) return composedBack(g, w, b, spec, image);
  const gx = empty(g.backend, image, g.dtype);
  g.backend.run('convGradInput', g.dtype, [g.ptr, w.ptr, b === null ? 0 : b.ptr, gx.ptr, ...convGeometry(image, w.shape, g.shape, spec)]);
  const [gShape, wShape] = [g.shape, w.shape];
  return record('convGradInput', gx, b === null ? [g, w] : [g, w, b], [g, w], (h, [sg, sw], needs) => [
    needs[0] ? conv(h, sw, null, spec, gShape) : null,
    needs[1] ? convGradWeight(h, sg, spec, wShape) : null,
    needs[2] ? overPixels(h) : null,
  ]);
}

/** Gradient of conv's weight, `filter` its shape. */
export function convGradWeight(x: Tensor, g: Tensor, spec: ConvSpec, filter: readonly number[]): Tensor {
  if (!g.backend.has('convGradWeight', g.dtype)) return composedWeight(x, g, spec, filter);
  const gw = empty(g.backend, filter, g.dtype);
  g.backend.run('convGradWeight', g.dtype, [x.ptr, g.ptr, gw.ptr, ...convGeometry(x.shape, filter, g.shape, spec)]);
  const [xShape, gShape] = [x.shape, g.shape];
  return record('convGradWeight', gw, [x, g], [x, g], (h, [sx, sg], needs) => [
    needs[0] ? convGradInput(sg, h, null, spec, xShape) : null,
    needs[1] ? conv(sx, h, null, spec, gShape) : null,
  ]);
}

/** [Cout, Cin/groups, …] as one matrix per group. */
const filters = (w: Tensor, groups: number): Tensor => w.reshape([groups, w.shape[0] / groups, numel(w.shape) / w.shape[0]]);

function composed(x: Tensor, w: Tensor, b: Tensor | null, spec: ConvSpec, output: readonly number[]): Tensor {
  const y = filters(w, spec.groups).matmul(columns(x, spatial(w), output.slice(2), spec)).reshape(output);
  return b === null ? y : y.add(b.reshape([-1, ...spatial(w).map(() => 1)]));
}

function composedBack(g: Tensor, w: Tensor, b: Tensor | null, spec: ConvSpec, image: readonly number[]): Tensor {
  const grouped = g.reshape([g.shape[0], spec.groups, w.shape[0] / spec.groups, numel(spatial(g))]);
  const gx = columnsBack(filters(w, spec.groups).transpose(1, 2).matmul(grouped), image, spatial(w), spatial(g), spec);
  return b === null ? gx : gx.add(b.reshape([-1, ...spatial(w).map(() => 1)]));
}

function composedWeight(x: Tensor, g: Tensor, spec: ConvSpec, filter: readonly number[]): Tensor {
  const grouped = g.reshape([g.shape[0], spec.groups, filter[0] / spec.groups, numel(spatial(g))]);
  return grouped.matmul(columns(x, filter.slice(2), spatial(g), spec).transpose(2, 3)).sum(0).reshape(filter);
}
