/**
 * Every op of wasm-simd on operands so large that it is cut into pieces, which the kit's small cases and most drawn ones are not: the same
 * bits in any order, split in any way and on threads, no element written by two, nothing beyond. Pieces are required, whatever their size becomes.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { choose, create } from '../../dist/backends/wasm-simd/kernels.js';
import { wasmSimd } from '../../dist/backends/wasm-simd/index.js';
import { BLOCK, DEFAULT_SETTINGS, type Kernel, type OpName } from '../../dist/src/backend/index.js';
import { conformance, opCases, type OpCase } from '../../dist/src/testkit/index.js';
import { between, floats, input, opCase, output, placeholders, SUMS, type Slot } from '../../dist/src/testkit/cases/opCase.js';
import { sparseArgs } from '../../dist/src/testkit/cases/sparse.js';
import { placesIn } from '../../dist/src/testkit/cases/windows.js';
import { memory } from '../helpers/kernels.js';
import { failures } from './run.js';

const table = create(memory, { ...DEFAULT_SETTINGS, variant: choose({ turbo: false, precision: 'high' }) });

function piecesOf({ op, dtype, args }: OpCase): number {
  const kernel = table[op]![dtype] as Kernel;
  const placed = placeholders(args);
  return Math.max(...Array.from({ length: kernel.phases ?? 1 }, (_, phase) => kernel.pieces(placed, phase)));
}

/** What stands for a size of several pieces, and leaves three elements beside whole vectors. */
const MANY = 4 * BLOCK + 11;

/** The cheapest case of a dtype that is cut, or one of the table's longest ones made longer still. */
function cutCase(op: OpName, dtype: OpCase['dtype']): OpCase {
  const cases = opCases().filter((known) => known.op === op && known.dtype === dtype);
  const longer = cases.filter(({ args }) => args.includes(BLOCK + 1)).map(({ args, name, ...rest }) =>
    ({ ...rest, name: `${name}, of ${MANY}`, args: args.map((arg) => (arg === BLOCK + 1 ? MANY : arg)) }));
  const cut = [...cases.sort((a, b) => a.flops - b.flops), ...longer].find((known) => piecesOf(known) > 1);
  if (cut === undefined) throw new Error(`no case of ${op} ${dtype} is cut into pieces: give it one below`);
  return cut;
}

const random = (op: OpName, args: readonly (number | Slot)[]): OpCase => opCase(op, 'float32', `in pieces, ${args.filter((arg) => typeof arg === 'number').join(' ')}`, {
  args, inputs: 'random', tolerance: SUMS.float32, flops: 0,
});

type Image = [planes: number, d: number, h: number, w: number, outH: number, outW: number, kernel: number, stride: number, pad: number];
const windows = ([planes, d, h, w, outH, outW, kernel, stride, pad]: Image): number[] =>
  [planes, d, h, w, 1, kernel, kernel, d, outH, outW, 1, stride, stride, 0, pad, pad, 1, 1, 1];
/** Pieces begin in the middle of planes and, of gradients, between two rows of a window. */
const IMAGES: Image[] = [[11, 1, 63, 43, 31, 21, 2, 2, 0], [4, 3, 47, 39, 23, 19, 2, 2, 0], [13, 1, 46, 41, 23, 21, 3, 2, 1], [5, 3, 31, 47, 15, 23, 3, 2, 0], [700, 1, 7, 7, 1, 1, 7, 7, 0]];

const pools = IMAGES.map(windows).flatMap((geometry) => [
  random('maxPool', [input(floats), output(), output(), ...geometry]), random('maxPoolRelu', [input(floats), output(), output(), ...geometry]),
  random('maxPoolGrad', [input(floats), input(placesIn(geometry.slice(1))), output(), ...geometry]),
  random('avgPool', [input(floats), output(), 1, 0, ...geometry]), random('avgPoolGrad', [input(floats), output(), 1, 0, ...geometry]),
]);

/** Channels that lie side by side, not in whole cache lines; those that follow each other; and few long ones. */
const CHANNELS = [[17, 1100, 1], [10, 50, 35], [3, 5, 2900]];
const [mean, variance] = [input(between(-1, 1)), input(between(0.1, 2))];
const norms = CHANNELS.flatMap((sizes) => [
  random('batchNormStats', [input(floats), output(), output(), ...sizes]),
  random('batchNormGrad', [input(floats), input(floats), mean, variance, input(floats), output(), output(), output(), ...sizes, 1e-5]),
]);
const normalised = [[37, 1100, 1], [25, 50, 35]].map((sizes) => random('batchNorm', [input(floats), mean, variance, input(floats), input(floats), output(), ...sizes, 1e-5]));

/** Three entries to a row of 60 × 90, along columns and along an axis that is the last. */
const rows = Array.from({ length: 90 }, (_, j) => [j % 60, (7 * j) % 60, 59 - (j % 60)]);
const sparse = [[7, 53], [135, 1]].map(([outer, inner]) => random('sparseMatmul', sparseArgs(floats, floats, 60, rows, outer, inner)));

const own = [...pools, ...norms, ...normalised, ...sparse];
const served = Object.entries(table).flatMap(([op, byDtype]) => Object.keys(byDtype).map((dtype) => ({ op: op as OpName, dtype: dtype as OpCase['dtype'] })));
const others = served.filter(({ op, dtype }) => !own.some((known) => known.op === op && known.dtype === dtype)).map(({ op, dtype }) => cutCase(op, dtype));

describe('pieces', async () => {
  const kit = await conformance(wasmSimd, { cases: [...own, ...others], threads: [1, 3] });
  afterAll(() => kit.close());

  it.each(own)('are several of $name', (known) => {
    expect(piecesOf(known)).toBeGreaterThan(1);
  });

  it.each([...new Set([...own, ...others].map(({ op }) => op))])('%s', (op) => {
    const tests = kit.tests.filter((test) => test.op === op);
    expect(tests.length).toBeGreaterThan(0);
    expect(failures(tests)).toEqual([]);
  });
});
