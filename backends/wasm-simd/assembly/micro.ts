/**
 * Written by generate.mjs; change that. Micro-kernels: c[i, j] = from[i, j] + Σ over q < k of a[q, i] · b[q, j] for a tile of 1 … 6, with swept… 12,
 * rows and 8 columns. a is a panel, its rows side by side for each q, and so is b; but with table…, row q of b lies at b + tab[q]
 * bytes, and with spots…, row q of a at a + tab[q]. swept… does several tiles side by side: columns of a lie aStep bytes apart, rows of b bStep,
 * and from moves on by fromStep for each tile. Rows of c and from are cRow and fromRow bytes apart; the accumulators begin with from, and nothing
 * happens to them between the loop and the store, which would spoil the compilers' allocation of registers. k is at least 1:
 * a loop that tests before its first turn, or that has a counter of its own, is compiled to something a third slower on Node 22.
 * …Twins… are two tiles that have the rows of a in common; b, from and c of the second lie bStep, fromStep and cStep bytes further.
 *
 * pairs… sum like table…, two segments of pixels a tile, over all rows of a block, from one float a channel on, and store it limited to `least` … `most`.
 * dots… add to vectors of sums the products of runs of x, one for each tap, and of g, one for each channel; a table says where both begin.
 * inner… are inner products of 2 rows as they lie and 5 in a panel, a vector of each after the other; vectors of sums begin with `from`.
 */
import { madd } from './simd';
import { PAIR_ROWS, ROWS, SEGMENT, SWEPT_ROWS, TWINS } from './variant';

export function packed1(a: usize, b: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  const end = b + <usize>k * 32;
  do {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    a += 4;
    b += 32;
  } while (b !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
}

export function packed2(a: usize, b: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  const end = b + <usize>k * 32;
  do {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    a += 8;
    b += 32;
  } while (b !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
}

export function packed3(a: usize, b: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  const end = b + <usize>k * 32;
  do {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    a += 12;
    b += 32;
  } while (b !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
}

export function packed4(a: usize, b: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); from += fromRow;
  const end = b + <usize>k * 32;
  do {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
    a += 16;
    b += 32;
  } while (b !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); c += cRow;
}

export function packed5(a: usize, b: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); from += fromRow;
  const end = b + <usize>k * 32;
  do {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
    a += 20;
    b += 32;
  } while (b !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); c += cRow;
}

export function packed6(a: usize, b: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); from += fromRow;
  let c5_0 = v128.load(from, 0); let c5_1 = v128.load(from, 16); from += fromRow;
  const end = b + <usize>k * 32;
  do {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
    v = v128.load32_splat(a, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
    a += 24;
    b += 32;
  } while (b !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); c += cRow;
  v128.store(c, c5_0, 0); v128.store(c, c5_1, 16); c += cRow;
}

export function table1(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = b + <usize>load<i32>(tab);
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    a += 4;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
}

export function table2(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = b + <usize>load<i32>(tab);
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    a += 8;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
}

export function table3(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = b + <usize>load<i32>(tab);
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    a += 12;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
}

export function table4(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = b + <usize>load<i32>(tab);
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
    a += 16;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); c += cRow;
}

export function table5(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = b + <usize>load<i32>(tab);
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
    a += 20;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); c += cRow;
}

export function table6(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); from += fromRow;
  let c5_0 = v128.load(from, 0); let c5_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = b + <usize>load<i32>(tab);
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
    v = v128.load32_splat(a, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
    a += 24;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); c += cRow;
  v128.store(c, c5_0, 0); v128.store(c, c5_1, 16); c += cRow;
}

export function spots1(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    b += 32;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
}

export function spots2(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    b += 32;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
}

export function spots3(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    b += 32;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
}

export function spots4(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    v = v128.load32_splat(x, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
    b += 32;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); c += cRow;
}

export function spots5(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    v = v128.load32_splat(x, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
    v = v128.load32_splat(x, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
    b += 32;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); c += cRow;
}

export function spots6(a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); from += fromRow;
  let c5_0 = v128.load(from, 0); let c5_1 = v128.load(from, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
    v = v128.load32_splat(x, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
    v = v128.load32_splat(x, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
    v = v128.load32_splat(x, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
    b += 32;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); c += cRow;
  v128.store(c, c5_0, 0); v128.store(c, c5_1, 16); c += cRow;
}

export function packedTwins1(a: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = b + <usize>k * 32;
  let d = b + bStep;
  do {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    a += 4;
    b += 32;
    d += 32;
  } while (b !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
}

export function packedTwins2(a: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = b + <usize>k * 32;
  let d = b + bStep;
  do {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    a += 8;
    b += 32;
    d += 32;
  } while (b !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
}

export function packedTwins3(a: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = b + <usize>k * 32;
  let d = b + bStep;
  do {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    a += 12;
    b += 32;
    d += 32;
  } while (b !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
}

export function packedTwins4(a: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); let c3_2 = v128.load(from + fromStep, 0); let c3_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = b + <usize>k * 32;
  let d = b + bStep;
  {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    a += 16;
    b += 32;
    d += 32;
  }
  while (b !== end) {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    a += 16;
    b += 32;
    d += 32;
  }
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); v128.store(c + cStep, c3_2, 0); v128.store(c + cStep, c3_3, 16); c += cRow;
}

export function packedTwins5(a: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); let c3_2 = v128.load(from + fromStep, 0); let c3_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); let c4_2 = v128.load(from + fromStep, 0); let c4_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = b + <usize>k * 32;
  let d = b + bStep;
  {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    a += 20;
    b += 32;
    d += 32;
  }
  while (b !== end) {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    a += 20;
    b += 32;
    d += 32;
  }
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); v128.store(c + cStep, c3_2, 0); v128.store(c + cStep, c3_3, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); v128.store(c + cStep, c4_2, 0); v128.store(c + cStep, c4_3, 16); c += cRow;
}

export function packedTwins6(a: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); let c3_2 = v128.load(from + fromStep, 0); let c3_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); let c4_2 = v128.load(from + fromStep, 0); let c4_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c5_0 = v128.load(from, 0); let c5_1 = v128.load(from, 16); let c5_2 = v128.load(from + fromStep, 0); let c5_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = b + <usize>k * 32;
  let d = b + bStep;
  {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    v = v128.load32_splat(a, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1); c5_2 = madd(v, b2, c5_2); c5_3 = madd(v, b3, c5_3);
    a += 24;
    b += 32;
    d += 32;
  }
  while (b !== end) {
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    v = v128.load32_splat(a, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1); c5_2 = madd(v, b2, c5_2); c5_3 = madd(v, b3, c5_3);
    a += 24;
    b += 32;
    d += 32;
  }
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); v128.store(c + cStep, c3_2, 0); v128.store(c + cStep, c3_3, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); v128.store(c + cStep, c4_2, 0); v128.store(c + cStep, c4_3, 16); c += cRow;
  v128.store(c, c5_0, 0); v128.store(c, c5_1, 16); v128.store(c + cStep, c5_2, 0); v128.store(c + cStep, c5_3, 16); c += cRow;
}

export function tableTwins1(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = b + <usize>load<i32>(tab);
    const d = x + bStep;
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    a += 4;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
}

export function tableTwins2(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = b + <usize>load<i32>(tab);
    const d = x + bStep;
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    a += 8;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
}

export function tableTwins3(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  do {
    const x = b + <usize>load<i32>(tab);
    const d = x + bStep;
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    a += 12;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
}

export function tableTwins4(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); let c3_2 = v128.load(from + fromStep, 0); let c3_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  {
    const x = b + <usize>load<i32>(tab);
    const d = x + bStep;
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    a += 16;
    tab += 4;
  }
  while (tab !== end) {
    const x = b + <usize>load<i32>(tab);
    const d = x + bStep;
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    a += 16;
    tab += 4;
  }
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); v128.store(c + cStep, c3_2, 0); v128.store(c + cStep, c3_3, 16); c += cRow;
}

export function tableTwins5(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); let c3_2 = v128.load(from + fromStep, 0); let c3_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); let c4_2 = v128.load(from + fromStep, 0); let c4_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  {
    const x = b + <usize>load<i32>(tab);
    const d = x + bStep;
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    a += 20;
    tab += 4;
  }
  while (tab !== end) {
    const x = b + <usize>load<i32>(tab);
    const d = x + bStep;
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    a += 20;
    tab += 4;
  }
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); v128.store(c + cStep, c3_2, 0); v128.store(c + cStep, c3_3, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); v128.store(c + cStep, c4_2, 0); v128.store(c + cStep, c4_3, 16); c += cRow;
}

