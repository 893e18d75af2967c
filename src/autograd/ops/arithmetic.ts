/**
 * Arithmetic and comparison of two operands, tensors or numbers, with broadcasting; each gradient beside its operation.
 */
import type { DType, OpName } from '../../backend/index.js';
import { ArgumentError, checkNumber, checkOptions, DtypeError, fmt } from '../../errors.js';
import { broadcastShapes, broadcastStrides, collapse, sameShape } from '../../shape/index.js';
import { empty, Tensor } from '../../tensor/index.js';
import { record } from '../tape.js';
import { asFloat, cast, checkTogether, promote, zerosFor } from './common.js';

export type Operand = Tensor | number;

type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'maximum' | 'minimum';
type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** Runs a binary kernel on operands of one dtype; one of them may be a number. */
function run(op: OpName, a: Operand, b: Operand, result?: DType): Tensor {
  const first = (a instanceof Tensor ? a : b) as Tensor;
  if (typeof a === 'number' || typeof b === 'number') {
    // The powers ½ and −½ are roots, as in PyTorch: −∞ has none.
    if (op === 'pow' && b === -0.5) {
      const root = run('pow', a, 0.5);
      const y = run('div', 1, root);
      root.dispose();
      return y;
    }
    const y = empty(first.backend, first.shape, result ?? first.dtype);
    const scalar = (typeof a === 'number' ? a : b) as number;
    const [pa, pb] = [typeof a === 'number' ? 0 : a.ptr, typeof b === 'number' ? 0 : b.ptr];
    // A kernel for any power takes twenty times as long.
    if (op === 'pow' && (b === 2 || b === 0.5)) {
      first.backend.run(b === 2 ? 'square' : 'sqrt', first.dtype, [pa, y.ptr, y.numel, 0, 0]);
      return y;
    }
    first.backend.run(op, first.dtype, [pa, pb, y.ptr, scalar, 1, y.numel, pa === 0 ? 0 : 1, pb === 0 ? 0 : 1]);
    return y;
  }
  if (sameShape(a.shape, b.shape)) {
    const y = empty(a.backend, a.shape, result ?? a.dtype);
    a.backend.run(op, a.dtype, [a.ptr, b.ptr, y.ptr, 0, 1, y.numel, 1, 1]);
    return y;
  }
  const shape = broadcastShapes(op, a.shape, b.shape);
  const y = empty(a.backend, shape, result ?? a.dtype);
  const { shape: dims, strides: [sa, sb] } = collapse(shape, broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape));
  a.backend.run(op, a.dtype, [a.ptr, b.ptr, y.ptr, 0, dims.length, ...dims, ...sa, ...sb]);
  return y;
}

/**
 * Checks operands and brings them to one dtype: a number takes the tensor's, except that a fraction makes floats of integers. Masks are
 * computed with as integers (`masks`), since no kernel but a comparison's takes them.
 */
function operands(op: string, a: Operand, b: Operand, float: boolean, masks = true): [Operand, Operand] {
  for (const operand of [a, b]) {
    if (typeof operand !== 'number' && !(operand instanceof Tensor)) {
      throw new ArgumentError('CVY_ARG_TYPE', `${op}: an operand is ${operand === null ? 'null' : typeof operand} but must be a tensor or a number`);
    }
  }
  if (typeof a === 'number' && typeof b === 'number') throw new ArgumentError('CVY_ARG_TYPE', `${op}: both operands are numbers but one must be a tensor`);
  if (a instanceof Tensor && b instanceof Tensor) {
    checkTogether(op, a, b);
    let dtype = promote(a.dtype, b.dtype);
    if (float && (dtype === 'int32' || dtype === 'bool')) dtype = 'float32';
    if (masks && dtype === 'bool') dtype = 'int32';
    return [cast(a, dtype), cast(b, dtype)];
  }
  const [tensor, number] = (a instanceof Tensor ? [a, b] : [b, a]) as [Tensor, number];
  const whole = tensor.dtype === 'int32' || tensor.dtype === 'bool';
  const used = whole && Number.isInteger(number) && !float ? (masks ? cast(tensor, 'int32') : tensor) : asFloat(tensor);
  return a instanceof Tensor ? [used, number] : [number, used];
}

/** Operands as the tape sees them: numbers have no edge. */
const tensors = (a: Operand, b: Operand): Tensor[] => (typeof a === 'number' ? [b as Tensor] : typeof b === 'number' ? [a] : [a, b]);

/** Defines an operation from its two partial gradients, each times `g` and before the sum over broadcast axes. */
function binary(op: BinaryOp, save: 'none' | 'operands' | 'all', ga: (g: Tensor, a: Operand, b: Operand, y: Tensor) => Tensor, gb: typeof ga) {
  return (left: Operand, right: Operand): Tensor => {
    const [a, b] = operands(op, left, right, op === 'div' || op === 'pow');
    if (left instanceof Tensor && right instanceof Tensor && left.dtype === 'bool' && right.dtype === 'bool' && a instanceof Tensor && a.dtype === 'int32') {
      if (op === 'sub') throw new DtypeError('CVY_DTYPE', `sub: both operands are bool but one must be a number (a ${fmt(left.shape)}, b ${fmt(right.shape)}); use logicalXor or logicalNot`);
      return run(op, a, b).to('bool');
    }
    const y = run(op, a, b);
    const inputs = tensors(a, b);
    // A product or quotient with a number needs nothing of the tensor: it can be changed in place afterwards.
    const scaled = typeof b === 'number' ? op === 'mul' || op === 'div' : typeof a === 'number' && op === 'mul';
    const saved = save === 'none' || scaled ? [] : save === 'operands' ? inputs : [...inputs, y];
    const shapes = inputs.map(({ shape }) => shape);
    return record(op, y, inputs, saved, (g, kept, needs) => {
      const at = typeof a === 'number' ? 0 : 1;
      const [sa, sb] = [typeof a === 'number' ? a : kept[0], typeof b === 'number' ? b : kept[at]];
      const out = kept[inputs.length];
      const parts = [...(typeof a === 'number' ? [] : [ga]), ...(typeof b === 'number' ? [] : [gb])];
      return parts.map((part, i) => (needs[i] ? part(g, sa, sb, out).sumTo(shapes[i]) : null));
    });
  };
}

