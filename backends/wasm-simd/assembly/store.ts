/** Stores of tiles that lie aside, rows of COLUMNS one after the other: narrower ones, strided ones, and those that are limited. */
import { COLUMNS, copy, transpose } from './panels';

/** The tile of h rows that begins as it is: for sums over nothing. */
export function beginTile(h: i32, from: usize, fromRow: usize, tile: usize): void {
  for (let i = 0; i < h; i++) {
    copy(from, tile, COLUMNS);
    from += fromRow;
    tile += 32;
  }
}

/** Elements (r, c) with r < h and c < width go to `to` + r·toRow + c·toCol, limited to 0 … `most` unless that is 0. Changes the tile. */
export function spread(tile: usize, h: i32, width: i32, to: usize, toRow: usize, toCol: usize, most: f32): void {
  if (most > 0) {
    const zero = f32x4.splat(0);
    const top = f32x4.splat(most);
    for (let t = tile, end = tile + (<usize>h << 5); t !== end; t += 16) v128.store(t, f32x4.pmin(f32x4.pmax(v128.load(t), zero), top));
  }
  let r = 0;
  if (toRow === 4) {
    for (; r + 4 <= h; r += 4) {
      transpose(tile, 32, width, to, toCol);
      tile += 128;
      to += 16;
    }
  }
  for (; r < h; r++) {
    if (toCol === 4) copy(tile, to, width);
    else {
      let t = to;
      for (let c = 0; c < width; c++) {
        store<f32>(t, load<f32>(tile + (<usize>c << 2)));
        t += toCol;
      }
    }
    tile += 32;
    to += toRow;
  }
}

/** Splats the m floats at `bias` (0 for zeros) to vectors, COLUMNS of each at `to`. */
export function splat(bias: usize, m: i32, to: usize): void {
  for (let i = 0; i < m; i++) {
    const v = bias === 0 ? f32x4.splat(0) : v128.load32_splat(bias + (<usize>i << 2));
    v128.store(to, v, 0);
    v128.store(to, v, 16);
    to += 32;
  }
}