export function tableTwins6(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); let c3_2 = v128.load(from + fromStep, 0); let c3_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); let c4_2 = v128.load(from + fromStep, 0); let c4_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c5_0 = v128.load(from, 0); let c5_1 = v128.load(from, 16); let c5_2 = v128.load(from + fromStep, 0); let c5_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  {
    const x = b + <usize>load<i32>(tab);
    const d = x + bStep;
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    v = v128.load32_splat(a, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1); c5_2 = madd(v, b2, c5_2); c5_3 = madd(v, b3, c5_3);
    a += 24;
    tab += 4;
  }
  while (tab !== end) {
    const x = b + <usize>load<i32>(tab);
    const d = x + bStep;
    const b0 = v128.load(x, 0);
    const b1 = v128.load(x, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(a, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(a, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(a, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(a, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(a, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    v = v128.load32_splat(a, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1); c5_2 = madd(v, b2, c5_2); c5_3 = madd(v, b3, c5_3);
    a += 24;
    tab += 4;
  }
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); v128.store(c + cStep, c3_2, 0); v128.store(c + cStep, c3_3, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); v128.store(c + cStep, c4_2, 0); v128.store(c + cStep, c4_3, 16); c += cRow;
  v128.store(c, c5_0, 0); v128.store(c, c5_1, 16); v128.store(c + cStep, c5_2, 0); v128.store(c + cStep, c5_3, 16); c += cRow;
}

export function spotsTwins1(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  let d = b + bStep;
  do {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    b += 32;
    d += 32;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
}

export function spotsTwins2(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  let d = b + bStep;
  do {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    b += 32;
    d += 32;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
}

export function spotsTwins3(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  let d = b + bStep;
  do {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    b += 32;
    d += 32;
    tab += 4;
  } while (tab !== end);
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
}

export function spotsTwins4(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); let c3_2 = v128.load(from + fromStep, 0); let c3_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  let d = b + bStep;
  {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(x, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    b += 32;
    d += 32;
    tab += 4;
  }
  while (tab !== end) {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(x, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    b += 32;
    d += 32;
    tab += 4;
  }
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); v128.store(c + cStep, c3_2, 0); v128.store(c + cStep, c3_3, 16); c += cRow;
}

export function spotsTwins5(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); let c3_2 = v128.load(from + fromStep, 0); let c3_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); let c4_2 = v128.load(from + fromStep, 0); let c4_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  let d = b + bStep;
  {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(x, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(x, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    b += 32;
    d += 32;
    tab += 4;
  }
  while (tab !== end) {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(x, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(x, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    b += 32;
    d += 32;
    tab += 4;
  }
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); v128.store(c + cStep, c3_2, 0); v128.store(c + cStep, c3_3, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); v128.store(c + cStep, c4_2, 0); v128.store(c + cStep, c4_3, 16); c += cRow;
}

export function spotsTwins6(a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32): void {
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from + fromStep, 0); let c0_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c1_0 = v128.load(from, 0); let c1_1 = v128.load(from, 16); let c1_2 = v128.load(from + fromStep, 0); let c1_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c2_0 = v128.load(from, 0); let c2_1 = v128.load(from, 16); let c2_2 = v128.load(from + fromStep, 0); let c2_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c3_0 = v128.load(from, 0); let c3_1 = v128.load(from, 16); let c3_2 = v128.load(from + fromStep, 0); let c3_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c4_0 = v128.load(from, 0); let c4_1 = v128.load(from, 16); let c4_2 = v128.load(from + fromStep, 0); let c4_3 = v128.load(from + fromStep, 16); from += fromRow;
  let c5_0 = v128.load(from, 0); let c5_1 = v128.load(from, 16); let c5_2 = v128.load(from + fromStep, 0); let c5_3 = v128.load(from + fromStep, 16); from += fromRow;
  const end = tab + (<usize>k << 2);
  let d = b + bStep;
  {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(x, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(x, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    v = v128.load32_splat(x, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1); c5_2 = madd(v, b2, c5_2); c5_3 = madd(v, b3, c5_3);
    b += 32;
    d += 32;
    tab += 4;
  }
  while (tab !== end) {
    const x = a + <usize>load<i32>(tab);
    const b0 = v128.load(b, 0);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(d, 0);
    const b3 = v128.load(d, 16);
    let v: v128;
    v = v128.load32_splat(x, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
    v = v128.load32_splat(x, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
    v = v128.load32_splat(x, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
    v = v128.load32_splat(x, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
    v = v128.load32_splat(x, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
    v = v128.load32_splat(x, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1); c5_2 = madd(v, b2, c5_2); c5_3 = madd(v, b3, c5_3);
    b += 32;
    d += 32;
    tab += 4;
  }
  v128.store(c, c0_0, 0); v128.store(c, c0_1, 16); v128.store(c + cStep, c0_2, 0); v128.store(c + cStep, c0_3, 16); c += cRow;
  v128.store(c, c1_0, 0); v128.store(c, c1_1, 16); v128.store(c + cStep, c1_2, 0); v128.store(c + cStep, c1_3, 16); c += cRow;
  v128.store(c, c2_0, 0); v128.store(c, c2_1, 16); v128.store(c + cStep, c2_2, 0); v128.store(c + cStep, c2_3, 16); c += cRow;
  v128.store(c, c3_0, 0); v128.store(c, c3_1, 16); v128.store(c + cStep, c3_2, 0); v128.store(c + cStep, c3_3, 16); c += cRow;
  v128.store(c, c4_0, 0); v128.store(c, c4_1, 16); v128.store(c + cStep, c4_2, 0); v128.store(c + cStep, c4_3, 16); c += cRow;
  v128.store(c, c5_0, 0); v128.store(c, c5_1, 16); v128.store(c + cStep, c5_2, 0); v128.store(c + cStep, c5_3, 16); c += cRow;
}

export function swept1(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let x = b;
    do {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      s += aStep;
      x += bStep;
    } while (s !== end);
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept2(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let x = b;
    do {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      s += aStep;
      x += bStep;
    } while (s !== end);
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept3(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let x = b;
    do {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      s += aStep;
      x += bStep;
    } while (s !== end);
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept4(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let c3_0 = v128.load(f, 0); let c3_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let x = b;
    do {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      s += aStep;
      x += bStep;
    } while (s !== end);
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    v128.store(t, c3_0, 0); v128.store(t, c3_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept5(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let c3_0 = v128.load(f, 0); let c3_1 = v128.load(f, 16); f += fromRow;
    let c4_0 = v128.load(f, 0); let c4_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let x = b;
    do {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      s += aStep;
      x += bStep;
    } while (s !== end);
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    v128.store(t, c3_0, 0); v128.store(t, c3_1, 16); t += cRow;
    v128.store(t, c4_0, 0); v128.store(t, c4_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept6(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let c3_0 = v128.load(f, 0); let c3_1 = v128.load(f, 16); f += fromRow;
    let c4_0 = v128.load(f, 0); let c4_1 = v128.load(f, 16); f += fromRow;
    let c5_0 = v128.load(f, 0); let c5_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let x = b;
    do {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(s, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      s += aStep;
      x += bStep;
    } while (s !== end);
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    v128.store(t, c3_0, 0); v128.store(t, c3_1, 16); t += cRow;
    v128.store(t, c4_0, 0); v128.store(t, c4_1, 16); t += cRow;
    v128.store(t, c5_0, 0); v128.store(t, c5_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept7(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let c3_0 = v128.load(f, 0); let c3_1 = v128.load(f, 16); f += fromRow;
    let c4_0 = v128.load(f, 0); let c4_1 = v128.load(f, 16); f += fromRow;
    let c5_0 = v128.load(f, 0); let c5_1 = v128.load(f, 16); f += fromRow;
    let c6_0 = v128.load(f, 0); let c6_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let low = a + 16;
    let x = b;
    {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(low, 0); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(low, 4); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 8); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    while (s !== end) {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(low, 0); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(low, 4); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 8); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    v128.store(t, c3_0, 0); v128.store(t, c3_1, 16); t += cRow;
    v128.store(t, c4_0, 0); v128.store(t, c4_1, 16); t += cRow;
    v128.store(t, c5_0, 0); v128.store(t, c5_1, 16); t += cRow;
    v128.store(t, c6_0, 0); v128.store(t, c6_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept8(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let c3_0 = v128.load(f, 0); let c3_1 = v128.load(f, 16); f += fromRow;
    let c4_0 = v128.load(f, 0); let c4_1 = v128.load(f, 16); f += fromRow;
    let c5_0 = v128.load(f, 0); let c5_1 = v128.load(f, 16); f += fromRow;
    let c6_0 = v128.load(f, 0); let c6_1 = v128.load(f, 16); f += fromRow;
    let c7_0 = v128.load(f, 0); let c7_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let low = a + 16;
    let x = b;
    {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(low, 0); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(low, 4); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 8); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 12); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    while (s !== end) {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(low, 0); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(low, 4); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 8); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 12); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    v128.store(t, c3_0, 0); v128.store(t, c3_1, 16); t += cRow;
    v128.store(t, c4_0, 0); v128.store(t, c4_1, 16); t += cRow;
    v128.store(t, c5_0, 0); v128.store(t, c5_1, 16); t += cRow;
    v128.store(t, c6_0, 0); v128.store(t, c6_1, 16); t += cRow;
    v128.store(t, c7_0, 0); v128.store(t, c7_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept9(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let c3_0 = v128.load(f, 0); let c3_1 = v128.load(f, 16); f += fromRow;
    let c4_0 = v128.load(f, 0); let c4_1 = v128.load(f, 16); f += fromRow;
    let c5_0 = v128.load(f, 0); let c5_1 = v128.load(f, 16); f += fromRow;
    let c6_0 = v128.load(f, 0); let c6_1 = v128.load(f, 16); f += fromRow;
    let c7_0 = v128.load(f, 0); let c7_1 = v128.load(f, 16); f += fromRow;
    let c8_0 = v128.load(f, 0); let c8_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let low = a + 20;
    let x = b;
    {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(low, 0); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 4); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 8); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      v = v128.load32_splat(low, 12); c8_0 = madd(v, b0, c8_0); c8_1 = madd(v, b1, c8_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    while (s !== end) {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(low, 0); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 4); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 8); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      v = v128.load32_splat(low, 12); c8_0 = madd(v, b0, c8_0); c8_1 = madd(v, b1, c8_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    v128.store(t, c3_0, 0); v128.store(t, c3_1, 16); t += cRow;
    v128.store(t, c4_0, 0); v128.store(t, c4_1, 16); t += cRow;
    v128.store(t, c5_0, 0); v128.store(t, c5_1, 16); t += cRow;
    v128.store(t, c6_0, 0); v128.store(t, c6_1, 16); t += cRow;
    v128.store(t, c7_0, 0); v128.store(t, c7_1, 16); t += cRow;
    v128.store(t, c8_0, 0); v128.store(t, c8_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept10(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let c3_0 = v128.load(f, 0); let c3_1 = v128.load(f, 16); f += fromRow;
    let c4_0 = v128.load(f, 0); let c4_1 = v128.load(f, 16); f += fromRow;
    let c5_0 = v128.load(f, 0); let c5_1 = v128.load(f, 16); f += fromRow;
    let c6_0 = v128.load(f, 0); let c6_1 = v128.load(f, 16); f += fromRow;
    let c7_0 = v128.load(f, 0); let c7_1 = v128.load(f, 16); f += fromRow;
    let c8_0 = v128.load(f, 0); let c8_1 = v128.load(f, 16); f += fromRow;
    let c9_0 = v128.load(f, 0); let c9_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let low = a + 20;
    let x = b;
    {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(low, 0); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 4); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 8); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      v = v128.load32_splat(low, 12); c8_0 = madd(v, b0, c8_0); c8_1 = madd(v, b1, c8_1);
      v = v128.load32_splat(low, 16); c9_0 = madd(v, b0, c9_0); c9_1 = madd(v, b1, c9_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    while (s !== end) {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(low, 0); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 4); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 8); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      v = v128.load32_splat(low, 12); c8_0 = madd(v, b0, c8_0); c8_1 = madd(v, b1, c8_1);
      v = v128.load32_splat(low, 16); c9_0 = madd(v, b0, c9_0); c9_1 = madd(v, b1, c9_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    v128.store(t, c3_0, 0); v128.store(t, c3_1, 16); t += cRow;
    v128.store(t, c4_0, 0); v128.store(t, c4_1, 16); t += cRow;
    v128.store(t, c5_0, 0); v128.store(t, c5_1, 16); t += cRow;
    v128.store(t, c6_0, 0); v128.store(t, c6_1, 16); t += cRow;
    v128.store(t, c7_0, 0); v128.store(t, c7_1, 16); t += cRow;
    v128.store(t, c8_0, 0); v128.store(t, c8_1, 16); t += cRow;
    v128.store(t, c9_0, 0); v128.store(t, c9_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept11(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let c3_0 = v128.load(f, 0); let c3_1 = v128.load(f, 16); f += fromRow;
    let c4_0 = v128.load(f, 0); let c4_1 = v128.load(f, 16); f += fromRow;
    let c5_0 = v128.load(f, 0); let c5_1 = v128.load(f, 16); f += fromRow;
    let c6_0 = v128.load(f, 0); let c6_1 = v128.load(f, 16); f += fromRow;
    let c7_0 = v128.load(f, 0); let c7_1 = v128.load(f, 16); f += fromRow;
    let c8_0 = v128.load(f, 0); let c8_1 = v128.load(f, 16); f += fromRow;
    let c9_0 = v128.load(f, 0); let c9_1 = v128.load(f, 16); f += fromRow;
    let c10_0 = v128.load(f, 0); let c10_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let low = a + 24;
    let x = b;
    {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(s, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 0); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 4); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      v = v128.load32_splat(low, 8); c8_0 = madd(v, b0, c8_0); c8_1 = madd(v, b1, c8_1);
      v = v128.load32_splat(low, 12); c9_0 = madd(v, b0, c9_0); c9_1 = madd(v, b1, c9_1);
      v = v128.load32_splat(low, 16); c10_0 = madd(v, b0, c10_0); c10_1 = madd(v, b1, c10_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    while (s !== end) {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(s, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 0); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 4); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      v = v128.load32_splat(low, 8); c8_0 = madd(v, b0, c8_0); c8_1 = madd(v, b1, c8_1);
      v = v128.load32_splat(low, 12); c9_0 = madd(v, b0, c9_0); c9_1 = madd(v, b1, c9_1);
      v = v128.load32_splat(low, 16); c10_0 = madd(v, b0, c10_0); c10_1 = madd(v, b1, c10_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    v128.store(t, c3_0, 0); v128.store(t, c3_1, 16); t += cRow;
    v128.store(t, c4_0, 0); v128.store(t, c4_1, 16); t += cRow;
    v128.store(t, c5_0, 0); v128.store(t, c5_1, 16); t += cRow;
    v128.store(t, c6_0, 0); v128.store(t, c6_1, 16); t += cRow;
    v128.store(t, c7_0, 0); v128.store(t, c7_1, 16); t += cRow;
    v128.store(t, c8_0, 0); v128.store(t, c8_1, 16); t += cRow;
    v128.store(t, c9_0, 0); v128.store(t, c9_1, 16); t += cRow;
    v128.store(t, c10_0, 0); v128.store(t, c10_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function swept12(a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32): void {
  const stop = b + (<usize>columns << 2);
  const end = a + <usize>k * aStep;
  do {
    let f = from;
    let c0_0 = v128.load(f, 0); let c0_1 = v128.load(f, 16); f += fromRow;
    let c1_0 = v128.load(f, 0); let c1_1 = v128.load(f, 16); f += fromRow;
    let c2_0 = v128.load(f, 0); let c2_1 = v128.load(f, 16); f += fromRow;
    let c3_0 = v128.load(f, 0); let c3_1 = v128.load(f, 16); f += fromRow;
    let c4_0 = v128.load(f, 0); let c4_1 = v128.load(f, 16); f += fromRow;
    let c5_0 = v128.load(f, 0); let c5_1 = v128.load(f, 16); f += fromRow;
    let c6_0 = v128.load(f, 0); let c6_1 = v128.load(f, 16); f += fromRow;
    let c7_0 = v128.load(f, 0); let c7_1 = v128.load(f, 16); f += fromRow;
    let c8_0 = v128.load(f, 0); let c8_1 = v128.load(f, 16); f += fromRow;
    let c9_0 = v128.load(f, 0); let c9_1 = v128.load(f, 16); f += fromRow;
    let c10_0 = v128.load(f, 0); let c10_1 = v128.load(f, 16); f += fromRow;
    let c11_0 = v128.load(f, 0); let c11_1 = v128.load(f, 16); f += fromRow;
    let s = a;
    let low = a + 24;
    let x = b;
    {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(s, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 0); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 4); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      v = v128.load32_splat(low, 8); c8_0 = madd(v, b0, c8_0); c8_1 = madd(v, b1, c8_1);
      v = v128.load32_splat(low, 12); c9_0 = madd(v, b0, c9_0); c9_1 = madd(v, b1, c9_1);
      v = v128.load32_splat(low, 16); c10_0 = madd(v, b0, c10_0); c10_1 = madd(v, b1, c10_1);
      v = v128.load32_splat(low, 20); c11_0 = madd(v, b0, c11_0); c11_1 = madd(v, b1, c11_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    while (s !== end) {
      const b0 = v128.load(x, 0);
      const b1 = v128.load(x, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(s, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      v = v128.load32_splat(low, 0); c6_0 = madd(v, b0, c6_0); c6_1 = madd(v, b1, c6_1);
      v = v128.load32_splat(low, 4); c7_0 = madd(v, b0, c7_0); c7_1 = madd(v, b1, c7_1);
      v = v128.load32_splat(low, 8); c8_0 = madd(v, b0, c8_0); c8_1 = madd(v, b1, c8_1);
      v = v128.load32_splat(low, 12); c9_0 = madd(v, b0, c9_0); c9_1 = madd(v, b1, c9_1);
      v = v128.load32_splat(low, 16); c10_0 = madd(v, b0, c10_0); c10_1 = madd(v, b1, c10_1);
      v = v128.load32_splat(low, 20); c11_0 = madd(v, b0, c11_0); c11_1 = madd(v, b1, c11_1);
      s += aStep;
      low += aStep;
      x += bStep;
    }
    let t = c;
    v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += cRow;
    v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += cRow;
    v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += cRow;
    v128.store(t, c3_0, 0); v128.store(t, c3_1, 16); t += cRow;
    v128.store(t, c4_0, 0); v128.store(t, c4_1, 16); t += cRow;
    v128.store(t, c5_0, 0); v128.store(t, c5_1, 16); t += cRow;
    v128.store(t, c6_0, 0); v128.store(t, c6_1, 16); t += cRow;
    v128.store(t, c7_0, 0); v128.store(t, c7_1, 16); t += cRow;
    v128.store(t, c8_0, 0); v128.store(t, c8_1, 16); t += cRow;
    v128.store(t, c9_0, 0); v128.store(t, c9_1, 16); t += cRow;
    v128.store(t, c10_0, 0); v128.store(t, c10_1, 16); t += cRow;
    v128.store(t, c11_0, 0); v128.store(t, c11_1, 16); t += cRow;
    b += 32;
    from += fromStep;
    c += 32;
  } while (b < stop);
}

export function pairs4x1(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 4;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(q, 0);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      s += 4;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs4x2(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 4;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(q, 0);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      s += 8;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs4x3(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 4;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32);
    let c2_0 = v128.load32_splat(from, 64); let c2_1 = v128.load32_splat(from, 64);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(q, 0);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      s += 12;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c2_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs4x4(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 4;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32);
    let c2_0 = v128.load32_splat(from, 64); let c2_1 = v128.load32_splat(from, 64);
    let c3_0 = v128.load32_splat(from, 96); let c3_1 = v128.load32_splat(from, 96);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(q, 0);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      s += 16;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c2_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c3_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c3_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs4x5(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 4;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32);
    let c2_0 = v128.load32_splat(from, 64); let c2_1 = v128.load32_splat(from, 64);
    let c3_0 = v128.load32_splat(from, 96); let c3_1 = v128.load32_splat(from, 96);
    let c4_0 = v128.load32_splat(from, 128); let c4_1 = v128.load32_splat(from, 128);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(q, 0);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      s += 20;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c2_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c3_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c3_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c4_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c4_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs4x6(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 4;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 4; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32);
    let c2_0 = v128.load32_splat(from, 64); let c2_1 = v128.load32_splat(from, 64);
    let c3_0 = v128.load32_splat(from, 96); let c3_1 = v128.load32_splat(from, 96);
    let c4_0 = v128.load32_splat(from, 128); let c4_1 = v128.load32_splat(from, 128);
    let c5_0 = v128.load32_splat(from, 160); let c5_1 = v128.load32_splat(from, 160);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(q, 0);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1);
      v = v128.load32_splat(s, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1);
      s += 24;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c2_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c3_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c3_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c4_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c4_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c5_0, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c5_1, floor), ceiling), 0); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs8x1(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 8;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0); let c0_2 = v128.load32_splat(from, 0); let c0_3 = v128.load32_splat(from, 0);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(p, 16);
      const b2 = v128.load(q, 0);
      const b3 = v128.load(q, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
      s += 4;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs8x2(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 8;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0); let c0_2 = v128.load32_splat(from, 0); let c0_3 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32); let c1_2 = v128.load32_splat(from, 32); let c1_3 = v128.load32_splat(from, 32);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(p, 16);
      const b2 = v128.load(q, 0);
      const b3 = v128.load(q, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
      s += 8;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs8x3(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 8;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0); let c0_2 = v128.load32_splat(from, 0); let c0_3 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32); let c1_2 = v128.load32_splat(from, 32); let c1_3 = v128.load32_splat(from, 32);
    let c2_0 = v128.load32_splat(from, 64); let c2_1 = v128.load32_splat(from, 64); let c2_2 = v128.load32_splat(from, 64); let c2_3 = v128.load32_splat(from, 64);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(p, 16);
      const b2 = v128.load(q, 0);
      const b3 = v128.load(q, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
      s += 12;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c2_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c2_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs8x4(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 8;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0); let c0_2 = v128.load32_splat(from, 0); let c0_3 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32); let c1_2 = v128.load32_splat(from, 32); let c1_3 = v128.load32_splat(from, 32);
    let c2_0 = v128.load32_splat(from, 64); let c2_1 = v128.load32_splat(from, 64); let c2_2 = v128.load32_splat(from, 64); let c2_3 = v128.load32_splat(from, 64);
    let c3_0 = v128.load32_splat(from, 96); let c3_1 = v128.load32_splat(from, 96); let c3_2 = v128.load32_splat(from, 96); let c3_3 = v128.load32_splat(from, 96);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(p, 16);
      const b2 = v128.load(q, 0);
      const b3 = v128.load(q, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
      s += 16;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c2_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c2_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c3_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c3_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c3_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c3_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs8x5(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 8;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0); let c0_2 = v128.load32_splat(from, 0); let c0_3 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32); let c1_2 = v128.load32_splat(from, 32); let c1_3 = v128.load32_splat(from, 32);
    let c2_0 = v128.load32_splat(from, 64); let c2_1 = v128.load32_splat(from, 64); let c2_2 = v128.load32_splat(from, 64); let c2_3 = v128.load32_splat(from, 64);
    let c3_0 = v128.load32_splat(from, 96); let c3_1 = v128.load32_splat(from, 96); let c3_2 = v128.load32_splat(from, 96); let c3_3 = v128.load32_splat(from, 96);
    let c4_0 = v128.load32_splat(from, 128); let c4_1 = v128.load32_splat(from, 128); let c4_2 = v128.load32_splat(from, 128); let c4_3 = v128.load32_splat(from, 128);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(p, 16);
      const b2 = v128.load(q, 0);
      const b3 = v128.load(q, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
      s += 20;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c2_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c2_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c3_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c3_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c3_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c3_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c4_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c4_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c4_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c4_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

export function pairs8x6(a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32): void {
  const floor = f32x4.splat(least);
  const ceiling = f32x4.splat(most);
  const end = tab + (<usize>k << 2);
  const last = cols - 8;
  let column = 0;
  do {
    let at = <usize>min(column, last) << 2;
    const x0 = x + at;
    let y0 = y + at;
    column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    let x1 = x0;
    let y1 = y0;
    if (rows > 0) {
      at = <usize>min(column, last) << 2;
      x1 = x + at;
      y1 = y + at;
      column += 8; if (column >= cols) { column = 0; rows--; x += xRow; y += yRow; }
    }
    let c0_0 = v128.load32_splat(from, 0); let c0_1 = v128.load32_splat(from, 0); let c0_2 = v128.load32_splat(from, 0); let c0_3 = v128.load32_splat(from, 0);
    let c1_0 = v128.load32_splat(from, 32); let c1_1 = v128.load32_splat(from, 32); let c1_2 = v128.load32_splat(from, 32); let c1_3 = v128.load32_splat(from, 32);
    let c2_0 = v128.load32_splat(from, 64); let c2_1 = v128.load32_splat(from, 64); let c2_2 = v128.load32_splat(from, 64); let c2_3 = v128.load32_splat(from, 64);
    let c3_0 = v128.load32_splat(from, 96); let c3_1 = v128.load32_splat(from, 96); let c3_2 = v128.load32_splat(from, 96); let c3_3 = v128.load32_splat(from, 96);
    let c4_0 = v128.load32_splat(from, 128); let c4_1 = v128.load32_splat(from, 128); let c4_2 = v128.load32_splat(from, 128); let c4_3 = v128.load32_splat(from, 128);
    let c5_0 = v128.load32_splat(from, 160); let c5_1 = v128.load32_splat(from, 160); let c5_2 = v128.load32_splat(from, 160); let c5_3 = v128.load32_splat(from, 160);
    let s = a;
    let t = tab;
    do {
      const offset = <usize>load<i32>(t);
      const p = x0 + offset;
      const q = x1 + offset;
      const b0 = v128.load(p, 0);
      const b1 = v128.load(p, 16);
      const b2 = v128.load(q, 0);
      const b3 = v128.load(q, 16);
      let v: v128;
      v = v128.load32_splat(s, 0); c0_0 = madd(v, b0, c0_0); c0_1 = madd(v, b1, c0_1); c0_2 = madd(v, b2, c0_2); c0_3 = madd(v, b3, c0_3);
      v = v128.load32_splat(s, 4); c1_0 = madd(v, b0, c1_0); c1_1 = madd(v, b1, c1_1); c1_2 = madd(v, b2, c1_2); c1_3 = madd(v, b3, c1_3);
      v = v128.load32_splat(s, 8); c2_0 = madd(v, b0, c2_0); c2_1 = madd(v, b1, c2_1); c2_2 = madd(v, b2, c2_2); c2_3 = madd(v, b3, c2_3);
      v = v128.load32_splat(s, 12); c3_0 = madd(v, b0, c3_0); c3_1 = madd(v, b1, c3_1); c3_2 = madd(v, b2, c3_2); c3_3 = madd(v, b3, c3_3);
      v = v128.load32_splat(s, 16); c4_0 = madd(v, b0, c4_0); c4_1 = madd(v, b1, c4_1); c4_2 = madd(v, b2, c4_2); c4_3 = madd(v, b3, c4_3);
      v = v128.load32_splat(s, 20); c5_0 = madd(v, b0, c5_0); c5_1 = madd(v, b1, c5_1); c5_2 = madd(v, b2, c5_2); c5_3 = madd(v, b3, c5_3);
      s += 24;
      t += 4;
    } while (t !== end);
    v128.store(y0, f32x4.pmin(f32x4.pmax(c0_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c0_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c0_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c1_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c1_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c1_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c2_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c2_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c2_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c3_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c3_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c3_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c3_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c4_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c4_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c4_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c4_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
    v128.store(y0, f32x4.pmin(f32x4.pmax(c5_0, floor), ceiling), 0); v128.store(y0, f32x4.pmin(f32x4.pmax(c5_1, floor), ceiling), 16); v128.store(y1, f32x4.pmin(f32x4.pmax(c5_2, floor), ceiling), 0); v128.store(y1, f32x4.pmin(f32x4.pmax(c5_3, floor), ceiling), 16); y0 += yChannel; y1 += yChannel;
  } while (rows > 0);
}

/** A tile of `rows` rows. */
export function packedTile(rows: i32, a: usize, b: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  switch (rows) {
    case 1: packed1(a, b, from, fromRow, c, cRow, k); break;
    case 2: packed2(a, b, from, fromRow, c, cRow, k); break;
    case 3: packed3(a, b, from, fromRow, c, cRow, k); break;
    case 4: packed4(a, b, from, fromRow, c, cRow, k); break;
    case 5: packed5(a, b, from, fromRow, c, cRow, k); break;
    case 6: if (ROWS > 5) packed6(a, b, from, fromRow, c, cRow, k); break;
  }
}

/** Two of them, with the same rows of a. */
export function packedTwins(
  rows: i32, a: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32,
): void {
  switch (rows) {
    case 1: if (TWINS) packedTwins1(a, b, bStep, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 2: if (TWINS) packedTwins2(a, b, bStep, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 3: if (TWINS) packedTwins3(a, b, bStep, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 4: if (TWINS) packedTwins4(a, b, bStep, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 5: if (TWINS) packedTwins5(a, b, bStep, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 6: if (TWINS) packedTwins6(a, b, bStep, from, fromRow, fromStep, c, cRow, cStep, k); break;
  }
}

/** A tile of `rows` rows. */
export function tableTile(rows: i32, a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  switch (rows) {
    case 1: table1(a, b, tab, from, fromRow, c, cRow, k); break;
    case 2: table2(a, b, tab, from, fromRow, c, cRow, k); break;
    case 3: table3(a, b, tab, from, fromRow, c, cRow, k); break;
    case 4: table4(a, b, tab, from, fromRow, c, cRow, k); break;
    case 5: table5(a, b, tab, from, fromRow, c, cRow, k); break;
    case 6: if (ROWS > 5) table6(a, b, tab, from, fromRow, c, cRow, k); break;
  }
}

/** Two of them, with the same rows of a. */
export function tableTwins(
  rows: i32, a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32,
): void {
  switch (rows) {
    case 1: if (TWINS) tableTwins1(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 2: if (TWINS) tableTwins2(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 3: if (TWINS) tableTwins3(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 4: if (TWINS) tableTwins4(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 5: if (TWINS) tableTwins5(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 6: if (TWINS) tableTwins6(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
  }
}

/** A tile of `rows` rows. */
export function spotsTile(rows: i32, a: usize, b: usize, tab: usize, from: usize, fromRow: usize, c: usize, cRow: usize, k: i32): void {
  switch (rows) {
    case 1: spots1(a, b, tab, from, fromRow, c, cRow, k); break;
    case 2: spots2(a, b, tab, from, fromRow, c, cRow, k); break;
    case 3: spots3(a, b, tab, from, fromRow, c, cRow, k); break;
    case 4: spots4(a, b, tab, from, fromRow, c, cRow, k); break;
    case 5: spots5(a, b, tab, from, fromRow, c, cRow, k); break;
    case 6: if (ROWS > 5) spots6(a, b, tab, from, fromRow, c, cRow, k); break;
  }
}

/** Two of them, with the same rows of a. */
export function spotsTwins(
  rows: i32, a: usize, b: usize, bStep: usize, tab: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, cStep: usize, k: i32,
): void {
  switch (rows) {
    case 1: if (TWINS) spotsTwins1(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 2: if (TWINS) spotsTwins2(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 3: if (TWINS) spotsTwins3(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 4: if (TWINS) spotsTwins4(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 5: if (TWINS) spotsTwins5(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
    case 6: if (TWINS) spotsTwins6(a, b, bStep, tab, from, fromRow, fromStep, c, cRow, cStep, k); break;
  }
}

/** Tiles of `rows` rows side by side, `columns` wide rounded up to whole tiles. */
export function sweptTiles(
  rows: i32, a: usize, aStep: usize, b: usize, bStep: usize, from: usize, fromRow: usize, fromStep: usize, c: usize, cRow: usize, k: i32, columns: i32,
): void {
  switch (rows) {
    case 1: swept1(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 2: swept2(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 3: swept3(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 4: swept4(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 5: swept5(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 6: if (SWEPT_ROWS > 5) swept6(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 7: if (SWEPT_ROWS > 6) swept7(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 8: if (SWEPT_ROWS > 7) swept8(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 9: if (SWEPT_ROWS > 8) swept9(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 10: if (SWEPT_ROWS > 9) swept10(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 11: if (SWEPT_ROWS > 10) swept11(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
    case 12: if (SWEPT_ROWS > 11) swept12(a, aStep, b, bStep, from, fromRow, fromStep, c, cRow, k, columns); break;
  }
}

/** The pixels of a block of an output for `height` channels: see pairs… above. */
export function pairsOf(
  height: i32, a: usize, x: usize, xRow: usize, tab: usize, k: i32, from: usize, y: usize, yChannel: usize, yRow: usize, rows: i32, cols: i32, least: f32, most: f32,
): void {
  if (SEGMENT === 4) {
    switch (height) {
      case 1: pairs4x1(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 2: pairs4x2(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 3: pairs4x3(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 4: pairs4x4(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 5: pairs4x5(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 6: if (PAIR_ROWS > 5) pairs4x6(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
    }
  }
  if (SEGMENT === 8) {
    switch (height) {
      case 1: pairs8x1(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 2: pairs8x2(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 3: pairs8x3(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 4: pairs8x4(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 5: pairs8x5(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
      case 6: if (PAIR_ROWS > 5) pairs8x6(a, x, xRow, tab, k, from, y, yChannel, yRow, rows, cols, least, most); break;
    }
  }
}

export function dots4_1x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); t += sumRow;
}

export function dots4_1x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); t += sumRow;
  let c1_0 = v128.load(t, 0); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); t += sumRow;
  v128.store(t, c1_0, 0); t += sumRow;
}

export function dots4_1x3(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); t += sumRow;
  let c1_0 = v128.load(t, 0); t += sumRow;
  let c2_0 = v128.load(t, 0); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0);
    const q2 = q1 + gChannel; const g2_0 = v128.load(q2, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); c2_0 = madd(v, g2_0, c2_0);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); t += sumRow;
  v128.store(t, c1_0, 0); t += sumRow;
  v128.store(t, c2_0, 0); t += sumRow;
}

export function dots4_2x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); t += sumRow;
}

export function dots4_2x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 32); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1); c1_1 = madd(v, g1_0, c1_1);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 32); t += sumRow;
}

export function dots4_2x3(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 32); t += sumRow;
  let c2_0 = v128.load(t, 0); let c2_1 = v128.load(t, 32); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0);
    const q2 = q1 + gChannel; const g2_0 = v128.load(q2, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); c2_0 = madd(v, g2_0, c2_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1); c1_1 = madd(v, g1_0, c1_1); c2_1 = madd(v, g2_0, c2_1);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 32); t += sumRow;
  v128.store(t, c2_0, 0); v128.store(t, c2_1, 32); t += sumRow;
}

export function dots4_3x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); let c0_2 = v128.load(t, 64); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1);
    v = v128.load(p, 8); c0_2 = madd(v, g0_0, c0_2);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); v128.store(t, c0_2, 64); t += sumRow;
}

export function dots4_3x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); let c0_2 = v128.load(t, 64); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 32); let c1_2 = v128.load(t, 64); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1); c1_1 = madd(v, g1_0, c1_1);
    v = v128.load(p, 8); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); v128.store(t, c0_2, 64); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 32); v128.store(t, c1_2, 64); t += sumRow;
}

export function dots4_3x3(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); let c0_2 = v128.load(t, 64); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 32); let c1_2 = v128.load(t, 64); t += sumRow;
  let c2_0 = v128.load(t, 0); let c2_1 = v128.load(t, 32); let c2_2 = v128.load(t, 64); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0);
    const q2 = q1 + gChannel; const g2_0 = v128.load(q2, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); c2_0 = madd(v, g2_0, c2_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1); c1_1 = madd(v, g1_0, c1_1); c2_1 = madd(v, g2_0, c2_1);
    v = v128.load(p, 8); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2); c2_2 = madd(v, g2_0, c2_2);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); v128.store(t, c0_2, 64); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 32); v128.store(t, c1_2, 64); t += sumRow;
  v128.store(t, c2_0, 0); v128.store(t, c2_1, 32); v128.store(t, c2_2, 64); t += sumRow;
}

export function dots4_4x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); let c0_2 = v128.load(t, 64); let c0_3 = v128.load(t, 96); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1);
    v = v128.load(p, 8); c0_2 = madd(v, g0_0, c0_2);
    v = v128.load(p, 12); c0_3 = madd(v, g0_0, c0_3);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); v128.store(t, c0_2, 64); v128.store(t, c0_3, 96); t += sumRow;
}

export function dots4_4x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); let c0_2 = v128.load(t, 64); let c0_3 = v128.load(t, 96); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 32); let c1_2 = v128.load(t, 64); let c1_3 = v128.load(t, 96); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1); c1_1 = madd(v, g1_0, c1_1);
    v = v128.load(p, 8); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2);
    v = v128.load(p, 12); c0_3 = madd(v, g0_0, c0_3); c1_3 = madd(v, g1_0, c1_3);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); v128.store(t, c0_2, 64); v128.store(t, c0_3, 96); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 32); v128.store(t, c1_2, 64); v128.store(t, c1_3, 96); t += sumRow;
}

export function dots4_5x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); let c0_2 = v128.load(t, 64); let c0_3 = v128.load(t, 96); let c0_4 = v128.load(t, 128); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const p4 = x4 + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1);
    v = v128.load(p, 8); c0_2 = madd(v, g0_0, c0_2);
    v = v128.load(p, 12); c0_3 = madd(v, g0_0, c0_3);
    v = v128.load(p4, 0); c0_4 = madd(v, g0_0, c0_4);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); v128.store(t, c0_2, 64); v128.store(t, c0_3, 96); v128.store(t, c0_4, 128); t += sumRow;
}

export function dots4_5x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 32); let c0_2 = v128.load(t, 64); let c0_3 = v128.load(t, 96); let c0_4 = v128.load(t, 128); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 32); let c1_2 = v128.load(t, 64); let c1_3 = v128.load(t, 96); let c1_4 = v128.load(t, 128); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const p4 = x4 + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0);
    v = v128.load(p, 4); c0_1 = madd(v, g0_0, c0_1); c1_1 = madd(v, g1_0, c1_1);
    v = v128.load(p, 8); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2);
    v = v128.load(p, 12); c0_3 = madd(v, g0_0, c0_3); c1_3 = madd(v, g1_0, c1_3);
    v = v128.load(p4, 0); c0_4 = madd(v, g0_0, c0_4); c1_4 = madd(v, g1_0, c1_4);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 32); v128.store(t, c0_2, 64); v128.store(t, c0_3, 96); v128.store(t, c0_4, 128); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 32); v128.store(t, c1_2, 64); v128.store(t, c1_3, 96); v128.store(t, c1_4, 128); t += sumRow;
}

export function dots8_1x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += sumRow;
}

export function dots8_1x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 16); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0); const g1_1 = v128.load(q1, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1); c1_1 = madd(v, g1_1, c1_1);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += sumRow;
}

export function dots8_1x3(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 16); t += sumRow;
  let c2_0 = v128.load(t, 0); let c2_1 = v128.load(t, 16); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0); const g1_1 = v128.load(q1, 16);
    const q2 = q1 + gChannel; const g2_0 = v128.load(q2, 0); const g2_1 = v128.load(q2, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); c2_0 = madd(v, g2_0, c2_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1); c1_1 = madd(v, g1_1, c1_1); c2_1 = madd(v, g2_1, c2_1);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); t += sumRow;
  v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); t += sumRow;
}

export function dots8_2x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); t += sumRow;
}

export function dots8_2x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 16); let c1_2 = v128.load(t, 32); let c1_3 = v128.load(t, 48); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0); const g1_1 = v128.load(q1, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1); c1_1 = madd(v, g1_1, c1_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3); c1_3 = madd(v, g1_1, c1_3);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); v128.store(t, c1_2, 32); v128.store(t, c1_3, 48); t += sumRow;
}

export function dots8_2x3(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 16); let c1_2 = v128.load(t, 32); let c1_3 = v128.load(t, 48); t += sumRow;
  let c2_0 = v128.load(t, 0); let c2_1 = v128.load(t, 16); let c2_2 = v128.load(t, 32); let c2_3 = v128.load(t, 48); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0); const g1_1 = v128.load(q1, 16);
    const q2 = q1 + gChannel; const g2_0 = v128.load(q2, 0); const g2_1 = v128.load(q2, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); c2_0 = madd(v, g2_0, c2_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1); c1_1 = madd(v, g1_1, c1_1); c2_1 = madd(v, g2_1, c2_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2); c2_2 = madd(v, g2_0, c2_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3); c1_3 = madd(v, g1_1, c1_3); c2_3 = madd(v, g2_1, c2_3);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); v128.store(t, c1_2, 32); v128.store(t, c1_3, 48); t += sumRow;
  v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); v128.store(t, c2_2, 32); v128.store(t, c2_3, 48); t += sumRow;
}

export function dots8_3x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); let c0_4 = v128.load(t, 64); let c0_5 = v128.load(t, 80); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3);
    v = v128.load(p, 8); c0_4 = madd(v, g0_0, c0_4); v = v128.load(p, 24); c0_5 = madd(v, g0_1, c0_5);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); v128.store(t, c0_4, 64); v128.store(t, c0_5, 80); t += sumRow;
}

