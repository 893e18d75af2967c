/** Remembers what was last computed from a list of numbers: a pool calls `run` many times with the same arguments. */

/** As many as the layers of one kind that a training step usually has; the oldest is forgotten first. */
const ENTRIES = 16;

/** `compute`, with its latest results kept. They must not be changed. */
export function memoize<A extends readonly number[], R>(compute: (numbers: A) => R): (numbers: A) => R {
  const entries: { readonly numbers: A; readonly result: R }[] = [];
  let oldest = 0;
  // One op asks several times in a row: the entry that was used last is looked at first.
  let last = 0;
  return (numbers) => {
    if (last < entries.length && equal(entries[last].numbers, numbers)) return entries[last].result;
    const found = entries.findIndex((entry) => equal(entry.numbers, numbers));
    if (found >= 0) {
      last = found;
      return entries[found].result;
    }
    const result = compute(numbers);
    entries[oldest] = { numbers, result };
    last = oldest;
    oldest = (oldest + 1) % ENTRIES;
    return result;
  };
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
