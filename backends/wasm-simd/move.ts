/** Table entries of assembly/move.ts and strided.ts. */
import { BLOCK, type Kernel, type KernelTable, type OpArgs } from '../../src/backend/index.js';
import { roundUp } from './cut.js';
import { eachSlab, elementKernel, elements, fn, perElement, perItem } from './loops.js';
import { alike, f32, nameOf, type Wasm, type WasmFunction } from './wasm.js';

/** Doubles of the sums that one piece of a scatter gathers, unless a single column of y is longer. */
const SUMS = 8192;

/** A piece takes some of the [outer] slices when inner is 1 (the gradient of max pooling), else a block of columns of one slice. */
function scatterCut([, , , outer, nG, nY, inner]: OpArgs['scatterAddElements']): { width: number; perSlice: number; slices: number } {
  const width = Math.max(1, Math.min(inner, Math.floor(SUMS / Math.max(1, nY))));
  const slices = inner > 1 ? 1 : Math.max(1, Math.min(outer, Math.floor(BLOCK / Math.max(1, nG + nY))));
  return { width, perSlice: Math.ceil(inner / width), slices };
}

function scatterAddElements(wasm: Wasm): { float32: Kernel<OpArgs['scatterAddElements']> } {
  const [slicesOf, columnsOf] = [fn(wasm, 'f32_scatterSlices'), fn(wasm, 'f32_scatterColumns')];
  return f32({
    name: nameOf(wasm, 'scatterAddElements'),
    pieces(args) {
      if (args[5] === 0) return 0;
      const { perSlice, slices } = scatterCut(args);
      return Math.ceil(args[3] / slices) * perSlice;
    },
    workspace: (args) => ({ own: args[5] * scatterCut(args).width * 8 }),
    run(_heap, args, begin, end, { own }) {
      const [g, index, y, outer, nG, nY, inner] = args;
      const { width, perSlice, slices } = scatterCut(args);
      if (inner === 1) {
        const first = begin * slices;
        slicesOf(g + 4 * first * nG, index + 4 * first * nG, y + 4 * first * nY, Math.min(outer, end * slices) - first, nG, nY, own);
        return;
      }
      for (let piece = begin; piece < end; piece++) {
        const slice = Math.floor(piece / perSlice);
        const column = (piece % perSlice) * width;
        const from = 4 * (slice * nG * inner + column);
        columnsOf(g + from, index + from, y + 4 * (slice * nY * inner + column), nG, nY, inner, Math.min(width, inner - column), own);
      }
    },
  });
}

/** First the rows of g that belong to each row of y are chained, then the rows of y summed, each stored in one go. */
function scatterAdd(wasm: Wasm): { float32: Kernel<OpArgs['scatterAdd']> } {
  const [chainsOf, rowsOf] = [fn(wasm, 'f32_scatterChains'), fn(wasm, 'f32_scatterRows')];
  /** Where the successors lie behind the rows' first positions and one word of their own. */
  const next = (nY: number): number => roundUp(4 * (nY + 1), 16);
  return perItem<OpArgs['scatterAdd']>(wasm, 'scatterAdd', [{
    items: () => 1, cost: () => 1,
    body: ([, index, , , nG, nY], _first, _end, { own, shared }) => { chainsOf(index, nG, nY, shared, shared + next(nY), own); },
  }, {
    items: ([, , , outer, , nY, inner]) => (inner === 0 ? 0 : outer * nY), cost: ([, , , , nG, nY, inner]) => 16 + (2 * inner * (nG + nY)) / nY,
    body: ([g, , y, , nG, nY, inner], first, end, { shared }) => { rowsOf(g, y, nG, nY, inner, first, end, shared, shared + next(nY)); },
  }], ([, , , , nG, nY]) => ({ shared: next(nY) + 4 * nG, own: 4 * nY }));
}

/** Items are the rows of y. */
function gather(wasm: Wasm, op: 'gather' | 'gatherElements'): Record<'float32' | 'int32', Kernel<OpArgs['gather']>> {
  const rows = fn(wasm, `f32_${op}`);
  return alike(wasm, op, perItem<OpArgs['gather']>(wasm, op, [{
    items: ([, , , outer, , nY, inner]) => (inner === 0 ? 0 : outer * nY), cost: ([, , , , , , inner]) => (op === 'gather' ? 16 + 2 * inner : 16 * inner),
    body: ([x, index, y, , nX, nY, inner], first, end) => { rows(x, index, y, nX, nY, inner, first, end); },
  }]));
}

function strided(name: string, copy: WasmFunction, bytes: number): Kernel<OpArgs['stridedCopy']> {
  return elementKernel(name, (args) => elements(args, 4), (args, first, end) => {
    const [x, y] = [args[0] + bytes * args[2], args[1] + bytes * args[3]];
    eachSlab(args, 4, first, end, (_element, from, to, n1, n2, xAt, yAt, x0, x1, x2, y0, y1, y2) => {
      copy(x + bytes * xAt, y + bytes * yAt, from, to, n1, n2, x0, x1, x2, y0, y1, y2);
    });
  }, { cost: 2 });
}

export function move(wasm: Wasm): KernelTable {
  const [fill, copy] = [fn(wasm, 'f32_fill'), fn(wasm, 'f32_copy')];
  return {
    fill: perElement(wasm, 'fill', (args) => args[1], ([y, , value], first, end) => { fill(y + 4 * first, end - first, value); }),
    copy: perElement(wasm, 'copy', (args) => args[2], ([x, y], first, end) => { copy(x + 4 * first, y + 4 * first, end - first); }),
    stridedCopy: {
      ...alike(wasm, 'stridedCopy', f32(strided(nameOf(wasm, 'stridedCopy'), fn(wasm, 'f32_stridedCopy'), 4))),
      bool: strided(nameOf(wasm, 'stridedCopy', 'b8'), fn(wasm, 'b8_stridedCopy'), 1),
    },
    scatterAddElements: scatterAddElements(wasm), scatterAdd: scatterAdd(wasm), gather: gather(wasm, 'gather'), gatherElements: gather(wasm, 'gatherElements'),
  };
}
