/** Table entries of assembly/extreme.ts: items are rows where the axis is the last, else blocks of columns. */
import type { HeapViews, Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { fn, perItem } from './loops.js';
import type { Wasm } from './wasm.js';

/** Columns of a block: a cache line. */
const COLUMNS = 16;

type Args = OpArgs['max'];
const blocksOf = (inner: number): number => Math.ceil(inner / COLUMNS);

function extreme(
  wasm: Wasm, op: string, rows: (x: number, y: number, count: number, n: number) => void,
  columns: (x: number, y: number, count: number, n: number, inner: number) => void, none: (heap: HeapViews) => Float32Array | Int32Array, identity: number,
): { float32: Kernel<Args> } {
  return perItem<Args>(wasm, op, [{
    items: ([, , outer, , inner]) => (inner === 1 ? outer : outer * blocksOf(inner)), cost: ([, , , n, inner]) => 4 * n * Math.min(inner, COLUMNS),
    body([x, y, , n, inner], first, end, _work, heap) {
      if (inner === 1 && n > 0) {
        rows(x + 4 * first * n, y + 4 * first, end - first, n);
        return;
      }
      const across = blocksOf(inner);
      for (let item = first; item < end;) {
        const block = item % across;
        const o = (item - block) / across;
        const count = Math.min(across - block, end - item);
        const from = block * COLUMNS;
        const width = Math.min(count * COLUMNS, inner - from);
        const at = (y >>> 2) + o * inner + from;
        if (n === 0) none(heap).fill(identity, at, at + width);
        else columns(x + 4 * (o * n * inner + from), 4 * at, width, n, inner);
        item += count;
      }
    },
  }]);
}

export function extremes(wasm: Wasm): KernelTable {
  const [argRows, argColumns] = [fn(wasm, 'f32_argRows'), fn(wasm, 'f32_argColumns')];
  const value = (op: 'max' | 'min', none: number): { float32: Kernel<Args> } =>
    extreme(wasm, op, fn(wasm, `f32_${op}Rows`), fn(wasm, `f32_${op}Columns`), ({ f32 }) => f32, none);
  const index = (op: string, least: 0 | 1): { float32: Kernel<Args> } => extreme(
    wasm, op, (x, y, count, n) => { argRows(x, y, count, n, least); }, (x, y, count, n, inner) => { argColumns(x, y, count, n, inner, least); }, ({ i32 }) => i32, -1,
  );
  return { max: value('max', -Infinity), min: value('min', Infinity), argmax: index('argmax', 0), argmin: index('argmin', 1) };
}
