/** What a case of a differentiable operation is, and short forms of the common ones. */
import type { Tensor } from '../../tensor/index.js';

/** Where a sample lies: numbers of either sign away from 0, positive ones, or numbers no two of which are near each other. */
export type Domain = 'signed' | 'positive' | 'distinct';

export interface GradientCase {
  readonly name: string;
  /** Shapes of the inputs that are differentiated. */
  readonly inputs: readonly (readonly number[])[];
  /** Default 'signed'. */
  readonly domain?: Domain;
  /** `whole` makes int32 positions on the same backend as the inputs. */
  run(inputs: readonly Tensor[], whole: (values: readonly number[], shape?: readonly number[]) => Tensor): Tensor | readonly Tensor[];
  /** The operation has a gradient kernel beside the composition: both are compared. */
  readonly fused?: boolean;
  /** False where the second gradient is not defined everywhere or is 0 by definition; default true. */
  readonly twice?: boolean;
}

export const over = (name: string, shape: readonly number[], run: (x: Tensor) => Tensor | readonly Tensor[], more: Partial<GradientCase> = {}): GradientCase =>
  ({ name, inputs: [shape], run: ([x]) => run(x), ...more });
export const pair = (name: string, a: readonly number[], b: readonly number[], run: (a: Tensor, b: Tensor) => Tensor, more: Partial<GradientCase> = {}): GradientCase =>
  ({ name, inputs: [a, b], run: ([x, y]) => run(x, y), ...more });
export const FUSED = { fused: true } as const;
export const image = [1, 2, 7, 6];
