/**
 * Holds a variant against plain loops before it serves: the micro-kernels at every height, and a few whole kernels. Operands are small
 * integers, so results are exact and compared by ===. Not the conformance kit, which needs minutes: this takes milliseconds.
 */
import type { KernelTable, LoadedKernel, OpArgs, OpName, WasmMemory } from '../../src/backend/index.js';
import { inlineExecutor, type HostHeap } from '../../src/backend/inline.js';
import { conv } from './conv.js';
import { convGradWeight } from './convGradWeight.js';
import { elementwise } from './elementwise.js';
import { instantiate, type Wasm, type WasmFunctions } from './wasm.js';

declare const WebAssembly: { Memory: new (limits: { initial: number; maximum: number; shared: true }) => WasmMemory };

/** 4 MiB of it, and what is left to the module's static data. */
const PAGES = 64;
const FIRST = 65536;
/**
 * Calls of what is checked. V8 takes the first ones with its baseline compiler, which needs one to be judged; under the flags of turbo
 * the third runs what its experimental passes made.
 */
const timesOf = (variant: string): number => (variant === 'turbo' ? 3 : 1);
const COLUMNS = 8;

/** What differs first, or null. */
export function selfCheck(variant: string): string | null {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const wasm = instantiate(memory, variant, 'high');
  return checkTiles(wasm.functions, new Float32Array(memory.buffer), new Int32Array(memory.buffer), timesOf(variant)) ?? kernels(wasm, memory);
}

/** −3 … 3, no two rows or columns alike. */
const integer = (i: number): number => ((i * i + 3 * i) % 7) - 3;

/** What differs first in the micro-kernels, or null. Memory from FIRST on is overwritten. */
export function checkTiles(functions: WasmFunctions, f: Float32Array, i: Int32Array, times: number): string | null {
  const K = 19;
  const ROW = 4 * COLUMNS;
  const [highest, most] = [functions.gemmRows(), functions.gemmColumns() / COLUMNS];
  const [a, b, table, from, c] = [0, 1, 2, 3, 4].map((part) => FIRST + part * 4096);
  for (let rows = 1; rows <= highest; rows++) {
    const tile = rows * COLUMNS;
    for (let e = 0; e < rows * K; e++) f[a / 4 + e] = integer(e);
    for (let e = 0; e < most * K * COLUMNS; e++) f[b / 4 + e] = integer(e + 1);
    for (let e = 0; e < most * tile; e++) f[from / 4 + e] = integer(e + 2);
    for (const kind of ['packed', 'table', 'spots'] as const) {
      const places = kind === 'packed' ? [] : [table];
      for (let q = 0; q < K; q++) i[table / 4 + q] = 4 * q * (kind === 'spots' ? rows : COLUMNS);
      for (let count = 1; count <= most; count++) {
        for (let time = 0; time < times; time++) {
          f.fill(NaN, c / 4, c / 4 + count * tile);
          // The second of twins is what follows: panel after panel, tile after tile.
          if (count === 1) functions[`${kind}Tile`](rows, a, b, ...places, from, ROW, c, ROW, K);
          else functions[`${kind}Twins`](rows, a, b, K * ROW, ...places, from, ROW, 4 * tile, c, ROW, 4 * tile, K);
          for (let e = 0; e < count * tile; e++) {
            const row = Math.floor(e / COLUMNS) % rows;
            const panel = b / 4 + Math.floor(e / tile) * K * COLUMNS;
            let sum = f[from / 4 + e];
            for (let q = 0; q < K; q++) sum += f[a / 4 + q * rows + row] * f[panel + q * COLUMNS + (e % COLUMNS)];
            if (f[c / 4 + e] !== sum) return `tile of ${rows} rows: ${f[c / 4 + e]} instead of ${sum}`;
          }
        }
      }
    }
  }
  return checkPairs(functions, f, i, times);
}

