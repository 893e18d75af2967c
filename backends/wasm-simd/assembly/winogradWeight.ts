/**
 * The weight gradient by Winograd's algorithm: transforms with channels side by side, so that a tile is a row of them; sums over tiles of
 * products of two such rows; and the way back to weights. What is summed in which chunks is planned in ../winogradWeight.ts. Strides are in bytes.
 */
import { high, low, narrow, storeTurned } from './lanes';
import { sweptTiles } from './micro';
import { sweptPanelsOf } from './panels';
import {
  grad2to6Rows, grad4to6Cells, grad4to6Rows, grad4to8Cells, gradWeight6to3, gradWeight6to5, gradWeight8to5, input6Cells, input6Rows, input8Cells,
} from './winogradLanes';
import { ACROSS, bytes, copyPixels, LANES, pixelsRow, SIDE } from './winogradTile';

/** Bytes of a row of so many channels. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function rowOf(channels: i32): usize {
  return bytes((channels + LANES - 1) & ~(LANES - 1));
}

/**
 * Transforms `down` × `across` neighbouring tiles for a kernel of r × r, the first at pixel (lowH, lowW), into rows of channels at `to`, one for
 * each tile: BᵀxB of inputs, whose tiles overlap, or with `grad` A·x·Aᵀ of their outputs. Rows of channels have them rounded up to LANES,
 * garbage where there are none; pixels beyond the plane are 0. `own` holds the pixels of four channels and, for each column of positions, its rows by remainder modulo m.
 */
export function winogradCells(
  x: usize, channelBytes: usize, channels: i32, sizeH: i32, sizeW: i32, lowH: i32, lowW: i32, r: i32, down: i32, across: i32, grad: i32,
  to: usize, toPosition: usize, own: usize,
): void {
  const m = SIDE + 1 - r;
  const wide = ACROSS - 1 + r;
  const cell = rowOf(channels);
  const rows = down * m + (grad ? 0 : SIDE - m);
  const columns = across * ACROSS + (grad ? 0 : r - 1);
  const row = pixelsRow(across);
  const channel = <usize>rows * row;
  const next = <usize>across * cell;
  const plane = <usize>((rows + m - 1) / m) * next;
  // Not a multiple of 4096, where all columns of positions would share a few lines of the cache.
  const column = (<usize>m * plane + 4095 & ~4095) + 64;
  const lines = own + 4 * channel;
  memory.fill(own, 0, lines - own);
  for (let c = 0; c < channels; c += 4) {
    const count = min(4, channels - c);
    for (let l = 0; l < count; l++) {
      copyPixels(x, sizeH, sizeW, lowH, lowW, rows, columns, own + <usize>l * channel, row);
      x += channelBytes;
    }
    for (let i = 0; i < m; i++) {
      const from = own + <usize>i * row;
      const at = lines + <usize>i * plane + bytes(c);
      const some = (rows - i + m - 1) / m;
      if (grad) {
        if (r === 3) grad4to6Cells(from, <usize>m * row, channel, at, next, cell, column, some, across);
        else grad4to8Cells(from, <usize>m * row, channel, at, next, cell, column, some, across);
      } else if (r === 3) input6Cells(from, <usize>m * row, channel, at, next, cell, column, some, across);
      else input8Cells(from, <usize>m * row, channel, at, next, cell, column, some, across);
    }
  }
  const floats = <i32>(next >> 2);
  for (let j = 0; j < wide; j++) {
    transformed(lines + <usize>j * column, plane, next, m, grad, to + <usize>j * toPosition, <usize>wide * toPosition, down * floats);
  }
}

/** The one-dimensional transform of what is sorted by remainder modulo m, `plane` bytes of each; the next m lie `next` bytes on. */
function transformed(a: usize, plane: usize, next: usize, m: i32, grad: i32, to: usize, toStep: usize, floats: i32): void {
  const b = a + plane;
  if (m === 2) {
    if (grad) grad2to6Rows(a, b, to, toStep, floats);
    else input6Rows(a, b, a + next, b + next, a + 2 * next, b + 2 * next, to, toStep, floats);
  } else if (grad) grad4to6Rows(a, b, b + plane, b + 2 * plane, to, toStep, floats);
  else input6Rows(a, b, b + plane, b + 2 * plane, a + next, b + next, to, toStep, floats);
}

/**
 * For each position p, to[p][m][n] = from[p][m][n], or 0 without `from`, plus the products of m channels of g with n of v, over k tiles. Rounding grows with the length of a
 * sum, so they are summed in so many runs, each for itself at `part`, which has room for the sums of two
 * positions: another thread may do the same, so `to` is written once. `zeros` is a row of LANES of them; rows of sums have n rounded up to LANES.
 */
