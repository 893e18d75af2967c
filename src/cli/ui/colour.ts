/** How the command colours its text. */
import pico from 'picocolors';
import { hasColour as onStandardOutput } from '../../inspect/terminalColour.js';

/** For the whole run: nothing changes it once the command has started. */
export const hasColour = onStandardOutput();

export const { bold, dim, cyan, green, yellow, red } = pico.createColors(hasColour);
