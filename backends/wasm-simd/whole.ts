/** Arithmetic and sums of int32, modulo 2³². */
import { BLOCK, type Kernel, type OpArgs } from '../../src/backend/index.js';
import { eachApart, eachSlab, elementKernel, elements, fn, SCALAR } from './loops.js';
import { nameOf, type Wasm } from './wasm.js';

/** What JavaScript makes of it, for a number that is no int32: what is stored is cut off modulo 2³². */
const PLAIN = { add: (a: number, b: number) => a + b, sub: (a: number, b: number) => a - b, mul: Math.imul, maximum: Math.max, minimum: Math.min };

export function int32Binary(wasm: Wasm, op: keyof typeof PLAIN): Kernel<OpArgs['add']> {
  const walk = fn(wasm, `i32_${op}`);
  const plain: (a: number, b: number) => number = PLAIN[op];
  return elementKernel(nameOf(wasm, op, 'i32'), (args) => elements(args, 4), (args, first, end, own, { i32 }) => {
    const [a, b, y, scalar] = args;
    // An operand that is a number has no strides, whatever is said.
    const [aUsed, bUsed] = [Number(a !== 0), Number(b !== 0)];
    if (aUsed * bUsed === 0 && scalar !== (scalar | 0)) {
      eachApart(i32, args, first, end, (element, value) => { i32[(y >>> 2) + element] = b === 0 ? plain(value, scalar) : plain(scalar, value); });
      return;
    }
    i32[own >>> 2] = scalar;
    eachSlab(args, 4, first, end, (element, from, to, n1, n2, aAt, bAt, a0, a1, a2, b0, b1, b2) => {
      walk(
        aUsed ? a + 4 * aAt : own, bUsed ? b + 4 * bAt : own, y + 4 * element, from, to, n1, n2,
        aUsed * a0, aUsed * a1, aUsed * a2, bUsed * b0, bUsed * b1, bUsed * b2,
      );
    });
  }, { own: SCALAR });
}

/** Items are rows where the axis is the last, else slices of the outer axes. */
export function int32Sum(wasm: Wasm): Kernel<OpArgs['sum']> {
  const [rows, columns] = [fn(wasm, 'i32_sumRows'), fn(wasm, 'i32_sumColumns')];
  const group = ([, , , n, inner]: OpArgs['sum']): number => Math.max(1, Math.floor((2 * BLOCK) / Math.max(1, n * inner)));
  return {
    name: nameOf(wasm, 'sum', 'i32'),
    pieces: (args) => (args[4] === 0 ? 0 : Math.ceil(args[2] / group(args))),
    run(_heap, args, begin, end) {
      const [x, y, outer, n, inner] = args;
      const [first, last] = [begin * group(args), Math.min(outer, end * group(args))];
      if (inner === 1) rows(x + 4 * first * n, y + 4 * first, last - first, n);
      else for (let o = first; o < last; o++) columns(x + 4 * o * n * inner, y + 4 * o * inner, inner, n, inner);
    },
  };
}
