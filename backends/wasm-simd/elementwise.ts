/** Table entries of assembly/elementwise.ts. */
import type { Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { eachSlab, elements, fn, perElement } from './loops.js';
import type { Wasm } from './wasm.js';

type Entry<O extends keyof OpArgs> = { float32: Kernel<OpArgs[O]> };

function unary(wasm: Wasm, op: string): Entry<'neg'> {
  const map = fn(wasm, `f32_${op}`);
  return perElement(wasm, op, (args) => args[2], ([x, y, , p0, p1], first, end) => { map(x + 4 * first, y + 4 * first, end - first, p0, p1); });
}

function gradient(wasm: Wasm, op: string): Entry<'reluGrad'> {
  const map = fn(wasm, `f32_${op}`);
  return perElement(wasm, op, (args) => args[3], ([s, g, gx, , p0], first, end) => {
    map(s + 4 * first, g + 4 * first, gx + 4 * first, end - first, p0);
  });
}

/** The strides of an operand that is a number do not count. */
const NONE = [0, 0, 0] as const;

function binary(wasm: Wasm, op: string): Entry<'add'> {
  const walk = fn(wasm, `f32_${op}`);
  return perElement(wasm, op, (args) => elements(args, 4), (args, first, end) => {
    const [a, b, y, scalar] = args;
    eachSlab(args, 4, first, end, (element, from, to, n1, n2, aAt, bAt, aSteps, bSteps) => {
      walk(
        a && a + 4 * aAt, b && b + 4 * bAt, y + 4 * element, scalar, from, to, n1, n2, ...(a === 0 ? NONE : aSteps), ...(b === 0 ? NONE : bSteps),
      );
    });
  });
}

export const elementwise = (wasm: Wasm): KernelTable => ({
  neg: unary(wasm, 'neg'), abs: unary(wasm, 'abs'), sign: unary(wasm, 'sign'), square: unary(wasm, 'square'), sqrt: unary(wasm, 'sqrt'),
  reciprocal: unary(wasm, 'reciprocal'), round: unary(wasm, 'round'), exp: unary(wasm, 'exp'), tanh: unary(wasm, 'tanh'),
  sigmoid: unary(wasm, 'sigmoid'), relu: unary(wasm, 'relu'), leakyRelu: unary(wasm, 'leakyRelu'), clamp: unary(wasm, 'clamp'),
  reluGrad: gradient(wasm, 'reluGrad'), leakyReluGrad: gradient(wasm, 'leakyReluGrad'),
  tanhGrad: gradient(wasm, 'tanhGrad'), sigmoidGrad: gradient(wasm, 'sigmoidGrad'),
  add: binary(wasm, 'add'), sub: binary(wasm, 'sub'), mul: binary(wasm, 'mul'), div: binary(wasm, 'div'),
  maximum: binary(wasm, 'maximum'), minimum: binary(wasm, 'minimum'),
});
