/** Cases of ops on single elements: functions, arithmetic and comparison with broadcasting, gradients of activations. */
import { BLOCK, OPS, type DType, type OpName } from '../../backend/index.js';
import { between, CLOSE, cycle, floats, input, ints, intsBetween, mask, opCase, output, type Fill, type OpCase, type Tolerance } from './opCase.js';

/** Around the widths of vector units, a prime, and around what one piece takes. */
const SIZES = [0, 1, 3, 4, 5, 17, 65, BLOCK - 1, BLOCK, BLOCK + 1];
const SPECIAL = cycle(NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-30, -1e-30, 3e38, -3e38, 88);
const FINITE = cycle(0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-30, -1e-30, 12, -12);
/** Where two's complement wraps. */
const INTEGERS = cycle(0, 1, -1, 2147483647, -2147483648, 65536, -65537, 46341, 7);

const closeFor = (dtype: DType): Tolerance => (dtype === 'float64' ? CLOSE.float64 : CLOSE.float32);

interface UnaryKind {
  /** Inputs on which every backend gives the same result, or null. */
  readonly exact: Fill | null;
  readonly random: Fill;
  readonly special: Fill;
  readonly parameters?: readonly [p0: number, p1: number];
}

const exactly: UnaryKind = { exact: ints, random: floats, special: SPECIAL };
const smooth: UnaryKind = { exact: null, random: between(-4, 4), special: SPECIAL };
const UNARY: Partial<Record<OpName, UnaryKind>> = {
  neg: exactly, abs: exactly, sign: exactly, square: exactly, relu: exactly,
  round: { ...exactly, exact: cycle(0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3, -7.25, 8.75) },
  clamp: { ...exactly, parameters: [-1.5, 2] },
  leakyRelu: { ...exactly, parameters: [0.25, 0] },
  exp: smooth, erf: smooth, tanh: smooth, sigmoid: smooth,
  softplus: { ...smooth, parameters: [2, 3] },
  sin: { ...smooth, special: FINITE }, cos: { ...smooth, special: FINITE },
  log: { ...smooth, random: between(0.05, 4) }, sqrt: { ...smooth, random: between(0, 4), exact: cycle(0, 1, 4, 9, 16, 625) },
  reciprocal: { ...smooth, random: between(0.3, 3), exact: cycle(1, -2, 4, 0.5, -0.25) },
};

function unary(op: OpName, { exact, random, special, parameters = [0, 0] }: UnaryKind): OpCase[] {
  const args = (fill: Fill, n: number) => [input(fill), output(), n, ...parameters];
  return OPS[op].dtypes.flatMap((dtype) => {
    const tolerance = closeFor(dtype);
    const integer = dtype === 'int32';
    return [
      ...SIZES.map((n) => (exact !== null || integer
        ? opCase(op, dtype, `of ${n}, whole numbers`, { args: args(exact ?? ints, n), flops: n })
        : opCase(op, dtype, `of ${n}`, { args: args(random, n), inputs: 'random', tolerance, flops: n }))),
      opCase(op, dtype, 'of random numbers', { args: args(integer ? ints : random, 257), inputs: 'random', tolerance, flops: 257 }),
      opCase(op, dtype, integer ? 'that wrap' : 'of NaN, infinities and the like', { args: args(integer ? INTEGERS : special, 37), inputs: 'random', tolerance, flops: 37 }),
    ];
  });
}

/** Shapes with the strides of both operands; a stride of 0 repeats. */
const SHAPES: [name: string, shape: number[], a: number[], b: number[]][] = [
  ['scalars', [], [], []],
  ['of 1', [1], [1], [1]],
  ['of none', [0], [1], [1]],
  ['of 7', [7], [1], [1]],
  [`of ${BLOCK + 1}`, [BLOCK + 1], [1], [1]],
  ['row to matrix', [5, 17], [17, 1], [0, 1]],
  ['column to matrix', [17, 5], [1, 0], [5, 1]],
  ['row and column', [9, 13], [1, 0], [0, 1]],
  ['channels of images', [3, 5, 7], [35, 7, 1], [0, 1, 0]],
  ['middle of four axes', [2, 3, 4, 5], [60, 20, 5, 1], [12, 4, 0, 1].map((s, i) => (i === 1 ? 0 : s))],
  ['one for all', [131], [1], [0]],
  [`row to ${BLOCK} and more`, [131, 131], [131, 1], [0, 1]],
  ['none in the middle', [3, 0, 2], [0, 2, 1], [0, 0, 1]],
];

