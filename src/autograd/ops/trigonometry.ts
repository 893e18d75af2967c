/**
 * Inverse circular functions, all from the arctangent: its argument is brought below tan(π/16), where a short odd series holds full
 * float64 precision. Some forty passes over memory: no network's inner loop.
 */
import type { Tensor } from '../../tensor/index.js';
import { record, recordingAs } from '../tape.js';
import { asFloat, checkTogether, promote } from './common.js';
import { composed } from './functions.js';
import { where } from './unary.js';

/** Terms of the series after x: 0.199^(2·12) / 25 lies below the last bit. */
const TERMS = 12;

/** arctan for x ≥ 0: arctan x = π/2 − arctan 1/x above 1; then two halvings of the angle, tan α/2 = t / (1 + √(1 + t²)). */
function arctangent(x: Tensor): Tensor {
  const large = x.gt(1);
  let t = where(large, x.reciprocal(), x);
  for (let i = 0; i < 2; i++) t = t.div(t.square().add(1).sqrt().add(1));
  const s = t.square();
  let series = s.mul(0).add(1 / (2 * TERMS + 1));
  for (let k = TERMS - 1; k >= 0; k--) series = s.mul(series).neg().add(1 / (2 * k + 1));
  const angle = series.mul(t).mul(4);
  return where(large, angle.neg().add(Math.PI / 2), angle);
}

const odd = (x: Tensor): Tensor => arctangent(x.abs()).mul(where(x.lt(0), x.mul(0).sub(1), x.mul(0).add(1)));

/** @source torch.atan */
export const atan = composed('atan', (x) => where(x.abs().eq(Infinity), x.sign().mul(Math.PI / 2), odd(x)), 'input', (g, x) => g.div(x.square().add(1)));
const cofactor = (x: Tensor): Tensor => x.neg().add(1).mul(x.add(1)).sqrt();
/** @source torch.asin */
export const asin = composed('asin', (x) => where(x.abs().eq(1), x.mul(Math.PI / 2), odd(x.div(cofactor(x)))), 'input', (g, x) => g.div(cofactor(x)));
/** @source torch.acos */
export const acos = composed('acos', (x) => where(x.eq(-1), x.mul(-Math.PI), arctangent(x.neg().add(1).div(x.add(1)).sqrt()).mul(2)), 'input', (g, x) => g.div(cofactor(x)).neg());

/** The angle of the points (x, y), from −π to π. @source torch.atan2 */
export function atan2(y: Tensor, x: Tensor): Tensor {
  checkTogether('atan2', y, x);
  const dtype = promote(y.dtype, x.dtype);
  const [b, a] = [asFloat(y.to(dtype)), asFloat(x.to(dtype))];
  const value = recordingAs(false, () => {
    const both = a.abs().eq(Infinity).logicalAnd(b.abs().eq(Infinity));
    const ratio = where(both, 1, b.abs().div(a.abs()));
    const upper = where(b.eq(0).logicalAnd(a.eq(a)), 0, where(ratio.eq(Infinity), Math.PI / 2, arctangent(ratio)));
    const turned: Tensor = where(a.lt(0), upper.neg().add(Math.PI), upper);
    return turned.mul(signs(b));
  });
  const shapes = [b.shape, a.shape];
  return record('atan2', value, [b, a], [b, a], (g, [sb, sa]) => {
    const whole = g.div(sa.square().add(sb.square()));
    return [whole.mul(sa).sumTo(shapes[0]), whole.mul(sb).neg().sumTo(shapes[1])];
  });
}

/** −1 below 0, else 1, as a factor. */
const signs = (x: Tensor): Tensor => where(x.lt(0), -1, x.mul(0).add(1));
