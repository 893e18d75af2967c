/** The gradient of max pooling over float32, for planes first … end − 1. */
import { storeLanes } from './lanes';
import { f32_copy } from './move';

/** What those windows give whose index is `position`. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function share(g: v128, index: v128, position: v128): v128 {
  return v128.and(g, i32x4.eq(index, position));
}

/**
 * Windows of 2×2 with stride 2 wholly inside planes [depth, iH, iW]: each element asks the one window over it whether it was its maximum.
 * Two rows come from one row of windows, of which there are at least 4.
 */
export function f32_maxPoolGradPairs(g: usize, indices: usize, gx: usize, depth: i32, iH: i32, iW: i32, oH: i32, oW: i32, first: i32, end: i32): void {
  const steps = i32x4(0, 2, 4, 6);
  const one = i32x4.splat(1);
  const across = i32x4.splat(iW);
  const row = <usize>iW << 2;
  const skip = <usize>(first * depth * oH * oW) << 2;
  g += skip;
  indices += skip;
  gx += <usize>(first * depth * iH) * row;
  for (let plane = first; plane < end; plane++) {
    let at = 0;
    for (let od = 0; od < depth; od++) {
      for (let oh = 0; oh < oH; oh++) {
        const start = i32x4.add(i32x4.splat(at), steps);
        for (let ow = 0; ow < oW; ow += 4) {
          ow = min(ow, oW - 4);
          const from = <usize>ow << 2;
          const v = v128.load(g + from);
          const index = i32x4.sub(v128.load(indices + from), i32x4.splat(2 * ow));
          const below = i32x4.sub(index, across);
          const next = i32x4.add(start, one);
          const a = share(v, index, start);
          const b = share(v, index, next);
          const c = share(v, below, start);
          const d = share(v, below, next);
          const to = gx + 2 * from;
          v128.store(to, v128.shuffle<f32>(a, b, 0, 4, 1, 5));
          v128.store(to, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
          v128.store(to + row, v128.shuffle<f32>(c, d, 0, 4, 1, 5));
          v128.store(to + row, v128.shuffle<f32>(c, d, 2, 6, 3, 7), 16);
        }
        for (let w = <usize>(2 * oW) << 2; w < row; w += 4) {
          store<f32>(gx + w, 0);
          store<f32>(gx + row + w, 0);
        }
        g += <usize>oW << 2;
        indices += <usize>oW << 2;
        gx += 2 * row;
        at += 2 * iW;
      }
      const rest = iH - 2 * oH;
      memory.fill(gx, 0, <usize>rest * row);
      gx += <usize>rest * row;
      at += rest * iW;
    }
  }
}

/** Windows of nothing around those of a row. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
const MARGIN: usize = 16;

/**
 * Windows of 3×3 with stride 2 over planes [depth, iH, iW], padded by pH and pW of 0 or 1: each element asks the windows over it, up to two in each
 * direction. `room`: `rows` of `pitch` floats, then as many indices. There rows of windows lie apart, with windows of nothing around them.
 */
export function f32_maxPoolGradThrees(
  g: usize, indices: usize, gx: usize, depth: i32, iH: i32, iW: i32, oH: i32, oW: i32, pH: i32, pW: i32, first: i32, end: i32,
  room: usize, rows: i32, pitch: i32,
): void {
  const row = <usize>oW << 2;
  const skip = <usize>(first * depth * oH) * row;
  g += skip;
  indices += skip;
  gx += <usize>(first * depth * iH * iW) << 2;
  const step = <usize>pitch << 2;
  const tables = <usize>rows * step;
  const given = room + step + MARGIN;
  memory.fill(room, 0, tables);
  memory.fill(room + tables, 0xff, tables);
  for (let plane = first * depth; plane < end * depth; plane++) {
    let at = plane % depth * iH * iW;
    for (let oh = 0, to = given; oh < oH; oh++, to += step, g += row, indices += row) {
      f32_copy(g, to, oW);
      f32_copy(indices, to + tables, oW);
    }
    for (let ih = 0; ih < iH; ih++, at += iW, gx += <usize>iW << 2) {
      // Where ih + pH is even, the row is the first of these windows and the last of those above, else the middle of these.
      const below = given + <usize>((ih + pH) >> 1) * step;
      const above = (ih + pH) & 1 ? below : below - step;
      if (pW) rowOfThrees(true, above, below, tables, gx, at, iW);
      else rowOfThrees(false, above, below, tables, gx, at, iW);
    }
  }
}

/** What four windows from `from` on give to columns at `place` that are their first or middle ones, and with `two` also the last of the windows before. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function ofThrees(two: bool, from: usize, tables: usize, place: v128): v128 {
  const these = share(v128.load(from), v128.load(from + tables), place);
  return two ? f32x4.add(share(v128.load(from - 4), v128.load(from - 4 + tables), place), these) : these;
}

/** One row of an image, at position `at`, from two rows of windows or, where it is the middle of one, that. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function rowOfThrees(padded: bool, above: usize, below: usize, tables: usize, gx: usize, at: i32, iW: i32): void {
  const both = above != below;
  const one = i32x4.splat(1);
  const eight = i32x4.splat(8);
  // Every other column lies between two windows: the even ones or, with padding, the odd ones, beside the window after.
  const next: usize = padded ? 4 : 0;
  let even = i32x4.add(i32x4.splat(at), i32x4(0, 2, 4, 6));
  for (; iW > 0; iW -= 8, gx += 32, above += 16, below += 16) {
    const odd = i32x4.add(even, one);
    let a = ofThrees(!padded, below, tables, even);
    let b = ofThrees(padded, below + next, tables, odd);
    if (both) {
      a = f32x4.add(ofThrees(!padded, above, tables, even), a);
      b = f32x4.add(ofThrees(padded, above + next, tables, odd), b);
    }
    const p = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const q = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    even = i32x4.add(even, eight);
    storeLanes(gx, p, iW);
    if (iW > 4) storeLanes(gx + 16, q, iW - 4);
  }
}

/**
 * Any windows over planes of `places` elements, `windows` to each: what they give is added up in the floats at `sums`, which takes 0.5 to 0.8 of
 * the time of doubles, and is as exact where few windows overlap. Indices outside the plane are skipped.
 */
export function f32_maxPoolGrad(g: usize, indices: usize, gx: usize, windows: i32, places: i32, first: i32, end: i32, sums: usize): void {
  g += <usize>(first * windows) << 2;
  indices += <usize>(first * windows) << 2;
  gx += <usize>(first * places) << 2;
  for (let plane = first; plane < end; plane++) {
    memory.fill(sums, 0, <usize>places << 2);
    for (const stop = g + (<usize>windows << 2); g < stop; g += 4, indices += 4) {
      const at = load<u32>(indices);
      if (at >= <u32>places) continue;
      const sum = sums + (<usize>at << 2);
      store<f32>(sum, load<f32>(sum) + load<f32>(g));
    }
    f32_copy(sums, gx, places);
    gx += <usize>places << 2;
  }
}
