/** Multiplies packed panels into a matrix. What is packed when, and how a product is cut, is planned in ../gemm.ts. */
import { packedTile } from './micro';
import { COLUMNS, panelsOf } from './panels';
import { ROWS } from './variant';

export { packColumns as gemmPackColumns, packRows as gemmPackRows } from './panels';

/** Rows of the tallest panel. */
export function gemmRows(): i32 {
  return ROWS;
}

/** Bytes of a tile kept aside, of any variant. */
const TILE: usize = 384;

/**
 * y[m, n] = a · b + first along n, which is as long as the panels of b, zeros for no bias. Panels
 * of `a` and `b` are k long; the sums are taken kc at a time. `own` holds a tile, then, when k > kc, all tiles: m × ⌈n⌉ floats.
 */
export function gemmBlock(a: usize, b: usize, first: usize, y: usize, yRow: usize, m: i32, n: i32, k: i32, kc: i32, own: usize): void {
  const panels = panelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  const sums = own + TILE;
  const sumRow = <usize>((n + COLUMNS - 1) & ~(COLUMNS - 1)) << 2;
  let k0 = 0;
  do {
    const count = min(kc, k - k0);
    const last = k0 + count >= k;
    for (let j = 0; j < n; j += COLUMNS) {
      const bAt = b + ((<usize>j * <usize>k + <usize>(k0 * COLUMNS)) << 2);
      const column = <usize>j << 2;
      const whole = j + COLUMNS <= n;
      let i = 0;
      for (let p = 0; p < panels; p++) {
        const h = least + <i32>(p < taller);
        const aAt = a + ((<usize>i * <usize>k + <usize>(k0 * h)) << 2);
        const sum = sums + <usize>i * sumRow + column;
        const from = k0 === 0 ? first + column : sum;
        const fromRow: usize = k0 === 0 ? 0 : sumRow;
        const to = y + <usize>i * yRow + column;
        if (!last) packedTile(h, aAt, bAt, from, fromRow, sum, sumRow, count);
        else if (whole) packedTile(h, aAt, bAt, from, fromRow, to, yRow, count);
        else {
          packedTile(h, aAt, bAt, from, fromRow, own, 32, count);
          for (let r = 0; r < h; r++) {
            for (let c = 0; c < n - j; c++) store<f32>(to + <usize>r * yRow + (<usize>c << 2), load<f32>(own + (<usize>(r * COLUMNS + c) << 2)));
          }
        }
        i += h;
      }
    }
    k0 += count;
  } while (k0 < k);
}
