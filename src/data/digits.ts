/**
 * The embedded data set: pictures of the digits 0–9, drawn on the fly from strokes. It is SYNTHETIC: no person wrote them, and an
 * accuracy reached on it says nothing about MNIST. An image depends on (seed, split, index) alone.
 */
import { philox } from '../backend/rng.js';
import { ArgumentError, checkOptions } from '../errors.js';
import { STYLES, type Stroke } from './digitStrokes.js';
import type { LabelledImages } from './labelledImages.js';

/** Height and width of an image, in pixels. */
export const DIGIT_SIZE = 28;

const PIXELS = DIGIT_SIZE * DIGIT_SIZE;

/** Streams that no model's Rng opens: those count from 0 and would otherwise draw the same numbers under the same seed. */
const STREAMS = { train: 0xd1910 * 2 ** 32, test: 0xd1911 * 2 ** 32 };

export interface DigitsOptions {
  /** Train and test share no image. */
  split: 'train' | 'test';
  /** How many; fewer are the first ones of more. */
  count: number;
  seed?: number;
}

/**
 * `count` synthetic digits. Each run of ten from the start holds every digit once, in random order.
 *
 * @shape returns images [count, 28, 28], labels [count]
 * @units pixels from 0 (background) to 255 (ink)
 * @throws {ArgumentError} CVY_ARG_VALUE for an unknown split, a count below 1 or a seed that is no safe integer
 */
export function digits(options: DigitsOptions): LabelledImages {
  checkOptions('digits', options, ['split', 'count', 'seed']);
  const { split, count, seed = 0 } = options;
  if (!Object.hasOwn(STREAMS, split)) throw new ArgumentError('CVY_ARG_VALUE', `digits: split is '${split}' but 'train' or 'test' is required`);
  if (!Number.isSafeInteger(count) || count < 1 || count > 2 ** 31) throw new ArgumentError('CVY_ARG_VALUE', `digits: count is ${count} but a whole number from 1 to 2³¹ is required`);
  if (!Number.isSafeInteger(seed)) throw new ArgumentError('CVY_ARG_VALUE', `digits: seed is ${seed} but a whole number is required`);
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const random = new Random(seed, STREAMS[split] + index);
    if (index % 10 === 0) shuffleTen(labels.subarray(index, index + 10), new Random(seed, STREAMS[split] + 2 ** 31 + index));
    drawDigit(labels[index], random, images.subarray(index * PIXELS, (index + 1) * PIXELS));
  }
  return { images, labels, shape: [count, DIGIT_SIZE, DIGIT_SIZE] };
}

/** Consecutive numbers of one stream. */
class Random {
  private readonly words = new Uint32Array(2);
  private at = 0;
  constructor(private readonly seed: number, private readonly stream: number) {}

  /** Two fresh 32-bit words; the array is used again by the next call. */
  next(): Uint32Array {
    philox(this.seed, this.stream, this.at++, this.words);
    return this.words;
  }

  /** Uniform on [low, high). */
  between(low: number, high: number): number {
    return low + ((high - low) * this.next()[0]) / 4294967296;
  }

  /** A whole number from 0 to n − 1. */
  below(n: number): number {
    return Math.floor(this.between(0, n));
  }
}

