/** Products of matrices whose rows both lie along k: sums are vectors along it, and no element is turned. What is cut how is planned in ../inner.ts. */
import { inner4, inner8 } from './micro';
import { SEGMENT } from './variant';

/** Rows of either operand in a tile. */
const ROWS: i32 = 2;
const COLUMNS: i32 = 5;
/** Bytes of a tile's sums. */
const SUMS: usize = 4 * 10 * SEGMENT;

/** Elements of k that are summed side by side: k has to be a multiple of it. */
export function innerLanes(): i32 {
  return SEGMENT;
}

/**
 * Tiles begin … end − 1 of y[m, n] = first + a · bᵀ, rows of a and b contiguous, m at least 2, strides in bytes. Tiles are counted through `group` of
 * them side by side, then down, then on to the next group, whose rows of b are laid into panels at `panels`. The last tile of a column lies over the
 * one before and stores what is new. `own` holds SUMS zeros and a tile's sums.
 */
export function innerTiles(
  a: usize, aRow: usize, b: usize, bRow: usize, first: usize, firstRow: usize, firstCol: usize, y: usize, yRow: usize, yCol: usize,
  m: i32, n: i32, k: i32, group: i32, begin: i32, end: i32, own: usize, panels: usize,
): void {
  const down = (m + ROWS - 1) / ROWS;
  const across = (n + COLUMNS - 1) / COLUMNS;
  const sums = own + SUMS;
  const panel = <usize>(k * COLUMNS) << 2;
  let left = begin / (group * down) * group;
  const skipped = begin - left * down;
  let width = min(group, across - left);
  let i = skipped / width * ROWS;
  let column = skipped % width;
  let laid = -1;
  for (let tile = begin; tile < end; tile++) {
    if (laid !== left) {
      laid = left;
      for (let p = 0; p < width; p++) lay(b, bRow, (left + p) * COLUMNS, n, k, panels + <usize>p * panel);
    }
    const j = (left + column) * COLUMNS;
    const r = min(i, m - ROWS);
    const aAt = a + <usize>r * aRow;
    const bAt = panels + <usize>column * panel;
    if (SEGMENT === 8) inner8(aAt, aRow, bAt, k, own, sums);
    else inner4(aAt, aRow, bAt, k, own, sums);
    let s = sums;
    for (let p = r; p < r + ROWS; p++, s += SUMS / 2) {
      const most = fold(lanes(s, 0), lanes(s, 1), lanes(s, 2), lanes(s, 3));
      const last = lanes(s, 4);
      v128.store(s, most);
      v128.store(s, fold(last, last, last, last), 16);
      if (p < i) continue;
      let f = first + <usize>p * firstRow + <usize>j * firstCol;
      let from = s;
      let to = y + <usize>p * yRow + <usize>j * yCol;
      for (let q = min(COLUMNS, n - j); q > 0; q--) {
        store<f32>(to, load<f32>(from) + load<f32>(f));
        from += 4;
        f += firstCol;
        to += yCol;
      }
    }
    if (++column < width) continue;
    column = 0;
    i += ROWS;
    if (i < m) continue;
    i = 0;
    left += group;
    width = min(group, across - left);
  }
}

/** The panel of the rows from `row` on; past the last it has that one again, whose sums are not used. */
function lay(b: usize, bRow: usize, row: i32, n: i32, k: i32, to: usize): void {
  for (let j = 0; j < COLUMNS; j++) {
    let s = b + <usize>min(row + j, n - 1) * bRow;
    let t = to + <usize>(j * SEGMENT * 4);
    const end = s + (<usize>k << 2);
    for (; s !== end; s += 4 * SEGMENT) {
      v128.store(t, v128.load(s));
      if (SEGMENT === 8) v128.store(t, v128.load(s, 16), 16);
      t += 4 * COLUMNS * SEGMENT;
    }
  }
}

/** Sum number i of a row, in four lanes. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function lanes(s: usize, i: usize): v128 {
  if (SEGMENT === 4) return v128.load(s + i * 16);
  return f32x4.add(v128.load(s + i * 32), v128.load(s + i * 32, 16));
}

/** Lane i is the sum of the i-th argument's lanes. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function fold(a: v128, b: v128, c: v128, d: v128): v128 {
  const low = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const high = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(low, high, 0, 1, 4, 5), v128.shuffle<f32>(low, high, 2, 3, 6, 7));
}
