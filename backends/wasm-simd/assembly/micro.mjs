/**
 * The text of micro.ts, a file that only the compiler sees: the micro-kernels, one straight-line function per height of tile, because the
 * compilers keep accumulators in registers only when each is a local of its own. `node backends/wasm-simd/assembly/micro.mjs` prints it.
 */
import { fileURLToPath } from 'node:url';

/**
 * Tallest tile of any variant, and vectors in a row of it. Six rows are twelve accumulators: with two vectors of B and one of A fifteen of
 * sixteen registers.
 */
const ROWS = 6;
const VECTORS = 2;
/** Rows of the shortest of the variants' tallest tiles: what is above is compiled only where it is used. */
const LEAST = 5;

const range = (n, f) => Array.from({ length: n }, (_, i) => f(i)).join('');

/** What is read at the places of a table: neither operand, rows of b, or rows of a. */
const KINDS = ['packed', 'table', 'spots'];
const tableOf = (kind) => (kind === 'packed' ? '' : 'tab: usize, ');
const tabOf = (kind) => (kind === 'packed' ? '' : 'tab, ');

/**
 * Tiles of one call. The revectoriser makes one register of the two vectors of a row, so that a second tile fits, of other columns of B and
 * the same rows of A: each element of A is broadcast once for both.
 */
const COUNTS = [1, 2];
const nameOf = (kind, count) => (count === 1 ? kind : `${kind}Twins`);
/** Sums of a row: tile t has two of them. */
const sums = (count, f) => range(count, (t) => range(VECTORS, (j) => f(t, j, t * VECTORS + j)));
/** A pointer's distance from the first tile to the second. */
const to = (step, t) => (t ? ` + ${step}` : '');

/**
 * From so many accumulators on the first turn stands before the loop. V8 adds an offset to the memory's beginning anew for every splat
 * unless it has met the sum before the loop. Of smaller loops it takes the first turn out by itself.
 */
const LARGE = 13;

/** A loop of at least one turn. */
const loop = (count, rows, indent, turn, more) => (count * rows * VECTORS >= LARGE
  ? `${indent}{\n${turn(`${indent}  `)}${indent}}\n${indent}while (${more}) {\n${turn(`${indent}  `)}${indent}}\n`
  : `${indent}do {\n${turn(`${indent}  `)}${indent}} while (${more});\n`);

/** Accumulators plus products of the rows of A at `a` with those of B at `b`, and of the second tile at `d`. */
const products = (count, rows, a, b, indent) => `\
${sums(count, (t, j, l) => `${indent}const b${l} = v128.load(${t ? 'd' : b}, ${j * 16});\n`)}\
${indent}let v: v128;
${range(rows, (i) => `${indent}v = v128.load32_splat(${a}, ${i * 4}); ${sums(count, (t, j, l) => `c${i}_${l} = madd(v, b${l}, c${i}_${l}); `)}\n`)}`;

function tile(rows, kind, count) {
  const [a, b] = [kind === 'spots' ? 'x' : 'a', kind === 'table' ? 'x' : 'b'];
  const twins = count > 1;
  const turn = (indent) => `\
${kind === 'packed' ? '' : `${indent}const x = ${kind === 'table' ? 'b' : 'a'} + <usize>load<i32>(tab);\n`}\
${twins && kind === 'table' ? `${indent}const d = x + bStep;\n` : ''}\
${products(count, rows, a, b, indent)}\
${kind === 'spots' ? '' : `${indent}a += ${rows * 4};\n`}\
${kind === 'table' ? '' : `${indent}b += ${VECTORS * 16};\n${twins ? `${indent}d += ${VECTORS * 16};\n` : ''}`}\
${kind === 'packed' ? '' : `${indent}tab += 4;\n`}`;
  const steps = (step) => (twins ? ` ${step}: usize,` : '');
  return `
export function ${nameOf(kind, count)}${rows}(a: usize, b: usize,${steps('bStep')} ${tableOf(kind)}from: usize, fromRow: usize,${steps('fromStep')} c: usize, cRow: usize,${steps('cStep')} k: i32): void {
${range(rows, (i) => `  ${sums(count, (t, j, l) => `let c${i}_${l} = v128.load(from${to('fromStep', t)}, ${j * 16}); `)}from += fromRow;\n`)}\
  const end = ${kind === 'packed' ? `b + <usize>k * ${VECTORS * 16}` : 'tab + (<usize>k << 2)'};
${twins && kind !== 'table' ? '  let d = b + bStep;\n' : ''}\
${loop(count, rows, '  ', turn, `${kind === 'packed' ? 'b' : 'tab'} !== end`)}\
${range(rows, (i) => `  ${sums(count, (t, j, l) => `v128.store(c${to('cStep', t)}, c${i}_${l}, ${j * 16}); `)}c += cRow;\n`)}\
}
`.replace(/ +$/gm, '');
}

