/** Cases of reductions, of softmax along an axis, and of matrix products. */
import { BLOCK, OPS, type OpName } from '../../backend/index.js';
import { CLOSE, cycle, exactAndRandom, FLOATS, floats, input, ints, oneOf, opCase, output, SUMS, type Fill, type OpCase, type Slot } from './opCase.js';

/** [outer, n, inner], the middle axis is reduced. */
const SHAPES: [outer: number, n: number, inner: number][] = [
  [1, 1, 1], [1, 3, 1], [3, 17, 1], [17, 3, 1], [1, 65, 7], [5, 4, 9], [4, 16, 8], [2, 1000, 1], [1, 1023, 3], [7, 13, 64],
  [1, BLOCK + 1, 1], [BLOCK + 1, 1, 1], [1, 2, BLOCK + 1], [3, 0, 4], [0, 5, 3], [2, 3, 0],
];

const FILLS: Partial<Record<OpName, Fill>> = { sum: ints, max: ints, min: ints, argmax: ints, argmin: ints, prod: oneOf(1, -1, 1, 1, -1, 1, 1, 2) };

function reduction(op: OpName, fill: Fill): OpCase[] {
  return OPS[op].dtypes.flatMap((dtype) => [
    ...SHAPES.map(([outer, n, inner]) => opCase(op, dtype, `of ${outer}×${n}×${inner}`, {
      // A product of thousands of twos overflows; where it does, it does so in any order.
      args: [input(op === 'prod' && n > 100 ? cycle(1, -1, -1) : fill), output(), outer, n, inner], flops: outer * n * inner,
    })),
    ...(dtype === 'int32' ? [] : [
      opCase(op, dtype, 'of random numbers', { args: [input(op === 'prod' ? oneOf(0.5, 1.7, -1.3, 0.9) : floats), output(), 13, 37, 5], inputs: 'random', tolerance: SUMS[dtype as 'float32'], flops: 2405 }),
      opCase(op, dtype, 'with NaN and infinities', { args: [input(cycle(1, Infinity, 2, -3, 4, 5, NaN, 7, -Infinity, 2, 1)), output(), 6, 5, 2], inputs: 'random', tolerance: SUMS[dtype as 'float32'], flops: 60 }),
    ]),
  ]);
}

const ROWS: [outer: number, n: number, inner: number][] = [
  [1, 1, 1], [3, 10, 1], [17, 3, 1], [1, 65, 1], [5, 4, 9], [2, 1000, 1], [1, 7, 65], [130, 10, 1], [2, BLOCK + 1, 1], [0, 4, 1], [3, 0, 2],
];
const EXTREME = cycle(1000, -1000, 0, 88, -104, 3);

const softmaxes: OpCase[] = FLOATS.flatMap((dtype) => (['softmax', 'logSoftmax'] as const).flatMap((op) => [
  ...ROWS.map(([outer, n, inner]) => opCase(op, dtype, `of ${outer}×${n}×${inner}`, { args: [input(floats), output(), outer, n, inner], inputs: 'random', tolerance: SUMS[dtype], flops: 5 * outer * n * inner })),
  opCase(op, dtype, 'of extremes', { args: [input(EXTREME), output(), 5, 6, 2], inputs: 'random', tolerance: SUMS[dtype], flops: 300 }),
  opCase(op, dtype, 'with -Infinity', { args: [input(cycle(0, -Infinity, 1)), output(), 4, 3, 1], inputs: 'random', tolerance: SUMS[dtype], flops: 60 }),
]));

const softmaxGradients: OpCase[] = FLOATS.flatMap((dtype) => ROWS.flatMap(([outer, n, inner]) => [
  opCase('softmaxGrad', dtype, `of ${outer}×${n}×${inner}`, { args: [input((_i, random) => random() / Math.max(1, n)), input(floats), output(), outer, n, inner], inputs: 'random', tolerance: SUMS[dtype], flops: 4 * outer * n * inner }),
  opCase('logSoftmaxGrad', dtype, `of ${outer}×${n}×${inner}`, { args: [input((_i, random) => -3 * random()), input(floats), output(), outer, n, inner], inputs: 'random', tolerance: SUMS[dtype], flops: 4 * outer * n * inner }),
]));

