/** Which kernel serves which convolution: the first that applies, else the direct one. */
import type { ConvGeometry, Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { choose, type Choice } from './choose.js';
import { conv } from './conv.js';
import { convGradWeight } from './convGradWeight.js';
import { convFew, convGradInputFew, convGradWeightFew, servesConv, servesGradInput, servesGradWeight } from './depthwise.js';
import { isPointwise, pointwise } from './pointwise.js';
import { pointwiseGradWeight } from './pointwiseWeight.js';
import type { Forward } from './sides.js';
import { f32, type Wasm } from './wasm.js';
import { convGradInputWinograd, convWinograd } from './winograd.js';
import { usesWinograd, type WinogradOp } from './winogradShapes.js';
import { convGradWeightWinograd } from './winogradWeight.js';

type Serves = (geometry: ConvGeometry) => boolean;
type Op = Forward | 'convGradInput' | 'convGradWeight';

export function convolutions(wasm: Wasm): KernelTable {
  const direct = { ...conv(wasm), ...convGradWeight(wasm) };
  const point = pointwise(wasm);
  const of = <O extends Op>(
    op: WinogradOp, servesFew: Serves, few: Kernel<OpArgs[O]>, point: Kernel<OpArgs[O]>, winograd: Kernel<OpArgs[O]>, otherwise: Kernel<OpArgs[O]>,
  ): { float32: Kernel<OpArgs[O]> } => {
    /** A kernel for the geometries of which `serves` says so; they are the last arguments. */
    const where = (serves: Serves, kernel: Kernel<OpArgs[O]>): Choice<OpArgs[O]> =>
      ({ applies: (args) => serves(args.slice(op === 'convGradWeight' ? 3 : 4) as ConvGeometry), kernel });
    return f32(choose([where(servesFew, few), where(isPointwise, point), where((geometry) => usesWinograd(op, geometry, wasm.precision), winograd)], otherwise));
  };
  const forward = (op: Forward): { float32: Kernel<OpArgs[Forward]> } =>
    of<Forward>('conv', servesConv, convFew(wasm, op), point[op], convWinograd(wasm, op), direct[op].float32);
  return {
    conv: forward('conv'), convRelu: forward('convRelu'), convRelu6: forward('convRelu6'),
    convGradInput: of<'convGradInput'>('convGradInput', servesGradInput, convGradInputFew(wasm), point.convGradInput, convGradInputWinograd(wasm), direct.convGradInput.float32),
    convGradWeight: of<'convGradWeight'>('convGradWeight', servesGradWeight, convGradWeightFew(wasm), pointwiseGradWeight(wasm), convGradWeightWinograd(wasm), direct.convGradWeight.float32),
  };
}
