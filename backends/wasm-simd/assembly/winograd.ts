/**
 * Winograd's convolution of tiles of m × m outputs, m = 2 or 4, from 6 × 6 inputs: transforms of tiles and of weights, products for each
 * of the 36 positions, and the way back. A row of tiles holds one channel's at one position, one tile after the other. What is
 * done in which order, and where it lies, is planned in ../winograd.ts. Strides are in bytes.
 */
import { sweptTiles } from './micro';
import { panelsOf } from './panels';
import {
  inputAcross2, inputAcross4, inputRows, output2Across, output2Rows, output4Across, output4Rows, weight3, weight5,
} from './winogradLanes';
import { bytes, SIDE } from './winogradTile';

/** Floats beyond a row of tiles that may be read and written: eight tiles are transformed at once, of up to seven more than there are. */
const BEYOND: i32 = 16;

/** `count` floats; the last vector may overlap the one before. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function copyRow(from: usize, to: usize, count: i32): void {
  let i = 0;
  if (count >= 4) {
    for (; i + 4 < count; i += 4) v128.store(to + bytes(i), v128.load(from + bytes(i)));
    v128.store(to + bytes(count - 4), v128.load(from + bytes(count - 4)));
  } else for (; i < count; i++) store<f32>(to + bytes(i), load<f32>(from + bytes(i)));
}

/**
 * Transforms `down` × `across` neighbouring tiles of each channel to BᵀxB, the first at pixel (lowH, lowW), into rows of tiles at `to`.
 * First along the rows of pixels, each once, then down the columns; pixels beyond the plane are 0. Up to seven more tiles of garbage are written.
 * `own` holds the pixels and, for each column of positions, its rows by remainder modulo m.
 */
export function winogradTiles(
  x: usize, channelBytes: usize, channels: i32, sizeH: i32, sizeW: i32, lowH: i32, lowW: i32, m: i32, down: i32, across: i32,
  to: usize, toChannel: usize, toPosition: usize, own: usize,
): void {
  const halo = SIDE - m;
  const rows = down * m + halo;
  const width = bytes(across * m + halo);
  const line = bytes(across);
  const plane = bytes((rows + m - 1) / m * across + BEYOND);
  const column = <usize>m * plane;
  const lines = own + <usize>rows * width + bytes(BEYOND * m);
  const step = <usize>SIDE * toPosition;
  const left = max(0, -lowW);
  const inside = min(across * m + halo, sizeW - lowW) - left;
  const top = max(0, -lowH);
  const bottom = min(rows, sizeH - lowH);
  // Channels have their borders in common.
  memory.fill(own, 0, lines - own);
  for (let c = 0; c < channels; c++) {
    // All rows before the first is read: a vector that overlaps two stores has to wait until they are in the cache.
    for (let r = top; r < bottom; r++) copyRow(x + bytes((lowH + r) * sizeW + lowW + left), own + <usize>r * width + bytes(left), inside);
    for (let r = 0; r < rows; r++) {
      // What is written beyond the last tile, the next row overwrites.
      const at = lines + <usize>(r % m) * plane + <usize>(r / m) * line;
      if (r < top || r >= bottom) {
        for (let j = 0; j < SIDE; j++) for (let i = 0; i < across; i += 4) v128.store(at + <usize>j * column + bytes(i), f32x4.splat(0));
      } else if (m === 2) inputAcross2(own + <usize>r * width, at, column, across);
      else inputAcross4(own + <usize>r * width, at, column, across);
    }
    for (let j = 0; j < SIDE; j++) {
      const a = lines + <usize>j * column;
      const b = a + plane;
      const at = to + <usize>j * toPosition;
      if (m === 2) inputRows(a, b, a + line, b + line, a + 2 * line, b + 2 * line, at, step, down * across);
      else inputRows(a, b, b + plane, b + 2 * plane, a + line, b + line, at, step, down * across);
    }
    x += channelBytes;
    to += toChannel;
  }
}

/**
 * Transforms weights to GgGᵀ and packs columns first … end − 1 of them for each position into panels of m rows and k columns. Taps of a weight are
 * r × r floats, read backwards with `flip`. `own` holds two matrices of vectors, and 36 more.
 */
