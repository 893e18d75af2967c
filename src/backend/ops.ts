/**
 * The ops of the contract: name, argument list, and which arguments point at buffers of which length.
 * Arguments are numbers only. A pointer is a byte offset into the heap (a handle on a device); 0 means "absent".
 * Counts are elements, strides are elements, `dtype` of an op is that of its first operand.
 */
import { numel } from '../shape/basic.js';
import type { ConvGeometry, PoolGeometry } from '../shape/geometry.js';
import { DTYPES, type DType } from './dtype.js';

export type { ConvGeometry, PoolGeometry };

type Ptr = number;

type Unary = [x: Ptr, y: Ptr, n: number, p0: number, p1: number];
/**
 * gx = g · f′. `s` is the saved output of relu, tanh and sigmoid (reluGrad is 0 where it is at most 0), but the saved input
 * of leakyRelu, whose slope is p0.
 */
type UnaryGrad = [s: Ptr, g: Ptr, gx: Ptr, n: number, p0: number];
/**
 * y = f(a, b) over a collapsed shape. An operand whose pointer is 0 is the number `scalar`, rounded to a float dtype.
 * After `rank` follow shape[rank], aStrides[rank], bStrides[rank]; a stride of 0 repeats. y is contiguous.
 */
type Binary = [a: Ptr, b: Ptr, y: Ptr, scalar: number, rank: number, ...dims: number[]];
/** x is [outer, n, inner], y is [outer, inner]. Over n = 0: sum 0, prod 1, max and min the least and the greatest number, arg… -1. */
type Reduce = [x: Ptr, y: Ptr, outer: number, n: number, inner: number];
type Rows = [x: Ptr, y: Ptr, outer: number, n: number, inner: number];
type RowsGrad = [y: Ptr, gy: Ptr, gx: Ptr, outer: number, n: number, inner: number];

export interface OpArgs {
  // ── core: every backend has these ──
  fill: [y: Ptr, n: number, value: number];
  copy: [x: Ptr, y: Ptr, n: number];
  /** y[i] = x[i] as DTYPES[to]; to int32 truncates, to bool is x ≠ 0. */
  cast: [x: Ptr, y: Ptr, n: number, to: number];
  /** y[yOffset + Σ iᵣ·yStrideᵣ] = x[xOffset + Σ iᵣ·xStrideᵣ]; after `rank` follow shape, xStrides, yStrides. x strides may be 0 or negative. */
  stridedCopy: [x: Ptr, y: Ptr, xOffset: number, yOffset: number, rank: number, ...dims: number[]];
  /** y[o, j, i] = x[o, index[j], i]; x is [outer, nX, inner], index is int32 [nY]. */
  gather: [x: Ptr, index: Ptr, y: Ptr, outer: number, nX: number, nY: number, inner: number];
  /** y[o, k, i] = Σ over j with index[j] = k of g[o, j, i]; g is [outer, nG, inner], y is [outer, nY, inner]. */
  scatterAdd: [g: Ptr, index: Ptr, y: Ptr, outer: number, nG: number, nY: number, inner: number];
  /** y[o, j, i] = x[o, index[o, j, i], i]; an index below 0 reads 0. */
  gatherElements: [x: Ptr, index: Ptr, y: Ptr, outer: number, nX: number, nY: number, inner: number];
  /** y[o, k, i] = Σ over j with index[o, j, i] = k of g[o, j, i]; an index below 0 is skipped. */
  scatterAddElements: [g: Ptr, index: Ptr, y: Ptr, outer: number, nG: number, nY: number, inner: number];
  /** y[i] = cond[i] ? a[i] : b[i]; cond is bool. */
  where: [cond: Ptr, a: Ptr, b: Ptr, y: Ptr, n: number];

  /** y = 1 where x > 0, −1 where x < 0, else 0: for zeros and NaN. */
  sign: Unary;
  neg: Unary; abs: Unary; exp: Unary; log: Unary; sqrt: Unary; sin: Unary; cos: Unary; erf: Unary; round: Unary;
  square: Unary; reciprocal: Unary; tanh: Unary; sigmoid: Unary; relu: Unary;
  /** p0 = slope below zero. */
  leakyRelu: Unary;
  /** p0 = lower, p1 = upper bound. */
  clamp: Unary;

