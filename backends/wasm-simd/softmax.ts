/** Table entries of assembly/softmax.ts: items are rows where the axis is the last, else groups of four columns. */
import type { Kernel, KernelTable, OpArgs } from '../../src/backend/index.js';
import { fn, perItem } from './loops.js';
import type { Wasm } from './wasm.js';

const LANES = 4;

const items = (outer: number, n: number, inner: number): number => (n === 0 ? 0 : inner === 1 ? outer : outer * Math.ceil(inner / LANES));

/** `kept` is 1 where the exponentials are kept, so that each is computed once, else 0. */
function overRows(wasm: Wasm, op: string, kept: 0 | 1): { float32: Kernel<OpArgs['softmax']> } {
  const [rows, columns] = [fn(wasm, `f32_${op}Rows`), fn(wasm, `f32_${op}Columns`)];
  return perItem(wasm, op, [{
    items: ([, , outer, n, inner]) => items(outer, n, inner), cost: ([, , , n, inner]) => 16 * (inner === 1 ? n : LANES * n),
    body: ([x, y, , n, inner], first, end, { own }) => {
      if (inner === 1) rows(x + 4 * first * n, y + 4 * first * n, end - first, n, own);
      else columns(x, y, first, end, n, inner, own);
    },
  }], ([, , , n, inner]) => ({ own: kept * (inner === 1 ? n : LANES * n) * 4 }));
}

function overRowGrads(wasm: Wasm, op: string): { float32: Kernel<OpArgs['softmaxGrad']> } {
  const [rows, columns] = [fn(wasm, `f32_${op}Rows`), fn(wasm, `f32_${op}Columns`)];
  return perItem(wasm, op, [{
    items: ([, , , outer, n, inner]) => items(outer, n, inner), cost: ([, , , , n, inner]) => 16 * (inner === 1 ? n : LANES * n),
    body: ([y, gy, gx, , n, inner], first, end) => {
      const skip = 4 * first * n;
      if (inner === 1) rows(y + skip, gy + skip, gx + skip, end - first, n);
      else columns(y, gy, gx, first, end, n, inner);
    },
  }]);
}

export const softmax = (wasm: Wasm): KernelTable => ({
  softmax: overRows(wasm, 'softmax', 1), logSoftmax: overRows(wasm, 'logSoftmax', 0),
  softmaxGrad: overRowGrads(wasm, 'softmaxGrad'), logSoftmaxGrad: overRowGrads(wasm, 'logSoftmaxGrad'),
});
