/** Four weights, a made-up gradient for each step, and the way an optimizer takes them: what formulas in plain doubles are compared with. */
import { fromData } from '../../dist/src/tensor/index.js';
import type { Parameter } from '../../dist/src/nn/index.js';
import type { Optimizer } from '../../dist/src/optim/index.js';
import { list } from './numbers.js';

export const START = [1, -2, 0.5, 0];

/** The gradient of step t; the last weight has none. */
export const gradient = (t: number): number[] => START.map((_, i) => Math.sin(3 * t + i) * (i === 3 ? 0 : 2));

/** Gives the parameter the gradient of step t, as much of it as it has weights. */
export function setGrad(p: Parameter, t: number): void {
  p.grad = fromData(p.backend, gradient(t).slice(0, p.numel), [p.numel], { dtype: 'float64' });
}

/** The weights after each of so many steps. */
export function course(optimizer: Optimizer, p: Parameter, steps: number, from = 0): number[][] {
  return Array.from({ length: steps }, (_, t) => {
    setGrad(p, from + t);
    optimizer.step();
    return list(p);
  });
}
