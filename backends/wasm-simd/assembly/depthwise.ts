/**
 * Convolutions of few channels per group, depthwise ones above all: windows slide over a padded slab, pixels of a row side by side
 * in a vector. All that follows from the shape is in a table: depthwiseTable.ts.
 */
import { at, Columns, fill, Lines, linesOf, nextOf, placesOf, Shape, weightsOf } from './depthwiseTable';
import { storePart } from './lanes';
import { madd } from './simd';

/**
 * R rows × V vectors of an output: `first` plus the taps. Where `positive` is all ones, not zero, they are at least 0;
 * at most `top` in any case. Strides in bytes. `left` columns are stored.
 */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function tile(
  R: i32, V: i32, x: usize, xRow: usize, taps: i32, places: usize, weights: usize, first: v128, positive: v128, top: v128, y: usize, yRow: usize, left: i32,
): void {
  let a0 = first, a1 = first, a2 = first, a3 = first, a4 = first, a5 = first, a6 = first, a7 = first;
  const x1 = x + xRow;
  const x2 = x + 2 * xRow;
  const x3 = x1 + 2 * xRow;
  for (let t = 0; t < taps; t++, places += 4, weights += 4) {
    const w = v128.load32_splat(weights);
    const place = <usize>load<i32>(places);
    a0 = madd(w, v128.load(x + place), a0);
    if (V > 1) a1 = madd(w, v128.load(x + place, 16), a1);
    if (R > 1) {
      a2 = madd(w, v128.load(x1 + place), a2);
      if (V > 1) a3 = madd(w, v128.load(x1 + place, 16), a3);
      a4 = madd(w, v128.load(x2 + place), a4);
      if (V > 1) a5 = madd(w, v128.load(x2 + place, 16), a5);
      a6 = madd(w, v128.load(x3 + place), a6);
      if (V > 1) a7 = madd(w, v128.load(x3 + place, 16), a7);
    }
  }
  keep(y, a0, positive, top, left);
  if (V > 1) keep(y + 16, a1, positive, top, 4);
  if (R > 1) {
    keep(y + yRow, a2, positive, top, left);
    if (V > 1) keep(y + yRow + 16, a3, positive, top, 4);
    keep(y + 2 * yRow, a4, positive, top, left);
    if (V > 1) keep(y + 2 * yRow + 16, a5, positive, top, 4);
    keep(y + 3 * yRow, a6, positive, top, left);
    if (V > 1) keep(y + 3 * yRow + 16, a7, positive, top, 4);
  }
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function keep(y: usize, v: v128, positive: v128, top: v128, left: i32): void {
  const result = f32x4.pmin(v128.andnot(v, v128.and(f32x4.le(v, f32x4.splat(0)), positive)), top);
  if (left >= 4) v128.store(y, result);
  else storePart(y, result, left);
}

/** R rows of `count` columns; the last tile may overlap the one before, whose elements come out the same. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function rowsOf(R: i32, x: usize, xRow: usize, taps: i32, places: usize, weights: usize, first: v128, positive: v128, top: v128, y: usize, yRow: usize, count: i32): void {
  if (count < 4) {
    tile(R, 1, x, xRow, taps, places, weights, first, positive, top, y, yRow, count);
    return;
  }
  let j = 0;
  for (; j + 8 <= count; j += 8) tile(R, 2, x + (<usize>j << 2), xRow, taps, places, weights, first, positive, top, y + (<usize>j << 2), yRow, 4);
  if (j == count) return;
  if (j + 4 < count && count >= 8) {
    const at = <usize>(count - 8) << 2;
    tile(R, 2, x + at, xRow, taps, places, weights, first, positive, top, y + at, yRow, 4);
    return;
  }
  if (j + 4 < count) tile(R, 1, x, xRow, taps, places, weights, first, positive, top, y, yRow, 4);
  const at = <usize>(count - 4) << 2;
  tile(R, 1, x + at, xRow, taps, places, weights, first, positive, top, y + at, yRow, 4);
}

function fourRows(x: usize, xRow: usize, taps: i32, places: usize, weights: usize, first: v128, positive: v128, top: v128, y: usize, yRow: usize, count: i32): void {
  rowsOf(4, x, xRow, taps, places, weights, first, positive, top, y, yRow, count);
}
function oneRow(x: usize, taps: i32, places: usize, weights: usize, first: v128, positive: v128, top: v128, y: usize, count: i32): void {
  rowsOf(1, x, 0, taps, places, weights, first, positive, top, y, 0, count);
}

/** Line e of `count` lines, `lineBytes` apart, holds columns e, e + count, … of one row of y. */
function interleave(from: usize, lineBytes: usize, count: i32, columns: usize, begin: i32, end: i32, y: usize): void {
  let j = 0;
  if (count == 2) {
    // The last line is the shortest.
    const whole = min(end, at(nextOf(columns), Columns.count)) - begin;
    for (; j + 4 <= whole; j += 4) {
      const a = v128.load(from + (<usize>j << 2));
      const b = v128.load(from + lineBytes + (<usize>j << 2));
      const to = y + (<usize>j << 3);
      v128.store(to, v128.shuffle<f32>(a, b, 0, 4, 1, 5));
      v128.store(to, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
    }
  }
  for (let e = 0; e < count; e++) {
    const stop = min(end, at(columns, Columns.count)) - begin;
    for (let k = j; k < stop; k++) store<f32>(y + (<usize>(k * count + e) << 2), load<f32>(from + (<usize>k << 2)));
    from += lineBytes;
    columns = nextOf(columns);
  }
}

/** Blocks begin … end − 1, counted (image, group, block), of a convolution or an input gradient. Unless `most` is 0, results are limited to 0 … `most`. */
export function convFew(x: usize, w: usize, bias: usize, y: usize, most: f32, table: usize, begin: i32, end: i32): void {
  const positive = i32x4.splat(-<i32>(most > 0));
  const top = f32x4.splat(most > 0 ? most : Infinity);
  const blocks = at(table, Shape.blocks);
  const groups = at(table, Shape.groups);
  const rows = at(table, Shape.rows);
  const sourceBytes = <usize>(at(table, Shape.channels) * at(table, Shape.sizeD) * at(table, Shape.sizeH) * at(table, Shape.sizeW)) << 2;
  const slab = table + <usize>at(table, Shape.slabAt);
  const kept = table + <usize>at(table, Shape.weightsAt);
  const aside = table + <usize>at(table, Shape.linesAt);
  for (let unit = begin; unit < end; unit++) {
    const block = unit % blocks;
    const item = unit / blocks;
    const lines = linesOf(table, block);
    let rest = block - at(lines, Lines.before);
    const colBlocks = at(lines, Lines.colBlocks);
    const rowBlocks = at(lines, Lines.rowBlocks);
    const w0 = rest % colBlocks * at(lines, Lines.colsPer);
    rest /= colBlocks;
    const h0 = rest % rowBlocks * at(lines, Lines.rowsPer);
    const jd = rest / rowBlocks;
    const h1 = min(at(lines, Lines.countH), h0 + at(lines, Lines.rowsPer));
    const w1 = w0 + at(lines, Lines.colsPer);
    fill(table, lines, x + <usize>item * sourceBytes, jd, h0, h1, w0);

    const pitch = <usize>(at(lines, Lines.stepH) * at(lines, Lines.residues) * at(lines, Lines.run)) << 2;
    const count = at(lines, Lines.columns);
    const lineBytes = <usize>at(lines, Lines.colsPer) << 2;
    const yRow = <usize>at(lines, Lines.jumpH) << 2;
    const height = h1 - h0 >= 4 ? 4 : 1;
    for (let r = 0; r < rows; r++) {
      const row = item * rows + r;
      const channel = item % groups * rows + r;
      const first = bias == 0 ? f32x4.splat(0) : v128.load32_splat(bias + (<usize>channel << 2));
      const weights = w + (<usize>(item % groups * at(table, Shape.groupStride) + r * at(table, Shape.rowStride)) << 2);
      let columns = lines + (<usize>Lines.end << 2);
      let to = kept;
      for (let e = 0; e < count; e++) {
        const taps = at(columns, Columns.taps);
        for (let t = 0, from = weightsOf(columns); t < taps; t++, from += 4, to += 4) store<f32>(to, load<f32>(weights + <usize>load<i32>(from)));
        columns = nextOf(columns);
      }
      const plane = y + (<usize>(row * at(table, Shape.outputPlane) + at(lines, Lines.firstD) + jd * at(lines, Lines.jumpD) + at(lines, Lines.firstH) + w0 * count) << 2);
      for (let h = h0; h < h1; h += height) {
        // The last four rows may overlap the four before.
        h = min(h, h1 - height);
        const from = slab + <usize>(h - h0) * pitch;
        const out = plane + <usize>h * yRow;
        columns = lines + (<usize>Lines.end << 2);
        let values = kept;
        for (let e = 0; e < count; e++) {
          const taps = at(columns, Columns.taps);
          const n = min(w1, at(columns, Columns.count)) - w0;
          const target = count == 1 ? out : aside + <usize>(4 * e) * lineBytes;
          const step = count == 1 ? yRow : lineBytes;
          if (height == 4) fourRows(from, pitch, taps, placesOf(columns), values, first, positive, top, target, step, n);
          else if (n > 0) oneRow(from, taps, placesOf(columns), values, first, positive, top, target, n);
          values += <usize>taps << 2;
          columns = nextOf(columns);
        }
        if (count > 1) {
          for (let k = 0; k < height; k++) interleave(aside + <usize>k * lineBytes, 4 * lineBytes, count, lines + (<usize>Lines.end << 2), w0, w1, out + <usize>k * yRow);
        }
      }
    }
  }
}