  add: Binary; sub: Binary; mul: Binary; div: Binary; pow: Binary; maximum: Binary; minimum: Binary;
  /** Comparisons write bool. */
  eq: Binary; ne: Binary; lt: Binary; le: Binary; gt: Binary; ge: Binary;

  sum: Reduce; prod: Reduce; max: Reduce; min: Reduce;
  /** First index of the extreme along n, int32. NaN counts as extreme, as in PyTorch. */
  argmax: Reduce; argmin: Reduce;

  /** y[b] = a[b] · b[b] (+ bias along n). Row and column strides express transposition; batch strides of 0 repeat. y is contiguous [batch, m, n]. */
  matmul: [
    a: Ptr, b: Ptr, bias: Ptr, y: Ptr, batch: number, m: number, n: number, k: number,
    aBatch: number, aRow: number, aCol: number, bBatch: number, bRow: number, bCol: number,
  ];

  /** Counter-based: element i depends on (seed, stream, i) alone. Uniform on [lo, hi). */
  uniform: [y: Ptr, n: number, seed: number, stream: number, lo: number, hi: number];
  normal: [y: Ptr, n: number, seed: number, stream: number, mean: number, std: number];

  // ── overridable: each has a composition of core ops ──
  reluGrad: UnaryGrad; leakyReluGrad: UnaryGrad; tanhGrad: UnaryGrad; sigmoidGrad: UnaryGrad;
  /** y = log(1 + exp(p0·x)) / p0, but x where p0·x > p1. */
  softplus: Unary;

  /** y [n, cout, o…] = x [n, cin, i…] ⋆ w [cout, cin/groups, k…] (+ bias [cout]). */
  conv: [x: Ptr, w: Ptr, bias: Ptr, y: Ptr, ...geometry: ConvGeometry];
  /** relu of the same: y = 0 where conv's element is ≤ 0, which NaN is not. */
  convRelu: OpArgs['conv'];
  /** relu6 of the same: 0 where conv's element is ≤ 0, 6 where it is > 6; NaN stays. */
  convRelu6: OpArgs['conv'];
  /** gx [n, cin, i…] from g [n, cout, o…] and w; also the transposed convolution, then with bias [cin]. */
  convGradInput: [g: Ptr, w: Ptr, bias: Ptr, gx: Ptr, ...geometry: ConvGeometry];
  /** gw [cout, cin/groups, k…] from x and g. */
  convGradWeight: [x: Ptr, g: Ptr, gw: Ptr, ...geometry: ConvGeometry];
  /** y[c] = Σ over n, s of x[n, c, s]: the gradient of a bias. */
  channelSum: [x: Ptr, y: Ptr, n: number, c: number, s: number];

  /** y and int32 indices (flat position in the input plane; the first of equals; NaN wins, the last of several; -1 for a window outside). */
  maxPool: [x: Ptr, y: Ptr, indices: Ptr, ...geometry: PoolGeometry];
  /** relu of the same: y = 0 and the index -1 where maxPool's element is ≤ 0, which NaN is not. So maxPoolGrad is the gradient of both. */
  maxPoolRelu: OpArgs['maxPool'];
  /** gx[plane, i] = Σ of g over the windows of the plane whose index is i. Indices as maxPool writes them: below 0, or of an element of their own window. */
  maxPoolGrad: [g: Ptr, indices: Ptr, gx: Ptr, ...geometry: PoolGeometry];
  /** Dilations are 1. With divisor 0 the window's own size divides: with includePad what padding covers counts, what lies beyond it does not. */
  avgPool: [x: Ptr, y: Ptr, includePad: number, divisor: number, ...geometry: PoolGeometry];
  avgPoolGrad: [g: Ptr, gx: Ptr, includePad: number, divisor: number, ...geometry: PoolGeometry];

  /**
   * y[o, j, i] = Σ of weight[t] · x[o, index[t], i] over t from rowStart[j] to rowStart[j + 1] − 1: a sparse matrix [nY, nX] in
   * compressed rows, applied along the middle axis of x [outer, nX, inner]. int32 rowStart [nY + 1] and index [entries]; weight [entries].
   */
  sparseMatmul: [
    x: Ptr, rowStart: Ptr, index: Ptr, weight: Ptr, y: Ptr, outer: number, nX: number, nY: number, entries: number, inner: number,
  ];

