/** How work is cut into pieces: by shapes alone, so that results do not depend on threads. */

/** Fewest pieces that a kernel with enough work should have: eight threads, each with some. */
export const PIECES = 16;

/** Elements begin … end − 1 of part `part` of `parts`, cut at multiples of `unit`; parts differ by at most `unit`. */
export const partOf = (size: number, parts: number, part: number, unit = 1): [begin: number, end: number] =>
  [cutAt(size, parts, part, unit), cutAt(size, parts, part + 1, unit)];

const cutAt = (size: number, parts: number, part: number, unit: number): number =>
  (part === parts ? size : Math.floor((size / unit) * part / parts) * unit);

export const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** As many as the layers of one kind that a training step usually has; the oldest is forgotten first. */
const ENTRIES = 16;

/** `compute`, with its latest results kept: a pool calls `run` many times with the same arguments. They must not be changed. */
export function memoize<A extends readonly number[], R>(compute: (numbers: A) => R): (numbers: A) => R {
  const entries: { readonly numbers: A; readonly result: R }[] = [];
  let oldest = 0;
  return (numbers) => {
    const found = entries.find((entry) => equal(entry.numbers, numbers));
    if (found) return found.result;
    const result = compute(numbers);
    entries[oldest] = { numbers, result };
    oldest = (oldest + 1) % ENTRIES;
    return result;
  };
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