/** The first labels of a random order of 0 … 9; the order is the same when fewer than ten are asked for. */
function shuffleTen(labels: Uint8Array, random: Random): void {
  const order = Uint8Array.from({ length: 10 }, (_, i) => i);
  for (let i = 9; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  labels.set(order.subarray(0, labels.length));
}

/** Maps a point of the unit box to pixels. */
type Warp = (x: number, y: number) => [x: number, y: number];

/** Size, slant, turn, place and a slow bend, so that no two images share their pixels. The ranges keep nearly all ink inside. */
function randomWarp(random: Random): Warp {
  const height = random.between(15, 21);
  const width = height * random.between(0.5, 0.85);
  const turn = (random.between(-14, 14) * Math.PI) / 180;
  const slant = random.between(-0.15, 0.35);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const middleX = DIGIT_SIZE / 2 + random.between(-2.2, 2.2);
  const middleY = DIGIT_SIZE / 2 + random.between(-2.2, 2.2);
  const [bendX, bendY] = [random.between(-0.07, 0.07), random.between(-0.07, 0.07)];
  const [phaseX, phaseY] = [random.between(0, 2 * Math.PI), random.between(0, 2 * Math.PI)];
  return (x, y) => {
    const v = (y - 0.5 + bendY * Math.sin(4 * x + phaseY)) * height;
    const u = (x - 0.5 + bendX * Math.sin(5 * y + phaseX)) * width - slant * v;
    return [middleX + cos * u - sin * v, middleY + sin * u + cos * v];
  };
}

/** Squared distance of each pixel's middle to the nearest stroke, used again for every image: allocation would cost as much as drawing. */
const nearest = new Float32Array(PIXELS);

/** Pixels beyond the pen's radius at which ink has faded to nothing. */
const FADE = 0.6;

function drawDigit(digit: number, random: Random, out: Uint8Array): void {
  const styles = STYLES[digit];
  const style = styles[random.below(styles.length)];
  const warp = randomWarp(random);
  const radius = random.between(0.75, 1.75);
  const ink = random.between(170, 255);
  const grain = random.between(0, 14);
  nearest.fill(Infinity);
  for (const stroke of style) traceStroke(stroke, warp, radius + FADE);
  fillPixels(out, radius, ink, grain, random);
}

/** Lowers `nearest` around one stroke, up to `reach` pixels away. */
function traceStroke(stroke: Stroke, warp: Warp, reach: number): void {
  let [x0, y0] = warp(stroke[0], stroke[1]);
  for (let p = 2; p < stroke.length; p += 2) {
    const [x1, y1] = warp(stroke[p], stroke[p + 1]);
    traceSegment(x0, y0, x1, y1, reach);
    [x0, y0] = [x1, y1];
  }
}

function traceSegment(x0: number, y0: number, x1: number, y1: number, reach: number): void {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const scale = 1 / Math.max(dx * dx + dy * dy, 1e-12);
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(DIGIT_SIZE - 1, Math.ceil(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(DIGIT_SIZE - 1, Math.ceil(Math.max(y0, y1) + reach));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [px, py] = [column + 0.5 - x0, row + 0.5 - y0];
      const along = Math.min(1, Math.max(0, (px * dx + py * dy) * scale));
      const [ex, ey] = [px - along * dx, py - along * dy];
      const distance = ex * ex + ey * ey;
      const at = row * DIGIT_SIZE + column;
      if (distance < nearest[at]) nearest[at] = distance;
    }
  }
}

/** Ink by distance, its edge faded over 2·FADE pixels, and grain on top. */
function fillPixels(out: Uint8Array, radius: number, ink: number, grain: number, random: Random): void {
  for (let at = 0; at < PIXELS; at += 8) {
    const [high, low] = random.next();
    for (let k = 0; k < 8; k++) {
      const distance = Math.sqrt(nearest[at + k]);
      const cover = Math.min(1, Math.max(0, (radius + FADE - distance) / (2 * FADE)));
      const noise = grain * NORMAL[((k < 4 ? high : low) >>> (8 * (k & 3))) & 0xff];
      out[at + k] = Math.min(255, Math.max(0, Math.round(cover * ink + noise)));
    }
  }
}

/** 256 equally likely values of a standard normal: one random byte makes a pixel's grain (8 pixels a Philox call instead of one). */
const NORMAL = Float32Array.from({ length: 256 }, (_, i) => normalQuantile((i + 0.5) / 256));

/** The normal distribution's quantile by Newton's method on the error function's series; exact far beyond a pixel's eight bits. */
function normalQuantile(probability: number): number {
  let x = 0;
  for (let step = 0; step < 40; step++) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 60; n++) {
      term *= (-x * x) / (2 * n);
      sum += term / (2 * n + 1);
    }
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    x -= Math.max(-0.5, Math.min(0.5, (0.5 + sum / Math.sqrt(2 * Math.PI) - probability) / density));
  }
  return x;
}