  /** Mean and biased variance per channel of x [n, c, s]. */
  batchNormStats: [x: Ptr, mean: Ptr, variance: Ptr, n: number, c: number, s: number];
  /** y = (x − mean) / √(variance + eps) · gamma + beta; gamma and beta may be absent. */
  batchNorm: [x: Ptr, mean: Ptr, variance: Ptr, gamma: Ptr, beta: Ptr, y: Ptr, n: number, c: number, s: number, eps: number];
  /** Gradients of batchNorm over batch statistics; ggamma and gbeta are always written, gamma may be absent. */
  batchNormGrad: [
    x: Ptr, g: Ptr, mean: Ptr, variance: Ptr, gamma: Ptr, gx: Ptr, ggamma: Ptr, gbeta: Ptr, n: number, c: number, s: number, eps: number,
  ];

  softmax: Rows; logSoftmax: Rows;
  softmaxGrad: RowsGrad; logSoftmaxGrad: RowsGrad;

  /** PyTorch's SGD. `momentumIn` and `momentumOut` are absent without momentum; `first` is 1 on a parameter's first step. */
  sgdStep: [
    p: Ptr, g: Ptr, momentumIn: Ptr, pOut: Ptr, momentumOut: Ptr, n: number,
    lr: number, momentum: number, dampening: number, weightDecay: number, nesterov: number, first: number, maximize: number,
  ];
  /** PyTorch's Adam; `vMax…` absent without amsgrad; `decoupled` 1 makes it AdamW; `step` counts from 1. */
  adamStep: [
    p: Ptr, g: Ptr, mIn: Ptr, vIn: Ptr, vMaxIn: Ptr, pOut: Ptr, mOut: Ptr, vOut: Ptr, vMaxOut: Ptr, n: number,
    lr: number, beta1: number, beta2: number, eps: number, weightDecay: number, decoupled: number, step: number, maximize: number,
  ];
}

export type OpName = keyof OpArgs;
export type Args = readonly number[];

/** One buffer that an op touches: which argument points at it, how many elements, of which dtype, read or written. */
export interface BufferUse {
  readonly arg: number;
  readonly elems: number;
  readonly dtype: DType;
  readonly write: boolean;
}

export interface OpInfo {
  /** Part of the required core of a device backend. */
  readonly core: boolean;
  /** The ops that this one does in one. Where a kernel set brings its own of one of them, an inherited fusion does not hide it. */
  readonly fuses?: readonly OpName[];
  /** Dtypes that cpu-naive serves, the definition of the op. */
  readonly dtypes: readonly DType[];
  /** The buffers that a call with these arguments touches; absent ones (pointer 0) are left out. */
  buffers(args: Args, dtype: DType): BufferUse[];
}

const FLOATS: readonly DType[] = ['float32', 'float64'];
const NUMBERS: readonly DType[] = ['float32', 'float64', 'int32'];
/** Elements that strided access can reach from its offset on, 0 when nothing is accessed. */
const extent = (shape: readonly number[], strides: readonly number[], offset = 0): number =>
  shape.includes(0) ? 0 : 1 + offset + shape.reduce((sum, size, r) => sum + Math.max(0, strides[r]) * (size - 1), 0);

/** `[argument, elements, dtype?, 'w'?]` rows become BufferUse records; same dtype as the op unless given. */
type Row = [arg: number, elems: number, mode: 'r' | 'w', dtype?: DType];
const use = (args: Args, dtype: DType, rows: Row[]): BufferUse[] =>
  rows.filter(([arg]) => args[arg] !== 0).map(([arg, elems, mode, own]) => ({ arg, elems, dtype: own ?? dtype, write: mode === 'w' }));

const op = (core: boolean, dtypes: readonly DType[], rows: (a: Args) => Row[]): OpInfo =>
  ({ core, dtypes, buffers: (args, dtype) => use(args, dtype, rows(args)) });

