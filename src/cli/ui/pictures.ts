/** Images in a terminal, in Braille dots: larger than the half blocks of src/inspect would let them be, but without shades. */

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
