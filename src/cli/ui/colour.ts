/** Whether and how the command colours its text. The one place that asks. */
import pico from 'picocolors';

/**
 * Colour on a terminal, or where FORCE_COLOR asks for it; never under NO_COLOR. Not picocolors' own rule: that colours whenever CI
 * is set, into files too.
 */
export const hasColour = !process.env.NO_COLOR && (!!process.env.FORCE_COLOR || (process.stdout.isTTY === true && process.env.TERM !== 'dumb'));

export const { bold, dim, cyan, green, yellow, red } = pico.createColors(hasColour);

/** The text on a background of the 256-colour palette, and in a foreground of it. */
export const paint = (text: string, fore: number, back?: number): string =>
  hasColour ? `\x1b[38;5;${fore}${back === undefined ? '' : `;48;5;${back}`}m${text}\x1b[0m` : text;