/** The same for pairs of segments, limited to 0 … MOST: three rows of 11 pixels, which end in a segment that overlaps the one before. */
function checkPairs(functions: WasmFunctions, f: Float32Array, i: Int32Array, times: number): string | null {
  const [K, rows, cols, pitch, MOST] = [19, 3, 11, 32, 20];
  const [a, x, table, from, y] = [0, 1, 2, 3, 4].map((part) => FIRST + part * 4096);
  for (let e = 0; e < rows * pitch + K; e++) f[x / 4 + e] = integer(e + 1);
  for (let q = 0; q < K; q++) i[table / 4 + q] = 4 * q;
  for (let height = 1; height <= functions.pairRows(); height++) {
    for (let e = 0; e < height * K; e++) f[a / 4 + e] = integer(e);
    for (let e = 0; e < height * COLUMNS; e++) f[from / 4 + e] = integer(Math.floor(e / COLUMNS));
    for (let time = 0; time < times; time++) {
      f.fill(NaN, y / 4, y / 4 + height * rows * cols);
      functions.pairsOf(height, a, x, 4 * pitch, table, K, from, y, 4 * rows * cols, 4 * cols, rows, cols, 0, MOST);
      for (let e = 0; e < height * rows * cols; e++) {
        const [channel, row, col] = [Math.floor(e / (rows * cols)), Math.floor(e / cols) % rows, e % cols];
        let sum = integer(channel);
        for (let q = 0; q < K; q++) sum += f[a / 4 + q * height + channel] * f[x / 4 + row * pitch + col + q];
        const wanted = Math.min(MOST, Math.max(0, sum));
        if (f[y / 4 + e] !== wanted) return `pair of ${height} rows: ${f[y / 4 + e]} instead of ${wanted}`;
      }
    }
  }
  return checkDots(functions, f, i, times);
}

/** The same for products of runs of pixels, of which the places overlap. */
function checkDots(functions: WasmFunctions, f: Float32Array, i: Int32Array, times: number): string | null {
  const [K, plane] = [19, 64];
  const lanes = functions.convSegment();
  const [x, g, table, sums] = [0, 1, 2, 3].map((part) => FIRST + part * 4096);
  for (let e = 0; e < 3 * plane; e++) f[x / 4 + e] = integer(e);
  for (let e = 0; e < 3 * plane; e++) f[g / 4 + e] = integer(e + 1);
  for (let q = 0; q < K; q++) i.set([4 * q, 8 * q], table / 4 + 2 * q);
  for (let taps = 1; taps <= 5; taps++) {
    for (let channels = 1; channels <= (taps > 3 ? 2 : 3); channels++) {
      for (let time = 0; time < times; time++) {
        for (let e = 0; e < 8 * taps * channels; e++) f[sums / 4 + e] = integer(e + 2);
        functions[`dots${lanes}Of`](channels, taps, x, g, 4 * plane, table, K, sums, 32 * taps);
        for (let e = 0; e < 8 * taps * channels; e++) {
          const [channel, tap, lane] = [Math.floor(e / (8 * taps)), Math.floor(e / 8) % taps, e % 8];
          let sum = integer(e + 2);
          if (lane < lanes) for (let q = 0; q < K; q++) sum += f[x / 4 + q + tap + lane] * f[g / 4 + channel * plane + 2 * q + lane];
          if (f[sums / 4 + e] !== sum) return `dots of ${taps} taps and ${channels} channels: ${f[sums / 4 + e]} instead of ${sum}`;
        }
      }
    }
  }
  return checkInner(functions, f, times);
}

/** The same for inner products of rows: tiles of 2 × 5 over 3 × 7, of which the last ones are not whole. */
function checkInner(functions: WasmFunctions, f: Float32Array, times: number): string | null {
  const [m, n, k] = [3, 7, 24];
  const [a, b, y, own, panels] = [0, 1, 2, 3, 4].map((part) => FIRST + part * 4096);
  for (let e = 0; e < m * k; e++) f[a / 4 + e] = integer(e);
  for (let e = 0; e < n * k; e++) f[b / 4 + e] = integer(e + 1);
  f.fill(0, own / 4, own / 4 + 1024);
  for (let time = 0; time < times; time++) {
    f.fill(NaN, y / 4, y / 4 + m * n);
    functions.innerTiles(a, 4 * k, b, 4 * k, own, 0, 0, y, 4 * n, 4, m, n, k, 1, 0, 4, own, panels);
    for (let e = 0; e < m * n; e++) {
      let sum = 0;
      for (let q = 0; q < k; q++) sum += f[a / 4 + Math.floor(e / n) * k + q] * f[b / 4 + (e % n) * k + q];
      if (f[y / 4 + e] !== sum) return `inner product: ${f[y / 4 + e]} instead of ${sum}`;
    }
  }
  return null;
}

