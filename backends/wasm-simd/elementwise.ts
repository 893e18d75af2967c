/** Table entries of assembly/elementwise.ts. */
import type { Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { eachSlab, elements, fn, perElement } from './loops.js';
import { int32Binary } from './whole.js';
import type { Wasm } from './wasm.js';

type Entry<O extends keyof OpArgs> = { float32: Kernel<OpArgs[O]> };

function unary(wasm: Wasm, op: string, cost = 1): Entry<'neg'> {
  const map = fn(wasm, `f32_${op}`);
  return perElement(wasm, op, (args) => args[2], ([x, y, , p0, p1], first, end) => { map(x + 4 * first, y + 4 * first, end - first, p0, p1); }, { cost });
}

/** From here on, as a float, the kernel of sine leaves numbers to JavaScript: 2²². It would do up to 2²⁸, at the price of the last digits. */
const SINE_END = 4194304;

/** Which way an element goes depends on it alone, so neither pieces nor threads change a bit. */
function sine(wasm: Wasm, op: 'sin' | 'cos', exact: (x: number) => number): Entry<'neg'> {
  const [map, reaches] = [fn(wasm, `f32_${op}`), fn(wasm, 'f32_reaches')];
  return perElement(wasm, op, (args) => args[2], ([x, y], first, end, _own, { f32 }) => {
    const [from, to] = [x + 4 * first, y + 4 * first];
    map(from, to, end - first, 0, 0);
    if (reaches(from, end - first, SINE_END) === 0) return;
    for (let i = 0; i < end - first; i++) {
      const value = f32[(from >>> 2) + i];
      if (Math.abs(value) >= SINE_END) f32[(to >>> 2) + i] = exact(value);
    }
  }, { cost: 16 });
}

function gradient(wasm: Wasm, op: string): Entry<'reluGrad'> {
  const map = fn(wasm, `f32_${op}`);
  return perElement(wasm, op, (args) => args[3], ([s, g, gx, , p0], first, end) => {
    map(s + 4 * first, g + 4 * first, gx + 4 * first, end - first, p0);
  });
}

function binary(wasm: Wasm, op: string, cost = 1): Entry<'add'> {
  const walk = fn(wasm, `f32_${op}`);
  return perElement(wasm, op, (args) => elements(args, 4), (args, first, end) => {
    const [a, b, y, scalar] = args;
    // An operand that is a number has no strides, whatever is said.
    const [aUsed, bUsed] = [Number(a !== 0), Number(b !== 0)];
    eachSlab(args, 4, first, end, (element, from, to, n1, n2, aAt, bAt, a0, a1, a2, b0, b1, b2) => {
      walk(
        aUsed * (a + 4 * aAt), bUsed * (b + 4 * bAt), y + 4 * element, scalar, from, to, n1, n2,
        aUsed * a0, aUsed * a1, aUsed * a2, bUsed * b0, bUsed * b1, bUsed * b2,
      );
    });
  }, { cost });
}

export const elementwise = (wasm: Wasm): KernelTable => ({
  neg: unary(wasm, 'neg'), abs: unary(wasm, 'abs'), sign: unary(wasm, 'sign'), square: unary(wasm, 'square'), sqrt: unary(wasm, 'sqrt'),
  reciprocal: unary(wasm, 'reciprocal'), round: unary(wasm, 'round'), exp: unary(wasm, 'exp', 16), tanh: unary(wasm, 'tanh', 16),
  sigmoid: unary(wasm, 'sigmoid', 16), relu: unary(wasm, 'relu'), leakyRelu: unary(wasm, 'leakyRelu'), clamp: unary(wasm, 'clamp'),
  log: unary(wasm, 'log', 16), softplus: unary(wasm, 'softplus', 32), erf: unary(wasm, 'erf', 32),
  sin: sine(wasm, 'sin', Math.sin), cos: sine(wasm, 'cos', Math.cos),
  reluGrad: gradient(wasm, 'reluGrad'), leakyReluGrad: gradient(wasm, 'leakyReluGrad'),
  tanhGrad: gradient(wasm, 'tanhGrad'), sigmoidGrad: gradient(wasm, 'sigmoidGrad'),
  add: { ...binary(wasm, 'add'), int32: int32Binary(wasm, 'add') }, sub: { ...binary(wasm, 'sub'), int32: int32Binary(wasm, 'sub') },
  mul: { ...binary(wasm, 'mul'), int32: int32Binary(wasm, 'mul') }, div: binary(wasm, 'div'),
  maximum: { ...binary(wasm, 'maximum'), int32: int32Binary(wasm, 'maximum') }, minimum: { ...binary(wasm, 'minimum'), int32: int32Binary(wasm, 'minimum') },
  pow: binary(wasm, 'pow', 64),
});
