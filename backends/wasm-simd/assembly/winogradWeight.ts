/**
 * The weight gradient by Winograd's algorithm: transforms with channels side by side, so that a tile is a row of them; sums over tiles of
 * products of two such rows; and the way back to weights. What is summed in which chunks is planned in ../winogradWeight.ts. Strides are in bytes.
 */
import { sweptTiles } from './micro';
import { panelsOf } from './panels';
import { grad2Rows, grad4Rows, gradWeight3, gradWeight5, inputRows } from './winogradLanes';
import { bytes, LANES, POSITIONS, SIDE } from './winogradTile';

/** Bytes of a row of so many channels. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function rowOf(channels: i32): usize {
  return bytes((channels + LANES - 1) & ~(LANES - 1));
}

/** Where pixel `column` of a row lies whose pixels are sorted by remainder modulo m, `line` bytes of each. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function sorted(column: i32, m: i32, line: usize, cell: usize): usize {
  return <usize>(column & (m - 1)) * line + <usize>(column / m) * cell;
}

/** Four pixels of a row of four channels, each to a vector of its own. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function fourPixels(x: usize, channelBytes: usize, to: usize, column: i32, m: i32, line: usize, cell: usize): void {
  const v0 = v128.load(x);
  const v1 = v128.load(x + channelBytes);
  const v2 = v128.load(x + 2 * channelBytes);
  const v3 = v128.load(x + 3 * channelBytes);
  const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
  v128.store(to + sorted(column, m, line, cell), v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + sorted(column + 1, m, line, cell), v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + sorted(column + 2, m, line, cell), v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + sorted(column + 3, m, line, cell), v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/**
 * Transforms `down` × `across` neighbouring tiles, the first at pixel (lowH, lowW), into rows of channels at `to`, one for each tile: BᵀxB of inputs, whose
 * tiles overlap, or with `grad` A·x·Aᵀ of m × m pixels. Rows of channels have them rounded up to LANES, zeros where there are none; pixels
 * beyond the plane are 0. `own` holds the pixels and, for each column of positions, its rows by remainder modulo m.
 */
export function winogradCells(
  x: usize, channelBytes: usize, channels: i32, sizeH: i32, sizeW: i32, lowH: i32, lowW: i32, m: i32, down: i32, across: i32, grad: i32,
  to: usize, toPosition: usize, own: usize,
): void {
  const cell = rowOf(channels);
  const halo = grad ? 0 : SIDE - m;
  const rows = down * m + halo;
  const columns = across * m + halo;
  const line = <usize>((columns + m - 1) / m) * cell;
  const row = <usize>m * line;
  const left = max(0, -lowW);
  const right = min(columns, sizeW - lowW);
  const top = max(0, -lowH);
  const bottom = min(rows, sizeH - lowH);
  const lines = own + <usize>rows * row;
  memory.fill(own, 0, lines - own);
  for (let c = 0; c < channels; c += 4) {
    const four = x + <usize>c * channelBytes;
    const count = min(4, channels - c);
    for (let r = top; r < bottom; r++) {
      const from = four + bytes((lowH + r) * sizeW + lowW);
      const at = own + <usize>r * row + bytes(c);
      if (count === 4 && right - left >= 4) {
        let i = left;
        for (; i + 4 < right; i += 4) fourPixels(from + bytes(i), channelBytes, at, i, m, line, cell);
        fourPixels(from + bytes(right - 4), channelBytes, at, right - 4, m, line, cell);
      } else {
        for (let l = 0; l < count; l++) {
          const s = from + <usize>l * channelBytes;
          for (let i = left; i < right; i++) store<f32>(at + sorted(i, m, line, cell) + bytes(l), load<f32>(s + bytes(i)));
        }
      }
    }
  }
  const next = <usize>across * cell;
  const floats = <i32>(next >> 2);
  const plane = <usize>((rows + m - 1) / m) * next;
  const column = <usize>m * plane;
  for (let r = 0; r < rows; r++) {
    const a = own + <usize>r * row;
    transformed(a, line, cell, m, grad, lines + <usize>(r % m) * plane + <usize>(r / m) * next, column, floats);
  }
  for (let j = 0; j < SIDE; j++) {
    transformed(lines + <usize>j * column, plane, next, m, grad, to + <usize>j * toPosition, <usize>SIDE * toPosition, down * floats);
  }
}

