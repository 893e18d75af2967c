/** Rows of a source laid out in a slab with what padding covers, so that the loops over windows know no borders. */

/**
 * Zeros from `to` on, `count` of them and up to three more: what follows is written later.
 */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function zeros(to: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (; count > 0; count -= 4, to += 16) v128.store(to, zero);
}

/** Columns low … low + run − 1 of a row. */
// @ts-ignore: AssemblyScript allows decorators here
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
// @ts-ignore: AssemblyScript allows decorators here
@inline
function spreadRow(row: usize, size: i32, low: i32, step: i32, residues: i32, run: i32, to: usize): void {
  for (let r = 0; r < residues; r++, low++, to += <usize>run << 2) {
    // The first q at or beyond column 0, and the first beyond the last column.
    const left = low >= 0 ? 0 : min(run, (step - 1 - low) / step);
    const right = low >= size ? left : max(left, min(run, (size - low + step - 1) / step));
    zeros(to, left);
    let s = row + ((low + left * step) << 2);
    let t = to + (<usize>left << 2);
    let n = right - left;
    if (step == 2) {
      // Eight columns, of which the last is not needed and may lie beyond the row.
      for (let eights = min(n, (size - low - 2 * left) / 2); eights >= 4; eights -= 4, n -= 4, s += 32, t += 16) {
        v128.store(t, v128.shuffle<f32>(v128.load(s), v128.load(s, 16), 0, 2, 4, 6));
      }
    }
    for (; n > 0; n--, s += step << 2, t += 4) store<f32>(t, load<f32>(s));
    zeros(to + (<usize>right << 2), run - right);
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
