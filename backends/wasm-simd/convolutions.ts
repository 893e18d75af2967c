/** Which kernel serves which convolution: the first that applies, else the direct one. */
import type { ConvGeometry, Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { choose, type Choice } from './choose.js';
import { conv } from './conv.js';
import { convGradWeight } from './convGradWeight.js';
import { convFew, convGradInputFew, convGradWeightFew, convReluFew, isFew } from './depthwise.js';
import { f32, type Wasm } from './wasm.js';

/** A kernel for the geometries of which `serves` says so; they begin at argument `at`. */
const where = <O extends 'conv' | 'convRelu' | 'convGradInput' | 'convGradWeight'>(at: number, serves: (geometry: ConvGeometry) => boolean, kernel: Kernel<OpArgs[O]>): Choice<OpArgs[O]> =>
  ({ applies: (args) => serves(args.slice(at) as ConvGeometry), kernel });

export function convolutions(wasm: Wasm): KernelTable {
  const direct = { ...conv(wasm), ...convGradWeight(wasm) };
  return {
    conv: f32(choose([where<'conv'>(4, isFew, convFew(wasm))], direct.conv.float32)),
    convRelu: f32(choose([where<'convRelu'>(4, isFew, convReluFew(wasm))], direct.convRelu.float32)),
    convGradInput: f32(choose([where<'convGradInput'>(4, isFew, convGradInputFew(wasm))], direct.convGradInput.float32)),
    convGradWeight: f32(choose([where<'convGradWeight'>(3, isFew, convGradWeightFew(wasm))], direct.convGradWeight.float32)),
  };
}
