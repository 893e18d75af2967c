/** What max and average pooling know of windows that lie side by side in a row. */
import { loadApart } from './lanes';

/** Four floats `step` elements apart. With step 2 the second load begins at the fourth element, so it ends with the last wanted one. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function four(p: usize, step: i32): v128 {
  if (step == 1) return v128.load(p);
  if (step == 2) return v128.shuffle<f32>(v128.load(p), v128.load(p, 12), 0, 2, 5, 7);
  return loadApart(p, step << 2);
}

/** The last window of which it and the three after it lie inside a row, at least -1. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function lastInside(size: i32, reach: i32, stride: i32, pad: i32): i32 {
  const room = size - 1 - reach + pad;
  return room < 0 ? -1 : room / stride;
}

/** Windows of 2×2 side by side, wholly inside, at least 4 to a row: AvgPool2d(2) and MaxPool2d(2). */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function isTwoByTwo(
  iH: i32, iW: i32, kD: i32, kH: i32, kW: i32, oH: i32, oW: i32, sD: i32, sH: i32, sW: i32, pD: i32, pH: i32, pW: i32, dH: i32, dW: i32,
): bool {
  return kD == 1 && kH == 2 && kW == 2 && sD == 1 && sH == 2 && sW == 2 && (pD | pH | pW) == 0 && dH == 1 && dW == 1
    && 2 * oH <= iH && 2 * oW <= iW && oW >= 4;
}
