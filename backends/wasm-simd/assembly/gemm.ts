/** Multiplies packed panels into a matrix. What is packed when, and how a product is cut, is planned in ../gemm.ts. */
import { packedTile, tableTile } from './micro';
import { COLUMNS, panelsOf } from './panels';
import { beginTile, spread } from './store';
import { ROWS } from './variant';

export { packColumns as gemmPackColumns, packRows as gemmPackRows } from './panels';
export { convSplat as gemmSplat } from './store';

/** Rows of the tallest panel. */
export function gemmRows(): i32 {
  return ROWS;
}

/**
 * y[m, n] = a · b + first, with strides of y and of first in bytes. `a` lies in panels k long, and so does b; or tab, if not 0, says
 * where its rows lie, at least COLUMNS long each. The sums are taken kc at a time. `own` holds a tile, and `sums`, when k > kc, all
 * tiles: m × ⌈n⌉ floats.
 */
export function gemmBlock(
  a: usize, b: usize, tab: usize, first: usize, firstRow: usize, firstCol: usize, y: usize, yRow: usize, yCol: usize,
  m: i32, n: i32, k: i32, kc: i32, own: usize, sums: usize,
): void {
  const panels = panelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  const sumRow = <usize>((n + COLUMNS - 1) & ~(COLUMNS - 1)) << 2;
  let k0 = 0;
  do {
    const count = min(kc, k - k0);
    const last = k0 + count >= k;
    for (let j = 0; j < n; j += COLUMNS) {
      // Read in place, the last tile overlaps the one before: its elements come out the same.
      const c = tab === 0 ? j : min(j, n - COLUMNS);
      const bAt = tab === 0 ? b + ((<usize>j * <usize>k + <usize>(k0 * COLUMNS)) << 2) : b + (<usize>c << 2);
      const width = min(COLUMNS, n - c);
      const whole = width === COLUMNS && yCol === 4;
      let i = 0;
      for (let p = 0; p < panels; p++) {
        const h = least + <i32>(p < taller);
        const aAt = a + ((<usize>i * <usize>k + <usize>(k0 * h)) << 2);
        const sum = sums + <usize>i * sumRow + (<usize>j << 2);
        const from = k0 === 0 ? first + <usize>i * firstRow + <usize>c * firstCol : sum;
        const fromRow = k0 === 0 ? firstRow : sumRow;
        const at = y + <usize>i * yRow + <usize>c * yCol;
        const to = !last ? sum : whole ? at : own;
        const toRow = !last ? sumRow : whole ? yRow : 32;
        if (count === 0) beginTile(h, from, fromRow, own);
        else if (tab === 0) packedTile(h, aAt, bAt, from, fromRow, to, toRow, count);
        else tableTile(h, aAt, bAt, tab + (<usize>k0 << 2), from, fromRow, to, toRow, count);
        if (count === 0 || (last && !whole)) spread(own, h, width, at, yRow, yCol, 0);
        i += h;
      }
    }
    k0 += count;
  } while (k0 < k);
}
