/** The table of the naive kernels: the living definition of every op, for every dtype in OPS. Imported by every thread. */
import { API, type KernelTable } from '../../src/backend/index.js';
import { conv, convGradInput, convGradWeight, convRelu, convRelu6 } from './conv.js';
import { cast, copy, fill, gather, gatherElements, scatterAdd, scatterAddElements, stridedCopy, where } from './core.js';
import { binaryKernels, gradientKernels, unaryKernels } from './elementwise.js';
import { every, floats, numbers } from './loops.js';
import { matmul } from './matmul.js';
import { batchNorm, batchNormGrad, batchNormStats } from './norm.js';
import { adamStep, sgdStep } from './optim.js';
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad, maxPoolRelu } from './pool.js';
import { normal, uniform } from './random.js';
import { argmax, argmin, channelSum, max, min, prod, sum } from './reduce.js';
import { logSoftmax, logSoftmaxGrad, softmax, softmaxGrad } from './softmax.js';
import { sparseMatmul } from './sparse.js';

export const api = API;

export const kernels: KernelTable = {
  fill: every(fill), copy: every(copy), cast: every(cast), stridedCopy: every(stridedCopy),
  gather: numbers(gather), gatherElements: numbers(gatherElements), where: numbers(where),
  scatterAdd: floats(scatterAdd), scatterAddElements: floats(scatterAddElements),

  ...unaryKernels, ...binaryKernels, ...gradientKernels,
  sum: numbers(sum), prod: numbers(prod), max: numbers(max), min: numbers(min), argmax: numbers(argmax), argmin: numbers(argmin),
  matmul: floats(matmul),
  uniform: floats(uniform), normal: floats(normal),

  conv: floats(conv), convRelu: floats(convRelu), convRelu6: floats(convRelu6), convGradInput: floats(convGradInput), convGradWeight: floats(convGradWeight), channelSum: floats(channelSum),
  maxPool: floats(maxPool), maxPoolRelu: floats(maxPoolRelu), maxPoolGrad: floats(maxPoolGrad), avgPool: floats(avgPool), avgPoolGrad: floats(avgPoolGrad), sparseMatmul: floats(sparseMatmul),
  batchNormStats: floats(batchNormStats), batchNorm: floats(batchNorm), batchNormGrad: floats(batchNormGrad),
  softmax: floats(softmax), logSoftmax: floats(logSoftmax), softmaxGrad: floats(softmaxGrad), logSoftmaxGrad: floats(logSoftmaxGrad),
  sgdStep: floats(sgdStep), adamStep: floats(adamStep),
};
