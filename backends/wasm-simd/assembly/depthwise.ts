/**
 * Convolutions of few channels per group, depthwise ones above all: windows slide over a padded slab, pixels of a row side by side
 * in a vector. All that follows from the shape is in a table of i32 that ../depthwise.ts writes, in the order of these enums.
 */
import { both, high, loadPart, low, storePart } from './lanes';
import { madd } from './simd';
import { fillSlab } from './slab';

/** Counts in elements; what ends in At is in bytes from the table's beginning. */
const enum Shape { channels, rows, groups, sizeD, sizeH, sizeW, outputPlane, groupStride, rowStride, blocks, weightsAt, linesAt, slabAt, end }
/**
 * Rows of the output that are jumpH apart, in depths jumpD apart: those of an input gradient have taps of their own for each
 * remainder modulo the stride. `size` is that of the record, `before` the blocks of those before.
 */
const enum Lines {
  size, before, depths, lowD, stepD, lenD, firstD, jumpD, lowH, stepH, lenH, countH, firstH, jumpH, lowW, stepW, countW, residues, run,
  rowsPer, colsPer, rowBlocks, colBlocks, columns, end,
}
/** The same for columns. The byte offsets of their taps follow: in the slab, then in a row of weights. */
const enum Columns { count, taps, end }

// @ts-ignore: AssemblyScript allows decorators here
@inline
function at(p: usize, field: i32): i32 {
  return load<i32>(p + (<usize>field << 2));
}

