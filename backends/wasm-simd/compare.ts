/** Table entries of assembly/compare.ts and whole.ts: comparisons, casts and the choice by truth values. */
import { DTYPES, type DType, type HeapViews, type Kernel, type KernelTable, type OpArgs } from '../../src/backend/index.js';
import { eachApart, eachSlab, elementKernel, elements, fn, perElement, SCALAR } from './loops.js';
import { alike, nameOf, type Wasm } from './wasm.js';

/** How the elements of a dtype lie in memory, and which numbers are among them. */
interface Elements {
  readonly prefix: 'f32' | 'i32' | 'b8';
  readonly bytes: number;
  readonly view: (heap: HeapViews) => Float32Array | Int32Array | Uint8Array;
  readonly holds: (number: number) => boolean;
}

const ELEMENTS: Record<'float32' | 'int32' | 'bool', Elements> = {
  // Rounded as the elements were.
  float32: { prefix: 'f32', bytes: 4, view: ({ f32 }) => f32, holds: () => true },
  int32: { prefix: 'i32', bytes: 4, view: ({ i32 }) => i32, holds: (number) => number === (number | 0) },
  bool: { prefix: 'b8', bytes: 1, view: ({ u8 }) => u8, holds: (number) => number === (number & 255) },
};

const RELATIONS = {
  eq: (a: number, b: number) => a === b, ne: (a: number, b: number) => a !== b, lt: (a: number, b: number) => a < b, le: (a: number, b: number) => a <= b,
};
type Relation = keyof typeof RELATIONS;

/** `less` with its operands exchanged is greater. */
function comparison(wasm: Wasm, op: string, relation: Relation, exchanged = false): Record<keyof typeof ELEMENTS, Kernel<OpArgs['eq']>> {
  const kernel = ({ prefix, bytes, view, holds }: Elements): Kernel<OpArgs['eq']> => {
    const compare = fn(wasm, `${prefix}_${relation}`);
    return elementKernel(nameOf(wasm, op, prefix), (args) => elements(args, 4), (args, first, end, own, heap) => {
      const [a, b, y, scalar] = args;
      // An operand that is a number has no strides, whatever is said.
      const [aUsed, bUsed] = [Number(a !== 0), Number(b !== 0)];
      if (aUsed * bUsed === 0 && !holds(scalar)) {
        const relate = RELATIONS[relation];
        const left = (b === 0) !== exchanged;
        eachApart(view(heap), args, first, end, (element, value) => { heap.u8[y + element] = Number(left ? relate(value, scalar) : relate(scalar, value)); });
        return;
      }
      view(heap)[own / bytes] = scalar;
      eachSlab(args, 4, first, end, (element, from, to, n1, n2, aAt, bAt, a0, a1, a2, b0, b1, b2) => {
        const [p, p0, p1, p2] = [aUsed ? a + bytes * aAt : own, aUsed * a0, aUsed * a1, aUsed * a2];
        const [q, q0, q1, q2] = [bUsed ? b + bytes * bAt : own, bUsed * b0, bUsed * b1, bUsed * b2];
        if (exchanged) compare(q, p, y + element, from, to, n1, n2, q0, q1, q2, p0, p1, p2);
        else compare(p, q, y + element, from, to, n1, n2, p0, p1, p2, q0, q1, q2);
      });
    }, { own: SCALAR });
  };
  return { float32: kernel(ELEMENTS.float32), int32: kernel(ELEMENTS.int32), bool: kernel(ELEMENTS.bool) };
}

const BYTES: Record<DType, number> = { float32: 4, float64: 8, int32: 4, bool: 1 };

/** `names`: the functions that cast to each dtype. */
function cast(wasm: Wasm, { prefix, bytes }: Elements, names: Record<DType, string>): Kernel<OpArgs['cast']> {
  const to = DTYPES.map((dtype) => fn(wasm, names[dtype]));
  return elementKernel(nameOf(wasm, 'cast', prefix), (args) => args[2], ([x, y, , dtype], first, end) => {
    to[dtype](x + bytes * first, y + BYTES[DTYPES[dtype]] * first, end - first);
  }, { cost: 2 });
}

export function compare(wasm: Wasm): KernelTable {
  const where = fn(wasm, 'f32_where');
  return {
    eq: comparison(wasm, 'eq', 'eq'), ne: comparison(wasm, 'ne', 'ne'), lt: comparison(wasm, 'lt', 'lt'), le: comparison(wasm, 'le', 'le'),
    gt: comparison(wasm, 'gt', 'lt', true), ge: comparison(wasm, 'ge', 'le', true),
    cast: {
      float32: cast(wasm, ELEMENTS.float32, { float32: 'f32_copy', float64: 'f32_toDouble', int32: 'f32_toInt', bool: 'f32_toBool' }),
      int32: cast(wasm, ELEMENTS.int32, { float32: 'i32_toFloat', float64: 'i32_toDouble', int32: 'f32_copy', bool: 'i32_toBool' }),
      bool: cast(wasm, ELEMENTS.bool, { float32: 'b8_toFloat', float64: 'b8_toDouble', int32: 'b8_toInt', bool: 'b8_toBool' }),
    },
    where: alike(wasm, 'where', perElement(wasm, 'where', (args) => args[4], ([condition, a, b, y], first, end) => {
      where(condition + first, a + 4 * first, b + 4 * first, y + 4 * first, end - first);
    })),
  };
}
