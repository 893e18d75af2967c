/**
 * Cases of ops with drawn shapes, strides and options, for what a table of cases does not think of. Case `number` of a seed is always
 * the same, so a failure is repeated alone. What is drawn for each op is in fuzz/.
 */
import { OP_NAMES, type OpName } from '../backend/index.js';
import { ArgumentError, checkOptions } from '../errors.js';
import type { OpCase } from './cases.js';
import { opCase } from './cases/opCase.js';
import { Draw } from './fuzz/draw.js';
import { layerSketches } from './fuzz/layers.js';
import { moveSketches } from './fuzz/move.js';
import { reduceSketches } from './fuzz/reduce.js';
import { sparseSketches } from './fuzz/sparse.js';
import { elementwiseSketches } from './fuzz/elementwise.js';
import { windowSketches } from './fuzz/windows.js';
import type { Sketches } from './fuzz/draw.js';

const SKETCHES: Sketches = { ...elementwiseSketches, ...moveSketches, ...reduceSketches, ...windowSketches, ...layerSketches, ...sparseSketches };

/** Ops whose kernels take many ways through many shapes are drawn so much more often than others. */
const WEIGHTS: Partial<Record<OpName, number>> = {
  conv: 12, convRelu: 4, convRelu6: 4, convGradInput: 12, convGradWeight: 12, matmul: 10, maxPool: 4, maxPoolRelu: 2, maxPoolGrad: 4, avgPool: 4, avgPoolGrad: 4, sparseMatmul: 4, stridedCopy: 6, scatterAddElements: 4, sum: 3, channelSum: 3,
  batchNormGrad: 3, batchNorm: 2, batchNormStats: 2, softmax: 2, logSoftmax: 2, softmaxGrad: 2, logSoftmaxGrad: 2, sgdStep: 2, adamStep: 2,
};

export interface FuzzOptions {
  seed: number;
  /** Numbers of the cases: `first` (default 0) and the `count` − 1 that follow. */
  first?: number;
  count: number;
  /** Ops to draw from; default all. A case depends on this list besides its seed and number. */
  ops?: readonly OpName[];
  /** Default 'float32'. */
  dtype?: 'float32' | 'float64';
}

/**
 * Draws cases for `conformance(target, { cases })`.
 * @throws {ArgumentError} CVY_ARG_OPTION, CVY_ARG_VALUE
 */
export function fuzzCases(options: FuzzOptions): OpCase[] {
  checkOptions('fuzzCases', options, ['seed', 'first', 'count', 'ops', 'dtype']);
  const { seed, first = 0, count, ops = OP_NAMES, dtype = 'float32' } = options;
  for (const [name, value] of Object.entries({ seed, first, count })) {
    if (!Number.isSafeInteger(value) || value < 0) throw new ArgumentError('CVY_ARG_VALUE', `fuzzCases: ${name} is ${value} but must be an integer ≥ 0`);
  }
  if (ops.length === 0) throw new ArgumentError('CVY_ARG_VALUE', 'fuzzCases: ops is empty but one op is required');
  const urn = ops.flatMap((op) => new Array<OpName>(WEIGHTS[op] ?? 1).fill(op));
  return Array.from({ length: count }, (_, i) => {
    const draw = new Draw(seed, first + i);
    const op = draw.one(...urn);
    return opCase(op, dtype, `case ${first + i} of seed ${seed}`, SKETCHES[op](draw, dtype));
  });
}
