/**
 * Whether kernel sets may use V8's experimental compilers. V8's flags hold for the whole process and bind when code is first
 * compiled, so it is decided once, by whoever asks first. Which flags those are is the kernel sets' business.
 *
 * Threads that a program starts afterwards inherit the decision. Nothing in Node tells a thread that runs already, so a program
 * whose threads make convoys of their own should decide before it starts them.
 */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { ArgumentError } from '../errors.js';

const KEY = 'convoy/turbo';

/** What the process has decided, or now decides; undefined asks for nothing. @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_VALUE */
export function decideTurbo(op: string, wanted: boolean | undefined): boolean {
  if (wanted !== undefined && typeof wanted !== 'boolean') throw new ArgumentError('CVY_ARG_TYPE', `${op}: turbo is ${String(wanted)} but must be true or false`);
  const before = getEnvironmentData(KEY) as unknown as boolean | undefined;
  const decided = before ?? wanted ?? false;
  if (wanted !== undefined && wanted !== decided) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: turbo is ${wanted} but this process has decided for ${decided} already, and V8's flags hold for all of it; pass { turbo: ${wanted} } to the first nn()`);
  }
  if (before === undefined) setEnvironmentData(KEY, decided);
  return decided;
}
