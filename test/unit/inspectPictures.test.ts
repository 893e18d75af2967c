/** Tensors as pictures: every pixel of grids, PNG, SVG and terminal lines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { PNG } from 'pngjs';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { createConvoy, imageGrid, savePicture, toPng, toSvg, toTerminal, type Picture } from '../../dist/src/index.js';
import { paletteIndex } from '../../dist/src/inspect/palette.js';
import { rejection, temporaryFolder } from '../helpers/files.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());
afterEach(() => vi.unstubAllEnvs());
const folder = temporaryFolder();

const code = (expected: string, message = /./): unknown => expect.objectContaining({ code: expected, message: expect.stringMatching(message) });
/** Values row by row, '.' for gaps, as quarters. */
const drawn = ({ width, height, channels, values }: Picture): string[] => Array.from({ length: height }, (_, y) =>
  Array.from(values.subarray(y * width * channels, (y + 1) * width * channels), (value) => (Number.isNaN(value) ? '.' : String(Math.round(4 * value)))).join(''));

describe('imageGrid', () => {
  it('lays planes side by side, as many in a row as rows, with a gap', () => {
    expect(drawn(imageGrid(nn.arange(5).reshape(1, 5)))).toEqual(['01234']);
    expect(drawn(imageGrid(nn.tensor([[[0, 1]], [[2, 3]], [[4, 0]]])))).toEqual(['01.23', '.....', '40...']);
    expect(drawn(imageGrid(nn.tensor([[[0, 1]], [[2, 3]], [[4, 0]]]), { columns: 3, padding: 2 }))).toEqual(['01..23..40']);
    expect(drawn(imageGrid(nn.tensor([[[0, 1]], [[2, 3]], [[4, 0]]]), { columns: 9, padding: 0 }))).toEqual(['012340']);
  });

  it('gives each example or filter a row of its channels', () => {
    const x = nn.tensor([[[[0]], [[1]], [[2]]], [[[3]], [[4]], [[4]]]]);
    expect(drawn(imageGrid(x))).toEqual(['0.1.2', '.....', '3.4.4']);
    expect(drawn(imageGrid(x.reshape(1, 6, 1, 1)))).toEqual(['0.1.2', '.....', '3.4.4']);
    expect(drawn(imageGrid(x, { columns: 2, padding: 0 }))).toEqual(['01', '23', '44']);
  });

  it('normalises over all, each for itself, or between two numbers', () => {
    const x = nn.tensor([[[0, 1]], [[2, 4]]]);
    expect(drawn(imageGrid(x, { padding: 0 }))).toEqual(['0124']);
    expect(drawn(imageGrid(x, { padding: 0, normalise: 'each' }))).toEqual(['0404']);
    expect(drawn(imageGrid(x, { padding: 0, normalise: [1, 3] }))).toEqual(['0024']);
    expect(drawn(imageGrid(nn.tensor([[-1, 0, 2]]), { palette: 'diverging' }))).toEqual(['124']);
    expect(drawn(imageGrid(nn.full([1, 2], 7)))).toEqual(['00']);
    expect(drawn(imageGrid(nn.zeros(1, 2), { palette: 'diverging' }))).toEqual(['22']);
    expect(drawn(imageGrid(nn.tensor([[0, Infinity, 1, NaN, -Infinity, 2]])))).toEqual(['042.04']);
    expect(drawn(imageGrid(nn.tensor([[0, 1, 2]], { dtype: 'int32' })))).toEqual(['024']);
  });

  it('takes three channels for colours when told so', () => {
    const x = nn.tensor([[[[0, 4]], [[1, 3]], [[2, 2]]], [[[4, 4]], [[0, 0]], [[0, 4]]]]);
    const grid = imageGrid(x, { rgb: true });
    expect(grid).toMatchObject({ width: 5, height: 1, channels: 3 });
    expect(drawn(grid)).toEqual(['012432...400404']);
    expect(drawn(imageGrid(x.select(0, 1), { rgb: true }))).toEqual(['400404']);
    expect(Array.from(PNG.sync.read(Buffer.from(toPng(imageGrid(x.select(0, 1), { rgb: true }), { scale: 1 }))).data)).toEqual([255, 0, 0, 255, 255, 0, 255, 255]);
  });

  it('says what is wrong', () => {
    const x = nn.ones(2, 2, 2);
    expect(() => imageGrid([[1]] as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => imageGrid(nn.ones(3))).toThrow(code('CVY_SHAPE_RANK', /has 1 axes but 2 to 4/));
    expect(() => imageGrid(nn.ones(1, 1, 1, 1, 1))).toThrow(code('CVY_SHAPE_RANK'));
    expect(() => imageGrid(nn.ones(0, 2, 2))).toThrow(code('CVY_SHAPE_RANK', /empty/));
    expect(() => imageGrid(nn.ones(2, 2), { rgb: true })).toThrow(code('CVY_SHAPE_RANK', /3 or 4/));
    expect(() => imageGrid(x, { rgb: true })).toThrow(code('CVY_SHAPE_CHANNELS', /2 channels but rgb needs 3/));
    expect(() => imageGrid(x, { rgb: 1 } as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => imageGrid(x, { palette: 'gray' } as never)).toThrow(code('CVY_ARG_VALUE', /one of grey, diverging/));
    for (const normalise of ['some', [1, 1], [2, 1], [0, NaN], [0], null]) if (normalise !== null) expect(() => imageGrid(x, { normalise } as never)).toThrow(code('CVY_ARG_VALUE', /normalise is/));
    expect(() => imageGrid(x, { columns: 0 })).toThrow(code('CVY_ARG_VALUE', /columns/));
    expect(() => imageGrid(x, { padding: -1 })).toThrow(code('CVY_ARG_VALUE', /padding/));
    expect(() => imageGrid(x, { scale: 2 } as never)).toThrow(code('CVY_ARG_OPTION'));
  });
});

/** A picture with both gaps and colours, of odd height. */
const kernels = imageGrid(nn.tensor([[[-2, 0], [1, 2], [0, 0]], [[2, 2], [-1, 0.5], [-2, 1]]]), { palette: 'diverging' });

/** Pixels of an SVG of ours, as RGBA. */
function rasterised(svg: string): { width: number; height: number; data: number[] } {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  const data = new Array<number>(width * height * 4).fill(0);
  for (const [, fill, path] of svg.matchAll(/<path fill="#(\w{6})" d="([^"]*)"\/>/g)) {
    const colour = [0, 2, 4].map((at) => parseInt(fill.slice(at, at + 2), 16));
    for (const [, x, y, right, left] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)) {
      expect(right).toBe(left);
      for (let i = 0; i < Number(right); i++) data.splice(4 * (Number(y) * width + Number(x) + i), 4, ...colour, 255);
    }
  }
  return { width, height, data };
}