export function winogradSum(
  positions: i32, g: usize, gPosition: usize, m: i32, v: usize, vPosition: usize, n: i32, k: i32, runs: i32, zeros: usize, part: usize, from: usize, to: usize,
): void {
  const gRow = rowOf(m);
  const vRow = rowOf(n);
  const panels = sweptPanelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  const sums = <usize>m * vRow;
  for (let p = 0; p < positions; p++) {
    let added = from;
    let begin = 0;
    for (let run = 1; run <= runs; run++) {
      const end = k * run / runs;
      const result = run === runs ? to : part + sums;
      const b = v + <usize>begin * vRow;
      let a = g + <usize>begin * gRow;
      let at = added === 0 ? result : part;
      for (let panel = 0; panel < panels; panel++) {
        const h = least + <i32>(panel < taller);
        sweptTiles(h, a, gRow, b, vRow, zeros, 0, 0, at, vRow, end - begin, n);
        a += bytes(h);
        at += <usize>h * vRow;
      }
      if (added !== 0) {
        for (let i: usize = 0; i < sums; i += 32) {
          v128.store(result + i, f32x4.add(v128.load(added + i), v128.load(part + i)));
          v128.store(result + i, f32x4.add(v128.load(added + i, 16), v128.load(part + i, 16)), 16);
        }
      }
      added = result;
      begin = end;
    }
    if (from !== 0) from += sums;
    g += gPosition;
    v += vPosition;
    to += sums;
  }
}

/**
 * Adds up the sums of all chunks, if there are several in doubles and in their order, and writes GᵀsG, r × r weights, of m output channels with n input channels, one
 * after the other at `to`, where output channels lie toRow bytes apart. `own` holds the sums, 64 bytes more for each position, then r rows of vectors for half of the way and
 * r × r for the whole. Rows of sums have n rounded up to LANES; from a position's to the next one's it is sumsPosition bytes.
 */
export function winogradGradWeight(
  sums: usize, sumsPosition: usize, chunk: usize, chunks: i32, m: i32, n: i32, r: i32, to: usize, toRow: usize, own: usize,
): void {
  const wide = ACROSS - 1 + r;
  const positions = SIDE * wide;
  const sumRow = rowOf(n);
  const some = <usize>m * sumRow;
  // Not a power of two, where all positions would share a few lines of the cache.
  const next = some + 64;
  const row = <usize>(wide << 4);
  const half = own + <usize>positions * next;
  const here = half + <usize>r * row;
  const length = chunk * <usize>chunks;
  const taps = r * r;
  for (let p = 0; p < positions; p++, sums += sumsPosition) {
    const added = own + <usize>p * next;
    if (chunks === 1) {
      memory.copy(added, sums, some);
      continue;
    }
    for (let i: usize = 0; i < some; i += 32) {
      let a = f64x2.splat(0), b = f64x2.splat(0), c = f64x2.splat(0), d = f64x2.splat(0);
      for (let at = sums + i, end = at + length; at !== end; at += chunk) {
        const v = v128.load(at);
        const w = v128.load(at, 16);
        a = f64x2.add(a, low(v));
        b = f64x2.add(b, high(v));
        c = f64x2.add(c, low(w));
        d = f64x2.add(d, high(w));
      }
      v128.store(added + i, narrow(a, b));
      v128.store(added + i, narrow(c, d), 16);
    }
  }
  for (let o = 0; o < m; o++, to += toRow) {
    for (let i = 0; i < n; i += 4) {
      const four = own + <usize>o * sumRow + (<usize>i << 2);
      // Down the columns into r rows, then along them into r × r.
      if (r === 3) {
        for (let j = 0; j < wide; j++) gradWeight6to3(four + <usize>j * next, <usize>wide * next, half + <usize>(j << 4), row);
        for (let j = 0; j < 3; j++) gradWeight6to3(half + <usize>j * row, 16, here + <usize>(3 * j << 4), 16);
      } else {
        for (let j = 0; j < wide; j++) gradWeight6to5(four + <usize>j * next, <usize>wide * next, half + <usize>(j << 4), row);
        for (let j = 0; j < 5; j++) gradWeight8to5(half + <usize>j * row, 16, here + <usize>(5 * j << 4), 16);
      }
      const first = to + (<usize>(i * taps) << 2);
      const end = here + <usize>(taps - 1 << 4);
      if (i + 4 <= n) {
        for (let at = here, y = first; at !== end; at += 64, y += 16) {
          storeTurned(v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48), y, <usize>(taps << 2));
        }
        for (let l = 0; l < 4; l++) store<f32>(first + (<usize>(l * taps + taps - 1) << 2), load<f32>(end + (<usize>l << 2)));
        continue;
      }
      for (let l = 0; l < n - i; l++) {
        for (let e = 0; e < taps; e++) store<f32>(first + (<usize>(l * taps + e) << 2), load<f32>(here + <usize>((e << 4) + (l << 2))));
      }
    }
  }
}
