/** Which kernel serves which convolution: the first that applies, else the direct one. */
import type { ConvGeometry, Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { choose, type Choice } from './choose.js';
import { conv } from './conv.js';
import { convGradWeight } from './convGradWeight.js';
import { convFew, convGradInputFew, convGradWeightFew, isFew } from './depthwise.js';
import { convRelu } from './convRelu.js';
import { f32, type Wasm } from './wasm.js';
import { convGradInputWinograd, convReluWinograd, convWinograd } from './winograd.js';
import { usesWinograd, type WinogradOp } from './winogradShapes.js';
import { convGradWeightWinograd } from './winogradWeight.js';

/** A kernel for the geometries of which `serves` says so; they begin at argument `at`. */
const where = <O extends 'conv' | 'convRelu' | 'convGradInput' | 'convGradWeight'>(at: number, serves: (geometry: ConvGeometry) => boolean, kernel: Kernel<OpArgs[O]>): Choice<OpArgs[O]> =>
  ({ applies: (args) => serves(args.slice(at) as ConvGeometry), kernel });

export function convolutions(wasm: Wasm): KernelTable {
  const direct = { ...conv(wasm), ...convRelu(wasm), ...convGradWeight(wasm) };
  const tiled = (op: WinogradOp) => (geometry: ConvGeometry): boolean => usesWinograd(op, geometry, wasm.precision);
  return {
    conv: f32(choose([where<'conv'>(4, isFew, convFew(wasm)), where<'conv'>(4, tiled('conv'), convWinograd(wasm))], direct.conv!.float32!)),
    convRelu: f32(choose([where<'convRelu'>(4, tiled('conv'), convReluWinograd(wasm))], direct.convRelu!.float32!)),
    convGradInput: f32(choose(
      [where<'convGradInput'>(4, isFew, convGradInputFew(wasm)), where<'convGradInput'>(4, tiled('convGradInput'), convGradInputWinograd(wasm))],
      direct.convGradInput!.float32!,
    )),
    convGradWeight: f32(choose(
      [where<'convGradWeight'>(3, isFew, convGradWeightFew(wasm)), where<'convGradWeight'>(3, tiled('convGradWeight'), convGradWeightWinograd(wasm))],
      direct.convGradWeight!.float32!,
    )),
  };
}