export function dots8_3x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); let c0_4 = v128.load(t, 64); let c0_5 = v128.load(t, 80); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 16); let c1_2 = v128.load(t, 32); let c1_3 = v128.load(t, 48); let c1_4 = v128.load(t, 64); let c1_5 = v128.load(t, 80); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0); const g1_1 = v128.load(q1, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1); c1_1 = madd(v, g1_1, c1_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3); c1_3 = madd(v, g1_1, c1_3);
    v = v128.load(p, 8); c0_4 = madd(v, g0_0, c0_4); c1_4 = madd(v, g1_0, c1_4); v = v128.load(p, 24); c0_5 = madd(v, g0_1, c0_5); c1_5 = madd(v, g1_1, c1_5);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); v128.store(t, c0_4, 64); v128.store(t, c0_5, 80); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); v128.store(t, c1_2, 32); v128.store(t, c1_3, 48); v128.store(t, c1_4, 64); v128.store(t, c1_5, 80); t += sumRow;
}

export function dots8_3x3(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); let c0_4 = v128.load(t, 64); let c0_5 = v128.load(t, 80); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 16); let c1_2 = v128.load(t, 32); let c1_3 = v128.load(t, 48); let c1_4 = v128.load(t, 64); let c1_5 = v128.load(t, 80); t += sumRow;
  let c2_0 = v128.load(t, 0); let c2_1 = v128.load(t, 16); let c2_2 = v128.load(t, 32); let c2_3 = v128.load(t, 48); let c2_4 = v128.load(t, 64); let c2_5 = v128.load(t, 80); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0); const g1_1 = v128.load(q1, 16);
    const q2 = q1 + gChannel; const g2_0 = v128.load(q2, 0); const g2_1 = v128.load(q2, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); c2_0 = madd(v, g2_0, c2_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1); c1_1 = madd(v, g1_1, c1_1); c2_1 = madd(v, g2_1, c2_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2); c2_2 = madd(v, g2_0, c2_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3); c1_3 = madd(v, g1_1, c1_3); c2_3 = madd(v, g2_1, c2_3);
    v = v128.load(p, 8); c0_4 = madd(v, g0_0, c0_4); c1_4 = madd(v, g1_0, c1_4); c2_4 = madd(v, g2_0, c2_4); v = v128.load(p, 24); c0_5 = madd(v, g0_1, c0_5); c1_5 = madd(v, g1_1, c1_5); c2_5 = madd(v, g2_1, c2_5);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); v128.store(t, c0_4, 64); v128.store(t, c0_5, 80); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); v128.store(t, c1_2, 32); v128.store(t, c1_3, 48); v128.store(t, c1_4, 64); v128.store(t, c1_5, 80); t += sumRow;
  v128.store(t, c2_0, 0); v128.store(t, c2_1, 16); v128.store(t, c2_2, 32); v128.store(t, c2_3, 48); v128.store(t, c2_4, 64); v128.store(t, c2_5, 80); t += sumRow;
}