/** The one-dimensional transform of what is sorted by remainder modulo m, `plane` bytes of each; the next m lie `next` bytes on. */
function transformed(a: usize, plane: usize, next: usize, m: i32, grad: i32, to: usize, toStep: usize, floats: i32): void {
  const b = a + plane;
  if (m === 2) {
    if (grad) grad2Rows(a, b, to, toStep, floats);
    else inputRows(a, b, a + next, b + next, a + 2 * next, b + 2 * next, to, toStep, floats);
  } else if (grad) grad4Rows(a, b, b + plane, b + 2 * plane, to, toStep, floats);
  else inputRows(a, b, b + plane, b + 2 * plane, a + next, b + next, to, toStep, floats);
}

/**
 * For each position, adds to sums[m][n] the products of m channels of g with n of v, over k tiles; with `zeros`, a row of LANES of them, the sums begin
 * here. Rows of sums have n rounded up to LANES.
 */
export function winogradSum(g: usize, gPosition: usize, m: i32, v: usize, vPosition: usize, n: i32, k: i32, zeros: usize, sums: usize): void {
  const gRow = rowOf(m);
  const vRow = rowOf(n);
  const panels = panelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  for (let p = 0; p < POSITIONS; p++) {
    let a = g;
    for (let panel = 0; panel < panels; panel++) {
      const h = least + <i32>(panel < taller);
      if (zeros === 0) sweptTiles(h, a, gRow, v, vRow, sums, vRow, 32, sums, vRow, k, n);
      else sweptTiles(h, a, gRow, v, vRow, zeros, 0, 0, sums, vRow, k, n);
      a += bytes(h);
      sums += <usize>h * vRow;
    }
    g += gPosition;
    v += vPosition;
  }
}

/**
 * Adds up the sums of all chunks, in their order, and writes GᵀsG, r × r weights, of `rows` rows of n channels: those of a row one after the other, rows
 * `toRow` bytes apart. Several rows at once, since each position's sums lie elsewhere. `own` holds 36 times the rows of sums, then
 * 36 + 6r vectors. Rows of sums have n rounded up to LANES.
 */
export function winogradGradWeight(sums: usize, position: usize, chunk: usize, chunks: i32, rows: i32, n: i32, r: i32, to: usize, toRow: usize, own: usize): void {
  const sumRow = rowOf(n);
  const all = <usize>rows * sumRow;
  const here = own + <usize>POSITIONS * all;
  const half = here + <usize>(POSITIONS << 4);
  const row = <usize>(SIDE << 4);
  for (let p = 0; p < POSITIONS; p++) {
    const at = own + <usize>p * all;
    memory.copy(at, sums, all);
    for (let c = 1; c < chunks; c++) {
      const from = sums + <usize>c * chunk;
      for (let i: usize = 0; i < all; i += 16) v128.store(at + i, f32x4.add(v128.load(at + i), v128.load(from + i)));
    }
    sums += position;
  }
  for (let m = 0; m < rows; m++, to += toRow, own += sumRow) {
    for (let i = 0; i < n; i += 4) {
      const four = own + (<usize>i << 2);
      // Down the columns into r rows of six, then along them into r × r.
      if (r === 3) {
        for (let j = 0; j < SIDE; j++) gradWeight3(four + <usize>j * all, <usize>SIDE * all, half + <usize>(j << 4), row);
        for (let j = 0; j < 3; j++) gradWeight3(half + <usize>j * row, 16, here + <usize>(3 * j << 4), 16);
      } else {
        for (let j = 0; j < SIDE; j++) gradWeight5(four + <usize>j * all, <usize>SIDE * all, half + <usize>(j << 4), row);
        for (let j = 0; j < 5; j++) gradWeight5(half + <usize>j * row, 16, here + <usize>(5 * j << 4), 16);
      }
      const count = min(4, n - i);
      for (let l = 0; l < count; l++) {
        const at = to + (<usize>((i + l) * r * r) << 2);
        for (let e = 0; e < r * r; e++) store<f32>(at + (<usize>e << 2), load<f32>(here + <usize>((e << 4) + (l << 2))));
      }
    }
  }
}
