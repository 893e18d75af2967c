/** Turns a PNG or JPEG into what the models were trained on: 28 × 28 grey, bright ink on a dark ground. */
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { DataError } from '../errors.js';
import { readBytes } from '../io/readFile.js';

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Grey {
  readonly pixels: Float64Array;
  readonly height: number;
  readonly width: number;
}

/**
 * The picture of a file, ready for a model.
 * @shape returns [size, size] bytes, 0 background, 255 full ink
 * @throws {DataError} CVY_DATA_MISSING; CVY_DATA_FORMAT for a damaged file or one that is neither PNG nor JPEG
 */
export async function readPicture(path: string, size = 28): Promise<Uint8Array> {
  const grey = darkGround(toGrey(decode(path, await readBytes('predict', path))));
  return Uint8Array.from(shrink(toSquare(grey), size).pixels, Math.round);
}

function decode(path: string, bytes: Uint8Array): Rgba {
  const isPng = bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!isPng && !isJpeg) {
    const begin = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new DataError('CVY_DATA_FORMAT', `predict: ${path} begins with ${begin || 'nothing'} but a PNG (89 50 4e 47) or a JPEG (ff d8) is required`);
  }
  try {
    return isPng ? PNG.sync.read(Buffer.from(bytes)) : jpeg.decode(bytes, { useTArray: true });
  } catch (cause) {
    throw new DataError('CVY_DATA_FORMAT', `predict: ${path} cannot be decoded (${String(cause instanceof Error ? cause.message : cause).split('\n')[0]}) but a whole ${isPng ? 'PNG' : 'JPEG'} is required`, { cause });
  }
}

/** Luma (ITU-R BT.601); what is transparent shows white paper. */
function toGrey({ data, height, width }: Rgba): Grey {
  const pixels = Float64Array.from({ length: width * height }, (_, i) => {
    const [r, g, b, a] = data.subarray(4 * i, 4 * i + 4);
    return 255 - (a / 255) * (255 - (0.299 * r + 0.587 * g + 0.114 * b));
  });
  return { pixels, height, width };
}

/** Inverts a picture whose border is bright: ink is where the border is not. */
function darkGround(grey: Grey): Grey {
  return groundOf(grey) > 127.5 ? { ...grey, pixels: grey.pixels.map((value) => 255 - value) } : grey;
}

function groundOf({ pixels, height, width }: Grey): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
    for (let x = 0; x < width; x += step, count++) sum += pixels[y * width + x];
  }
  return sum / count;
}

/** Sides added in the colour of the border, so that a digit keeps its proportions. */
function toSquare(grey: Grey): Grey {
  const { pixels, height, width } = grey;
  const side = Math.max(height, width);
  if (height === width) return grey;
  const square = new Float64Array(side * side).fill(groundOf(grey));
  const [top, left] = [(side - height) >> 1, (side - width) >> 1];
  for (let y = 0; y < height; y++) square.set(pixels.subarray(y * width, (y + 1) * width), (top + y) * side + left);
  return { pixels: square, height: side, width: side };
}

/** Each new pixel is the mean of the area that it covers; a picture of that size is left as it is. */
export function shrink({ pixels, height, width }: Grey, size: number): Grey {
  const rows = overlaps(height, size);
  const columns = overlaps(width, size);
  const out = new Float64Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (const [sy, wy] of rows[y]) for (const [sx, wx] of columns[x]) sum += wy * wx * pixels[sy * width + sx];
      out[y * size + x] = sum;
    }
  }
  return { pixels: out, height: size, width: size };
}

/** For each of `to` cells over `from`: the cells it covers, with shares that add up to 1. */
function overlaps(from: number, to: number): [index: number, share: number][][] {
  return Array.from({ length: to }, (_, cell) => {
    const [begin, end] = [(cell * from) / to, ((cell + 1) * from) / to];
    const covered: [number, number][] = [];
    for (let i = Math.floor(begin); i < end && i < from; i++) {
      const share = (Math.min(end, i + 1) - Math.max(begin, i)) / (end - begin);
      if (share > 0) covered.push([i, share]);
    }
    return covered;
  });
}
