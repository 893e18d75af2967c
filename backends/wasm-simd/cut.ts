/** How work is cut into pieces: by shapes alone, so that results do not depend on threads. */

/** Fewest pieces that a kernel with enough work should have: eight threads, each with some. */
export const PIECES = 16;

/** Columns of a tile, and bytes kept for one that is set aside: no variant has more than 16 rows. */
export const COLUMNS = 8;
export const TILE = 512;

/** Rows of the tallest tile that most variants have: what plans, which are the same for all, reckon with. */
export const TALLEST = 6;

/** Elements begin … end − 1 of part `part` of `parts`, cut at multiples of `unit`; parts differ by at most `unit`. */
export const partOf = (size: number, parts: number, part: number, unit = 1): [begin: number, end: number] =>
  [cutAt(size, parts, part, unit), cutAt(size, parts, part + 1, unit)];

const cutAt = (size: number, parts: number, part: number, unit: number): number =>
  (part === parts ? size : Math.floor((size / unit) * part / parts) * unit);

export const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;