export function winogradWeights(
  w: usize, rowBytes: usize, kBytes: usize, r: i32, flip: i32, m: i32, k: i32, first: i32, end: i32, to: usize, toPosition: usize, own: usize,
): void {
  const panels = panelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  const taps = r * r;
  const half = own + <usize>(taps << 4);
  const row = <usize>(r << 4);
  const aside = half + <usize>SIDE * row;
  let i0 = 0;
  for (let p = 0; p < panels; p++) {
    const h = least + <i32>(p < taller);
    const few = h < 4;
    const step = few ? 16 : toPosition;
    for (let q = first; q < end; q++) {
      const from = w + <usize>q * kBytes;
      const column = to + bytes(q * h);
      for (let next = 0; next < h; next += 4) {
        // Four rows at a time, the last four overlapping those before; where there are fewer, aside.
        const i = few ? 0 : min(next, h - 4);
        const w0 = from + <usize>(i0 + i) * rowBytes;
        const w1 = from + <usize>(i0 + min(i + 1, h - 1)) * rowBytes;
        const w2 = from + <usize>(i0 + min(i + 2, h - 1)) * rowBytes;
        const w3 = from + <usize>(i0 + min(i + 3, h - 1)) * rowBytes;
        for (let e = 0; e < taps; e++) {
          const at = bytes(flip ? taps - 1 - e : e);
          let v = v128.load32_zero(w0 + at);
          v = v128.load_lane<f32>(w1 + at, v, 1);
          v = v128.load_lane<f32>(w2 + at, v, 2);
          v = v128.load_lane<f32>(w3 + at, v, 3);
          v128.store(own + <usize>(e << 4), v);
        }
        const at = few ? aside : column + bytes(i);
        if (r === 3) {
          for (let j = 0; j < 3; j++) weight3(own + <usize>(j << 4), row, half + <usize>(j << 4), row);
          for (let j = 0; j < SIDE; j++) weight3(half + <usize>j * row, 16, at + <usize>(SIDE * j) * step, step);
        } else {
          for (let j = 0; j < 5; j++) weight5(own + <usize>(j << 4), row, half + <usize>(j << 4), row);
          for (let j = 0; j < SIDE; j++) weight5(half + <usize>j * row, 16, at + <usize>(SIDE * j) * step, step);
        }
        if (!few) continue;
        for (let e = 0; e < SIDE * SIDE; e++) {
          for (let l = 0; l < h; l++) store<f32>(column + <usize>e * toPosition + bytes(l), load<f32>(aside + <usize>((e << 4) + (l << 2))));
        }
      }
    }
    to += bytes(h * k);
    i0 += h;
  }
}

/**
 * For each position, m rows of products of `tiles` tiles: packed weights times k rows of tiles, vRow apart. Up to a panel's width of garbage
 * follows each row. At `zeros` lie as many bytes as a panel is wide.
 */
export function winogradMultiply(
  a: usize, aPosition: usize, m: i32, k: i32, v: usize, vRow: usize, vPosition: usize, tiles: i32, zeros: usize, to: usize, toRow: usize, toPosition: usize,
): void {
  const panels = panelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  for (let position = 0; position < SIDE * SIDE; position++) {
    let aAt = a;
    let at = to;
    for (let p = 0; p < panels; p++) {
      const h = least + <i32>(p < taller);
      sweptTiles(h, aAt, bytes(h), v, vRow, zeros, 0, 0, at, toRow, k, tiles);
      aAt += bytes(h * k);
      at += <usize>h * toRow;
    }
    a += aPosition;
    v += vPosition;
    to += toPosition;
  }
}

/**
 * Transforms products back, AᵀpA + bias, limited to 0 … `most` unless that is 0, and writes those of `down` × `across` tiles, the first in row lowH of y, that lie in its planes of
 * sizeH × sizeW. `own` holds m × 6 rows of tiles, then m rows of their pixels.
 */
export function winogradOutput(
  p: usize, pChannel: usize, pPosition: usize, channels: i32, bias: usize, most: f32, m: i32, down: i32, across: i32,
  y: usize, channelBytes: usize, sizeH: i32, sizeW: i32, lowH: i32, own: usize,
): void {
  const tiles = down * across;
  const row = bytes(tiles + BEYOND);
  const half = <usize>SIDE * row;
  const pixels = own + <usize>m * half;
  const line = <usize>m * row;
  const step = <usize>SIDE * pPosition;
  const rows = min(down * m, sizeH - lowH);
  const positive = i32x4.splat(-<i32>(most > 0));
  const top = f32x4.splat(most);
  for (let c = 0; c < channels; c++) {
    const first = bias === 0 ? f32x4.splat(0) : v128.load32_splat(bias + bytes(c));
    for (let j = 0; j < SIDE; j++) {
      if (m === 2) output2Rows(p + <usize>j * pPosition, step, own + <usize>j * row, half, tiles);
      else output4Rows(p + <usize>j * pPosition, step, own + <usize>j * row, half, tiles);
    }
    for (let i = 0; i < m; i++) {
      if (m === 2) output2Across(own + <usize>i * half, row, first, positive, pixels + <usize>i * line, tiles);
      else output4Across(own + <usize>i * half, row, first, positive, pixels + <usize>i * line, tiles);
    }
    let to = y + bytes(lowH * sizeW);
    for (let r = 0; r < rows; r++) {
      const from = pixels + <usize>(r % m) * line + bytes(r / m * across * m);
      if (most > 0 && most < Infinity) for (let at = from; at < from + bytes(sizeW); at += 16) v128.store(at, f32x4.pmin(v128.load(at), top));
      copyRow(from, to, sizeW);
      to += bytes(sizeW);
    }
    p += pChannel;
    y += channelBytes;
  }
}
