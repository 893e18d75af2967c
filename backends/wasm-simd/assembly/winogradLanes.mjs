/**
 * The text of winogradLanes.ts, a file that only the compiler sees: the one-dimensional maps of Winograd's algorithm on six points, 0, ±5/8, ±3/2, ∞,
 * and on eight, 0, ±1/2, ±1, ±2, ∞, as straight-line code on four or eight lanes; eight lie in two adjacent vectors so that V8 can fuse them.
 * docs/decisions/0007-winograd.md and 0014-winograd-2x4.md say why these points. `node backends/wasm-simd/assembly/winogradLanes.mjs` prints it.
 */
import { fileURLToPath } from 'node:url';

/** Points by how many there are; each stands for itself and its negative, and 0 and ∞ are two more. */
const POINTS = { 6: [5 / 8, 3 / 2], 8: [1 / 2, 1, 2] };

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
const add = (x, y) => `f32x4.add(${x}, ${y})`;
const sub = (x, y) => `f32x4.sub(${x}, ${y})`;
const mul = (x, by) => (by === 1 ? x : `f32x4.mul(${x}, ${splat(by)})`);
/** x · by + to */
const plus = (x, by, to) => {
  if (Math.abs(by) === 1) return by > 0 ? add(to, x) : sub(to, x);
  return `${by < 0 ? 'nmadd' : 'madd'}(${x}, ${splat(Math.abs(by))}, ${to})`;
};
/** Σ x[i] · by[i], from the last to the first. */
const sum = (x, by) => x.slice(0, -1).reduceRight((to, value, i) => plus(value, by[i], to), mul(x.at(-1), by.at(-1)));
const even = (x) => x.filter((_, i) => i % 2 === 0);
const odd = (x) => x.filter((_, i) => i % 2 === 1);

/** Coefficients of ∏ (z − p²) over the points but `but`, the lowest first. */
const product = (points, but) => points.filter((p) => p !== but).reduce((c, p) => [...c, 0].map((_, i) => (c[i - 1] ?? 0) - p * p * (c[i] ?? 0)), [1]);
/** ∏ of a point's distances from the others; the same for p and −p. */
const distance = (points, p) => (p === 0 ? product(points)[0] : 2 * p * p * points.reduce((n, q) => (q === p ? n : n * (p * p - q * q)), 1));

/** Values at each point p and −p of what has the even and odd parts given for it: temporaries (name and expression), and results of them. */
const values = (points, evenAt, oddAt) => ({
  temps: points.flatMap((p, i) => [[`e${i}`, evenAt(p)], [`o${i}`, oddAt(p)]]),
  pairs: (t) => points.flatMap((p, i) => [plus(t(`o${i}`), p, t(`e${i}`)), plus(t(`o${i}`), -p, t(`e${i}`))]),
});
/** Values of the polynomial with coefficients x, at 0 and ∞ as well. */
const evaluated = (points, x, scale = () => 1) => {
  const horner = (c) => (p) => c.reduceRight((to, value) => plus(to, p * p, value));
  const { temps, pairs } = values(points, horner(even(x)), horner(odd(x)));
  return { temps, results: (t) => [mul(x[0], scale(0)), ...pairs(t).map((value, i) => mul(value, scale(points[i >> 1]))), x.at(-1)] };
};
/** The transpose: result k is Σ pᵏ x over the points. */
const moments = (points, x, count, scale = () => 1) => ({
  temps: points.flatMap((p, i) => [['s', add], ['d', sub]].map(([name, f]) => [`${name}${i}`, mul(f(x[2 * i + 1], x[2 * i + 2]), scale(p))])),
  results: (t) => list(count, (k) => {
    const terms = points.map((p, i) => [t(`${k % 2 === 0 ? 's' : 'd'}${i}`), p ** k]);
    if (k === 0) terms.push([x[0], scale(0)]);
    if (k === count - 1) terms.push([x.at(-1), 1]);
    return sum(terms.map(([value]) => value), terms.map(([, by]) => by));
  }),
});
const inverse = (points) => (p) => 1 / distance(points, p);

