/**
 * Reads shape files and turns each line into the ops that it stands for, with inputs, argument lists and flop counts.
 * Runs nothing: that is verify.mjs and kernels.mjs.
 */
import { checkConv, checkConvOptions, checkPool, checkPoolOptions, convGeometry, poolGeometry, product } from '../dist/src/shape/index.js';
import { PlainError } from './harness.mjs';

const count = (shape) => product(shape, 0, shape.length);
export const output = (length, dtype = 'float32') => ({ dtype, length });

/** `of(u)` for u uniform on [0, 1), the same for the same seed (a linear congruential generator). */
function array(length, seed, of) {
  const data = new Float32Array(length);
  let state = (seed * 2654435761 + 12345) >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = of((state >>> 8) / 16777216);
  }
  return data;
}

/**
 * Whole numbers so small that sums of `terms` products are exact in float32, in whatever order: results are then held together
 * by ===, and a wrong index cannot hide in a tolerance.
 */
function integers(length, seed, terms) {
  const most = Math.min(4, Math.floor(Math.sqrt(2 ** 24 / terms)));
  if (most < 1) throw new PlainError(`bench: ${terms} products per sum but at most ${2 ** 24} are exact in float32; use a smaller shape`);
  return array(length, seed, (u) => Math.floor(u * (2 * most + 1)) - most);
}

/** Any floats: a maximum is exact. */
const floats = (length, seed) => array(length, seed, (u) => 2 * u - 1);

/** Options after the positional words: `stride=2` or plain words, each of which must be known. */
function readWords(words, known, flags = []) {
  const found = {};
  for (const word of words) {
    const [key, value] = word.split('=');
    if (value === undefined ? !flags.includes(key) : !known.includes(key) || !/^\d+$/.test(value)) throw new PlainError(`'${word}' but only ${[...known.map((k) => `${k}=N`), ...flags].join(', ')} can follow`);
    found[key] = value === undefined ? true : Number(value);
  }
  return found;
}

function sizes(word, least, most) {
  const list = (word ?? '').split('x').map(Number);
  if (list.length < least || list.length > most || !list.every((size) => Number.isInteger(size) && size > 0)) {
    throw new PlainError(`'${word ?? ''}' but ${least === most ? least : `${least} to ${most}`} whole numbers joined by x are required`);
  }
  return list;
}

/** `conv NxCxHxW OUT K[xK] [stride=] [pad=] [dilation=] [groups=]`: forward, input gradient, weight gradient. */
function conv([image, out, kernel, ...words]) {
  const [n, ...rest] = sizes(image, 4, 4);
  const [cout] = sizes(out, 1, 1);
  const [kh, kw = kh] = sizes(kernel, 1, 2);
  const { stride = 1, pad = 0, dilation = 1, groups = 1 } = readWords(words, ['stride', 'pad', 'dilation', 'groups']);
  const spec = checkConvOptions('bench', [kh, kw], { stride, padding: pad, dilation, groups });
  const weight = [cout, rest[0] / groups, kh, kw];
  const at = (batch) => {
    const x = [batch, ...rest];
    const y = checkConv('bench', x, weight, null, spec);
    const [taps, pixels] = [weight[1] * kh * kw, y[2] * y[3]];
    return {
      geometry: convGeometry(x, weight, y, spec), flops: 2 * count(y) * taps, x: count(x), y: count(y), w: count(weight),
      terms: { conv: taps, convGradInput: (cout / groups) * kh * kw, convGradWeight: batch * pixels },
    };
  };
  const laid = (op, operands) => ({
    op, batch: n, unit: 'images',
    at: (batch) => {
      const g = at(batch);
      return { flops: g.flops, get operands() { return [...operands(g, (length, seed) => integers(length, seed, g.terms[op])), ...g.geometry]; } };
    },
  });
  return [
    laid('conv', ({ x, w, y }, ints) => [ints(x, 1), ints(w, 2), 0, output(y)]),
    laid('convGradInput', ({ x, w, y }, ints) => [ints(y, 3), ints(w, 2), 0, output(x)]),
    laid('convGradWeight', ({ x, w, y }, ints) => [ints(x, 1), ints(y, 3), output(w)]),
  ];
}