/** NaN neither loses nor ties: both operands have the whole gradient of it. */
const half = (g: Tensor, loses: Tensor, ties: Tensor): Tensor => g.mul(ties.to(g.dtype).mul(-0.5).add(1)).maskedFill(loses, 0);
const asTensor = (x: Operand, like: Operand): Tensor => (x instanceof Tensor ? x : (like as Tensor).mul(0).add(x));

export interface AlphaOptions {
  /** Factor of the second operand; default 1. */
  alpha?: number;
}

/** Addition and subtraction take a factor of the second operand. */
const scaling = (op: string, plain: (a: Operand, b: Operand) => Tensor) => (a: Operand, b: Operand, options?: AlphaOptions): Tensor => {
  if (options === undefined) return plain(a, b);
  checkOptions(op, options, ['alpha']);
  const alpha = checkNumber(op, 'alpha', options.alpha ?? 1);
  return plain(a, alpha === 1 ? b : typeof b === 'number' ? b * alpha : mul(b, alpha));
};

/** a + alpha · b. @source torch.add */
export const add = scaling('add', binary('add', 'none', (g) => g, (g) => g));
/** a − alpha · b. @source torch.sub */
export const sub = scaling('sub', binary('sub', 'none', (g) => g, (g) => g.neg()));
/** a · b. @source torch.mul */
export const mul = binary('mul', 'operands', (g, _a, b) => g.mul(b), (g, a) => g.mul(a));
/** a / b, in floating point; rounding.ts adds the option to round it. @source torch.div */
export const div = binary('div', 'operands', (g, _a, b) => g.div(b), (g, a, b) => g.mul(mul(div(a, b), -1)).div(b));
/** The larger of two; equal ones share the gradient. @source torch.maximum */
export const maximum = binary('maximum', 'operands', (g, a, b) => half(g, lt(a, b), eq(a, b)), (g, a, b) => half(g, lt(b, a), eq(a, b)));
/** The smaller of two; equal ones share the gradient. @source torch.minimum */
export const minimum = binary('minimum', 'operands', (g, a, b) => half(g, gt(a, b), eq(a, b)), (g, a, b) => half(g, gt(b, a), eq(a, b)));
const floatPow = binary('pow', 'all',
  (g, a, b) => {
    if (typeof b === 'number') return b === 0 ? zerosFor(g) : b === 2 ? g.mul(a).mul(2) : g.mul(pow(a, b - 1)).mul(b);
    const slope = g.mul(b).mul(pow(a, sub(b, 1)));
    return slope.maskedFill(eq(b, 0), 0);
  },
  (g, a, b, y) => {
    if (typeof a === 'number') {
      const slope = g.mul(y).mul(Math.log(a));
      return a === 0 ? slope.maskedFill(ge(b, 0), 0) : slope;
    }
    const slope = g.mul(y).mul(a.log());
    return slope.maskedFill(eq(a, 0).logicalAnd(ge(asTensor(b, a), 0)), 0);
  });

/**
 * a to the power b, int32 for integers; where b is 0 the gradient of a is 0, where a is 0 and b ≥ 0 that of b is 0, as in PyTorch.
 * @throws {ArgumentError} CVY_ARG_VALUE for an integer to a negative power
 * @source torch.pow
 */
export function pow(a: Operand, b: Operand): Tensor {
  const whole = (x: Operand): boolean => (x instanceof Tensor ? x.dtype === 'int32' || x.dtype === 'bool' : Number.isInteger(x));
  if (!whole(a) || !whole(b) || (typeof a === 'number' && typeof b === 'number')) return floatPow(a, b);
  if (b instanceof Tensor ? lt(b, 0).sum().item() > 0 : b < 0) {
    const shapes = [a, b].map((x) => (x instanceof Tensor ? fmt(x.shape) : String(x)));
    throw new ArgumentError('CVY_ARG_VALUE', `pow: an integer is raised to a negative power but only floats can be (${shapes.join(', ')}); convert with to('float32')`);
  }
  // float64 holds every int32 that comes out.
  return floatPow(a instanceof Tensor ? cast(a, 'float64') : a, b instanceof Tensor ? cast(b, 'float64') : b).to('int32');
}

const compare = (op: Comparison) => (left: Operand, right: Operand): Tensor => {
  const [a, b] = operands(op, left, right, false, false);
  return run(op, a, b, 'bool');
};

/** Comparisons give bool tensors and are not differentiable. @source torch.eq … torch.ge */
export const eq = compare('eq');
export const ne = compare('ne');
export const lt = compare('lt');
export const le = compare('le');
export const gt = compare('gt');
export const ge = compare('ge');
