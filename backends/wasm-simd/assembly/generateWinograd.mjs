/**
 * Writes winogradLanes.ts: the one-dimensional maps of Winograd's algorithm on the points 0, ±5/8, ±3/2, ∞, as straight-line code on
 * eight lanes, which lie in two adjacent vectors so that V8 can fuse them. docs/decisions/0007-winograd.md says why these points.
 * Run it after changing it: `node backends/wasm-simd/assembly/generateWinograd.mjs`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [A, B] = [5 / 8, 3 / 2];
const [AA, BB] = [A * A, B * B];
/** ∏ of a point's distances from the others. */
const [N0, NA, NB] = [AA * BB, 2 * AA * (AA - BB), 2 * BB * (BB - AA)];

const list = (n, f) => Array.from({ length: n }, (_, i) => f(i));
const lines = (n, f) => list(n, f).join('');
/** Constants are read from memory: as literals they would be put together anew in each turn of a loop, from two halves each. */
const constants = [];
const splat = (value) => {
  const rounded = Math.fround(value);
  if (!constants.includes(rounded)) constants.push(rounded);
  return `k${constants.indexOf(rounded)}`;
};
/** The constants that statements use, as variables before them. */
const loaded = (statements) => [...new Set(statements.match(/\bk\d+\b/g))].sort()
  .map((name) => `  const ${name} = v128.load32_splat(CONSTANTS, ${4 * Number(name.slice(1))});\n`).join('');
const mul = (x, by) => `f32x4.mul(${x}, ${splat(by)})`;
const add = (x, y) => `f32x4.add(${x}, ${y})`;
const sub = (x, y) => `f32x4.sub(${x}, ${y})`;
/** x · by + to */
const plus = (x, by, to) => `${by < 0 ? 'nmadd' : 'madd'}(${x}, ${splat(Math.abs(by))}, ${to})`;

/** even ± p·odd, for the points p and −p. */
const both = (even, odd, p) => [plus(odd, p, even), plus(odd, -p, even)];

/** A map's temporaries (name and expression) and results, as expressions of its inputs. */
const MAPS = {
  /** Bᵀ: six inputs. */
  input: (x) => ({
    n: 6,
    temps: [
      ['ea', plus(x[2], -BB, x[4])], ['oa', plus(x[1], -BB, x[3])], ['eb', plus(x[2], -AA, x[4])], ['ob', plus(x[1], -AA, x[3])],
    ],
    results: (t) => [
      plus(x[0], AA * BB, plus(x[2], -(AA + BB), x[4])), ...both(t('ea'), t('oa'), A), ...both(t('eb'), t('ob'), B),
      plus(x[1], AA * BB, plus(x[3], -(AA + BB), x[5])),
    ],
  }),
  /** Aᵀ: two or four outputs from six sums. */
  output2: (x) => output(x, (t) => [
    add(x[0], add(t('sa'), t('sb'))), plus(t('da'), A, plus(t('db'), B, x[5])),
  ]),
  output4: (x) => output(x, (t) => [
    add(x[0], add(t('sa'), t('sb'))), plus(t('da'), A, mul(t('db'), B)),
    plus(t('sa'), AA, mul(t('sb'), BB)), plus(t('da'), AA * A, plus(t('db'), BB * B, x[5])),
  ]),
  /** A: two or four elements of the output's gradient. */
  grad2: (x) => ({ n: 2, temps: [], results: () => [x[0], ...both(x[0], x[1], A), ...both(x[0], x[1], B), x[1]] }),
  grad4: (x) => ({
    n: 4,
    temps: [['ea', plus(x[2], AA, x[0])], ['oa', plus(x[3], AA, x[1])], ['eb', plus(x[2], BB, x[0])], ['ob', plus(x[3], BB, x[1])]],
    results: (t) => [x[0], ...both(t('ea'), t('oa'), A), ...both(t('eb'), t('ob'), B), x[3]],
  }),
  /** G: three or five weights. */
  weight3: (x) => ({
    n: 3,
    temps: [['ea', plus(x[2], AA, x[0])], ['eb', plus(x[2], BB, x[0])]],
    results: (t) => weights(x, both(t('ea'), x[1], A), both(t('eb'), x[1], B)),
  }),
  weight5: (x) => ({
    n: 5,
    temps: [
      ['ea', plus(plus(x[4], AA, x[2]), AA, x[0])], ['oa', plus(x[3], AA, x[1])], ['eb', plus(plus(x[4], BB, x[2]), BB, x[0])], ['ob', plus(x[3], BB, x[1])],
    ],
    results: (t) => weights(x, both(t('ea'), t('oa'), A), both(t('eb'), t('ob'), B)),
  }),
  /** Gᵀ: three or five elements of the weight's gradient. */
  gradWeight3: (x) => gradWeight(x, (t) => [
    first(x, t), plus(t('da'), A, mul(t('db'), B)), plus(t('sa'), AA, plus(t('sb'), BB, x[5])),
  ]),
  gradWeight5: (x) => gradWeight(x, (t) => [
    first(x, t), plus(t('da'), A, mul(t('db'), B)), plus(t('sa'), AA, mul(t('sb'), BB)), plus(t('da'), AA * A, mul(t('db'), BB * B)),
    plus(t('sa'), AA * AA, plus(t('sb'), BB * BB, x[5])),
  ]),
};
function output(x, results) {
  return { n: 6, temps: [['sa', add(x[1], x[2])], ['da', sub(x[1], x[2])], ['sb', add(x[3], x[4])], ['db', sub(x[3], x[4])]], results };
}
function weights(x, [pa, ma], [pb, mb]) {
  return [mul(x[0], 1 / N0), mul(pa, 1 / NA), mul(ma, 1 / NA), mul(pb, 1 / NB), mul(mb, 1 / NB), x.at(-1)];
}
function gradWeight(x, results) {
  return {
    n: 6, results,
    temps: [
      ['sa', mul(add(x[1], x[2]), 1 / NA)], ['da', mul(sub(x[1], x[2]), 1 / NA)], ['sb', mul(add(x[3], x[4]), 1 / NB)], ['db', mul(sub(x[3], x[4]), 1 / NB)],
    ],
  };
}
function first(x, t) {
  return plus(x[0], 1 / N0, add(t('sa'), t('sb')));
}

