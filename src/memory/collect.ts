/**
 * Makes the garbage collector run now, inside one synchronous job. Two things stand in the way of that, both measured on
 * Node 20 to 26 (docs/decisions/0001): WeakRefs keep their targets alive until the current job's microtasks are done, and a
 * minor collection clears none of them on Node 22 and 24.
 */
import v8 from 'node:v8';
import vm from 'node:vm';

interface Collector {
  gc(): void;
  checkpoint(): void;
}

let collector: Collector | undefined;

function prepare(): Collector {
  // The flag binds `gc` in contexts that are made while it is set.
  v8.setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc') as () => void;
  v8.setFlagsFromString('--no-expose-gc');
  // A context with microtasks of its own runs a checkpoint after each script, which lets go of what WeakRefs kept.
  const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
  const empty = new vm.Script('0');
  return { gc, checkpoint: () => void empty.runInContext(context) };
}

/** One full collection after a microtask checkpoint: 2.4–3 ms on a small JavaScript heap. */
export function collect(): void {
  collector ??= prepare();
  collector.checkpoint();
  collector.gc();
}

/** Lets go of what `WeakRef.deref()` has kept alive in this job. */
export function checkpoint(): void {
  collector ??= prepare();
  collector.checkpoint();
}
