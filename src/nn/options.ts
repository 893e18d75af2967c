/**
 * What layer classes share about their arguments: PyTorch's keywords in, PyTorch's notation out.
 */
import { checkOptions } from '../errors.js';

/** The spec of layers that take no arguments. */
export type NoSpec = Readonly<Record<string, never>>;

/** Checks that no argument is given. */
export function noSpec(op: string, options?: object): NoSpec {
  checkOptions(op, options, []);
  return {};
}

/** An argument that PyTorch takes by position or by keyword: the value itself, or the entry `name` of an options object. */
export function keyword(op: string, name: string, value: unknown, fallback?: unknown): unknown {
  let found = value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    checkOptions(op, value, [name]);
    found = (value as Record<string, unknown>)[name];
  }
  return found === undefined ? fallback : found;
}

/** The same for several arguments, in PyTorch's order: some by position, then the rest by one options object. */
export function keywords<K extends string>(op: string, names: readonly K[], args: readonly unknown[]): Partial<Record<K, unknown>> {
  const found: Partial<Record<K, unknown>> = {};
  args.forEach((arg, i) => {
    if (typeof arg === 'object' && arg !== null && !Array.isArray(arg)) {
      checkOptions(op, arg, names.slice(i));
      Object.assign(found, arg);
    } else if (arg !== undefined) found[names[i]] = arg;
  });
  return found;
}

/** A value the way Python prints it, for `extraRepr`. */
export function python(value: number | boolean | null | readonly (number | null)[]): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'number') return `(${value.map(python).join(', ')}${value.length === 1 ? ',' : ''})`;
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-4 && size < 1e16)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A number of which Python says that it is no integer: its default in PyTorch is one, as in `alpha=1.0`. */
export const pythonFloat = (value: number): string => (/^-?\d+$/.test(python(value)) ? `${value}.0` : python(value));
