/**
 * Table entries of assembly/maxPool.ts, maxPoolGrad.ts and avgPool.ts. Items are rows (plane, d, h) of what is written, so one large plane still makes
 * many pieces; of max pooling's gradient, planes.
 */
import type { Kernel, KernelTable, OpArgs, PoolGeometry } from '../../src/backend/index.js';
import { roundUp } from './cut.js';
import { fn, perItem } from './loops.js';
import type { Wasm } from './wasm.js';

const rowsOfOutput = (geometry: PoolGeometry): number => (geometry[9] === 0 ? 0 : geometry[0] * geometry[7] * geometry[8]);
const rowsOfInput = (geometry: PoolGeometry): number => (geometry[3] === 0 ? 0 : geometry[0] * geometry[1] * geometry[2]);
/** Four units for each element that a row reads. */
const rowCost = ([, , , , kD, kH, kW, , , oW]: PoolGeometry): number => 4 * oW * kD * kH * kW;
const gradCost = ([, , , iW, kD, kH, kW, , , , sD, sH, sW]: PoolGeometry): number => 8 * iW * Math.ceil(kD / sD) * Math.ceil(kH / sH) * Math.ceil(kW / sW);

/** Whether windows are 2×2 side by side, at least 4 of them to a row, and every depth has its own. */
const inPairs = ([, iD, iH, iW, kD, kH, kW, oD, oH, oW, sD, sH, sW, pD, pH, pW, , dH, dW]: PoolGeometry): boolean =>
  kD === 1 && kH === 2 && kW === 2 && sD === 1 && sH === 2 && sW === 2 && pD + pH + pW === 0 && dH === 1 && dW === 1
  && oD === iD && 2 * oH <= iH && 2 * oW <= iW && oW >= 4;
/** Whether windows are 3×3 with stride 2, and every depth has its own. */
const inThrees = ([, iD, , , kD, kH, kW, oD, , , sD, sH, sW, pD, pH, pW, , dH, dW]: PoolGeometry): boolean =>
  kD === 1 && kH === 3 && kW === 3 && sD === 1 && sH === 2 && sW === 2 && pD === 0 && pH <= 1 && pW <= 1 && dH === 1 && dW === 1 && oD === iD;
/** Their rows, with one of nothing before and behind, and windows from one row to the next, with MARGIN of maxPoolGrad.ts on both sides. */
const threes = ([, , iH, iW, , , , , oH, oW]: PoolGeometry): [rows: number, pitch: number] =>
  [Math.max(oH, Math.ceil(iH / 2)) + 2, roundUp(Math.max(oW, roundUp(iW, 8) / 2) + 8, 4)];
/** Whether no more than four windows lie over an element of a plane, so that floats will do for their sum. */
const fewOver = ([, , , , kD, kH, kW, , , , sD, sH, sW, , , , dD, dH, dW]: PoolGeometry): boolean =>
  dD * dH * dW === 1 && Math.ceil(kD / sD) * Math.ceil(kH / sH) * Math.ceil(kW / sW) <= 4;
const sizes = ([, iD, iH, iW, , , , oD, oH, oW]: PoolGeometry): [windows: number, places: number] => [oD * oH * oW, iD * iH * iW];
/** Four units for each window and one for each element. */
const scatterCost = (geometry: PoolGeometry): number => {
  const [windows, places] = sizes(geometry);
  return 4 * windows + places;
};

/** Zeros on either side of a row of windows, so that no column asks whether a window over it exists. */
const margin = ([, , , , , , , iW, , , kW, , , , , , sW, , , pW]: OpArgs['avgPoolGrad']): number => Math.ceil((iW + kW + pW) / sW) + 4;

/** Columns that a row of windows, in fours, reads or passes over, with those outside the input, and some for a last vector. */
const reach = ([, , , iW, , , kW, , , oW, , , sW, , , pW, , , dW]: PoolGeometry): number =>
  roundUp(Math.max((roundUp(oW, 4) - 1) * sW + (kW - 1) * dW + 1, pW + iW), 4);

export function pool(wasm: Wasm): KernelTable {
  const [maxPool, avgPool, avgPoolGrad] = [fn(wasm, 'f32_maxPool'), fn(wasm, 'f32_avgPool'), fn(wasm, 'f32_avgPoolGrad')];
  const [gradPairs, gradThrees] = [fn(wasm, 'f32_maxPoolGradPairs'), fn(wasm, 'f32_maxPoolGradThrees')];
  const [grad, slices] = [fn(wasm, 'f32_maxPoolGrad'), fn(wasm, 'f32_scatterSlices')];
  const maximum = (op: 'maxPool' | 'maxPoolRelu', relu: number): { float32: Kernel<OpArgs['maxPool']> } => perItem(wasm, op, [{
    items: ([, , , ...geometry]) => rowsOfOutput(geometry), cost: ([, , , ...geometry]) => rowCost(geometry),
    body: ([x, y, indices, ...geometry], first, end, { own }) => { maxPool(x, y, indices, ...geometry, first, end, own, reach(geometry), relu); },
  }], ([, , , ...geometry]) => ({ own: 8 * reach(geometry) }));
  return {
    maxPool: maximum('maxPool', 0), maxPoolRelu: maximum('maxPoolRelu', 1),
    maxPoolGrad: perItem(wasm, 'maxPoolGrad', [{
      items: ([, , , ...geometry]) => (geometry[3] === 0 ? 0 : geometry[0]), cost: ([, , , ...geometry]) => scatterCost(geometry),
      body: ([g, indices, gx, ...geometry], first, end, { own }) => {
        const [, iD, iH, iW, , , , , oH, oW] = geometry;
        const [windows, places] = sizes(geometry);
        if (inPairs(geometry)) gradPairs(g, indices, gx, iD, iH, iW, oH, oW, first, end);
        else if (inThrees(geometry)) gradThrees(g, indices, gx, iD, iH, iW, oH, oW, geometry[14], geometry[15], first, end, own, ...threes(geometry));
        else if (fewOver(geometry)) grad(g, indices, gx, windows, places, first, end, own);
        else slices(g + 4 * first * windows, indices + 4 * first * windows, gx + 4 * first * places, end - first, windows, places, own);
      },
    }], ([, , , ...geometry]) => ({ own: inPairs(geometry) ? 0 : inThrees(geometry) ? 8 * threes(geometry)[0] * threes(geometry)[1] : 8 * sizes(geometry)[1] })),
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