/** A map's temporaries and results, as expressions of its inputs. */
const MAPS = {
  /** Bᵀ */
  input: (points, x) => {
    const { temps, pairs } = values(points, (p) => sum(even(x).slice(1), product(points, p)), (p) => sum(odd(x).slice(0, -1), product(points, p)));
    return { temps, results: (t) => [sum(even(x), product(points)), ...pairs(t), sum(odd(x), product(points))] };
  },
  /** Aᵀ */
  output: (points, x, count) => moments(points, x, count),
  /** A */
  grad: (points, x) => evaluated(points, x),
  /** G */
  weight: (points, x) => evaluated(points, x, inverse(points)),
  /** Gᵀ */
  gradWeight: (points, x, count) => moments(points, x, count, inverse(points)),
};

/** A map of so many inputs to so many results. */
const mapOf = (kind, inputs, results) => ({ kind, inputs, results, name: `${kind}${inputs}${inputs === results ? '' : `to${results}`}` });
/** The statements of a map on vectors named x<i>_<v>, v < count; `store(i, v, value)` receives the results. */
function body({ kind, inputs, results }, count, store) {
  const of = (v) => MAPS[kind](POINTS[Math.max(inputs, results)], list(inputs, (i) => `x${i}_${v}`), results);
  const temp = (v) => (name) => `${name}_${v}`;
  const temps = lines(of(0).temps.length, (i) => lines(count, (v) => `const ${temp(v)(of(v).temps[i][0])} = ${of(v).temps[i][1]};\n`));
  return temps + lines(results, (i) => lines(count, (v) => store(i, v, of(v).results(temp(v))[i])));
}
const indented = (statements, by) => statements.replace(/^(?=.)/gm, ' '.repeat(by));
const shuffle = (a, b, ...order) => `v128.shuffle<f32>(${a}, ${b}, ${order.join(', ')})`;
/** Vectors with elements 0 … 3 of four others, as far as they have names. */
const transposed = (from, to, tag) => [['l', 0, 4, 1, 5], ['h', 2, 6, 3, 7]].filter((_, half) => to[2 * half] !== undefined).map(([name, ...order], half) => (
  `const ${name}0${tag} = ${shuffle(from[0], from[1], ...order)};\nconst ${name}1${tag} = ${shuffle(from[2], from[3], ...order)};\n`
  + `const ${to[2 * half]} = ${shuffle(`${name}0${tag}`, `${name}1${tag}`, 0, 1, 4, 5)};\nconst ${to[2 * half + 1]} = ${shuffle(`${name}0${tag}`, `${name}1${tag}`, 2, 3, 6, 7)};\n`
)).join('');
/** Stores at y, a step for each result. */
const storeTo = (map, count) => body(map, count, (i, v, value) => `v128.store(y, ${value}${count === 1 ? '' : `, ${16 * v}`});\n${v === count - 1 && i < map.results - 1 ? 'y += toStep;\n' : ''}`);

/** Inputs and results are single vectors in steps. */
const strided = (map) => {
  const statements = body(map, 1, (i, v, value) => `v128.store(to, ${value});\n${i < map.results - 1 ? 'to += toStep;\n' : ''}`);
  return `
export function ${map.name}(x: usize, step: usize, to: usize, toStep: usize): void {
${loaded(statements)}${indented(lines(map.inputs, (i) => `const x${i}_0 = v128.load(x);\n${i < map.inputs - 1 ? 'x += step;\n' : ''}`) + statements, 2)}\
}
`;
};

/** A loop over eight tiles at a time. Offset \`at\` is that of the tiles. */
const overTiles = (signature, statements) => `
export function ${signature}, tiles: i32): void {
${loaded(statements)}\
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
${indented(statements, 4)}\
  }
}
`;
/** Inputs are rows of tiles that lie anywhere. */
const placed = (map) => overTiles(
  `${map.name}Rows(${list(map.inputs, (i) => `x${i}: usize`).join(', ')}, to: usize, toStep: usize`,
  `${lines(map.inputs, (i) => lines(2, (v) => `const x${i}_${v} = v128.load(x${i} + at, ${16 * v});\n`))}let y = to + at;\n${storeTo(map, 2)}`,
);
const eightSteps = (map) => 'let from = x + at;\n' + lines(map.inputs, (i) => lines(2, (v) => `const x${i}_${v} = v128.load(from, ${16 * v});\n`) + (i < map.inputs - 1 ? 'from += step;\n' : ''));
/** Inputs are rows of tiles in steps. */
const stepped = (map) => overTiles(`${map.name}Rows(x: usize, step: usize, to: usize, toStep: usize`, `${eightSteps(map)}let y = to + at;\n${storeTo(map, 2)}`);
/** Results plus `bias`, interleaved to a row of pixels; where `positive` is all ones, at least 0. */
const woven = (map) => overTiles(
  `${map.name}Across(x: usize, step: usize, bias: v128, positive: v128, to: usize`,
  eightSteps(map) + body(map, 2, (i, v, value) => `const z${i}_${v} = ${add(value, 'bias')};\n`)
  + lines(4, (i) => lines(2, (v) => `const y${i}_${v} = v128.andnot(z${i}_${v}, v128.and(f32x4.le(z${i}_${v}, f32x4.splat(0)), positive));\n`)) + 'const y = to + 4 * at;\n'
  + lines(2, (v) => transposed(list(4, (i) => `y${i}_${v}`), list(4, (i) => `t${i}_${v}`), `_${v}`) + lines(4, (i) => `v128.store(y, t${i}_${v}, ${64 * v + 16 * i});\n`)),
);

