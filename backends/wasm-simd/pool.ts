/** Table entries of assembly/maxPool.ts and avgPool.ts: rows (plane, d, h) of what is written are the items, so one large plane still makes many pieces. */
import type { KernelTable, OpArgs, PoolGeometry } from '../../src/backend/index.js';
import { roundUp } from './cut.js';
import { fn, perItem } from './loops.js';
import type { Wasm } from './wasm.js';

const rowsOfOutput = (geometry: PoolGeometry): number => (geometry[9] === 0 ? 0 : geometry[0] * geometry[7] * geometry[8]);
const rowsOfInput = (geometry: PoolGeometry): number => (geometry[3] === 0 ? 0 : geometry[0] * geometry[1] * geometry[2]);
/** Four units for each element that a row reads. */
const rowCost = ([, , , , kD, kH, kW, , , oW]: PoolGeometry): number => 4 * oW * kD * kH * kW;
const gradCost = ([, , , iW, kD, kH, kW, , , , sD, sH, sW]: PoolGeometry): number => 8 * iW * Math.ceil(kD / sD) * Math.ceil(kH / sH) * Math.ceil(kW / sW);

/** Zeros on either side of a row of windows, so that no column asks whether a window over it exists. */
const margin = ([, , , , , , , iW, , , kW, , , , , , sW, , , pW]: OpArgs['avgPoolGrad']): number => Math.ceil((iW + kW + pW) / sW) + 4;

/** Columns that a row of windows, of at least four, reads or passes over, with those outside the input, and some for a last vector. */
const reach = ([, , , iW, , , kW, , , oW, , , sW, , , pW, , , dW]: PoolGeometry): number =>
  roundUp(Math.max((Math.max(4, oW) - 1) * sW + (kW - 1) * dW + 1, pW + iW), 4);

export function pool(wasm: Wasm): KernelTable {
  const [maxPool, avgPool, avgPoolGrad] = [fn(wasm, 'f32_maxPool'), fn(wasm, 'f32_avgPool'), fn(wasm, 'f32_avgPoolGrad')];
  return {
    maxPool: perItem(wasm, 'maxPool', [{
      items: ([, , , ...geometry]) => rowsOfOutput(geometry), cost: ([, , , ...geometry]) => rowCost(geometry),
      body: ([x, y, indices, ...geometry], first, end, { own }) => { maxPool(x, y, indices, ...geometry, first, end, own, reach(geometry)); },
    }], ([, , , ...geometry]) => ({ own: 8 * reach(geometry) })),
    avgPool: perItem(wasm, 'avgPool', [{
      items: ([, , , , ...geometry]) => rowsOfOutput(geometry), cost: ([, , , , ...geometry]) => rowCost(geometry),
      body: (args, first, end) => { avgPool(...args, first, end); },
    }]),
    avgPoolGrad: perItem(wasm, 'avgPoolGrad', [{
      items: ([, , , , ...geometry]) => rowsOfInput(geometry), cost: ([, , , , ...geometry]) => gradCost(geometry),
      body: (args, first, end, { own }) => { avgPoolGrad(...args, first, end, own, margin(args)); },
    }], (args) => ({ own: 8 * (args[13] + 2 * margin(args)) })),
  };
}
