/**
 * Writes lines to standard output, and on a terminal one live line below them that is redrawn in place. Warnings go above it too,
 * so that nothing tears it.
 */
import { stripVTControlCharacters } from 'node:util';

const REDRAW_MS = 80;

/** Columns to fill; 80 where the output is no terminal. */
export const columns = (): number => process.stdout.columns || 80;

/** Whether a live line can be shown. */
export const isTerminal = (): boolean => process.stdout.isTTY === true && process.env.TERM !== 'dumb';

let live = '';
let drawnAt = 0;

/** A line for good, above the live one. */
export function print(text = ''): void {
  process.stdout.write(live ? `\r\x1b[K${text}\n${live}` : `${text}\n`);
}

/** A line to standard error, above the live one. */
export function warn(text: string): void {
  if (live) process.stdout.write('\r\x1b[K');
  process.stderr.write(`${text}\n`);
  if (live) process.stdout.write(live);
}

/** Shows `text` as the live line. Calls in quick succession are dropped: a terminal that is redrawn hundreds of times a second flickers. */
export function setLive(text: string): void {
  const now = performance.now();
  if (!isTerminal() || (live && now - drawnAt < REDRAW_MS)) return;
  drawnAt = now;
  // The new text covers the old before the rest is erased, so that the line is never blank. A full last column would wrap.
  live = stripVTControlCharacters(text).length < columns() ? text : stripVTControlCharacters(text).slice(0, columns() - 1);
  process.stdout.write(`\r${live}\x1b[K`);
}

/** Takes the live line away. */
export function clearLive(): void {
  if (!live) return;
  live = '';
  process.stdout.write('\r\x1b[K');
}
