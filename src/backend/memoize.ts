/** Remembers what was last computed from a list of numbers: a pool calls `run` many times with the same arguments. */

/** As many as the layers of one kind that a training step usually has; the oldest is forgotten first. */
const ENTRIES = 16;

/**
 * `compute`, with its latest results kept. They must not be changed. The first `skipped` numbers do not count, pointers for instance:
 * `compute` gets the others.
 */
export function memoize<A extends readonly number[], R>(compute: (numbers: A) => R, skipped?: 0): (numbers: A) => R;
export function memoize<R>(compute: (numbers: readonly number[]) => R, skipped: number): (numbers: readonly number[]) => R;
export function memoize<R>(compute: (numbers: readonly number[]) => R, skipped = 0): (numbers: readonly number[]) => R {
  const entries: { readonly numbers: readonly number[]; readonly result: R }[] = [];
  let oldest = 0;
  // One op asks several times in a row: the entry that was used last is looked at first.
  let last = 0;
  return (all) => {
    if (last < entries.length && equal(entries[last].numbers, all, skipped)) return entries[last].result;
    const found = entries.findIndex((entry) => equal(entry.numbers, all, skipped));
    if (found >= 0) {
      last = found;
      return entries[found].result;
    }
    const numbers = skipped === 0 ? all : all.slice(skipped);
    const result = compute(numbers);
    entries[oldest] = { numbers, result };
    last = oldest;
    oldest = (oldest + 1) % ENTRIES;
    return result;
  };
}

function equal(a: readonly number[], all: readonly number[], skipped: number): boolean {
  if (a.length + skipped !== all.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== all[i + skipped]) return false;
  return true;
}