export function dots8_4x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); let c0_4 = v128.load(t, 64); let c0_5 = v128.load(t, 80); let c0_6 = v128.load(t, 96); let c0_7 = v128.load(t, 112); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3);
    v = v128.load(p, 8); c0_4 = madd(v, g0_0, c0_4); v = v128.load(p, 24); c0_5 = madd(v, g0_1, c0_5);
    v = v128.load(p, 12); c0_6 = madd(v, g0_0, c0_6); v = v128.load(p, 28); c0_7 = madd(v, g0_1, c0_7);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); v128.store(t, c0_4, 64); v128.store(t, c0_5, 80); v128.store(t, c0_6, 96); v128.store(t, c0_7, 112); t += sumRow;
}

export function dots8_4x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); let c0_4 = v128.load(t, 64); let c0_5 = v128.load(t, 80); let c0_6 = v128.load(t, 96); let c0_7 = v128.load(t, 112); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 16); let c1_2 = v128.load(t, 32); let c1_3 = v128.load(t, 48); let c1_4 = v128.load(t, 64); let c1_5 = v128.load(t, 80); let c1_6 = v128.load(t, 96); let c1_7 = v128.load(t, 112); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0); const g1_1 = v128.load(q1, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1); c1_1 = madd(v, g1_1, c1_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3); c1_3 = madd(v, g1_1, c1_3);
    v = v128.load(p, 8); c0_4 = madd(v, g0_0, c0_4); c1_4 = madd(v, g1_0, c1_4); v = v128.load(p, 24); c0_5 = madd(v, g0_1, c0_5); c1_5 = madd(v, g1_1, c1_5);
    v = v128.load(p, 12); c0_6 = madd(v, g0_0, c0_6); c1_6 = madd(v, g1_0, c1_6); v = v128.load(p, 28); c0_7 = madd(v, g0_1, c0_7); c1_7 = madd(v, g1_1, c1_7);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); v128.store(t, c0_4, 64); v128.store(t, c0_5, 80); v128.store(t, c0_6, 96); v128.store(t, c0_7, 112); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); v128.store(t, c1_2, 32); v128.store(t, c1_3, 48); v128.store(t, c1_4, 64); v128.store(t, c1_5, 80); v128.store(t, c1_6, 96); v128.store(t, c1_7, 112); t += sumRow;
}