const COMPARISONS: readonly OpName[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];
const ARITHMETIC: readonly OpName[] = ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum'];

/** Fillings of the two operands for which the result is exact. */
function operands(op: OpName, dtype: DType): [a: Fill, b: Fill] {
  if (dtype === 'bool') return [mask, mask];
  if (op === 'div') return [ints, cycle(1, -2, 4, 0.5)];
  if (op === 'pow') return [intsBetween(1, 3), intsBetween(0, 3)];
  return [ints, ints];
}

function binary(op: OpName): OpCase[] {
  return OPS[op].dtypes.flatMap((dtype) => {
    const [a, b] = operands(op, dtype);
    const tolerance = op === 'pow' ? closeFor(dtype) : null;
    const numbers = dtype === 'float32' || dtype === 'float64';
    const random: [Fill, Fill] = op === 'pow' ? [between(0.2, 3), between(-2, 2)] : op === 'div' ? [floats, between(0.3, 3)] : [floats, floats];
    const scalar = dtype === 'bool' ? 1 : op === 'pow' ? 2 : numbers && COMPARISONS.includes(op) ? 0.1 : 3;
    // float32 holds neither 0.1 nor its neighbours: the scalar must be rounded as the elements were.
    const near: Fill = numbers && COMPARISONS.includes(op) ? cycle(0.1, 0.2, -1) : a;
    return [
      ...SHAPES.map(([name, shape, aStrides, bStrides]) => opCase(op, dtype, name, {
        args: [input(a), input(b), output(), 0, shape.length, ...shape, ...aStrides, ...bStrides], tolerance, flops: shape.reduce((x, y) => x * y, 1),
      })),
      opCase(op, dtype, 'with a number', { args: [input(near), 0, output(), scalar, 1, 67, 1, 0], tolerance, flops: 67 }),
      opCase(op, dtype, 'of a number', { args: [0, input(op === 'div' ? b : near), output(), scalar, 1, 67, 0, 1], tolerance, flops: 67 }),
      ...(numbers ? [
        opCase(op, dtype, 'of random numbers', { args: [input(random[0]), input(random[1]), output(), 0, 1, 257, 1, 1], inputs: 'random', tolerance: closeFor(dtype), flops: 257 }),
        // What pow gives for infinities and NaN differs between languages.
        ...(op === 'pow' ? [] : [opCase(op, dtype, 'of NaN and infinities', {
          args: [input(SPECIAL), input(cycle(1, NaN, 0, Infinity, -Infinity)), output(), 0, 1, 85, 1, 1], inputs: 'random', tolerance: closeFor(dtype), flops: 85,
        })]),
      ] : []),
      ...(dtype === 'int32' ? [opCase(op, dtype, 'that wrap', { args: [input(INTEGERS), input(cycle(1, -1, 2147483647, 65537)), output(), 0, 1, 36, 1, 1], flops: 36 })] : []),
    ];
  });
}

const GRADIENTS: readonly OpName[] = ['reluGrad', 'leakyReluGrad', 'tanhGrad', 'sigmoidGrad'];

function gradient(op: OpName): OpCase[] {
  const args = (s: Fill, n: number) => [input(s), input(ints), output(), n, 0.25];
  return OPS[op].dtypes.flatMap((dtype) => [
    ...SIZES.map((n) => opCase(op, dtype, `of ${n}, whole numbers`, { args: args(cycle(1, 0, -1, 0.5, -0.5), n), flops: 3 * n })),
    opCase(op, dtype, 'of random numbers', { args: args(between(-1, 1), 257), inputs: 'random', tolerance: closeFor(dtype), flops: 771 }),
  ]);
}

export const elementwiseCases = (): OpCase[] => [
  ...Object.entries(UNARY).flatMap(([op, kind]) => unary(op as OpName, kind)),
  ...[...ARITHMETIC, ...COMPARISONS].flatMap(binary),
  ...GRADIENTS.flatMap(gradient),
];
