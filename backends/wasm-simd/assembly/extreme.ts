/** Extremes of float32 [outer, n, inner] along n and where they are. NaN is an extreme, the first of equals counts. */
import { lanesOf, storeLanes } from './lanes';

// @ts-ignore: AssemblyScript allows decorators here
@inline
function more(least: bool, a: v128, b: v128): v128 {
  return least ? f32x4.min(a, b) : f32x4.max(a, b);
}

/** Of row after row of n ≥ 1 elements. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function ofRows(least: bool, x: usize, y: usize, rows: i32, n: i32): void {
  for (; rows > 0; rows--, y += 4) {
    const end = x + (<usize>n << 2);
    let v = v128.load32_splat(x);
    if (n < 4) for (; x < end; x += 4) v = more(least, v, v128.load32_splat(x));
    else {
      let w = v;
      for (; x + 32 <= end; x += 32) {
        v = more(least, v, v128.load(x));
        w = more(least, w, v128.load(x, 16));
      }
      if (x + 16 <= end) v = more(least, v, v128.load(x));
      // The last vector may overlap the one before.
      v = more(least, more(least, v, w), v128.load(end - 16));
      v = more(least, v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
      v = more(least, v, v128.shuffle<f32>(v, v, 1, 0, 3, 2));
    }
    v128.store_lane<f32>(y, v, 0);
    x = end;
  }
}

/** Of `columns` columns of n ≥ 1 rows, `inner` elements apart. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function ofColumns(least: bool, x: usize, y: usize, columns: i32, n: i32, inner: i32): void {
  const step = <usize>inner << 2;
  for (; columns >= 16; columns -= 16, x += 64, y += 64) {
    let a = v128.load(x);
    let b = v128.load(x, 16);
    let c = v128.load(x, 32);
    let d = v128.load(x, 48);
    for (let j = 1, at = x + step; j < n; j++, at += step) {
      a = more(least, a, v128.load(at));
      b = more(least, b, v128.load(at, 16));
      c = more(least, c, v128.load(at, 32));
      d = more(least, d, v128.load(at, 48));
    }
    v128.store(y, a);
    v128.store(y, b, 16);
    v128.store(y, c, 32);
    v128.store(y, d, 48);
  }
  for (; columns > 0; columns -= 4, x += 16, y += 16) {
    let v = lanesOf(x, columns);
    for (let j = 1, at = x + step; j < n; j++, at += step) v = more(least, v, lanesOf(at, columns));
    storeLanes(y, v, columns);
  }
}

export function f32_maxRows(x: usize, y: usize, rows: i32, n: i32): void { ofRows(false, x, y, rows, n); }
export function f32_minRows(x: usize, y: usize, rows: i32, n: i32): void { ofRows(true, x, y, rows, n); }
export function f32_maxColumns(x: usize, y: usize, columns: i32, n: i32, inner: i32): void { ofColumns(false, x, y, columns, n, inner); }
export function f32_minColumns(x: usize, y: usize, columns: i32, n: i32, inner: i32): void { ofColumns(true, x, y, columns, n, inner); }

/** A NaN beats all but another. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function beats(value: v128, most: v128): v128 {
  return v128.or(f32x4.gt(value, most), v128.and(f32x4.ne(value, value), f32x4.eq(most, most)));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function scalarBeats(value: f32, most: f32): bool {
  return value > most || (value != value && most == most);
}

/** First indices over rows of n ≥ 1 elements. The least are the greatest with their signs, the bits `flip`, changed. */
export function f32_argRows(x: usize, y: usize, rows: i32, n: i32, least: i32): void {
  const flip = i32x4.splat(least ? <i32>0x80000000 : 0);
  const sign: f32 = least ? -1 : 1;
  for (; rows > 0; rows--, y += 4, x += <usize>n << 2) {
    let most = sign * load<f32>(x);
    let best = 0;
    let j = 1;
    if (n >= 8) {
      let value = v128.xor(v128.load(x), flip);
      let index = i32x4(0, 1, 2, 3);
      let here = index;
      for (j = 4; j + 4 <= n; j += 4) {
        const v = v128.xor(v128.load(x + (<usize>j << 2)), flip);
        here = i32x4.add(here, i32x4.splat(4));
        const take = beats(v, value);
        value = v128.bitselect(v, value, take);
        index = v128.bitselect(here, index, take);
      }
      most = f32x4.extract_lane(value, 0);
      best = i32x4.extract_lane(index, 0);
      for (let lane = 1; lane < 4; lane++) {
        value = v128.shuffle<f32>(value, value, 1, 2, 3, 0);
        index = v128.shuffle<f32>(index, index, 1, 2, 3, 0);
        const v = f32x4.extract_lane(value, 0);
        const at = i32x4.extract_lane(index, 0);
        const equal = v == most || (v != v && most != most);
        if (scalarBeats(v, most) || (equal && at < best)) {
          most = v;
          best = at;
        }
      }
    }
    for (; j < n; j++) {
      const v = sign * load<f32>(x + (<usize>j << 2));
      if (scalarBeats(v, most)) {
        most = v;
        best = j;
      }
    }
    store<i32>(y, best);
  }
}

/** The same over columns. */
export function f32_argColumns(x: usize, y: usize, columns: i32, n: i32, inner: i32, least: i32): void {
  const flip = i32x4.splat(least ? <i32>0x80000000 : 0);
  const step = <usize>inner << 2;
  for (; columns > 0; columns -= 8, x += 32, y += 32) {
    const more = columns - 4;
    let v = v128.xor(lanesOf(x, columns), flip);
    let w = more > 0 ? v128.xor(lanesOf(x + 16, more), flip) : v;
    let p = i32x4.splat(0);
    let q = p;
    for (let j = 1, at = x + step; j < n; j++, at += step) {
      const here = i32x4.splat(j);
      const a = v128.xor(lanesOf(at, columns), flip);
      const takeA = beats(a, v);
      v = v128.bitselect(a, v, takeA);
      p = v128.bitselect(here, p, takeA);
      if (more > 0) {
        const b = v128.xor(lanesOf(at + 16, more), flip);
        const takeB = beats(b, w);
        w = v128.bitselect(b, w, takeB);
        q = v128.bitselect(here, q, takeB);
      }
    }
    storeLanes(y, p, columns);
    if (more > 0) storeLanes(y + 16, q, more);
  }
}