/** `pool NxCxHxW K[xK] [stride=] [pad=]`: maximum with its indices, and its gradient. */
function pool([image, kernel, ...words]) {
  const [n, ...rest] = sizes(image, 4, 4);
  const [kh, kw = kh] = sizes(kernel, 1, 2);
  const { stride, pad = 0 } = readWords(words, ['stride', 'pad']);
  const spec = checkPoolOptions('bench', [kh, kw], 2, { stride, padding: pad });
  const at = (batch) => {
    const x = [batch, ...rest];
    const y = checkPool('bench', x, spec);
    return { x: count(x), y: count(y), geometry: poolGeometry(x, y, spec) };
  };
  return [
    // A comparison counts as an operation.
    { op: 'maxPool', batch: n, unit: 'images', at: (batch) => {
      const { x, y, geometry } = at(batch);
      return { flops: y * (kh * kw - 1), get operands() { return [floats(x, 1), output(y), output(y, 'int32'), ...geometry]; } };
    } },
    { op: 'maxPoolGrad', batch: n, unit: 'images', at: (batch) => {
      const { x, y, geometry } = at(batch);
      return { flops: y, get operands() {
        const indices = { op: 'maxPool', operands: [floats(x, 1), output(y), output(y, 'int32'), ...geometry], take: 1 };
        return [integers(y, 2, kh * kw), indices, output(x), ...geometry];
      } };
    } },
  ];
}

/** `avgpool NxCxHxW K[xK] [stride=] [pad=]`: average and its gradient. Divided by a power of two, so that averages of whole numbers are exact. */
function avgpool([image, kernel, ...words]) {
  const [n, ...rest] = sizes(image, 4, 4);
  const [kh, kw = kh] = sizes(kernel, 1, 2);
  const { stride, pad = 0 } = readWords(words, ['stride', 'pad']);
  const spec = checkPoolOptions('bench', [kh, kw], 2, { stride, padding: pad });
  const divisor = 2 ** Math.ceil(Math.log2(kh * kw));
  return [['avgPool', 'x', 'y'], ['avgPoolGrad', 'y', 'x']].map(([op, from, to]) => ({ op, batch: n, unit: 'images', at: (batch) => {
    const x = [batch, ...rest];
    const y = checkPool('bench', x, spec);
    const length = { x: count(x), y: count(y) };
    return { flops: length.y * kh * kw, get operands() { return [integers(length[from], 1, kh * kw), output(length[to]), 1, divisor, ...poolGeometry(x, y, spec)]; } };
  } }));
}

/** `gemm M N K [ta] [tb]`: C [m, n] = A [m, k] · B [k, n]; ta and tb: the operand lies transposed in memory, as a layer's weight does. */
function gemm([mm, nn, kk, ...words]) {
  const [[m], [n], [k]] = [mm, nn, kk].map((word) => sizes(word, 1, 1));
  const { ta = false, tb = false } = readWords(words, [], ['ta', 'tb']);
  return [{ op: 'matmul', batch: m, unit: 'rows', at: (rows) => ({
    flops: 2 * rows * n * k,
    get operands() { return [integers(rows * k, 1, k), integers(k * n, 2, k), 0, output(rows * n), 1, rows, n, k, 0, ...(ta ? [1, rows] : [k, 1]), 0, ...(tb ? [1, k] : [n, 1])]; },
  }) }];
}

const KINDS = { conv, pool, avgpool, gemm };

/**
 * The cases of a shape file. Each has `name` (the line), `op`, `repeat` (layers of that shape in the network), `batch` (images, or rows of a matrix, see `unit`) and `at(batch)`, which gives
 * flops and operands (made when they are asked for) for so many: typed arrays are inputs, `output(…)` are outputs, `{ op, operands, take }` is an input that is the
 * output number `take` of another op, numbers are passed as they are.
 * @returns {{ name: string, op: string, repeat: number, batch: number, unit: string, at(batch: number): { flops: number, operands: unknown[] } }[]}
 * @throws {PlainError} with file and line for what is not understood.
 */
export function parseShapes(text, file) {
  return text.split('\n').flatMap((raw, index) => {
    const words = raw.replace(/#.*/, '').trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const repeat = Number(/^x([1-9]\d*)$/.exec(words.at(-1))?.[1] ?? 0);
    if (repeat) words.pop();
    const [kind, ...rest] = words;
    try {
      if (!Object.hasOwn(KINDS, kind)) throw new PlainError(`'${kind}' but one of ${Object.keys(KINDS).join(', ')} is required`);
      const cases = KINDS[kind](rest);
      for (const { at } of cases) at(1);
      return cases.map((one) => ({ name: words.join(' '), repeat: repeat || 1, ...one }));
    } catch (error) {
      throw new PlainError(`${file}:${index + 1}: ${error.message}`, { cause: error });
    }
  });
}
