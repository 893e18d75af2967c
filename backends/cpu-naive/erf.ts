/**
 * The error function in double precision. Not from a table of fitted coefficients: near zero its series of positive terms,
 * further out Laplace's continued fraction of the complement (Abramowitz & Stegun 1964, 7.1.6 and 7.1.14).
 */

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
/** From here on the continued fraction gives the complement, at most 0.0047, to 14 digits with DEPTH levels. */
const FAR = 2;
const DEPTH = 40;
/** Where erfc falls below half a unit in the last place of 1. */
const ONE = 6;

/** erf(x), error below 1e-15; NaN stays NaN and the sign of zero is kept. */
export function erf(x: number): number {
  const z = Math.abs(x);
  if (z > ONE) return Math.sign(x);
  const square = z * z;
  if (z < FAR) {
    // e^(−z²) · Σ 2ⁿ z²ⁿ⁺¹ / (1·3·…·(2n+1)): no cancellation, unlike the alternating series.
    let term = x;
    let sum = x;
    for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
      term *= (2 * square) / odd;
      sum += term;
    }
    return TWO_OVER_SQRT_PI * Math.exp(-square) * sum;
  }
  // √π · e^(z²) · erfc(z) = 1/(z + ½/(z + 1/(z + 1½/(z + …)))), evaluated from the inside out.
  let fraction = z;
  for (let level = DEPTH; level > 0; level--) fraction = z + level / 2 / fraction;
  return Math.sign(x) * (1 - (TWO_OVER_SQRT_PI / 2) * Math.exp(-square) / fraction);
}
