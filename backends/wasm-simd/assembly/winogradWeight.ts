/**
 * The weight gradient by Winograd's algorithm: sums of products over tiles, which come transformed from winograd.ts, and the way back
 * to weights. What is summed in which chunks is planned in ../winogradWeight.ts. Strides are in bytes.
 */
import { dots1x1, dots1x2, dots2x1, dots2x2, dots3x1, dots3x2, gradWeight3, gradWeight5 } from './winogradLanes';
import { ROWS } from './variant';

const POSITIONS: i32 = 36;
const SIDE: i32 = 6;
/** Vectors that a sum consists of: two where V8 fuses them to one. */
const VECTORS: i32 = ROWS > 6 ? 2 : 1;
/** Columns of a tile of dot products: without a fused multiply-add the products need registers, too. */
const WIDTH: i32 = ASC_FEATURE_RELAXED_SIMD ? 3 : 2;

/** The sums of four rows of vectors, side by side. */
// @ts-ignore: decorator
@inline
function total(v0: v128, v1: v128, v2: v128, v3: v128): v128 {
  const low = f32x4.add(v128.shuffle<f32>(v0, v1, 0, 4, 1, 5), v128.shuffle<f32>(v0, v1, 2, 6, 3, 7));
  const high = f32x4.add(v128.shuffle<f32>(v2, v3, 0, 4, 1, 5), v128.shuffle<f32>(v2, v3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(low, high, 0, 1, 4, 5), v128.shuffle<f32>(low, high, 2, 3, 6, 7));
}

/**
 * For each position, adds to sums[n][m] the products of m rows of tiles of g with n of v, over k tiles, a multiple of 8; with `first` the sums begin
 * here. Rows of sums are `sumRow` bytes, room for m rounded up to four. Rows of g may be read up to that, too. `own` holds a tile's vectors.
 */
export function winogradSum(
  g: usize, gRow: usize, gPosition: usize, m: i32, v: usize, vRow: usize, vPosition: usize, n: i32, k: i32, first: i32,
  sums: usize, sumRow: usize, own: usize,
): void {
  const step = <usize>VECTORS << 4;
  const blocks = (n + WIDTH - 1) / WIDTH;
  const least = n / blocks;
  const wider = n % blocks;
  for (let p = 0; p < POSITIONS; p++) {
    for (let i = 0; i < m; i += 4) {
      const a = g + <usize>i * gRow;
      let b = v;
      let to = sums + (<usize>i << 2);
      for (let block = 0; block < blocks; block++) {
        const width = least + <i32>(block < wider);
        if (VECTORS === 1) {
          if (width === 3) dots3x1(a, gRow, b, vRow, k, own);
          else if (width === 2) dots2x1(a, gRow, b, vRow, k, own);
          else dots1x1(a, gRow, b, vRow, k, own);
        } else if (width === 3) dots3x2(a, gRow, b, vRow, k, own);
        else if (width === 2) dots2x2(a, gRow, b, vRow, k, own);
        else dots1x2(a, gRow, b, vRow, k, own);
        let s = own;
        for (let c = 0; c < width; c++) {
          let sum: v128;
          if (VECTORS === 1) sum = total(v128.load(s), v128.load(s, 16), v128.load(s, 32), v128.load(s, 48));
          else {
            sum = total(
              f32x4.add(v128.load(s), v128.load(s, 16)), f32x4.add(v128.load(s, 32), v128.load(s, 48)),
              f32x4.add(v128.load(s, 64), v128.load(s, 80)), f32x4.add(v128.load(s, 96), v128.load(s, 112)),
            );
          }
          v128.store(to, first ? sum : f32x4.add(v128.load(to), sum));
          s += 4 * step;
          to += sumRow;
        }
        b += <usize>width * vRow;
      }
    }
    g += gPosition;
    v += vPosition;
    sums += <usize>n * sumRow;
  }
}

/**
 * Adds up the sums of all chunks, in their order, and writes GᵀsG, r × r weights, of m rows, rowBytes apart at `to`. `own` holds 36 rows of sums, then
 * 36 + 6r vectors. Rows of sums have m rounded up to four.
 */
export function winogradGradWeight(sums: usize, position: usize, chunk: usize, chunks: i32, m: i32, r: i32, to: usize, rowBytes: usize, own: usize): void {
  const sumRow = <usize>((m + 3) & ~3) << 2;
  const here = own + <usize>POSITIONS * sumRow;
  const half = here + <usize>(POSITIONS << 4);
  const row = <usize>(SIDE << 4);
  for (let p = 0; p < POSITIONS; p++) {
    const at = own + <usize>p * sumRow;
    memory.copy(at, sums, sumRow);
    for (let c = 1; c < chunks; c++) {
      const from = sums + <usize>c * chunk;
      for (let i: usize = 0; i < sumRow; i += 16) v128.store(at + i, f32x4.add(v128.load(at + i), v128.load(from + i)));
    }
    sums += position;
  }
  for (let i = 0; i < m; i += 4) {
    const four = own + (<usize>i << 2);
    // Down the columns into r rows of six, then along them into r × r.
    if (r === 3) {
      for (let j = 0; j < SIDE; j++) gradWeight3(four + <usize>j * sumRow, <usize>SIDE * sumRow, half + <usize>(j << 4), row);
      for (let j = 0; j < 3; j++) gradWeight3(half + <usize>j * row, 16, here + <usize>(3 * j << 4), 16);
    } else {
      for (let j = 0; j < SIDE; j++) gradWeight5(four + <usize>j * sumRow, <usize>SIDE * sumRow, half + <usize>(j << 4), row);
      for (let j = 0; j < 5; j++) gradWeight5(half + <usize>j * row, 16, here + <usize>(5 * j << 4), 16);
    }
    const rows = min(4, m - i);
    for (let l = 0; l < rows; l++) {
      const at = to + <usize>(i + l) * rowBytes;
      for (let e = 0; e < r * r; e++) store<f32>(at + (<usize>e << 2), load<f32>(here + <usize>((e << 4) + (l << 2))));
    }
  }
}
