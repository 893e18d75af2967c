/** Numbers of tensors, and how near they are to those wanted. */
import { expect } from 'vitest';
import type { Tensor } from '../../dist/src/tensor/index.js';

/** The elements; a gradient may be typed as missing, but must be there. */
export const list = (x: Tensor | null | undefined): number[] => Array.from(x!.dataSync());

/** Expects the numbers wanted, to so many digits after the point; NaN and infinities exactly. */
export const closeTo = (usual: number) => (found: readonly number[], wanted: readonly number[], digits = usual): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => (Number.isFinite(wanted[i]) ? expect(value, `element ${i}`).toBeCloseTo(wanted[i], digits) : expect(value, `element ${i}`).toBe(wanted[i])));
};