type Product = { m: number; n: number; k: number; batch?: number; ta?: boolean; tb?: boolean; bias?: boolean; repeat?: 'a' | 'b' };

/** Around blocks of 4, 8, 16 and 64; primes; nothing at all. */
const PRODUCTS: Product[] = [
  { m: 1, n: 1, k: 1 }, { m: 1, n: 3, k: 5, bias: true }, { m: 3, n: 1, k: 7 }, { m: 4, n: 4, k: 4 }, { m: 5, n: 7, k: 3, ta: true }, { m: 7, n: 8, k: 9, tb: true },
  { m: 8, n: 16, k: 15, bias: true }, { m: 15, n: 17, k: 16, ta: true, tb: true }, { m: 17, n: 13, k: 31, tb: true, bias: true }, { m: 31, n: 33, k: 1 },
  { m: 63, n: 65, k: 64 }, { m: 65, n: 63, k: 67, ta: true }, { m: 64, n: 64, k: 64, tb: true }, { m: 1, n: 129, k: 64, tb: true }, { m: 128, n: 1, k: 65 },
  { m: 97, n: 101, k: 103, bias: true }, { m: 5, n: 6, k: 0 }, { m: 5, n: 6, k: 0, bias: true }, { m: 7, n: 20, k: 0, bias: true }, { m: 0, n: 3, k: 4 }, { m: 3, n: 0, k: 4 },
  { m: 5, n: 9, k: 6, batch: 3 }, { m: 5, n: 9, k: 6, batch: 3, repeat: 'b', ta: true }, { m: 17, n: 4, k: 8, batch: 4, repeat: 'a', tb: true, bias: true }, { m: 2, n: 2, k: 2, batch: 0 },
  { m: 16, n: 196, k: 25 }, { m: 2, n: 257, k: 300 },
  // Both operands along k, and few rows of one: inner products.
  { m: 13, n: 7, k: 128, tb: true, bias: true }, { m: 3, n: 22, k: 256, tb: true, bias: true }, { m: 2, n: 2, k: 1608, tb: true }, { m: 41, n: 51, k: 400, tb: true },
  { m: 9, n: 11, k: 96, batch: 3, repeat: 'b', tb: true, bias: true }, { m: 4, n: 26, k: 136, batch: 2, repeat: 'a', tb: true },
];

function matmul({ m, n, k, batch = 1, ta = false, tb = false, bias = false, repeat }: Product): OpCase[] {
  const strides = [repeat === 'a' || batch === 1 ? 0 : m * k, ...(ta ? [1, m] : [k, 1]), repeat === 'b' || batch === 1 ? 0 : k * n, ...(tb ? [1, k] : [n, 1])];
  const name = `${batch === 1 ? '' : `${batch} of `}${m}×${k}${ta ? 'ᵀ' : ''} by ${k}×${n}${tb ? 'ᵀ' : ''}${bias ? ' with bias' : ''}${repeat ? `, ${repeat} repeated` : ''}`;
  const args = (fill: Fill): (number | Slot)[] => [input(fill), input(fill), bias ? input(fill) : 0, output(), batch, m, n, k, ...strides];
  return exactAndRandom('matmul', name, args, 2 * batch * m * n * k);
}

export const reduceCases = (): OpCase[] => [
  ...Object.entries(FILLS).flatMap(([op, fill]) => reduction(op as OpName, fill)),
  ...softmaxes, ...softmaxGradients, ...PRODUCTS.flatMap(matmul),
  ...FLOATS.flatMap((dtype) => [opCase('matmul', dtype, 'with NaN and infinities', {
    args: [input(cycle(1, 2, NaN, -1, 0, 3, Infinity)), input(ints), 0, output(), 1, 5, 4, 3, 0, 3, 1, 0, 4, 1], inputs: 'random', tolerance: CLOSE[dtype], flops: 120,
  })]),
];
