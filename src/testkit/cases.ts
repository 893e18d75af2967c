/**
 * THE table of op cases: every op of the contract on awkward shapes, as data. One table serves conformance (outputs), benchmarks
 * (flops) and the support matrix. The rows are in cases/, by family.
 */
import { elementwiseCases } from './cases/elementwise.js';
import { layerCases } from './cases/layers.js';
import { moveCases } from './cases/move.js';
import type { OpCase } from './cases/opCase.js';
import { reduceCases } from './cases/reduce.js';
import { sparseCases } from './cases/sparse.js';
import { windowCases } from './cases/windows.js';

let all: readonly OpCase[] | undefined;

/** All cases, the same objects at every call. */
export const opCases = (): readonly OpCase[] => (all ??= [...moveCases(), ...elementwiseCases(), ...reduceCases(), ...windowCases(), ...layerCases(), ...sparseCases()]);

export type { Fill, OpCase, Slot, Tolerance } from './cases/opCase.js';
