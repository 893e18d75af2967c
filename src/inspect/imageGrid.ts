/** Tensors as pictures: feature maps, kernels or images side by side, every number brought to 0 … 1. How a picture is shown is show.ts. */
import { ArgumentError, checkChoice, checkFlag, checkOptions, fmt, ShapeError } from '../errors.js';
import { checkTuple } from '../shape/index.js';
import { Tensor } from '../tensor/index.js';
import { PALETTES, type Palette } from './palette.js';

/** Pixels, not yet colours. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1: shown in the palette; 3: red, green and blue. */
  readonly channels: 1 | 3;
  /** [height, width, channels], from 0 to 1; NaN where nothing is, as between the tiles of a grid. */
  readonly values: Float32Array;
  readonly palette: Palette;
}

export interface ImageGridOptions {
  /** Tiles in a row; default: the channels where several examples have several, else about as many as rows. */
  columns?: number;
  /** Empty pixels between tiles; default 1. */
  padding?: number;
  /** What becomes 0 and 1: the least and greatest number of all tiles, of each for itself, or the two given; default 'all'. */
  normalise?: 'all' | 'each' | readonly [low: number, high: number];
  /** 'grey', or 'diverging' for numbers with a sign: 0 is dark, blue below it and orange above, both up to the largest magnitude; default 'grey'. */
  palette?: Palette;
  /** Whether the three channels of each image are its colours; default false, a tile for each channel. */
  rgb?: boolean;
}

/**
 * Lays images side by side in one picture.
 *
 * @shape images [H, W], [n, H, W] or [N, C, H, W]: a tile for each plane; with `rgb` [3, H, W] or [N, 3, H, W]: a tile for each image.
 *   The weight of a Conv2d fits as it is (a row for each filter); that of a Conv1d too, each filter a tile of [channels, steps].
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS; {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION
 */
export function imageGrid(images: Tensor, options: ImageGridOptions = {}): Picture {
  const op = 'imageGrid';
  checkOptions(op, options, ['columns', 'padding', 'normalise', 'palette', 'rgb']);
  if (!(images instanceof Tensor)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: images is ${images === null ? 'null' : typeof images} but must be a tensor; make one with nn.tensor(…)`);
  const palette = checkChoice(op, 'palette', options.palette ?? 'grey', PALETTES);
  const rgb = checkFlag(op, 'rgb', options.rgb ?? false);
  const { tiles, perRow, height, width } = layout(op, images.shape, rgb);
  const [columns] = checkTuple(op, 'columns', options.columns ?? perRow, 1, 1);
  const [padding] = checkTuple(op, 'padding', options.padding ?? 1, 1, 0);
  const channels = rgb ? 3 : 1;
  const plane = height * width;
  const data = Float64Array.from(images.dataSync(), Number);
  const scaled = normalised(op, data, channels * plane, palette, options.normalise ?? 'all');

  const across = Math.min(columns, tiles);
  const down = Math.ceil(tiles / columns);
  const whole = { width: across * (width + padding) - padding, height: down * (height + padding) - padding };
  const values = new Float32Array(whole.width * whole.height * channels).fill(NaN);
  for (let tile = 0; tile < tiles; tile++) {
    const [top, left] = [Math.floor(tile / columns) * (height + padding), (tile % columns) * (width + padding)];
    for (let i = 0; i < plane; i++) {
      const to = (top + Math.floor(i / width)) * whole.width + left + (i % width);
      for (let c = 0; c < channels; c++) values[to * channels + c] = scaled[(tile * channels + c) * plane + i];
    }
  }
  return { ...whole, channels, values, palette };
}

/** How many tiles, of which size, and how many of them in a row when nobody says. */
function layout(op: string, shape: readonly number[], rgb: boolean): { tiles: number; perRow: number; height: number; width: number } {
  if (shape.length < (rgb ? 3 : 2) || shape.length > 4) {
    throw new ShapeError('CVY_SHAPE_RANK', `${op}: images has ${shape.length} axes but ${rgb ? '3 or 4' : '2 to 4'} are required (images ${fmt(shape)}, expected ${rgb ? '[3, H, W] or [N, 3, H, W]' : '[H, W], [n, H, W] or [N, C, H, W]'}); reshape it`);
  }
  if (shape.includes(0)) throw new ShapeError('CVY_SHAPE_RANK', `${op}: images is empty but must have elements (images ${fmt(shape)})`);
  const [height, width] = shape.slice(-2);
  const [n, c] = [1, 1, ...shape.slice(0, -2)].slice(-2);
  if (rgb && c !== 3) throw new ShapeError('CVY_SHAPE_CHANNELS', `${op}: images has ${c} channels but rgb needs 3 (images ${fmt(shape)})`);
  const tiles = rgb ? n : n * c;
  return { tiles, perRow: !rgb && n > 1 && c > 1 ? c : Math.ceil(Math.sqrt(tiles)), height, width };
}

function normalised(op: string, data: Float64Array, tile: number, palette: Palette, normalise: NonNullable<ImageGridOptions['normalise']>): Float64Array {
  const flat = palette === 'diverging' ? 0.5 : 0;
  if (normalise === 'each') {
    const out = new Float64Array(data.length);
    for (let at = 0; at < data.length; at += tile) out.set(between(data.subarray(at, at + tile), range(data.subarray(at, at + tile), palette), flat), at);
    return out;
  }
  if (normalise === 'all') return between(data, range(data, palette), flat);
  const isPair = Array.isArray(normalise) && normalise.length === 2 && normalise.every(Number.isFinite) && normalise[0] < normalise[1];
  if (!isPair) throw new ArgumentError('CVY_ARG_VALUE', `${op}: normalise is ${Array.isArray(normalise) ? fmt(normalise) : `'${String(normalise)}'`} but must be 'all', 'each' or two numbers, the lower first`);
  return between(data, normalise, flat);
}

/** Least and greatest finite number; for a diverging palette as far from 0 on both sides. */
function range(data: Float64Array, palette: Palette): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (palette === 'grey') return [low, high];
  const largest = Math.max(-low, high);
  return [-largest, largest];
}

/** Where every number is the same, there is nothing to be told apart: the middle of a diverging palette, black otherwise. */
const between = (data: Float64Array, [low, high]: readonly [number, number], flat: number): Float64Array =>
  data.map((value) => (Number.isNaN(value) ? NaN : high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : flat));
