/**
 * Deterministic release: `scope` drops the handles that were made inside it, `keep` exempts one. Handles only: storage that the
 * tape, a gradient or an optimizer holds lives on.
 */
import { ArgumentError } from '../errors.js';

/** A handle that a scope can drop. */
export interface Scoped {
  kept: boolean;
  dispose(): void;
}

let open: Scoped[] | null = null;

/** Called for every new handle. */
export function track(handle: Scoped): void {
  if (open !== null) open.push(handle);
}

/**
 * Runs `fn` and disposes every tensor made inside it that it does not return (alone, in arrays or in plain objects) and that
 * was not passed to `keep`. Parameters, gradients and optimizer state are never dropped.
 * @throws {ArgumentError} CVY_ARG_ASYNC for an asynchronous function: what it makes after its first `await` is outside.
 */
export function scope<R>(fn: () => R): R {
  checkSynchronous('scope', fn);
  const outer = open;
  const mine: Scoped[] = (open = []);
  let result: R;
  try {
    result = fn();
    checkResult('scope', result);
  } catch (error) {
    open = outer;
    for (const handle of mine) if (!handle.kept) handle.dispose();
    throw error;
  }
  open = outer;
  const returned = new Set<unknown>();
  gather(result, returned);
  for (const handle of mine) {
    if (returned.has(handle)) outer?.push(handle);
    else if (!handle.kept) handle.dispose();
  }
  return result;
}

/** Runs `fn` and returns, beside its result, every handle made inside it; what becomes of them is the caller's business. */
export function collecting<R>(fn: () => R): { result: R; made: Scoped[] } {
  const outer = open;
  const made: Scoped[] = (open = []);
  try {
    return { result: fn(), made };
  } catch (error) {
    for (const handle of made) if (!handle.kept) handle.dispose();
    throw error;
  } finally {
    open = outer;
  }
}

/** Runs a user's function in the middle of engine code: what it makes is not the engine's to dispose. */
export function untracked<R>(fn: () => R): R {
  const outer = open;
  open = null;
  try {
    return fn();
  } finally {
    open = outer;
  }
}

/** Exempts a tensor from the scopes that are open; it then lives until it is disposed or forgotten. */
export function keep<T extends Scoped>(handle: T): T {
  handle.kept = true;
  return handle;
}

/** Refuses `async` functions by their kind, before they run. */
export function checkSynchronous(op: string, fn: unknown): void {
  if (typeof fn !== 'function') throw new ArgumentError('CVY_ARG_TYPE', `${op}: its argument is ${fn === null ? 'null' : typeof fn} but must be a function`);
  if (Object.prototype.toString.call(fn) === '[object AsyncFunction]') throw asynchronous(op);
}

/** Refuses functions that turned out to return a promise. */
export function checkResult(op: string, result: unknown): void {
  if (typeof (result as PromiseLike<unknown> | null)?.then === 'function') throw asynchronous(op);
}

const asynchronous = (op: string): ArgumentError =>
  new ArgumentError('CVY_ARG_ASYNC', `${op}: its function is asynchronous but must be synchronous (what runs after an await is outside of it); await first, then call ${op}`);

function gather(value: unknown, found: Set<unknown>): void {
  if (value === null || typeof value !== 'object' || found.has(value)) return;
  found.add(value);
  if (Array.isArray(value)) for (const item of value) gather(item, found);
  else if (value instanceof Map || value instanceof Set) for (const item of value.values()) gather(item, found);
  else if (Object.getPrototypeOf(value) === Object.prototype) for (const item of Object.values(value)) gather(item, found);
}
