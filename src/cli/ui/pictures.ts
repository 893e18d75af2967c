/** Small pictures in a terminal: images in Braille dots, kernels in colours. */
import { paint } from './colour.js';

// Dot of column x (0–1) and row y (0–3) in a Braille character, by the Unicode standard.
const DOTS = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/** An image as lines of Braille: two columns by four rows of pixels a character, a dot for each that is darker than half. */
export function braille(pixels: ArrayLike<number>, height: number, width: number, threshold = 96): string[] {
  return Array.from({ length: Math.ceil(height / 4) }, (_, row) => Array.from({ length: Math.ceil(width / 2) }, (_, column) => {
    let code = 0x2800;
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 2; x++) {
        const [py, px] = [4 * row + y, 2 * column + x];
        if (py < height && px < width && pixels[py * width + px] >= threshold) code |= DOTS[y][x];
      }
    }
    return String.fromCharCode(code);
  }).join(''));
}

/** Pictures side by side, each a list of equally many lines. */
export const beside = (pictures: readonly (readonly string[])[], gap = '  '): string[] =>
  (pictures[0] ?? []).map((_, line) => pictures.map((picture) => picture[line]).join(gap));

// Palette entries from strongly negative (blue) through grey to strongly positive (orange).
const DIVERGING = [33, 32, 25, 24, 237, 94, 130, 172, 214];

/** A kernel as lines of half blocks, two rows of weights a line. Needs colour. `largest` is the magnitude shown in full. */
export function kernelPicture(weights: ArrayLike<number>, height: number, width: number, largest: number): string[] {
  const shade = (y: number, x: number): number =>
    DIVERGING[Math.round((Math.max(-1, Math.min(1, weights[y * width + x] / largest)) + 1) * 4)];
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) => Array.from({ length: width }, (_, x) =>
    2 * line + 1 < height ? paint('▀', shade(2 * line, x), shade(2 * line + 1, x)) : paint('▀', shade(2 * line, x))).join(''));
}
