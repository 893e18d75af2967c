/**
 * The receptive field of every layer of a model, by arithmetic: layers by their rules (fieldRules.ts), what a model does between them
 * by the tape. What is measured instead, with gradients, is featureMaps.ts; a test holds the two together.
 */
import { enableGrad } from '../autograd/index.js';
import { nodeOf, type Node } from '../autograd/tape.js';
import { ArgumentError, fmt, ShapeError } from '../errors.js';
import { scope } from '../memory/index.js';
import type { Module } from '../nn/module.js';
import { checkShape } from '../shape/index.js';
import { full, type AutogradMeta } from '../tensor/index.js';
import { extent, inputField, together, type Field } from './field.js';
import { ruleOf } from './fieldRules.js';
import { observe, placeOf } from './observe.js';

/** What one layer sees of the model's input; each list has one number per spatial axis. */
export interface ReceptiveField {
  /** Name in the model, as in state dicts. */
  readonly name: string;
  /** Class of the layer. */
  readonly type: string;
  /** With a batch of 1 as its first axis. */
  readonly outputShape: readonly number[];
  /** Input elements from the first to the last that one output element sees, padding included; where elements differ, of the widest. */
  readonly size: readonly number[];
  /** Effective stride: how far the field moves from one output element to the next; below 1 after upsampling, 0 where all see the same. */
  readonly stride: readonly number[];
  /** First input index of the first output element's field, negative in the padding. The field's centre is start + (size − 1) / 2. */
  readonly start: readonly number[];
  /**
   * What the output element at these spatial indices sees, padding left out, as ranges for `slice`: `image.slice(null, null, ...field.at(3, 4))`;
   * empty ones where it sees nothing.
   * After Flatten, indices are those before it.
   * @throws {ShapeError} CVY_SHAPE_AXIS
   */
  at(...indices: number[]): [from: number, to: number][];
}

/** Recorded operations of which each element sees one element of each operand. Indices and axes are not on the tape, so others cannot be followed. */
const ELEMENTWISE = new Set([
  'add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'addcmul', 'addcdiv', 'where', 'clamp', 'cast', 'clone', 'to', 'expand',
  'abs', 'cos', 'erf', 'exp', 'log', 'neg', 'reciprocal', 'round', 'sigmoid', 'sign', 'sin', 'softplus', 'sqrt', 'square', 'tanh', 'relu', 'leakyRelu', 'prelu',
  'elu', 'selu', 'celu', 'gelu', 'mish', 'logSigmoid', 'relu6', 'hardtanh', 'hardsigmoid', 'hardswish', 'hardshrink', 'softshrink', 'softsign', 'threshold',
]);

/**
 * Runs the model once, in evaluation mode, and says of every layer that it calls what one element of its output sees of the input:
 * size, effective stride and start. Branches are followed: a sum or concatenation of maps sees what its parts see together. Dilated
 * kernels count with their holes. Padding modes other than zeros count as if the input went on beyond its border. Layer, group and
 * instance norm see the whole map, as their gradients do.
 *
 * @shape inputShape without the batch axis: [C, L], [C, H, W] or [C, D, H, W]
 * @units input elements (pixels)
 * @throws {ArgumentError} CVY_ARG_VALUE where the model does something of which the field is not known, naming it; measure with `influence` then
 * @throws {ShapeError} what the model's layers throw when the shape does not fit
 * @source Araujo, Norris & Sim 2019, Computing Receptive Fields of Convolutional Neural Networks, doi:10.23915/distill.00021
 */
export function receptiveField(model: Module, inputShape: readonly number[]): ReceptiveField[] {
  const op = 'receptiveField';
  const shape = checkShape(op, inputShape);
  if (shape.length < 2 || shape.length > 4) throw new ShapeError('CVY_SHAPE_RANK', `${op}: inputShape has ${shape.length} axes but 2 to 4 are required (inputShape ${fmt(shape)}, expected [C, L], [C, H, W] or [C, D, H, W]); leave out the batch`);
  const { backend, dtype } = placeOf(op, model);
  const rows: ReceptiveField[] = [];
  const tape = new Tape();
  enableGrad(() => scope(() => {
    const input = full(backend, [1, ...shape], 0, dtype).requiresGrad_();
    tape.put(input.meta, inputField(shape.slice(1)));
    try {
      observe(model, (name, module, inputs) => (output) => {
        const what = `layer '${name}' ${module.constructor.name}`;
        const rule = ruleOf(module);
        if (rule !== undefined) {
          const before = fitting(op, what, tape.fieldOf(op, what, inputs[0].meta), inputs[0].shape);
          const field = rule(module, before, inputs[0].shape, output.shape);
          if (field === null) throw unknown(op, `${what} follows on what is no map any more`);
          tape.put(output.meta, field);
        }
        if (module.children().length > 0) return;
        rows.push(rowOf(name, module.constructor.name, output.shape, fitting(op, what, tape.fieldOf(op, what, output.meta), output.shape)));
      }, () => void model.forward(input));
    } finally {
      tape.release();
    }
  }));
  return rows;
}