export function dots8_5x1(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); let c0_4 = v128.load(t, 64); let c0_5 = v128.load(t, 80); let c0_6 = v128.load(t, 96); let c0_7 = v128.load(t, 112); let c0_8 = v128.load(t, 128); let c0_9 = v128.load(t, 144); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const p4 = x4 + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3);
    v = v128.load(p, 8); c0_4 = madd(v, g0_0, c0_4); v = v128.load(p, 24); c0_5 = madd(v, g0_1, c0_5);
    v = v128.load(p, 12); c0_6 = madd(v, g0_0, c0_6); v = v128.load(p, 28); c0_7 = madd(v, g0_1, c0_7);
    v = v128.load(p4, 0); c0_8 = madd(v, g0_0, c0_8); v = v128.load(p4, 16); c0_9 = madd(v, g0_1, c0_9);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); v128.store(t, c0_4, 64); v128.store(t, c0_5, 80); v128.store(t, c0_6, 96); v128.store(t, c0_7, 112); v128.store(t, c0_8, 128); v128.store(t, c0_9, 144); t += sumRow;
}

export function dots8_5x2(x: usize, x4: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  const end = tab + (<usize>k << 3);
  let t = sums;
  let c0_0 = v128.load(t, 0); let c0_1 = v128.load(t, 16); let c0_2 = v128.load(t, 32); let c0_3 = v128.load(t, 48); let c0_4 = v128.load(t, 64); let c0_5 = v128.load(t, 80); let c0_6 = v128.load(t, 96); let c0_7 = v128.load(t, 112); let c0_8 = v128.load(t, 128); let c0_9 = v128.load(t, 144); t += sumRow;
  let c1_0 = v128.load(t, 0); let c1_1 = v128.load(t, 16); let c1_2 = v128.load(t, 32); let c1_3 = v128.load(t, 48); let c1_4 = v128.load(t, 64); let c1_5 = v128.load(t, 80); let c1_6 = v128.load(t, 96); let c1_7 = v128.load(t, 112); let c1_8 = v128.load(t, 128); let c1_9 = v128.load(t, 144); t += sumRow;
  do {
    const offset = <usize>load<i32>(tab);
    const p = x + offset;
    const p4 = x4 + offset;
    const q0 = g + <usize>load<i32>(tab, 4);
    const g0_0 = v128.load(q0, 0); const g0_1 = v128.load(q0, 16);
    const q1 = q0 + gChannel; const g1_0 = v128.load(q1, 0); const g1_1 = v128.load(q1, 16);
    let v: v128;
    v = v128.load(p, 0); c0_0 = madd(v, g0_0, c0_0); c1_0 = madd(v, g1_0, c1_0); v = v128.load(p, 16); c0_1 = madd(v, g0_1, c0_1); c1_1 = madd(v, g1_1, c1_1);
    v = v128.load(p, 4); c0_2 = madd(v, g0_0, c0_2); c1_2 = madd(v, g1_0, c1_2); v = v128.load(p, 20); c0_3 = madd(v, g0_1, c0_3); c1_3 = madd(v, g1_1, c1_3);
    v = v128.load(p, 8); c0_4 = madd(v, g0_0, c0_4); c1_4 = madd(v, g1_0, c1_4); v = v128.load(p, 24); c0_5 = madd(v, g0_1, c0_5); c1_5 = madd(v, g1_1, c1_5);
    v = v128.load(p, 12); c0_6 = madd(v, g0_0, c0_6); c1_6 = madd(v, g1_0, c1_6); v = v128.load(p, 28); c0_7 = madd(v, g0_1, c0_7); c1_7 = madd(v, g1_1, c1_7);
    v = v128.load(p4, 0); c0_8 = madd(v, g0_0, c0_8); c1_8 = madd(v, g1_0, c1_8); v = v128.load(p4, 16); c0_9 = madd(v, g0_1, c0_9); c1_9 = madd(v, g1_1, c1_9);
    tab += 8;
  } while (tab !== end);
  t = sums;
  v128.store(t, c0_0, 0); v128.store(t, c0_1, 16); v128.store(t, c0_2, 32); v128.store(t, c0_3, 48); v128.store(t, c0_4, 64); v128.store(t, c0_5, 80); v128.store(t, c0_6, 96); v128.store(t, c0_7, 112); v128.store(t, c0_8, 128); v128.store(t, c0_9, 144); t += sumRow;
  v128.store(t, c1_0, 0); v128.store(t, c1_1, 16); v128.store(t, c1_2, 32); v128.store(t, c1_3, 48); v128.store(t, c1_4, 64); v128.store(t, c1_5, 80); v128.store(t, c1_6, 96); v128.store(t, c1_7, 112); v128.store(t, c1_8, 128); v128.store(t, c1_9, 144); t += sumRow;
}