const unary = op(true, FLOATS, (a) => [[0, a[2], 'r'], [1, a[2], 'w']]);
const signed = { ...unary, dtypes: NUMBERS };
const unaryGrad = op(false, FLOATS, (a) => [[0, a[3], 'r'], [1, a[3], 'r'], [2, a[3], 'w']]);
const binary = (result?: DType): OpInfo => op(true, NUMBERS, (a) => {
  const rank = a[4];
  const shape = a.slice(5, 5 + rank);
  return [
    [0, extent(shape, a.slice(5 + rank, 5 + 2 * rank)), 'r'], [1, extent(shape, a.slice(5 + 2 * rank, 5 + 3 * rank)), 'r'],
    [2, numel(shape), 'w', result],
  ];
});
const comparison: OpInfo = { ...binary('bool'), dtypes: [...NUMBERS, 'bool'] };
const reduce = (result?: DType): OpInfo => op(true, NUMBERS, (a) => [[0, a[2] * a[3] * a[4], 'r'], [1, a[2] * a[4], 'w', result]]);
const rows = op(false, FLOATS, (a) => [[0, a[2] * a[3] * a[4], 'r'], [1, a[2] * a[3] * a[4], 'w']]);
const rowsGrad = op(false, FLOATS, (a) => [0, 1, 2].map((arg): Row => [arg, a[3] * a[4] * a[5], arg === 2 ? 'w' : 'r']));
const conv = (order: [arg: number, which: 'x' | 'w' | 'y' | 'cout' | 'cin', mode: 'r' | 'w'][], at: number): OpInfo => op(false, FLOATS, (a) => {
  const [n, groups, cin, cout, iD, iH, iW, kD, kH, kW, oD, oH, oW] = a.slice(at);
  const elems = { x: n * cin * iD * iH * iW, w: cout * (cin / groups) * kD * kH * kW, y: n * cout * oD * oH * oW, cout, cin };
  return order.map(([arg, which, mode]): Row => [arg, elems[which], mode]);
});
const forward = conv([[0, 'x', 'r'], [1, 'w', 'r'], [2, 'cout', 'r'], [3, 'y', 'w']], 4);
/** Pooling: `x` and `y` are the arguments of the large and the small side. */
type Side = [arg: number, mode: 'r' | 'w'];
const pool = (at: number, x: Side, y: Side, indices?: Side): OpInfo => op(false, FLOATS, (a) => {
  const [nc, iD, iH, iW, , , , oD, oH, oW] = a.slice(at);
  const small = nc * oD * oH * oW;
  const used: Row[] = [[x[0], nc * iD * iH * iW, x[1]], [y[0], small, y[1]]];
  if (indices !== undefined) used.push([indices[0], small, indices[1], 'int32']);
  return used;
});
const maxPooling = pool(3, [0, 'r'], [1, 'w'], [2, 'w']);
const select = (write: (a: Args) => number, read: (a: Args) => number, index: (a: Args) => number): OpInfo =>
  op(true, NUMBERS, (a) => [[0, read(a), 'r'], [1, index(a), 'r', 'int32'], [2, write(a), 'w']]);