const inputsOf = (map) => MAPS[map](list(6, () => 'x')).n;
/** The statements of a map on vectors named x<i>_<v>, v < count; `store(i, v, value)` receives the results. */
function body(map, count, store) {
  const of = (v) => MAPS[map](list(inputsOf(map), (i) => `x${i}_${v}`));
  const temp = (v) => (name) => `${name}_${v}`;
  const temps = lines(of(0).temps.length, (i) => lines(count, (v) => `  const ${temp(v)(of(v).temps[i][0])} = ${of(v).temps[i][1]};\n`));
  return temps + lines(of(0).results(temp(0)).length, (i) => lines(count, (v) => store(i, v, of(v).results(temp(v))[i])));
}

/** Inputs and results are single vectors in steps. */
const strided = (map) => {
  const statements = body(map, 1, (i, v, value) => `  v128.store(to, ${value});\n  to += toStep;\n`);
  return `
export function ${map}(x: usize, step: usize, to: usize, toStep: usize): void {
${loaded(statements)}${lines(inputsOf(map), (i) => `  const x${i}_0 = v128.load(x);\n  x += step;\n`)}${statements}\
}
`;
};

/** A loop over eight tiles at a time. Offset \`at\` is that of the tiles. */
const overTiles = (signature, statements) => `
export function ${signature}, tiles: i32): void {
${loaded(statements)}\
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
${statements.replace(/^(?=.)/gm, '  ')}\
  }
}
`;
const storeTiles = (map) => '  let y = to + at;\n' + body(map, 2, (i, v, value) => `  v128.store(y, ${value}, ${16 * v});\n${v === 1 ? '  y += toStep;\n' : ''}`);

/** Inputs are rows of tiles that lie anywhere. */
const placed = (map) => overTiles(
  `${map}Rows(${list(inputsOf(map), (i) => `x${i}: usize`).join(', ')}, to: usize, toStep: usize`,
  lines(inputsOf(map), (i) => lines(2, (v) => `  const x${i}_${v} = v128.load(x${i} + at, ${16 * v});\n`)) + storeTiles(map),
);
/** Inputs are rows of tiles in steps. */
const stepped = (map) => overTiles(
  `${map}Rows(x: usize, step: usize, to: usize, toStep: usize`,
  '  let from = x + at;\n' + lines(inputsOf(map), (i) => lines(2, (v) => `  const x${i}_${v} = v128.load(from, ${16 * v});\n`) + '  from += step;\n') + storeTiles(map),
);