/**
 * Tallest of the tiles that are swept side by side, without twins: Winograd's blocks are often just eight columns wide. From TALL rows on A
 * is read by two pointers: twelve rows have eleven offsets, which cost as much as the products; two pointers have five.
 */
const SWEPT_ROWS = 12;
const TALL = 7;

/** Sweeps over several tiles side by side, with a panel of A whose columns may be part of longer ones. */
function swept(rows) {
  const tall = rows >= TALL;
  const half = tall ? Math.ceil(rows / 2) : rows;
  const turn = (indent) => `\
${range(VECTORS, (j) => `${indent}const b${j} = v128.load(x, ${j * 16});\n`)}\
${indent}let v: v128;
${range(rows, (i) => `${indent}v = v128.load32_splat(${i < half ? 's' : 'low'}, ${(i % half) * 4}); ${range(VECTORS, (j) => `c${i}_${j} = madd(v, b${j}, c${i}_${j}); `)}\n`)}\
${indent}s += aStep;
${tall ? `${indent}low += aStep;\n` : ''}\
${indent}x += bStep;
`;
  return `
export function swept${rows}(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
${range(rows, (i) => `    ${range(VECTORS, (j) => `let c${i}_${j} = v128.load(f, ${j * 16}); `)}f += fromRow;\n`)}\
    let s = a;
${tall ? `    let low = a + ${half * 4};\n` : ''}\
    let x = b;
${loop(1, rows, '    ', turn, 's !== end')}\
    let t = c;
${range(rows, (i) => `    ${range(VECTORS, (j) => `v128.store(t, c${i}_${j}, ${j * 16}); `)}t += cRow;\n`)}\
    b += ${VECTORS * 16};
    from += fromStep;
    c += ${VECTORS * 16};
  } while (b < stop);
}
`.replace(/ +$/gm, '');
}

/** Cases of a switch by rows, those above LEAST only for variants whose constant `limit` is as high. */
const heights = (rows, limit, call, indent = '    ') => range(rows, (i) => `${indent}case ${i + 1}: ${i >= LEAST ? `if (${limit} > ${i}) ` : ''}${call(i + 1)}; break;\n`);

const sweptDispatch = `
/** Tiles of \`rows\` rows side by side, \`columns\` wide rounded up to whole tiles. */
export function sweptTiles(
  rows: i32, a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32,
): void {
  switch (rows) {
${heights(SWEPT_ROWS, 'SWEPT_ROWS', (rows) => `swept${rows}(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns)`)}\
  }
}
`;

/** Tallest pair of segments, and vectors of a segment: the revectoriser makes one register of two, without it a segment is one. */
const PAIR_ROWS = 6;
const SEGMENTS = [1, 2];

/** Two segments of pixels, which need not be neighbours: rows of any number of segments fill whole tiles. */
function pairs(rows, vectors) {
  const each = (f) => range(2, (part) => range(vectors, (j) => f(part, j, part * vectors + j)));
  const step = `column += ${vectors * 4}; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }`;
  return `
export function pairs${vectors * 4}x${rows}(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - ${vectors * 4};
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    ${step}
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      ${step}
    }
${range(rows, (i) => `    ${each((part, j, l) => `let c${i}_${l} = v128.load32_splat(from, ${i * 32}); `)}\n`)}\
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
${each((part, j, l) => `      const b${l} = v128.load(${part ? 'q' : 'p'}, ${j * 16});\n`)}\
      let v: v128;
${range(rows, (i) => `      v = v128.load32_splat(s, ${i * 4}); ${each((part, j, l) => `c${i}_${l} = madd(v, b${l}, c${i}_${l}); `)}\n`)}\
      s += ${rows * 4};
      t += 4;
    } while (t !== end);
${range(rows, (i) => `    ${each((part, j, l) => `v128.store(y${part}, f32x4.pmin(f32x4.pmax(c${i}_${l}, floor), ceiling), ${j * 16}); `)}y0 += yChannel; y1 += yChannel;\n`)}\
  } while (rows > 0);
}
`.replace(/ +$/gm, '');
}

