/** Multiplies packed panels into a matrix. What is packed when, and how a product is cut, is planned in ../gemm.ts. */
import { packedTile, packedTwins, tableTile, tableTwins } from './micro';
import { COLUMNS, panelsOf } from './panels';
import { beginTile, spread } from './store';
import { ROWS, TWINS } from './variant';

export { packColumns as gemmPackColumns, packColumnsByTable as gemmPackColumnsByTable, packRows as gemmPackRows } from './panels';

/** Rows of the tallest panel. */
export function gemmRows(): i32 {
  return ROWS;
}

/** Columns that are computed at once: of one tile, or of twins. */
export function gemmColumns(): i32 {
  return TWINS ? 2 * COLUMNS : COLUMNS;
}

/**
 * y[m, n] = a · b + first, with strides of y and of first in bytes. `a` lies in panels k long, and so does b; or tab, if not 0, says
 * where its rows lie, at least COLUMNS long each. The sums are taken kc at a time. `own` holds a tile or twins, and `sums`, when k > kc,
 * all tiles: m × ⌈n⌉ floats. After `left` columns, and then after every `plane`, y goes on `skip` bytes further. Unless `most` is 0, results
 * are limited to 0 … `most`, between the tile and y: what is in an output is never read.
 */
export function gemmBlock(
  a: usize, b: usize, tab: usize, first: usize, firstRow: usize, firstCol: usize, y: usize, yRow: usize, yCol: usize,
  m: i32, n: i32, k: i32, kc: i32, own: usize, sums: usize, left: i32, plane: i32, skip: usize, most: f32,
): void {
  const panels = panelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  const sumRow = <usize>((n + COLUMNS - 1) & ~(COLUMNS - 1)) << 2;
  let k0 = 0;
  do {
    const count = min(kc, k - k0);
    const last = k0 + count >= k;
    let place = y;
    let rest = left;
    for (let j = 0; j < n; j += COLUMNS) {
      // Read in place, the last tile overlaps the one before: its elements come out the same.
      const c = tab === 0 ? j : min(j, n - COLUMNS);
      const bAt = tab === 0 ? b + ((<usize>j * <usize>k + <usize>(k0 * COLUMNS)) << 2) : b + (<usize>c << 2);
      const width = min(COLUMNS, n - c);
      const room = rest;
      // What begins without a sum lies aside, too.
      let whole = width === COLUMNS && yCol === 4 && rest >= COLUMNS && most === 0 && k > 0;
      let at = place - <usize>(j - c) * yCol;
      let sum = sums + (<usize>j << 2);
      place += <usize>COLUMNS * yCol;
      for (rest -= COLUMNS; rest <= 0; rest += plane) place += skip;
      // The second of twins: columns from the first one's begin to its own, its width, columns up to its plane's end, bytes in y from the first.
      const twins = TWINS && j + COLUMNS < n;
      let next = 0;
      let nextWidth = 0;
      let nextRoom = 0;
      let nextAt: usize = 0;
      if (twins) {
        j += COLUMNS;
        const d = tab === 0 ? j : min(j, n - COLUMNS);
        next = d - c;
        nextWidth = min(COLUMNS, n - d);
        nextRoom = rest;
        nextAt = place - <usize>(j - d) * yCol - at;
        whole = whole && nextWidth === COLUMNS && rest >= COLUMNS;
        place += <usize>COLUMNS * yCol;
        for (rest -= COLUMNS; rest <= 0; rest += plane) place += skip;
      }
      const bStep = tab === 0 ? <usize>k << 5 : <usize>next << 2;
      const fromStep = k0 === 0 ? <usize>next * firstCol : 32;
      let i = 0;
      for (let p = 0; p < panels; p++) {
        const h = least + <i32>(p < taller);
        const aAt = a + ((<usize>i * <usize>k + <usize>(k0 * h)) << 2);
        const from = k0 === 0 ? first + <usize>i * firstRow + <usize>c * firstCol : sum;
        const fromRow = k0 === 0 ? firstRow : sumRow;
        const to = !last ? sum : whole ? at : own;
        const toRow = !last ? sumRow : whole ? yRow : 32;
        const toStep = !last ? 32 : whole ? nextAt : <usize>h << 5;
        if (count === 0) {
          beginTile(h, from, fromRow, own);
          if (twins) beginTile(h, from + fromStep, fromRow, own + toStep);
        } else if (tab === 0) {
          if (twins) packedTwins(h, aAt, bAt, bStep, from, fromRow, fromStep, to, toRow, toStep, count);
          else packedTile(h, aAt, bAt, from, fromRow, to, toRow, count);
        } else if (twins) tableTwins(h, aAt, bAt, bStep, tab + (<usize>k0 << 2), from, fromRow, fromStep, to, toRow, toStep, count);
        else tableTile(h, aAt, bAt, tab + (<usize>k0 << 2), from, fromRow, to, toRow, count);
        if (last && !whole) {
          settle(own, h, width, room, plane, at, yRow, yCol, skip, most);
          if (twins) settle(own + toStep, h, nextWidth, nextRoom, plane, at + nextAt, yRow, yCol, skip, most);
        }
        at += <usize>h * yRow;
        sum += <usize>h * sumRow;
        i += h;
      }
    }
    k0 += count;
  } while (k0 < k);
}

/** A tile that lies aside goes to y: `room` columns, then after `skip` bytes up to `plane`, and so on. */
function settle(tile: usize, h: i32, width: i32, room: i32, plane: i32, to: usize, yRow: usize, yCol: usize, skip: usize, most: f32): void {
  for (let done = 0; done < width;) {
    const part = min(width - done, room);
    spread(tile + (<usize>done << 2), h, part, to, yRow, yCol, most);
    to += <usize>part * yCol + skip;
    done += part;
    room = plane;
  }
}

/**
 * Row i of `count` floats at from + i·fromRow goes to to + i·toRow, `step` elements from one to the next, for i < m. Between them and up to
 * `length` comes what is at gap + 32·i, four times.
 */
export function gemmSpace(from: usize, fromRow: usize, m: i32, count: i32, step: i32, length: i32, to: usize, toRow: usize, gap: usize): void {
  for (let i = 0; i < m; i++) {
    const blank = v128.load(gap);
    const lone = f32x4.extract_lane(blank, 0);
    let s = from;
    let t = to;
    let c = 0;
    // Four elements are eight of the row: the last may lie beyond it.
    if (step === 2) {
      for (const eights = min(count, length / 2); c + 4 <= eights; c += 4, s += 16, t += 32) {
        const v = v128.load(s);
        v128.store(t, v128.shuffle<f32>(v, blank, 0, 4, 1, 4));
        v128.store(t, v128.shuffle<f32>(v, blank, 2, 4, 3, 4), 16);
      }
    }
    for (; c < count; c++, s += 4) {
      store<f32>(t, load<f32>(s));
      t += 4;
      for (let e = c * step + 1; e < min(length, (c + 1) * step); e++, t += 4) store<f32>(t, lone);
    }
    const stop = to + (<usize>length << 2);
    for (; t + 16 <= stop; t += 16) v128.store(t, blank);
    for (; t < stop; t += 4) store<f32>(t, lone);
    from += fromRow;
    to += toRow;
    gap += 32;
  }
}