/** Columns 0 … inputs − 1 of eight neighbouring tiles, which are `m` apart in a row. */
const across = (map, m) => {
  const columns = inputsOf(map);
  // Vector q holds columns q … q + 3 of the row, from a tile of its own for m = 4.
  const gather = (v) => (m === 2
    ? lines(columns / 2, (q) => `  const p${q}_${v} = v128.load(from, ${16 * 2 * v + 8 * q});\n  const q${q}_${v} = v128.load(from, ${16 * 2 * v + 8 * q + 16});\n`)
    : lines(5, (q) => `  const p${q}_${v} = v128.load(from, ${64 * v + 16 * q});\n`));
  const shuffle = (a, b, ...order) => `v128.shuffle<f32>(${a}, ${b}, ${order.join(', ')})`;
  const pick = (v) => (m === 2
    ? lines(columns / 2, (q) => `  const x${2 * q}_${v} = ${shuffle(`p${q}_${v}`, `q${q}_${v}`, 0, 2, 4, 6)};\n  const x${2 * q + 1}_${v} = ${shuffle(`p${q}_${v}`, `q${q}_${v}`, 1, 3, 5, 7)};\n`)
    : lines(2, (g) => {
      const p = (q) => `p${q + g}_${v}`;
      return `  const l${g}_${v} = ${shuffle(p(0), p(1), 0, 4, 1, 5)};\n  const r${g}_${v} = ${shuffle(p(2), p(3), 0, 4, 1, 5)};\n`
        + `  const x${4 * g}_${v} = ${shuffle(`l${g}_${v}`, `r${g}_${v}`, 0, 1, 4, 5)};\n  const x${4 * g + 1}_${v} = ${shuffle(`l${g}_${v}`, `r${g}_${v}`, 2, 3, 6, 7)};\n`
        + (g === 1 ? '' : `  const s${v} = ${shuffle(p(0), p(1), 2, 6, 3, 7)};\n  const t${v} = ${shuffle(p(2), p(3), 2, 6, 3, 7)};\n`
        + `  const x2_${v} = ${shuffle(`s${v}`, `t${v}`, 0, 1, 4, 5)};\n  const x3_${v} = ${shuffle(`s${v}`, `t${v}`, 2, 3, 6, 7)};\n`);
    }));
  return overTiles(
    `${map}Across${m}(x: usize, to: usize, toStep: usize`,
    `  const from = x + ${m} * at;\n${lines(2, (v) => gather(v) + pick(v))}${storeTiles(map)}`,
  );
};

/** Results plus `bias`, interleaved to a row of pixels; where `relu` is all ones, at least 0. */
const woven = (m) => {
  const shuffle = (a, b, ...order) => `v128.shuffle<f32>(${a}, ${b}, ${order.join(', ')})`;
  const put = (at, value) => `  v128.store(y, ${value}, ${16 * at});\n`;
  const weave = (v) => (m === 2
    ? put(2 * v, shuffle(`y0_${v}`, `y1_${v}`, 0, 4, 1, 5)) + put(2 * v + 1, shuffle(`y0_${v}`, `y1_${v}`, 2, 6, 3, 7))
    : [['l', 0, 4, 1, 5], ['h', 2, 6, 3, 7]].map(([name, ...order], half) => `  const ${name}0_${v} = ${shuffle(`y0_${v}`, `y1_${v}`, ...order)};\n`
      + `  const ${name}1_${v} = ${shuffle(`y2_${v}`, `y3_${v}`, ...order)};\n`
      + put(4 * v + 2 * half, shuffle(`${name}0_${v}`, `${name}1_${v}`, 0, 1, 4, 5)) + put(4 * v + 2 * half + 1, shuffle(`${name}0_${v}`, `${name}1_${v}`, 2, 3, 6, 7))).join(''));
  return overTiles(
    `output${m}Across(x: usize, step: usize, bias: v128, relu: v128, to: usize`,
    '  let from = x + at;\n' + lines(6, (i) => lines(2, (v) => `  const x${i}_${v} = v128.load(from, ${16 * v});\n`) + '  from += step;\n')
    + body(`output${m}`, 2, (i, v, value) => `  const z${i}_${v} = ${add(value, 'bias')};\n`)
    + lines(m, (i) => lines(2, (v) => `  const y${i}_${v} = v128.andnot(z${i}_${v}, v128.and(f32x4.le(z${i}_${v}, f32x4.splat(0)), relu));\n`)) + `  const y = to + ${m} * at;\n${lines(2, weave)}`,
  );
};

const functions = `${placed('input')}${across('input', 2)}${across('input', 4)}\
${[2, 4].map((m) => placed(`grad${m}`) + stepped(`output${m}`) + woven(m)).join('')}\
${[3, 5].map((r) => strided(`weight${r}`) + strided(`gradWeight${r}`)).join('')}`;
const text = `/**
 * Written by generateWinograd.mjs; change that. The one-dimensional maps of Winograd's algorithm: input (Bᵀ), output (Aᵀ), grad (A), weight (G)
 * and gradWeight (Gᵀ), with the number of outputs or weights in the name, on eight tiles side by side in two vectors, or on four rows
 * of weights in one. …Rows reads rows of tiles, or of channels; …Across reads neighbouring tiles from a row of pixels, or writes them there.
 */
import { madd, nmadd } from './simd';

const CONSTANTS = memory.data<f32>([${constants.join(', ')}]);
${functions}`;
const target = fileURLToPath(new URL('winogradLanes.ts', import.meta.url));
if (process.argv[2] === '--check') process.exitCode = readFileSync(target, 'utf8') === text ? 0 : 1;
else writeFileSync(target, text);