/** Adds to `channels` × `taps` sums, vectors of 4 lanes 32 bytes apart: see dots… above. */
export function dots4Of(channels: i32, taps: i32, x: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  switch (taps * 4 + channels) {
    case 5: dots4_1x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 6: dots4_1x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 7: dots4_1x3(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 9: dots4_2x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 10: dots4_2x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 11: dots4_2x3(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 13: dots4_3x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 14: dots4_3x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 15: dots4_3x3(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 17: dots4_4x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 18: dots4_4x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 21: dots4_5x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 22: dots4_5x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
  }
}

/** Adds to `channels` × `taps` sums, vectors of 8 lanes 32 bytes apart: see dots… above. */
export function dots8Of(channels: i32, taps: i32, x: usize, g: usize, gChannel: usize, tab: usize, k: i32, sums: usize, sumRow: usize): void {
  switch (taps * 4 + channels) {
    case 5: dots8_1x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 6: dots8_1x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 7: dots8_1x3(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 9: dots8_2x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 10: dots8_2x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 11: dots8_2x3(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 13: dots8_3x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 14: dots8_3x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 15: dots8_3x3(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 17: dots8_4x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 18: dots8_4x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 21: dots8_5x1(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
    case 22: dots8_5x2(x, x + 16, g, gChannel, tab, k, sums, sumRow); break;
  }
}

export function inner4(a0: usize, aRow: usize, b: usize, k: i32, from: usize, sums: usize): void {
  let a1 = a0 + aRow;
  const end = a0 + (<usize>k << 2);
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from, 32); let c0_3 = v128.load(from, 48); let c0_4 = v128.load(from, 64);
  let c1_0 = v128.load(from, 80); let c1_1 = v128.load(from, 96); let c1_2 = v128.load(from, 112); let c1_3 = v128.load(from, 128); let c1_4 = v128.load(from, 144);
  do {
    let v: v128;
    const v0_0 = v128.load(a0, 0);
    const v1_0 = v128.load(a1, 0);
    v = v128.load(b, 0); c0_0 = madd(v0_0, v, c0_0); c1_0 = madd(v1_0, v, c1_0);
    v = v128.load(b, 16); c0_1 = madd(v0_0, v, c0_1); c1_1 = madd(v1_0, v, c1_1);
    v = v128.load(b, 32); c0_2 = madd(v0_0, v, c0_2); c1_2 = madd(v1_0, v, c1_2);
    v = v128.load(b, 48); c0_3 = madd(v0_0, v, c0_3); c1_3 = madd(v1_0, v, c1_3);
    v = v128.load(b, 64); c0_4 = madd(v0_0, v, c0_4); c1_4 = madd(v1_0, v, c1_4);
    a0 += 16;
    a1 += 16;
    b += 80;
  } while (a0 !== end);
  v128.store(sums, c0_0, 0); v128.store(sums, c0_1, 16); v128.store(sums, c0_2, 32); v128.store(sums, c0_3, 48); v128.store(sums, c0_4, 64);
  v128.store(sums, c1_0, 80); v128.store(sums, c1_1, 96); v128.store(sums, c1_2, 112); v128.store(sums, c1_3, 128); v128.store(sums, c1_4, 144);
}

export function inner8(a0: usize, aRow: usize, b: usize, k: i32, from: usize, sums: usize): void {
  let a1 = a0 + aRow;
  const end = a0 + (<usize>k << 2);
  let c0_0 = v128.load(from, 0); let c0_1 = v128.load(from, 16); let c0_2 = v128.load(from, 32); let c0_3 = v128.load(from, 48); let c0_4 = v128.load(from, 64); let c0_5 = v128.load(from, 80); let c0_6 = v128.load(from, 96); let c0_7 = v128.load(from, 112); let c0_8 = v128.load(from, 128); let c0_9 = v128.load(from, 144);
  let c1_0 = v128.load(from, 160); let c1_1 = v128.load(from, 176); let c1_2 = v128.load(from, 192); let c1_3 = v128.load(from, 208); let c1_4 = v128.load(from, 224); let c1_5 = v128.load(from, 240); let c1_6 = v128.load(from, 256); let c1_7 = v128.load(from, 272); let c1_8 = v128.load(from, 288); let c1_9 = v128.load(from, 304);
  do {
    let v: v128;
    const v0_0 = v128.load(a0, 0);
    const v0_1 = v128.load(a0, 16);
    const v1_0 = v128.load(a1, 0);
    const v1_1 = v128.load(a1, 16);
    v = v128.load(b, 0); c0_0 = madd(v0_0, v, c0_0); c1_0 = madd(v1_0, v, c1_0);
    v = v128.load(b, 16); c0_1 = madd(v0_1, v, c0_1); c1_1 = madd(v1_1, v, c1_1);
    v = v128.load(b, 32); c0_2 = madd(v0_0, v, c0_2); c1_2 = madd(v1_0, v, c1_2);
    v = v128.load(b, 48); c0_3 = madd(v0_1, v, c0_3); c1_3 = madd(v1_1, v, c1_3);
    v = v128.load(b, 64); c0_4 = madd(v0_0, v, c0_4); c1_4 = madd(v1_0, v, c1_4);
    v = v128.load(b, 80); c0_5 = madd(v0_1, v, c0_5); c1_5 = madd(v1_1, v, c1_5);
    v = v128.load(b, 96); c0_6 = madd(v0_0, v, c0_6); c1_6 = madd(v1_0, v, c1_6);
    v = v128.load(b, 112); c0_7 = madd(v0_1, v, c0_7); c1_7 = madd(v1_1, v, c1_7);
    v = v128.load(b, 128); c0_8 = madd(v0_0, v, c0_8); c1_8 = madd(v1_0, v, c1_8);
    v = v128.load(b, 144); c0_9 = madd(v0_1, v, c0_9); c1_9 = madd(v1_1, v, c1_9);
    a0 += 32;
    a1 += 32;
    b += 160;
  } while (a0 !== end);
  v128.store(sums, c0_0, 0); v128.store(sums, c0_1, 16); v128.store(sums, c0_2, 32); v128.store(sums, c0_3, 48); v128.store(sums, c0_4, 64); v128.store(sums, c0_5, 80); v128.store(sums, c0_6, 96); v128.store(sums, c0_7, 112); v128.store(sums, c0_8, 128); v128.store(sums, c0_9, 144);
  v128.store(sums, c1_0, 160); v128.store(sums, c1_1, 176); v128.store(sums, c1_2, 192); v128.store(sums, c1_3, 208); v128.store(sums, c1_4, 224); v128.store(sums, c1_5, 240); v128.store(sums, c1_6, 256); v128.store(sums, c1_7, 272); v128.store(sums, c1_8, 288); v128.store(sums, c1_9, 304);
}
