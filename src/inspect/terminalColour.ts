/** Whether standard output shows colours, and how many. The one place that asks. */
import { WriteStream } from 'node:tty';

/**
 * Colour on a terminal, or where FORCE_COLOR asks for it; never under NO_COLOR. Not picocolors' own rule: that colours whenever CI
 * is set, into files too.
 */
export const hasColour = (): boolean =>
  !process.env.NO_COLOR && (!!process.env.FORCE_COLOR || (process.stdout.isTTY === true && process.env.TERM !== 'dumb'));

/** Bits of colour: 1 for none, 8 for the palette of 256, 24 where the terminal says that it mixes any. */
export function colourDepth(): 1 | 8 | 24 {
  if (!hasColour()) return 1;
  return WriteStream.prototype.getColorDepth(process.env) === 24 ? 24 : 8;
}
