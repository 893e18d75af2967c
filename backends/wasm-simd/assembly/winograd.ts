/**
 * Winograd's convolution: tiles of 4 × 4 outputs of a 3 × 3 kernel from 6 × 6 inputs, or of 2 × 4 of a 5 × 5 one from 6 × 8. Transforms of tiles and of weights, products for each
 * of the positions, and the way back. A row of tiles holds one channel's at one position, one tile after the other. What is
 * done in which order, and where it lies, is planned in ../winograd.ts. Strides are in bytes.
 */
import { storeTurned } from './lanes';
import { sweptTiles } from './micro';
import { sweptPanelsOf } from './panels';
import {
  input6Across, input6Rows, input8Across, output6to2Rows, output6to4Across, output6to4Rows, output8to4Across, weight3to6, weight5to6, weight5to8,
} from './winogradLanes';
import { ACROSS, bytes, copyPixels, copyRow, pixelsRow, SIDE } from './winogradTile';

/** Floats beyond a row of tiles that may be read and written: eight tiles are transformed at once, of up to seven more than there are. */
const BEYOND: i32 = 16;

/**
 * Transforms `down` × `across` neighbouring tiles of each channel to BᵀxB for a kernel of r × r, the first at pixel (lowH, lowW), into rows of tiles at `to`.
 * First along the rows of pixels, each once, then down the columns; pixels beyond the plane are 0. Up to seven more tiles of garbage are written.
 * `own` holds the pixels and, for each column of positions, its rows by remainder modulo m, the rows of outputs of a tile.
 */
export function winogradTiles(
  x: usize, channelBytes: usize, channels: i32, sizeH: i32, sizeW: i32, lowH: i32, lowW: i32, r: i32, down: i32, across: i32,
  to: usize, toChannel: usize, toPosition: usize, own: usize,
): void {
  const m = SIDE + 1 - r;
  const wide = ACROSS - 1 + r;
  const rows = down * m + SIDE - m;
  const row = pixelsRow(across);
  const line = bytes(across);
  const plane = bytes((rows + m - 1) / m * across + BEYOND);
  const column = <usize>m * plane;
  const lines = own + <usize>rows * row;
  const step = <usize>wide * toPosition;
  // Channels have their borders in common.
  memory.fill(own, 0, lines - own);
  for (let c = 0; c < channels; c++) {
    // All rows before the first is read: a vector that overlaps two stores has to wait until they are in the cache.
    copyPixels(x, sizeH, sizeW, lowH, lowW, rows, across * ACROSS + r - 1, own, row);
    for (let i = 0; i < m; i++) {
      const from = own + <usize>i * row;
      const at = lines + <usize>i * plane;
      const count = (rows - i + m - 1) / m;
      if (r === 3) input6Across(from, <usize>m * row, at, line, column, count, across);
      else input8Across(from, <usize>m * row, at, line, column, count, across);
    }
    for (let j = 0; j < wide; j++) {
      const a = lines + <usize>j * column;
      const b = a + plane;
      const at = to + <usize>j * toPosition;
      if (m === 2) input6Rows(a, b, a + line, b + line, a + 2 * line, b + 2 * line, at, step, down * across);
      else input6Rows(a, b, b + plane, b + 2 * plane, a + line, b + line, at, step, down * across);
    }
    x += channelBytes;
    to += toChannel;
  }
}

/**
 * Transforms weights to GgGᵀ and packs columns first … end − 1 of them for each position into panels of m rows and k columns. Taps of a weight are
 * r × r floats, read backwards with `flip`. `own` holds two matrices of vectors, and one for each position.
 */
export function winogradWeights(
  w: usize, rowBytes: usize, kBytes: usize, r: i32, flip: i32, m: i32, k: i32, first: i32, end: i32, to: usize, toPosition: usize, own: usize,
): void {
  const panels = sweptPanelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  const taps = r * r;
  const tap: usize = flip ? -16 : 16;
  const half = own + <usize>(taps << 4);
  const row = <usize>(r << 4);
  const aside = half + <usize>SIDE * row;
  const positions = SIDE * (ACROSS - 1 + r);
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
        // One tap is left over, of nine or of twenty-five.
        let to0 = own + (flip ? <usize>(taps - 1) << 4 : 0);
        for (let at: usize = 0; at !== bytes(taps - 1); at += 16) {
          storeTurned(v128.load(w0 + at), v128.load(w1 + at), v128.load(w2 + at), v128.load(w3 + at), to0, tap);
          to0 += tap << 2;
        }
        const over = bytes(taps - 1);
        let v = v128.load32_zero(w0 + over);
        v = v128.load_lane<f32>(w1 + over, v, 1);
        v = v128.load_lane<f32>(w2 + over, v, 2);
        v = v128.load_lane<f32>(w3 + over, v, 3);
        v128.store(to0, v);
        const at = few ? aside : column + bytes(i);
        if (r === 3) {
          for (let j = 0; j < 3; j++) weight3to6(own + <usize>(j << 4), row, half + <usize>(j << 4), row);
          for (let j = 0; j < SIDE; j++) weight3to6(half + <usize>j * row, 16, at + <usize>(6 * j) * step, step);
        } else {
          for (let j = 0; j < 5; j++) weight5to6(own + <usize>(j << 4), row, half + <usize>(j << 4), row);
          for (let j = 0; j < SIDE; j++) weight5to8(half + <usize>j * row, 16, at + <usize>(8 * j) * step, step);
        }
        if (!few) continue;
        for (let e = 0; e < positions; e++) {
          for (let l = 0; l < h; l++) store<f32>(column + <usize>e * toPosition + bytes(l), load<f32>(aside + <usize>((e << 4) + (l << 2))));
        }
      }
    }
    to += bytes(h * k);
    i0 += h;
  }
}

