/** Pictures as files and on the terminal: PNG, SVG, half blocks. What is in a picture is imageGrid.ts. */
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import type * as pngjs from 'pngjs';
import { ArgumentError, checkChoice, checkOptions } from '../errors.js';
import { writeFileAtomic } from '../io/writeFile.js';
import { checkTuple } from '../shape/index.js';
import type { Picture } from './imageGrid.js';
import { colourOf, hex, paletteIndex, type Colour } from './palette.js';
import { colourDepth } from './terminalColour.js';

export interface PictureOptions {
  /** Screen pixels for each pixel of the picture, a whole number; default 8. */
  scale?: number;
}

/** The colour of a pixel, null where nothing is. */
function pixel({ values, channels, palette, width }: Picture, x: number, y: number): Colour | null {
  const at = (y * width + x) * channels;
  const parts = values.subarray(at, at + channels);
  if (parts.some(Number.isNaN)) return null;
  return channels === 1 ? colourOf(palette, parts[0]) : (Array.from(parts, (part) => Math.round(255 * part)) as unknown as Colour);
}

function checkScale(op: string, options: PictureOptions): number {
  checkOptions(op, options, ['scale']);
  return checkTuple(op, 'scale', options.scale ?? 8, 1, 1)[0];
}

/**
 * The bytes of a PNG; what is between tiles is transparent.
 * @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION
 */
export function toPng(picture: Picture, options: PictureOptions = {}): Uint8Array {
  const scale = checkScale('toPng', options);
  // Loaded when it is needed: it would cost every import of the library 40 ms.
  const { PNG } = createRequire(import.meta.url)('pngjs') as typeof pngjs;
  const png = new PNG({ width: picture.width * scale, height: picture.height * scale });
  for (let y = 0; y < png.height; y++) {
    for (let x = 0; x < png.width; x++) {
      const colour = pixel(picture, Math.floor(x / scale), Math.floor(y / scale));
      png.data.set(colour === null ? [0, 0, 0, 0] : [...colour, 255], 4 * (y * png.width + x));
    }
  }
  return new Uint8Array(PNG.sync.write(png));
}

/**
 * The text of an SVG, sharp at any size; what is between tiles is transparent.
 * @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION
 */
export function toSvg(picture: Picture, options: PictureOptions = {}): string {
  const scale = checkScale('toSvg', options);
  const { width, height } = picture;
  // One path for each colour, made of runs along the rows: a tenth of the bytes of a rectangle for each pixel.
  const runs = new Map<string, string>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width;) {
      const colour = pixel(picture, x, y);
      const fill = colour && hex(colour);
      const from = x++;
      while (x < width && (colour === null ? pixel(picture, x, y) === null : same(colour, pixel(picture, x, y)))) x++;
      if (fill !== null) runs.set(fill, `${runs.get(fill) ?? ''}M${from} ${y}h${x - from}v1h${from - x}z`);
    }
  }
  const paths = [...runs].map(([fill, d]) => `<path fill="${fill}" d="${d}"/>\n`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width * scale}" height="${height * scale}" viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges">\n${paths.join('')}</svg>\n`;
}

const same = (a: Colour, b: Colour | null): boolean => b !== null && a.every((part, i) => part === b[i]);

export interface TerminalOptions {
  /** Bits of colour: 1 (shades of characters), 8 or 24; default: what standard output shows, 1 under NO_COLOR. */
  depth?: 1 | 8 | 24;
  /** Characters for each pixel in a line, half as many lines; default 1. With 2 a pixel is a line high, as small kernels need it without colours. */
  scale?: number;
}

/** From nothing to full, for terminals without colour. */
const SHADES = [' ', '░', '▒', '▓', '█'];

/**
 * Lines of half blocks, each character one pixel wide and two high, in the terminal's colours; without colours in five shades, each the mean of
 * the two pixels. Print it with `console.log`.
 * @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_OPTION
 */
export function toTerminal(picture: Picture, options: TerminalOptions = {}): string {
  const op = 'toTerminal';
  checkOptions(op, options, ['depth', 'scale']);
  const depth = options.depth ?? colourDepth();
  checkChoice(op, 'depth', String(depth), ['1', '8', '24']);
  const [scale] = checkTuple(op, 'scale', options.scale ?? 1, 1, 1);
  const line = (above: number, below: number): string => Array.from({ length: picture.width * scale }, (_, column) => {
    const x = Math.floor(column / scale);
    if (depth === 1) return shade(picture, x, above, below);
    return halfBlock(pixel(picture, x, above), below < picture.height ? pixel(picture, x, below) : null, depth);
  }).join('').trimEnd();
  return Array.from({ length: Math.ceil((picture.height * scale) / 2) }, (_, i) => line(Math.floor((2 * i) / scale), Math.floor((2 * i + 1) / scale))).join('\n');
}

function halfBlock(above: Colour | null, below: Colour | null, depth: 8 | 24): string {
  const code = (layer: 3 | 4, colour: Colour): string => (depth === 24 ? `${layer}8;2;${colour.join(';')}` : `${layer}8;5;${paletteIndex(colour)}`);
  if (above === null) return below === null ? ' ' : `\x1b[${code(3, below)}m▄\x1b[0m`;
  return `\x1b[${code(3, above)}${below === null ? '' : `;${code(4, below)}`}m▀\x1b[0m`;
}

/** The mean of two pixels, one above the other, and of their channels. */
function shade({ values, channels, width, height }: Picture, x: number, above: number, below: number): string {
  const parts = [above, below].flatMap((y) => (y < height ? [...values.subarray((y * width + x) * channels, (y * width + x + 1) * channels)] : [])).filter((value) => !Number.isNaN(value));
  if (parts.length === 0) return ' ';
  return SHADES[Math.round((parts.reduce((a, b) => a + b, 0) / parts.length) * (SHADES.length - 1))];
}

/**
 * Writes a picture to a file, PNG or SVG by the name's ending.
 * @throws {ArgumentError} CVY_ARG_VALUE for another ending; {DataError} CVY_DATA_WRITE
 */
export async function savePicture(path: string, picture: Picture, options: PictureOptions = {}): Promise<void> {
  const write = ({ '.png': () => toPng(picture, options), '.svg': () => new TextEncoder().encode(toSvg(picture, options)) } as Record<string, () => Uint8Array>)[extname(path).toLowerCase()];
  if (write === undefined) throw new ArgumentError('CVY_ARG_VALUE', `savePicture: ${path} ends in '${extname(path)}' but must end in .png or .svg`);
  await writeFileAtomic(path, write());
}
