/**
 * Kernels that are broken on purpose, each in one way that has happened somewhere: the kit must catch every one of them. They stand
 * on cpu-naive's, which are right.
 */
import { kernels as naive } from '../../dist/backends/cpu-naive/kernels.js';
import { BLOCK, type Args, type Kernel, type KernelTable, type OpName } from '../../dist/src/backend/index.js';

const right = (op: OpName): Kernel => (naive[op] as { float32: Kernel }).float32;
/** cpu-naive's float32 kernel with other parts. */
const changed = (op: OpName, parts: Partial<Kernel>): KernelTable => ({ [op]: { float32: { ...right(op), ...parts } } });
/** The right kernel, then something more. */
const then = (op: OpName, more: (f32: Float32Array, args: Args, begin: number, end: number, i32: Int32Array) => void): KernelTable => changed(op, {
  run(heap, args, begin, end, work) {
    right(op).run(heap, args, begin, end, work);
    more(heap.f32, args, begin, end, heap.i32);
  },
});
/** The right kernel on other arguments. */
const given = (op: OpName, change: (args: number[]) => void): KernelTable => changed(op, {
  run(heap, args, begin, end, work) {
    const other = [...args];
    change(other);
    right(op).run(heap, other, begin, end, work);
  },
});

/** Where the strides begin among the arguments of conv. */
const CONV_STRIDE = 4 + 13;

export interface Broken {
  readonly what: string;
  readonly op: OpName;
  readonly table: KernelTable;
  /** What the kit must say. */
  readonly says: RegExp;
}

