/** Remembers what was last computed from a list of numbers: a pool calls `run` many times with the same arguments. */

/** As many as the layers of one kind that a training step usually has; the oldest is forgotten first. */
const ENTRIES = 16;

/** `compute`, with its latest results kept. They must not be changed. */
export function memoize<A extends readonly number[], R>(compute: (numbers: A) => R): (numbers: A) => R {
  const entries: { readonly numbers: A; readonly result: R }[] = [];
  let oldest = 0;
  // One op asks several times in a row.
  let last = -1;
  return (numbers) => {
    if (last >= 0 && equal(entries[last].numbers, numbers)) return entries[last].result;
    for (last = 0; last < entries.length; last++) if (equal(entries[last].numbers, numbers)) return entries[last].result;
    last = oldest;
    const result = compute(numbers);
    entries[last] = { numbers, result };
    oldest = (oldest + 1) % ENTRIES;
    return result;
  };
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