/** What the engine, the validator, the guard and the conformance kit need to know of each op. */
export const OPS: Readonly<Record<OpName, OpInfo>> = {
  fill: op(true, DTYPES, (a) => [[0, a[1], 'w']]),
  copy: op(true, DTYPES, (a) => [[0, a[2], 'r'], [1, a[2], 'w']]),
  cast: op(true, DTYPES, (a) => [[0, a[2], 'r'], [1, a[2], 'w', DTYPES[a[3]]]]),
  stridedCopy: op(true, DTYPES, (a) => {
    const rank = a[4];
    const shape = a.slice(5, 5 + rank);
    return [
      [0, extent(shape, a.slice(5 + rank, 5 + 2 * rank), a[2]), 'r'],
      [1, extent(shape, a.slice(5 + 2 * rank, 5 + 3 * rank), a[3]), 'w'],
    ];
  }),
  gather: select((a) => a[3] * a[5] * a[6], (a) => a[3] * a[4] * a[6], (a) => a[5]),
  scatterAdd: { ...select((a) => a[3] * a[5] * a[6], (a) => a[3] * a[4] * a[6], (a) => a[4]), dtypes: FLOATS },
  gatherElements: select((a) => a[3] * a[5] * a[6], (a) => a[3] * a[4] * a[6], (a) => a[3] * a[5] * a[6]),
  scatterAddElements: { ...select((a) => a[3] * a[5] * a[6], (a) => a[3] * a[4] * a[6], (a) => a[3] * a[4] * a[6]), dtypes: FLOATS },
  where: op(true, NUMBERS, (a) => [[0, a[4], 'r', 'bool'], [1, a[4], 'r'], [2, a[4], 'r'], [3, a[4], 'w']]),

  neg: signed, abs: signed, sign: signed, exp: unary, log: unary, sqrt: unary, sin: unary, cos: unary, erf: unary, round: unary,
  square: signed, reciprocal: unary, tanh: unary, sigmoid: unary, relu: signed, leakyRelu: unary, clamp: signed,
  add: binary(), sub: binary(), mul: binary(), div: { ...binary(), dtypes: FLOATS }, pow: { ...binary(), dtypes: FLOATS },
  maximum: binary(), minimum: binary(),
  eq: comparison, ne: comparison, lt: comparison, le: comparison, gt: comparison, ge: comparison,
  sum: reduce(), prod: reduce(), max: reduce(), min: reduce(), argmax: reduce('int32'), argmin: reduce('int32'),
  matmul: op(true, FLOATS, (a) => {
    const [batch, m, n, k, aBatch, aRow, aCol, bBatch, bRow, bCol] = a.slice(4);
    return [
      [0, extent([batch, m, k], [aBatch, aRow, aCol]), 'r'], [1, extent([batch, k, n], [bBatch, bRow, bCol]), 'r'],
      [2, n, 'r'], [3, batch * m * n, 'w'],
    ];
  }),
  uniform: op(false, FLOATS, (a) => [[0, a[1], 'w']]),
  normal: op(false, FLOATS, (a) => [[0, a[1], 'w']]),

  reluGrad: unaryGrad, leakyReluGrad: unaryGrad, tanhGrad: unaryGrad, sigmoidGrad: unaryGrad,
  softplus: { ...unary, core: false },
  conv: forward,
  convRelu: { ...forward, fuses: ['conv', 'relu'] },
  convRelu6: { ...forward, fuses: ['conv', 'clamp'] },
  convGradInput: conv([[0, 'y', 'r'], [1, 'w', 'r'], [2, 'cin', 'r'], [3, 'x', 'w']], 4),
  convGradWeight: conv([[0, 'x', 'r'], [1, 'y', 'r'], [2, 'w', 'w']], 3),
  channelSum: op(false, FLOATS, (a) => [[0, a[2] * a[3] * a[4], 'r'], [1, a[3], 'w']]),
  maxPool: maxPooling,
  maxPoolRelu: { ...maxPooling, fuses: ['maxPool', 'relu'] },
  maxPoolGrad: pool(3, [2, 'w'], [0, 'r'], [1, 'r']),
  avgPool: pool(4, [0, 'r'], [1, 'w']),
  avgPoolGrad: pool(4, [1, 'w'], [0, 'r']),
  sparseMatmul: op(false, FLOATS, (a) => {
    const [outer, nX, nY, entries, inner] = a.slice(5);
    return [[0, outer * nX * inner, 'r'], [1, nY + 1, 'r', 'int32'], [2, entries, 'r', 'int32'], [3, entries, 'r'], [4, outer * nY * inner, 'w']];
  }),
  batchNormStats: op(false, FLOATS, (a) => [[0, a[3] * a[4] * a[5], 'r'], [1, a[4], 'w'], [2, a[4], 'w']]),
  batchNorm: op(false, FLOATS, (a) => [[0, a[6] * a[7] * a[8], 'r'], ...[1, 2, 3, 4].map((arg): Row => [arg, a[7], 'r']), [5, a[6] * a[7] * a[8], 'w']]),
  batchNormGrad: op(false, FLOATS, (a) => {
    const [c, all] = [a[9], a[8] * a[9] * a[10]];
    return [[0, all, 'r'], [1, all, 'r'], [2, c, 'r'], [3, c, 'r'], [4, c, 'r'], [5, all, 'w'], [6, c, 'w'], [7, c, 'w']];
  }),
  softmax: rows, logSoftmax: rows, softmaxGrad: rowsGrad, logSoftmaxGrad: rowsGrad,
  sgdStep: op(false, FLOATS, (a) => [0, 1, 2, 3, 4].map((arg): Row => [arg, a[5], arg < 3 ? 'r' : 'w'])),
  adamStep: op(false, FLOATS, (a) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map((arg): Row => [arg, a[9], arg < 5 ? 'r' : 'w'])),
};

/** All op names, in the order in which kernel tables are numbered. */
export const OP_NAMES = Object.keys(OPS) as OpName[];