describe('toPng and toSvg', () => {
  it('have the palette’s colours, and nothing between tiles', () => {
    const png = PNG.sync.read(Buffer.from(toPng(kernels, { scale: 1 })));
    expect([png.width, png.height]).toEqual([5, 3]);
    const at = (x: number, y: number): number[] => [...png.data.subarray(4 * (5 * y + x), 4 * (5 * y + x) + 4)];
    expect(at(0, 0)).toEqual([0, 135, 255, 255]);
    expect(at(1, 0)).toEqual([58, 58, 58, 255]);
    expect(at(1, 1)).toEqual([255, 175, 0, 255]);
    expect(at(2, 0)).toEqual([0, 0, 0, 0]);
    expect(at(0, 1)).toEqual([157, 117, 29, 255]);
    expect(at(3, 1)).toEqual([29, 97, 157, 255]);
    const grey = PNG.sync.read(Buffer.from(toPng(imageGrid(nn.tensor([[0, 1, 2]])), { scale: 1 })));
    expect([...grey.data]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
  });

  it('scale every pixel', () => {
    const [small, large] = [1, 3].map((scale) => PNG.sync.read(Buffer.from(toPng(kernels, { scale }))));
    expect([large.width, large.height]).toEqual([15, 9]);
    for (let y = 0; y < 9; y++) {
      for (let x = 0; x < 15; x++) {
        const [a, b] = [4 * (15 * y + x), 4 * (5 * Math.floor(y / 3) + Math.floor(x / 3))];
        expect([...large.data.subarray(a, a + 4)]).toEqual([...small.data.subarray(b, b + 4)]);
      }
    }
    expect(toSvg(kernels, { scale: 3 })).toContain('width="15" height="9" viewBox="0 0 5 3"');
    expect(PNG.sync.read(Buffer.from(toPng(kernels))).width).toBe(40);
    expect(toSvg(kernels)).toContain('width="40"');
  });

  it('show the same pixels', () => {
    for (const picture of [kernels, imageGrid(nn.rand(3, 5, 4)), imageGrid(nn.ones(2, 3, 3)), imageGrid(nn.rand(2, 3, 2, 5), { rgb: true })]) {
      const { width, height, data } = PNG.sync.read(Buffer.from(toPng(picture, { scale: 1 })));
      expect(rasterised(toSvg(picture))).toEqual({ width, height, data: [...data] });
    }
  });

  it('go to files by their names', async () => {
    await savePicture(join(folder, 'kernels.png'), kernels, { scale: 2 });
    await savePicture(join(folder, 'kernels.SVG'), kernels, { scale: 2 });
    expect(new Uint8Array(readFileSync(join(folder, 'kernels.png')))).toEqual(toPng(kernels, { scale: 2 }));
    expect(readFileSync(join(folder, 'kernels.SVG'), 'utf8')).toBe(toSvg(kernels, { scale: 2 }));
    expect(await rejection(savePicture(join(folder, 'kernels.jpg'), kernels))).toEqual(code('CVY_ARG_VALUE', /ends in '.jpg' but must end in .png or .svg/));
    expect(await rejection(savePicture(join(folder, 'none', 'kernels.svg'), kernels))).toEqual(code('CVY_DATA_WRITE'));
    for (const scale of [0, 1.5, '2']) {
      expect(() => toPng(kernels, { scale } as never)).toThrow(code('CVY_ARG_VALUE', /scale/));
      expect(() => toSvg(kernels, { scale } as never)).toThrow(code('CVY_ARG_VALUE', /scale/));
    }
    expect(() => toPng(kernels, { zoom: 2 } as never)).toThrow(code('CVY_ARG_OPTION'));
  });
});

describe('toTerminal', () => {
  it('shades without colours, two pixels a character', () => {
    expect(toTerminal(imageGrid(nn.tensor([[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]])), { depth: 1 })).toBe(' ░▒▓█');
    expect(toTerminal(imageGrid(nn.tensor([[0, 4], [4, 4], [4, 0]])), { depth: 1 })).toBe('▒█\n█');
    expect(toTerminal(imageGrid(nn.tensor([[[4, 0]], [[4, 4]]])), { depth: 1 })).toBe('█  ██');
    expect(toTerminal(imageGrid(nn.tensor([[0, 4], [4, 4], [4, 0]])), { depth: 1, scale: 2 })).toBe('  ██\n████\n██');
    expect(toTerminal(imageGrid(nn.tensor([[4, 0], [0, 4]])), { depth: 1, scale: 3 })).toBe('███\n▒▒▒▒▒▒\n   ███');
  });

  it('has one half block in colour a character', () => {
    expect(toTerminal(imageGrid(nn.tensor([[0, 1], [1, 0]])), { depth: 24 })).toBe('\x1b[38;2;0;0;0;48;2;255;255;255m▀\x1b[0m\x1b[38;2;255;255;255;48;2;0;0;0m▀\x1b[0m');
    expect(toTerminal(imageGrid(nn.tensor([[0, 1]])), { depth: 8 })).toBe('\x1b[38;5;16m▀\x1b[0m\x1b[38;5;231m▀\x1b[0m');
    expect(stripVTControlCharacters(toTerminal(kernels, { depth: 8 }))).toBe('▀▀ ▀▀\n▀▀ ▀▀');
    // The second row of tiles begins on the lower half of a line.
    expect(toTerminal(imageGrid(nn.ones(2, 2, 1), { columns: 1, normalise: [0, 1] }), { depth: 8 })).toBe('\x1b[38;5;231;48;5;231m▀\x1b[0m\n\x1b[38;5;231m▄\x1b[0m\n\x1b[38;5;231m▀\x1b[0m');
  });

  it('asks the environment unless told', () => {
    const picture = imageGrid(nn.tensor([[0, 1]]));
    const under = (env: Record<string, string>): string => {
      for (const name of ['NO_COLOR', 'FORCE_COLOR', 'COLORTERM']) vi.stubEnv(name, env[name]);
      return toTerminal(picture);
    };
    expect(under({ FORCE_COLOR: '1' })).toBe(toTerminal(picture, { depth: 8 }));
    expect(under({ FORCE_COLOR: '3' })).toBe(toTerminal(picture, { depth: 24 }));
    expect(under({ FORCE_COLOR: '3', NO_COLOR: '1' })).toBe(toTerminal(picture, { depth: 1 }));
    expect(under({ NO_COLOR: '1', COLORTERM: 'truecolor' })).toBe(' █');
    expect(() => toTerminal(picture, { depth: 4 } as never)).toThrow(code('CVY_ARG_VALUE', /depth is '4' but must be one of 1, 8, 24/));
    expect(() => toTerminal(picture, { scale: 0 })).toThrow(code('CVY_ARG_VALUE'));
    expect(() => toTerminal(picture, { colour: true } as never)).toThrow(code('CVY_ARG_OPTION'));
  });

  it('finds the nearest of 256 colours', () => {
    expect([[0, 0, 0], [255, 255, 255], [58, 58, 58], [57, 60, 63], [255, 175, 0], [0, 135, 255], [126, 99, 38], [128, 128, 128]].map((colour) => paletteIndex(colour as never)))
      .toEqual([16, 231, 237, 237, 214, 33, 94, 244]);
  });
});
