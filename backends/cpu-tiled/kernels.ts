/** The table of the tiled kernels: float32 only. What it lacks comes from cpu-naive. Imported by every thread. */
import { API, type Args, type Kernel, type KernelTable } from '../../src/backend/index.js';
import { conv, convGradInput, convRelu, convRelu6 } from './conv.js';
import { convGradWeight } from './convGrad.js';
import { add, div, exp, mul, neg, relu, reluGrad, sigmoid, sigmoidGrad, sqrt, square, sub, tanh, tanhGrad } from './elementwise.js';
import { matmul } from './gemm.js';
import { copy, fill, scatterAddElements, stridedCopy } from './move.js';
import { batchNorm, batchNormGrad, batchNormStats } from './norm.js';
import { adamStep, sgdStep } from './optim.js';
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from './pool.js';
import { channelSum, sum } from './reduce.js';
import { logSoftmax, logSoftmaxGrad, softmax, softmaxGrad } from './softmax.js';

export const api = API;

const f32 = <A extends Args>(kernel: Kernel<A>): { float32: Kernel<A> } => ({ float32: kernel });

export const kernels: KernelTable = {
  fill: f32(fill), copy: f32(copy), stridedCopy: f32(stridedCopy), scatterAddElements: f32(scatterAddElements),
  neg: f32(neg), exp: f32(exp), sqrt: f32(sqrt), square: f32(square), tanh: f32(tanh), sigmoid: f32(sigmoid), relu: f32(relu),
  add: f32(add), sub: f32(sub), mul: f32(mul), div: f32(div),
  reluGrad: f32(reluGrad), tanhGrad: f32(tanhGrad), sigmoidGrad: f32(sigmoidGrad),
  sum: f32(sum), channelSum: f32(channelSum), matmul: f32(matmul),
  conv: f32(conv), convRelu: f32(convRelu), convRelu6: f32(convRelu6), convGradInput: f32(convGradInput), convGradWeight: f32(convGradWeight),
  maxPool: f32(maxPool), maxPoolGrad: f32(maxPoolGrad), avgPool: f32(avgPool), avgPoolGrad: f32(avgPoolGrad),
  batchNormStats: f32(batchNormStats), batchNorm: f32(batchNorm), batchNormGrad: f32(batchNormGrad),
  softmax: f32(softmax), logSoftmax: f32(logSoftmax), softmaxGrad: f32(softmaxGrad), logSoftmaxGrad: f32(logSoftmaxGrad),
  sgdStep: f32(sgdStep), adamStep: f32(adamStep),
};
