/**
 * convRelu as the convolution into a workspace and relu from there: a piece may be run twice at once, so a result must not pass
 * through the output before its relu.
 */
import { BLOCK, blocks, OPS, type Args, type Kernel, type KernelTable, type OpArgs } from '../../src/backend/index.js';
import { conv } from './conv.js';
import { fn } from './loops.js';
import { f32, nameOf, type Wasm } from './wasm.js';

const OUTPUT = 3;

export function convRelu(wasm: Wasm): KernelTable {
  const inner = conv(wasm).conv!.float32!;
  const relu = fn(wasm, 'f32_relu');
  const phases = inner.phases ?? 1;
  const elements = (args: Args): number => OPS.conv.buffers(args, 'float32').find(({ write }) => write)!.elems;
  const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
  const kernel: Kernel<OpArgs['convRelu']> = {
    name: nameOf(wasm, `convRelu_after_${inner.name!.replace(/^f32_|__.*$/g, '')}`),
    phases: phases + 1,
    pieces: (args, phase) => (phase < phases ? inner.pieces(args, phase) : blocks(elements(args))),
    workspace(args) {
      const { shared = 0, own = 0 } = inner.workspace?.(args) ?? {};
      return { shared: align(shared) + 4 * elements(args), own };
    },
    run(heap, args, begin, end, work) {
      const between = work.shared + align(inner.workspace?.(args).shared ?? 0);
      if (work.phase < phases) {
        const aside: OpArgs['conv'] = [...args];
        aside[OUTPUT] = between;
        inner.run(heap, aside, begin, end, work);
        return;
      }
      const first = begin * BLOCK;
      relu(between + 4 * first, args[OUTPUT] + 4 * first, Math.min(elements(args), end * BLOCK) - first, 0, 0);
    },
  };
  return { convRelu: f32(kernel) };
}