/**
 * For each of the positions, m rows of products of `tiles` tiles: packed weights times k rows of tiles, vRow apart, summed `most` at a time, and added to what is there with `more`. Up to a panel's width of
 * garbage follows each row. At `zeros` lie as many bytes as a panel is wide, at `part` the sums of a panel after the first `most`.
 */
export function winogradMultiply(
  positions: i32, a: usize, aPosition: usize, m: i32, k: i32, most: i32, v: usize, vRow: usize, vPosition: usize, tiles: i32, zeros: usize, part: usize,
  to: usize, toRow: usize, toPosition: usize, more: i32,
): void {
  const panels = sweptPanelsOf(m);
  const least = m / panels;
  const taller = m % panels;
  for (let position = 0; position < positions; position++) {
    let aAt = a;
    let at = to;
    for (let p = 0; p < panels; p++) {
      const h = least + <i32>(p < taller);
      let b = v;
      for (let q = 0; q < k; q += most) {
        const count = min(most, k - q);
        sweptTiles(h, aAt, bytes(h), b, vRow, zeros, 0, 0, q === 0 && !more ? at : part, toRow, count, tiles);
        if (q > 0 || more) for (let i = 0; i < h; i++) addRow(part + <usize>i * toRow, at + <usize>i * toRow, tiles);
        aAt += bytes(h * count);
        b += <usize>count * vRow;
      }
      at += <usize>h * toRow;
    }
    a += aPosition;
    v += vPosition;
    to += toPosition;
  }
}

/** Adds `count` floats, rounded up to vectors in pairs. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function addRow(x: usize, to: usize, count: i32): void {
  for (let at: usize = 0; at < bytes(count); at += 32) {
    v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(x + at)));
    v128.store(to + at, f32x4.add(v128.load(to + at, 16), v128.load(x + at, 16)), 16);
  }
}

/**
 * Transforms products back, AᵀpA + bias, limited to 0 … `most` unless that is 0, and writes what lies in the planes of sizeH × sizeW of y: of `lines` rows of `across` tiles, `down` to an image,
 * the first being row `begin` of the first image. `own` holds a row of tiles for each of their m rows and each column of positions, then m rows of their pixels.
 */
export function winogradOutput(
  p: usize, pChannel: usize, pPosition: usize, channels: i32, bias: usize, most: f32, r: i32, begin: i32, lines: i32, down: i32, across: i32,
  y: usize, imageBytes: usize, channelBytes: usize, sizeH: i32, sizeW: i32, own: usize,
): void {
  const m = SIDE + 1 - r;
  const wide = ACROSS - 1 + r;
  const tiles = lines * across;
  const row = bytes(tiles + BEYOND);
  const half = <usize>wide * row;
  const pixels = own + <usize>m * half;
  const line = <usize>ACROSS * row;
  const step = <usize>wide * pPosition;
  const positive = i32x4.splat(-<i32>(most > 0));
  const top = f32x4.splat(most);
  const limited = most > 0 && most < Infinity;
  for (let c = 0; c < channels; c++) {
    const first = bias === 0 ? f32x4.splat(0) : v128.load32_splat(bias + bytes(c));
    for (let j = 0; j < wide; j++) {
      if (m === 2) output6to2Rows(p + <usize>j * pPosition, step, own + <usize>j * row, half, tiles);
      else output6to4Rows(p + <usize>j * pPosition, step, own + <usize>j * row, half, tiles);
    }
    for (let i = 0; i < m; i++) {
      if (r === 3) output6to4Across(own + <usize>i * half, row, first, positive, pixels + <usize>i * line, tiles);
      else output8to4Across(own + <usize>i * half, row, first, positive, pixels + <usize>i * line, tiles);
    }
    let plane = y;
    let from = pixels;
    let place = begin;
    for (let l = 0; l < lines; l++) {
      const count = min(m, sizeH - place * m);
      for (let i = 0; i < count; i++) {
        const at = from + <usize>i * line;
        if (limited) for (let t: usize = 0; t < bytes(sizeW); t += 16) v128.store(at + t, f32x4.pmin(v128.load(at + t), top));
        copyRow(at, plane + bytes((place * m + i) * sizeW), sizeW);
      }
      from += bytes(ACROSS * across);
      if (++place === down) {
        place = 0;
        plane += imageBytes;
      }
    }
    p += pChannel;
    y += channelBytes;
  }
}
