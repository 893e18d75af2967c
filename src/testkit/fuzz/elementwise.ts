/** Drawn cases of ops on single elements. */
import { BLOCK, type OpName } from '../../backend/index.js';
import { numel, stridesOf } from '../../shape/index.js';
import { between, CLOSE, cycle, floats, input, ints, intsBetween, output, SUMS, type Fill, type Tolerance } from '../cases/opCase.js';
import type { Draw, Float, Sketch, Sketches } from './draw.js';

const SPECIAL = cycle(NaN, Infinity, 1, -Infinity, 0, -0, -1, 0.5, 2.5, -2.5, 1e-30, 3e38, -3e38);

/** Elements of one case: seldom more than a piece takes. */
export const count = (draw: Draw): number => (draw.chance(0.02) ? draw.one(1, 5) * BLOCK + draw.whole(-2, 40) : draw.size(700));

type Kind = [exact: Fill | null, random: Fill, parameters?: (draw: Draw) => [p0: number, p1: number]];
const exactly: Kind = [ints, floats];

function unary([exact, random, parameters]: Kind) {
  return (draw: Draw, dtype: Float): Sketch => {
    const n = count(draw);
    const special = exact !== null && draw.chance(0.2);
    const whole = exact !== null && !special && draw.chance(0.5);
    return {
      args: [input(special ? SPECIAL : whole ? exact : random), output(), n, ...(parameters?.(draw) ?? [0, 0])], flops: n,
      ...(whole ? {} : { inputs: 'random' as const, tolerance: CLOSE[dtype] }),
    };
  };
}

function gradient(saved: Fill) {
  return (draw: Draw, dtype: Float): Sketch => {
    const n = count(draw);
    return { args: [input(saved), input(floats), output(), n, draw.one(0, 0.25, 0.01, -0.5)], inputs: 'random', tolerance: CLOSE[dtype], flops: 3 * n };
  };
}

/** An operand of a broadcast: on some axes it is repeated. */
function operand(draw: Draw, shape: readonly number[]): number[] {
  const repeated = shape.map(() => draw.chance(0.3));
  const own = stridesOf(shape.map((size, r) => (repeated[r] ? 1 : size)));
  return own.map((stride, r) => (repeated[r] ? 0 : stride));
}

function binary(a: Fill, b: Fill, random?: [a: Fill, b: Fill], tolerance?: (dtype: Float) => Tolerance) {
  return (draw: Draw, dtype: Float): Sketch => {
    const shape = Array.from({ length: draw.whole(0, 5) }, () => draw.size(9));
    if (draw.chance(0.5)) shape.push(draw.size(120));
    while (numel(shape) > 2 * BLOCK) shape.pop();
    const number = draw.chance(0.2) ? draw.one('a', 'b') : null;
    const whole = random === undefined || draw.chance(0.6);
    const [left, right] = whole ? [a, b] : random;
    return {
      args: [
        number === 'a' ? 0 : input(left), number === 'b' ? 0 : input(right), output(), draw.one(2, 0.5, 1, 4), shape.length, ...shape,
        ...(number === 'a' ? shape.map(() => 0) : operand(draw, shape)), ...(number === 'b' ? shape.map(() => 0) : operand(draw, shape)),
      ],
      flops: numel(shape), tolerance: tolerance?.(dtype) ?? (whole ? null : CLOSE[dtype]), inputs: whole ? 'exact' : 'random',
    };
  };
}

const smooth: Kind = [null, between(-6, 6)];
const arithmetic = binary(ints, ints, [floats, floats]);
const comparison = binary(ints, ints);

type Names = Extract<OpName, 'neg' | 'abs' | 'sign' | 'exp' | 'log' | 'sqrt' | 'sin' | 'cos' | 'erf' | 'round' | 'square' | 'reciprocal' | 'tanh' | 'sigmoid' | 'relu'
  | 'leakyRelu' | 'clamp' | 'softplus' | 'reluGrad' | 'leakyReluGrad' | 'tanhGrad' | 'sigmoidGrad' | 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'maximum' | 'minimum'
  | 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'>;

export const elementwiseSketches: Pick<Sketches, Names> = {
  neg: unary(exactly), abs: unary(exactly), sign: unary(exactly), square: unary(exactly), relu: unary(exactly),
  round: unary([cycle(0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3, -7.25, 8.75), between(-50, 50)]),
  clamp: unary([ints, floats, (draw) => [draw.whole(-3, 0), draw.whole(0, 3)]]), leakyRelu: unary([ints, floats, (draw) => [draw.one(0.25, 0.5, 2, -1), 0]]),
  exp: unary(smooth), tanh: unary(smooth), sigmoid: unary(smooth), erf: unary([null, between(-3, 3)]), sin: unary(smooth), cos: unary(smooth),
  softplus: unary([null, between(-4, 4), (draw) => [draw.one(1, 2, 0.5), draw.one(20, 3)]]),
  log: unary([null, between(0.05, 40)]), sqrt: unary([cycle(0, 1, 4, 9, 16, 625), between(0, 40)]), reciprocal: unary([cycle(1, -2, 4, 0.5, -0.25), between(0.3, 30)]),
  reluGrad: gradient(cycle(1, 0, -1, 0.5, -0.5)), leakyReluGrad: gradient(floats), tanhGrad: gradient(between(-1, 1)), sigmoidGrad: gradient(between(0, 1)),
  add: arithmetic, sub: arithmetic, mul: arithmetic, maximum: arithmetic, minimum: arithmetic,
  div: binary(ints, cycle(1, -2, 4, 0.5), [floats, between(0.3, 3)]), pow: binary(intsBetween(1, 3), intsBetween(0, 3), [between(0.2, 3), between(-2, 2)], (dtype) => SUMS[dtype]),
  eq: comparison, ne: comparison, lt: comparison, le: comparison, gt: comparison, ge: comparison,
};