const pairsDispatch = `
/** The pixels of a block of an output for \`height\` channels: see pairs… above. */
export function pairsOf(
  height: i32, a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32,
): void {
${SEGMENTS.map((vectors) => `  if (SEGMENT === ${vectors * 4}) {
    switch (height) {
${heights(PAIR_ROWS, 'PAIR_ROWS', (height) => `pairs${vectors * 4}x${height}(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most)`, '      ')}\
    }
  }
`).join('')}}
`;

/** Neighbouring taps of a line, and how many output channels meet them: with what is multiplied the sums fill the registers. */
const DOT_TAPS = 5;
const dotChannels = (taps) => (taps > 3 ? 2 : 3);

/** Products of runs of pixels: neither operand is rearranged. */
function dots(taps, channels, vectors) {
  const each = (f) => range(vectors, f);
  // Loads of the fifth tap are in part those of the first. The revectoriser takes no such pairs, so that tap has a pointer of its own.
  const load = (i, j) => (i < 4 ? `v128.load(p, ${i * 4 + j * 16})` : `v128.load(p4, ${(i - 4) * 4 + j * 16})`);
  const sum = (o, i, j) => `c${o}_${i * vectors + j}`;
  const every = (f) => range(channels, (o) => `  ${range(taps, (i) => each((j) => f(sum(o, i, j), i * 32 + j * 16)))}t += sumRow;\n`);
  return `
export function dots${vectors * 4}_${taps}x${channels}(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
${every((c, at) => `let ${c} = v128.load(t, ${at}); `)}\
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
${taps > 4 ? '    const p4 = x4 + offset;\n' : ''}\
    const q0 = g + <usize>load<i32>(tab, 4);
${range(channels, (o) => `    ${o ? `const q${o} = q${o - 1} + gChannel; ` : ''}${each((j) => `const g${o}_${j} = v128.load(q${o}, ${j * 16}); `)}\n`)}\
    let v: v128;
${range(taps, (i) => `    ${each((j) => `v = ${load(i, j)}; ${range(channels, (o) => `${sum(o, i, j)} = madd(v, g${o}_${j}, ${sum(o, i, j)}); `)}`)}\n`)}\
    tab += 8;
  } while (tab !== end);
  t = sums;
${every((c, at) => `v128.store(t, ${c}, ${at}); `)}\
}
`.replace(/ +$/gm, '');
}

