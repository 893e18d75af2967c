/** Table entries of assembly/elementwise.ts. */
import type { Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { eachSlab, elements, fn, perElement } from './loops.js';
import type { Wasm } from './wasm.js';

type Entry<O extends keyof OpArgs> = { float32: Kernel<OpArgs[O]> };

function unary(wasm: Wasm, op: string, cost = 1): Entry<'neg'> {
  const map = fn(wasm, `f32_${op}`);
  return perElement(wasm, op, (args) => args[2], ([x, y, , p0, p1], first, end) => { map(x + 4 * first, y + 4 * first, end - first, p0, p1); }, { cost });
}

function gradient(wasm: Wasm, op: string): Entry<'reluGrad'> {
  const map = fn(wasm, `f32_${op}`);
  return perElement(wasm, op, (args) => args[3], ([s, g, gx, , p0], first, end) => {
    map(s + 4 * first, g + 4 * first, gx + 4 * first, end - first, p0);
  });
}

function binary(wasm: Wasm, op: string): Entry<'add'> {
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
  });
}

export const elementwise = (wasm: Wasm): KernelTable => ({
  neg: unary(wasm, 'neg'), abs: unary(wasm, 'abs'), sign: unary(wasm, 'sign'), square: unary(wasm, 'square'), sqrt: unary(wasm, 'sqrt'),
  reciprocal: unary(wasm, 'reciprocal'), round: unary(wasm, 'round'), exp: unary(wasm, 'exp', 16), tanh: unary(wasm, 'tanh', 16),
  sigmoid: unary(wasm, 'sigmoid', 16), relu: unary(wasm, 'relu'), leakyRelu: unary(wasm, 'leakyRelu'), clamp: unary(wasm, 'clamp'),
  log: unary(wasm, 'log', 16), softplus: unary(wasm, 'softplus', 32),
  reluGrad: gradient(wasm, 'reluGrad'), leakyReluGrad: gradient(wasm, 'leakyReluGrad'),
  tanhGrad: gradient(wasm, 'tanhGrad'), sigmoidGrad: gradient(wasm, 'sigmoidGrad'),
  add: binary(wasm, 'add'), sub: binary(wasm, 'sub'), mul: binary(wasm, 'mul'), div: binary(wasm, 'div'),
  maximum: binary(wasm, 'maximum'), minimum: binary(wasm, 'minimum'),
});