/** A 3×3 convolution of stride 1 with padding 1, its gradients, and relu. */
function kernels(wasm: Wasm, memory: WasmMemory): string | null {
  const heap = bumpHeap(memory);
  const executor = inlineExecutor(heap);
  const times = timesOf(wasm.variant);
  const table: KernelTable = { ...elementwise(wasm), ...conv(wasm), ...convGradWeight(wasm) };
  // As little as has every height of tiles, a rest of columns and all borders: V8 interprets what runs here.
  const [n, cin, cout, h, w] = [1, 3, 13, 3, 12];
  const geometry = [n, 1, cin, cout, 1, h, w, 1, 3, 3, 1, h, w, 1, 1, 1, 0, 1, 1, 1, 1, 1] as const;
  const [x, weights, y, relu] = [n * cin * h * w, cout * cin * 9, n * cout * h * w, n * cout * h * w].map((elems) => heap.alloc(4 * elems));
  const f = heap.views.f32;
  const put = (ptr: number, elems: number): void => {
    for (let e = 0; e < elems; e++) f[ptr / 4 + e] = integer(e);
  };
  const run = <O extends OpName>(op: O, args: OpArgs[O]): void => {
    for (let time = 0; time < times; time++) executor.run({ op, dtype: 'float32', kernel: table[op]!.float32, set: 0, setName: 'wasm-simd' } as unknown as LoadedKernel, args);
  };
  /** Calls `meet(x, w, y)` with the indices of every product. */
  const products = (meet: (ix: number, iw: number, iy: number) => void): void => {
    for (let image = 0; image < n; image++) for (let o = 0; o < cout; o++) for (let r = 0; r < h; r++) for (let col = 0; col < w; col++) {
      for (let c = 0; c < cin; c++) for (let kr = 0; kr < 3; kr++) for (let kc = 0; kc < 3; kc++) {
        const ir = r + kr - 1;
        const ic = col + kc - 1;
        if (ir >= 0 && ir < h && ic >= 0 && ic < w) meet(((image * cin + c) * h + ir) * w + ic, ((o * cin + c) * 3 + kr) * 3 + kc, ((image * cout + o) * h + r) * w + col);
      }
    }
  };
  const differs = (op: string, ptr: number, wanted: Float64Array): string | null => {
    const at = wanted.findIndex((value, e) => f[ptr / 4 + e] !== value);
    return at < 0 ? null : `${op}: element ${at} is ${f[ptr / 4 + at]} instead of ${wanted[at]}`;
  };

  const checks: (() => string | null)[] = [
    () => {
      put(x, n * cin * h * w);
      put(weights, cout * cin * 9);
      run('conv', [x, weights, 0, y, ...geometry]);
      const wanted = new Float64Array(n * cout * h * w);
      products((ix, iw, iy) => void (wanted[iy] += integer(ix) * integer(iw)));
      return differs('conv', y, wanted);
    },
    () => {
      run('relu', [y, relu, n * cout * h * w, 0, 0]);
      return differs('relu', relu, Float64Array.from(f.subarray(y / 4, y / 4 + n * cout * h * w), (value) => Math.max(0, value)));
    },
    () => {
      put(y, n * cout * h * w);
      run('convGradInput', [y, weights, 0, x, ...geometry]);
      const wanted = new Float64Array(n * cin * h * w);
      products((ix, iw, iy) => void (wanted[ix] += integer(iy) * integer(iw)));
      return differs('convGradInput', x, wanted);
    },
    () => {
      put(x, n * cin * h * w);
      run('convGradWeight', [x, y, weights, ...geometry]);
      const wanted = new Float64Array(cout * cin * 9);
      products((ix, iw, iy) => void (wanted[iw] += integer(ix) * integer(iy)));
      return differs('convGradWeight', weights, wanted);
    },
  ];
  for (const check of checks) {
    const wrong = check();
    if (wrong !== null) return wrong;
  }
  return null;
}

/** A heap that takes back only what was given out last, as workspaces are. */
function bumpHeap(memory: WasmMemory): HostHeap {
  const { buffer } = memory;
  let top = FIRST;
  return {
    views: { memory, f32: new Float32Array(buffer), f64: new Float64Array(buffer), i32: new Int32Array(buffer), u8: new Uint8Array(buffer) },
    alloc(bytes) {
      const ptr = top;
      top += Math.ceil(bytes / 64) * 64;
      if (top > buffer.byteLength) throw new Error(`${bytes} bytes are too many`);
      return ptr;
    },
    free(ptr) {
      top = ptr;
    },
  };
}
