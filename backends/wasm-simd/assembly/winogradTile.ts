/** Sizes that both of Winograd's algorithms share: tiles of 6 × 6 positions, whichever outputs they have. */

/** Positions of a tile's row or column, and of a tile. */
export const SIDE: i32 = 6;
export const POSITIONS: i32 = SIDE * SIDE;
/** Channels side by side that are transformed and multiplied at once. */
export const LANES: i32 = 8;

// @ts-ignore: AssemblyScript allows decorators here
@inline
export function bytes(floats: i32): usize {
  return <usize>floats << 2;
}
