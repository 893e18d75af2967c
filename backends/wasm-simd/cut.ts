/** How work is cut into pieces: by shapes alone, so that results do not depend on threads. */

/** Fewest pieces that a kernel with enough work should have: eight threads, each with some. */
export const PIECES = 16;

/** What one with much work should have, so that 64 threads each have some; and multiplications of each: about 0.1 ms. */
const MOST_PIECES = 64;
const PLENTY = 1572864;

/** The same where finer cuts cost little, so that 64 threads end nearly together; some 20 µs each. */
const FINE_PIECES = 256;
const FINE = 524288;

/** Pieces for so many multiplications, of which each piece of the first PIECES should have at least `least`. */
export const piecesFor = (multiplications: number, least: number): number =>
  Math.max(1, Math.min(PIECES, Math.floor(multiplications / least)), Math.min(MOST_PIECES, Math.floor(multiplications / PLENTY)));

/** Pieces for work that costs little more when it is cut fine. */
export const finePiecesFor = (multiplications: number): number => Math.min(FINE_PIECES, Math.floor(multiplications / FINE));

/** Columns of a tile, and most rows of it in any variant; those that are swept over a row of tiles, Winograd's, have more. */
export const COLUMNS = 8;
export const MOST_ROWS = 6;
export const MOST_SWEPT_ROWS = 12;
/** Bytes of the tiles of a call, two at most, which are computed aside where the output has no room for them. */
export const TILES = 2 * 4 * MOST_ROWS * COLUMNS;

/** Floats beyond a convolution's slab that filling it (assembly/slab.ts) may touch. */
export const BEYOND = 3;

/** Elements begin … end − 1 of part `part` of `parts`, cut at multiples of `unit`; parts differ by at most `unit`. */
export const partOf = (size: number, parts: number, part: number, unit = 1): [begin: number, end: number] =>
  [cutAt(size, parts, part, unit), cutAt(size, parts, part + 1, unit)];

const cutAt = (size: number, parts: number, part: number, unit: number): number =>
  (part === parts ? size : Math.floor((size / unit) * part / parts) * unit);

export const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;
