/** Weight gradients of convolutions of few channels per group: products of rows of the gradient with rows of a slab, up to five taps at once. */
import { at, Columns, fill, Lines, placesOf, Shape } from './depthwiseTable';
import { both, high, loadPart, low } from './lanes';
import { madd } from './simd';

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