const unknown = (op: string, found: string): ArgumentError =>
  new ArgumentError('CVY_ARG_VALUE', `${op}: ${found} but only layers, functions of single elements, cat over channels and flatten can be followed; measure it with influence(…)`);

/** The field, if the map has the size that it should have by the layers before it. */
function fitting(op: string, what: string, field: Field, shape: readonly number[]): Field {
  const sizes = shape.slice(-field.axes.length);
  if (field.flat || (shape.length > field.axes.length && field.axes.every(({ size }, i) => size === sizes[i]))) return field;
  throw unknown(op, `${what} meets a map of ${sizes.join('×')} where one of ${field.axes.map(({ size }) => size).join('×')} is expected, so something else came between`);
}

function rowOf(name: string, type: string, outputShape: readonly number[], { axes }: Field): ReceptiveField {
  const extents = axes.map(extent);
  return {
    name, type, outputShape,
    size: extents.map(({ size }) => size),
    stride: axes.map(({ stride }) => stride),
    start: extents.map(({ start }) => start),
    at(...indices) {
      const sizes = axes.map(({ size }) => size);
      if (indices.length !== axes.length || indices.some((index, i) => !Number.isInteger(index) || index < 0 || index >= sizes[i])) {
        throw new ShapeError('CVY_SHAPE_AXIS', `at: the indices are ${fmt(indices)} but ${sizes.length} are required, each from 0 and below ${fmt(sizes)} (layer '${name}')`);
      }
      const ranges = axes.map(({ seen }, i) => seen(indices[i]));
      const nothing = ranges.some(([first, last]) => first > last);
      return ranges.map(([first, last]) => (nothing ? [0, 0] : [first, last + 1]));
    },
  };
}

/** The fields of recorded tensors, found by walking back to those that are known. */
class Tape {
  private readonly known = new Map<AutogradMeta, Field | null>();
  private readonly nodes = new Set<Node>();

  put(meta: AutogradMeta | null, field: Field): void {
    if (meta === null) return;
    this.collect(nodeOf(meta));
    this.known.set(meta, field);
  }

  /** @throws {ArgumentError} CVY_ARG_VALUE for a tensor that does not come from the input, or by a way that is not understood. */
  fieldOf(op: string, what: string, meta: AutogradMeta | null): Field {
    const field = meta && this.find(op, what, meta);
    if (!field) throw unknown(op, `${what} meets a tensor of which no way from the input is recorded`);
    return field;
  }

  /** null for what does not depend on the input: parameters and constants. */
  private find(op: string, what: string, meta: AutogradMeta): Field | null {
    const known = this.known.get(meta);
    if (known !== undefined) return known;
    const node = nodeOf(meta);
    let field: Field | null = null;
    if (node !== null) {
      this.collect(node);
      const parts = node.edges.flatMap((edge) => (edge === null ? [] : [this.find(op, what, edge)])).filter((part) => part !== null);
      if (parts.length > 0) field = follow(op, what, node.name, parts.reduce((a, b) => merge(op, what, node.name, a, b)));
    }
    this.known.set(meta, field);
    return field;
  }

  private collect(node: Node | null): void {
    if (node === null || this.nodes.has(node)) return;
    this.nodes.add(node);
    for (const edge of node.edges) if (edge !== null) this.collect(nodeOf(edge));
  }

  /** Lets go of what was saved for gradients that nobody will ask for. */
  release(): void {
    for (const node of this.nodes) node.release();
  }
}

/** The field behind an operation between layers, from that of its operands together. */
function follow(op: string, what: string, name: string, field: Field): Field {
  if (ELEMENTWISE.has(name) || name === 'cat') return field;
  if (name === 'reshape') return { ...field, flat: true };
  throw unknown(op, `${what} meets the output of ${name}`);
}

/** A row that sees everything from every place can gate a map: laid in a row or not makes no difference to it. */
const isGlobal = ({ axes }: Field): boolean => axes.every(({ size }) => size === 1);

function merge(op: string, what: string, name: string, a: Field, b: Field): Field {
  if (a === b) return a;
  const axes = a.axes.map((axis, i) => together(axis, b.axes[i]));
  if ((a.flat === b.flat || isGlobal(a) || isGlobal(b)) && axes.every((axis) => axis !== null)) return { flat: (a.flat && !isGlobal(a)) || (b.flat && !isGlobal(b)) || (a.flat && b.flat), axes };
  const shown = [a, b].map((field) => `${field.flat ? 'flat, ' : ''}${field.axes.map(({ size, stride }) => `${size} at stride ${stride}`).join(' × ')}`);
  throw unknown(op, `${what} meets ${name} of maps that do not lie on top of each other (${shown.join('; ')})`);
}