export const BROKEN: readonly Broken[] = [
  {
    what: 'writes one element past the end', op: 'copy', says: /behind its output/,
    table: then('copy', (f32, [, y, n], _begin, end) => { if (end === Math.ceil(n / BLOCK)) f32[(y >>> 2) + n] = 1; }),
  },
  {
    what: 'writes in front of the output', op: 'square', says: /before its output/,
    table: then('square', (f32, [, y, n]) => { if (n > 0) f32[(y >>> 2) - 1] = 0; }),
  },
  { what: 'has no name on some arguments', op: 'abs', says: /its kernel's name is "" but must be a string/, table: changed('abs', { name: ([, , n]) => (n > 1 ? '' : 'abs') }) },
  { what: 'is named by where its buffers lie', op: 'abs', says: /its kernel's name is 'abs\d' but 'abs\d' where/, table: changed('abs', { name: ([x]) => `abs${(x / 64) % 7}` }) },
  { what: 'misses the last element', op: 'add', says: /is NaN but/, table: then('add', (f32, args) => {
    const n = args.slice(5, 5 + args[4]).reduce((a, b) => a * b, 1);
    if (n > 0) f32[(args[2] >>> 2) + n - 1] = NaN;
  }) },
  {
    what: 'adds to what lies in the output', op: 'channelSum', says: /is NaN but/,
    table: changed('channelSum', {
      run({ f32 }, [x, y, n, c, s], begin, end) {
        for (let channel = begin; channel < end; channel++) {
          for (let image = 0; image < n; image++) for (let i = 0; i < s; i++) f32[(y >>> 2) + channel] += f32[(x >>> 2) + (image * c + channel) * s + i];
        }
      },
    }),
  },
  {
    what: 'leaves zeros out, hoping that the output holds them', op: 'reluGrad', says: /reluGrad float32 .* is NaN but 0/,
    table: changed('reluGrad', {
      run({ f32 }, [s, g, gx, n], begin, end) {
        for (let i = begin * BLOCK; i < Math.min(n, end * BLOCK); i++) if (f32[(s >>> 2) + i] > 0) f32[(gx >>> 2) + i] = f32[(g >>> 2) + i];
      },
    }),
  },
  {
    what: 'carries rounding from row to row, so that ranges matter', op: 'softmax', says: /depends on how pieces are run/,
    table: changed('softmax', {
      pieces: ([, , outer]) => outer,
      run(heap, [x, y, , n, inner], begin, end) {
        right('softmax').run(heap, [x + 4 * begin * n * inner, y + 4 * begin * n * inner, end - begin, n, inner], 0, 1, { phase: 0, shared: 0, own: 0 });
        for (let i = 0; i < (end - begin) * n * inner; i++) heap.f32[(y >>> 2) + begin * n * inner + i] *= 1 + 1e-7 * (end - begin);
      },
    }),
  },
  {
    what: 'reads its workspace before it is written', op: 'sum', says: /is NaN but/,
    table: changed('sum', {
      workspace: () => ({ own: 8 }),
      run(heap, args, begin, end, work) {
        right('sum').run(heap, args, begin, end, work);
        if (args[2] * args[4] > 0) heap.f32[args[1] >>> 2] += heap.f32[work.own >>> 2];
      },
    }),
  },
  {
    what: 'takes NaN for small', op: 'max', says: /max float32 with NaN and infinities/,
    table: changed('max', {
      pieces: ([, , outer, , inner]) => Math.min(1, outer * inner),
      run({ f32 }, [x, y, outer, n, inner]) {
        for (let row = 0; row < outer * inner; row++) {
          let most = -Infinity;
          for (let j = 0; j < n; j++) {
            const value = f32[(x >>> 2) + Math.floor(row / inner) * n * inner + j * inner + (row % inner)];
            if (value > most) most = value;
          }
          f32[(y >>> 2) + row] = most;
        }
      },
    }),
  },
  { what: 'is right at stride 1 only', op: 'conv', says: /conv float32 .* stride/, table: given('conv', (args) => { args.fill(1, CONV_STRIDE, CONV_STRIDE + 3); }) },
  { what: 'forgets the bias', op: 'conv', says: /conv float32 .* bias/, table: given('conv', (args) => { args[2] = 0; }) },
  { what: 'forgets its relu', op: 'convRelu', says: /convRelu float32 .* but 0/, table: { convRelu: { float32: naive.conv!.float32 } } },
  {
    what: 'takes NaN for negative', op: 'convRelu', says: /convRelu float32 .*NaN in the bias.* is 0 but NaN/,
    table: then('convRelu', (f32, args, begin, end) => {
      const plane = args[14] * args[15] * args[16];
      for (let i = begin * plane; i < end * plane; i++) f32[(args[3] >>> 2) + i] ||= 0;
    }),
  },
  {
    what: 'works in place on its input', op: 'relu', says: /input .* is changed/,
    table: then('relu', (f32, [x, y, n], begin, end) => { f32.copyWithin((x >>> 2) + begin * BLOCK, (y >>> 2) + begin * BLOCK, (y >>> 2) + Math.min(n, end * BLOCK)); }),
  },
  {
    what: 'is wrong in the last column of odd widths', op: 'matmul', says: /matmul float32 .* but/,
    table: then('matmul', (f32, [, , , y, batch, m, n, k], begin) => {
      if (n % 2 === 1 && n > 1 && begin === 0 && batch * m > 0) f32[(y >>> 2) + n - 1] = k + 0.5;
    }),
  },
  {
    what: 'has every piece do all the work', op: 'neg', says: /is written by piece 0 and by piece 1/,
    table: changed('neg', {
      pieces: ([, , n]) => Math.ceil(n / 8),
      run(heap, args, _begin, _end, work) { right('neg').run(heap, args, 0, Math.ceil(args[2] / BLOCK), work); },
    }),
  },
  {
    what: 'takes the last of equal maxima', op: 'maxPool', says: /maxPool float32 .* \(argument 2\)/,
    table: changed('maxPool', {
      run(heap, args, begin, end, work) {
        right('maxPool').run(heap, args, begin, end, work);
        const [x, y, indices, , iD, iH, iW, , , , oD, oH, oW] = args;
        for (let i = begin * oD * oH * oW; i < end * oD * oH * oW; i++) {
          const plane = Math.floor(i / (oD * oH * oW)) * iD * iH * iW;
          const next = heap.i32[(indices >>> 2) + i] + 1;
          if (next % iW !== 0 && heap.f32[(x >>> 2) + plane + next] === heap.f32[(y >>> 2) + i]) heap.i32[(indices >>> 2) + i] = next;
        }
      },
    }),
  },
  {
    what: 'skips what comes after its first piece', op: 'exp', says: /exp float32 .* is NaN but/,
    table: changed('exp', { pieces: ([, , n]) => Math.min(1, n), run: (heap, args, _begin, _end, work) => right('exp').run(heap, args, 0, Number(args[2] < 64), work) }),
  },
];
