/**
 * Sizes that all of Winograd's algorithms share: tiles of 6 rows, of which a kernel of r rows leaves 7 − r outputs, and of 3 + r columns, of which one of r columns
 * leaves 4. That is 4 × 4 outputs for 3 × 3, and 2 × 4 for 5 × 5.
 */

/** Positions of a tile's column. */
export const SIDE: i32 = 6;
/** Outputs of a tile's row. */
export const ACROSS: i32 = 4;
/** Channels side by side that are transformed and multiplied at once. */
export const LANES: i32 = 8;

// @ts-ignore: AssemblyScript allows decorators here
@inline
export function bytes(floats: i32): usize {
  return <usize>floats << 2;
}

/** `count` floats; the last vector may overlap the one before. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function copyRow(from: usize, to: usize, count: i32): void {
  let i = 0;
  if (count >= 4) {
    for (; i + 4 < count; i += 4) v128.store(to + bytes(i), v128.load(from + bytes(i)));
    v128.store(to + bytes(count - 4), v128.load(from + bytes(count - 4)));
  } else for (; i < count; i++) store<f32>(to + bytes(i), load<f32>(from + bytes(i)));
}

/** Bytes of a row of pixels for so many tiles, of which four are transformed at once. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function pixelsRow(across: i32): usize {
  return bytes(ACROSS * ((across + 3) & ~3) + ACROSS);
}

/**
 * `rows` rows of `columns` pixels of a plane of sizeH × sizeW, the first at (lowH, lowW), to `to`, toRow bytes apart. Nothing is written for pixels that lie beyond
 * the plane.
 */
export function copyPixels(x: usize, sizeH: i32, sizeW: i32, lowH: i32, lowW: i32, rows: i32, columns: i32, to: usize, toRow: usize): void {
  const left = max(0, -lowW);
  const inside = min(columns, sizeW - lowW) - left;
  const bottom = min(rows, sizeH - lowH);
  for (let r = max(0, -lowH); r < bottom; r++) copyRow(x + bytes((lowH + r) * sizeW + lowW + left), to + <usize>r * toRow + bytes(left), inside);
}
