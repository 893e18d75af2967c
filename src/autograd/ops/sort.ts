/**
 * Orders along an axis. The positions are found in JavaScript, from the values read back, since no backend has a sort; the values are
 * then gathered on the backend, so gradients follow them. On a device this blocks.
 */
import { checkFlag, checkOptions, fmt, ShapeError } from '../../errors.js';
import { checkAxis } from '../../shape/index.js';
import { fromData, type Tensor } from '../../tensor/index.js';
import { checkTogether } from './common.js';
import { around, gatherAlong, replaced } from './indexing.js';
import { extremeOf, type Extreme } from './reduce.js';

export interface SortOptions {
  /** Largest first; default false. */
  descending?: boolean;
  /** Equal elements in the order in which they stand: always so, hence either value will do. */
  stable?: boolean;
}

export interface TopkOptions {
  /** The largest (default), or the smallest. */
  largest?: boolean;
  /** In order of their values (default), or in that of their positions. */
  sorted?: boolean;
}

/** Beyond this a place no longer fits beside 32 bits of order in a double. */
const PLACES = 2 ** 20;
/** Up to here the first of a row are inserted one by one: with more, ordering the whole row is faster. */
const FEW = 128;

/** Whole numbers that order as the elements of a float32 or integer tensor do: the same for both zeros, the largest for NaN. */
function ranks(values: ArrayLike<number>, whole: boolean): Int32Array {
  if (whole) return Int32Array.from(values);
  const floats = Float32Array.from(values);
  const ranked = new Int32Array(floats.buffer);
  for (let i = 0; i < ranked.length; i++) {
    const bits = ranked[i];
    const size = bits & 0x7fffffff;
    ranked[i] = size > 0x7f800000 ? 0x7fffffff : bits < 0 ? -size : size;
  }
  return ranked;
}

/**
 * The places of the first k in order, from an order and a place in one number: doubles are sorted without a call for every comparison, and equal
 * elements keep their order.
 */
function firstOf(keys: Float64Array, k: number): Int32Array {
  const n = keys.length;
  if (k > FEW || k === n) keys.sort();
  else {
    for (let i = 1; i < n && k > 0; i++) {
      const key = keys[i];
      if (i >= k && key > keys[k - 1]) continue;
      let at = Math.min(i, k - 1);
      for (; at > 0 && keys[at - 1] > key; at--) keys[at] = keys[at - 1];
      keys[at] = key;
    }
  }
  const places = new Int32Array(k);
  for (let i = 0; i < k; i++) places[i] = keys[i] - Math.floor(keys[i] / PLACES) * PLACES;
  return places;
}

/** The same for float64, and for axes too long: NaN counts as larger than everything, equal elements keep their order. */
function rowOrder(row: Float64Array, descending: boolean): Int32Array {
  const numbers = new Int32Array(row.length);
  const nans: number[] = [];
  let count = 0;
  for (let i = 0; i < row.length; i++) {
    if (Number.isNaN(row[i])) nans.push(i);
    else numbers[count++] = i;
  }
  const sign = descending ? -1 : 1;
  const sorted = numbers.subarray(0, count).sort((a, b) => (row[a] < row[b] ? -sign : row[a] > row[b] ? sign : a - b));
  const out = new Int32Array(row.length);
  out.set(sorted, descending ? nans.length : 0);
  out.set(nans, descending ? 0 : count);
  return out;
}

/** The first `k` positions in order along the axis, as a tensor. */
function positions(x: Tensor, axis: number, k: number, descending: boolean, sorted: boolean): Tensor {
  const [outer, inner] = around(x.shape, axis);
  const n = x.shape[axis] ?? 1;
  const short = x.dtype !== 'float64' && n <= PLACES;
  const values = short ? ranks(x.dataSync(), x.dtype !== 'float32') : x.dataSync();
  const out = new Int32Array(outer * k * inner);
  const row = new Float64Array(n);
  const sign = descending ? -1 : 1;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      for (let j = 0; j < n; j++) {
        const value = values[(o * n + j) * inner + i];
        row[j] = short ? sign * value * PLACES + j : value;
      }
      const order = short ? firstOf(row, k) : rowOrder(row, descending).subarray(0, k);
      if (!sorted) order.sort();
      for (let j = 0; j < k; j++) out[(o * k + j) * inner + i] = order[j];
    }
  }
  return fromData(x.backend, out, replaced(x.shape, axis, k));
}

/**
 * Elements in order along `dim`, with the int32 positions that they had. Always stable; NaN counts as largest.
 * @source torch.sort
 */
export function sort(x: Tensor, dim = -1, options: SortOptions = {}): Extreme {
  const indices = argsort(x, dim, options);
  return extremeOf(gatherAlong(x, checkAxis('sort', dim, x.ndim, x.shape), indices), indices);
}

/** The int32 positions that `sort` would take the elements from. @source torch.argsort */
export function argsort(x: Tensor, dim = -1, options: SortOptions = {}): Tensor {
  checkTogether('sort', x);
  checkOptions('sort', options, ['descending', 'stable']);
  const { descending = false, stable = true } = options;
  checkFlag('sort', 'stable', stable);
  const axis = checkAxis('sort', dim, x.ndim, x.shape);
  return positions(x, axis, x.shape[axis] ?? 1, checkFlag('sort', 'descending', descending), true);
}

/**
 * The `k` largest (or smallest) elements along `dim`, with their int32 positions; of equal ones the first.
 * @throws {ShapeError} CVY_SHAPE_AXIS unless k is from 0 to the size of the axis
 * @source torch.topk
 */
export function topk(x: Tensor, k: number, dim = -1, options: TopkOptions = {}): Extreme {
  checkTogether('topk', x);
  checkOptions('topk', options, ['largest', 'sorted']);
  const { largest = true, sorted = true } = options;
  const axis = checkAxis('topk', dim, x.ndim, x.shape);
  const size = x.shape[axis] ?? 1;
  if (!Number.isInteger(k) || k < 0 || k > size) {
    throw new ShapeError('CVY_SHAPE_AXIS', `topk: k is ${String(k)} but must be an integer from 0 to ${size}, the size of axis ${axis} (input ${fmt(x.shape)})`);
  }
  // A scalar has one element, and no axis that could become k long.
  if (x.ndim === 0 && k === 0) throw new ShapeError('CVY_SHAPE_AXIS', 'topk: k is 0 but a scalar has one element (input [])');
  const indices = positions(x, axis, k, checkFlag('topk', 'largest', largest), checkFlag('topk', 'sorted', sorted));
  return extremeOf(gatherAlong(x, axis, indices), indices);
}