const dotsDispatch = SEGMENTS.map((vectors) => `
/** Adds to \`channels\` × \`taps\` sums, vectors of ${vectors * 4} lanes 32 bytes apart: see dots… above. */
export function dots${vectors * 4}Of(channels: i32, taps: i32, x: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  switch (taps * 4 + channels) {
${range(DOT_TAPS, (i) => range(dotChannels(i + 1), (o) => `    case ${i * 4 + o + 5}: dots${vectors * 4}_${i + 1}x${o + 1}(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;\n`))}\
  }
}
`).join('');

/**
 * Rows of either operand whose inner products are a tile: ten sums, which fill rows of 10 and 100 as twelve would not. Those of b lie in one
 * panel, since a pointer for each row is moved on in every turn: on a busy core that took a fifth longer.
 */
const INNER = [2, 5];

/** Inner products of rows: sums of four lanes, or of the eight that the revectoriser makes one register of. */
function inner(vectors, [rows, columns]) {
  const each = (f) => range(vectors, f);
  const sum = (i, j, l) => `c${i}_${j * vectors + l}`;
  const every = (f) => range(rows, (i) => `  ${range(columns, (j) => each((l) => f(sum(i, j, l), ((i * columns + j) * vectors + l) * 16)))}\n`);
  return `
export function inner${vectors * 4}(a0: usize, aRow: usize, b: usize, k: i32, from: usize, sums: usize): void {
${range(rows - 1, (i) => `  let a${i + 1} = a${i} + aRow;\n`)}\
  const end = a0 + (<usize>k << 2);
${every((c, at) => `let ${c} = v128.load(from, ${at}); `)}\
  do {
    let v: v128;
${range(rows, (i) => each((l) => `    const v${i}_${l} = v128.load(a${i}, ${l * 16});\n`))}\
${range(columns, (j) => each((l) => `    v = v128.load(b, ${(j * vectors + l) * 16}); ${range(rows, (i) => `${sum(i, j, l)} = madd(v${i}_${l}, v, ${sum(i, j, l)}); `)}\n`))}\
${range(rows, (i) => `    a${i} += ${vectors * 16};\n`)}\
    b += ${columns * vectors * 16};
  } while (a0 !== end);
${every((c, at) => `v128.store(sums, ${c}, ${at}); `)}\
}
`.replace(/ +$/gm, '');
}

const dispatch = (kind) => `
/** A tile of \`rows\` rows. */
export function ${kind}Tile(rows: i32, a: usize, b: usize, ${tableOf(kind)}from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  switch (rows) {
${heights(ROWS, 'ROWS', (rows) => `${kind}${rows}(a, b, ${tabOf(kind)}from, fromRow, c, cRow, k)`)}\
  }
}

/** Two of them, with the same rows of a. */
export function ${kind}Twins(
  rows: i32, a: usize, b: usize, bStep: usize, ${tableOf(kind)}from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32,
): void {
  switch (rows) {
${range(ROWS, (i) => `    case ${i + 1}: if (TWINS) ${kind}Twins${i + 1}(a, b, bStep, ${tabOf(kind)}from, fromRow, fromStep, c, cRow, cStep, k); break;\n`)}\
  }
}
`;

export const text = `/**
 * Micro-kernels: c[i, j] = from[i, j] + Σ over q < k of a[q, i] · b[q, j] for a tile of 1 … ${ROWS}, with swept… ${SWEPT_ROWS},
 * rows and ${VECTORS * 4} columns. a is a panel, its rows side by side for each q, and so is b; but with table…, row q of b lies at b + tab[q]
 * bytes, and with spots…, row q of a at a + tab[q]. swept… does several tiles side by side: columns of a lie aStep bytes apart, rows of b bStep,
 * and from moves on by fromStep for each tile. Rows of c and from are cRow and fromRow bytes apart; the accumulators begin with from, and nothing
 * happens to them between the loop and the store, which would spoil the compilers' allocation of registers. k is at least 1:
 * a loop that tests before its first turn, or that has a counter of its own, is compiled to something a third slower on Node 22.
 * …Twins… are two tiles that have the rows of a in common; b, from and c of the second lie bStep, fromStep and cStep bytes further.
 *
 * pairs… sum like table…, two segments of pixels a tile, over all rows of a block, from one float a channel on, and store it limited to \`least\` … \`most\`.
 * dots… add to vectors of sums the products of runs of x, one for each tap, and of g, one for each channel; a table says where both begin.
 * inner… are inner products of ${INNER[0]} rows as they lie and ${INNER[1]} in a panel, a vector of each after the other; vectors of sums begin with \`from\`.
 */
import { madd } from './simd';
import { PAIR_ROWS, ROWS, SEGMENT, SWEPT_ROWS, TWINS } from './variant';
${COUNTS.map((count) => KINDS.map((kind) => range(ROWS, (i) => tile(i + 1, kind, count))).join('')).join('')}${range(SWEPT_ROWS, (i) => swept(i + 1))}\
${SEGMENTS.map((vectors) => range(PAIR_ROWS, (i) => pairs(i + 1, vectors))).join('')}${KINDS.map(dispatch).join('')}${sweptDispatch}${pairsDispatch}\
${SEGMENTS.map((vectors) => range(DOT_TAPS, (i) => range(dotChannels(i + 1), (o) => dots(i + 1, o + 1, vectors)))).join('')}${dotsDispatch}\
${SEGMENTS.map((vectors) => inner(vectors, INNER)).join('')}`;
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(text);
