/** Table entries of assembly/compare.ts: comparisons, casts and the choice by truth values. */
import { DTYPES, type Kernel, type KernelTable, type OpArgs } from '../../src/backend/index.js';
import { eachSlab, elements, fn, perElement } from './loops.js';
import type { Wasm } from './wasm.js';

/** Bytes for an operand that is a number. */
const SCALAR = 64;

/** `less` with its operands exchanged is greater. */
function comparison(wasm: Wasm, op: string, less = op): { float32: Kernel<OpArgs['eq']> } {
  const compare = fn(wasm, `f32_${less}`);
  const exchanged = less !== op;
  return perElement(wasm, op, (args) => elements(args, 4), (args, first, end, own, { f32 }) => {
    const [a, b, y, scalar] = args;
    f32[own >>> 2] = scalar;
    // An operand that is a number has no strides, whatever is said.
    const [aUsed, bUsed] = [Number(a !== 0), Number(b !== 0)];
    eachSlab(args, 4, first, end, (element, from, to, n1, n2, aAt, bAt, a0, a1, a2, b0, b1, b2) => {
      const [p, p0, p1, p2] = [aUsed ? a + 4 * aAt : own, aUsed * a0, aUsed * a1, aUsed * a2];
      const [q, q0, q1, q2] = [bUsed ? b + 4 * bAt : own, bUsed * b0, bUsed * b1, bUsed * b2];
      if (exchanged) compare(q, p, y + element, from, to, n1, n2, q0, q1, q2, p0, p1, p2);
      else compare(p, q, y + element, from, to, n1, n2, p0, p1, p2, q0, q1, q2);
    });
  }, { own: SCALAR });
}

export function compare(wasm: Wasm): KernelTable {
  const where = fn(wasm, 'f32_where');
  const casts = { float32: { to: fn(wasm, 'f32_copy'), bytes: 4 }, float64: { to: fn(wasm, 'f32_toDouble'), bytes: 8 }, int32: { to: fn(wasm, 'f32_toInt'), bytes: 4 }, bool: { to: fn(wasm, 'f32_toBool'), bytes: 1 } };
  return {
    eq: comparison(wasm, 'eq'), ne: comparison(wasm, 'ne'), lt: comparison(wasm, 'lt'), le: comparison(wasm, 'le'),
    gt: comparison(wasm, 'gt', 'lt'), ge: comparison(wasm, 'ge', 'le'),
    cast: perElement(wasm, 'cast', (args) => args[2], ([x, y, , dtype], first, end) => {
      const { to, bytes } = casts[DTYPES[dtype]];
      to(x + 4 * first, y + bytes * first, end - first);
    }, { cost: 2 }),
    where: perElement(wasm, 'where', (args) => args[4], ([condition, a, b, y], first, end) => {
      where(condition + first, a + 4 * first, b + 4 * first, y + 4 * first, end - first);
    }),
  };
}
