/** How a PNG or JPEG becomes 28 × 28 grey pixels, and how small pictures are drawn with characters. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { readPicture, shrink } from '../../dist/src/cli/picture.js';
import { braille } from '../../dist/src/cli/ui/pictures.js';
import { rejection, temporaryFolder } from '../helpers/files.js';

const folder = temporaryFolder();

/** A grey picture of which `ink(x, y)` gives the pixels; `alpha` the same for opacity. */
function png(name: string, width: number, height: number, ink: (x: number, y: number) => number, alpha: (x: number, y: number) => number = () => 255): string {
  const picture = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const v = ink(x, y);
      picture.data.set([v, v, v, alpha(x, y)], 4 * (y * width + x));
    }
  }
  const path = join(folder, name);
  writeFileSync(path, PNG.sync.write(picture));
  return path;
}

const inside = (x: number, y: number): boolean => x >= 10 && x < 17 && y >= 5 && y < 21;

describe('readPicture', () => {
  it('leaves a picture of the right size as it is', async () => {
    const pixels = await readPicture(png('same.png', 28, 28, (x, y) => (inside(x, y) ? 3 * x + 7 * y : 0)));
    expect(Array.from(pixels)).toEqual(Array.from({ length: 784 }, (_, i) => (inside(i % 28, Math.floor(i / 28)) ? 3 * (i % 28) + 7 * Math.floor(i / 28) : 0)));
  });

  it('inverts a bright ground', async () => {
    const dark = await readPicture(png('dark.png', 28, 28, (x, y) => (inside(x, y) ? 200 : 10)));
    const bright = await readPicture(png('bright.png', 28, 28, (x, y) => (inside(x, y) ? 55 : 245)));
    expect(bright).toEqual(dark);
  });

  it('shrinks by the mean of the area', async () => {
    const pixels = await readPicture(png('big.png', 84, 84, (x, y) => (inside(Math.floor(x / 3), Math.floor(y / 3)) ? [0, 90, 240][x % 3] : 0)));
    expect(pixels[5 * 28 + 10]).toBe(110);
    expect(pixels.filter((v) => v !== 0 && v !== 110)).toHaveLength(0);
  });

  it('pads an oblong one with its ground', async () => {
    const pixels = await readPicture(png('tall.png', 14, 28, (x, y) => (x >= 4 && x < 10 && y > 3 && y < 24 ? 0 : 255)));
    expect(pixels[14 * 28 + 3]).toBe(0);
    expect(pixels[14 * 28 + 7 + 5]).toBe(255);
  });

  it('shows what is transparent as white paper', async () => {
    const pixels = await readPicture(png('clear.png', 28, 28, () => 0, (x, y) => (inside(x, y) ? 255 : 0)));
    expect(pixels[10 * 28 + 12]).toBe(255);
    expect(pixels[0]).toBe(0);
  });

  it('reads JPEG', async () => {
    const data = Buffer.alloc(56 * 56 * 4, 255);
    for (let i = 0; i < 56 * 56; i++) if (inside((i % 56) >> 1, Math.floor(i / 56) >> 1)) data.fill(0, 4 * i, 4 * i + 3);
    const path = join(folder, 'photo.jpg');
    writeFileSync(path, jpeg.encode({ data, width: 56, height: 56 }, 95).data);
    const pixels = await readPicture(path);
    expect(pixels[12 * 28 + 13]).toBeGreaterThan(240);
    expect(pixels[2 * 28 + 2]).toBeLessThan(15);
  });

  it('names a damaged file', async () => {
    const path = join(folder, 'cut.png');
    writeFileSync(path, PNG.sync.write(new PNG({ width: 28, height: 28 })).subarray(0, 40));
    expect(await rejection(readPicture(path))).toMatchObject({ code: 'CVY_DATA_FORMAT', message: expect.stringContaining('cut.png cannot be decoded') });
    writeFileSync(path, Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0));
    expect(await rejection(readPicture(path))).toMatchObject({ code: 'CVY_DATA_FORMAT' });
  });
});

describe('shrink', () => {
  it.each([[29, 28], [101, 28], [9, 28], [1, 28], [1000, 7]])('%i to %i keeps the mean', (from, to) => {
    const pixels = Float64Array.from({ length: from * from }, (_, i) => (i * 37) % 251);
    const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(shrink({ pixels, height: from, width: from }, to).pixels)).toBeCloseTo(mean(pixels), 8);
  });
});

describe('braille', () => {
  it('sets one dot a pixel', () => {
    expect(braille([255, 0, 0, 0, 0, 0, 0, 255], 4, 2)).toEqual(['\u2881']);
    expect(braille([255, 255, 255], 1, 3)).toEqual(['\u2809\u2801']);
  });
});
