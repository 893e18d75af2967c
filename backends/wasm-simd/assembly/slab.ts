/** Rows of a source laid out in a slab with what padding covers, so that the loops over windows know no borders. */

/**
 * Zeros from `to` on, `count` of them and up to three more: what follows is written later.
 */
// @ts-ignore: decorator
@inline
function zeros(to: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (; count > 0; count -= 4, to += 16) v128.store(to, zero);
}

/** Columns low … low + run − 1 of a row. */
// @ts-ignore: decorator
@inline
function plainRow(row: usize, size: i32, low: i32, run: i32, to: usize): void {
  const left = max(0, min(run, -low));
  const right = max(left, min(run, size - low));
  zeros(to, left);
  let s = row + (<usize>(low + left) << 2);
  let t = to + (<usize>left << 2);
  let n = right - left;
  if (n >= 4) {
    for (; n > 4; n -= 4, s += 16, t += 16) v128.store(t, v128.load(s));
    // The last vector may overlap the one before.
    const back = <usize>(4 - n) << 2;
    v128.store(t - back, v128.load(s - back));
  } else for (; n > 0; n--, s += 4, t += 4) store<f32>(t, load<f32>(s));
  zeros(to + (<usize>right << 2), run - right);
}

/** Columns low + q·step + r at r·run + q, so that windows `step` apart become neighbours. */
// @ts-ignore: decorator
@inline
function spreadRow(row: usize, size: i32, low: i32, step: i32, residues: i32, run: i32, to: usize): void {
  let q = 0;
  if (step == 2 && residues == 2) {
    const other = to + (<usize>run << 2);
    for (; q < run && low + 2 * q < 0; q++) one(row, size, low, step, residues, run, q, to);
    for (; q + 4 <= run && low + 2 * q + 8 <= size; q += 4) {
      const s = row + ((low + 2 * q) << 2);
      const a = v128.load(s);
      const b = v128.load(s, 16);
      v128.store(to + (<usize>q << 2), v128.shuffle<f32>(a, b, 0, 2, 4, 6));
      v128.store(other + (<usize>q << 2), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
    }
  }
  for (; q < run; q++) one(row, size, low, step, residues, run, q, to);
}

/** Number q of each residue. */
// @ts-ignore: decorator
@inline
function one(row: usize, size: i32, low: i32, step: i32, residues: i32, run: i32, q: i32, to: usize): void {
  let column = low + q * step;
  let t = to + (<usize>q << 2);
  for (let r = 0; r < residues; r++, column++, t += <usize>run << 2) {
    store<f32>(t, column >= 0 && column < size ? load<f32>(row + (<usize>column << 2)) : 0);
  }
}

/**
 * A box of each of `channels` channels of x: depths lowD …, rows lowH …, columns from lowW on, zeros where it reaches beyond the
 * source. Rows are de-interleaved: columns lowW + q·step + r lie at r·run + q. The slab has room for three more floats.
 */
export function fillSlab(
  x: usize, channels: i32, sizeD: i32, sizeH: i32, sizeW: i32, lowD: i32, lenD: i32, lowH: i32, lenH: i32, lowW: i32,
  step: i32, residues: i32, run: i32, to: usize,
): void {
  const pitch = residues * run;
  for (let c = 0; c < channels; c++) {
    for (let d = lowD; d < lowD + lenD; d++) {
      for (let h = lowH; h < lowH + lenH; h++) {
        const row = x + (<usize>((d * sizeH + h) * sizeW) << 2);
        if (d < 0 || d >= sizeD || h < 0 || h >= sizeH) zeros(to, pitch);
        else if (step == 1) plainRow(row, sizeW, lowW, run, to);
        else spreadRow(row, sizeW, lowW, step, residues, run, to);
        to += <usize>pitch << 2;
      }
    }
    x += <usize>(sizeD * sizeH * sizeW) << 2;
  }
}