/** A loop over rows of pixels, and over what is done along them. */
const overRows = (signature, before, statements, turn) => `
export function ${signature}, rows: i32, tiles: i32): void {
${loaded(statements)}\
  for (let r = 0; r < rows; r++) {
    let from = x;
    let at = to;
${indented(before, 4)}\
    for (let t = 0; t < tiles; ${turn}) {
${indented(statements, 6)}\
    }
    x += xRow;
    to += toRow;
  }
}
`;
/** Tiles side by side, four at a time, four pixels apart in their row. */
const across = (map) => overRows(
  `${map.name}Across(x: usize, xRow: usize, to: usize, toRow: usize, toStep: usize`, '',
  lines(5, (q) => `const p${q} = v128.load(from, ${16 * q});\n`) + transposed(list(4, (q) => `p${q}`), list(4, (i) => `x${i}_0`), '')
  + transposed(list(4, (q) => `p${q + 1}`), list(map.inputs - 4, (i) => `x${i + 4}_0`), 'n') + `let y = at;\n${storeTo(map, 1)}from += 64;\nat += 16;\n`, 't += 4',
);
/** Four channels side by side, one tile after the other. */
const cells = (map) => {
  const four = (to, tag) => lines(4, (c) => `const p${c}${tag} = v128.load(from${c === 0 ? '' : ` + ${c === 1 ? '' : `${c} * `}xChannel`});\n`) + transposed(list(4, (c) => `p${c}${tag}`), to, tag);
  const after = map.inputs > 4;
  // Where tiles overlap, the pixels that a tile has in common with the next one are kept.
  return overRows(
    `${map.name}Cells(x: usize, xRow: usize, xChannel: usize, to: usize, toRow: usize, toTile: usize, toStep: usize`,
    after ? `${four(list(4, (i) => `b${i}`), 'b')}${lines(4, (i) => `let c${i} = b${i};\n`)}from += 16;\n` : '',
    (after ? lines(4, (i) => `const x${i}_0 = c${i};\n`) : '') + four(list(4, (i) => `x${i + (after ? 4 : 0)}_0`), '') + `let y = at;\n${storeTo(map, 1)}`
    + (after ? lines(4, (i) => `c${i} = x${i + 4}_0;\n`) : '') + 'from += 16;\nat += toTile;\n', 't++',
  );
};

const functions = [
  placed(mapOf('input', 6, 6)), ...[6, 8].flatMap((n) => [across(mapOf('input', n, n)), cells(mapOf('input', n, n)), cells(mapOf('grad', 4, n)), woven(mapOf('output', n, 4))]),
  ...[2, 4].flatMap((m) => [placed(mapOf('grad', m, 6)), stepped(mapOf('output', 6, m))]),
  ...[[3, 6], [5, 6], [5, 8]].flatMap(([r, n]) => [strided(mapOf('weight', r, n)), strided(mapOf('gradWeight', n, r))]),
].join('');
export const text = `/**
 * The one-dimensional maps of Winograd's algorithm: input (Bᵀ), output (Aᵀ), grad (A), weight (G)
 * and gradWeight (Gᵀ), with the number of inputs and results in the name. …Rows reads rows of tiles, or of channels, eight at a time; …Across reads
 * neighbouring tiles from rows of pixels, or writes them there, and …Cells reads four channels of them; the others take four rows of weights.
 */
import { madd, nmadd } from './simd';

const CONSTANTS = memory.data<f32>([${constants.join(', ')}]);
${functions}`;
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(text);