/**
 * R rows × V vectors of an output: `first` plus the taps. Where `positive` is all ones, not zero, they are at least 0;
 * at most `most` in any case. Strides in bytes. `left` columns are stored.
 */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function tile(
  R: i32, V: i32, x: usize, xRow: usize, taps: i32, places: usize, weights: usize, first: v128, positive: v128, most: v128, y: usize, yRow: usize, left: i32,
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
  keep(y, a0, positive, most, left);
  if (V > 1) keep(y + 16, a1, positive, most, 4);
  if (R > 1) {
    keep(y + yRow, a2, positive, most, left);
    if (V > 1) keep(y + yRow + 16, a3, positive, most, 4);
    keep(y + 2 * yRow, a4, positive, most, left);
    if (V > 1) keep(y + 2 * yRow + 16, a5, positive, most, 4);
    keep(y + 3 * yRow, a6, positive, most, left);
    if (V > 1) keep(y + 3 * yRow + 16, a7, positive, most, 4);
  }
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function keep(y: usize, v: v128, positive: v128, most: v128, left: i32): void {
  const result = f32x4.pmin(v128.andnot(v, v128.and(f32x4.le(v, f32x4.splat(0)), positive)), most);
  if (left >= 4) v128.store(y, result);
  else storePart(y, result, left);
}

/** R rows of `count` columns; the last tile may overlap the one before, whose elements come out the same. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function rowsOf(R: i32, x: usize, xRow: usize, taps: i32, places: usize, weights: usize, first: v128, positive: v128, most: v128, y: usize, yRow: usize, count: i32): void {
  if (count < 4) {
    tile(R, 1, x, xRow, taps, places, weights, first, positive, most, y, yRow, count);
    return;
  }
  let j = 0;
  for (; j + 8 <= count; j += 8) tile(R, 2, x + (<usize>j << 2), xRow, taps, places, weights, first, positive, most, y + (<usize>j << 2), yRow, 4);
  if (j == count) return;
  if (j + 4 < count && count >= 8) {
    const at = <usize>(count - 8) << 2;
    tile(R, 2, x + at, xRow, taps, places, weights, first, positive, most, y + at, yRow, 4);
    return;
  }
  if (j + 4 < count) tile(R, 1, x, xRow, taps, places, weights, first, positive, most, y, yRow, 4);
  const at = <usize>(count - 4) << 2;
  tile(R, 1, x + at, xRow, taps, places, weights, first, positive, most, y + at, yRow, 4);
}

function fourRows(x: usize, xRow: usize, taps: i32, places: usize, weights: usize, first: v128, positive: v128, most: v128, y: usize, yRow: usize, count: i32): void {
  rowsOf(4, x, xRow, taps, places, weights, first, positive, most, y, yRow, count);
}
function oneRow(x: usize, taps: i32, places: usize, weights: usize, first: v128, positive: v128, most: v128, y: usize, count: i32): void {
  rowsOf(1, x, 0, taps, places, weights, first, positive, most, y, 0, count);
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function placesOf(columns: usize): usize {
  return columns + (<usize>Columns.end << 2);
}
// @ts-ignore: AssemblyScript allows decorators here
@inline
function weightsOf(columns: usize): usize {
  return placesOf(columns) + (<usize>at(columns, Columns.taps) << 2);
}
// @ts-ignore: AssemblyScript allows decorators here
@inline
function nextOf(columns: usize): usize {
  return weightsOf(columns) + (<usize>at(columns, Columns.taps) << 2);
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

// @ts-ignore: AssemblyScript allows decorators here
@inline
function linesOf(table: usize, block: i32): usize {
  let lines = table + (<usize>Shape.end << 2);
  while (block >= at(lines, Lines.before) + at(lines, Lines.colBlocks) * at(lines, Lines.rowBlocks) * at(lines, Lines.depths)) lines += <usize>at(lines, Lines.size) << 2;
  return lines;
}

/** Fills the slab for rows h0 … h1 − 1 and columns from w0 on of depth jd. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function fill(table: usize, lines: usize, source: usize, jd: i32, h0: i32, h1: i32, w0: i32): void {
  const channels = at(table, Shape.channels);
  const lenD = at(lines, Lines.lenD);
  // Where other planes follow in the slab they follow the tallest block, for which the taps were tabulated.
  const rows = channels * lenD == 1 ? h1 - h0 : at(lines, Lines.rowsPer);
  fillSlab(
    source, channels, at(table, Shape.sizeD), at(table, Shape.sizeH), at(table, Shape.sizeW), at(lines, Lines.lowD) + jd * at(lines, Lines.stepD), lenD,
    at(lines, Lines.lowH) + h0 * at(lines, Lines.stepH), (rows - 1) * at(lines, Lines.stepH) + at(lines, Lines.lenH),
    at(lines, Lines.lowW) + w0 * at(lines, Lines.stepW), at(lines, Lines.stepW), at(lines, Lines.residues), at(lines, Lines.run),
    table + <usize>at(table, Shape.slabAt),
  );
}

/** Blocks begin … end − 1, counted (image, group, block), of a convolution or an input gradient. Unless `limit` is 0, results are limited to 0 … `limit`. */
export function convFew(x: usize, w: usize, bias: usize, y: usize, limit: f32, table: usize, begin: i32, end: i32): void {
  const positive = i32x4.splat(-<i32>(limit > 0));
  const most = f32x4.splat(limit > 0 ? limit : Infinity);
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
          if (height == 4) fourRows(from, pitch, taps, placesOf(columns), values, first, positive, most, target, step, n);
          else if (n > 0) oneRow(from, taps, placesOf(columns), values, first, positive, most, target, n);
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

/** Lanes below `n`, all ones. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function below(n: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function gather(sum: usize, a: v128, b: v128): void {
  const v = f32x4.add(a, b);
  v128.store(sum, f64x2.add(v128.load(sum), f64x2.add(low(v), high(v))));
}

/** Adds Σ g · x over a block to the pairs of doubles at `sums`, for T taps. Strides in bytes. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function block(T: i32, g: usize, gRow: usize, x: usize, xRow: usize, places: usize, rows: i32, cols: i32, sums: usize): void {
  const zero = f32x4.splat(0);
  let a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero;
  let b0 = zero, b1 = zero, b2 = zero, b3 = zero, b4 = zero;
  const mask = below(cols & 3);
  const p0 = <usize>load<i32>(places);
  const p1 = T > 1 ? <usize>load<i32>(places, 4) : 0;
  const p2 = T > 2 ? <usize>load<i32>(places, 8) : 0;
  const p3 = T > 3 ? <usize>load<i32>(places, 12) : 0;
  const p4 = T > 4 ? <usize>load<i32>(places, 16) : 0;
  for (; rows > 0; rows--, g += gRow, x += xRow) {
    let n = cols;
    let s = x;
    let t = g;
    for (; n >= 8; n -= 8, s += 32, t += 32) {
      const u = v128.load(t);
      const v = v128.load(t, 16);
      a0 = madd(u, v128.load(s + p0), a0);
      b0 = madd(v, v128.load(s + p0, 16), b0);
      if (T > 1) {
        a1 = madd(u, v128.load(s + p1), a1);
        b1 = madd(v, v128.load(s + p1, 16), b1);
      }
      if (T > 2) {
        a2 = madd(u, v128.load(s + p2), a2);
        b2 = madd(v, v128.load(s + p2, 16), b2);
      }
      if (T > 3) {
        a3 = madd(u, v128.load(s + p3), a3);
        b3 = madd(v, v128.load(s + p3, 16), b3);
      }
      if (T > 4) {
        a4 = madd(u, v128.load(s + p4), a4);
        b4 = madd(v, v128.load(s + p4, 16), b4);
      }
    }
    if (n >= 4) {
      const u = v128.load(t);
      a0 = madd(u, v128.load(s + p0), a0);
      if (T > 1) a1 = madd(u, v128.load(s + p1), a1);
      if (T > 2) a2 = madd(u, v128.load(s + p2), a2);
      if (T > 3) a3 = madd(u, v128.load(s + p3), a3);
      if (T > 4) a4 = madd(u, v128.load(s + p4), a4);
      n -= 4;
      s += 16;
      t += 16;
    }
    if (n > 0) {
      // What lies beyond the row may be infinite: times zero it would not vanish.
      const v = loadPart(t, n);
      b0 = madd(v, v128.and(mask, v128.load(s + p0)), b0);
      if (T > 1) b1 = madd(v, v128.and(mask, v128.load(s + p1)), b1);
      if (T > 2) b2 = madd(v, v128.and(mask, v128.load(s + p2)), b2);
      if (T > 3) b3 = madd(v, v128.and(mask, v128.load(s + p3)), b3);
      if (T > 4) b4 = madd(v, v128.and(mask, v128.load(s + p4)), b4);
    }
  }
  gather(sums, a0, b0);
  if (T > 1) gather(sums + 16, a1, b1);
  if (T > 2) gather(sums + 32, a2, b2);
  if (T > 3) gather(sums + 48, a3, b3);
  if (T > 4) gather(sums + 64, a4, b4);
}

function fiveTaps(g: usize, gRow: usize, x: usize, xRow: usize, places: usize, rows: i32, cols: i32, sums: usize): void { block(5, g, gRow, x, xRow, places, rows, cols, sums); }
function fourTaps(g: usize, gRow: usize, x: usize, xRow: usize, places: usize, rows: i32, cols: i32, sums: usize): void { block(4, g, gRow, x, xRow, places, rows, cols, sums); }
function threeTaps(g: usize, gRow: usize, x: usize, xRow: usize, places: usize, rows: i32, cols: i32, sums: usize): void { block(3, g, gRow, x, xRow, places, rows, cols, sums); }
function twoTaps(g: usize, gRow: usize, x: usize, xRow: usize, places: usize, rows: i32, cols: i32, sums: usize): void { block(2, g, gRow, x, xRow, places, rows, cols, sums); }
function oneTap(g: usize, gRow: usize, x: usize, xRow: usize, places: usize, rows: i32, cols: i32, sums: usize): void { block(1, g, gRow, x, xRow, places, rows, cols, sums); }

/**
 * Weight gradients of group begin … end − 1 over images n0 … n1 − 1, one number per weight: floats at `to`, or doubles if `wide`.
 * Sums of a block are floats, those of blocks doubles.
 */
export function convFewGradWeight(x: usize, g: usize, to: usize, wide: i32, table: usize, n0: i32, n1: i32, group: i32): void {
  const groups = at(table, Shape.groups);
  const rows = at(table, Shape.rows);
  const lines = table + (<usize>Shape.end << 2);
  const columns = lines + (<usize>Lines.end << 2);
  const taps = at(columns, Columns.taps);
  const sums = table + <usize>at(table, Shape.weightsAt);
  const sourceBytes = <usize>(at(table, Shape.channels) * at(table, Shape.sizeD) * at(table, Shape.sizeH) * at(table, Shape.sizeW)) << 2;
  const slab = table + <usize>at(table, Shape.slabAt);
  const pitch = <usize>(at(lines, Lines.stepH) * at(lines, Lines.residues) * at(lines, Lines.run)) << 2;
  const yRow = <usize>at(lines, Lines.jumpH) << 2;
  memory.fill(sums, 0, <usize>(rows * taps) << 4);
  for (let image = n0; image < n1; image++) {
    const item = image * groups + group;
    for (let jd = 0; jd < at(lines, Lines.depths); jd++) {
      for (let h0 = 0; h0 < at(lines, Lines.countH); h0 += at(lines, Lines.rowsPer)) {
        const h1 = min(at(lines, Lines.countH), h0 + at(lines, Lines.rowsPer));
        for (let w0 = 0; w0 < at(lines, Lines.countW); w0 += at(lines, Lines.colsPer)) {
          const cols = min(at(lines, Lines.countW), w0 + at(lines, Lines.colsPer)) - w0;
          fill(table, lines, x + <usize>item * sourceBytes, jd, h0, h1, w0);
          for (let r = 0; r < rows; r++) {
            const from = g + (<usize>((item * rows + r) * at(table, Shape.outputPlane) + jd * at(lines, Lines.jumpD) + w0) << 2) + <usize>h0 * yRow;
            let places = placesOf(columns);
            let sum = sums + (<usize>(r * taps) << 4);
            for (let left = taps; left > 0;) {
              // As even as can be: of six taps, three and three.
              const passes = (left + 4) / 5;
              const now = (left + passes - 1) / passes;
              if (now == 5) fiveTaps(from, yRow, slab, pitch, places, h1 - h0, cols, sum);
              else if (now == 4) fourTaps(from, yRow, slab, pitch, places, h1 - h0, cols, sum);
              else if (now == 3) threeTaps(from, yRow, slab, pitch, places, h1 - h0, cols, sum);
              else if (now == 2) twoTaps(from, yRow, slab, pitch, places, h1 - h0, cols, sum);
              else oneTap(from, yRow, slab, pitch, places, h1 - h0, cols, sum);
              left -= now;
              places += <usize>now << 2;
              sum += <usize>now << 4;
            }
          }
        }
      }
    }
  }
  for (let i = 0; i < rows * taps; i++) {
    const sum = both(v128.load(sums + (<usize>i << 4)));
    if (wide) store<f64>(to + (<usize>i << 3), sum);
    else store<f32>(to + (<usize>i << 2), <f32>sum);
  }
}
