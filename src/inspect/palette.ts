/** How a number from 0 to 1 looks: grey, or blue through dark to orange for what has a sign. */

export const PALETTES = ['grey', 'diverging'] as const;
export type Palette = (typeof PALETTES)[number];

export type Colour = readonly [red: number, green: number, blue: number];

// Strongly negative, zero, strongly positive: apart for every kind of colour vision, and zero is quiet.
const DIVERGING: readonly Colour[] = [[0, 135, 255], [58, 58, 58], [255, 175, 0]];

/** The colour of `value` from 0 to 1. */
export function colourOf(palette: Palette, value: number): Colour {
  if (palette === 'grey') {
    const grey = Math.round(255 * value);
    return [grey, grey, grey];
  }
  const from = value < 0.5 ? 0 : 1;
  const share = 2 * value - from;
  return DIVERGING[from].map((low, i) => Math.round(low + share * (DIVERGING[from + 1][i] - low))) as unknown as Colour;
}

/** `#rrggbb` */
export const hex = (colour: Colour): string => `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

const CUBE = [0, 95, 135, 175, 215, 255];

/** The nearest of the 256 colours that nearly every terminal has: a cube of 6 × 6 × 6 (from 16 on) and a ramp of 24 greys (from 232 on). */
export function paletteIndex(colour: Colour): number {
  const levels = colour.map((part) => nearest(CUBE, part));
  const ramp = Math.min(23, Math.max(0, Math.round(((colour[0] + colour[1] + colour[2]) / 3 - 8) / 10)));
  const distance = (other: readonly number[]): number => other.reduce((sum, part, i) => sum + (part - colour[i]) ** 2, 0);
  const grey = 8 + 10 * ramp;
  return distance([grey, grey, grey]) < distance(levels.map((level) => CUBE[level])) ? 232 + ramp : 16 + 36 * levels[0] + 6 * levels[1] + levels[2];
}

const nearest = (levels: readonly number[], value: number): number =>
  levels.reduce((best, candidate, i) => (Math.abs(candidate - value) < Math.abs(levels[best] - value) ? i : best), 0);
